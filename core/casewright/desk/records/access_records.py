"""Puts on record who looked at what, before it is shown, and who was refused, after all else was undone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field, replace
from datetime import datetime
from typing import Any

from casewright.commands import Command
from casewright.desk.door import Door
from casewright.desk.records.looks import FROM_OUTSIDE, Look, look_of
from casewright.errors import (
    AccessUnrecorded,
    DatabaseBusy,
    DatabaseUnusable,
    Message,
    NotAllowed,
    NotFound,
    message,
)
from casewright.model import is_system
from casewright.queries import Query
from casewright.store import access_log, customers
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass

_AT_ONCE = 500
LONGEST_NAME = 200
"""So much of a name that somebody gave is kept; nobody has one so long."""


@dataclass(slots=True)
class _Asked:
    """A query that is being answered, and what was looked at for its answer."""

    query: Query
    inside: list[Look] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """What is to be written about one look or one refusal."""

    at: datetime
    actor: str
    door: Door
    look: Look
    permission: str = ""


class AccessRecords:
    """The access log as one desk writes it. What plugins ask as people is on record too, what the system asks is not."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database, self._now = database, now
        self._asked: list[_Asked] = []
        self._looks: list[_Row] = []
        self._refused: list[_Row] = []

    @contextmanager
    def of(self, query: Query, *, shown: bool) -> Iterator[None]:
        """Write down what is noted inside when the outermost query has its answer; AccessUnrecorded.

        What is `shown` to somebody must be on record for good by then, so not within a batch that could be undone.
        """
        self._asked.append(_Asked(query))
        try:
            yield
            if len(self._asked) == 1 and self._looks:
                self._write_looks(shown)
        finally:
            self._asked.pop()
            if not self._asked:
                self._looks.clear()

    def note(self, query: Query, answer: Any, door: Door) -> None:
        """Note the look that an answer is, if it is one."""
        look = look_of(query, answer)
        if look is None:
            return
        inside = self._asked[-1].inside
        found = frozenset(one for each in inside for one in each.customers)
        look = replace(look, customers=look.customers | found)
        if len(self._asked) > 1:
            self._asked[-2].inside.append(look)
        if not is_system(query.actor) or type(query) in FROM_OUTSIDE:
            self._looks.append(_Row(at=self._now(), actor=query.actor, door=door, look=look))

    def refusals(self, said: Command | Query, door: Door) -> "_Refusals":
        """Put on record that somebody was refused something inside; they are refused whether or not that can be written."""
        return _Refusals(self, said, door)

    def refused(
        self, said: Command | Query, door: Door, refusal: NotAllowed | NotFound
    ) -> None:
        """Put on record that somebody was refused something."""
        look = _denied(said, refusal)
        if look is None:
            return
        row = _Row(
            at=self._now(),
            actor=door.actor or said.actor,
            door=door,
            look=look,
            permission=_permission(said, refusal),
        )
        self._refused.append(row)
        self.settle(refusal)

    def must_be_settled(self) -> None:
        """Raise AccessUnrecorded while looks wait for the end of the query that they are part of."""
        if self._looks:
            reason = message(
                "it is asked within another query, and on record only after that one"
            )
            raise AccessUnrecorded(reason=reason)

    def settle(self, refusal: BaseException | None = None) -> None:
        """Write the refusals that wait; while a batch is open they do, because it may be undone."""
        if self._database.writing or not self._refused:
            return
        rows, self._refused = self._refused, []
        try:
            self._write(rows)
        except Exception as error:  # noqa: BLE001 (a border: recorded with the refusal, which holds all the same)
            if refusal is not None:
                refusal.add_note(f"This could not be put on record: {error}")

    def _write_looks(self, shown: bool) -> None:
        if shown and self._database.writing:
            reason = message("it is asked within a batch that may still be undone")
            raise AccessUnrecorded(reason=reason)
        try:
            self._write(self._looks)
        except Exception as error:
            raise AccessUnrecorded(reason=_why(error)) from error

    def _write(self, rows: list[_Row]) -> None:
        with self._database.write():
            for row in rows:
                look = self._completed(row.look)
                access_log.write(
                    self._database,
                    at=row.at,
                    actor=row.actor[:LONGEST_NAME],
                    door=row.door.name,
                    kind=look.kind,
                    subject=look.subject,
                    ticket=look.ticket,
                    customers=look.customers,
                    fields=look.fields,
                    purpose=(look.purpose or row.door.purpose)[:LONGEST_NAME],
                    permission=row.permission,
                )

    def _completed(self, look: Look) -> Look:
        """Return a look with the customers of its tickets, and without what there is not: it could be anything typed."""
        known = self._customers_of({look.ticket, *look.tickets} - {""})
        whose = {one for one in known.values() if one}
        if look.named and customers.get(self._database, look.named) is not None:
            whose.add(look.named)
        ticket = look.ticket if look.ticket in known else ""
        return replace(look, ticket=ticket, customers=look.customers | whose)

    def _customers_of(self, tickets: set[str]) -> dict[str, str | None]:
        keys, found = sorted(tickets), {}
        for first in range(0, len(keys), _AT_ONCE):
            some = keys[first : first + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            rows = self._database.execute(
                f"SELECT key, customer FROM ticket WHERE key IN ({marks})", some
            )
            found.update(dict(rows))
        return found


class _Refusals:
    """Puts on record who is refused something inside."""

    __slots__ = ("_door", "_records", "_said")

    def __init__(self, records: AccessRecords, said: Command | Query, door: Door) -> None:
        self._records, self._said, self._door = records, said, door

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, NotAllowed | NotFound):
            self._records.refused(self._said, self._door, error)


def _denied(said: Command | Query, refusal: NotAllowed | NotFound) -> Look | None:
    """Return what a refusal is about, or None for one that keeps nobody from anything, such as a misspelt workflow."""
    if isinstance(refusal, NotFound) and refusal.kind.text not in _KEPT:
        return None
    ticket, customer = getattr(said, "ticket", ""), getattr(said, "customer", "")
    if isinstance(refusal, NotFound) and refusal.kind.text == "ticket":
        ticket = refusal.name
    return Look(
        kind=access_log.DENIED,
        subject=type(said).__name__,
        ticket=_typed(ticket),
        named=_typed(customer),
    )


def _typed(value: object) -> str:
    """Return a key or an id as somebody gave it, or "" for what cannot be one."""
    fits = isinstance(value, str) and len(value) <= LONGEST_NAME and value.isprintable()
    return str(value) if fits else ""


def _permission(said: Command | Query, refusal: NotAllowed | NotFound) -> str:
    return refusal.permission if isinstance(refusal, NotAllowed) else said.permission


def _why(error: Exception) -> Message:
    if isinstance(error, DatabaseUnusable):
        return error.reason
    if isinstance(error, DatabaseBusy):
        return message("another process holds the database; try again")
    return message("{detail}", detail=str(error))


_KEPT = ("ticket", "customer", "notice", "contact", "token")
"""The kinds of thing of which somebody may be told that there is none where there is one."""
