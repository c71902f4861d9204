"""What time did to a ticket, as its history tells it: thresholds, breaches, due times that moved, notices answered."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from casewright.model import Event, Ticket
from casewright.sla.calendar import ALWAYS
from casewright.telling.clocks import moved_words, wanted
from casewright.telling.kinds import CHANNELS
from casewright.telling.names import Names
from casewright.telling.time_words import duration, holder, length
from casewright.texts import Texts, text
from casewright.timekeeping import AFTER, FOLLOW_UP, PromiseClock

if TYPE_CHECKING:
    from casewright.sla.standing import Standing

_SUPERVISION = "supervision"
_UNTAKEN = "untaken"
"""The threshold under which a clock counts how often the next level was told."""

SAID: Mapping[str, str] = {
    "ExtensionAsked": text("{actor} asked for more time: {promise}, {wanted}"),
    "ExtensionDecided": text("{actor} granted more time: {promise}"),
    "NoticeTaken": text("{actor} took notice {notice}"),
    "NoticeRefused": text("{actor} refused notice {notice}"),
    "NoticeFailed": text("notice {notice} to {person} did not arrive by {channel}"),
    "SupervisionAnswered": text("{actor} answered the supervision order"),
    "ClocksRecalculated": text("the due times were worked out again"),
}
"""One sentence for each kind of event that is about time alone."""


class TimeStory:
    """Tells what events say about time; knows the titles of the ticket's promises."""

    def __init__(
        self, names: Names, texts: Texts, ticket: Ticket, clocks: "Iterable[Standing]"
    ) -> None:
        self._names, self.texts, self._ticket = names, texts, ticket
        self._known = {one.clock.promise: one for one in clocks}
        self._above: dict[tuple[str, int], int] = {}

    def sentence(self, event: Event) -> str:
        """Return the event in a sentence; "" when it is not about time."""
        if event.kind == "TimerFired":
            return self._timer(event.facts)
        template = SAID.get(event.kind)
        if template is None:
            return ""
        if event.facts.get("decision") == "denied":
            template = text("{actor} denied more time: {promise}")
        facts = event.facts
        name, via = str(facts.get("promise", "")), str(facts.get("via", ""))
        return self.texts.say(
            template,
            actor=self._names.calls(event.actor),
            promise=self._title(name),
            wanted=self._wanted(event, name),
            notice=str(facts.get("notice", "")),
            person=person(self._names, self.texts, str(facts.get("to", ""))),
            channel=self.texts.text(CHANNELS.get(via, via)),
        )

    def details(self, event: Event) -> Iterator[str]:
        """Yield what else the event says about time."""
        texts, facts = self.texts, event.facts
        yield from self._begun_and_ended(event)
        yield from self._told_above(event)
        for moved in facts.get("moved", ()):
            yield self._moved(moved)
        if facts.get("booked"):
            yield texts.say("whose time: {shares}", shares=self._booked(facts["booked"]))
        if event.kind == "NoticeTaken" and facts.get("until"):
            until = datetime.fromisoformat(facts["until"])
            yield texts.say("to be done by {moment}", moment=until)
        for name, template in _PEOPLE.items():
            if facts.get(name):
                yield texts.say(template, people=told_people(self._names, texts, facts[name]))
        for name, template in _PLAINLY.items():
            if facts.get(name):
                yield texts.text(template)

    def _timer(self, facts: Mapping[str, Any]) -> str:
        name, texts = str(facts.get("timer", "")), self.texts
        if name.startswith(AFTER):
            title = self._names.transition(self._ticket, name.removeprefix(AFTER))
            return texts.say("{transition} could not happen by itself", transition=title)
        if name.startswith(FOLLOW_UP):
            return texts.text("a follow-up is due")
        own = name.partition(":")[2]
        promise = self._title(own)
        if facts.get("breached"):
            return texts.say("{promise}: overdue", promise=promise)
        if facts.get("thresholds"):
            thresholds = [self.threshold(one, own) for one in facts["thresholds"]]
            return texts.say("{promise}: {thresholds}", promise=promise, thresholds=thresholds)
        if facts.get("not_done_in_time"):
            return texts.say("{promise}: what was taken is not done", promise=promise)
        return texts.say("{promise}: nobody took the notice in time", promise=promise)

    def threshold(self, written: str, promise: str) -> str:
        """Return a threshold as the ladder writes it (`80%`, `4 hours before`, `every 1 day #2`) in words."""
        written = written.partition(" (")[0]
        if written.endswith("%"):
            return self.texts.say("{percent} % of the time has passed", percent=written[:-1])
        if written.startswith("every "):
            return self.texts.say("reminder {number}", number=written.partition("#")[2])
        offset, _, side = written.rpartition(" ")
        known = self._names.of(self._ticket).promises.get(promise)
        working = known is None or known.calendar != ALWAYS.name
        template = (
            text("{time} before it is due") if side == "before" else text("{time} overdue")
        )
        return self.texts.say(template, time=duration(self.texts, offset, working=working))

    def _begun_and_ended(self, event: Event) -> Iterator[str]:
        clocks = _clocks_after(event)
        for name, clock in clocks.items():
            title, due = self._title(name), clock.due_at
            if clock.ended_at == event.at:
                late = clock.breached_at is not None and clock.end == "met"
                ending = text("{promise}: met late") if late else _ENDED[clock.end]
                yield self.texts.say(ending, promise=title)
            elif (
                len(clock.spans) == 1 and not clock.fired and due and self._begins(event, clock)
            ):
                yield self.texts.say("{promise}: due {due}", promise=title, due=due)

    def _told_above(self, event: Event) -> Iterator[str]:
        """Tell that the next level heard of it; the clock only counts how often, so events come here in order."""
        clocks = _clocks_after(event)
        for name, clock in clocks.items():
            count, which = clock.told.get(_UNTAKEN, 0), (name, clock.run)
            if count > self._above.get(which, 0):
                yield self.texts.text("the next level was told: nobody has taken it or done it")
            self._above[which] = count

    def _begins(self, event: Event, clock: PromiseClock) -> bool:
        return clock.spans[0].since == event.at or event.kind == "TicketOpened"

    def _moved(self, moved: Mapping[str, Any]) -> str:
        was, due = (
            datetime.fromisoformat(moved[name]) if moved[name] else None
            for name in ("was", "due")
        )
        words = moved_words(self.texts, was=was, due=due, cause=moved["cause"])
        title = self._title(moved["promise"])
        return self.texts.say("{promise}: {words}", promise=title, words=words)

    def _booked(self, booked: Mapping[str, int]) -> list[str]:
        return [
            self.texts.say(
                "{name} {counted}",
                name=holder(self._names, self.texts, whose),
                counted=length(self.texts, timedelta(seconds=count)),
            )
            for whose, count in booked.items()
            if count
        ]

    def _wanted(self, event: Event, promise: str) -> str:
        clock = event.changes.get("clocks", {}).get(promise)
        if clock is None or clock.request is None:
            return ""
        return wanted(self.texts, clock, clock.request)

    def _title(self, promise: str) -> str:
        known = self._known.get(promise)
        if known is not None:
            return self._names.words(known.title)
        promises = self._names.of(self._ticket).promises
        if promise in promises:
            return self._names.words(promises[promise].title)
        return self.texts.text("supervision order") if promise == _SUPERVISION else promise


def told_people(names: Names, texts: Texts, told: Iterable[str]) -> list[str]:
    """Return those who were told, the customer among them."""
    return [person(names, texts, name) for name in told]


def person(names: Names, texts: Texts, name: str) -> str:
    """Return whom a notice goes to, as people call them."""
    return texts.text("the customer") if name == "customer" else names.calls(name)


_ENDED: Mapping[str, str] = {
    "met": text("{promise}: kept"),
    "cancelled": text("{promise}: cancelled"),
}
_PEOPLE: Mapping[str, str] = {
    "left_in_peace": text("not told, since they had taken it: {people}"),
    "not_done_in_time": text("had taken it and did not finish in time: {people}"),
}
_PLAINLY: Mapping[str, str] = {
    "reached_process_owner": text(
        "there was nobody to tell; the process owner was told instead"
    ),
    "reached_nobody": text("nobody could be told"),
    "not_done": text("what was to be done then could not be done"),
    "beyond_rights": text("left out: what the author of the workflow had no right to"),
}


def _clocks_after(event: Event) -> Mapping[str, PromiseClock]:
    """Return the clocks that an event changed and left there."""
    changed: Mapping[str, PromiseClock | None] = event.changes.get("clocks", {})
    return {name: clock for name, clock in changed.items() if clock is not None}
