"""The sections `[webhooks]` and `[webhooks.NAME]`: which other systems are told of events, of which, and where they may be."""

from dataclasses import field
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import cast

from casewright import durations
from casewright.errors import ConfigRefused, DurationRefused, Place, message
from casewright.patterns import pattern
from casewright.settings.options import LONGEST_ATTEMPT, Option, checked
from casewright.settings.toml_places import TomlPlaces
from casewright.swift_dataclass import dataclass

KINDS = (
    "opened", "moved", "closed", "reopened", "assigned", "edited", "answered", "commented",
    "attached", "contacted", "escalated", "erased",
)  # fmt: skip
"""What a webhook may be told of: each is a word of ours, whatever an event is called inside."""
_NAME = pattern(r"[a-z][a-z0-9_-]{0,39}")
_HOST = pattern(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")

HOSTS = "hosts"
WEBHOOK_OPTIONS = (
    Option(
        name="url",
        required=True,
        help="Where events are posted to, such as `https://crm.example.org/hooks`; or `secret://crm_url` where the "
        "address itself is a secret. Its host must be one of `hosts`.",
    ),
    Option(
        name="secret",
        required=True,
        help="What the signature is made with, as `secret://crm_webhook`; at least 16 characters. One that begins with "
        "`whsec_` holds the key in Base64.",
    ),
    Option(
        name="events",
        kind="list",
        required=True,
        choices=KINDS,
        help="The events that are told.",
    ),
    Option(
        name="workflows",
        kind="list",
        default=(),
        help="Of tickets of these workflows; of all, if empty.",
    ),
    Option(
        name="fields",
        kind="list",
        default=(),
        help="Fields of the ticket that go with it; never one that its form calls personal.",
    ),
    Option(
        name="networks",
        kind="list",
        default=(),
        help="Networks in which the host may lie although they are not public, such as `10.1.0.0/16`.",
    ),
    Option(
        name="timeout",
        kind="number",
        default=10,
        most=LONGEST_ATTEMPT,
        help="Seconds that one attempt may take in all; 50 at most.",
    ),
    Option(
        name="give_up_after",
        default="24 hours",
        help="How long an event is tried again before it becomes a dead letter.",
    ),
    Option(
        name="ca_file",
        help="Certificates that are trusted in place of the public ones; an absolute path.",
    ),
)
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """One other system; `url` and `secret` are as written, and looked up when they are used."""

    name: str
    url: str = field(repr=False)
    secret: str = field(repr=False)
    events: frozenset[str]
    hosts: frozenset[str]
    workflows: frozenset[str] = frozenset()
    fields: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()
    timeout: float = 10.0
    give_up_after: timedelta = timedelta(hours=24)
    ca_file: str = ""
    place: Place = field(default=Place("casewright.toml"))


def webhooks_from(data: object, places: TomlPlaces) -> dict[str, WebhookSettings]:
    """Return the webhooks by name; raise `ConfigRefused` at its place."""
    if not isinstance(data, dict):
        reason = message("write webhooks as sections, such as [webhooks.crm]")
        raise ConfigRefused(place=places.of("webhooks"), reason=reason)
    hosts = _hosts(data.get(HOSTS, []), places)
    sections = {name: one for name, one in data.items() if name != HOSTS}
    return {name: _webhook(name, one, hosts, places) for name, one in sections.items()}


def _webhook(
    name: str, data: object, hosts: frozenset[str], places: TomlPlaces
) -> WebhookSettings:
    section = ("webhooks", name)
    if not isinstance(data, dict) or not _NAME.fullmatch(name):
        reason = message(
            "write a webhook as a section, such as [webhooks.crm]; its name is of a-z, 0-9, '_' and '-'"
        )
        raise ConfigRefused(place=places.of(*section), reason=reason)
    values = checked(data, WEBHOOK_OPTIONS, section=section, places=places)
    return WebhookSettings(
        name=name,
        url=cast(str, values["url"]),
        secret=cast(str, values["secret"]),
        events=frozenset(cast(list[str], values["events"])),
        hosts=hosts,
        workflows=frozenset(cast(list[str], values["workflows"])),
        fields=tuple(cast(list[str], values["fields"])),
        networks=_networks(
            cast(list[str], values["networks"]), places.of(*section, "networks")
        ),
        timeout=float(cast(float, values["timeout"])),
        give_up_after=_span(values["give_up_after"], places.of(*section, "give_up_after")),
        ca_file=cast(str, values["ca_file"]),
        place=places.of(*section),
    )


def _hosts(data: object, places: TomlPlaces) -> frozenset[str]:
    known = isinstance(data, list) and all(
        isinstance(one, str) and _HOST.fullmatch(one) for one in data
    )
    if not known:
        reason = message("'hosts' is a list of exact host names, such as [\"crm.example.org\"]")
        raise ConfigRefused(place=places.of("webhooks", HOSTS), reason=reason)
    return frozenset(one.lower().strip("[]") for one in cast(list[str], data))


def _networks(written: list[str], place: Place) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(one) for one in written)
    except ValueError:
        reason = message("write networks as '10.1.0.0/16' or 'fd00::/8'")
        raise ConfigRefused(place=place, reason=reason) from None


def _span(text: object, place: Place) -> timedelta:
    try:
        return durations.parse(text).wall
    except DurationRefused as refused:
        raise ConfigRefused(place=place, reason=refused.reason) from None
