"""Commands, queries and scheduled work of plugins, carried out as the core's own are."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from functools import partial
from threading import Event
from typing import Any, TypeVar

from casewright import durations
from casewright.clock import to_microseconds
from casewright.commands import Command, RunJob
from casewright.config import Config
from casewright.contributions import Erased, Job, PluginDesk
from casewright.desk.library import Library
from casewright.desk.plugging.plugin_desk import DeskOfPlugin
from casewright.engine.draft import Outcome
from casewright.engine.plugged import words_after
from casewright.engine.situation import Situation
from casewright.errors import CommandRefused, PluginMissing, message
from casewright.model import EMPTY, Person, Receipt
from casewright.plugins.freezing import copied
from casewright.plugins.host import KEEP, Plugins
from casewright.plugins.loaded import LoadedPlugin
from casewright.queries import Query
from casewright.secrets import is_reference, resolve
from casewright.store import plugin_jobs, plugin_migrations
from casewright.store.database import Database
from casewright.store.plugin_tables import PluginTables
from casewright.store.plugin_texts import PluginTexts
from casewright.swift_dataclass import dataclass

Handler = TypeVar("Handler")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugged:
    """The plugins' own, at one desk. `execute` carries a command out and `answer` answers a plugin, as whoever they name."""

    config: Config
    database: Database
    library: Library
    execute: Callable[[Command], Receipt]
    answer: Callable[[str, Query], Any]

    def carry_out(
        self, plugins: Plugins, command: Command, actor: Person, now: datetime
    ) -> Mapping[str, str]:
        """Carry out a plugin's command in the transaction that is open; return what its receipt answers."""
        plugin, handler = _known(plugins.commands, type(command))
        with self._desk(plugins, plugin, actor, now, doing=type(command).__name__) as desk:
            return plugins.carry_out(plugin, handler, desk, command)

    def ask(self, plugins: Plugins, query: Query, asker: Person, now: datetime) -> Any:
        """Answer a plugin's query from the snapshot that is open."""
        plugin, handler = _known(plugins.queries, type(query))
        doing = type(query).__name__
        with self._desk(plugins, plugin, asker, now, doing=doing, writable=False) as desk:
            return plugins.answer(plugin, handler, desk, query)

    def run(self, plugins: Plugins, command: RunJob, actor: Person, now: datetime) -> None:
        """Run scheduled work that is due, and say when it is due next."""
        plugins.must_be_active(command.plugin, message("the job '{name}'", name=command.job))
        job = job_of(plugins, command.plugin, command.job)
        if not plugin_jobs.begin(
            self.database, command.plugin, command.job, to_microseconds(now)
        ):
            raise CommandRefused(reason=message("the job was done meanwhile"))
        with self._desk(plugins, command.plugin, actor, now, doing=job.name) as desk:
            plugins.run(command.plugin, job, desk)
        plugin_jobs.done(
            self.database,
            command.plugin,
            job.name,
            ran_at=to_microseconds(now),
            next_due=self.next_due(job, now),
        )

    def forget(
        self, plugins: Plugins, erased: Erased, actor: Person, now: datetime
    ) -> list[str]:
        """Let all plugins' own tables forget what is erased; return those that have tables and could not be asked."""
        for plugin in plugins.actives:
            if plugin.forgetting:
                with self._desk(plugins, plugin.name, actor, now, doing="forgetting") as desk:
                    plugins.forget(plugin, desk, erased)
        return self.absent(plugins)

    def absent(self, plugins: Plugins) -> list[str]:
        """Return the plugins that have tables and are not there to be asked."""
        known = plugin_migrations.newest_of_all(self.database)
        return sorted(name for name in known if not plugins.active(name))

    def keep(
        self, plugins: Plugins, outcome: Outcome, seen: Situation, actor: Person, now: datetime
    ) -> None:
        """Let plugins write down what was written of tickets, in the transaction that is open."""
        for change in outcome.changes:
            with ExitStack() as lent:

                def desk(plugin: str, lent: ExitStack = lent) -> PluginDesk:
                    return lent.enter_context(
                        self._desk(plugins, plugin, actor, now, doing=KEEP)
                    )

                plugins.keep_event(change.after, change.event, words_after(change, seen), desk)

    def lend(
        self, plugins: Plugins, plugin: str, actor: Person, now: datetime, hook: str
    ) -> AbstractContextManager[PluginDesk]:
        """Return the desk of a plugin that decides something: only to ask."""
        return self._desk(plugins, plugin, actor, now, doing=hook, writable=False)

    def next_due(self, job: Job, now: datetime) -> int | None:
        """Return when a job is due after `now`, or None for one that only runs when it is woken."""
        if not job.every or not self.config.plugins.recurring:
            return None
        calendar = self.library.calendar(job.calendar)
        within = calendar.working(now, durations.parse(job.every))
        return to_microseconds(calendar.due(now, within))

    def _settings(self, plugin: LoadedPlugin) -> Mapping[str, Any]:
        """Return what the plugin is told, each secret that it names looked up; ConfigRefused or SecretMissing where there is none."""
        places = self.config.plugins.places
        return {
            name: resolve(value, places.of("plugin", plugin.name))
            if is_reference(value)
            else value
            for name, value in plugin.settings.items()
        }

    @contextmanager
    def _desk(
        self,
        plugins: Plugins,
        plugin: str,
        actor: Person,
        now: datetime,
        *,
        doing: str,
        writable: bool = True,
    ) -> Iterator[DeskOfPlugin]:
        """Hold the desk as a plugin has it for one call; a handle that it keeps is of no use afterwards."""
        loaded = plugins.plugins.get(plugin)
        published = self.library.configuration().files
        names = [one.name for one in loaded.files] if loaded is not None else []
        store, over = PluginTables(self.database, plugin, writable=writable), Event()
        index = PluginTexts(self.database, plugin, writable=writable)
        desk = DeskOfPlugin(
            plugin=plugin,
            now=now,
            zone=self.config.zone,
            actor=copied(actor),
            settings=self._settings(loaded) if loaded is not None else EMPTY,
            files={name: published[name] for name in names if name in published},
            store=store,
            index=index,
            doing=doing,
            answer=partial(self.answer, plugin),
            carry_out=self.execute if writable else None,
            ended=over.is_set,
        )
        try:
            yield desk
        finally:
            over.set()
            store.close()
            index.close()


def _known(handlers: Mapping[type, tuple[str, Handler]], kind: type) -> tuple[str, Handler]:
    """Return who carries out something of a kind; CommandRefused where no plugin that is there does."""
    found = handlers.get(kind)
    if found is None:
        reason = message("no plugin that is there knows {name}", name=kind.__name__)
        raise CommandRefused(reason=reason)
    return found


def job_of(plugins: Plugins, plugin: str, name: str) -> Job:
    """Return a job by its plugin and name; PluginMissing where the plugin no longer has it."""
    for job in plugins.plugins[plugin].jobs:
        if job.name == name:
            return job
    reason = message("this version of it has no such job")
    raise PluginMissing(
        plugin=plugin, needed_by=message("the job '{name}'", name=name), reason=reason
    )
