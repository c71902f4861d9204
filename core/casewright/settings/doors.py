"""`[ssh]` and `[web]` of `casewright.toml`: where people with a terminal or a browser come in, and how many at a time."""

from dataclasses import field
from typing import cast

from casewright.errors import ConfigRefused, Place, message
from casewright.settings.delivering import address_of
from casewright.settings.options import Option, checked
from casewright.settings.server import url_of
from casewright.settings.toml_places import TomlPlaces
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SshSettings:
    """Where the SSH door listens, and whom it takes."""

    host: str = "127.0.0.1"
    """The address on which it listens."""

    port: int = 8022
    """The port there; 0 takes a free one."""

    host_key: str = ""
    """The private key by which clients know the door; "" for `casewright-ssh-host-key` beside the database."""

    sessions: int = 100
    """Sessions at the same time, of everybody together."""

    sessions_each: int = 10
    """Sessions of one person at the same time."""

    idle_minutes: float = 60
    """Minutes after which a session in which nobody types and nothing is shown is ended."""

    place: Place = field(default=Place("casewright.toml"))


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """Where the web door listens, and what it is called outside."""

    host: str = "127.0.0.1"
    """The address on which it listens."""

    port: int = 8023
    """The port there; 0 takes a free one."""

    url: str = ""
    """What browsers call it, such as `https://desk.example.org`: the one Origin it takes; "" for its own address."""

    sessions: int = 30
    """Terminals at the same time, of everybody together."""

    sessions_each: int = 5
    """Terminals of one person at the same time."""

    idle_minutes: float = 60
    """Minutes after which a terminal in which nobody types is ended."""

    place: Place = field(default=Place("casewright.toml"))


SSH_OPTIONS = (
    Option(
        name="listen",
        default="127.0.0.1:8022",
        help="Address and port on which `casewright serve --ssh` listens. Port 0 takes a free one.",
    ),
    Option(
        name="host_key",
        help="The private key by which clients know the door; empty makes `casewright-ssh-host-key` beside the database.",
    ),
    Option(
        name="sessions",
        kind="number",
        default=100,
        help="Sessions at the same time, of everybody together.",
    ),
    Option(
        name="sessions_each",
        kind="number",
        default=10,
        help="Sessions of one person at the same time.",
    ),
    Option(
        name="idle_minutes",
        kind="number",
        default=60,
        help="Minutes after which a session in which nobody types and nothing is shown is ended.",
    ),
)
WEB_OPTIONS = (
    Option(
        name="listen",
        default="127.0.0.1:8023",
        help="Address and port on which `casewright serve --web` listens. Port 0 takes a free one.",
    ),
    Option(
        name="url",
        help="What browsers call it, such as `https://desk.example.org`; empty for its own address.",
    ),
    Option(
        name="sessions",
        kind="number",
        default=30,
        help="Terminals at the same time, of everybody together.",
    ),
    Option(
        name="sessions_each",
        kind="number",
        default=5,
        help="Terminals of one person at the same time.",
    ),
    Option(
        name="idle_minutes",
        kind="number",
        default=60,
        help="Minutes after which a terminal in which nobody types is ended.",
    ),
)


def ssh_from(written: object, places: TomlPlaces) -> SshSettings:
    """Return the settings of `[ssh]`; ConfigRefused."""
    found = _found(written, "ssh", SSH_OPTIONS, places)
    host, port = _address(found, "ssh", places)
    return SshSettings(
        host=host,
        port=port,
        host_key=cast(str, found["host_key"]),
        sessions=_count(found, "ssh", "sessions", places),
        sessions_each=_count(found, "ssh", "sessions_each", places),
        idle_minutes=_minutes(found, "ssh", places),
        place=places.of("ssh"),
    )


def web_from(written: object, places: TomlPlaces) -> WebSettings:
    """Return the settings of `[web]`; ConfigRefused."""
    found = _found(written, "web", WEB_OPTIONS, places)
    host, port = _address(found, "web", places)
    return WebSettings(
        host=host,
        port=port,
        url=url_of(cast(str, found["url"]), places, section="web"),
        sessions=_count(found, "web", "sessions", places),
        sessions_each=_count(found, "web", "sessions_each", places),
        idle_minutes=_minutes(found, "web", places),
        place=places.of("web"),
    )


def _found(
    written: object, section: str, options: tuple[Option, ...], places: TomlPlaces
) -> dict[str, object]:
    if not isinstance(written, dict):
        reason = message("'{name}' is a section: [{name}]", name=section)
        raise ConfigRefused(place=places.of(section), reason=reason)
    return checked(written, options, section=(section,), places=places)


def _address(found: dict[str, object], section: str, places: TomlPlaces) -> tuple[str, int]:
    place = places.of(section, "listen")
    host, port = address_of(cast(str, found["listen"]), place)
    if not host:
        reason = message("write address and port as '127.0.0.1:8091'")
        raise ConfigRefused(place=place, reason=reason)
    return host, port


def _count(found: dict[str, object], section: str, name: str, places: TomlPlaces) -> int:
    value = float(cast(float, found[name]))
    if not (value.is_integer() and 1 <= value <= 10_000):
        reason = message("'{name}' is a whole number from 1 to {most}", name=name, most=10_000)
        raise ConfigRefused(place=places.of(section, name), reason=reason)
    return int(value)


def _minutes(found: dict[str, object], section: str, places: TomlPlaces) -> float:
    value = float(cast(float, found["idle_minutes"]))
    if not 0 < value <= _LONGEST_IDLE:
        template = "'{name}' is more than 0 and at most {most}"
        reason = message(template, name="idle_minutes", most=_LONGEST_IDLE)
        raise ConfigRefused(place=places.of(section, "idle_minutes"), reason=reason)
    return value


_LONGEST_IDLE = 10_000
