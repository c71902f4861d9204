"""What a template may speak of: the names, what kind of value each is, and plain data made to that measure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from casewright.delivery.template_filters import LONGEST_VALUE, Kind
from casewright.swift_dataclass import dataclass
from casewright.visible import UNSAFE

MOST_ENTRIES = 50
"""A list that goes into a template is cut here, so that what its loops cost is known when it is loaded."""


@dataclass(frozen=True, slots=True)
class Each:
    """A list, every entry of which has these names."""

    names: "Names"


Names = Mapping[str, "Kind | Each | Names"]
Shape = Kind | Each | Names

_NOTICE: Names = {
    "number": "number",
    "reason": "text",
    "occasion": "text",
    "promise": "text",
    "threshold": "text",
    "due": "moment",
    "message": "text",
    "stands_for": "text",
}
_TICKET: Names = {
    "key": "text",
    "title": "text",
    "state": "text",
    "priority": "text",
    "workflow": "text",
}
_PERSON: Names = {"name": "text"}

ONE_NOTICE: Names = {
    "notice": _NOTICE,
    "ticket": _TICKET,
    "person": _PERSON,
}
"""What the template of one notice may speak of."""

SEVERAL_NOTICES: Names = {
    "notices": Each({**_NOTICE, "ticket": _TICKET}),
    "count": "number",
    "more": "number",
    "person": _PERSON,
}
"""What the template `bundle` may speak of: the first of several notices, how many there are, and how many more."""


def plain(value: Any, shape: Shape, zone: tzinfo) -> Any:
    """Return `value` as plain data of exactly this shape; what is missing is an empty text or 0.

    Only dicts, lists, texts and whole numbers come out of here, so that a template has no object
    to lay hands on. A text is one line without control characters, a moment is ISO 8601 in `zone`.
    """
    if isinstance(shape, Each):
        entries = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
        return [plain(one, shape.names, zone) for one in entries[:MOST_ENTRIES]]
    if isinstance(shape, Mapping):
        known = value if isinstance(value, Mapping) else {}
        return {name: plain(known.get(name), inner, zone) for name, inner in shape.items()}
    return _SCALARS[shape](value, zone)


def _text(value: Any, zone: tzinfo) -> str:
    # On one line: a line break in a ticket's title would forge a line of the notice.
    shown = "" if value is None else UNSAFE.sub(" ", str(value)[:LONGEST_VALUE])
    return " ".join(shown.split())


def _number(value: Any, zone: tzinfo) -> int:
    return value if type(value) is int and abs(value) < 2**63 else 0


def _moment(value: Any, zone: tzinfo) -> str:
    return value.astimezone(zone).isoformat() if isinstance(value, datetime) else ""


def _truth(value: Any, zone: tzinfo) -> bool:
    return value is True


_SCALARS: Mapping[Kind, Callable[[Any, tzinfo], Any]] = {
    "text": _text,
    "number": _number,
    "moment": _moment,
    "truth": _truth,
}
