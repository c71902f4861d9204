"""Commands about plugins themselves: asking one no more, and asking it again."""

from dataclasses import replace
from datetime import datetime

from casewright.commands import DisablePlugin, EnablePlugin
from casewright.contributions import PluginState
from casewright.desk.library import Library
from casewright.errors import NotFound, PluginRefused, message
from casewright.nearest import hint
from casewright.store import plugin_states
from casewright.store.database import Database


def enable_plugin(
    database: Database, library: Library, command: EnablePlugin, now: datetime
) -> None:
    """Let a plugin be asked again; its strikes are forgotten."""
    state = _known(library, command.plugin)
    if state.disabled_at is None and not state.strikes:
        raise PluginRefused(plugin=command.plugin, reason=message("it is not disabled"))
    enabled = replace(state, strikes=(), disabled_at=None, disabled_because=None)
    plugin_states.save(database, command.plugin, enabled)


def disable_plugin(
    database: Database, library: Library, command: DisablePlugin, now: datetime
) -> None:
    """Ask a plugin no more."""
    state = _known(library, command.plugin)
    if state.disabled_at is not None:
        raise PluginRefused(plugin=command.plugin, reason=message("it is disabled already"))
    if not command.reason.strip():
        raise PluginRefused(
            plugin=command.plugin, reason=message("disabling it needs a reason")
        )
    template = "{actor} disabled it: {reason}"
    because = message(template, actor=command.actor, reason=command.reason.strip())
    disabled = replace(state, disabled_at=now, disabled_because=because)
    plugin_states.save(database, command.plugin, disabled)


def _known(library: Library, name: str) -> PluginState:
    states = library.configuration().plugins
    loaded = library.plugins.plugins
    if name in states or name in loaded:
        return states.get(name, PluginState())
    known = sorted({*states, *loaded})
    raise NotFound(kind=message("plugin"), name=name[:80], hint=hint(name, known))
