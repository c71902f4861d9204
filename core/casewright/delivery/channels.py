"""From an administrator's settings to an open channel: which driver, and where it lives."""

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import cast

from casewright.delivery.channel import Channel
from casewright.settings.channels import ChannelSettings, with_secrets

_OPENERS: Mapping[str, str] = {
    "http": "casewright.delivery.http_gateway:open_gateway",
    "smpp": "casewright.delivery.smpp:open_message_centre",
    "smtp": "casewright.delivery.smtp:open_mail_server",
    "apprise": "casewright.delivery.apprise_door:open_apprise",
    "console": "casewright.delivery.console:open_console",
    "file": "casewright.delivery.file_channel:open_file",
}
"""The function that opens a channel, by its driver; the drivers' options are in `settings.drivers`."""


def open_channel(
    settings: ChannelSettings, environment: Mapping[str, str] | None = None
) -> Channel:
    """Return the channel that `settings` describe, its secrets looked up.

    Raises `ConfigRefused` or `SecretMissing` for what cannot be used; connects to nothing yet.
    """
    known = os.environ if environment is None else environment
    module, _, name = _OPENERS[settings.driver].partition(":")
    opener = cast(Callable[[ChannelSettings], Channel], getattr(import_module(module), name))
    return opener(with_secrets(settings, known))
