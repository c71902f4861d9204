"""The sections `[channels.NAME]`: which ways to the outside an administrator made."""

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Literal, cast

from casewright import secrets
from casewright.errors import ConfigRefused, Place, message
from casewright.nearest import hint
from casewright.patterns import pattern
from casewright.settings.drivers import DRIVERS
from casewright.settings.options import checked
from casewright.settings.toml_places import TomlPlaces
from casewright.swift_dataclass import dataclass

ChannelKind = Literal["sms", "email", "chat"]

INBOX = "notice"
"""The channel that is always there: the staff member's inbox."""

_NAME = pattern(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """One channel: its driver, and a value for each of the driver's options."""

    name: str
    driver: str
    options: Mapping[str, object] = field(default_factory=dict, repr=False)
    place: Place = field(default=Place("casewright.toml"))
    plugin: str = ""
    """The plugin that brings its driver; empty for a driver of the core, and while nobody has asked the plugins."""
    plugin_kind: ChannelKind = "sms"
    """What its messages are, if a plugin brings its driver."""

    @property
    def strange(self) -> bool:
        """Whether its driver is none of the core's, and not yet known to be a plugin's."""
        return self.driver not in DRIVERS and not self.plugin

    @property
    def short(self) -> bool:
        """Whether its messages are SMS."""
        return self.kind == "sms"

    @property
    def kind(self) -> ChannelKind:
        """What its messages are: which text is taken, and which of a person's addresses."""
        if self.driver not in DRIVERS:
            return self.plugin_kind
        driver = DRIVERS[self.driver]
        own = "sms" if driver.short else "email" if driver.mail else self.options["kind"]
        return cast(ChannelKind, own)

    @property
    def carries_files(self) -> bool:
        """Whether files go with its messages."""
        known = DRIVERS.get(self.driver)
        return known is not None and known.carries_files and self.kind == "email"

    def text(self, name: str) -> str:
        """Return an option that is a text."""
        return cast(str, self.options[name])

    def number(self, name: str) -> float:
        """Return an option that is a number."""
        return cast(float, self.options[name])

    def yes(self, name: str) -> bool:
        """Return an option that is true or false."""
        return cast(bool, self.options[name])

    def table(self, name: str) -> Mapping[str, object]:
        """Return an option that is a table."""
        return cast(Mapping[str, object], self.options[name])


def channels_from(
    data: object, places: TomlPlaces, *, plugins: bool = False
) -> dict[str, ChannelSettings]:
    """Return the channels that `[channels]` says, by name; raise `ConfigRefused` at its place.

    Where there are `plugins`, a driver that nobody knows may be one of theirs: its channel stays `strange`.
    """
    if not isinstance(data, dict) or not all(isinstance(one, dict) for one in data.values()):
        reason = message("write channels as sections, such as [channels.sms]")
        raise ConfigRefused(place=places.of("channels"), reason=reason)
    return {
        name: channel_from(name, written, places, plugins=plugins)
        for name, written in data.items()
    }


def channel_from(
    name: str, written: Mapping[str, object], places: TomlPlaces, *, plugins: bool = False
) -> ChannelSettings:
    """Return one channel with its options checked and what was left out filled in."""
    section = ("channels", name)
    if name == INBOX:
        reason = message("'notice' is the inbox and always there; choose another name")
        raise ConfigRefused(place=places.of(*section), reason=reason)
    if not _NAME.fullmatch(name):
        reason = message("a channel's name is made of letters, digits, '_' and '-'")
        raise ConfigRefused(place=places.of(*section), reason=reason)
    rest = {key: value for key, value in written.items() if key != "driver"}
    named = written.get("driver")
    if plugins and isinstance(named, str) and named not in DRIVERS:
        place = places.of(*section)
        return ChannelSettings(name=name, driver=named, options=rest, place=place)
    driver = _driver(written, section, places)
    options = checked(rest, DRIVERS[driver].options, section=section, places=places)
    return ChannelSettings(name=name, driver=driver, options=options, place=places.of(*section))


def with_secrets(settings: ChannelSettings, environment: Mapping[str, str]) -> ChannelSettings:
    """Return `settings` with each `secret://name` and `env:NAME` replaced by the secret that it names."""
    return replace(settings, options=_filled(settings.options, settings.place, environment))


def _driver(written: Mapping[str, object], section: tuple[str, ...], places: TomlPlaces) -> str:
    driver = written.get("driver")
    if isinstance(driver, str) and driver in DRIVERS:
        return driver
    known = ", ".join(DRIVERS)
    if not isinstance(driver, str):
        reason = message("name the channel's 'driver': {known}", known=known)
    else:
        template = "unknown driver '{name}'; there are: {known}{hint}"
        reason = message(template, name=driver, hint=hint(driver, DRIVERS), known=known)
    raise ConfigRefused(place=places.of(*section, "driver"), reason=reason)


def _filled(
    values: Mapping[str, object], place: Place, environment: Mapping[str, str]
) -> dict[str, object]:
    filled: dict[str, object] = {}
    for name, value in values.items():
        if isinstance(value, str):
            filled[name] = secrets.resolve(value, place, environment)
        elif isinstance(value, Mapping):
            filled[name] = _filled(value, place, environment)
        else:
            filled[name] = value
    return filled
