"""A server that is killed again and again while remote callers work, and what is true of its workspace afterwards."""

import random
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from casewright.commands import AddComment, Command, OpenTicket, new_id
from casewright.config import read_config
from casewright.desk import open_desk
from casewright.errors import ServerUnreachable
from casewright.model import SYSTEM, Receipt
from casewright.ownership import owner_of
from casewright.queries import GetHistory, VerifyAudit
from casewright.remote.desk import RemoteDesk
from casewright.remote.transport import Reaching

from .served import ADMIN, PATIENCE, Served, eventually, kill, started

QUESTION = {"subject": "No signal", "question": "Why?"}


@dataclass(kw_only=True)
class Load:
    """What callers say, and what they were told of it; `new_ids` is how nobody must say something again."""

    root: Path
    callers: int = 4
    new_ids: bool = False
    acknowledged: list[str] = field(default_factory=list)
    repeated: int = 0
    unreachable: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> list[threading.Thread]:
        """Begin."""
        threads = [
            threading.Thread(target=self._work, args=(number,))
            for number in range(self.callers)
        ]
        for thread in threads:
            thread.start()
        return threads

    def goes_on(self, done: int) -> None:
        """Wait until more is acknowledged than was `done`."""
        try:
            eventually(lambda: len(self.acknowledged) >= done + self.callers)
        except AssertionError as error:
            told = (self.root / "served.log").read_text(encoding="utf-8").splitlines()
            raise AssertionError(
                "\n".join(["nobody was answered any more", *told[-10:]])
            ) from error

    def _work(self, number: int) -> None:
        with _desk(self.root, patient=not self.new_ids) as desk:
            opening = OpenTicket(actor=ADMIN, workflow="inquiry", fields=QUESTION)
            ticket = self._say(desk, opening).ticket
            said = 0
            while not self.stop.is_set():
                text, said = f"{number}/{said}", said + 1
                self._say(desk, AddComment(actor=ADMIN, ticket=ticket, text=text))
                self.acknowledged.append(f"{ticket} {text}")

    def _say(self, desk: RemoteDesk, command: Command) -> Receipt:
        while True:
            try:
                receipt = desk.execute(command)
            except ServerUnreachable:
                self.unreachable += 1
                if self.new_ids:
                    command = replace(command, command_id=new_id())
                continue
            self.repeated += receipt.repeated
            return receipt


@dataclass(frozen=True, kw_only=True)
class Found:
    """What is true of the workspace: what was acknowledged and is not there, and what is there more than once."""

    commands: int
    repeated: int
    lost: list[str]
    twice: list[str]
    sound: bool


def kill_again_and_again(
    root: Path,
    times: int,
    *,
    victims: Sequence[str] = ("http", "writer", ""),
    new_ids: bool = False,
    environment: Mapping[str, str] | None = None,
    seed: int = 1,
) -> Found:
    """Kill the part that answers, that which writes, or all at once, so many times under load; return what came of it.

    `victims` says in which order: parts by name, "" for all.
    """
    config, chance = read_config(root), random.Random(seed)
    server = started(root, "--no-worker", environment=environment)
    load = Load(root=root, new_ids=new_ids)
    eventually(lambda: owner_of(config.database) is not None)
    threads = load.run()
    try:
        for number in range(times):
            done = len(load.acknowledged)
            load.goes_on(done)
            time.sleep(chance.random() * 0.2)
            if part := victims[number % len(victims)]:
                kill(Served(config=config, process=server, address="").part(part))
                continue
            kill(server.pid)
            server.wait()
            eventually(lambda: owner_of(config.database) is None)
            server = started(root, "--no-worker", environment=environment)
        load.goes_on(len(load.acknowledged))
    finally:
        load.stop.set()
        for thread in threads:
            thread.join(PATIENCE)
        server.terminate()
        server.wait(PATIENCE)
    return _found(root, load)


def _found(root: Path, load: Load) -> Found:
    with open_desk(read_config(root)) as desk:
        sound = desk.ask_as_system(VerifyAudit(actor=SYSTEM)).ok
        written = Counter[str]()
        for ticket in {one.partition(" ")[0] for one in load.acknowledged}:
            for event in desk.ask_as_system(GetHistory(actor=SYSTEM, ticket=ticket)):
                if event.kind == "CommentAdded":
                    written[f"{ticket} {event.private['comment']}"] += 1
    return Found(
        commands=len(load.acknowledged),
        repeated=load.repeated,
        lost=[one for one in load.acknowledged if one not in written],
        twice=[one for one, many in written.items() if many > 1],
        sound=sound,
    )


def _desk(root: Path, *, patient: bool) -> RemoteDesk:
    config = read_config(root)
    address = f"unix:{config.database.with_name('casewright.sock')}"
    desk = RemoteDesk(Reaching(find=lambda: address, longest=PATIENCE if patient else -1.0))
    desk.transport.headers["Casewright-Actor"] = ADMIN
    return desk
