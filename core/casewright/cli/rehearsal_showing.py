"""A rehearsal as people read it: what happened when, how each promise went, and what is to be mended."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from casewright.answers import Notice
from casewright.cli.answer import Heading
from casewright.cli.output import columns_here, table, wrap
from casewright.cli.reading import Reader
from casewright.cli.session import Session
from casewright.model import Event, Ticket
from casewright.rehearse.report import Finding, PromiseRun, Refusal, Rehearsal, Row, Told
from casewright.telling.kinds import NOTICE_STATES
from casewright.telling.notices import REASONS
from casewright.telling.story import sentence
from casewright.telling.story_time import TimeStory, person
from casewright.telling.time_words import local
from casewright.texts import text

KINDS = {
    "transition": text("transition"),
    "timer": text("timer"),
    "event": text("event"),
    "notice": text("notice"),
    "refusal": text("refusal"),
}
STANDS = {
    "running": text("running"),
    "paused": text("paused"),
    "met": text("kept"),
    "breached": text("overdue"),
    "cancelled": text("cancelled"),
}
_TITLES = (text("time"), text("what"), text("ticket"), text("who"), text("over"), text("why"))
_PROMISES = (
    text("promise"),
    text("ticket"),
    text("stands"),
    text("began"),
    text("due"),
    text("warned"),
    text("who was warned"),
)
_PROMISED, _FOUND = text("Promises"), text("Findings")
_NOTHING = text(
    "Nothing to mend: every escalation reached somebody, and nobody was told twice."
)
_SAYS_ENOUGH = ("breach", "next_level")
_TOLD = ("delivered", "accepted", "unknown", "seen", "taken", "refused")

Cells = tuple[str, str, str, str, str, str]


class RehearsalSheet:
    """The lines of one rehearsal; the session's desk is the stage's."""

    def __init__(self, session: Session, rehearsal: Rehearsal) -> None:
        self._texts, self._session, self._rehearsal = session.texts, session, rehearsal
        self._reader = Reader(session)
        self._tickets = {one.key: one for one in rehearsal.tickets}
        self._times: dict[str, TimeStory] = {}

    def lines(self) -> Iterator[str]:
        """Yield everything, the findings last."""
        yield from self._heading()
        rows = [cells for one in _together(self._rehearsal.rows) for cells in self._row(one)]
        if rows:
            yield from table([self._texts.text(one) for one in _TITLES], rows)
        yield from self._promises()
        yield from self._findings()

    def _heading(self) -> Iterator[str]:
        rehearsal, texts = self._rehearsal, self._texts
        yield Heading(
            texts.say(
                "{workflow}: {scenario}",
                workflow=rehearsal.title,
                scenario=rehearsal.scenario_title,
            )
        )
        start, end = (
            local(one, rehearsal.zone.key) for one in (rehearsal.start, rehearsal.end)
        )
        yield texts.say(
            "from {start} to {end}, {zone}",
            start=f"{start:%Y-%m-%d %H:%M}",
            end=f"{end:%Y-%m-%d %H:%M}",
            zone=rehearsal.zone.key,
        )
        if not rehearsal.still:
            yield texts.text(
                "It was stopped there, although clocks still ran; --until lets it go on for longer."
            )
        yield ""

    def _row(self, rows: Sequence[Row]) -> Iterator[Cells]:
        """Yield one line for what happened; notices that differ in their channel alone are one."""
        first = rows[0]
        key = first.ticket if len(self._tickets) > 1 else ""
        kind = self._texts.text(KINDS[first.kind])
        happened = first.happened
        if isinstance(happened, Told):
            who, over, why = self._notice(
                [one.happened for one in rows if isinstance(one.happened, Told)]
            )
        elif isinstance(happened, Refusal):
            who, over, why = self._refusal(happened)
        else:
            who, over, why = self._event(happened)
        yield self._time(first.at), kind, key, who, over, why

    def _time(self, moment: datetime | None) -> str:
        return f"{local(moment, self._rehearsal.zone.key):%m-%d %H:%M}" if moment else "-"

    def _event(self, event: Event) -> tuple[str, str, str]:
        ticket = self._tickets[event.ticket]
        who = self._reader.calls(event.actor)
        transition = event.facts.get("transition")
        if event.kind == "TransitionFired" and transition:
            said = self._reader.transition(ticket, str(transition))
            if "state" in event.changes:
                said += f" → {self._reader.state(ticket, event.changes['state'])}"
            return who, "", said
        if event.kind == "TicketOpened":
            opened = self._texts.text(REASONS[event.kind])
            return who, "", f"{opened} → {self._reader.state(ticket, event.changes['state'])}"
        about_time = self._time_story(ticket).sentence(event)
        return who, "", about_time or sentence(self._reader, ticket, event)

    def _time_story(self, ticket: Ticket) -> TimeStory:
        if ticket.key not in self._times:
            self._times[ticket.key] = TimeStory(self._reader, self._texts, ticket, ())
        return self._times[ticket.key]

    def _notice(self, told: Sequence[Told]) -> tuple[str, str, str]:
        notice = told[0].notice
        why = self._reason(told[0])
        if notice.state not in _TOLD:
            state = self._texts.text(NOTICE_STATES.get(notice.state, notice.state))
            why = self._texts.say("{state}: {why}", state=state, why=told[0].detail or why)
        elif notice.stands_for:
            stands_for = self._reader.calls(notice.stands_for)
            why = self._texts.say("{why}, in place of {person}", why=why, person=stands_for)
        over = self._texts.listing(one.notice.via for one in told)
        return person(self._reader, self._texts, notice.recipient), over, why

    def _reason(self, told: Told) -> str:
        notice = told.notice
        ticket = self._tickets[notice.ticket]
        known = REASONS.get(notice.reason)
        reason = (
            self._texts.text(known) if known else self._reader.transition(ticket, notice.reason)
        )
        about = [self._promise_title(ticket, notice.promise), self._threshold(ticket, notice)]
        shown = self._texts.listing(filter(None, about))
        template = text("{reason}: {about}")
        return self._texts.say(template, reason=reason, about=shown) if shown else reason

    def _promise_title(self, ticket: Ticket, promise: str) -> str:
        known = self._reader.of(ticket).promises.get(promise)
        return self._reader.words(known.title) if known else ""

    def _threshold(self, ticket: Ticket, notice: Notice) -> str:
        """Return the threshold of a warning or reminder; that it is due needs no more words."""
        if notice.reason in _SAYS_ENOUGH or not notice.threshold:
            return ""
        if notice.threshold.endswith("%"):
            return notice.threshold
        return self._time_story(ticket).threshold(notice.threshold, notice.promise)

    def _refusal(self, refusal: Refusal) -> tuple[str, str, str]:
        return self._reader.calls(refusal.actor), "", self._texts.error(refusal.error)

    def _promises(self) -> Iterator[str]:
        if not self._rehearsal.promises:
            return
        yield ""
        yield Heading(self._texts.text(_PROMISED))
        titles = [self._texts.text(one) for one in _PROMISES]
        yield from table(titles, [self._promise(one) for one in self._rehearsal.promises])

    def _promise(self, run: PromiseRun) -> tuple[str, ...]:
        warned = sorted(
            (one for one in run.warned if one.arrived_at is not None),
            key=lambda one: one.arrived_at or run.started_at,
        )
        people = dict.fromkeys(one.notice.recipient for one in warned)
        return (
            self._reader.words(run.title) + (f" #{run.run}" if run.run > 1 else ""),
            run.ticket if len(self._tickets) > 1 else "",
            self._texts.text(STANDS.get(run.state, run.state)),
            self._time(run.started_at),
            self._time(run.due_at),
            self._time(warned[0].arrived_at if warned else None),
            self._texts.listing(person(self._reader, self._texts, one) for one in people),
        )

    def _findings(self) -> Iterator[str]:
        yield ""
        yield Heading(self._texts.text(_FOUND))
        for one in self._rehearsal.findings:
            yield from self._finding(one)
        if self._rehearsal.passed:
            yield self._texts.text(_NOTHING)

    def _finding(self, finding: Finding) -> Iterator[str]:
        said = self._texts.render(finding.what)
        template = text("{place}: {sentence}")
        if not finding.grave:
            template = text("{place}: {sentence} (a warning)")
        wide = columns_here() or 80
        yield from wrap(self._texts.say(template, place=finding.place, sentence=said), wide)
        advice = wrap(self._texts.render(finding.advice), wide - 2)
        yield from (f"  {line}" for line in advice)


def _together(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield the rows, together those notices of one moment that differ in their channel alone."""
    groups: dict[object, list[Row]] = {}
    for number, row in enumerate(rows):
        groups.setdefault(_same(row) or number, []).append(row)
    yield from groups.values()


def _same(row: "Row") -> object:
    if not isinstance(row.happened, Told):
        return None
    notice = row.happened.notice
    told = notice.state in _TOLD
    minute = row.at.replace(second=0, microsecond=0)
    about = (notice.recipient, notice.reason, notice.promise, notice.threshold, notice.run)
    return (minute, row.ticket, *about, told)
