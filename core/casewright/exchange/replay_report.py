"""The figures of a replay: cases, events, refusals by reason, variants and throughput."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import field
from datetime import timedelta

from casewright.errors import Message, message
from casewright.exchange.log_model import Case
from casewright.exchange.replay_cases import Refusal, ReplayedCase
from casewright.exchange.statistics import Throughput, throughput, top_variant, variants
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedEvents:
    """Events refused for one reason: an activity in a state; `case` and `line` are of the first one in the log."""

    activity: str
    refusal: Refusal
    count: int
    case: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayReport:
    """What a replay came to. `cases` and `events` are the log's; `refused` of the events were not taken.

    Variants and throughput are read from the histories that are stored afterwards, not from the log:
    they are of the events taken. They are None (0) when none was.
    """

    cases: int
    events: int
    refused: int
    reasons: tuple[RefusedEvents, ...]
    variants: int
    top_variant: tuple[tuple[str, ...], int] | None
    throughput: Throughput | None
    notes: tuple[Message, ...]


@dataclass(slots=True, kw_only=True)
class Tally:
    """The figures of the cases replayed so far."""

    total: int
    cases: int = 0
    events: int = 0
    repeated: int = 0
    counts: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    firsts: dict[tuple[str, str, str, str], tuple[Refusal, Case, int]] = field(
        default_factory=dict
    )
    paths: list[tuple[str, ...]] = field(default_factory=list)
    durations: list[timedelta] = field(default_factory=list)

    def add(self, replayed: ReplayedCase) -> None:
        """Count one case."""
        self.cases += 1
        self.events += len(replayed.case.events)
        self.repeated += replayed.repeated
        for index, refusal in replayed.refused.items():
            activity = replayed.case.events[index].activity
            alike = (activity, refusal.state, refusal.code, str(refusal.reason))
            self.counts[alike] += 1
            self.firsts.setdefault(alike, (refusal, replayed.case, index))
        if replayed.taken:
            activities, moments = zip(*replayed.taken, strict=True)
            self.paths.append(activities)
            self.durations.append(moments[-1] - moments[0])

    def report(self, without_zone: int) -> ReplayReport:
        """Return the figures."""
        counted = variants(self.paths)
        return ReplayReport(
            cases=self.cases,
            events=self.events,
            refused=self.counts.total(),
            reasons=tuple(self._reasons()),
            variants=len(counted),
            top_variant=top_variant(counted),
            throughput=throughput(self.durations),
            notes=tuple(self._notes(without_zone)),
        )

    def _reasons(self) -> Iterator[RefusedEvents]:
        for alike, count in self.counts.most_common():
            refusal, case, index = self.firsts[alike]
            event = case.events[index]
            yield RefusedEvents(
                activity=event.activity,
                refusal=refusal,
                count=count,
                case=case.id,
                line=event.line,
            )

    def _notes(self, without_zone: int) -> Iterator[Message]:
        if self.repeated:
            text = "{cases} of the cases had been replayed before; nothing was added to them"
            yield message(text, cases=self.repeated)
        if without_zone:
            text = "{count} times came without a time zone and were taken as UTC"
            yield message(text, count=without_zone)
