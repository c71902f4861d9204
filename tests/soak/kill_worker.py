"""Clients of one workspace under mixed load, killed in the middle of it, over and over.

`kill_worker.py WORKSPACE KILLS SEED [SABOTAGE]` prints, as JSON, what the clients said before they died:
each command they began, and the answer to each they finished. Clients are forked from this process, which has
imported everything but opened nothing, and write one line before and one after every command to a pipe. A
sabotage is one of: `early`, which answers before the command is durable; `torn`, which writes a ticket and its
event in two transactions.
"""

import dataclasses
import json
import os
import random
import select
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from casewright import commands
from casewright.commands import (
    AddComment,
    CastVote,
    Command,
    FireTransition,
    LinkTickets,
    MergeTickets,
    OpenTicket,
)
from casewright.config import Config
from casewright.desk import Desk, open_desk
from casewright.errors import CasewrightError
from casewright.model import Receipt, Ticket
from casewright.queries import ListTickets
from casewright.store.database import Cursor, open_sqlite

PEOPLE = ("ana", "ben", "eva")
CLIENTS = 3
LONGEST_LIFE = 0.12
"""Seconds from a client's first command to the latest moment of its end."""


def settings(root: Path) -> Config:
    return Config(root=root, database=root / "casewright.db", attachments=root / "files")


# --- a client ---------------------------------------------------------------------------------


class Torn:
    """A driver's connection that commits a ticket before it writes the ticket's event."""

    def __init__(self, path: Path) -> None:
        self._connection = open_sqlite(path)
        self.close = self._connection.close

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Cursor:
        if statement.startswith("INSERT INTO event "):
            self._connection.execute("COMMIT")
            self._connection.execute("BEGIN IMMEDIATE")
        return self._connection.execute(statement, parameters)

    @property
    def in_transaction(self) -> bool:
        return bool(self._connection.in_transaction)


def client(root: Path, pipe: int, seed: int, sabotage: str) -> None:
    """Work until killed."""
    chance = random.Random(seed)
    with open_desk(settings(root), driver=Torn if sabotage == "torn" else open_sqlite) as desk:
        while True:
            command = next_command(desk, chance)
            say(pipe, {"began": written(command)})
            if sabotage == "early":
                say(pipe, {"done": command.command_id, "answer": None})
            try:
                receipt = desk.execute(command)
            except CasewrightError as refusal:
                say(pipe, {"refused": command.command_id, "code": refusal.code})
            else:
                if sabotage != "early":
                    say(pipe, {"done": command.command_id, "answer": answer(receipt)})


def next_command(desk: Desk, chance: random.Random) -> Command:
    """Return a command that will often, not always, be possible."""
    actor = chance.choice(PEOPLE)
    tickets = desk.ask(ListTickets(actor=actor, open=True, limit=40)).tickets
    if len(tickets) < 5 or chance.random() < 0.15:
        return OpenTicket(
            actor=actor, workflow="matter", fields={"subject": f"matter {chance.random()}"}
        )
    ticket = chance.choice(tickets)
    other = chance.choice(tickets)
    part = chance.random()
    if part < 0.15:
        return AddComment(actor=actor, ticket=ticket.key, text=f"comment {chance.random()}")
    if part < 0.25:
        return LinkTickets(actor=actor, ticket=ticket.key, other=other.key)
    if part < 0.35:
        return MergeTickets(actor=actor, ticket=ticket.key, into=other.key)
    if ticket.state == "approving":
        return CastVote(
            actor=actor, ticket=ticket.key, grant=chance.random() < 0.8, reason="seen"
        )
    return fired(ticket, actor, chance)


def fired(ticket: Ticket, actor: str, chance: random.Random) -> FireTransition:
    """Return a transition that the ticket's state has."""
    ways = {"registered": ("split",), "parted": ("more", "submit"), "open": ("finish",)}
    transition = chance.choice(ways[ticket.state])
    return FireTransition(actor=actor, ticket=ticket.key, transition=transition)


def say(pipe: int, what: dict[str, Any]) -> None:
    """Write a line of less than a pipe takes at once, so that the lines of several clients do not mix."""
    os.write(pipe, json.dumps(what).encode() + b"\n")


def written(command: Command) -> dict[str, Any]:
    return {"kind": type(command).__name__, **dataclasses.asdict(command)}


def read(data: dict[str, Any]) -> Command:
    """Return the command that `written` wrote."""
    kind: type[Command] = getattr(commands, data["kind"])
    return kind(**{name: value for name, value in data.items() if name != "kind"})


def answer(receipt: Receipt) -> list[Any]:
    """Return what a repetition of the command must answer as well."""
    return [receipt.ticket, receipt.version, receipt.sequence, list(receipt.opened)]


# --- the one who kills ------------------------------------------------------------------------


def run(root: Path, kills: int, seed: int, sabotage: str) -> list[dict[str, Any]]:
    """Keep the clients busy, kill them one by one, and return all they said."""
    chance = random.Random(seed)
    heard, pipe = os.pipe()
    alive = [
        spawn(root, pipe, seed * 1_000_000 + number, sabotage) for number in range(CLIENTS)
    ]
    said: list[dict[str, Any]] = []
    rest = b""
    for kill in range(kills):
        rest = listen(heard, rest, said, chance.random() * LONGEST_LIFE)
        victim = chance.randrange(CLIENTS)
        end(alive[victim])
        alive[victim] = spawn(root, pipe, seed * 1_000_000 + CLIENTS + kill, sabotage)
    rest = listen(heard, rest, said, LONGEST_LIFE)
    for process in alive:
        end(process)
    rest = listen(heard, rest, said, 0)
    assert not rest, "a line was torn"
    return said


def spawn(root: Path, pipe: int, seed: int, sabotage: str) -> int:
    process = os.fork()
    if process:
        return process
    try:
        client(root, pipe, seed, sabotage)
    except BaseException as error:
        say(pipe, {"crashed": repr(error)})
        raise
    finally:
        os._exit(1)


def end(process: int) -> None:
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def listen(heard: int, rest: bytes, said: list[dict[str, Any]], seconds: float) -> bytes:
    """Wait for somebody to say something, then go on listening for `seconds`; return the line that is not whole."""
    until: float | None = None
    while True:
        left = None if until is None else max(0.0, until - time.monotonic())
        if seconds == 0:
            left = 0.0
        if not select.select([heard], [], [], left)[0]:
            return rest
        *lines, rest = (rest + os.read(heard, 65_536)).split(b"\n")
        said += [json.loads(line) for line in lines]
        if until is None:
            until = time.monotonic() + seconds


if __name__ == "__main__":
    root, kills, seed, *sabotage = sys.argv[1:]
    found = run(Path(root), int(kills), int(seed), sabotage[0] if sabotage else "")
    json.dump(found, sys.stdout)
