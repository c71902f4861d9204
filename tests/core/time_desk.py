"""A small centre whose clock is driven: every timer is fired at its moment, by the sweep that the worker uses."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from casewright.clock import SetClock, from_microseconds
from casewright.commands import (
    AskExtension,
    DecideExtension,
    PublishCalendar,
    RefuseNotice,
    ReopenTicket,
    SetAbsence,
    TakeNotice,
    TimerFired,
)
from casewright.model import SYSTEM, Event, Receipt
from casewright.queries import GetTicket
from casewright.sla import fold
from casewright.sla.calendar import content_of
from casewright.store import inbox, notices
from casewright.store.notices import StoredNotice
from casewright.timekeeping import PromiseClock

from .small_centre import SmallCentre

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE: dict[str, Any] = {
    "calendar": "office",
    "title": {"en": "Office", "zh": "办公"},
    "zone": "Asia/Shanghai",
    "week": {"mon-fri": "09:00-18:00"},
}
HEAD = """\
workflow: matter
title: {en: Matter, zh: 事项}
prefix: MAT
form: matter
calendar: office
owner: user:olga
process_owner: user:paul
handler: opener
start: working
reopen: {policy: continue, to: working}
priority:
  - {set: urgent, when: "fields.urgent"}
  - {set: normal}
"""
STATES = """\
states:
  working:
    title: {en: Working, zh: 办理中}
    transitions:
      ask: {to: asking, by: anyone}
      hold: {to: held, by: anyone}
      check: {to: checking, by: anyone}
      note: {by: anyone}
      finish: {to: closed, by: anyone}
  asking:
    title: {en: Asking, zh: 待补充}
    waiting: customer
    transitions: {answered: {to: working, by: anyone}, end: {to: closed, by: anyone}}
  held:
    title: {en: Held, zh: 挂起}
    waiting: partner
    transitions: {resume: {to: working, by: anyone}}
  checking:
    title: {en: Checking, zh: 审核中}
    transitions: {rework: {to: working, by: anyone}, pass: {to: closed, by: anyone}}
  closed: {final: true, title: {en: Closed, zh: 已结}}
"""
TIME_ROLES = """\
roles:
  agent: {title: {en: Agent, zh: 座席}, permissions: [ticket.*, audit.verify]}
  head: {title: {en: Head, zh: 负责人}, permissions: [ticket.*]}
  team_leader: {title: {en: Team leader, zh: 班长}, permissions: [ticket.*]}
  monitor: {title: {en: Monitor, zh: 督办员}, permissions: [ticket.*]}
  reader: {title: {en: Reader, zh: 审计员}, permissions: [ticket.read]}
"""


class Told(NamedTuple):
    """A notice in few words: when, to whom, over which channel, why, at which threshold of which promise."""

    at: str
    to: str
    via: str
    reason: str
    threshold: str


class TimeDesk(SmallCentre):
    """A desk of one workflow. ana handles and olga owns; tess leads their team, mona monitors, paul owns the process."""

    people = MappingProxyType(
        {
            "ana": (("agent",), "one"),
            "ben": (("agent",), "one"),
            "cleo": (("agent",), "two"),
            "mona": (("monitor",), ""),
            "olga": (("head",), "one"),
            "paul": (("head",), ""),
            "rita": (("reader",), ""),
            "tess": (("team_leader",), "one"),
        }
    )

    def __init__(self, root: Any, clock: SetClock) -> None:
        super().__init__(root, clock)
        self.write("roles.yaml", TIME_ROLES)
        self.calendar(OFFICE)

    # --- setting up -------------------------------------------------------------------------------

    def calendar(self, data: dict[str, Any]) -> None:
        """Publish a calendar, and have its file for the workflows to come."""
        name = data["calendar"]
        self.write(f"workflows/calendars/{name}.yaml", content_of(data).decode())
        command = PublishCalendar(actor=SYSTEM, name=name, content=content_of(data))
        self.desk.execute_as_system(command)

    def promise(
        self, promises: str, ladder: str = "", *, more: str = "", states: str = STATES
    ) -> None:
        """Publish the workflow with these promises and ladders, each line as it stands below the word."""
        text = HEAD + more + states + "promises:\n" + _indented(promises)
        self.publish(text + ("ladder:\n" + _indented(ladder) if ladder else ""))

    # --- time -------------------------------------------------------------------------------------

    def run_until(self, moment: str | datetime) -> None:
        """Let time pass, and everything that falls due be done at its moment."""
        end = moment if isinstance(moment, datetime) else at(moment)
        working = self.desk.working()
        while True:
            with working.database.read():
                found = inbox.next_at(working.database)
            if found is None or from_microseconds(found) > end:
                break
            self.clock.set(max(self.clock.now(), from_microseconds(found)))
            if not self.drain():
                break
        self.clock.set(end)

    def jump_to(self, moment: str) -> None:
        """Let time pass with nobody there to notice, then do all that was missed."""
        self.clock.set(at(moment))
        self.drain()

    def drain(self) -> int:
        """Fire whatever is due now, and what that makes due at once; return how many timers there were."""
        working = self.desk.working()
        total = 0
        while True:
            swept, fired = working.sweep(), working.fire()
            assert not fired.troubles, fired.troubles
            total += len(fired)
            if not swept and not fired:
                return total

    def fire_stale(self, key: str, name: str, due: datetime) -> Receipt:
        """Say that a timer came due, as a worker would that swept it long ago."""
        command = TimerFired(actor=SYSTEM, ticket=key, name=name, due_at=due)
        return self.desk.execute_as_system(command)

    # --- asking -----------------------------------------------------------------------------------

    def clocks(self, key: str) -> dict[str, PromiseClock]:
        """Return the clocks of a ticket by promise."""
        return dict(self.desk.ask_as_system(GetTicket(actor=SYSTEM, ticket=key)).clocks)

    def clock_of(self, key: str, promise: str = "handling") -> PromiseClock:
        """Return one clock of a ticket."""
        return self.clocks(key)[promise]

    def due(self, key: str, promise: str = "handling") -> str | None:
        """Return when a promise is due, on a clock in Shanghai."""
        due = self.clock_of(key, promise).due_at
        return None if due is None else local(due)

    def consumed(self, key: str, promise: str = "handling") -> float:
        """Return the seconds of working time that a clock has run."""
        clock, library = self.clock_of(key, promise), self.desk.working().library
        with self.desk.working().database.read():
            return fold.consumed(clock, library.version, self.clock.now()).total_seconds()

    def booked(self, key: str, promise: str = "handling") -> dict[str, float]:
        """Return the seconds of working time by holder."""
        clock, library = self.clock_of(key, promise), self.desk.working().library
        with self.desk.working().database.read():
            shares = fold.booked(clock, library.version, self.clock.now())
        found: Counter[str] = Counter()
        for (holder, _), length in shares.items():
            found[holder] += length / timedelta(seconds=1)
        return {holder: seconds for holder, seconds in found.items() if seconds}

    def notices(self, key: str) -> list[StoredNotice]:
        """Return every notice of a ticket, oldest first."""
        database = self.desk.working().database
        with database.read():
            return list(reversed(notices.fitting(database, ticket=key, limit=1000)))

    def told(self, key: str, *, via: str = "notice") -> list[Told]:
        """Return who was told what over a channel, oldest first."""
        return [
            Told(
                local(from_microseconds(one.created_at)),
                one.recipient,
                one.via,
                one.reason,
                one.said.get("threshold", ""),
            )
            for one in self.notices(key)
            if one.via == via
        ]

    def whom(self, key: str, reason: str, *, via: str = "notice") -> list[str]:
        """Return whom a ticket's notices of one reason went to, in order."""
        return [one.to for one in self.told(key, via=via) if one.reason == reason]

    def notice_to(self, key: str, person: str, *, reason: str = "warning") -> int:
        """Return the number of the newest notice that somebody had."""
        found = [
            one.id
            for one in self.notices(key)
            if (one.recipient, one.reason) == (person, reason)
        ]
        return found[-1]

    def events(self, key: str, kind: str) -> list[Event]:
        """Return a ticket's events of one kind, oldest first."""
        return [event for event in self.history(key) if event.kind == kind]

    # --- doing ------------------------------------------------------------------------------------

    def take(
        self, key: str, person: str, until: str | None = None, *, reason_of: str = "warning"
    ) -> Receipt:
        number = self.notice_to(key, person, reason=reason_of)
        moment = at(until) if until else None
        command = TakeNotice(actor=person, ticket=key, notice=number, until=moment)
        return self.desk.execute(command)

    def refuse(
        self, key: str, person: str, reason: str = "not mine", *, reason_of: str = "warning"
    ) -> Receipt:
        number = self.notice_to(key, person, reason=reason_of)
        command = RefuseNotice(actor=person, ticket=key, notice=number, reason=reason)
        return self.desk.execute(command)

    def ask_for_more(
        self, key: str, by: str = "1 day", *, actor: str = "ana", **more: Any
    ) -> Receipt:
        said = {"promise": "handling", "reason": "the part is late", "by": by, **more}
        return self.desk.execute(AskExtension(actor=actor, ticket=key, **said))

    def decide(self, key: str, actor: str, grant: bool = True, reason: str = "") -> Receipt:
        command = DecideExtension(
            actor=actor, ticket=key, promise="handling", grant=grant, reason=reason
        )
        return self.desk.execute(command)

    def reopen(self, key: str) -> Receipt:
        return self.desk.execute(ReopenTicket(actor="ana", ticket=key, reason="again"))

    def away(self, person: str, deputy: str = "") -> None:
        """Note that somebody is away from now on."""
        command = SetAbsence(actor=SYSTEM, name=person, deputy=deputy)
        self.desk.execute_as_system(command)


def at(text: str) -> datetime:
    """Return the moment that a wall clock in Shanghai shows: `2026-03-02 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def local(moment: datetime) -> str:
    """Return a moment as a wall clock in Shanghai shows it; seconds only where there are any."""
    shown = moment.astimezone(SHANGHAI).replace(tzinfo=None).isoformat(sep=" ")
    return shown.removesuffix(":00") if moment.second == 0 else shown


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.strip("\n").splitlines())
