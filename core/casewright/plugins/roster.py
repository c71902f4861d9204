"""Who is there: the plugins that are ready, those that are left out or disabled, and why."""

from collections.abc import Mapping

from casewright.contributions import PluginState
from casewright.errors import Message, PluginMissing, message
from casewright.plugins.loaded import LoadedPlugin, Loading
from casewright.settings.plugins import PluginSettings

DECISIONS = ("may_fire", "may_assign")
"""The hooks without whose answer nothing happens."""


class Roster:
    """The plugins that a workspace names; `knows` tells how its database has them."""

    def __init__(self, settings: PluginSettings, loading: Loading) -> None:
        self._settings = settings
        self.plugins = dict(loading.plugins)
        self.left_out = dict(loading.left_out)
        self._states: Mapping[str, PluginState] = {}

    def knows(self, states: Mapping[str, PluginState]) -> None:
        """Go by what the database has of each plugin: one that was disabled is no longer asked."""
        self._states = states

    def leave_out(self, name: str, reason: Message) -> None:
        """Take a plugin out of those that are ready, before anything of it was used."""
        del self.plugins[name]
        self.left_out[name] = reason

    def active(self, name: str) -> bool:
        """Return whether a plugin is there and may be asked."""
        return name in self.plugins and not self._disabled(name)

    def why_not(self, name: str) -> Message:
        """Return why a plugin that is not active is not."""
        state = self._states.get(name)
        if (
            state is not None
            and state.disabled_because is not None
            and name in self._settings.load
        ):
            return state.disabled_because
        if name in self.left_out:
            return self.left_out[name]
        return message("it is not named in casewright.toml")

    @property
    def actives(self) -> tuple[LoadedPlugin, ...]:
        """The plugins that may be asked, by name."""
        return tuple(one for name, one in self.plugins.items() if not self._disabled(name))

    def must_be_active(self, plugin: str, needed_by: Message) -> None:
        """Raise PluginMissing unless the plugin may be asked."""
        if not self.active(plugin):
            raise PluginMissing(plugin=plugin, needed_by=needed_by, reason=self.why_not(plugin))

    def _gone(self, plugin: str, needed_by: Message) -> PluginMissing:
        reason = message("this version of it has no such thing")
        return PluginMissing(plugin=plugin, needed_by=needed_by, reason=reason)

    def _absentee(self, hook: str) -> tuple[str, Message] | None:
        for name in self._settings.load:
            state = self._states.get(name)
            if not self.active(name) and state is not None and hook in state.hooks:
                return name, self.why_not(name)
        return None

    def _disabled(self, name: str) -> bool:
        state = self._states.get(name)
        return state is not None and state.disabled_at is not None
