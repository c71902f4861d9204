"""From where a request comes: a user of this machine by the Unix socket, or an address of the network."""

import asyncio
import socket
import struct
from collections.abc import Mapping
from dataclasses import replace
from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers

from casewright.server.local_users import is_ours
from casewright.settings.server import ServerSettings
from casewright.swift_dataclass import dataclass

CALLER = "caller"
"""Where the state of a request keeps its caller."""
_PEER = struct.Struct("3i")
_OF_A_PROXY = ("x-forwarded-for", "forwarded", "via", "x-real-ip")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who is at the other end of a connection, before anybody has said who they are.

    `user` is the number of the machine's user at the Unix socket, None for a caller of the network, whose `address` it
    is. `encrypted` is what comes by TLS.
    """

    user: int | None = None
    address: str = ""
    encrypted: bool = False

    @property
    def is_local(self) -> bool:
        """Whether it is a user of this machine, by the Unix socket."""
        return self.user is not None

    @property
    def is_ours(self) -> bool:
        """Whether it is the user as whom this server runs, who could read the database as well."""
        return self.user is not None and is_ours(self.user)


NOBODY_KNOWN = Caller(address="?")


def caller_at(transport: asyncio.BaseTransport) -> Caller:
    """Return who is at the other end of a connection, as the kernel says it."""
    opened = transport.get_extra_info("socket")
    if opened is not None and opened.family == getattr(socket, "AF_UNIX", None):
        return Caller(user=user_at(opened))
    peer = transport.get_extra_info("peername")
    encrypted = transport.get_extra_info("sslcontext") is not None
    if not isinstance(peer, tuple):
        return replace(NOBODY_KNOWN, encrypted=encrypted)
    return Caller(address=plain(str(peer[0])), encrypted=encrypted)


def user_at(opened: socket.socket) -> int:
    """Return the number of the user at the other end of a Unix socket; of whoever listens, as it was when they began to."""
    credentials = opened.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
    user: int = _PEER.unpack(credentials)[1]
    return user


def behind_the_proxy(caller: Caller, headers: Headers, settings: ServerSettings) -> Caller:
    """Return who a proxy in front passes on; whoever says something of the kind without being one is believed nothing.

    What comes by the Unix socket and was passed on is of the network: the proxy's user did not ask it.
    """
    if not any(name in headers for name in _OF_A_PROXY):
        return caller
    is_proxy = settings.behind_proxy and (caller.is_local or is_the_proxy(caller, settings))
    if not is_proxy:
        return NOBODY_KNOWN if caller.is_local else caller
    passed = _last_but_proxies(headers, settings)
    encrypted = caller.encrypted or settings.url.startswith("https:")
    return Caller(address=passed or "?", encrypted=encrypted)


def is_the_proxy(caller: Caller, settings: ServerSettings) -> bool:
    """Return whether a caller of the network is the proxy in front."""
    return settings.behind_proxy and caller.address in settings.proxy.split(",")


def group_of(caller: Caller) -> str:
    """Return by what callers are counted: a user, an address, or the /64 that one customer of IPv6 has at least."""
    if caller.user is not None:
        return f"user {caller.user}"
    try:
        address = ip_address(caller.address)
    except ValueError:
        return caller.address
    if isinstance(address, IPv6Address):
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)


def plain(address: str) -> str:
    """Return an address as people write it: no zone, and IPv4 as such where IPv6 carries it."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)


def state_of(caller: Caller) -> Mapping[str, Caller]:
    """Return what the state of a request says of its caller."""
    return {CALLER: caller}


def _last_but_proxies(headers: Headers, settings: ServerSettings) -> str:
    """Return the last address that no proxy of ours has; what stands before it anybody can have written."""
    chain = ",".join(headers.getlist("x-forwarded-for")).split(",")
    for one in reversed(chain):
        address = plain(one.strip())
        if address not in settings.proxy.split(","):
            return address if _is_address(address) else ""
    return ""


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
