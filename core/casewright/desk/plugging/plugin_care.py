"""A desk's plugins: opened when first needed, followed when others disable or enable one, and how each stands."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from casewright.answers import PluginStanding
from casewright.commands import Command
from casewright.config import Config
from casewright.contributions import PluginDesk, PluginState
from casewright.desk.library import Library
from casewright.errors import (
    DatabaseBusy,
    DatabaseUnusable,
    Message,
    PluginFailed,
    PluginRefused,
    message,
)
from casewright.model import Receipt
from casewright.settings.channels import ChannelSettings
from casewright.store.database import Database

if TYPE_CHECKING:
    from casewright.desk.plugging.plugin_notebook import PluginNotebook
    from casewright.plugins.host import Plugins
    from casewright.plugins.loaded import LoadedPlugin


class PluginCare:
    """The plugins of one desk; `execute` carries a command out as the system."""

    def __init__(
        self,
        config: Config,
        database: Database,
        library: Library,
        execute: Callable[[Command], Receipt],
    ) -> None:
        self._config, self._database, self._library = config, database, library
        self._execute = execute
        self._plugins: Plugins | None = None
        self._former: list[Plugins] = []
        self._noted = False
        self.lend: Callable[..., AbstractContextManager[PluginDesk]] | None = None
        """What lends a plugin its desk to decide by."""
        self._seen: Mapping[str, PluginState] = {}

    # Whoever lists tickets asks nothing of plugins.

    @cached_property
    def _notebook(self) -> "PluginNotebook":
        from casewright.desk.plugging.plugin_notebook import PluginNotebook

        return PluginNotebook(self._config, self._database, self._library, self._execute)

    @property
    def plugins(self) -> "Plugins":
        """The plugins, as the database has them by now; opened when they are first asked for."""
        states = self._library.configuration().plugins
        if self._plugins is None or self._is_one_back(states):
            self._open(states)
        elif states is not self._seen:
            self._plugins.knows(states)
        self._seen = states
        assert self._plugins is not None, "they were opened"
        return self._plugins

    def ready(self, now: datetime) -> "Plugins":
        """Return the plugins, and note durably what is new of them; to be asked before a transaction is begun."""
        if self._plugins is None or not self._library.at_hand:
            with self._database.read():
                self._library.refreshed()
                plugins = self.plugins
        else:
            plugins = self.plugins
        if not self._noted:
            self._noted = True  # what is noted are commands, which ask again whether the plugins are ready
            try:
                self._notebook.note(plugins, now)
            except BaseException:
                self._noted = False
                raise
        return plugins

    def strike(self, failure: PluginFailed, now: datetime) -> None:
        """Note that a plugin failed; the third time within a day it is disabled, and its administrators are told."""
        if self._plugins is not None and failure.plugin in self._plugins.plugins:
            with suppress(DatabaseBusy, DatabaseUnusable):  # the failure itself is what is told
                self._notebook.strike(failure, now)

    def deliver(self, channel: ChannelSettings, outgoing: Any) -> Any:
        """Have a channel's plugin send, as the plugins were when the desk last looked; from any thread."""
        assert self._plugins is not None, "whoever opened the channel has asked for them"
        return self._plugins.deliver(channel, outgoing)

    def standings(self) -> tuple[PluginStanding, ...]:
        """Return how each plugin stands that is named or remembered, by name."""
        from casewright.desk.plugging.plugin_jobs_standing import jobs_standing
        from casewright.plugins.finding import installed
        from casewright.plugins.opening import disabled, ended, fatal
        from casewright.store import plugin_migrations

        plugins, states = self.plugins, self._library.configuration().plugins
        known = installed()
        named = self._config.plugins.load
        jobs = jobs_standing(self._database)
        waiting = {*disabled(states), *fatal(ended(self._config))}
        return tuple(
            PluginStanding(
                name=name,
                named=name in named,
                installed=name in known,
                active=plugins.active(name),
                reason=None if plugins.active(name) else plugins.why_not(name),
                disabled=name in waiting and not plugins.active(name),
                package=known[name].package if name in known else "",
                version=known[name].version if name in known else "",
                strikes=states[name].strikes if name in states else (),
                hooks=plugins.plugins[name].hooks if name in plugins.plugins else (),
                migrated=plugin_migrations.applied(self._database, name),
                jobs=jobs.get(name, ()),
            )
            for name in sorted({*named, *states})
        )

    def close(self) -> None:
        """Let go of the plugins."""
        for plugins in (*self._former, self._plugins):
            if plugins is not None:
                plugins.close()

    def _open(self, states: Mapping[str, PluginState]) -> None:
        if self._plugins is not None:
            self._former.append(self._plugins)  # a call of one of them may be under way
            self._library.compile_anew()
        from casewright.workflows.vocabulary import plugins_of

        self._plugins = self._fit(plugins_of(self._config, states))
        if self.lend is not None:
            self._plugins.lend = partial(self.lend, self._plugins)
        self._plugins.knows(states)

    def _is_one_back(self, states: Mapping[str, PluginState]) -> bool:
        """Return whether a plugin was enabled that was not even imported while it was disabled."""
        if states is self._seen or self._plugins is None:
            return False
        back = _disabled(self._seen) - _disabled(states) - set(self._plugins.plugins)
        return not back.isdisjoint(self._config.plugins.load)

    def _fit(self, plugins: "Plugins") -> "Plugins":
        """Leave out plugins whose tables are not as they need them."""
        from casewright.store.plugin_tables import clashes

        for name, plugin in tuple(plugins.plugins.items()):
            taken = clashes(name)
            if taken is not None:
                plugins.leave_out(
                    name,
                    message("its tables would be called as the core's '{table}'", table=taken),
                )
            elif reason := self._tables_fault(plugin):
                plugins.leave_out(name, reason)
        return plugins

    def _tables_fault(self, plugin: "LoadedPlugin") -> Message | None:
        from casewright.store import plugin_migrations

        try:
            behind = plugin_migrations.pending(self._database, plugin.name, plugin.migrations)
        except PluginRefused as error:
            return error.reason
        return (
            message("its tables are not made yet; run 'casewright db migrate'")
            if behind
            else None
        )


def _disabled(states: Mapping[str, PluginState]) -> set[str]:
    return {name for name, state in states.items() if state.disabled_at is not None}
