"""File operations that fail, one after the other: `python -m tests.durability.faults FOLDER MODE EVERY SEED [careless]`.

`once`: the N-th operation fails, `stays`: it and all that follow until the fault is mended, `full`: from the N-th on there
is no room to write. Every N that is divisible by EVERY is tried. A process of its own, as for power cuts. `careless` is
the sabotage: a driver that takes a commit that failed for one that was done.
"""

import json
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import apsw

from casewright.commands import Command
from casewright.config import Config
from casewright.desk import Desk
from casewright.errors import CasewrightError
from casewright.model import SYSTEM, Receipt
from casewright.queries import GetTicket, VerifyAudit

from .recording import Connection, Cursor, Disk
from .work import DATABASE, commands, desk_on, found

COMMANDS = 12
EXPECTED = ("database.unusable", "database.busy", "database.damaged", "access.unrecorded")


@dataclass
class Trouble:
    """When operations fail, and as what; `count` is how many there were."""

    mode: str
    first: int
    count: int = 0
    over: bool = False
    struck: bool = False

    def __call__(self, kind: str, file: str) -> None:
        """Let one operation happen, or raise what it ends with."""
        self.count += 1
        if self.over or self.count < self.first:
            return
        if self.mode == "full":
            if kind == "write":
                self.struck = True
                raise apsw.FullError("no room")
            return
        if self.mode == "once" and self.count > self.first:
            return
        self.struck = True
        raise {"open": apsw.CantOpenError, "lock": apsw.BusyError}.get(kind, apsw.IOError)(
            "a fault"
        )


@dataclass
class Day:
    """What one run came to."""

    acknowledged: dict[str, tuple[Command, Receipt]] = field(default_factory=dict)
    failed: list[Command] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    persisted: int = 0


class Careless(Connection):
    """The sabotage: it does not mind when a commit fails."""

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Cursor:
        """Run one statement, and say of a commit that it was done."""
        try:
            return super().execute(sql, parameters)
        except sqlite3.OperationalError:
            if sql != "COMMIT":
                raise
            return Cursor([], 0, 0)


def main(
    folder: Path, mode: str, every: int, seed: int, *, careless: bool
) -> dict[str, object]:
    """Try one N after the other until no operation is left to fail; return what was found."""
    folder.mkdir(parents=True)
    pristine, live = folder / "pristine", folder / "live"
    pristine.mkdir()
    found(pristine)
    findings: Counter[str] = Counter()
    examples: dict[str, str] = {}
    refused: Counter[str] = Counter()
    runs = persisted = 0
    first = every
    while True:
        shutil.rmtree(live, ignore_errors=True)
        shutil.copytree(pristine, live)
        config = Config(root=live, database=live / DATABASE, attachments=live / "attachments")
        trouble, day = Trouble(mode, first), Day()
        for fault in _run(config, trouble, day, seed, careless):
            findings[fault.partition(":")[0]] += 1
            examples.setdefault(fault.partition(":")[0], f"operation {first} ({mode}): {fault}")
        if not trouble.struck:
            break
        runs, persisted, first = runs + 1, persisted + day.persisted, first + every
        refused += day.refused
    return {
        "runs": runs,
        "refused": dict(refused),
        "persisted": persisted,
        "findings": dict(findings),
        "examples": examples,
    }


def _run(
    config: Config, trouble: Trouble, day: Day, seed: int, careless: bool
) -> Iterator[str]:
    disk = Disk(fault=trouble, recording=False)
    driver = disk.driver(Careless if careless else Connection)
    try:
        desk = desk_on(config, driver=driver)
    except CasewrightError as error:
        day.refused[error.code] += 1
        if error.code not in EXPECTED:
            yield f"unclear: at the opening: {error}"
    except Exception as bug:  # noqa: BLE001 (whatever it is, it is a finding)
        yield f"bug: at the opening: {type(bug).__name__}: {bug}"
    else:
        with desk:
            yield from _work(desk, config, trouble, day, seed)
        return
    trouble.over = True
    try:
        desk = desk_on(config, driver=driver)
    except Exception as bug:  # noqa: BLE001 (whatever it is, it is a finding)
        yield f"unusable: it cannot be opened afterwards: {type(bug).__name__}: {bug}"
        return
    with desk:
        yield from _work(desk, config, trouble, day, seed)


def _work(desk: Desk, config: Config, trouble: Trouble, day: Day, seed: int) -> Iterator[str]:
    chance = Random(seed)
    for command in _some(desk, chance, day):
        yield from _give(desk, command, day)
    trouble.over = True
    # Whoever was not answered asks again under the same id, at the same desk: it happens once.
    for command in day.failed:
        try:
            receipt = desk.execute(command)
            day.persisted += receipt.repeated
            day.acknowledged[command.command_id] = (command, receipt)
        except CasewrightError as error:
            if error.code in EXPECTED:
                yield f"unusable: {type(command).__name__} again: {error}"
        except Exception as bug:  # noqa: BLE001 (whatever it is, it is a finding)
            yield f"bug: again: {type(bug).__name__}: {bug}"
    for command, receipt in day.acknowledged.values():
        yield from _again(desk, command, receipt)
    verified = desk.ask_as_system(VerifyAudit(actor=SYSTEM))
    if not verified.ok:
        yield f"broken: {verified.first_broken}"


def _again(desk: Desk, command: Command, receipt: Receipt) -> Iterator[str]:
    try:
        again = desk.execute(command)
    except CasewrightError as error:
        yield f"lost: {type(command).__name__} {command.command_id}: {error}"
        return
    if not again.repeated or again.sequence != receipt.sequence:
        yield f"lost: {type(command).__name__} {command.command_id}"


def _some(desk: Desk, chance: Random, day: Day) -> Iterator[Command]:
    """Yield commands; where even asking what there is fails, none."""
    source = commands(desk, chance)
    for _ in range(COMMANDS):
        try:
            yield next(source)
        except CasewrightError as error:
            day.refused[error.code] += 1
            source = commands(desk, chance)


def _give(desk: Desk, command: Command, day: Day) -> Iterator[str]:
    try:
        receipt = desk.execute(command)
        day.acknowledged[command.command_id] = (command, receipt)
        if receipt.ticket:
            desk.ask(GetTicket(actor=command.actor, ticket=receipt.ticket))
    except CasewrightError as error:
        if error.code in EXPECTED:
            day.refused[error.code] += 1
            if command.command_id not in day.acknowledged:
                day.failed.append(command)
        elif error.code.startswith("database"):
            yield f"unclear: {error.code}: {error}"
    except Exception as bug:  # noqa: BLE001 (whatever it is, it is a finding)
        yield f"bug: {type(command).__name__}: {type(bug).__name__}: {bug}"


if __name__ == "__main__":
    where, mode, every, seed, *how = sys.argv[1:]
    print(
        json.dumps(
            main(Path(where), mode, int(every), int(seed), careless=how == ["careless"]),
            indent=1,
        )
    )
