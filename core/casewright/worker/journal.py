"""What a worker tells of its work, line by line: an event's name, a sentence, and its fields."""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Literal

from casewright.errors import Message
from casewright.swift_dataclass import dataclass

Grade = Literal["info", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: `fields` are for a program, `sentence` says the same to people."""

    event: str
    sentence: Message
    grade: Grade = "info"
    fields: Mapping[str, object] = field(default_factory=dict)
    bug: Exception | None = None
    """What went wrong in casewright itself, if that is what the line is about."""


Tell = Callable[[Line], None]
"""Takes the lines."""


def line(
    event: str, sentence: Message, *, grade: Grade = "info", bug: Exception | None = None
) -> Line:
    """Return a line whose fields are the values of its sentence."""
    return Line(event=event, sentence=sentence, grade=grade, fields=sentence.values, bug=bug)
