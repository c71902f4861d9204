"""Tickets as they stand: read by key and kin, written with the event that changed them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from casewright.clock import to_microseconds
from casewright.errors import Conflict, DatabaseDamaged, NotFound, message
from casewright.model import Ticket
from casewright.store import codec, deadlines, search
from casewright.store import sqlite_statements as sql
from casewright.store.codec import StoredTicket
from casewright.store.customers import merged_ids
from casewright.store.damage import UNREADABLE
from casewright.store.database import Database
from casewright.store.put_off import Asked

ALL = "SELECT " + ", ".join(sql.TICKET_COLUMNS) + " FROM ticket"
MOST_DUPLICATES = 5
"""A hint names this many tickets at the most, the newest first."""
MOST_IDS = 100
"""So many ids of one customer are looked under for such tickets."""
_RECENT = 90 * 86_400 * 1_000_000


class Tickets:
    """The tickets seen by one transaction; each is read once.

    `personal` tells for a workflow version which fields are; whoever writes tickets must know it.
    """

    def __init__(
        self,
        database: Database,
        now: datetime,
        personal: Callable[[str], Collection[str]] = lambda bundle: (),
    ) -> None:
        self._personal = personal
        self._database, self._execute = database, database.execute
        self._merged_into = partial(merged_ids, database)
        self._now = to_microseconds(now)
        self._rows: dict[str, StoredTicket] = {}
        self._known: dict[str, Ticket] = {}

    def get(self, key: str) -> Ticket:
        """Return the ticket; NotFound."""
        known = self._known.get(key)
        if known is not None:
            return known
        row = self._execute(sql.TICKET_BY_KEY, (key,)).fetchone()
        if row is None:
            raise NotFound(kind=message("ticket"), name=key, hint=message(""))
        return self._remember(StoredTicket._make(row))

    def open_children(self, parent: str) -> Sequence[Ticket]:
        """Return the open children, by key."""
        return [child for child in self.children(parent) if child.open]

    def children(self, parent: str) -> Sequence[Ticket]:
        """Return all children, by key."""
        return self._all("WHERE parent = ? AND parent IS NOT NULL ORDER BY key", parent)

    def lineage(self, root: str) -> Sequence[Ticket]:
        """Return the tickets of a lineage, by round."""
        rounds = self._all("WHERE key = ? OR (lineage = ? AND lineage <> key)", root, root)
        return sorted(rounds, key=lambda ticket: ticket.round)

    def handled_by(self, name: str) -> Sequence[Ticket]:
        """Return the open tickets that `name` handles, by key."""
        return self._all("WHERE handler = ? AND closed_at IS NULL ORDER BY key", name)

    def likely_duplicates(self, workflow: str, customer: str) -> Sequence[str]:
        """Return the customer's tickets of this workflow that are open or were closed within 90 days."""
        ids = (customer, *self._merged_into(customer))[:MOST_IDS]
        rows = self._execute(
            f"SELECT key FROM ticket WHERE customer IN ({', '.join('?' * len(ids))}) AND workflow = ?"
            " AND (closed_at IS NULL OR closed_at > ?) ORDER BY id DESC LIMIT ?",
            (*ids, workflow, self._now - _RECENT, MOST_DUPLICATES),
        )
        return [row[0] for row in rows]

    def next_number(self, prefix: str, year: int) -> int:
        """Take the next number of a prefix in a year."""
        row = self._execute(
            "INSERT INTO counter (prefix, year, last) VALUES (?, ?, 1)"
            " ON CONFLICT (prefix, year) DO UPDATE SET last = counter.last + 1 RETURNING last",
            (prefix, year),
        ).fetchone()
        return int(row[0])

    def insert(self, ticket: Ticket, head: bytes) -> int:
        """Store a new ticket; return its row number."""
        values = (
            ticket.key,
            ticket.workflow,
            ticket.bundle,
            to_microseconds(ticket.opened_at),
            ticket.handler,
            ticket.owner,
            ticket.customer,
            ticket.parent,
            ticket.lineage,
            _microseconds(ticket.closed_at),
            ticket.state,
            ticket.priority,
            ticket.version,
            ticket.sequence,
            self._now,
            head,
            codec.record_of(ticket),
            codec.fields_text(ticket),
            *deadlines.columns(ticket),
        )
        number = self._execute(sql.TICKET_INSERT, values).lastrowid
        assert number is not None
        self._database.put_off(("ticket_text", number), *self._indexing(number, ticket))
        self._forget(ticket.key)
        return number

    def update(self, before: Ticket, ticket: Ticket, head: bytes) -> int:
        """Store a changed ticket over the one that was read; return its row number."""
        row = self._rows[ticket.key]
        moving = (
            ticket.state,
            ticket.priority,
            ticket.version,
            ticket.sequence,
            self._now,
            head,
            codec.record_of(ticket),
        )
        refilled = ticket.fields is not before.fields
        values: tuple[Any, ...] = (*moving, row.id, row.sequence)
        statement = sql.TICKET_MOVE
        if _standing(ticket) != _standing(before):
            statement = sql.TICKET_UPDATE
            fields = codec.fields_text(ticket)
            values = (*_standing_values(ticket), *moving, fields, row.id, row.sequence)
        elif refilled:
            statement = sql.TICKET_MOVE_FIELDS
            values = (*moving, codec.fields_text(ticket), row.id, row.sequence)
        self._database.change_one(statement, values, lambda: _conflict(before))
        if deadlines.moved(before, ticket):
            self._execute(sql.TICKET_QUEUE, (*deadlines.columns(ticket), row.id))
        if refilled or ticket.bundle != before.bundle:
            self.index_anew(row.id, ticket)
        self._forget(ticket.key)
        return row.id

    def head(self, key: str) -> bytes:
        """Return the hash of the newest event of a ticket that was read."""
        return self._rows[key].head

    def index_anew(self, number: int, ticket: Ticket) -> None:
        """Let a ticket be found by the text that it holds now."""
        self._database.put_off(
            ("ticket_text", number),
            ("DELETE FROM ticket_text WHERE rowid = ?", (number,)),
            *self._indexing(number, ticket),
        )

    def _indexing(self, number: int, ticket: Ticket) -> Iterator[Asked]:
        personal = self._personal(ticket.bundle)
        found = search.indexed(
            (value for name, value in ticket.fields.items() if name not in personal),
            [ticket.fields[name] for name in personal if name in ticket.fields],
        )
        if found:
            yield "INSERT INTO ticket_text (rowid, tokens) VALUES (?, ?)", (number, found)

    def _all(self, where: str, *values: str) -> list[Ticket]:
        rows = self._execute(f"{ALL} {where}", values).fetchall()
        stored = (StoredTicket._make(row) for row in rows)
        return [self._known.get(row.key) or self._remember(row) for row in stored]

    def _remember(self, row: StoredTicket) -> Ticket:
        try:
            ticket = codec.ticket_of(row)
        except UNREADABLE as error:
            raise DatabaseDamaged(
                what=message("the ticket {ticket}", ticket=row.key)
            ) from error
        self._rows[row.key], self._known[row.key] = row, ticket
        return ticket

    def _forget(self, key: str) -> None:
        self._rows.pop(key, None)
        self._known.pop(key, None)


def _conflict(before: Ticket) -> Conflict:
    return Conflict(ticket=before.key, expected=before.version, actual=before.version + 1)


def _microseconds(moment: datetime | None) -> int | None:
    return None if moment is None else to_microseconds(moment)


def _standing(ticket: Ticket) -> tuple[object, ...]:
    return (ticket.handler, ticket.owner, ticket.customer, ticket.parent, ticket.closed_at)


def _standing_values(ticket: Ticket) -> tuple[object, ...]:
    return (*_standing(ticket)[:4], _microseconds(ticket.closed_at))
