"""The sections `[plugins]` and `[plugin.NAME]`: which plugins are loaded, how long they may take, and their own words."""

from collections.abc import Mapping
from dataclasses import field
from typing import cast

from casewright.errors import ConfigRefused, message
from casewright.patterns import pattern
from casewright.settings.options import Option, checked
from casewright.settings.toml_places import TomlPlaces
from casewright.swift_dataclass import dataclass

NAME = pattern(r"[a-z][a-z0-9]{1,30}")
"""A plugin's name: its tables, functions and permissions begin with it."""

PLUGINS_OPTIONS = (
    Option(
        name="deadline",
        kind="number",
        default=1,
        help="Seconds that a hook, an action, a function, a command or a query of a plugin may take; "
        "what it was asked about is undone when it takes longer.",
    ),
    Option(
        name="grace",
        kind="number",
        default=10,
        help="Seconds after its deadline in which a plugin that cannot be interrupted may still come back; "
        "then the process ends, and the plugin is left out at the next start.",
    ),
    Option(
        name="job_deadline",
        kind="number",
        default=60,
        help="Seconds that one run of a plugin's scheduled work may take.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginSettings:
    """Which plugins are loaded, by name, and how long they may take, in seconds.

    `sections` are those of the plugins as written; each is checked when its plugin is loaded.
    """

    load: tuple[str, ...] = ()
    deadline: float = 1.0
    grace: float = 10.0
    job_deadline: float = 60.0
    recurring: bool = True
    """Whether scheduled work recurs; where time is simulated it is only done when something wakes it."""
    sections: Mapping[str, Mapping[str, object]] = field(default_factory=dict, repr=False)
    places: TomlPlaces = field(default=TomlPlaces("casewright.toml", ""), repr=False)


def plugins_from(data: object, sections: object, places: TomlPlaces) -> PluginSettings:
    """Return what `[plugins]` and `[plugin.NAME]` say; raise `ConfigRefused` at its place."""
    if not isinstance(data, dict):
        reason = message('write a section: [plugins] and in it load = ["routing"]')
        raise ConfigRefused(place=places.of("plugins"), reason=reason)
    rest = {name: value for name, value in data.items() if name != "load"}
    known = (Option(name="load", help="", kind="table"), *PLUGINS_OPTIONS)
    values = checked(rest, known, section=("plugins",), places=places)
    return PluginSettings(
        load=_names(data.get("load", []), places),
        deadline=float(cast(float, values["deadline"])),
        grace=float(cast(float, values["grace"])),
        job_deadline=float(cast(float, values["job_deadline"])),
        sections=_sections(sections, places),
        places=places,
    )


def _names(data: object, places: TomlPlaces) -> tuple[str, ...]:
    place = places.of("plugins", "load")
    if not isinstance(data, list) or not all(isinstance(one, str) for one in data):
        reason = message("'load' is a list of plugins' names, such as [\"routing\"]")
        raise ConfigRefused(place=place, reason=reason)
    for one in data:
        if not NAME.fullmatch(one):
            reason = message(
                "'{name}' is no plugin's name: lower case letters and digits", name=one[:80]
            )
            raise ConfigRefused(place=place, reason=reason)
        if data.count(one) > 1:
            raise ConfigRefused(
                place=place, reason=message("'{name}' is named twice", name=one)
            )
    return tuple(sorted(data))


def _sections(data: object, places: TomlPlaces) -> dict[str, Mapping[str, object]]:
    if not isinstance(data, dict) or not all(isinstance(one, dict) for one in data.values()):
        reason = message("write a plugin's settings as a section, such as [plugin.routing]")
        raise ConfigRefused(place=places.of("plugin"), reason=reason)
    return {name: dict(section) for name, section in data.items()}
