"""Taking a transition back: the ticket is again as it was before, where nothing of what it changed has changed since."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from casewright.commands import UndoTransition
from casewright.engine.draft import Draft, TakenBack, Work
from casewright.errors import Message, TicketRefused, message
from casewright.model import Event, Ticket, born, evolve, is_system

WITHIN = timedelta(seconds=10)
"""So long whoever took a transition may take it back."""
HELD = WITHIN + timedelta(seconds=5)
"""So long what it promised is held: a moment longer, for the writing of what was said in time may take one."""
FIRED, UNDONE = "TransitionFired", "TransitionUndone"
UNTIL = "undo_until"
"""The fact of a transition by when it can be taken back."""
_FIELD = "fields."


def note(work: Work) -> None:
    """Note on a transition just taken that it can be taken back, and hold what it promises; not where it reached other tickets."""
    if len(work.drafts) != 1 or is_system(work.situation.actor.name):
        return
    draft = work.drafts[0]
    if draft.before is None or draft.kind != FIRED:
        return
    state = draft.compiled.workflow.states[draft.before.state]
    if state.transitions[draft.facts["transition"]].undo:
        draft.facts[UNTIL] = (work.now + WITHIN).isoformat()
        work.held_until = work.now + HELD


def held_until(event: Event) -> datetime | None:
    """Return until when what an event promised is held, or None where it is not."""
    until = event.facts.get(UNTIL)
    return None if until is None else datetime.fromisoformat(until) - WITHIN + HELD


def undo(work: Work, command: UndoTransition) -> None:
    """Take a transition back; what was changed by it is as it was, and what it promised is not sent."""
    draft = work.draft(command.ticket, UNDONE)
    events = work.situation.history(command.ticket)
    undone = next((one for one in events if one.command_id == command.undone), None)
    if undone is None:
        raise _refused(draft, message("nothing of it was done by that command"))
    since = events[undone.sequence :]
    refusal = _bar(work, undone, since)
    if refusal is not None:
        raise _refused(draft, refusal)
    _restore(draft, _as_of(events[: undone.sequence - 1]), undone)
    draft.moved = True
    draft.facts.update(transition=undone.facts["transition"], undone=undone.sequence)
    work.taken_back = TakenBack(ticket=draft.ticket.key, sequence=undone.sequence, at=undone.at)


def _refused(draft: Draft, reason: Message) -> TicketRefused:
    return TicketRefused(ticket=draft.ticket.key, reason=reason)


def _bar(work: Work, undone: Event, since: Sequence[Event]) -> Message | None:
    """Return why an event cannot be taken back, or None."""
    if undone.kind != FIRED or UNTIL not in undone.facts:
        return message("this cannot be taken back")
    if undone.actor != work.situation.actor.name:
        return message("only {who} can take this back", who=undone.actor)
    if any(one.kind == UNDONE and one.facts["undone"] == undone.sequence for one in since):
        return message("it was taken back already")
    if not undone.at <= work.now <= datetime.fromisoformat(undone.facts[UNTIL]):
        seconds = int(WITHIN.total_seconds())
        return message("it can be taken back within {seconds} seconds only", seconds=seconds)
    if any(one.version != undone.version for one in since):
        return message("something else has been done with it since")
    if not _touched([undone]).isdisjoint(_touched(since)):
        return message("something that it changed has changed again since")
    return None


def _touched(events: Iterable[Event]) -> set[tuple[str, str]]:
    """Return what events changed: attributes, fields, and clocks one by one; what erases changes all."""
    found: set[tuple[str, str]] = set()
    for event in events:
        found |= {("attribute", name) for name in event.changes if name != "clocks"}
        found |= {("clock", name) for name in event.changes.get("clocks", ())}
        found |= {("field", name) for name in event.private if name.startswith(_FIELD)}
    return found


def _as_of(events: Sequence[Event]) -> Ticket:
    return reduce(evolve, events[1:], born(events[0]))


def _restore(draft: Draft, before: Ticket, undone: Event) -> None:
    changes: dict[str, Any] = {
        name: getattr(before, name) for name in undone.changes if name != "clocks"
    }
    if "clocks" in undone.changes:
        clocks = dict(draft.ticket.clocks)
        for name in undone.changes["clocks"]:
            clocks.pop(name, None)
            clocks |= {name: before.clocks[name]} if name in before.clocks else {}
        changes["clocks"] = clocks
    draft.change(**changes)
    names = (one[len(_FIELD) :] for one in undone.private if one.startswith(_FIELD))
    draft.fill({name: before.fields.get(name) for name in names})
