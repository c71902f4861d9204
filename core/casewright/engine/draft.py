"""A ticket while a command changes it, and the work of one command over several tickets."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from casewright.effects import Notify
from casewright.engine.situation import Compiled, Situation
from casewright.errors import DatabaseDamaged, message
from casewright.model import VERSIONED, Event, Ticket, alter, altered
from casewright.swift_dataclass import dataclass
from casewright.timekeeping import PromiseClock


@dataclass(slots=True, kw_only=True)
class Draft:
    """One ticket being changed: `ticket` is how it stands now, the rest is what its event will say.

    `ticket` is the draft's own copy and changes with it: keep single values of it, never the whole.
    """

    ticket: Ticket
    compiled: Compiled
    kind: str
    before: Ticket | None
    changes: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    private: dict[str, Any] = field(default_factory=dict)
    moved: bool = False
    refilled: bool = False
    """Whether a field changed."""
    happened: list[tuple[str, str]] = field(default_factory=list)

    def change(self, **changes: Any) -> None:
        """Set attributes of the ticket (never `fields`)."""
        self.changes.update(changes)
        alter(self.ticket, changes)

    def happen(self, kind: str, name: str) -> None:
        """Note what a promise may begin or end with: an `event`, a `transition` taken, a `state` entered."""
        self.happened.append((kind, name))

    def fill(self, values: Mapping[str, Any]) -> None:
        """Set fields of the ticket; None empties one."""
        if not values:
            return
        current = self.ticket.fields
        changed = {name: value for name, value in values.items() if current.get(name) != value}
        if not changed:
            return
        self.private.update((f"fields.{name}", value) for name, value in changed.items())
        merged = {**current, **changed}
        kept = {name: value for name, value in merged.items() if value is not None}
        alter(self.ticket, {"fields": kept})
        self.refilled = True

    @property
    def new_version(self) -> bool:
        """Whether state, fields or handler changed, or a transition was taken."""
        return self.moved or self.refilled or not VERSIONED.isdisjoint(self.changes)


@dataclass(frozen=True, slots=True)
class ChildWanted:
    """A child ticket that an action asked for; it is opened when its parent has arrived."""

    parent: Draft
    workflow: str
    fields: Mapping[str, Any]
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One ticket's part of an outcome: as it was (None: it is new), as it is, and the event that says so."""

    before: Ticket | None
    after: Ticket
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """A notice's way into a state, by what somebody did about it."""

    notice: int
    state: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """An event that a command took back: its ticket, its number, and when it was."""

    ticket: str
    sequence: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command comes to: changed tickets, the one it was about first, and what should follow."""

    changes: tuple[Change, ...]
    effects: tuple[Notify, ...]
    silenced: tuple[tuple[str, str], ...] = ()
    hops: tuple[Hop, ...] = ()
    wakes: tuple[tuple[str, str], ...] = ()
    """Plugins' jobs to be run as soon as this is durable: plugin and job."""
    held_until: datetime | None = None
    """Until when nothing of the effects leaves: meanwhile it can be taken back."""
    taken_back: TakenBack | None = None


class Work:
    """The tickets that one command touches: each is drafted once, and ends as one event."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.effects: list[Notify] = []
        self.silenced: list[tuple[str, str]] = []
        self.hops: list[Hop] = []
        self.opened: list[str] = []
        self.wanted: list[ChildWanted] = []
        self.held_until: datetime | None = None
        self.taken_back: TakenBack | None = None
        self._drafts: dict[str, Draft] = {}

    def silence(self, ticket: str, clock: PromiseClock | None = None) -> None:
        """Take back the notices of a ticket that were not sent yet: all of them, or those of one run of a promise."""
        self.silenced.append((ticket, "" if clock is None else f"{clock.promise}/{clock.run}/"))

    @property
    def now(self) -> datetime:
        """The moment of the command."""
        return self.situation.now

    def draft(self, key: str, kind: str) -> Draft:
        """Return the draft of a stored ticket, begun with `kind` unless the command already drafts it."""
        known = self._drafts.get(key)
        return known if known is not None else self.begin(self.situation.tickets.get(key), kind)

    def begin(self, ticket: Ticket, kind: str) -> Draft:
        """Return a draft of `ticket` as it is stored."""
        compiled = self.situation.pinned(ticket.bundle)
        if ticket.state not in compiled.workflow.states:
            raise DatabaseDamaged(what=message("the state of {ticket}", ticket=ticket.key))
        draft = Draft(ticket=altered(ticket, {}), compiled=compiled, kind=kind, before=ticket)
        self._drafts[ticket.key] = draft
        return draft

    def create(self, ticket: Ticket, compiled: Compiled) -> Draft:
        """Return a draft of a ticket that does not exist yet."""
        draft = Draft(ticket=ticket, compiled=compiled, kind="TicketOpened", before=None)
        self._drafts[ticket.key] = draft
        return draft

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """The tickets drafted so far, the one the command is about first."""
        return tuple(self._drafts.values())

    def drafted(self, key: str) -> Ticket:
        """Return the ticket as this command leaves it so far."""
        known = self._drafts.get(key)
        return known.ticket if known is not None else self.situation.tickets.get(key)

    def outcome(self, command_id: str, digest: str) -> Outcome:
        """Return the events of everything drafted; the first one carries the command's id."""
        drafts = list(self._drafts.values())
        if self.opened and drafts:
            others = [key for key in self.opened if key != drafts[0].ticket.key]
            if others:
                drafts[0].facts["opened"] = others
        changes = [
            self._change(draft, command_id if first else None, digest if first else "")
            for first, draft in ((draft is drafts[0], draft) for draft in drafts)
        ]
        return Outcome(
            changes=tuple(changes),
            effects=tuple(self.effects),
            silenced=tuple(self.silenced),
            hops=tuple(self.hops),
            held_until=self.held_until,
            taken_back=self.taken_back,
        )

    def _change(self, draft: Draft, command_id: str | None, digest: str) -> Change:
        before, ticket = draft.before, draft.ticket
        version = (before.version if before else 0) + (
            1 if before is None or draft.new_version else 0
        )
        sequence = (before.sequence if before else 0) + 1
        if before is not None:
            kept = {
                name: value
                for name, value in draft.changes.items()
                if getattr(before, name) != value
            }
            if "clocks" in kept:
                kept["clocks"] = _moved_clocks(before, kept["clocks"])
        else:
            kept = draft.changes
        event = Event(
            ticket=ticket.key,
            sequence=sequence,
            kind=draft.kind,
            at=self.now,
            actor=self.situation.actor.name,
            version=version,
            command_id=command_id,
            digest=digest,
            changes=kept,
            facts=draft.facts,
            private=draft.private,
        )
        alter(ticket, {"version": version, "sequence": sequence, "updated_at": self.now})
        return Change(before=before, after=ticket, event=event)


def _moved_clocks(
    before: Ticket, clocks: Mapping[str, PromiseClock]
) -> dict[str, PromiseClock | None]:
    """Return the clocks that are not as before; None for one that is not there any more."""
    gone = dict.fromkeys(name for name in before.clocks if name not in clocks)
    return gone | {name: one for name, one in clocks.items() if before.clocks.get(name) != one}
