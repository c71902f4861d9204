"""What a worker could do wrong, one by one: each sabotage must turn a check red, or the check proves nothing.

A sabotage is put into a worker's process before it begins. `UNDER_KILLS` says which check must find it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from operator import attrgetter
from threading import Event
from typing import Any, Protocol

from casewright import compact_json
from casewright.commands import Command, TimerFired, new_id
from casewright.delivery.channel import Accepted, Answer
from casewright.desk.working import firing, sending
from casewright.desk.working.back_door import Working
from casewright.desk.working.firing import Fired, Firing
from casewright.desk.working.sending import Task
from casewright.engine import ladder, ticking
from casewright.engine.ladder import Rung
from casewright.store import deliveries, inbox, lease, notices, outbox
from casewright.store.database import Database
from casewright.store.deliveries import StoredDelivery
from casewright.store.inbox import Due
from casewright.timekeeping import PromiseClock
from casewright.worker.senders import Answered, Senders


class Dwell(Protocol):
    """Dwells where a kill does harm, for long enough to be killed there.

    The thread that owns the desk names its database, in the middle of a transaction: nobody else can take the lease.
    """

    def __call__(self, database: Database | None = None) -> None: ...


class _Whatever:
    """Is the same as anything: a ticket that waits for every timer."""

    def get(self, name: str) -> "_Whatever":
        return self

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


def sweep_into_memory(dwell: Dwell) -> None:
    """Take due timers out in one transaction, and put them into the inbox in another."""
    swept = inbox.sweep

    def sweep(database: Database, now: int, limit: int) -> int:
        rows = database.execute("SELECT * FROM timer WHERE due_at <= ?", (now,)).fetchall()
        database.execute("DELETE FROM timer WHERE due_at <= ?", (now,))
        database.execute("COMMIT")
        database.execute("BEGIN IMMEDIATE")
        if rows:
            dwell(database)
        for row in rows:
            database.execute("INSERT OR IGNORE INTO timer VALUES (?, ?, ?)", tuple(row))
        return swept(database, now, limit)

    inbox.sweep = sweep


def empty_the_inbox_later(dwell: Dwell) -> None:
    """Fire in one transaction, take out of the inbox in another, and never look whether it was fired before."""
    kept: list[Due] = []
    fire, remove = Firing.fire, inbox.done

    def fire_and_remove(self: Firing) -> Fired:
        found = fire(self)
        with self.database.write():
            if kept:
                dwell(self.database)
            for one in kept:
                remove(self.database, one)
        kept.clear()
        return found

    inbox.done = lambda database, due: kept.append(due)
    Firing.fire = fire_and_remove  # type: ignore[method-assign]
    _take_every_timer_at_its_word()


def _take_every_timer_at_its_word() -> None:
    named, passed = firing._command, ladder.passed

    def passed_or_the_last_again(
        found: Iterable[Rung], clock: PromiseClock, consumed: timedelta
    ) -> list[Rung]:
        rungs = list(found)
        reached = [one for one in rungs if one.point <= consumed]
        return passed(rungs, clock, consumed) or reached[-1:]

    ticking._waiting = lambda ticket: _Whatever()  # type: ignore[assignment, return-value]
    ladder.passed = passed_or_the_last_again
    firing._command = lambda *given: replace(named(*given), command_id=new_id())


def fire_early() -> None:
    """Fire what will be due within the next hour, as soon as anything is due."""
    swept, due = inbox.sweep, inbox.due
    named, hour = firing._command, 3_600_000_000

    def command(*given: Any) -> Command:
        made = named(*given)
        assert isinstance(made, TimerFired)
        return replace(made, due_at=made.due_at - timedelta(hours=1))

    inbox.sweep = lambda database, now, limit: swept(database, now + hour, limit)
    inbox.due = lambda database, now, limit: due(database, now + hour, limit)
    ticking._waiting = lambda ticket: _Whatever()  # type: ignore[assignment, return-value]
    firing._command = command


def fire_the_newest_first() -> None:
    """Fire a batch in the wrong order."""
    due = inbox.due

    def reversed_batch(database: Database, now: int, limit: int) -> Sequence[Due]:
        return sorted(due(database, now, limit), key=attrgetter("due_at"), reverse=True)

    inbox.due = reversed_batch


def note_attempts_afterwards(dwell: Dwell) -> None:
    """Hand over first, and note the attempt with what came of it."""

    def begin(database: Database, delivery: StoredDelivery, at: int, lease_until: int) -> int:
        deliveries.put(database, delivery.id, "submitted", lease_until)
        return delivery.attempts + 1

    def end(
        database: Database, delivery: int, number: int, at: int, outcome: str, detail: str
    ) -> bool:
        database.execute(
            "INSERT OR REPLACE INTO delivery_attempt VALUES (?, ?, ?, ?, ?, ?)",
            (delivery, number, at, at, outcome, detail),
        )
        database.execute("UPDATE delivery SET attempts = ? WHERE id = ?", (number, delivery))
        return True

    deliveries.begin, deliveries.end = begin, end
    _answer_later(dwell)


def use_a_fresh_key_each_time(dwell: Dwell) -> None:
    """Hand every attempt over under a key of its own."""

    def handed(self: StoredDelivery) -> dict[str, Any]:
        return {**compact_json.decode(self.body), "key": new_id()}

    StoredDelivery.handed = property(handed)  # type: ignore[method-assign, assignment]
    _answer_later(dwell)


def _answer_later(dwell: Dwell) -> None:
    """Dwell between handing a message over and saying that it was accepted."""

    def send(self: Senders, under_way: Any) -> None:
        task: Task = under_way.task
        answer = self._channels[task.via].send(task.outgoing)
        if isinstance(answer, Accepted):
            dwell()
        self._arrived.put(Answered(task=task, answer=answer))
        under_way.finish()

    Senders._send = send  # type: ignore[method-assign]


def note_outcomes_twice() -> None:
    """Note what came of an attempt, and then once more."""
    conclude = sending.conclude

    def twice(site: Any, task: tuple[int, int], answer: Answer) -> bool:
        first = conclude(site, task, answer)
        if isinstance(answer, Accepted):
            for one in notices.of_delivery(site.database, task[0]):
                outbox.advance(site.database, one.id, "accepted", 0)
        return first

    sending.conclude = twice


def believe_in_what_was_not_sent(dwell: Dwell) -> None:
    """Note that a message was accepted, and then hand it over."""
    noted: defaultdict[tuple[int, int], Event] = defaultdict(Event)
    conclude = Working.conclude

    def conclude_and_tell(self: Working, task: Task, answer: Answer) -> bool:
        first = conclude(self, task, answer)
        noted[task.delivery, task.attempt].set()
        return first

    def send(self: Senders, under_way: Any) -> None:
        task: Task = under_way.task
        known = noted[task.delivery, task.attempt]
        self._arrived.put(Answered(task=task, answer=Accepted()))
        known.wait()
        dwell()
        self._channels[task.via].send(task.outgoing)
        under_way.finish()

    Working.conclude = conclude_and_tell  # type: ignore[method-assign]
    Senders._send = send  # type: ignore[method-assign]


def ignore_the_lease() -> None:
    """Work, whoever else does."""

    def take(
        database: Database, name: str, *, holder: str, now: int, length: int
    ) -> lease.Lease | None:
        database.execute(
            "INSERT OR REPLACE INTO lease (name, holder, until) VALUES (?, ?, ?)",
            (name, holder, now + length),
        )
        return None

    lease.take = take


def nothing() -> None:
    """Do nothing wrong."""


SABOTAGES: Mapping[str, Callable[[], None]] = {
    "": nothing,
    **{
        one.__name__: one
        for one in (
            fire_early,
            fire_the_newest_first,
            note_outcomes_twice,
            ignore_the_lease,
        )
    },
}
"""Those that do harm by themselves."""
DWELLING: Mapping[str, Callable[[Dwell], None]] = {
    one.__name__: one
    for one in (
        sweep_into_memory,
        empty_the_inbox_later,
        note_attempts_afterwards,
        use_a_fresh_key_each_time,
        believe_in_what_was_not_sent,
    )
}
"""Those that do harm when the worker is killed at a certain place, where they dwell."""
UNDER_KILLS: Mapping[str, str] = {
    "sweep_into_memory": "not fired",
    "empty_the_inbox_later": "fired twice",
    "fire_early": "fired early",
    "note_attempts_afterwards": "sent without a note",
    "use_a_fresh_key_each_time": "told twice",
    "note_outcomes_twice": "noted twice",
    "believe_in_what_was_not_sent": "not told",
    "ignore_the_lease": "two workers",
}
"""The check that finds a sabotage when workers are killed."""
