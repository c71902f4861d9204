"""How a line to a message centre is made: connected, encrypted and bound, or refused with the reason."""

import socket
import ssl
from collections import deque
from collections.abc import Iterator
from importlib.util import find_spec
from time import monotonic
from typing import TYPE_CHECKING, Any

from casewright.delivery.plaintext import is_this_machine
from casewright.errors import ConfigRefused, Message, message
from casewright.settings.channels import ChannelSettings

if TYPE_CHECKING:
    from casewright.delivery.smpp_line import Line

_LONGEST = {"system_id": 15, "password": 8, "system_type": 12, "sender": 20}
"""What fits into the fields of SMPP 3.4, in characters."""
_ACCOUNT = ("system_id", "password", "system_type")


class BindRefused(Exception):
    """The message centre does not let this account in."""


def check(settings: ChannelSettings) -> None:
    """Raise `ConfigRefused` for settings with which no line can be made."""
    for fault in _faults(settings):
        raise ConfigRefused(place=settings.place, reason=fault)


def bound_line(
    settings: ChannelSettings, arrived: "deque[tuple[Line, Any]]", until: float
) -> "Line":
    """Return a line to send and receive over; raise `BindRefused` or an `OSError` for none by `until`."""
    from casewright.delivery.smpp_line import Line

    address = settings.text("host"), int(settings.number("port"))
    connection = socket.create_connection(address, max(0.001, until - monotonic()))
    line = Line(_encrypted(connection, settings), arrived)
    try:
        account = {name: settings.text(name) for name in _ACCOUNT}
        answer = line.ask("bind_transceiver", until, **account)
    except OSError:
        line.cut()
        raise
    if answer.is_error():
        line.cut()
        raise BindRefused(f"bind: {answer.get_status_desc()}")
    return line


def _encrypted(connection: socket.socket, settings: ChannelSettings) -> socket.socket:
    if not settings.yes("tls"):
        return connection
    try:
        context = ssl.create_default_context(cafile=settings.text("ca_file") or None)
        return context.wrap_socket(connection, server_hostname=settings.text("host"))
    except OSError:
        connection.close()
        raise


def _faults(settings: ChannelSettings) -> Iterator[Message]:
    if find_spec("smpplib") is None:
        yield message("the driver 'smpp' needs a library; install casewright[smpp]")
    for name, longest in _LONGEST.items():
        value = settings.text(name)
        if len(value) > longest or not value.isascii():
            template = "'{name}' is at most {longest} characters, without accents"
            yield message(template, name=name, longest=longest)
    private = settings.yes("tls") or is_this_machine(settings.text("host"))
    if not (private or settings.yes("allow_plaintext")):
        yield message(
            "password and messages would cross the network unencrypted; "
            "say 'tls = true', or 'allow_plaintext = true' inside a tunnel"
        )
