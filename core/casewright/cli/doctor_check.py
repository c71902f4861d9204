"""What a finding of the doctor is, and what is named in a workflow, wherever in it."""

from collections.abc import Iterator, Mapping
from typing import Literal

from casewright.errors import CasewrightError, Message, message
from casewright.swift_dataclass import dataclass

Finding = Literal["well", "warning", "problem"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was examined."""

    name: str
    finding: Finding
    message: Message


def well(name: str, said: Message) -> Check:
    """Return that something is as it should be."""
    return Check(name=name, finding="well", message=said)


def warning(name: str, said: Message) -> Check:
    """Return something that one should look at."""
    return Check(name=name, finding="warning", message=said)


def problem(name: str, said: Message) -> Check:
    """Return something that does not work."""
    return Check(name=name, finding="problem", message=said)


def refused(name: str, error: CasewrightError) -> Check:
    """Return an error as a problem, in its own words."""
    return problem(name, message("{error}", error=error))


def roles_named(workflow: object) -> set[str]:
    """Return every role that a workflow names."""
    parties = (one for one in _parts(workflow) if getattr(one, "kind", "") == "role")
    return {str(getattr(one, "name", "")) for one in parties}


def channels_named(workflow: object) -> set[str]:
    """Return every channel over which a workflow tells somebody."""
    return {name for one in _parts(workflow) for name in getattr(one, "via", ())}


def calendars_named(workflow: object) -> set[str]:
    """Return every calendar that a workflow counts on."""
    return {str(one.calendar) for one in _parts(workflow) if hasattr(one, "calendar")}


def _parts(value: object) -> Iterator[object]:
    """Yield `value`, if it is a part of a workflow, and all parts inside it."""
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, tuple | list):
        for one in value:
            yield from _parts(one)
        return
    slots = getattr(value, "__dataclass_fields__", None)
    if slots is not None:
        yield value
        for name in slots:
            yield from _parts(getattr(value, name))
