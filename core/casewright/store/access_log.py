"""The access log: who looked at whose data, and who was refused; together its rows are one hash chain.

It says what was looked at, never what was seen or searched for.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from casewright.answers import AccessRow, Broken
from casewright.clock import from_microseconds, to_microseconds
from casewright.compact_json import canonical
from casewright.compact_json import decode as decode_json
from casewright.errors import DatabaseDamaged, Message, message
from casewright.store.codec import chained
from casewright.store.damage import UNREADABLE, as_bytes, reading
from casewright.store.database import Database
from casewright.store.history import BEGINNING
from casewright.store.reaching import HIDDEN_KEYS

CHAIN = "access"
LOOK, SEARCH, REVEAL, EXPORT, DENIED = "look", "search", "reveal", "export", "denied"
SIGNED_IN, SIGN_IN_REFUSED, SIGNED_OUT = "signed_in", "sign_in_refused", "signed_out"
SESSION_BEGAN, SESSION_ENDED = "session_began", "session_ended"
KINDS = (
    LOOK, SEARCH, REVEAL, EXPORT, DENIED, SIGNED_IN, SIGN_IN_REFUSED, SIGNED_OUT, SESSION_BEGAN, SESSION_ENDED,
)  # fmt: skip
"""What a row can be about."""


class Link(NamedTuple):
    """A row of the log as it is stored, with bytes for text."""

    number: Any
    at: Any
    actor: Any
    kind: Any
    ticket: Any
    body: Any
    hash: Any


def write(
    database: Database,
    *,
    at: datetime,
    actor: str,
    door: str,
    kind: str,
    subject: str,
    ticket: str = "",
    customers: Collection[str] = (),
    fields: Collection[str] = (),
    purpose: str = "",
    permission: str = "",
) -> int:
    """Add a row as the next link of the chain, durable with the transaction that is open or its own; return its number."""
    moment, found = to_microseconds(at), sorted(set(customers))
    actor = actor.encode(errors="backslashreplace").decode()
    body = canonical(
        {
            "at": moment,
            "actor": actor,
            "door": door,
            "kind": kind,
            "subject": subject,
            "ticket": ticket,
            "customers": found,
            "fields": sorted(set(fields)),
            "purpose": purpose,
            "permission": permission,
        }
    ).decode()
    with database.write():
        before, head = _head(database)
        number, link = before + 1, chained(head, body)
        database.execute(
            "INSERT INTO access (number, at, actor, kind, ticket, body, hash)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, moment, actor, kind, ticket, body, link),
        )
        for customer in found:
            database.execute(
                "INSERT INTO access_customer (customer, number) VALUES (?, ?)",
                (customer, number),
            )
        database.execute(
            "UPDATE chain SET number = ?, head = ? WHERE name = ?", (number, link, CHAIN)
        )
    return number


def page(
    database: Database,
    *,
    customers: Collection[str] = (),
    ticket: str = "",
    person: str = "",
    kind: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    kept_from: str = "",
    limit: int,
) -> tuple[AccessRow, ...]:
    """Return the rows that fit, newest first: about one of `customers`, a ticket, by a person, from `since` until before `until`.

    Those about tickets that are hidden from `kept_from` are left out.
    """
    conditions: list[tuple[str, Sequence[object]]] = []
    if customers:
        marks = ", ".join("?" * len(customers))
        within = f"number IN (SELECT number FROM access_customer WHERE customer IN ({marks}))"
        conditions.append((within, tuple(customers)))
    for condition, value in (
        ("ticket = ?", ticket),
        ("actor = ?", person),
        ("kind = ?", kind),
        ("at >= ?", None if since is None else to_microseconds(since)),
        ("at < ?", None if until is None else to_microseconds(until)),
        ("number < ?", before),
        (f"ticket NOT IN {HIDDEN_KEYS}", kept_from),
    ):
        if value not in (None, ""):
            conditions.append((condition, (value,)))
    where = " AND ".join(condition for condition, _ in conditions) or "TRUE"
    rows = database.execute(
        f"SELECT number, body FROM access WHERE {where} ORDER BY number DESC LIMIT ?",
        (*(value for _, values in conditions for value in values), limit),
    ).fetchall()
    with reading(message("the access log")):
        return tuple(_row(number, body) for number, body in rows)


def head(database: Database) -> tuple[int, bytes]:
    """Return how many rows the log has and the hash of the last one."""
    return _head(database)


def verify(database: Database) -> tuple[int, Broken | None]:
    """Return how many rows the log has, and the first that is not as it was written."""
    count, before = 0, BEGINNING
    indexed = _Indexed(database)
    for row in database.stream(_LINKS):
        count += 1
        fault, before = _follow(Link._make(row), count, before, indexed)
        if fault is not None:
            return count, _broken(count, fault)
    return count, _end_fault(database, count, before, indexed)


def _head(database: Database) -> tuple[int, bytes]:
    row = database.execute("SELECT number, head FROM chain WHERE name = ?", (CHAIN,)).fetchone()
    if row is None:
        raise DatabaseDamaged(what=message("the access log"))
    return int(row[0]), bytes(row[1])


def _row(number: int, body: str) -> AccessRow:
    said = decode_json(body)
    return AccessRow(
        number=number,
        at=from_microseconds(said.pop("at")),
        customers=tuple(said.pop("customers")),
        fields=tuple(said.pop("fields")),
        **said,
    )


class _Indexed:
    """The customers by which rows are found, in the order of the rows."""

    def __init__(self, database: Database) -> None:
        rows = database.execute(_CUSTOMERS)
        self._rows: Iterator[tuple[Any, list[bytes]]] = (
            (number, [bytes(one) for _, one in found])
            for number, found in groupby(rows, key=lambda row: row[0])
        )
        self._next = next(self._rows, None)

    def of(self, number: int) -> list[bytes]:
        """Return those of a row; rows are asked for in their order, and none is left out."""
        if self._next is None or self._next[0] != number:
            return []
        found = self._next[1]
        self._next = next(self._rows, None)
        return found

    @property
    def left(self) -> bool:
        """Whether there are any of rows that were not asked for."""
        return self._next is not None


def _follow(
    link: Link, count: int, before: bytes, indexed: _Indexed
) -> tuple[Message | None, bytes]:
    """Return what is wrong with a row, or the hash that the next one follows."""
    if link.number != count:
        return message("it is missing"), before
    try:
        body = bytes(link.body).decode()
        if chained(before, body) != link.hash:
            return message("its content is not what was written"), before
        said = decode_json(body)
        actor, kind, ticket = (bytes(one).decode() for one in link[2:5])
        beside = (said["at"], said["actor"], said["kind"], said["ticket"])
        customers = sorted(one.encode() for one in said["customers"])
        if beside != (link.at, actor, kind, ticket) or indexed.of(count) != customers:
            return message("what stands beside its content is not what was written"), before
    except UNREADABLE:
        return message("it cannot be read"), before
    return None, link.hash


def _end_fault(
    database: Database, count: int, before: bytes, indexed: _Indexed
) -> Broken | None:
    row = database.execute("SELECT number, head FROM chain WHERE name = ?", (CHAIN,)).fetchone()
    if row is None or not isinstance(row[0], int):
        return _broken(count, message("the head of the chain cannot be read"))
    if count < row[0]:
        return _broken(count + 1, message("it is missing"))
    if count > row[0]:
        return _broken(row[0] + 1, message("it came after the last row of the access log"))
    if before != row[1]:
        return _broken(count, message("its hash is not the one that the chain ends with"))
    if indexed.left:
        return _broken(count + 1, message("it is missing"))
    return None


def _broken(number: int, reason: Message) -> Broken:
    return Broken(ticket="", sequence=number, reason=reason)


_LINKS = (
    "SELECT number, at,"
    f" {', '.join(map(as_bytes, ('actor', 'kind', 'ticket', 'body')))}, hash"
    " FROM access ORDER BY number"
)
_CUSTOMERS = (
    f"SELECT number, {as_bytes('customer')} FROM access_customer ORDER BY number, customer"
)
