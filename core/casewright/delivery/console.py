"""The channel for demonstrations: each message is a line on the terminal, and there it is."""

import sys
from collections.abc import Iterable
from typing import TextIO

from casewright.delivery.channel import Answer, Delivered, Failed, Outgoing, Seen
from casewright.settings.channels import ChannelSettings
from casewright.visible import visible


def open_console(settings: ChannelSettings) -> "ConsoleChannel":
    """Return a channel that prints to the standard output."""
    return ConsoleChannel(settings.name)


class ConsoleChannel:
    """Prints messages to `stream`, or to whatever is the standard output when one is sent."""

    def __init__(self, name: str, stream: TextIO | None = None) -> None:
        self._name = name
        self._stream = stream

    def send(self, outgoing: Outgoing) -> Answer:
        """Print one message: channel, address, text, a tab before each further line."""
        said = visible(outgoing.text.strip()).replace("\n", "\n\t")
        address = " ".join(visible(outgoing.address).split())
        stream = self._stream or sys.stdout
        try:
            print(f"[{self._name}] {address}: {said}", file=stream, flush=True)
        except (OSError, ValueError) as error:
            return Failed(reason=str(error))
        return Delivered()

    def receipts(self) -> Iterable[Seen]:
        """Return nothing: what was printed is there."""
        return ()

    def close(self) -> None:
        """Do nothing; the terminal is not ours to close."""
