"""What every place promises that mail is fetched from: what waits there, its octets, and that it is done with."""

from collections.abc import Sequence
from dataclasses import field
from threading import Event
from typing import Protocol

from casewright.swift_dataclass import dataclass

PEEK = 256 * 1024
"""Octets that are read of a mail that is larger than is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A mail as it lies there; `whole` is False where it is so large that only its head was read."""

    octets: bytes = field(repr=False)
    whole: bool = True


class Mailbox(Protocol):
    """One place, open. What it raises ends this visit; the next one begins anew."""

    def waiting(self) -> Sequence[str]:
        """Return the names of the mails that were not taken in yet, the oldest first."""
        ...

    def read(self, name: str) -> Fetched | None:
        """Return a mail; None where it is gone."""
        ...

    def done(self, name: str) -> None:
        """Put a mail away that was taken in durably."""
        ...

    def wait(self, seconds: float, stop: Event) -> None:
        """Wait so long, or less where new mail is told of or `stop` is set."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...
