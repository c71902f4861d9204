"""The desk in one's own process: a command is authorised, decided, written and only then answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from casewright.clock import Clock
from casewright.commands import Command
from casewright.config import Config
from casewright.desk import asking, attachments
from casewright.desk.authorising import authorised, refuse_the_system
from casewright.desk.carrying import Carrying
from casewright.desk.digest import content_digest
from casewright.desk.moments import in_utc
from casewright.desk.plugged import Plugged
from casewright.desk.plugin_care import PluginCare
from casewright.desk.transaction import Library
from casewright.engine.decide import handles
from casewright.errors import PluginFailed
from casewright.model import Receipt
from casewright.plugins.channels import with_plugin_channels
from casewright.plugins.host import Plugins
from casewright.queries import ListPlugins, Query
from casewright.store.database import Database, Driver, open_sqlite

if TYPE_CHECKING:
    from casewright.desk.working.back_door import Working
    from casewright.desk.working.jobs import Jobs


class Desk:
    """The front door of one workspace; to be used by one thread."""

    def __init__(self, config: Config, *, clock: Clock, driver: Driver = open_sqlite) -> None:
        self._database = Database(
            config.database, driver=driver, synchronous=config.synchronous
        )
        self._library = Library(self._database, lambda: self._care.plugins)
        self._care = PluginCare(config, self._database, self._library, self.execute_as_system)
        self._plugged = Plugged(
            config=config,
            database=self._database,
            library=self._library,
            execute=self._execute,
            answer=self.ask_as_system,
        )
        self._care.lend = self._plugged.lend
        self._carrying = Carrying(
            database=self._database,
            library=self._library,
            plugged=self._plugged,
            attachments=config.attachments,
        )
        self._config = config
        self._clock = clock

    def execute(self, command: Command) -> Receipt:
        """Carry out a command of a member of staff; return when it is durable. CasewrightError when refused."""
        refuse_the_system(command.actor, command.permission)
        _refuse_moments_nobody_means(command)
        return self._execute(command)

    def execute_as_system(self, command: Command) -> Receipt:
        """Carry out a command of the product itself: timers, set-up, replays. Never for a front end's user."""
        return self._execute(command)

    def ask(self, query: Query) -> Any:
        """Answer a query of a member of staff; what it answers is named in the query's docstring."""
        refuse_the_system(query.actor, query.permission)
        _refuse_moments_nobody_means(query)
        return self.ask_as_system(query)

    def ask_as_system(self, query: Query) -> Any:
        """Answer a query of the product itself. Never for a front end's user."""
        try:
            return self._answer(query)
        except PluginFailed as failure:
            self._care.strike(failure, self._clock.now())
            raise

    def _answer(self, query: Query) -> Any:
        with self._database.read():
            settings = self._library.refreshed()
            asker = authorised(settings, query.actor, query.permission)
            now = self._clock.now()
            if isinstance(query, ListPlugins):
                return self._care.standings()
            if not asking.handles(type(query)):
                return self._plugged.ask(self._care.plugins, query, asker, now)
            place = asking.Asking(
                database=self._database,
                library=self._library,
                asker=asker,
                now=now,
                zone=self._config.zone,
            )
            return asking.answer(query, place)

    @property
    def plugins(self) -> Plugins:
        """The plugins of this workspace, for what a front end asks of them itself: nouns, texts, starters."""
        with self._database.read():
            return self._care.plugins

    def keep(self, content: bytes) -> str:
        """Store the content of an attachment durably; return the digest that `AttachFile` names."""
        return attachments.keep(self._config.attachments, content)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Make the commands executed inside durable together, at the end; a refused one undoes only itself."""
        try:
            with self._database.write():
                yield
        except BaseException:
            self._library.forget()
            raise

    @contextmanager
    def at(self, clock: Clock) -> Iterator[None]:
        """Go by another clock meanwhile: the log's own in a replay, a simulated one in a rehearsal."""
        before, self._clock = self._clock, clock
        try:
            yield
        finally:
            self._clock = before

    def working(self) -> "Working":
        """Return what the worker of this workspace may ask; for no front end."""
        # Templates are heavy, and only a worker needs them.
        from casewright.desk.working.back_door import Working
        from casewright.desk.working.wording import Words

        return Working(
            database=self._database,
            library=self._library,
            config=with_plugin_channels(self._config, self._care.ready(self._clock.now())),
            now=lambda: self._clock.now(),
            execute=self.execute_as_system,
            execute_for=self.execute,
            batch=self.batch,
            words=Words(),
            jobs=self._jobs,
        )

    def _jobs(self) -> "Jobs":
        from casewright.desk.working.jobs import Jobs

        with self._database.read():
            self._library.refreshed()
        return Jobs(
            database=self._database,
            plugins=self._care.ready(self._clock.now()),
            plugged=self._plugged,
            deliver=self._care.deliver,
            execute=self.execute_as_system,
            now=lambda: self._clock.now(),
        )

    def close(self) -> None:
        """Close the database."""
        self._care.close()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _execute(self, command: Command) -> Receipt:
        digest = content_digest(command)
        now = self._clock.now()
        self._care.ready(now)
        decided = handles(type(command))
        try:
            with self._database.write():
                settings = self._library.refreshed()
                actor = authorised(settings, command.actor, command.permission)
                return self._carrying.carry_out(self._care.plugins, command, digest, actor, now)
        except BaseException as error:
            if not decided:
                self._library.forget()
            if isinstance(error, PluginFailed):
                self._care.strike(error, now)
            raise


def _refuse_moments_nobody_means(said: Command | Query) -> None:
    kind = type(said)
    names = _MOMENTS.get(kind)
    if names is None:
        names = tuple(one.name for one in fields(kind) if "datetime.datetime" in str(one.type))
        _MOMENTS[kind] = names
    for name in names:
        moment = getattr(said, name)
        if moment is not None:
            in_utc(moment)


_MOMENTS: dict[type[Command | Query], tuple[str, ...]] = {}
