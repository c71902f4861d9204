"""What systemd is told of a server: that it is ready, alive, being replaced, about to stop. Nothing where systemd did not start it."""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from time import monotonic, monotonic_ns

_NEVER = 3600.0


class Notifier:
    """Speaks the protocol of sd_notify; each thing is said once, but that it is alive."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        known = os.environ if environment is None else environment
        self._address = known.get("NOTIFY_SOCKET", "")
        watched = known.get("WATCHDOG_USEC", "") if self._address else ""
        ours = known.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        self.every = int(watched) / 2_000_000 if watched.isdecimal() and ours else _NEVER
        """Seconds after which it must be said again that the server is alive."""
        self._next = 0.0
        self._said = ""

    def ready(self) -> None:
        """Say that everything is up."""
        self._say("READY=1")

    def reloading(self) -> None:
        """Say that parts are being replaced, and others go on meanwhile."""
        self._say(f"RELOADING=1\nMONOTONIC_USEC={monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """Say that it is about to stop."""
        self._say("STOPPING=1")

    def alive(self) -> None:
        """Say that it is alive, as often as systemd wants to hear it."""
        if self.every < _NEVER and monotonic() >= self._next:
            self._next = monotonic() + self.every
            self._send("WATCHDOG=1")

    def _say(self, state: str) -> None:
        if state != self._said:
            self._said = state
            self._send(state)

    def _send(self, state: str) -> None:
        if not self._address:
            return
        # An address that begins with @ is abstract: no file, and a zero byte in its place.
        address = f"\0{self._address[1:]}" if self._address[0] == "@" else self._address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaking:
            speaking.connect(address)
            speaking.send(state.encode())
