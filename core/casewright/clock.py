"""The only place that asks what time it is."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Clock(Protocol):
    """Something that tells the moment as an aware UTC datetime."""

    def now(self) -> datetime:
        """Return the moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's idea of the moment."""
        return datetime.now(UTC)


class SetClock:
    """A clock that stands where it was put: for tests, replays and rehearsals."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment last set."""
        return self._moment

    def set(self, moment: datetime) -> None:
        """Put the clock at `moment`, forwards or backwards."""
        self._moment = moment.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move the clock by `by`."""
        self._moment += by


def to_microseconds(moment: datetime) -> int:
    """Return whole microseconds since 1970 UTC, exactly (no floating point)."""
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(count: int) -> datetime:
    """Return the aware UTC datetime `count` microseconds after 1970."""
    return _EPOCH + timedelta(microseconds=count)
