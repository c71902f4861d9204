"""What a scenario says: who does what when, and what is to have come of it; plain values."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, time
from typing import Any, Literal

from casewright.bilingual import Bilingual
from casewright.durations import Duration
from casewright.errors import Place
from casewright.swift_dataclass import dataclass

Day = Literal["", "today", "tomorrow", "next working day"]
EMPTY: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A moment as a scenario says it, counted from the step before.

    One of: so much working time `after` it; the moment `at`, local where it has no zone; the next
    time the clocks show `clock`, or that time on a `day`. None of them: at once.
    """

    after: Duration | None = None
    at: datetime | None = None
    clock: time | None = None
    day: Day = ""


AT_ONCE = When()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something somebody does. `ticket` names the one meant ("" is the first), `words` are what the doing asks for.

    `refused` says that the step is there to be refused.
    """

    do: str
    actor: str
    when: When = AT_ONCE
    ticket: str = ""
    words: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    refused: bool = False
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What is to have come of it: `kind` is `told`, `not_told`, `promise` or `state`, `words` say the rest."""

    kind: str
    words: Mapping[str, Any]
    ticket: str = ""
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Whom the tickets are for, as `SaveCustomer` takes it."""

    id: str
    words: Mapping[str, str] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A rehearsal's course; `start` is local time of the workflow's calendar, None for the next working moment.

    After the last step time goes on until nothing is waited for any more, at most for `lasts`.
    """

    name: str
    title: Bilingual
    start: datetime | None = None
    lasts: Duration | None = None
    customer: Customer | None = None
    steps: tuple[Step, ...] = ()
    expectations: tuple[Expectation, ...] = ()
