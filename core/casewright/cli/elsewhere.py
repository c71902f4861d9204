"""A server that is named by the environment: a workspace of another machine, of which nothing but the address is here."""

import hashlib
import os
from pathlib import Path

from casewright.cli import signed_in
from casewright.config import Config
from casewright.errors import UsageRefused, message
from casewright.patterns import pattern
from casewright.settings.access import AccessSettings

SERVER, AUTHORITIES = "CASEWRIGHT_SERVER", "CASEWRIGHT_CA"
_ADDRESS = pattern(r"unix:/.+|https?://([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?")
_LOOPBACK = pattern(r"http://(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?")


def server_named() -> str:
    """Return the address that the environment names, such as `https://desk.example.org`; "" for none."""
    named = os.environ.get(SERVER, "").rstrip("/")
    if named and not _ADDRESS.fullmatch(named):
        reason = message(
            "{variable} is an address such as https://desk.example.org", variable=SERVER
        )
        raise UsageRefused(reason=reason)
    if named.startswith("http:") and not _LOOPBACK.fullmatch(named):
        template = (
            "what goes to {address} could be read on the way; {variable} has to say https://"
        )
        raise UsageRefused(reason=message(template, address=named, variable=SERVER))
    return named


def authorities_named() -> str:
    """Return the file of certificates by which the server is known, "" for those that the machine trusts."""
    return os.environ.get(AUTHORITIES, "")


def config_elsewhere(address: str) -> Config:
    """Return settings for a workspace of which only the address is known: its name here is a folder where sessions are kept."""
    name = hashlib.sha256(address.encode()).hexdigest()[:32]
    root = signed_in.file_of(Path("/")).parent.parent / "servers" / name
    return Config(
        root=root,
        database=root / "casewright.db",
        attachments=root / "attachments",
        # At a Unix socket the kernel says who comes; whether that is enough is the server's to say.
        access=AccessSettings(sign_in="os_user" if address.startswith("unix:") else "password"),
    )
