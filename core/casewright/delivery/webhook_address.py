"""Where a webhook may connect to: the one host that its URL names, at an address that was looked at before it is used."""

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from casewright.delivery.plaintext import is_this_machine
from casewright.errors import Message, message
from casewright.settings.webhooks import Network
from casewright.swift_dataclass import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_CARRY_OTHERS = (
    ipaddress.ip_network("64:ff9b::/96"),
    ipaddress.ip_network("64:ff9b:1::/48"),
    ipaddress.ip_network("2002::/16"),
    ipaddress.ip_network("2001::/32"),
)
"""Networks whose addresses hold another one inside, which may be anything."""
_WORLD = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is given out to be reached by everybody; what else there is belongs to a site, or to nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URL taken apart."""

    secure: bool
    host: str
    port: int
    path: str


class NoWay(Exception):
    """Nothing may be sent there."""


def target_of(url: str, hosts: Iterable[str]) -> Target | Message:
    """Return what a URL names, or why nothing is sent there: its host must be one of `hosts`, and the way encrypted."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return _UNREADABLE
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.fragment:
        return _UNREADABLE
    if not url.isascii() or not url.isprintable() or " " in url:
        return _UNREADABLE
    if host not in hosts:
        template = "'{host}' is not one of the 'hosts' of [webhooks]"
        return message(template, host=host)
    secure = parts.scheme == "https"
    if not secure and not is_this_machine(host):
        return message("events would cross the network unencrypted; use https")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure=secure, host=host, port=port or (443 if secure else 80), path=path)


_UNREADABLE = message("write the 'url' as 'https://crm.example.org/hooks', without a password")


def addresses(target: Target, networks: Iterable[Network]) -> list[str]:
    """Return the addresses of the host that may be connected to; NoWay where it has none, OSError where it is unknown.

    They are resolved once: what is connected to is what was looked at.
    """
    listed = tuple(networks)
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    named = dict.fromkeys(str(one[4][0]) for one in found)
    allowed = [one for one in named if _may_be_reached(one, listed)]
    if not allowed:
        raise NoWay
    return allowed


def _may_be_reached(written: str, networks: tuple[Network, ...]) -> bool:
    try:
        address: Address = ipaddress.ip_address(written.partition("%")[0])
    except ValueError:
        return False
    inner = getattr(address, "ipv4_mapped", None)
    address = inner or address
    if any(address in one for one in networks if one.version == address.version):
        return True
    if address.version == 6 and (
        address not in _WORLD or any(address in one for one in _CARRY_OTHERS)
    ):
        return False
    return address.is_global and not address.is_multicast
