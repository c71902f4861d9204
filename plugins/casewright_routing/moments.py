"""Moments as the plugin's tables have them: whole microseconds since 1970, in UTC."""

from datetime import UTC, datetime, timedelta

_START = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def number_of(moment: datetime) -> int:
    """Return a moment as the tables have it."""
    return (moment - _START) // _MICROSECOND


def moment_of(number: int) -> datetime:
    """Return the moment that a table has."""
    return _START + timedelta(microseconds=number)
