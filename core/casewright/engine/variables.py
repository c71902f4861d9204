"""The variables that an expression may read, each worked out only when an expression reads it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from casewright.engine.draft import Draft
from casewright.engine.situation import Situation


class Variables(Mapping[str, Any]):
    """A ticket and its surroundings as an expression sees them; `each` only inside a repetition."""

    __slots__ = ("_draft", "_each", "_situation")

    def __init__(self, draft: Draft, situation: Situation, each: str | None = None) -> None:
        self._draft, self._situation, self._each = draft, situation, each

    def __getitem__(self, name: str) -> Any:
        if name == "each" and self._each is not None:
            return self._each
        return _PARTS[name](self._draft, self._situation)

    def __contains__(self, name: object) -> bool:
        return name in _PARTS or (name == "each" and self._each is not None)

    def __iter__(self) -> Iterator[str]:
        yield from _PARTS
        if self._each is not None:
            yield "each"

    def __len__(self) -> int:
        return len(_PARTS) + (self._each is not None)


def _ticket(draft: Draft, situation: Situation) -> Mapping[str, Any]:
    ticket = draft.ticket
    return {
        "key": ticket.key,
        "number": ticket.number,
        "state": ticket.state,
        "priority": ticket.priority,
        "level": ticket.level,
        "handler": ticket.handler,
        "owner": ticket.owner,
        "opener": ticket.opener,
        "channel": ticket.channel,
    }


def _customer(draft: Draft, situation: Situation) -> Mapping[str, Any]:
    identity = draft.ticket.customer
    known = situation.customer(identity) if identity else None
    return {
        "id": known.id if known else identity,
        "kind": known.kind if known else None,
        "tier": known.tier if known else None,
        "brand": known.brand if known else None,
        "language": known.language if known else None,
    }


def _children(draft: Draft, situation: Situation) -> Mapping[str, Any]:
    ticket = draft.ticket
    return {
        "open": ticket.children_open,
        "count": ticket.children_count,
        "since_entry": ticket.children_since_entry,
    }


def _actor(draft: Draft, situation: Situation) -> Mapping[str, Any]:
    actor = situation.actor
    return {"name": actor.name, "team": actor.team, "department": actor.department}


_PARTS: Mapping[str, Callable[[Draft, Situation], Any]] = {
    "fields": lambda draft, situation: draft.ticket.fields,
    "ticket": _ticket,
    "customer": _customer,
    "children": _children,
    "lineage": lambda draft, situation: {"round": draft.ticket.round},
    "times": lambda draft, situation: draft.ticket.times,
    "actor": _actor,
    "now": lambda draft, situation: situation.now,
}
