"""One of several processes that work one workspace at once; it says what became of each of its attempts.

`contender.py transitions DATABASE TICKET COUNT` takes transitions, each with the version it read just before;
`contender.py migrate FOLDER COUNT` makes databases. Before every attempt it writes `ready`, and waits for a line.
"""

import json
import sys
import traceback
from pathlib import Path

from casewright.commands import FireTransition
from casewright.config import Config
from casewright.desk import Desk, migrate_database, open_desk
from casewright.errors import Conflict
from casewright.queries import GetTicket


def settings(database: Path) -> Config:
    return Config(
        root=database.parent, database=database, attachments=database.parent / "attachments"
    )


def wait_for_the_others() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


def attempt(desk: Desk, ticket: str) -> tuple[str, int]:
    """Take the transition once; return what became of it and the version that was read."""
    version = desk.ask(GetTicket(actor="ana", ticket=ticket)).version
    wait_for_the_others()
    try:
        receipt = desk.execute(
            FireTransition(actor="ana", ticket=ticket, transition="note", version=version)
        )
    except Conflict as conflict:
        return "conflict" if conflict.actual > version else "a conflict with nobody", version
    except Exception as error:  # noqa: BLE001 - the parent reports whatever it was
        return "".join(traceback.format_exception_only(error)).strip(), version
    return "won" if receipt.version == version + 1 else f"version {receipt.version}", version


def transitions(database: Path, ticket: str, count: int) -> list[tuple[str, int]]:
    with open_desk(settings(database)) as desk:
        return [attempt(desk, ticket) for _ in range(count)]


def migrations(folder: Path, count: int) -> list[int]:
    """Make databases one after the other; return the version each had then."""
    found = []
    for number in range(count):
        wait_for_the_others()
        found.append(migrate_database(settings(folder / f"{number}.db"))[1])
    return found


if __name__ == "__main__":
    task, place, *rest = sys.argv[1:]
    if task == "migrate":
        print(json.dumps(migrations(Path(place), int(rest[0]))))
    else:
        print(json.dumps(transitions(Path(place), rest[0], int(rest[1]))))
