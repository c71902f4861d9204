"""What the doctor says of this machine's clock: beside what is on record, the file system's time, and the time servers'."""

import ctypes
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from casewright.cli.doctor_check import Check, problem, warning, well
from casewright.cli.session import Session
from casewright.errors import message

EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock of a machine that runs this version is earlier."""
LATE_ENOUGH = timedelta(seconds=5)
"""Two processes of one machine need not agree better."""
_UNSYNCHRONISED = 0x40
_NAME = "clock"


def clock_checks(session: Session, now: datetime) -> Iterator[Check]:
    """Yield what the time is here; a problem where it cannot be."""
    if now < EARLIEST:
        yield problem(_NAME, message("the clock says {now}, which cannot be", now=now))
        return
    zone = session.texts.zone or now.astimezone().strftime("%Z")
    yield well(_NAME, message("it is {now} here ({zone})", now=now, zone=zone))
    if is_synchronised() is False:
        said = message(
            "nobody keeps this machine's clock right, so due times drift with it: `timedatectl set-ntp true`"
        )
        yield warning(_NAME, said)


def record_checks(last: datetime | None, folder: Path, now: datetime) -> Iterator[Check]:
    """Yield a problem where the clock is behind what was recorded, or apart from that of the disk's machine."""
    if last is not None and last > now + LATE_ENOUGH:
        said = message(
            "the clock says {now}, but something was recorded at {last}: it was ahead then or is behind now; set it right "
            "before anybody works on",
            now=now,
            last=last,
        )
        yield problem(_NAME, said)
    apart = _apart(folder)
    if apart is not None and abs(apart) > LATE_ENOUGH:
        said = message(
            "the disk of {folder} is {seconds} s apart from this machine's clock: let both follow one time server",
            folder=str(folder),
            seconds=f"{apart.total_seconds():.0f}",
        )
        yield warning(_NAME, said)


def is_synchronised() -> bool | None:
    """Return whether the kernel follows a time server; None where it does not say."""
    if not sys.platform.startswith("linux"):
        return None
    # struct timex of the kernel: `modes` 0 only asks; `status` is the sixth field.
    asked = (ctypes.c_long * 64)()
    try:
        state = ctypes.CDLL(None, use_errno=True).adjtimex(asked)
    except (OSError, AttributeError):
        return None
    return None if state < 0 else not asked[5] & _UNSYNCHRONISED


def _apart(folder: Path) -> timedelta | None:
    """Return how far the time that a new file is given is from ours."""
    try:
        with NamedTemporaryFile(dir=folder, prefix=".clock-") as file:
            stamped = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
    except OSError:
        return None
    return stamped - datetime.now(UTC)
