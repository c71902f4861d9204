"""The last resort against a call that lets no other thread run: the operating system ends the process.

A regular expression that explodes, or a sum over everything, holds Python's lock: no watch can look on meanwhile.
So a timer of the system runs along, counting the processor's time only; whoever can look on sets it anew each time.
"""

import signal
from threading import Lock

_lock = Lock()
_wanted: dict[object, float] = {}


def arm(owner: object, seconds: float) -> None:
    """Have the process ended unless `arm` or `disarm` is called within so many seconds of the processor's time."""
    if not hasattr(signal, "SIGVTALRM"):  # no such timer here: such a call is waited for
        return
    with _lock:
        _wanted[owner] = seconds
        _set()


def disarm(owner: object) -> None:
    """Let the process live, as far as `owner` is concerned."""
    with _lock:
        if _wanted.pop(owner, None) is not None:
            _set()


def _set() -> None:
    if signal.getsignal(signal.SIGVTALRM) == signal.SIG_DFL:  # else it is somebody else's
        signal.setitimer(signal.ITIMER_VIRTUAL, max(_wanted.values(), default=0))
