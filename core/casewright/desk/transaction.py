"""One command's transaction: what the engine may look at, and the writing of what it decided."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, cast

from casewright.clock import to_microseconds
from casewright.commands import ReplyToCustomer
from casewright.desk.library import Library
from casewright.engine import reach
from casewright.engine.draft import Change, Outcome, TakenBack
from casewright.engine.recording import CONTACT
from casewright.engine.situation import (
    NoticeFacts,
    PluginCalls,
    Situation,
    WordedReply,
)
from casewright.errors import TicketRefused, message
from casewright.model import Customer, Person
from casewright.plugins.host import Plugins
from casewright.store import (
    codec,
    contacts,
    customers,
    history,
    notices,
    outbox,
    plugin_jobs,
    reaching,
    timers,
)
from casewright.store.database import Database
from casewright.store.tickets import Tickets


def situation(
    database: Database,
    library: Library,
    *,
    actor: Person,
    now: datetime,
    sees: Callable[[str], bool] = lambda key: True,
    reply: Callable[[ReplyToCustomer], WordedReply] | None = None,
    plugins: Plugins | None = None,
) -> tuple[Situation, Tickets]:
    """Return what the engine may look at, as of `now`, and the tickets it reads through.

    `sees` tells whether the actor may see a ticket: needed where tickets that the command did not name may be told of.
    `reply` words an answer to the customer, where one may go out. Without `plugins` those of the library are opened when
    they are first asked.
    """
    tickets = Tickets(database, now, library.personal)
    settings = library.configuration()

    def new_key(prefix: str, moment: datetime) -> tuple[str, int]:
        number = tickets.next_number(prefix, moment.year)
        return f"{prefix}-{moment.year}-{number:06d}", number

    def customer(identity: str) -> Customer | None:
        return customers.current(database, identity)

    seen = Situation(
        now=now,
        actor=actor,
        tickets=tickets,
        people=settings,
        roles=settings.roles,
        keys=settings.keys,
        customer=customer,
        calendars=library,
        notice=partial(_notice_facts, database),
        current=library.current,
        pinned=library.pinned,
        new_key=new_key,
        plugins=plugins or cast(PluginCalls, _Deferred(library)),
        sees=sees,
        history=partial(history.events, database),
        **({} if reply is None else {"reply": reply}),
    )
    return seen, tickets


class _Deferred:
    """The plugins of a desk, not opened before something is asked of them."""

    __slots__ = ("_library",)

    def __init__(self, library: Library) -> None:
        self._library = library

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library.plugins, name)


def record(
    database: Database,
    tickets: Tickets,
    outcome: Outcome,
    now: datetime,
    seen: Situation | None = None,
) -> None:
    """Write state, history and outbox of an outcome, in the order of the tickets' keys.

    In the situation `seen` it is worked out by what the tickets are found now; without one they are found as before.
    """
    rows: dict[str, tuple[int, int]] = {}
    for change in sorted(outcome.changes, key=lambda one: one.after.key):
        number = _write(database, tickets, change)
        rows[change.after.key] = (number, change.after.sequence)
        if seen is not None:
            _place(database, number, change, seen)
    for key, beginning in outcome.silenced:
        outbox.silence(database, rows[key][0], f"{key}/{beginning}", now)
    if outcome.taken_back is not None:
        _withdraw(database, rows[outcome.taken_back.ticket][0], outcome.taken_back, now)
    for hop in outcome.hops:
        outbox.advance(database, hop.notice, hop.state, to_microseconds(now), hop.detail)
    if outcome.wakes:
        _wake(database, outcome, now)
    if outcome.effects:
        effects = ((*rows[one.ticket], one) for one in outcome.effects)
        outbox.promise(database, effects, now, outcome.held_until)


def _withdraw(database: Database, number: int, back: TakenBack, now: datetime) -> None:
    """Let nothing come of an event that was taken back; TicketRefused where something of it is on its way."""
    outbox.speak_again(database, number, back.at, now)
    if not outbox.withdraw(database, number, back.sequence, now):
        reason = message("what it promised has been sent already")
        raise TicketRefused(ticket=back.ticket, reason=reason)


def _wake(database: Database, outcome: Outcome, now: datetime) -> None:
    for plugin, job in outcome.wakes:
        plugin_jobs.wake(database, plugin, [job], to_microseconds(now))


def _write(database: Database, tickets: Tickets, change: Change) -> int:
    sealed = codec.seal(change.event)
    if change.before is None:
        head = codec.chained(history.BEGINNING, sealed.body)
        number = tickets.insert(change.after, head)
    else:
        head = codec.chained(tickets.head(change.after.key), sealed.body)
        number = tickets.update(change.before, change.after, head)
    history.append(database, number, change.event, sealed, head)
    if change.event.kind == CONTACT and change.after.customer is not None:
        contacts.note(database, number, change.after.customer, change.event)
    timers.arm(database, number, change.before, change.after)
    return number


def _place(database: Database, number: int, change: Change, seen: Situation) -> None:
    """Let a ticket be found where it is now; most events leave it where it was, and cost nothing."""
    before, after = change.before, change.after
    if reach.may_have_moved(before, after, seen.pinned(after.bundle)):
        reaching.write(database, number, reach.places(after, seen), new=before is None)


def _notice_facts(database: Database, number: int) -> NoticeFacts | None:
    stored = notices.get(database, number)
    if stored is None:
        return None
    said = stored.said
    return NoticeFacts(
        number=number,
        ticket=stored.ticket,
        recipient=stored.recipient,
        via=stored.via,
        state=stored.state,
        reason=stored.reason,
        promise=said.get("promise", ""),
        run=said.get("run", 0),
        twins=tuple(notices.twins(database, stored)),
    )
