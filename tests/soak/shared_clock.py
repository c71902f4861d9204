"""A clock that many processes share: it runs as fast as it was told to, and anybody may put it forward or back."""

import mmap
import struct
import time
from datetime import datetime, timedelta
from pathlib import Path

from casewright.clock import from_microseconds, to_microseconds

_MOMENT = struct.Struct("=q")
_WHOLE = struct.Struct("=qqq")


class SharedClock:
    """The clock kept in a file; `now` is the same in every process that has it open."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _WHOLE.size)

    @classmethod
    def make(cls, path: Path, moment: datetime, *, speed: int) -> "SharedClock":
        """Return a new clock that shows `moment` now; at speed 0 it stands."""
        path.write_bytes(_WHOLE.pack(to_microseconds(moment), _real(), speed))
        return cls(path)

    def now(self) -> datetime:
        moment, since, speed = _WHOLE.unpack_from(self._memory)
        return from_microseconds(moment + (_real() - since) * speed)

    def jump(self, by: timedelta) -> None:
        """Put the clock forward, or back."""
        (moment,) = _MOMENT.unpack_from(self._memory)
        _MOMENT.pack_into(self._memory, 0, moment + by // timedelta(microseconds=1))

    def run(self, *, speed: int) -> None:
        """Go on at another speed; at 0 it stands."""
        moment = to_microseconds(self.now())
        _WHOLE.pack_into(self._memory, 0, moment, _real(), speed)

    def set(self, moment: datetime) -> None:
        """Put the clock to `moment`."""
        self.jump(moment - self.now())


def _real() -> int:
    """Return microseconds of the clock that nobody puts forward or back, the same for all processes."""
    return time.monotonic_ns() // 1000
