"""What a workflow does by itself, and the permission that its author must have for each of these things."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from casewright.document import Path
from casewright.swift_dataclass import dataclass
from casewright.workflows.words import ACTION_VERBS

FIRE = "ticket.fire"
PERMISSIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "set": ("ticket.edit",),
        "open": ("ticket.open",),
        "link": ("ticket.link",),
        "comment": ("ticket.comment",),
        "tell": (),
        "assign": ("ticket.assign",),
        "renew_owner": ("ticket.assign",),
        "raise_priority": ("ticket.escalate",),
        "raise_level": ("ticket.escalate",),
        "fire": (FIRE,),
    }
)
"""By verb of an action: the permissions that somebody needs who does the same by hand."""
OF_PLUGINS = ("ticket.edit", "ticket.comment", "ticket.assign")
"""What a plugin's action may do to the ticket: fill fields, comment, hand it over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something that a workflow does by itself: where it stands, its verb (`after` for the clock), and what it needs."""

    path: Path
    verb: str
    permission: str


def needed(verb: str) -> tuple[str, ...]:
    """Return the permissions that an action of this verb needs; one that the language does not have is a plugin's."""
    return PERMISSIONS.get(verb, OF_PLUGINS)


def needs(data: Mapping[str, Any]) -> Iterator[Need]:
    """Yield all that a checked workflow's data does by itself, in file order."""
    for at, state in _states(data.get("states") or {}, ("states",)):
        for after in state.get("after") or {}:
            yield Need(path=(*at, "after", after), verb="after", permission=FIRE)
        for word in ("on_enter", "on_exit"):
            yield from _actions(state.get(word), (*at, word))
        yield from _transitions(state.get("transitions"), (*at, "transitions"))
    yield from _transitions(data.get("shared"), ("shared",))
    for promise, steps in (data.get("ladder") or {}).items():
        for index, step in enumerate(steps):
            yield from _actions(step.get("do"), ("ladder", promise, index, "do"))


def _states(data: Mapping[str, Any], at: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for name, state in data.items():
        yield (*at, name), state
        yield from _states(state.get("states") or {}, (*at, name, "states"))


def _transitions(data: Mapping[str, Any] | None, at: Path) -> Iterator[Need]:
    for name, transition in (data or {}).items():
        if isinstance(transition, Mapping):
            yield from _actions(transition.get("do"), (*at, name, "do"))


def _actions(data: Sequence[Mapping[str, Any]] | None, at: Path) -> Iterator[Need]:
    for index, action in enumerate(data or ()):
        # A plugin's action says nothing beside its verb but `when`.
        verb = next((one for one in action if one in ACTION_VERBS), None) or next(
            one for one in action if one != "when"
        )
        for permission in needed(verb):
            yield Need(path=(*at, index, verb), verb=verb, permission=permission)
