"""The end of a process that cannot do its work any more: another one takes its place."""

import os
import signal

from casewright.logs import Log


def give_up(log: Log, error: BaseException) -> None:
    """Write down why, and end this process in good order."""
    log.incident(error, doing="writing", door="server")
    os.kill(os.getpid(), signal.SIGTERM)
