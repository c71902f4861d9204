"""The name under which a worker holds the lease: the machine and the process, so that a dead one can be told from a living."""

import os
import socket


def holder_here() -> str:
    """Return the name of this process."""
    return f"{socket.gethostname()}:{os.getpid()}"


def is_dead(holder: str) -> bool:
    """Return whether the process of this name is known to be gone; of another machine's nothing is known."""
    machine, _, number = holder.rpartition(":")
    if machine != socket.gethostname() or not (number.isascii() and number.isdigit()):
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False  # Somebody else's, or a number that no process has.
    return False
