"""Clients and workers of one workspace on a fast clock, killed in the middle of their work, over and over.

`python -m soak.time_killer WORKSPACE KILLS SEED [SABOTAGE]` prints, as JSON, what they said before they died: each
command that a client began and finished, each time that a worker took the lease or gave it back, and what went wrong.
They are forked from this process, which has imported everything but opened nothing. `sabotage.py` has the sabotages:
a worker whose sabotage dwells says where it does, and every second kill is for one that just said so.
"""

import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

from casewright.clock import to_microseconds
from casewright.commands import AddComment, Command, FireTransition, OpenTicket
from casewright.delivery.channels import open_channel
from casewright.desk import Desk, open_desk
from casewright.desk.working.back_door import LEASE, Working
from casewright.errors import CasewrightError, WorkerBusy
from casewright.model import Ticket
from casewright.queries import ListTickets
from casewright.store import lease
from casewright.store.database import Database
from casewright.worker.journal import Line
from casewright.worker.loop import Worker

from .kill_worker import end, listen, say
from .sabotage import DWELLING, SABOTAGES
from .shared_clock import SharedClock
from .time_site import HANDLERS, settings

CLIENTS, WORKERS = 2, 2
LONGEST_LIFE = 0.1
"""Seconds from the first thing that anybody says to the latest moment of the next kill."""
MOST_RENEWALS = 8
"""A worker is killed after it has renewed its lease so often at the most, every twentieth of a second or so."""
MOST_PATIENCE = 10.0
"""Seconds to wait for it: on a busy machine a worker may lose its lease before it has renewed it."""
AT_ONCE = 0.001
DWELLS = 0.3
"""Seconds that a worker dwells where a kill does harm: a minute of the clock, half of what an answer may take."""
PAUSE = 0.02
"""Seconds between two commands of a client: a worker can keep up with two of them."""

# --- a client ---------------------------------------------------------------------------------


def client(root: Path, pipe: int, seed: int) -> None:
    """Open matters and work those that are not to be left alone, until killed."""
    chance = random.Random(seed)
    with open_desk(settings(root), clock=SharedClock(root / "clock")) as desk:
        while True:
            command = next_command(desk, chance)
            say(pipe, {"began": command.command_id})
            try:
                receipt = desk.execute(command)
            except CasewrightError as refusal:
                say(pipe, {"refused": command.command_id, "code": refusal.code})
            else:
                say(pipe, {"done": command.command_id, "ticket": receipt.ticket})
            time.sleep(chance.random() * 2 * PAUSE)


def next_command(desk: Desk, chance: random.Random) -> Command:
    """Return a command that will often, not always, be possible; two in three matters are left alone."""
    actor = chance.choice(HANDLERS)
    tickets = desk.ask(ListTickets(actor=actor, open=True, limit=60)).tickets
    shared = [one for one in tickets if one.fields["subject"] == "shared"]
    if len(shared) < 5 or chance.random() < 0.4:
        subject = "alone" if chance.random() < 0.67 else "shared"
        return OpenTicket(actor=actor, workflow="matter", fields={"subject": subject})
    ticket = chance.choice(shared)
    if chance.random() < 0.2:
        return AddComment(actor=actor, ticket=ticket.key, text=f"comment {chance.random()}")
    return FireTransition(
        actor=actor, ticket=ticket.key, transition=chance.choice(_ways(ticket))
    )


def _ways(ticket: Ticket) -> tuple[str, ...]:
    ways = {"open": ("touch", "wait", "wait", "finish"), "waiting": ("resume",)}
    return ways.get(ticket.state, ("finish",))


# --- a worker ---------------------------------------------------------------------------------


class Told(Working):
    """Says when the lease is taken and given back."""

    __slots__ = ("say",)
    say: Callable[[dict[str, Any]], None]

    def hold(self, holder: str) -> None:
        with self.database.write():
            Working.hold(self, holder)
            row = self.database.execute("SELECT until FROM lease").fetchone()
        self.say({"held": holder, "until": row[0]})

    def let_go(self, holder: str) -> None:
        with self.database.write():
            now = to_microseconds(self.now())
            row = self.database.execute("SELECT holder FROM lease").fetchone()
            Working.let_go(self, holder)
        if row == (holder,):
            self.say({"let_go": holder, "at": now})


def told(working: Working, pipe: int) -> Told:
    """Return what a worker may ask of the desk, with a word about the lease."""
    made = Told(**{one.name: getattr(working, one.name) for one in fields(working)})
    object.__setattr__(made, "say", lambda what: say(pipe, what))
    return made


def work(root: Path, pipe: int) -> None:
    """Work whenever nobody else does, until killed."""
    config = settings(root)
    channels = {name: open_channel(one) for name, one in config.channels.items()}

    def tell(line: Line) -> None:
        if line.event == "timer_failed":
            say(pipe, {"crashed": str(line.sentence)[:400]})

    with open_desk(config, clock=SharedClock(root / "clock")) as desk:
        while True:
            worker = Worker(
                told(desk.working(), pipe),
                channels,
                holder=f"worker {os.getpid()}",
                tell=tell,
                stop=Event(),
            )
            try:
                worker.run()
            except WorkerBusy:
                time.sleep(0.01)


def spoil(root: Path, pipe: int, sabotage: str) -> None:
    """Let this process work with a sabotage."""
    if sabotage not in DWELLING:
        SABOTAGES[sabotage]()
        return
    clock, name = SharedClock(root / "clock"), f"worker {os.getpid()}"

    def dwell(database: Database | None = None) -> None:
        say(pipe, {"dwells": name})
        time.sleep(DWELLS)
        if database is not None:
            # A worker that nobody killed goes on with its lease; two at work would be another sabotage.
            lease.take(
                database,
                lease.WORKER,
                holder=name,
                now=to_microseconds(clock.now()),
                length=LEASE // timedelta(microseconds=1),
            )

    DWELLING[sabotage](dwell)


# --- the one who kills ------------------------------------------------------------------------


class Killer:
    """Keeps the slots filled: clients first, then workers."""

    def __init__(self, root: Path, pipe: int, seed: int, sabotage: str) -> None:
        self._root, self._pipe, self._seed, self._sabotage = root, pipe, seed, sabotage
        self._spawned = 0
        self.alive = [self._spawn(slot) for slot in range(CLIENTS + WORKERS)]

    def kill(self, slot: int) -> None:
        end(self.alive[slot])
        self.alive[slot] = self._spawn(slot)

    def end(self) -> None:
        for process in self.alive:
            end(process)

    def _spawn(self, slot: int) -> int:
        self._spawned += 1
        process = os.fork()
        if process:
            return process
        try:
            if slot < CLIENTS:
                client(self._root, self._pipe, self._seed * 1_000_000 + self._spawned)
            spoil(self._root, self._pipe, self._sabotage)
            work(self._root, self._pipe)
        except BaseException as error:
            say(self._pipe, {"crashed": repr(error)[:400]})
            raise
        finally:
            os._exit(1)


def run(root: Path, kills: int, seed: int, sabotage: str) -> list[dict[str, Any]]:
    """Keep everybody busy, kill one after another, and return all they said."""
    chance = random.Random(seed)
    heard, pipe = os.pipe()
    killer = Killer(root, pipe, seed, sabotage)
    said: list[dict[str, Any]] = []
    rest = b""
    for kill in range(kills):
        renewals = chance.choice((0, 1)) * chance.randint(1, MOST_RENEWALS)
        rest = listen(heard, rest, said, chance.random() * LONGEST_LIFE)
        patience = time.monotonic() + MOST_PATIENCE
        slot = None
        if sabotage in DWELLING and kill % 2:
            while slot is None and time.monotonic() < patience:
                heard_before = len(said)
                rest = listen(heard, rest, said, AT_ONCE)
                slot = _dweller(killer, said[heard_before:])
        while slot is None and (slot := _victim(killer, said, chance, renewals)) is None:
            rest = listen(heard, rest, said, chance.random() * PAUSE)
            if time.monotonic() > patience:
                renewals = 0
        killer.kill(slot)
    rest = listen(heard, rest, said, LONGEST_LIFE)
    killer.end()
    rest = listen(heard, rest, said, 0)
    assert not rest, "a line was torn"
    return said


def _dweller(killer: Killer, just_said: Sequence[dict[str, Any]]) -> int | None:
    """Return the slot of a worker that has just said that it dwells where a kill does harm."""
    names = [f"worker {process}" for process in killer.alive]
    dwelling = [one["dwells"] for one in just_said if "dwells" in one]
    return next((names.index(name) for name in dwelling if name in names), None)


def _victim(
    killer: Killer, said: list[dict[str, Any]], chance: random.Random, renewals: int
) -> int | None:
    """Return a slot: anybody's, or that of the worker that has the lease once it has worked for a while."""
    if not renewals:
        return chance.randrange(CLIENTS + WORKERS)
    names = [f"worker {process}" for process in killer.alive]
    held = Counter(one["held"] for one in said[-1000:] if "held" in one)
    return next((slot for slot, name in enumerate(names) if held[name] > renewals), None)


if __name__ == "__main__":
    root, kills, seed, *sabotage = sys.argv[1:]
    found = run(Path(root), int(kills), int(seed), sabotage[0] if sabotage else "")
    json.dump(found, sys.stdout)
