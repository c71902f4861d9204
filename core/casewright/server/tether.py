"""What ties a process of the server to the one that started it: it says when it is ready, and ends when that one is gone."""

import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from threading import Thread

NAME = "CASEWRIGHT_TETHER"
"""The variable that says by which descriptor a process is tied."""
READY, BEAT = b"r", b"."
BEAT_EVERY = 5.0
"""Seconds between two times that a process says that it is alive."""
LAST_SECONDS = 15.0
"""So long a process may take to end in good order once the one that started it is gone."""


class Tether:
    """One process's end of it; one that nobody started as a part of a server is tied to nothing."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor

    def hold(self) -> None:
        """End this process, in good order if that is quick, when the one that started it is gone."""
        if self._descriptor is not None:
            Thread(target=self._watch, name="tether", daemon=True).start()

    def say(self, what: bytes) -> None:
        """Tell the one that started this process that it is READY, or alive."""
        if self._descriptor is not None:
            with suppress(OSError):
                os.write(self._descriptor, what)

    def _watch(self) -> None:
        assert self._descriptor is not None
        with suppress(OSError):
            while os.read(self._descriptor, 1):
                pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(LAST_SECONDS)
        os.kill(os.getpid(), signal.SIGKILL)


def tether(environment: Mapping[str, str] | None = None) -> Tether:
    """Return what ties this process."""
    said = (os.environ if environment is None else environment).get(NAME, "")
    return Tether(int(said) if said.isdecimal() else None)
