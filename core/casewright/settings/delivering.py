"""The sections `[worker]`, `[quiet_hours]` and `[limits]`: when and how fast notices go out."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import time, timedelta
from typing import cast

from casewright import durations
from casewright.errors import ConfigRefused, DurationRefused, Place, message
from casewright.nearest import hint
from casewright.patterns import pattern
from casewright.settings.channels import ChannelSettings
from casewright.settings.options import Option, checked
from casewright.settings.toml_places import TomlPlaces
from casewright.swift_dataclass import dataclass

_LIMIT = pattern(r"([0-9]{1,6}) in (.+)")
_TIME = pattern(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_ADDRESS = pattern(r"(\[[0-9A-Fa-f:]+\]|[\w.-]+):([0-9]{1,5})")

WORKER_OPTIONS = (
    Option(
        name="listen",
        help="Address and port where receipts and replies come in, such as `127.0.0.1:8091`; "
        "empty for none. Port 0 takes a free one.",
    ),
    Option(
        name="secret",
        help="What a sender of receipts and replies must know, as `secret://listener`; "
        "at least 16 characters. Nothing listens without it.",
    ),
    Option(
        name="poll", kind="number", default=0.5, help="Seconds between two looks at the clock."
    ),
    Option(
        name="receipt_within",
        default="24 hours",
        help="How long a receipt may take before a delivery counts as expired.",
    ),
    Option(
        name="notice_within",
        default="3 days",
        help="How old a notice may get without going out before it expires.",
    ),
)
QUIET_OPTIONS = (
    Option(
        name="from", required=True, help="When quiet begins, in the local time of the calendar."
    ),
    Option(
        name="until", required=True, help="When it ends; earlier than `from` is the next day."
    ),
)
SMS_LIMITS = "1 in 1 minute, 5 in 15 minutes, 11 in 1 hour, 21 in 3 hours"
"""What one person gets over an SMS channel at most, unless `[limits]` says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `count` deliveries to one person over one channel in any span as long as `within`."""

    count: int
    within: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """The hours of the night in which nobody is told, in local time; `until` is not part of them."""

    start: time
    until: time


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """What the worker does besides its work: listen, look at the clock, give up waiting."""

    host: str = ""
    """Where it listens; empty for nowhere."""
    port: int = 0
    secret: str = field(default="", repr=False)
    """As written: what it names is looked up when the listener starts."""
    poll: float = 0.5
    receipt_within: timedelta = timedelta(hours=24)
    notice_within: timedelta = timedelta(days=3)
    place: Place = field(default=Place("casewright.toml"))


def worker_from(data: object, places: TomlPlaces) -> WorkerSettings:
    """Return what `[worker]` says; raise `ConfigRefused` at its place."""
    values = checked(
        _section(data, "worker", places), WORKER_OPTIONS, section=("worker",), places=places
    )
    host, port = address_of(cast(str, values["listen"]), places.of("worker", "listen"))
    return WorkerSettings(
        host=host,
        port=port,
        secret=cast(str, values["secret"]),
        poll=float(cast(float, values["poll"])),
        receipt_within=_span(values["receipt_within"], places.of("worker", "receipt_within")),
        notice_within=_span(values["notice_within"], places.of("worker", "notice_within")),
        place=places.of("worker"),
    )


def quiet_hours_from(data: object, places: TomlPlaces) -> QuietHours:
    """Return what `[quiet_hours]` says; raise `ConfigRefused` at its place."""
    section = ("quiet_hours",)
    values = checked(
        _section(data, *section, places), QUIET_OPTIONS, section=section, places=places
    )
    start, until = (
        _time(cast(str, values[name]), places.of(*section, name)) for name in ("from", "until")
    )
    if start == until:
        reason = message("quiet hours cannot end when they begin")
        raise ConfigRefused(place=places.of(*section), reason=reason)
    return QuietHours(start=start, until=until)


def limits_from(
    data: object, channels: Mapping[str, ChannelSettings], places: TomlPlaces
) -> dict[str, tuple[Limit, ...]]:
    """Return each channel's limits: as `[limits]` says, else the usual ones for SMS and none for the rest."""
    written = _section(data, "limits", places)
    for name in written:
        if name not in channels:
            template = "there is no channel '{name}'{hint}"
            reason = message(template, name=name, hint=hint(name, channels))
            raise ConfigRefused(place=places.of("limits", name), reason=reason)
    usual = {
        name: SMS_LIMITS if one.short and not one.strange else ""
        for name, one in channels.items()
    }
    return {
        name: tuple(_limits(written.get(name, usual[name]), places.of("limits", name)))
        for name in channels
    }


def limits_of(channel: ChannelSettings, written: tuple[Limit, ...]) -> tuple[Limit, ...]:
    """Return the limits of a channel whose kind has become known: what was written, else the usual ones for SMS."""
    if written or not channel.short:
        return written
    return tuple(_limits(SMS_LIMITS, channel.place))


def _limits(text: object, place: Place) -> Iterable[Limit]:
    if text == "":
        return
    for part in str(text).split(","):
        found = _LIMIT.fullmatch(part.strip())
        if not isinstance(text, str) or found is None or int(found[1]) == 0:
            reason = message("write limits as '1 in 1 minute, 5 in 15 minutes'")
            raise ConfigRefused(place=place, reason=reason)
        yield Limit(count=int(found[1]), within=_span(found[2], place))


def _section(data: object, name: str, places: TomlPlaces) -> Mapping[str, object]:
    if isinstance(data, dict):
        return data
    reason = message("'{name}' is a section: [{name}]", name=name)
    raise ConfigRefused(place=places.of(name), reason=reason)


def _span(text: object, place: Place) -> timedelta:
    try:
        return durations.parse(text).wall
    except DurationRefused as refused:
        raise ConfigRefused(place=place, reason=refused.reason) from None


def _time(text: str, place: Place) -> time:
    if found := _TIME.fullmatch(text):
        return time(int(found[1]), int(found[2]))
    reason = message("write a time of day as '22:00'")
    raise ConfigRefused(place=place, reason=reason)


def address_of(text: str, place: Place) -> tuple[str, int]:
    """Return host and port of `host:port`, ("", 0) of nothing; ConfigRefused."""
    if not text:
        return "", 0
    found = _ADDRESS.fullmatch(text)
    if found is None or int(found[2]) > 65535:
        reason = message("write address and port as '127.0.0.1:8091'")
        raise ConfigRefused(place=place, reason=reason)
    return found[1].strip("[]"), int(found[2])
