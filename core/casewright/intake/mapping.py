"""From an arrival to the values of a ticket's form, as the rules say."""

from collections.abc import Callable, Mapping
from typing import Any

from casewright.intake.arrival import Arrival

FIELD = "field."
"""What stands before the name of a value that the channel mapped already."""


def mapped(arrival: Arrival, *rules: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a form: what the channel mapped, over what the rules say, the first going before the next.

    What the arrival does not have is left out.
    """
    found: dict[str, Any] = {}
    for one in reversed(rules):
        found |= {name: _value(arrival, said) for name, said in one.items()}
    found |= arrival.fields
    return {name: value for name, value in found.items() if value not in (None, "")}


def names_a_part(said: Any) -> bool:
    """Return whether a value names a part of the arrival, whether or not there is such a part."""
    return isinstance(said, str) and said.startswith("=")


def is_part(said: str) -> bool:
    """Return whether there is the part of an arrival that a value names."""
    name = said[1:]
    return name in PARTS or (name.startswith(FIELD) and len(name) > len(FIELD))


def _value(arrival: Arrival, said: Any) -> Any:
    if not names_a_part(said):
        return said
    name = said[1:]
    if name.startswith(FIELD):
        return arrival.fields.get(name.removeprefix(FIELD))
    return PARTS[name](arrival)


def _line(text: str) -> str:
    """Return the first line of a text, blanks single."""
    return " ".join(text.partition("\n")[0].split())


def _known_by(kind: str) -> Callable[[Arrival], str]:
    return lambda arrival: next((one.value for one in arrival.sender if one.kind == kind), "")


PARTS: Mapping[str, Callable[[Arrival], Any]] = {
    "subject": lambda arrival: _line(arrival.subject) or _line(arrival.text.strip()),
    "text": lambda arrival: arrival.text.strip() or arrival.subject.strip(),
    "whole": lambda arrival: (arrival.whole or arrival.text).strip(),
    "name": lambda arrival: " ".join(arrival.name.split()),
    "email": _known_by("email"),
    "phone": _known_by("phone"),
    "to": lambda arrival: next(iter(arrival.to), ""),
    "received": lambda arrival: arrival.at.isoformat(),
}
"""The parts of an arrival that a rule may name, each behind `=`."""
