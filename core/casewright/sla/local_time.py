"""From a local time to the one moment it means, on the days too when clocks are put forward or back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from casewright.errors import CommandRefused, message

_SECOND = timedelta(seconds=1)


def moment_of(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, at which the clocks of `zone` show `local` (without a zone).

    A time that occurs twice, when clocks are put back, is its first occurrence; one that never
    occurs, when they are put forward, is the moment at which they are.
    """
    early, late = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    before, after = early.utcoffset(), late.utcoffset()
    if before is None or after is None or after <= before:
        return early.astimezone(UTC)
    return _jump(late.astimezone(UTC), early.astimezone(UTC), zone)


def read_moment(text: str, zone: ZoneInfo) -> datetime:
    """Return the moment that ISO 8601 text says; without an offset it is a local time of `zone`."""
    try:
        read = datetime.fromisoformat(text.strip())
        return read.astimezone(UTC) if read.tzinfo else moment_of(read, zone)
    except (ValueError, OverflowError):
        template = (
            "'{written}' is no time: write it as 2026-02-13T17:30 or 2026-02-13T17:30+08:00"
        )
        raise CommandRefused(reason=message(template, written=text[:80])) from None


def _jump(earliest: datetime, latest: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment after `earliest` that has the offset of `latest`."""
    offset = latest.astimezone(zone).utcoffset()
    low, high = 0, (latest - earliest) // _SECOND
    while low < high:
        middle = (low + high) // 2
        if (earliest + middle * _SECOND).astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle + 1
    return earliest + low * _SECOND
