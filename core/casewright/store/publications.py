"""What was proposed to be published, whole, and what became of it."""

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from casewright import compact_json
from casewright.answers import ProposedPublication
from casewright.clock import from_microseconds, to_microseconds
from casewright.errors import DatabaseDamaged, message
from casewright.store.damage import reading
from casewright.store.database import Database

_COLUMNS = "id, state, proposed_at, proposed_by, record"
_LARGEST = 2**63 - 1


def insert(
    database: Database, proposed: ProposedPublication, content: Mapping[str, Any]
) -> ProposedPublication:
    """Store a new proposal and its content, which never changes; return it with the number that it was given."""
    written = compact_json.encode(content).encode()
    digest = hashlib.sha256(written).hexdigest()
    cursor = database.execute(
        "INSERT INTO publication (state, proposed_at, proposed_by, content, record) VALUES (?, ?, ?, ?, ?)"
        " RETURNING id",
        (
            proposed.state,
            to_microseconds(proposed.proposed_at),
            proposed.proposed_by,
            zlib.compress(written),
            _record(proposed, digest),
        ),
    )
    return replace(proposed, number=int(cursor.fetchone()[0]), digest=digest)


def get(database: Database, number: int) -> ProposedPublication | None:
    """Return a proposal, or None."""
    if not 0 < number <= _LARGEST:
        return None
    row = database.execute(
        f"SELECT {_COLUMNS} FROM publication WHERE id = ?", (number,)
    ).fetchone()
    return None if row is None else _proposed(row)


def newest(
    database: Database, state: str = "", *, before: int | None, limit: int
) -> tuple[ProposedPublication, ...]:
    """Return at most `limit` proposals that stand in a state, or in any, newest first, from below a number."""
    rows = database.execute(
        f"SELECT {_COLUMNS} FROM publication WHERE ? IN ('', state) AND id < ?"
        " ORDER BY id DESC LIMIT ?",
        (state, _LARGEST if before is None else max(0, min(before, _LARGEST)), limit),
    ).fetchall()
    return tuple(map(_proposed, rows))


def content(database: Database, number: int) -> Mapping[str, Any]:
    """Return exactly what was proposed; DatabaseDamaged when it is not."""
    stored, record = database.execute(
        "SELECT content, record FROM publication WHERE id = ?", (number,)
    ).fetchone()
    what = message("publication {number}", number=number)
    with reading(what):
        written = _unpacked(bytes(stored))
        known = compact_json.decode(record)["content"]
    if hashlib.sha256(written).hexdigest() != known:
        raise DatabaseDamaged(what=what)
    said: Mapping[str, Any] = compact_json.decode(written)
    return said


def decide(database: Database, decided: ProposedPublication) -> None:
    """Store what became of a proposal."""
    record = database.execute(
        "SELECT record FROM publication WHERE id = ?", (decided.number,)
    ).fetchone()[0]
    digest = compact_json.decode(record)["content"]
    database.execute(
        "UPDATE publication SET state = ?, record = ? WHERE id = ?",
        (decided.state, _record(decided, digest), decided.number),
    )


def _unpacked(stored: bytes) -> bytes:
    try:
        return zlib.decompress(stored)
    except zlib.error as error:
        raise ValueError(str(error)) from None


def _record(proposed: ProposedPublication, digest: str) -> str:
    return compact_json.encode(
        {
            "content": digest,
            "note": proposed.note,
            "workflows": proposed.workflows,
            "changes": proposed.changes,
            "decided_at": _written(proposed.decided_at),
            "decided_by": proposed.decided_by,
            "reason": proposed.reason,
            "alone": proposed.alone,
        }
    )


def _written(moment: datetime | None) -> int | None:
    return None if moment is None else to_microseconds(moment)


def _proposed(row: tuple[Any, ...]) -> ProposedPublication:
    number, state, proposed_at, proposed_by, text = row
    with reading(message("publication {number}", number=number)):
        record = compact_json.decode(text)
        decided = record["decided_at"]
        return ProposedPublication(
            number=number,
            state=state,
            proposed_at=from_microseconds(proposed_at),
            proposed_by=proposed_by,
            note=record["note"],
            workflows=record["workflows"],
            changes=record["changes"],
            decided_at=None if decided is None else from_microseconds(decided),
            decided_by=record["decided_by"],
            reason=record["reason"],
            alone=record["alone"],
            digest=record["content"],
        )
