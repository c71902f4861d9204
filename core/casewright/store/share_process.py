"""Histories verified by several processes at once, each with its own connection; `python -m` runs one of them.

Each ticket is seen as one snapshot has it, not all tickets as of the same one: what is written meanwhile is whole too.
"""

import json
import os
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from pathlib import Path

from casewright.answers import Broken
from casewright.errors import Message
from casewright.store import shares
from casewright.store.database import open_sqlite
from casewright.store.shares import Execute, Share

PARTS_EACH = 4
"""Every process takes so many parts, since old tickets may have longer histories than new ones."""
MOST_PROCESSES = 16


def processors() -> int:
    """Return how many processes can run at once here."""
    try:
        found = len(os.sched_getaffinity(0))
    except AttributeError:
        found = os.cpu_count() or 1
    return min(found, MOST_PROCESSES)


def verify(execute: Execute, path: Path, last: int, *, sealed: int, processes: int) -> Share:
    """Return what all tickets up to number `last` come to; this process does a part too, and what another leaves undone."""
    parts = list(_parts(last, processes * PARTS_EACH))
    others = [
        (parts[number::processes], _begin(path, parts[number::processes], sealed))
        for number in range(1, processes)
    ]
    found = dict(_done(execute, parts[::processes], sealed))
    for own, process in others:
        found.update(_ended(process) or _done(execute, own, sealed))
    return shares.joined(found[part] for part in parts)


Part = tuple[int, int]


def _parts(last: int, many: int) -> Iterator[Part]:
    size = last // many + 1
    for first in range(1, last + 1, size):
        yield first, min(first + size - 1, last)


def _done(execute: Execute, parts: Sequence[Part], sealed: int) -> Iterator[tuple[Part, Share]]:
    for part in parts:
        yield part, shares.verify(execute, *part, sealed=sealed)


def _begin(path: Path, parts: Sequence[Part], sealed: int) -> "subprocess.Popen[bytes] | None":
    """Start a process of our own; None where that cannot be done."""
    asked = json.dumps({"path": str(path), "parts": parts, "sealed": sealed})
    home = str(Path(__file__).resolve().parents[2])
    paths = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "casewright.store.share_process", asked],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths},
        )
    except (OSError, ValueError):
        return None


def _ended(process: "subprocess.Popen[bytes] | None") -> dict[Part, Share] | None:
    """Return what a process found; None where it has come to nothing."""
    if process is None:
        return None
    said, _ = process.communicate()
    if process.returncode:
        return None
    return {
        (first, last): Share(tickets, events, _broken(broken), b64decode(leaves))
        for (first, last), tickets, events, broken, leaves in json.loads(said)
    }


def _broken(said: Sequence[object] | None) -> Broken | None:
    if said is None:
        return None
    ticket, sequence, text, values = said
    return Broken(ticket=ticket, sequence=sequence, reason=Message(text, values))  # type: ignore[arg-type]


def _told(part: Part, share: Share) -> list[object]:
    one = share.broken
    broken = one and [one.ticket, one.sequence, one.reason.text, dict(one.reason.values)]
    return [part, share.tickets, share.events, broken, b64encode(share.leaves).decode()]


def main(asked: str) -> None:
    """Verify the parts asked for, and print what they come to."""
    said = json.loads(asked)
    connection = open_sqlite(Path(said["path"]))
    connection.execute("PRAGMA query_only=ON")
    parts = [(first, last) for first, last in said["parts"]]
    found = []
    for part in parts:
        connection.execute("BEGIN")
        found.append(
            _told(part, shares.verify(connection.execute, *part, sealed=said["sealed"]))
        )
        connection.execute("COMMIT")
    connection.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
