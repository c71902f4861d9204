"""Moments as commands give them: aware, and within the years that a local time can be told for."""

from datetime import UTC, datetime

from casewright.errors import CommandRefused, message

FIRST_YEAR, LAST_YEAR = 1970, 9998


def in_utc(moment: datetime) -> datetime:
    """Return the moment in UTC; CommandRefused when it names no zone or lies beyond all calendars."""
    if moment.tzinfo is None:
        raise CommandRefused(reason=message("a moment needs its time zone"))
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        reason = message(
            "a moment lies between the years {first} and {last}",
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
        raise CommandRefused(reason=reason)
    return moment.astimezone(UTC)
