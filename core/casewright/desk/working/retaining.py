"""What a worker does once a day so that nothing personal is kept for longer than it may be, and nothing erased comes back."""

from collections.abc import Callable
from datetime import datetime, timedelta

from casewright.answers import Overdue
from casewright.clock import from_microseconds, to_microseconds
from casewright.commands import Command, EraseAgain, EraseTicket
from casewright.desk.erasing.erasing import Erasing
from casewright.desk.erasing.retention import overdue
from casewright.desk.library import Library
from casewright.errors import (
    CasewrightError,
    CommandRefused,
    DatabaseBusy,
    DatabaseUnusable,
    FileUnreadable,
    message,
)
from casewright.model import RETENTION, SYSTEM, Receipt
from casewright.store import arrivals, command_journal, retention, traces
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass

EVERY = timedelta(days=1)
AGAIN = timedelta(minutes=10)
"""When it is tried again to remove what others were still reading."""
REPEATED_WITHIN = timedelta(days=1)
"""A command that was about no ticket may be said again for so long and is answered as before; then it is only refused."""
DROPPED_KEPT = timedelta(days=90)
"""What came in and was dropped is kept for so long."""
MOST_FORGOTTEN = 10_000
MOST_AT_ONCE = 200
"""Tickets that one turn erases, so that a worker has time for what else there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retained:
    """What a round came to: tickets whose time was over, customers erased again; what went wrong, by ticket, customer or ""."""

    tickets: int = 0
    again: int = 0
    troubles: tuple[tuple[str, CasewrightError], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retaining:
    """The daily round at one desk; `execute` carries a command out as the system."""

    database: Database
    library: Library
    erasing: Erasing
    execute: Callable[[Command], Receipt]
    now: Callable[[], datetime]

    def due(self) -> bool:
        """Return whether it is time for a round; a clock that was put back does not put it off."""
        with self.database.read():
            looked = from_microseconds(retention.looked_at(self.database))
            pause = AGAIN if traces.left(self.database) else EVERY
        return not looked <= self.now() < looked + pause

    def round(self) -> Retained:
        """Erase what is over, at most a batch; when nothing more is, remove the traces, and it is done for the day."""
        troubles: list[tuple[str, CasewrightError]] = []
        again = self._again(troubles)
        over = self._over()
        unasked = set[str]()
        done = sum(self._erase(one, troubles, unasked) for one in over)
        troubles += (("", _unasked(plugins)) for plugins in sorted(unasked))
        if len(over) < MOST_AT_ONCE or not done:
            self._end(troubles)
        return Retained(tickets=done, again=again, troubles=tuple(troubles))

    def _again(self, troubles: list[tuple[str, CasewrightError]]) -> int:
        """Erase again each customer for themselves: who cannot be erased now stays to be, and holds up nobody and nothing else."""
        try:
            missing = self._missing()
        except FileUnreadable as error:
            troubles.append(("", error))
            return 0
        done = 0
        absent = dict[str, None]()
        for customer in missing:
            try:
                answer = self.execute(EraseAgain(actor=SYSTEM, customer=customer)).answer or {}
            except (DatabaseBusy, DatabaseUnusable):
                raise
            except CasewrightError as error:
                troubles.append((customer, error))
                continue
            done += int(answer["customers"])
            absent |= dict.fromkeys([answer["not_asked"]] if "not_asked" in answer else [])
        troubles += (("", _absent(plugins)) for plugins in absent)
        return done

    def _missing(self) -> tuple[str, ...]:
        with self.database.read():
            return self.erasing.missing()

    def _over(self) -> tuple[Overdue, ...]:
        with self.database.read():
            self.library.refreshed()
            return overdue(self.database, self.library, self.now(), limit=MOST_AT_ONCE)

    def _erase(
        self, one: Overdue, troubles: list[tuple[str, CasewrightError]], unasked: set[str]
    ) -> bool:
        command = EraseTicket(
            actor=RETENTION, ticket=one.ticket, reason=f"retention: {one.retention}"
        )
        try:
            answer = self.execute(command).answer or {}
        except (DatabaseBusy, DatabaseUnusable):
            raise
        except CasewrightError as error:
            troubles.append((one.ticket, error))
            return False
        unasked |= {answer["not_asked"]} if "not_asked" in answer else set()
        return True

    def _end(self, troubles: list[tuple[str, CasewrightError]]) -> None:
        with self.database.write():
            self._forget_dropped()
            retention.looked(self.database, to_microseconds(self.now()))
            command_journal.forget_salts(self.database, self.now() - REPEATED_WITHIN)
        try:
            self.erasing.remove_traces()
            self.erasing.sweep(self.now())
        except (DatabaseBusy, DatabaseUnusable, FileUnreadable) as error:
            troubles.append(("", error))

    def _forget_dropped(self) -> None:
        """Erase what came in and was dropped long ago: nobody will ask after it."""
        before = to_microseconds(self.now() - DROPPED_KEPT)
        count, files = arrivals.erase_old(self.database, before, MOST_FORGOTTEN)
        if count:
            traces.note(self.database, files)


def _absent(plugins: str) -> CommandRefused:
    template = (
        "customers who are to be erased wait until plugins that have tables can be asked to forget them; enable these:"
        " {plugins}"
    )
    return CommandRefused(reason=message(template, plugins=plugins))


def _unasked(plugins: str) -> CommandRefused:
    template = (
        "tickets were erased because their time was over, but these plugins have tables and were not there to be asked to"
        " forget them: {plugins}"
    )
    return CommandRefused(reason=message(template, plugins=plugins))
