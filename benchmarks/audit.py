"""How many events a second `audit verify` proves, with a checkpoint to compare with, and what a checkpoint costs.

The desk writes the first histories; the others are theirs under other keys, with commitments, chains and heads of their
own, so that there is nothing that verifying could know from before. `--help` tells the options.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from statistics import median

from job_workspace import Steps, fire, keys_of, make

from casewright.commands import MakeCheckpoint
from casewright.compact_json import decode, encode
from casewright.config import Config
from casewright.desk import Desk, open_desk
from casewright.desk.sealing.checkpointing import Checkpointing
from casewright.model import SYSTEM
from casewright.queries import VerifyAudit
from casewright.settings.access import AuditSettings
from casewright.store import share_process, verification
from casewright.store.codec import commitment
from casewright.store.database import Connection, open_sqlite
from casewright.store.history import BEGINNING

GOAL = 200_000
TICKETS = 400
STEPS = 3_600


def main() -> None:
    """Measure and print."""
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="casewright-bench-", dir=options.folder))
    os.environ["XDG_CONFIG_HOME"] = str(folder / "settings")
    try:
        found = _measure(folder, options)
    finally:
        if not options.keep:
            shutil.rmtree(folder)
    print(json.dumps(found, indent=1) if options.json else _sentence(found))
    if options.must and found["events_per_second"] < GOAL:
        sys.exit(f"fewer than {GOAL:,} events a second")


def _measure(folder: Path, options: argparse.Namespace) -> dict[str, float]:
    second = folder / "second"
    second.mkdir()
    config = replace(
        make(folder, TICKETS),
        synchronous="NORMAL",
        audit=AuditSettings(second_place=str(second)),
    )
    _work(config)
    _multiply(config.database, options.events)
    with open_desk(config) as desk:
        sealing = _seconds(lambda: _seal(desk, config))
        again = _seconds(lambda: _seal(desk, config))
        apart, alone, cpu = [], [], 0.0
        shared = verification.WORTH_SHARING
        for _ in range(options.rounds):
            verification.WORTH_SHARING = shared
            apart.append(_verified(desk))
            verification.WORTH_SHARING = sys.maxsize
            begun = time.process_time()
            alone.append(_verified(desk))
            cpu += (time.process_time() - begun) / options.rounds
    return {
        "events": apart[0][1],
        "processes": share_process.processors(),
        "events_per_second": round(max(many / seconds for seconds, many in apart)),
        "median_per_second": round(median(many / seconds for seconds, many in apart)),
        "by_one_process": round(max(many / seconds for seconds, many in alone)),
        "by_one_second_of_cpu": round(alone[0][1] / cpu),
        "first_checkpoint_seconds": round(sealing, 2),
        "next_checkpoint_seconds": round(again, 2),
    }


def _work(config: Config) -> None:
    """Let the desk write histories: half of the steps with a form of six fields, half without."""
    filled, plain = (Steps(keys_of(config), filled=one) for one in (True, False))
    with open_desk(config) as desk:
        for _ in range(0, STEPS, 200):
            with desk.batch():
                for number in range(200):
                    fire(desk, *(plain if number % 2 else filled).next())


def _multiply(database: Path, events: int) -> None:
    """Copy all histories under other keys until there are as many events, each with salts and hashes of its own."""
    connection = open_sqlite(database)
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("BEGIN IMMEDIATE")
    tickets = connection.execute("SELECT id, key FROM ticket ORDER BY id").fetchall()
    have = connection.execute("SELECT count(*) FROM event").fetchone()[0]
    copies = -(-events // have) - 1
    for copy in range(1, copies + 1):
        for number, key in tickets:
            _copy(connection, number, key, copy, len(tickets))
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _copy(connection: Connection, number: int, key: str, copy: int, tickets: int) -> None:
    new, name, head = number + copy * tickets, f"{key}-{copy}", BEGINNING
    rows = connection.execute(
        "SELECT event.sequence, event.body, event_value.body FROM event LEFT JOIN event_value ON"
        " event_value.ticket_id = event.ticket_id AND event_value.sequence = event.sequence"
        " WHERE event.ticket_id = ? ORDER BY event.sequence",
        (number,),
    ).fetchall()
    for sequence, body, values in rows:
        said = decode(body)
        said["ticket"], said["command"] = name, os.urandom(16).hex()
        if values is not None:
            kept = {
                field: [os.urandom(16).hex(), one[1]] for field, one in decode(values).items()
            }
            said["private"] = {field: commitment(*one) for field, one in kept.items()}
            connection.execute(
                "INSERT INTO event_value VALUES (?, ?, ?)", (new, sequence, encode(kept))
            )
        text = encode(said)
        head = sha256(head + text.encode()).digest()
        connection.execute(
            "INSERT INTO event (ticket_id, sequence, command_id, body, hash) VALUES (?, ?, ?, ?, ?)",
            (new, sequence, said["command"], text, head),
        )
    columns = [row[1] for row in connection.execute("PRAGMA table_info(ticket)").fetchall()]
    others = ", ".join(one for one in columns if one not in ("id", "key", "head"))
    connection.execute(
        f"INSERT INTO ticket (id, key, head, {others}) SELECT ?, ?, ?, {others} FROM ticket WHERE id = ?",
        (new, name, head, number),
    )


def _seal(desk: Desk, config: Config) -> None:
    desk.execute_as_system(MakeCheckpoint(actor=SYSTEM))
    Checkpointing(config=config, database=desk._database).write_out()


def _seconds(do: object) -> float:
    clock = time.perf_counter()
    do()  # type: ignore[operator]
    return time.perf_counter() - clock


def _verified(desk: Desk) -> tuple[float, int]:
    clock = time.perf_counter()
    found = desk.ask_as_system(VerifyAudit(actor=SYSTEM))
    seconds = time.perf_counter() - clock
    if not found.ok or found.unsealed:
        sys.exit(f"the histories are not whole: {found.first_broken}")
    return seconds, found.events


def _sentence(found: dict[str, float]) -> str:
    return (
        f"audit verify: {found['events_per_second']:,} events a second by {found['processes']} processes"
        f" (median {found['median_per_second']:,}), {found['by_one_process']:,} by one,"
        f" {found['by_one_second_of_cpu']:,} in a second of CPU; {found['events']:,} events,"
        f" compared with their checkpoint\na checkpoint: {found['first_checkpoint_seconds']} s for all of them,"
        f" {found['next_checkpoint_seconds']} s for the next one with nothing new"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--events", type=int, default=240_000, help="how many events")
    parser.add_argument("--rounds", type=int, default=5, help="how often it is verified")
    parser.add_argument("--folder", help="where the workspace is made")
    parser.add_argument("--keep", action="store_true", help="leave the workspace where it is")
    parser.add_argument("--json", action="store_true", help="print everything for a program")
    parser.add_argument(
        "--must", action="store_true", help=f"fail where it is fewer than {GOAL:,} a second"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
