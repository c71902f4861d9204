"""TLS for the network: the certificate as it stands in its files, and nothing readable on the way without it."""

import socket
import ssl
from ipaddress import ip_address

from casewright.config import Config
from casewright.errors import ConfigRefused, message


def context_of(config: Config) -> ssl.SSLContext | None:
    """Return what the sockets of the network are wrapped in, None without a certificate; ConfigRefused."""
    settings = config.server
    if not settings.certificate:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    key = config.root / settings.key if settings.key else None
    try:
        context.load_cert_chain(config.root / settings.certificate, key)
    except (OSError, ValueError) as error:
        template = "the certificate or its key cannot be used ({problem})"
        problem = getattr(error, "strerror", None) or type(error).__name__
        reason = message(template, problem=problem)
        raise ConfigRefused(place=settings.place, reason=reason) from error
    return context


def must_be_safe(listening: socket.socket, config: Config) -> None:
    """Raise ConfigRefused for a socket over which passwords would go for everybody on the way to read."""
    if listening.family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = str(listening.getsockname()[0])
    if config.server.certificate or config.server.behind_proxy or is_loopback(host):
        return
    template = (
        "{host} is no loopback address, and what goes there would be readable on the way;"
        " name `certificate` and `key`, or say `behind_proxy = true` where a proxy before it does TLS"
    )
    raise ConfigRefused(place=config.server.place, reason=message(template, host=host))


def is_loopback(host: str) -> bool:
    """Return whether an address is reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
