"""Checkpoints: signed statements of how far the records had come, and the seals that name what was changed since."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from casewright.compact_json import canonical
from casewright.compact_json import decode as decode_json
from casewright.store import access_log, command_journal, merkle
from casewright.store.damage import UNREADABLE, as_bytes
from casewright.store.database import Database

FORMAT = 1
NOTHING = "0" * 64
"""Stands for the statement before the first."""
SEAL_BYTES = 24
_TICKET_BYTES, _SEQUENCE_BYTES, _HASH_BYTES = 6, 4, 14
_AT_ONCE = 5_000


class Stored(NamedTuple):
    """A checkpoint as it is kept: the statement's text and the signature under it."""

    number: int
    body: bytes
    signature: bytes

    @property
    def digest(self) -> str:
        """The hash that the next statement names."""
        return sha256(self.body).hexdigest()


class Statement(NamedTuple):
    """What a checkpoint says: the records as of the event `last`, and which statement it follows.

    `sealed` is the SHA-256 of the hashes of all events after `first` up to `last`, `seals` that of their seals; `commands`
    and `access` are the number and the head of these chains. `restored` says why it follows none of the newer
    statements, the last of which is `instead_of`.
    """

    format: int
    number: int
    at: int
    previous: str
    first: int
    last: int
    tickets: int
    events: int
    root: str
    sealed: str
    seals: str
    commands: tuple[int, str]
    access: tuple[int, str]
    key: str
    restored: str = ""
    instead_of: str = ""

    def body(self) -> bytes:
        """Return the text that is signed."""
        return canonical(self._asdict())


def statement_of(body: bytes) -> Statement | None:
    """Return what a stored text says, or None where it is no statement as we write it."""
    try:
        said = decode_json(body)
        for chain in ("commands", "access"):
            number, head = said[chain]
            said[chain] = (number, head)
        found = Statement(**said)
        whole = found.format == FORMAT and found.body() == body
    except UNREADABLE:
        return None
    return found if whole else None


def stored(database: Database) -> Iterator[Stored]:
    """Yield all checkpoints of the database, oldest first, whatever stands there."""
    rows = database.execute(
        f"SELECT number, {as_bytes('body')}, {as_bytes('signature')} FROM checkpoint ORDER BY number"
    )
    for number, body, signature in rows:
        yield Stored(number, _bytes(body), _bytes(signature))


def newest(database: Database, limit: int = 1) -> list[Stored]:
    """Return the newest checkpoints, newest first."""
    rows = database.execute(
        f"SELECT number, {as_bytes('body')}, {as_bytes('signature')} FROM checkpoint"
        " ORDER BY number DESC LIMIT ?",
        (limit,),
    ).fetchall()
    return [Stored(number, _bytes(body), _bytes(signature)) for number, body, signature in rows]


def write(database: Database, one: Stored, at: int) -> None:
    """Keep a checkpoint."""
    database.execute(
        "INSERT INTO checkpoint (number, at, body, signature) VALUES (?, ?, ?, ?)",
        (one.number, at, one.body.decode(), one.signature),
    )


def draft(
    database: Database,
    *,
    number: int,
    at: int,
    before: Stored | None,
    key: str,
    restored: str = "",
    instead_of: str = "",
) -> Statement:
    """Return the statement that the records as they are now come to, after the statement `before`."""
    said = None if before is None else statement_of(before.body)
    first = 0 if said is None else said.last
    last = database.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()[0]
    hashes, seals, many = sha256(), sha256(), 0
    for ticket, sequence, digest in _events(database, first, last):
        many += 1
        hashes.update(digest)
        seals.update(_seal(ticket, sequence, digest))
    leaves = [merkle.leaf(*row) for row in database.stream(_HEADS)]
    return Statement(
        format=FORMAT,
        number=number,
        at=at,
        previous=NOTHING if before is None else before.digest,
        first=first,
        last=last,
        tickets=len(leaves),
        events=many + (0 if said is None else said.events),
        root=merkle.root(leaves).hex(),
        sealed=hashes.hexdigest(),
        seals=seals.hexdigest(),
        commands=_head(database, command_journal.CHAIN),
        access=_head(database, access_log.CHAIN),
        key=key,
        restored=restored,
        instead_of=instead_of,
    )


def seals(database: Database, said: Statement) -> bytes:
    """Return the seals of a statement's events: for each its ticket, its sequence and the beginning of its hash."""
    return b"".join(_seal(*row) for row in _events(database, said.first, said.last))


def sealed_events(seals: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield ticket, sequence and the beginning of the hash of each event that was sealed, in their order."""
    for at in range(0, len(seals), SEAL_BYTES):
        one = seals[at : at + SEAL_BYTES]
        head = _TICKET_BYTES + _SEQUENCE_BYTES
        ticket = int.from_bytes(one[:_TICKET_BYTES], "big")
        yield ticket, int.from_bytes(one[_TICKET_BYTES:head], "big"), one[head:]


def is_sealed_by(digest: object, beginning: bytes) -> bool:
    """Return whether a hash is the one that a seal begins."""
    return isinstance(digest, bytes) and len(digest) == 32 and digest.startswith(beginning)


def _seal(ticket: int, sequence: int, digest: bytes) -> bytes:
    place = ticket.to_bytes(_TICKET_BYTES, "big") + sequence.to_bytes(_SEQUENCE_BYTES, "big")
    return place + digest[:_HASH_BYTES]


def _events(database: Database, first: int, last: int) -> Iterator[Any]:
    return iter(
        database.execute(
            "SELECT ticket_id, sequence, hash FROM event WHERE id > ? AND id <= ? ORDER BY id",
            (first, last),
        )
    )


def _head(database: Database, chain: str) -> tuple[int, str]:
    row = database.execute("SELECT number, head FROM chain WHERE name = ?", (chain,)).fetchone()
    return (int(row[0]), bytes(row[1]).hex()) if row else (0, NOTHING)


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


_HEADS = (
    "SELECT ticket.id, ticket.key, event.sequence, event.hash FROM ticket JOIN event ON"
    " event.ticket_id = ticket.id AND event.sequence = ticket.sequence ORDER BY ticket.id"
)
