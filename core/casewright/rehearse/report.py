"""What a rehearsal comes to: what happened when, how each promise ended, and what is to be mended."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from casewright.answers import Notice, NoticeStory
from casewright.bilingual import Bilingual
from casewright.errors import CasewrightError, Message, Place
from casewright.model import Event, Ticket
from casewright.swift_dataclass import dataclass

RowKind = Literal["transition", "timer", "event", "notice", "refusal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A notice with all that became of it; `arrived_at` is when it was with its recipient, None if it never was."""

    story: NoticeStory
    arrived_at: datetime | None
    detail: Message | None = None

    @property
    def notice(self) -> Notice:
        """The notice itself."""
        return self.story.notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Something that somebody wanted to do and might not; `expected` when the scenario says so."""

    at: datetime
    actor: str
    ticket: str
    do: str
    error: CasewrightError
    place: Place
    expected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that happened: an event of a ticket, a notice that arrived or was given up, or a refusal."""

    at: datetime
    kind: RowKind
    ticket: str
    happened: Event | Told | Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRun:
    """How one run of a promise went; `warned` are the notices of its ladder before it was overdue, `told` those after."""

    ticket: str
    promise: str
    title: Bilingual
    run: int
    state: str
    started_at: datetime
    due_at: datetime | None
    breached_at: datetime | None
    ended_at: datetime | None
    warned: tuple[Told, ...]
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something to be mended, or (not `grave`) to be looked at: what, where in which file, and what to do about it."""

    code: str
    what: Message
    advice: Message
    place: Place
    grave: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A whole rehearsal. `still` tells that nothing was waited for any more when it ended."""

    workflow: str
    title: Bilingual
    scenario: str
    scenario_title: Bilingual
    zone: ZoneInfo
    start: datetime
    end: datetime
    still: bool
    tickets: Sequence[Ticket]
    rows: Sequence[Row]
    promises: Sequence[PromiseRun]
    findings: Sequence[Finding]

    @property
    def passed(self) -> bool:
        """Whether nothing has to be mended."""
        return not any(one.grave for one in self.findings)
