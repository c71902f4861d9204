"""What a template may do to a value: the filters, each with what it takes and gives, none of which can grow a text."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from casewright.errors import Message, message
from casewright.swift_dataclass import dataclass

Kind = Literal["text", "number", "moment", "truth"]
"""What a value is: a moment is shown by `localtime` only, a truth not at all."""

LONGEST_VALUE = 2_000
"""A text that goes into a template, or comes out of a filter, is cut here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One filter: `takes` are the kinds it may stand behind, `gives` is what it makes of them.

    `arguments` tells what is wrong with the fixed values in its brackets, or None.
    """

    apply: Callable[..., Any]
    takes: tuple[str, ...] = ("text",)
    gives: Kind = "text"
    arguments: Callable[[tuple[object, ...]], Message | None]


def _none(values: tuple[object, ...]) -> Message | None:
    return message("it takes no value in brackets") if values else None


def _one_count(values: tuple[object, ...]) -> Message | None:
    given = values[0] if len(values) == 1 else None
    if type(given) is int and 1 <= given <= LONGEST_VALUE:
        return None
    return message(
        "it takes one whole number from 1 to {limit} in brackets", limit=LONGEST_VALUE
    )


def _one_text(values: tuple[object, ...]) -> Message | None:
    if len(values) == 1 and type(values[0]) is str and len(values[0]) <= LONGEST_VALUE:
        return None
    return message("it takes one text in brackets")


def _perhaps_full(values: tuple[object, ...]) -> Message | None:
    return (
        None if values in ((), ("full",)) else message("it takes nothing or 'full' in brackets")
    )


def _truncate(value: str, length: int) -> str:
    return value if len(value) <= length else value[: length - 1] + "…"


def _mask(value: str) -> str:
    return "•" * max(0, len(value) - 4) + value[-4:] if len(value) > 4 else "•" * len(value)


def _localtime(value: str, form: str = "") -> str:
    """Return "03-02 17:00" of an ISO moment, which comes in the site's zone; with `full`, the year too."""
    if not value:
        return ""
    return datetime.fromisoformat(value).strftime("%Y-%m-%d %H:%M" if form else "%m-%d %H:%M")


def _default(value: Any, other: str) -> Any:
    return other if value == "" else value


def _cut(change: Callable[[str], str]) -> Callable[[Any], str]:
    """Return a change of text whose result stays within bounds: some letters grow in upper case."""
    return lambda value: change(str(value))[:LONGEST_VALUE]


_WORDS = ("text", "number")

FILTERS: dict[str, Filter] = {
    "capitalize": Filter(apply=_cut(str.capitalize), takes=_WORDS, arguments=_none),
    "default": Filter(apply=_default, takes=_WORDS, arguments=_one_text),
    "length": Filter(apply=len, takes=("text", "list"), gives="number", arguments=_none),
    "localtime": Filter(apply=_localtime, takes=("moment",), arguments=_perhaps_full),
    "lower": Filter(apply=_cut(str.lower), takes=_WORDS, arguments=_none),
    "mask": Filter(apply=_cut(_mask), takes=_WORDS, arguments=_none),
    "trim": Filter(apply=_cut(str.strip), takes=_WORDS, arguments=_none),
    "truncate": Filter(apply=_truncate, arguments=_one_count),
    "upper": Filter(apply=_cut(str.upper), takes=_WORDS, arguments=_none),
}
"""Every filter by its name."""
