"""The hooks that the test adds to those of the project: its text is put behind the project's own `__init__`."""

from collections.abc import Sequence
from typing import Any

from casewright_stranger import letters

from casewright import ChannelDriver, Delivered, Effect, Event, Failed, Outgoing, Wake, hookimpl


@hookimpl
def register_channels() -> Sequence[ChannelDriver]:
    """Bring letters in a folder."""
    return letters.CHANNELS


@hookimpl
def deliver(channel: Any, outgoing: Outgoing) -> Delivered | Failed:
    """Put a letter into its folder."""
    return letters.post(channel, outgoing)


@hookimpl
def after_event(event: Event) -> Sequence[Effect]:
    """Look at once whether a call that was just promised is close."""
    promised = event.kind == "PluginNoted" and event.facts.get("note") == "PromiseCall"
    return [Wake(job="remind")] if promised else ()
