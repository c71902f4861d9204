"""Every code that `calendar check` gives: what it means, and whether it is only a warning."""

from collections.abc import Mapping
from types import MappingProxyType

from casewright.document import Document, Path
from casewright.errors import Message, Problem

REFUSALS: Mapping[str, str] = MappingProxyType(
    {
        "unreadable": "The file cannot be read, or is no YAML as casewright accepts it.",
        "unknown_word": "A word that a calendar does not have in this place.",
        "missing_word": "A word that must be there is not.",
        "wrong_shape": "A value of the wrong kind.",
        "bad_name": "A name that is not written in lower case letters, digits and _, or is `always`.",
        "name_differs": "The calendar and its file have different names.",
        "bad_text": "A text for people that lacks English or Chinese.",
        "unknown_zone": "A time zone that does not exist.",
        "unknown_day": "A day of the week that does not exist.",
        "bad_hours": "Hours that are not written as `09:00-18:00`.",
        "hours_overlap": "Hours that overlap each other, or those of the next day.",
        "bad_year": "A year that is no year, or too far away.",
        "bad_date": "A day that is no date, or belongs to another year.",
        "day_twice": "A day that has its hours, or its holiday, twice.",
        "needless_make_up": "A make-up day that is a working day, or a holiday, already.",
        "no_working_time": "More than 400 days without working time: nothing could ever be due.",
    }
)
"""Problems with which a calendar is not taken."""

WARNINGS: Mapping[str, str] = MappingProxyType(
    {
        "not_published": "Days of a year that is not published; they do not count yet.",
        "next_year": "From 1 November on: next year's holidays are not published.",
    }
)
"""Problems that a calendar can be used with."""


def problem(
    document: Document, code: str, path: Path, reason: Message, *, key: bool = False
) -> Problem:
    """Return the problem `calendar.<code>` at the value of `path`, or at its key."""
    if code not in REFUSALS and code not in WARNINGS:
        raise KeyError(code)
    place = document.key_place(path) if key else document.place(path)
    return Problem(code=f"calendar.{code}", message=reason, place=place, grave=code in REFUSALS)
