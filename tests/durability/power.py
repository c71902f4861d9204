"""A power cut at one place after another: `python -m tests.durability.power FOLDER POINTS COMMANDS SYNCHRONOUS SEED`.

A process of its own, because the recording SQLite is another one than the store's. Prints what was found as JSON.
"""

import json
import sqlite3
import sys
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from random import Random

from casewright.clock import to_microseconds
from casewright.config import Config
from casewright.desk import Desk
from casewright.errors import CasewrightError
from casewright.model import SYSTEM
from casewright.queries import LARGEST_PAGE, ListTickets, VerifyAudit
from casewright.timekeeping import timers_of

from .images import cuts, files_of, write
from .recording import Disk
from .work import DATABASE, desk_on, found, work


def main(
    folder: Path, points: int, many: int, synchronous: str, seed: int
) -> dict[str, object]:
    """Work with the power on, then cut it at so many points; return what was found."""
    live, image = folder / "live", folder / "image"
    live.mkdir(parents=True)
    image.mkdir()
    config = found(live)
    before = files_of(live, DATABASE)
    disk, receipts = Disk(), {}

    with desk_on(config, driver=disk.driver(), synchronous=synchronous) as desk:

        def acknowledge(command, receipt):
            disk.acknowledge(command.command_id)
            receipts[command.command_id] = (command, receipt)

        work(desk, many, Random(seed), acknowledge)
    findings: Counter[str] = Counter()
    examples: dict[str, str] = {}
    kinds = Counter(one.kind for one in disk.operations)
    restored = Config(root=image, database=image / DATABASE, attachments=image / "attachments")
    chance = Random(seed + 1)
    for place, acknowledged, files in cuts(before, disk.operations, points, chance):
        write(files, image)
        for fault in _faults(restored, acknowledged, receipts, chance):
            kind = fault.partition(":")[0]
            findings[kind] += 1
            examples.setdefault(kind, f"after operation {place}: {fault}")
    return {
        "points": points,
        "commands": len(receipts),
        "operations": dict(kinds),
        "findings": dict(findings),
        "examples": examples,
    }


def _faults(config: Config, acknowledged: Collection[str], receipts, chance: Random):
    """Yield what is wrong with a database that a power cut left, once the store has opened it again."""
    try:
        desk = desk_on(config)
    except CasewrightError as error:
        yield f"unusable: {error}"
        return
    with desk:
        try:
            yield from _lost(config.database, acknowledged)
            found = desk.ask_as_system(VerifyAudit(actor=SYSTEM))
            if not found.ok:
                yield f"broken: {found.first_broken}"
            yield from _timers(desk, config.database)
            if acknowledged:
                command, receipt = receipts[chance.choice(sorted(acknowledged))]
                again = desk.execute(command)
                if (again.ticket, again.sequence, again.repeated) != (
                    receipt.ticket,
                    receipt.sequence,
                    True,
                ):
                    yield f"repeated: {command.command_id} came to {again}, not {receipt}"
        except CasewrightError as error:
            yield f"unusable: {error}"


def _lost(database: Path, acknowledged: Collection[str]):
    with sqlite3.connect(database) as connection:
        whole = connection.execute("PRAGMA integrity_check").fetchone()[0]
        known = {row[0] for row in connection.execute("SELECT command_id FROM event")}
        known |= {row[0] for row in connection.execute("SELECT id FROM command")}
    connection.close()
    if whole != "ok":
        yield f"corrupt: {whole}"
    for one in sorted(set(acknowledged) - known):
        yield f"lost: {one}"
        return


def _timers(desk: Desk, database: Path):
    """Yield when what tickets wait for is not what the timers say."""
    tickets = desk.ask_as_system(ListTickets(actor=SYSTEM, limit=LARGEST_PAGE)).tickets
    promised = {
        (one.key, name, to_microseconds(due))
        for one in tickets
        for name, due in timers_of(one.clocks, one.alarms, one.follow_ups).items()
    }
    with sqlite3.connect(database) as connection:
        armed = set(
            connection.execute(
                "SELECT ticket.key, timer.name, timer.due_at FROM timer JOIN ticket ON ticket.id = timer.ticket_id"
            )
        )
    connection.close()
    if promised - armed:
        yield f"timer: {sorted(promised - armed)[0]} is promised and not armed"


if __name__ == "__main__":
    where, points, many, synchronous, seed = sys.argv[1:]
    print(
        json.dumps(main(Path(where), int(points), int(many), synchronous, int(seed)), indent=1)
    )
