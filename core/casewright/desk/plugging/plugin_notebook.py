"""What a workspace remembers of its plugins: which decide, which failed of late, which ended a process, which are disabled."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from casewright.bilingual import Bilingual
from casewright.commands import Command, PublishAnnouncement
from casewright.config import Config
from casewright.contributions import PluginState
from casewright.desk.library import Library
from casewright.errors import Message, PluginFailed, message
from casewright.model import SYSTEM, Receipt
from casewright.plugins.host import Plugins
from casewright.plugins.marks import bury
from casewright.plugins.opening import ended, fatal
from casewright.plugins.roster import DECISIONS
from casewright.store import plugin_states
from casewright.store.database import Database
from casewright.texts import Texts

MOST_STRIKES = 3
STRIKES_LAST = timedelta(days=1)
"""A strike that is older is forgotten."""
_MANAGE = "plugin.manage"


class PluginNotebook:
    """The states of plugins in the database; `execute` carries a command out as the system."""

    def __init__(
        self,
        config: Config,
        database: Database,
        library: Library,
        execute: Callable[[Command], Receipt],
    ) -> None:
        self._config, self._database, self._library = config, database, library
        self._execute = execute

    def note(self, plugins: Plugins, now: datetime) -> None:
        """Disable those in whose calls a process has ended, and note what the others decide."""
        deaths = ended(self._config) if self._config.plugins.load else ()
        for name, reason in fatal(deaths).items():
            self._disable(name, self._state(name), reason, now)
        bury(deaths)
        for name, plugin in plugins.plugins.items():
            state = self._state(name)
            hooks = tuple(hook for hook in DECISIONS if hook in plugin.hooks)
            if (state.version, state.hooks) != (plugin.found.version, hooks):
                self._save(name, replace(state, version=plugin.found.version, hooks=hooks))

    def strike(self, failure: PluginFailed, now: datetime) -> None:
        """Note that a plugin failed; the third time within a day it is disabled, and its administrators are told."""
        with self._database.write():
            self._library.refreshed()  # others may have struck it meanwhile
            self._struck(failure, now)

    def _struck(self, failure: PluginFailed, now: datetime) -> None:
        state = self._state(failure.plugin)
        recent = [one for one in state.strikes if now - STRIKES_LAST < one <= now]
        state = replace(state, strikes=(*recent, now))
        if len(state.strikes) < MOST_STRIKES or state.disabled_at is not None:
            self._save(failure.plugin, state)
            return
        template = "it failed {count} times, the last time in '{hook}': {reason}"
        reason = message(template, count=MOST_STRIKES, hook=failure.hook, reason=failure.reason)
        self._disable(failure.plugin, state, reason, now)

    def _state(self, name: str) -> PluginState:
        return self._library.configuration().plugins.get(name, PluginState())

    def _save(self, name: str, state: PluginState) -> None:
        with self._database.write():
            plugin_states.save(self._database, name, state)
            self._library.refreshed()

    def _disable(self, name: str, state: PluginState, reason: Message, now: datetime) -> None:
        disabled = replace(state, disabled_at=now, disabled_because=reason)
        with self._database.write():
            plugin_states.save(self._database, name, disabled)
            to = self._administrators()
            if to:
                self._execute(_announcement(name, reason, to))

    def _administrators(self) -> tuple[str, ...]:
        settings = self._library.refreshed()
        staff = settings.people.values()
        return tuple(
            f"user:{one.name}" for one in staff if one.active and settings.permits(one, _MANAGE)
        )


def _announcement(name: str, reason: Message, to: tuple[str, ...]) -> PublishAnnouncement:
    said = message(
        "The plugin '{plugin}' is no longer asked: {reason}. What it decides is refused until it is mended and "
        "`casewright plugin enable {plugin}` was said, or its name is taken out of casewright.toml.",
        plugin=name,
        reason=reason,
    )
    title = message("Plugin '{plugin}' disabled", plugin=name)
    return PublishAnnouncement(
        actor=SYSTEM, title=_both(title), text=_both(said), to=to, pinned=True
    )


def _both(said: Message) -> dict[str, str]:
    both = Bilingual(en=Texts("en").render(said), zh=Texts("zh").render(said))
    return {"en": both.en, "zh": both.zh}
