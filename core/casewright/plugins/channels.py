"""Channels whose driver a plugin brings: who brings it, and whether its words in casewright.toml are right."""

from collections.abc import Mapping
from dataclasses import replace

from casewright.config import Config
from casewright.contributions import ChannelDriver
from casewright.errors import ConfigRefused, message
from casewright.nearest import hint
from casewright.plugins.host import Plugins
from casewright.settings.channels import ChannelSettings
from casewright.settings.delivering import limits_of
from casewright.settings.drivers import DRIVERS
from casewright.settings.options import Option, checked
from casewright.settings.toml_places import TomlPlaces

TIME_LIMIT = Option(
    name="timeout",
    kind="number",
    default=20,
    help="Seconds that one attempt may take in all.",
)
"""The option that every channel of a plugin has."""


def with_plugin_channels(config: Config, plugins: Plugins) -> Config:
    """Return `config` with its strange channels checked by the drivers that plugins bring.

    One whose plugin may be among those that are left out stays strange: what is sent over it waits.
    ConfigRefused where nobody knows the driver, or a word of its section is wrong.
    """
    strange = [one for one in config.channels.values() if one.strange]
    if not strange:
        return config
    drivers = {
        driver.name: (plugin.name, driver)
        for plugin in plugins.plugins.values()
        for driver in plugin.channels
    }
    places = config.plugins.places
    channels = dict(config.channels)
    for one in strange:
        channels[one.name] = _known(one, drivers, plugins, places)
    limits = {
        name: config.limits[name]
        if not was.strange
        else limits_of(channels[name], config.limits[name])
        for name, was in config.channels.items()
    }
    return replace(config, channels=channels, limits=limits)


def _known(
    channel: ChannelSettings,
    drivers: Mapping[str, tuple[str, ChannelDriver]],
    plugins: Plugins,
    places: TomlPlaces,
) -> ChannelSettings:
    section = ("channels", channel.name)
    if channel.driver not in drivers:
        if plugins.left_out:
            return channel
        known = (*DRIVERS, *drivers)
        template = "unknown driver '{name}'; there are: {known}{hint}"
        meant = hint(channel.driver, known)
        reason = message(template, name=channel.driver[:80], hint=meant, known=", ".join(known))
        raise ConfigRefused(place=places.of(*section, "driver"), reason=reason)
    plugin, driver = drivers[channel.driver]
    own = [one for one in driver.options if one.name != TIME_LIMIT.name]
    options = checked(channel.options, (*own, TIME_LIMIT), section=section, places=places)
    return replace(channel, options=options, plugin=plugin, plugin_kind=driver.kind)
