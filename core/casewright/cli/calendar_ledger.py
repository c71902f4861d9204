"""A ledger of working time as it reads: from, to, how long, whether it counts and why, and the sum."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from casewright.cli.output import table
from casewright.telling.kinds import STRETCHES
from casewright.telling.time_words import length, short
from casewright.texts import Texts, text

if TYPE_CHECKING:
    from casewright.sla.calendar import Calendar
    from casewright.sla.ledger import DaySpan

_TITLES = (text("from"), text("to"), text("counted"), text("not counted"), text("why"))


def ledger_document(calendar: "Calendar", spans: "Sequence[DaySpan]") -> list[dict[str, Any]]:
    """Return the intervals as JSON has them, times in the calendar's zone."""
    zone = ZoneInfo(calendar.zone)
    return [
        {
            "from": span.start.astimezone(zone).isoformat(),
            "to": span.end.astimezone(zone).isoformat(),
            "seconds": (span.end - span.start).total_seconds(),
            "counted": span.counted,
            "why": span.why,
            "name": span.name and {"en": span.name.en, "zh": span.name.zh},
        }
        for span in spans
    ]


def ledger_lines(
    calendar: "Calendar", spans: "Sequence[DaySpan]", texts: Texts
) -> Iterator[str]:
    """Yield a line for each interval and one for the sum of what counts."""
    zone = ZoneInfo(calendar.zone)
    rows = [
        (
            short(span.start.astimezone(zone)),
            short(span.end.astimezone(zone)),
            length(texts, span.end - span.start) if span.counted else "",
            "" if span.counted else length(texts, span.end - span.start),
            reason(span, texts),
        )
        for span in spans
    ]
    yield from table([texts.text(one) for one in _TITLES], rows)
    total = sum((span.end - span.start for span in spans if span.counted), timedelta())
    template = "Together {time}, counted on the calendar '{name}' ({zone})."
    yield texts.say(template, time=length(texts, total), name=calendar.name, zone=calendar.zone)


def reason(span: "DaySpan", texts: Texts) -> str:
    """Return why an interval counts or does not."""
    said = texts.text(STRETCHES[span.why])
    if span.name is None:
        return said
    return texts.say("{reason}: {name}", reason=said, name=span.name)
