"""Whatever happens to tickets and however late it is noticed, their clocks say what a slow book of minutes says."""

import atexit
import shutil
import tempfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.time_desk import SHANGHAI, TimeDesk

from casewright.clock import SetClock, from_microseconds
from casewright.commands import (
    AnswerSupervision,
    AssignTicket,
    EditFields,
    EndAbsence,
    RecordContact,
    SuperviseTicket,
)
from casewright.engine import aiming, ladder, ringing, timing
from casewright.engine.draft import Draft, Work
from casewright.engine.ladder import Rung
from casewright.errors import CasewrightError
from casewright.model import SYSTEM, Event, Ticket
from casewright.queries import VerifyAudit
from casewright.sla import fold
from casewright.sla.calendar import digest_of
from casewright.store import history, inbox, timers
from casewright.timekeeping import PromiseClock, timers_of

from .test_machine import IN_MEMORY
from .witness import InvariantBroken, must_hold

BEGINNING = datetime(2026, 3, 26, 1, 0, tzinfo=UTC)
"""Thursday 09:00 in Shanghai; three days later Berlin puts its clocks forward."""
MINUTE = timedelta(minutes=1)
HORIZON = 120 * 24 * 60

LUNCH: dict[str, Any] = {
    "calendar": "lunch",
    "title": {"en": "With lunch", "zh": "有午休"},
    "zone": "Asia/Shanghai",
    "week": {"mon-fri": "09:00-12:00, 13:00-18:00"},
    "years": {
        "2026": {"published": True, "holidays": {"2026-03-31": {"en": "Off", "zh": "休"}}}
    },
}
SHORT = {**LUNCH, "week": {"mon-fri": "09:00-12:00", "sat": "09:00-11:00"}}
BERLIN: dict[str, Any] = {
    "calendar": "berlin",
    "title": {"en": "Berlin", "zh": "柏林"},
    "zone": "Europe/Berlin",
    "week": {"mon-sun": "00:00-06:00, 08:00-17:00"},
}
CALENDARS = (LUNCH, SHORT, BERLIN)
TWICE = """
    SELECT sequence, recipient, via, count(*) FROM notice JOIN ticket ON ticket.id = ticket_id
    WHERE ticket.key = ? AND reason IN ('warning', 'breach', 'after_breach', 'next_level', 'nobody_to_tell')
    GROUP BY 1, 2, 3 HAVING count(*) > 1
""".replace(" sequence", " notice.sequence")
WITHIN = {"urgent": 4 * 60, "normal": 8 * 60}
"""Minutes that `handling` may take, by priority."""

PROMISES = """\
handling:
  from: opened
  until: closed
  within: {urgent: 4 hours, high: 6 hours, normal: 8 hours}
  pauses: [asking, held]
  due: =fields.due
  calendar: lunch
  extend: {granted_by: [owner, role:monitor]}
response: {from: opened, until: contacted, within: 3 hours, calendar: berlin, again: stay met}
verify: {from: checking, until: [rework, pass], within: 90 minutes, calendar: lunch, again: restart}
"""
LADDERS = """\
handling:
  - {at: 50%, tell: handler, taken_within: 1 hour}
  - {at: 1 hour before, tell: [handler, owner], via: [notice, sms]}
  - {at: 100%, tell: [handler, owner], via: [notice, sms]}
  - {at: 2 hours after, tell: team_lead}
  - {every: 3 hours, from: 100%, times: 4, tell: role:monitor}
response: [{at: 80%, tell: handler}, {at: 100%, tell: [handler, owner]}, {every: 1 hour, from: 100%, times: 3, tell: owner}]
verify: [{at: 50%, tell: owner}, {at: 100%, tell: [owner, team_lead]}]
"""
PAUSES = {"handling": ("asking", "held"), "response": (), "verify": ()}


# --- the slow book -----------------------------------------------------------------------------


@cache
def worked(name: str) -> list[int]:
    """Return, for every minute since the beginning, how many working minutes had passed: counted one by one."""
    data = next(one for one in CALENDARS if digest_of(one) == name)
    zone, passed = ZoneInfo(data["zone"]), [0]
    for minute in range(HORIZON):
        local = (BEGINNING + minute * MINUTE).astimezone(zone)
        passed.append(passed[-1] + _works(data, local.date(), local.time()))
    return passed


def _works(data: dict[str, Any], day: date, moment: time) -> bool:
    if day.isoformat() in data.get("years", {}).get("2026", {}).get("holidays", {}):
        return False
    week = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    for days, hours in data["week"].items():
        first, _, last = days.partition("-")
        if week.index(first) <= day.weekday() <= week.index(last or first):
            return any(_within(moment, *one.strip().split("-")) for one in hours.split(","))
    return False


def _within(moment: time, start: str, end: str) -> bool:
    return time.fromisoformat(start) <= moment and moment < time.fromisoformat(end)


def minute_of(moment: datetime) -> int:
    """Return the minute since the beginning that has been completed at `moment`."""
    return (moment - BEGINNING) // MINUTE


def minutes_of(length: timedelta) -> int:
    return length // MINUTE


def last_working_minute(day: str, calendar: str) -> int:
    """Return when work ends last on or before the end of a day in Shanghai."""
    midnight = datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), SHANGHAI)
    passed, minute = worked(calendar), minute_of(midnight.astimezone(UTC))
    while passed[minute] == passed[minute - 1]:
        minute -= 1
    return minute


@dataclass
class Line:
    """From a minute on: the state a ticket stood in and the calendar version that counted."""

    since: int
    state: str
    calendar: str


@dataclass
class Book:
    """What is known of one promise of one ticket by writing down what happened to it, in minutes."""

    pauses: tuple[str, ...]
    target: int
    lines: list[Line] = field(default_factory=list)
    asked: tuple[str, int] = ("normal", 0)
    deadline: int | None = None
    breached: int | None = None

    def elapsed(self, until: int, *, everything: bool = False) -> int:
        """Return the working minutes until a minute; those it stood still only where asked."""
        total = 0
        for line, end in self._stretches(until):
            if everything or self._runs(line):
                total += worked(line.calendar)[end] - worked(line.calendar)[line.since]
        return total

    def due(self, now: int) -> int | None:
        """Return the minute at which it is due as it runs now; None while it stands still."""
        if not self._runs(self.lines[-1]):
            return None
        reached = self._reached(now)
        return reached if self.deadline is None else min(reached, self.deadline)

    def _reached(self, now: int) -> int:
        left = self.target
        for line, end in self._stretches(HORIZON):
            passed = worked(line.calendar)
            if not self._runs(line):
                continue
            if passed[end] - passed[line.since] >= left:
                return (
                    line.since if left <= 0 else bisect_left(passed, passed[line.since] + left)
                )
            left -= passed[end] - passed[line.since]
        raise AssertionError("the horizon of the book is too near")

    def _runs(self, line: Line) -> bool:
        return line.state not in (*self.pauses, "closed")

    def _stretches(self, until: int) -> Iterator[tuple[Line, int]]:
        ends = [*(line.since for line in self.lines[1:]), until]
        for line, end in zip(self.lines, ends, strict=True):
            if line.since < until:
                yield line, min(end, until)


# --- what happens ------------------------------------------------------------------------------

WAITS = (1, 7, 30, 59, 60, 90, 180, 240, 600, 1440, 4000)
MOVES = ("ask", "answered", "hold", "resume", "check", "rework", "pass", "finish", "note")
DEEDS = (
    "wait", "wait", "wait", "wait", "sleep", "sleep", *MOVES, "reopen", "urgent", "calm", "deadline", "assign",
    "contact", "extend", "grant", "deny", "more", "more", "take", "take", "refuse",
    "shorten", "lengthen", "away", "back", "supervise", "answer",
)  # fmt: skip
"""`sleep` lets time pass with no worker there; `wait` fires everything at its moment."""
PEOPLE = ("ana", "ben", "olga", "tess", "mona")

Deeds = list[tuple[str, int, int]]


class Course:
    """Two tickets on one desk, what happens to them, and the books kept of it."""

    def __init__(self, desk: TimeDesk) -> None:
        self.desk, self.calendar = desk, digest_of(LUNCH)
        self.keys = [desk.open(), desk.open()]
        self.books = {}
        for key in self.keys:
            self.books[key, "handling"] = Book(("asking", "held"), WITHIN["normal"])
            self.books[key, "response"] = Book((), 180)
        self.breaches: dict[tuple[str, str, int], datetime] = {}
        self.kinds = Counter[str]()
        self._write_down()

    def do(self, deed: str, which: int, amount: int) -> None:
        """Do something, let everything due be done, and check what must hold."""
        key = self.keys[which % len(self.keys)]
        if deed == "wait":
            self.desk.run_until(self.desk.clock.now() + WAITS[amount % len(WAITS)] * MINUTE)
        elif deed == "sleep":
            self.desk.clock.advance(WAITS[amount % len(WAITS)] * MINUTE)
        self._note_breaches()
        if deed not in ("wait", "sleep"):
            with suppress(CasewrightError):
                self._deed(deed, key, amount)
        self._write_down()
        self.desk.drain()
        self._write_down()
        self.check()

    def _deed(self, deed: str, key: str, amount: int) -> None:
        desk, run, person = self.desk, self.desk.desk.execute, PEOPLE[amount % len(PEOPLE)]
        about = {"actor": "ana", "ticket": key}
        day = (BEGINNING + timedelta(days=amount % 9)).date().isoformat()
        deputy = "ben" if amount % 3 and person != "ben" else ""
        match deed:
            case "reopen":
                desk.reopen(key)
            case "urgent" | "calm":
                run(EditFields(**about, fields={"urgent": deed == "urgent"}))
            case "deadline":
                run(EditFields(**about, fields={"due": day if amount % 5 else None}))
            case "assign":
                run(AssignTicket(**about, handler=person if amount % 4 else None))
            case "contact":
                run(RecordContact(**about, kind="attempt", reached=amount % 2 == 0))
            case "extend":
                desk.ask_for_more(key, ("2 hours", "1 day")[amount % 2])
            case "more":
                desk.ask_for_more(key, ("2 hours", "1 day")[amount % 2])
                granter = "mona" if desk.clock_of(key).extensions else "olga"
                desk.decide(key, granter)
            case "grant" | "deny":
                desk.decide(key, ("olga", "mona")[amount % 2], deed == "grant", "so be it")
            case "take" | "refuse":
                self._react(deed, key, amount)
            case "shorten" | "lengthen":
                data = SHORT if deed == "shorten" else LUNCH
                desk.calendar(data)
                self.calendar = digest_of(data)
            case "away":
                desk.away(person, deputy)
            case "back":
                desk.desk.execute_as_system(EndAbsence(actor=SYSTEM, name=person))
            case "supervise":
                run(SuperviseTicket(actor="mona", ticket=key, reason="late"))
            case "answer":
                run(AnswerSupervision(**about, text="done"))
            case _:
                desk.fire(key, deed)

    def _react(self, deed: str, key: str, amount: int) -> None:
        found = [one for one in self.desk.notices(key) if one.via == "notice"][-3:]
        if found:
            one = found[amount % len(found)]
            act = self.desk.take if deed == "take" else self.desk.refuse
            act(key, one.recipient, reason_of=one.reason)

    # --- the books --------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        return minute_of(self.desk.clock.now())

    def _write_down(self) -> None:
        """Note where each ticket stands, and what its target and deadline have become by the rules."""
        for (key, promise), book in self.books.items():
            ticket = self.desk.ticket(key)
            clock = ticket.clocks[promise]
            calendar = self.calendar if promise == "handling" else digest_of(BERLIN)
            line = Line(self.now, "closed" if clock.end else ticket.state, calendar)
            last = book.lines[-1] if book.lines else None
            if last is not None and last.state == line.state == "closed":
                continue
            if last is None or (last.state, last.calendar) != (line.state, line.calendar):
                book.lines.append(line)
            if promise == "handling" and book.breached is None and not clock.end:
                self._aim(book, ticket, clock)
        self._note_breaches()

    def _aim(self, book: Book, ticket: Ticket, clock: PromiseClock) -> None:
        asked = (ticket.priority, len(clock.extensions))
        if book.asked[0] != asked[0]:
            book.target = max(WITHIN[ticket.priority], book.elapsed(self.now))
        elif book.asked != asked:
            assert clock.target is not None
            book.target = minutes_of(clock.target)
        book.asked = asked
        day = ticket.fields.get("due")
        book.deadline = None if day is None else last_working_minute(day, self.calendar)

    def _note_breaches(self) -> None:
        for book in self.books.values():
            due = book.due(self.now)
            if book.breached is None and due is not None and due <= self.now:
                book.breached = due

    # --- what must hold ---------------------------------------------------------------------------

    def check(self) -> None:
        """Check what must hold of the histories, of the timers, and of every clock."""
        for key in self.keys:
            self._check_history(key)
        waiting = {
            (key, name, due)
            for key in self.keys
            for name, due in self._timers_of(self.desk.ticket(key)).items()
        }
        stored = self._stored()
        must_hold("the timers are the tickets' own", stored == waiting, stored ^ waiting)
        now = self.desk.clock.now()
        early = [one for one in waiting if one[2] <= now]
        must_hold("what is due is fired", not early, early)
        for (key, promise), book in self.books.items():
            self._check_clock(self.desk.clock_of(key, promise), key, book)

    def _check_clock(self, clock: PromiseClock, key: str, book: Book) -> None:
        where, end = (key, clock), self.now if not clock.end else book.lines[-1].since
        used = minutes_of(timedelta(seconds=self.desk.consumed(key, clock.promise)))
        must_hold("time used is what the minutes say", used == book.elapsed(end), where)
        shares = sum(self.desk.booked(key, clock.promise).values()) / 60
        whole = book.elapsed(end, everything=True)
        must_hold("the shares sum to all time", shares == whole, (where, shares, whole))
        breached = None if clock.breached_at is None else minute_of(clock.breached_at)
        must_hold("a breach is when it was due", breached == book.breached, (where, book))
        if clock.state == "running":
            due = None if clock.due_at is None else minute_of(clock.due_at)
            must_hold("due is what the minutes say", due == book.due(self.now), (where, book))
        if clock.breached_at is not None:
            known = self.breaches.setdefault((key, clock.promise, clock.run), clock.breached_at)
            must_hold("a breach is for good", known == clock.breached_at == clock.due_at, where)

    def _timers_of(self, ticket: Ticket) -> dict[str, datetime]:
        return timers_of(ticket.clocks, ticket.alarms, ticket.follow_ups)

    def _stored(self) -> set[tuple[str, str, datetime]]:
        database = self.desk.desk.working().database
        with database.read():
            found = inbox.open_timers(database, until=None, ticket=None, limit=1000)
            swept = inbox.waiting(database, failed=False, ticket=None, limit=1000)
        rows = [*found, *swept]
        return {(one.key, one.name, from_microseconds(one.due_at)) for one in rows}

    def end(self) -> None:
        """Check the audit, and count what happened."""
        for key in self.keys:
            self.kinds.update(event.kind for event in self.desk.history(key))
        whole = self.desk.desk.ask(VerifyAudit(actor="ana"))
        must_hold("the audit holds", whole.ok, whole)

    def _check_history(self, key: str) -> None:
        state, runs = "", dict[str, tuple[int, timedelta | None]]()
        fired, timers = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        for event in self.desk.history(key):
            if event.kind == "TimerFired":
                timer, due = event.facts["timer"], event.facts["due"]
                stood = state in ("asking", "held") and timer == "promise:handling"
                noticed = "breached" in event.facts  # before the pause, and told of late
                outside = event.facts.get("thresholds") == [
                    "deadline"
                ]  # told, and breaks nothing
                may = noticed or outside or not stood
                must_hold("nothing fires while it stands still", may, event)
                timers[timer, due] += 1
            state = event.changes.get("state", state)
            for name, clock in event.changes.get("clocks", {}).items():
                if runs.get(name) != (clock.run, clock.goal):
                    known = [one for one in fired if one[0] == name]
                    again = [
                        one for one in known if not self._lies_behind(key, one, clock, event)
                    ]
                    again += [one for one in timers if one[0] == f"promise:{name}"]
                    for one in again:
                        fired.pop(one, None), timers.pop(one, None)
                runs[name] = (clock.run, clock.goal)
            fired.update(
                (event.facts["promise"], one) for one in event.facts.get("thresholds", ())
            )
            must_hold("a threshold fires once", max(fired.values(), default=0) <= 1, event)
            must_hold("a timer fires once", max(timers.values(), default=0) <= 1, event)
        database = self.desk.desk.working().database
        with database.read():
            twice = database.execute(TWICE, (key,)).fetchall()
        must_hold("nobody is told twice at once", not twice, twice)

    def _lies_behind(
        self, key: str, fired: tuple[str, str], clock: PromiseClock, event: Event
    ) -> bool:
        """Whether a threshold that fired still lies behind, now that the goal is another: then it stays spent."""
        promise, threshold = fired
        if promise != "handling" or clock.goal is None:
            return False
        goal = minutes_of(clock.goal)
        points = {"50%": goal / 2, "1 hour before": goal - 60, "100%": goal}
        used = self.books[key, promise].elapsed(minute_of(event.at))
        return points.get(threshold, 0) <= used


# --- the tests ---------------------------------------------------------------------------------


@cache
def _template() -> Path:
    """Return a workspace with the workflow and the calendars published."""
    root = Path(tempfile.mkdtemp(dir=IN_MEMORY, prefix="casewright-clocks-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    desk = TimeDesk(root, SetClock(BEGINNING))
    desk.calendar(BERLIN)
    desk.calendar(LUNCH)
    desk.promise(PROMISES, LADDERS)
    desk.desk.close()
    return root


@contextmanager
def a_desk() -> Iterator[TimeDesk]:
    """A desk of the workflow, with a database of its own."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        root = Path(folder) / "desk"
        shutil.copytree(_template(), root)
        desk = TimeDesk(root, SetClock(BEGINNING))
        try:
            yield desk
        finally:
            desk.desk.close()


def take_course(deeds: Deeds) -> Course:
    """Do these things one after the other; InvariantBroken at the first that gives way."""
    with a_desk() as desk:
        course = Course(desk)
        for deed, which, amount in deeds:
            course.do(deed, which, amount)
        course.end()
        return course


def deeds_of(seed: int) -> Deeds:
    """Return the things to do that follow from one number."""
    chance = Random(seed)
    return [
        (chance.choice(DEEDS), chance.randint(0, 1), chance.randint(0, 99))
        for _ in range(chance.randint(10, 40))
    ]


COURSES = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.integers(0, 1), st.integers(0, 99)),
    min_size=10,
    max_size=40,
)
PROFILE: dict[str, Any] = {
    "database": None,
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
}


KINDS = ("TimerFired", "ExtensionDecided", "NoticeTaken", "NoticeRefused", "ClocksRecalculated", "TicketReopened",
         "SupervisionAnswered", "ContactRecorded", "TicketAssigned")  # fmt: skip
EXAMPLES = 25
"""Numbers in a row: what Hypothesis would draw depends on which modules other tests have imported before."""


def test_clocks_say_what_a_slow_book_of_minutes_says():
    breached, kinds = Counter[bool](), Counter[str]()

    for seed in range(EXAMPLES):
        course = take_course(deeds_of(seed))
        breached.update(book.breached is not None for book in course.books.values())
        kinds.update(course.kinds)

    assert min(breached[True], breached[False]) >= 10, breached
    assert min(kinds[kind] for kind in KINDS) >= 1, kinds


@pytest.mark.soak
def test_clocks_say_for_long_what_a_slow_book_of_minutes_says():
    @settings(max_examples=3000, print_blob=True, **PROFILE)
    @given(COURSES)
    def they_do(deeds: Deeds) -> None:
        take_course(deeds)

    they_do()


# --- each of these rules can be seen to fail ----------------------------------------------------

Patch = pytest.MonkeyPatch


def used_time_counts_pauses(patch: Patch) -> None:
    patch.setattr(
        fold, "consumed",
        lambda clock, versions, at: sum(fold.booked(clock, versions, at).values(), timedelta()),
    )  # fmt: skip


def pauses_count(patch: Patch) -> None:
    span = timing._span
    patch.setattr(timing, "_span", lambda *given: replace(span(*given), paused=False))


def the_customers_share_is_lost(patch: Patch) -> None:
    booked = fold.booked
    patch.setattr(
        fold, "booked",
        lambda *given: {whose: one for whose, one in booked(*given).items() if whose[0] != "customer"},
    )  # fmt: skip


def deadlines_are_ignored(patch: Patch) -> None:
    patch.setattr(fold, "_earlier", lambda one, other: one or other)


def a_breach_is_when_it_was_noticed(patch: Patch) -> None:
    breached = fold.breached

    def late(clock: PromiseClock, versions: Any, now: datetime) -> PromiseClock:
        found = breached(clock, versions, now)
        return found if found is clock else replace(found, breached_at=now, due_at=now)

    patch.setattr(fold, "breached", late)


def a_breach_is_forgiven(patch: Patch) -> None:
    settled = fold.settled
    patch.setattr(
        fold, "settled",
        lambda clock, versions: settled(replace(clock, breached_at=None, noticed_at=None), versions),
    )  # fmt: skip


def a_timer_is_left_behind(patch: Patch) -> None:
    arm = timers.arm
    patch.setattr(
        timers, "arm", lambda database, number, _, after: arm(database, number, None, after)
    )


def nobody_sweeps(patch: Patch) -> None:
    patch.setattr(inbox, "sweep", lambda *_: 0)


def timers_run_on_in_a_pause(patch: Patch) -> None:
    next_moment = ladder.next_moment

    def restless(found: list[Rung], clock: PromiseClock, versions: Any) -> datetime | None:
        running = replace(clock.spans[-1], paused=False)
        return next_moment(found, replace(clock, spans=(*clock.spans[:-1], running)), versions)

    patch.setattr(ladder, "next_moment", restless)
    patch.setattr(ladder, "passed", lambda found, clock, _: [
        one for one in found if one.name not in clock.fired
    ][:1])  # fmt: skip


def every_threshold_is_armed_again(patch: Patch) -> None:
    rearmed = aiming.rearmed

    def all_of_them(work: Work, draft: Draft, clock: PromiseClock, old: Any) -> PromiseClock:
        later = rearmed(work, draft, clock, old)
        return later if later is clock else replace(later, fired=())

    patch.setattr(aiming, "rearmed", all_of_them)


def nobody_remembers_who_was_told(patch: Patch) -> None:
    patch.setattr(
        ringing, "_keep_once",
        lambda work, ringing, before: [one.to for one in work.effects[before:]],
    )  # fmt: skip


def a_calendar_is_edited_unnoticed(patch: Patch) -> None:
    patch.setattr(timers, "recalculate", lambda *_: 0)


def a_hash_is_wrong(patch: Patch) -> None:
    append = history.append
    patch.setattr(history, "append", lambda *parts: append(*parts[:-1], bytes(32)))


USED = "time used is what the minutes say"
SHARES = "the shares sum to all time"
DUE = "due is what the minutes say"
BREACHED = "a breach is when it was due"
SABOTAGES = [
    (used_time_counts_pauses, {USED}),
    (pauses_count, {USED, DUE, "nothing fires while it stands still"}),
    (a_calendar_is_edited_unnoticed, {USED, SHARES, DUE, BREACHED}),
    (the_customers_share_is_lost, {SHARES}),
    (deadlines_are_ignored, {DUE, BREACHED}),
    (a_breach_is_when_it_was_noticed, {BREACHED}),
    (a_breach_is_forgiven, {BREACHED, "a breach is for good"}),
    (a_timer_is_left_behind, {"the timers are the tickets' own"}),
    (nobody_sweeps, {"what is due is fired"}),
    (
        timers_run_on_in_a_pause,
        {"nothing fires while it stands still", "the timers are the tickets' own"},
    ),
    (every_threshold_is_armed_again, {"a threshold fires once"}),
    (nobody_remembers_who_was_told, {"nobody is told twice at once"}),
    (a_hash_is_wrong, {"the audit holds"}),
]
"""What spoils which rule; where it spoils several, the first to be looked at is the one that breaks."""
SHOWN_BY = {
    a_calendar_is_edited_unnoticed: 8,
    deadlines_are_ignored: 24,
    every_threshold_is_armed_again: 41,
}
"""A course that shows it, where the very first does not."""


@pytest.mark.parametrize(
    ("sabotage", "rules"), SABOTAGES, ids=[one.__name__ for one, _ in SABOTAGES]
)
def test_what_is_spoilt_about_time_is_noticed(monkeypatch, sabotage, rules):
    _template()
    sabotage(monkeypatch)

    def go_on() -> None:
        for seed in (SHOWN_BY.get(sabotage, 0), *range(300)):
            take_course(deeds_of(seed))

    with pytest.raises(InvariantBroken) as broken:
        go_on()

    assert broken.value.invariant in rules
