"""Moments as the tables have them: microseconds since 1970, 0 for never."""

from datetime import UTC, datetime, timedelta

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def number_of(moment: datetime | None) -> int:
    """Return a moment as a number."""
    return 0 if moment is None else (moment - _BEGINNING) // timedelta(microseconds=1)


def moment_of(number: int) -> datetime | None:
    """Return the moment of a number."""
    return _BEGINNING + timedelta(microseconds=number) if number else None
