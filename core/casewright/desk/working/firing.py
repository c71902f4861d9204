"""Timers that have come due: swept into the inbox, then fired as commands, each exactly once, in order of due time."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from casewright.clock import from_microseconds, to_microseconds
from casewright.commands import Command, NoticeFailed, TimerFired
from casewright.errors import (
    DatabaseBusy,
    DatabaseUnusable,
    NothingChanges,
    PluginFailed,
    PluginMissing,
)
from casewright.jobs.backend import JobBackend
from casewright.model import TIMER, WORKER, Receipt
from casewright.store import details, held, inbox, notices
from casewright.store.database import Database
from casewright.store.inbox import Due
from casewright.swift_dataclass import dataclass

SWEPT_AT_ONCE = 500
FIRED_AT_ONCE = 100
"""Timers to a commit: enough that durability costs little, few enough that nobody waits for the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A timer that could not be fired; `final` ones are not tried again."""

    ticket: str
    timer: str
    error: Exception
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """What a batch of due timers came to; `lags` say by how much each was late.

    `stale` ones had nothing to say any more.
    """

    lags: tuple[timedelta, ...] = ()
    stale: int = 0
    troubles: tuple[Trouble, ...] = ()

    def __len__(self) -> int:
        return len(self.lags) + self.stale + len(self.troubles)


def sweep(database: Database, backend: JobBackend, now: datetime) -> int:
    """Move a batch of due timers into the inbox and hand out what is due, durably; return how many were moved."""
    moment = to_microseconds(now)
    with database.write():
        moved = inbox.sweep(database, moment, SWEPT_AT_ONCE)
        backend.hand_out(moment)
    return moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """Fires what is in the inbox: `execute` carries a command out as the system, `batch` makes many durable together."""

    database: Database
    backend: JobBackend
    execute: Callable[[Command], Receipt]
    batch: Callable[[], AbstractContextManager[None]]
    now: Callable[[], datetime]

    def fire(self) -> Fired:
        """Fire a batch of due timers; one that fails is tried again later and holds up no other."""
        due = self.backend.take(to_microseconds(self.now()), FIRED_AT_ONCE)
        if not due:
            return Fired()
        lags: list[timedelta] = []
        troubles: list[Trouble] = []
        try:
            with self.batch():
                for one in due:
                    lag = self._fire(one, troubles)
                    lags += [lag] if lag is not None else []
        except BaseException:
            self.backend.put_back()
            raise
        self.backend.done()
        stale = len(due) - len(lags) - len(troubles)
        return Fired(lags=tuple(lags), stale=stale, troubles=tuple(troubles))

    def _fire(self, due: Due, troubles: list[Trouble]) -> timedelta | None:
        """Fire one timer; return by how much it was late, or None if it had nothing to say."""
        try:
            with held.holding(self.database, due.due_at, to_microseconds(self.now())):
                receipt = self.execute(_command(due))
        except (DatabaseBusy, DatabaseUnusable):
            raise
        except NothingChanges:
            # Where the clock has gone back meanwhile, the timer is early, not stale.
            if to_microseconds(self.now()) >= due.due_at:
                inbox.done(self.database, due)
        except Exception as error:  # noqa: BLE001 (a border: recorded, and shown by `timer list`)
            troubles.append(self._trouble(due, error))
        else:
            inbox.done(self.database, due)
            if not receipt.repeated:
                return self.now() - from_microseconds(due.due_at)
        return None

    def _trouble(self, due: Due, error: Exception) -> Trouble:
        said = details.written(details.of_error(error))
        waits = isinstance(error, PluginFailed | PluginMissing)
        now = to_microseconds(self.now())
        final = inbox.failed(self.database, due, now, said, waits=waits)
        return Trouble(ticket=due.key, timer=due.name, error=error, final=final)


def _command(due: Due) -> Command:
    """Return what a row of the inbox stands for; its id lets it happen once.

    What comes due for a moment at which it fired before is another one: the ticket has gone on since.
    """
    identity = f"timer:{due.key}:{due.name}:{due.due_at}:{due.sequence}"
    kind, _, number = due.name.partition(":")
    if kind == notices.UNDELIVERABLE:
        return NoticeFailed(
            actor=WORKER,
            command_id=identity,
            ticket=due.key,
            notice=int(number),
        )
    return TimerFired(
        actor=TIMER,
        command_id=identity,
        ticket=due.key,
        name=due.name,
        due_at=from_microseconds(due.due_at),
    )
