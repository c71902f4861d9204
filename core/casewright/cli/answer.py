"""What a verb comes to: one document for programs, lines for people."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

from casewright.swift_dataclass import dataclass


class Heading(str):
    """A line that stands out where the terminal can show it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`document` is what --json prints; `lines` go to standard output, `notes` to standard error.

    `done` is False when the exit code is 1 although nothing was refused, as when problems were found.
    """

    document: Mapping[str, Any]
    lines: Iterable[str] = ()
    notes: Iterable[str] = field(default=())
    done: bool = True
