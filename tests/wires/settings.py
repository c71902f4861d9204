"""Channels as an administrator would write them, for tests."""

from casewright.settings.channels import ChannelSettings, channel_from
from casewright.settings.toml_places import TomlPlaces


def channel(driver: str, **options: object) -> ChannelSettings:
    written = {"driver": driver, **options}
    return channel_from("sms", written, TomlPlaces(file="casewright.toml", text=""))
