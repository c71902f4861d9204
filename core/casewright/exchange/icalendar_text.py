"""What is let through of an iCalendar file before a library reads it: whole days, and what returns yearly.

Time zones are left out because reading them expands their rules, alarms and all else because nobody asks for it.
"""

import re
from collections.abc import Iterator

from casewright.errors import CalendarRefused, message
from casewright.patterns import pattern

MAX_EVENTS = 5_000
MAX_RECURRING = 40
_PROPERTIES = {
    "UID", "DTSTART", "DTEND", "DURATION", "SUMMARY", "RRULE", "EXDATE", "RDATE", "RECURRENCE-ID",
    "SEQUENCE", "STATUS", "X-APPLE-SPECIAL-DAY",
}  # fmt: skip
_RULE = pattern(
    r"(?:FREQ|INTERVAL|COUNT|UNTIL|BYMONTH|BYMONTHDAY|BYDAY|BYSETPOS|WKST)=[0-9A-Z,+-]{1,40}"
)
_DAY = pattern(r"(?:1[5-9]|2[01])[0-9]{6}")
_LONGEST = 2_000


def events_only(text: str, *, calendar: str) -> str:
    """Return the all-day events as an iCalendar file of their own; raise `CalendarRefused` at a limit."""
    found = list(_events(text))
    if len(found) > MAX_EVENTS:
        reason = message("the file has more than {limit} events", limit=MAX_EVENTS)
        raise CalendarRefused(calendar=calendar, reason=reason)
    whole_days = [event for event in found if _is_whole_days(event)]
    rules = [line for event in whole_days for line in event if line.upper().startswith("RRULE")]
    for rule in rules:
        _must_be_yearly(rule, calendar)
    if len(rules) > MAX_RECURRING:
        reason = message("more than {limit} of its events recur", limit=MAX_RECURRING)
        raise CalendarRefused(calendar=calendar, reason=reason)
    lines = [line for event in whole_days for line in ("BEGIN:VEVENT", *event, "END:VEVENT")]
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:casewright"]
    return "\r\n".join([*head, *lines, "END:VCALENDAR", ""])


def _events(text: str) -> Iterator[list[str]]:
    """Yield the known properties of each event, those of components inside it left out."""
    inside: list[str] = []
    event: list[str] = []
    for line in re.sub(r"\r?\n[ \t]", "", text).splitlines():
        word, _, value = line.partition(":")
        if word.upper() == "BEGIN":
            inside.append(value.strip().upper())
            event = event if len(inside) > 2 else []
        elif word.upper() == "END":
            if inside == ["VCALENDAR", "VEVENT"]:
                yield event
            inside = inside[:-1]
        elif inside == ["VCALENDAR", "VEVENT"] and _name(word) in _PROPERTIES:
            event.append(line[:_LONGEST])


def _is_whole_days(event: list[str]) -> bool:
    """Return whether the event begins on a day of our centuries, without a time."""
    begins = [line.partition(":")[2].strip() for line in event if _name(line) == "DTSTART"]
    return len(begins) == 1 and bool(_DAY.fullmatch(begins[0]))


def _must_be_yearly(line: str, calendar: str) -> None:
    rule = line.partition(":")[2].strip().upper()
    parts = rule.rstrip(";").split(";")
    if "FREQ=YEARLY" not in parts or not all(map(_RULE.fullmatch, parts)):
        template = "an event recurs by '{rule}'; only what returns yearly is a holiday"
        raise CalendarRefused(calendar=calendar, reason=message(template, rule=rule[:80]))


def _name(line: str) -> str:
    return re.split("[;:]", line, maxsplit=1)[0].upper()
