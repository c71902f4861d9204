"""The desk in one's own process: a command is authorised, decided, written and only then answered."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import fields, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from casewright.answers import AuditExport
from casewright.clock import Clock
from casewright.commands import AttachFile, Command
from casewright.config import Config
from casewright.desk import asking, attachments, together
from casewright.desk.asking_files import KeptFile
from casewright.desk.authorising import Actor, authorised, refuse_the_system
from casewright.desk.digest import content_digest
from casewright.desk.door import Door
from casewright.desk.library import Library
from casewright.desk.moments import in_utc
from casewright.desk.people.credentials import refuse_a_token
from casewright.desk.plugging.plugin_care import PluginCare
from casewright.desk.records.access_records import AccessRecords
from casewright.desk.records.masked_answers import MaskedAnswers
from casewright.desk.resources import must_be_allowed, must_be_answerable
from casewright.desk.settling import settled
from casewright.desk.typed_words import refuse_what_nobody_types
from casewright.errors import PluginFailed
from casewright.front_door import Outcomes
from casewright.logs import About
from casewright.model import Receipt, is_system
from casewright.queries import (
    ExportAudit,
    GetFile,
    ListPlugins,
    PrepareBackup,
    PrepareExport,
    Query,
)
from casewright.store.configuration import Configuration
from casewright.store.database import Driver, open_sqlite
from casewright.store.foreseeing import asked_first
from casewright.store.opening import open_database

if TYPE_CHECKING:
    from casewright.desk.administering import Administering
    from casewright.desk.carrying import Carrying
    from casewright.desk.copies import Copying
    from casewright.desk.erasing.erasing import Erasing
    from casewright.desk.people.signing_in import Entrance
    from casewright.desk.plugging.plugged import Plugged
    from casewright.desk.sealing.checkpointing import Checkpointing
    from casewright.desk.vitals import Vitals
    from casewright.desk.working.answering import Answering
    from casewright.desk.working.back_door import Working
    from casewright.desk.working.jobs import Jobs
    from casewright.plugins.host import Plugins


class Desk:
    """The front door of one workspace; to be used by one thread."""

    def __init__(
        self,
        config: Config,
        *,
        clock: Clock,
        driver: Driver = open_sqlite,
        door: Door | None = None,
        holding: ExitStack | None = None,
    ) -> None:
        self._holding = holding or ExitStack()
        self._door = door or Door()
        self._database = open_database(
            config.database,
            server=config.postgres,
            driver=driver,
            synchronous=config.synchronous,
        )
        self._library = Library(self._database, lambda: self._care.plugins)
        self._care = PluginCare(config, self._database, self._library, self.execute_as_system)
        self._records = AccessRecords(self._database, lambda: self._clock.now())
        self._care.lend = lambda *said: self._plugged.lend(*said)
        self._config = config
        self._clock = clock

    # Whoever only looks needs nothing of what writes, and most of what is said needs neither erasing nor sealing.

    @cached_property
    def _plugged(self) -> "Plugged":
        from casewright.desk.plugging.plugged import Plugged

        return Plugged(
            config=self._config,
            database=self._database,
            library=self._library,
            execute=self._execute,
            answer=self._ask_for_plugin,
        )

    @cached_property
    def _erasing(self) -> "Erasing":
        from casewright.desk.erasing.erasing import Erasing
        from casewright.desk.erasing.erasure_ledger import ledger_of

        return Erasing(
            database=self._database,
            library=self._library,
            plugged=self._plugged,
            ledger=ledger_of(self._config),
            attachments=self._config.attachments,
        )

    @cached_property
    def _checkpointing(self) -> "Checkpointing":
        from casewright.desk.sealing.checkpointing import Checkpointing

        return Checkpointing(config=self._config, database=self._database)

    @cached_property
    def _answering(self) -> "Answering":
        from casewright.desk.working.answering import Answering
        from casewright.plugins.channels import with_plugin_channels

        return Answering(
            database=self._database,
            library=self._library,
            config=lambda: with_plugin_channels(self._config, self._care.plugins),
        )

    @cached_property
    def _carrying(self) -> "Carrying":
        from casewright.desk.carrying import Carrying

        return Carrying(
            database=self._database,
            library=self._library,
            plugged=self._plugged,
            attachments=self._config.attachments,
            answering=lambda: self._answering,
            administering=lambda: self._administering,
        )

    @cached_property
    def _administering(self) -> "Administering":
        from casewright.desk.administering import Administering
        from casewright.desk.intake.taking import Intake

        return Administering(
            database=self._database,
            library=self._library,
            plugged=self._plugged,
            erasing=self._erasing,
            checkpointing=self._checkpointing,
            intake=Intake(
                database=self._database,
                library=self._library,
                config=self._config,
                execute=self._execute,
            ),
        )

    def execute(self, command: Command) -> Receipt:
        """Carry out a command of a member of staff; return when it is durable. CasewrightError when refused."""
        with self._records.refusals(command, self._door):
            refuse_the_system(command.actor, command.permission)
            refuse_a_token(self._door, command)
            _refuse_moments_nobody_means(command)
            refuse_what_nobody_types(command)
            receipt = self._execute(command)
        if self._carrying.decides(type(command)):
            return receipt
        self._checkpointing.tidy(type(command))
        return self._erasing.tidied(type(command), receipt)

    def together(self, commands: Sequence[Command], *, trial: bool = False) -> Outcomes:
        """Carry out all the commands or, where one of them is refused or it is only a trial, none."""
        return together.carry_out(self, commands, trial=trial)

    def execute_as_system(self, command: Command) -> Receipt:
        """Carry out a command of the product itself: timers, set-up, replays. Never for a front end's user."""
        return self._execute(command)

    def ask(self, query: Query) -> Any:
        """Answer a query of a member of staff; what it answers is named in the query's docstring.

        A look at customers' data is on record before it is answered; AccessUnrecorded where it cannot be.
        """
        return _whole(self._ask_of_staff(query))

    def open_file(self, query: GetFile) -> tuple[str, BinaryIO]:
        """Answer `GetFile` by the file's name and the file, open; it may be larger than one wants to hold."""
        kept: KeptFile = self._ask_of_staff(query)
        return kept.filename, kept.open()

    def _ask_of_staff(self, query: Query) -> Any:
        with self._records.refusals(query, self._door):
            refuse_the_system(query.actor, query.permission)
            _refuse_moments_nobody_means(query)
            return self._ask(query, shown=True)

    def ask_as_system(self, query: Query) -> Any:
        """Answer a query of the product itself. Never for a front end's user."""
        return _whole(self._ask(query, shown=False))

    def _ask_for_plugin(self, plugin: str, query: Query) -> Any:
        with self.through(replace(self._door, name=f"plugin {plugin}")):
            return _whole(self._ask(query, shown=False))

    def _ask(self, query: Query, *, shown: bool) -> Any:
        try:
            with (
                About(**_subject(query), door=self._door.name),
                self._records.of(query, shown=shown),
            ):
                answer = settled(self._database, lambda: self._seen(query, self._answer(query)))
            if isinstance(query, ExportAudit):
                return self._written(query)
            return answer
        except PluginFailed as failure:
            self._care.strike(failure, self._clock.now())
            raise

    def _written(self, query: ExportAudit) -> AuditExport:
        """Write the histories into a file, now that this is on record; AccessUnrecorded, FileUnreadable."""
        from casewright.desk.sealing import audit_export

        self._records.must_be_settled()
        with self._database.read():
            return audit_export.write(self._database, Path(query.file))

    def _seen(self, query: Query, answer: Any) -> Any:
        """Return an answer as the asker sees it, and note it where it is a look."""
        self._records.note(query, answer, self._door)
        if is_system(query.actor):
            return answer
        with self._database.read():
            return MaskedAnswers(self._database, self._library, query).of(answer)

    def _answer(self, query: Query) -> Any:
        with self._database.read():
            settings = self._library.refreshed()
            now = self._clock.now()
            actor = self._authorised(settings, query, now)
            must_be_answerable(actor, query)
            if isinstance(query, ListPlugins):
                return self._care.standings()
            if not asking.handles(type(query)):
                return self._plugged.ask(self._care.plugins, query, actor.person, now)
            place = asking.Asking(
                database=self._database,
                library=self._library,
                actor=actor,
                now=now,
                zone=self._config.zone,
                checkpointing=lambda: self._checkpointing,
                attachments=self._config.attachments,
                answering=lambda: self._answering,
                root=self._config.root,
            )
            return asking.answer(query, place)

    @property
    def plugins(self) -> "Plugins":
        """The plugins of this workspace, for what a front end asks of them itself: nouns, texts, starters."""
        with self._database.read():
            return self._care.plugins

    @property
    def is_cut_off(self) -> bool:
        """Whether its database's connection is lost; the next transaction makes it anew."""
        return self._database.is_lost

    def vitals(self) -> "Vitals":
        """Return how the workspace does, for whoever watches over the installation; DatabaseUnusable, DatabaseBusy."""
        from casewright.desk.vitals import vitals

        return vitals(self._database, self._clock.now())

    def remove_traces(self) -> bool:
        """Remove what erasures have left in files, free pages and the log; return False while others still read the old.

        Quick where there is nothing to remove; else it rewrites the database. Not within a `batch`.
        """
        return self._erasing.remove_traces()

    @property
    def entrance(self) -> "Entrance":
        """Where people prove who they are: by a password, a session or a token."""
        # Only signing in needs it.
        from casewright.desk.people.signing_in import Entrance

        return Entrance(
            database=self._database,
            library=self._library,
            settings=self._config.access,
            path=self._config.database,
            door=self._door,
            now=lambda: self._clock.now(),
            execute=self._execute_as_whoever,
        )

    def keep(self, content: bytes, *, asked: AttachFile | None = None) -> str:
        """Store the content of an attachment durably; return the digest that `AttachFile` names.

        With what is `asked`, which every front end gives, only for whoever may do that; NotAllowed, NotFound.
        What is attached to nothing a day later is deleted by the worker.
        """
        if asked is not None:
            self._must_be_allowed(asked)
        return attachments.keep(self._config.attachments, content)

    @contextmanager
    def batch(self, *, settled: bool = True) -> Iterator[None]:
        """Make the commands executed inside durable together, at the end; a refused one undoes only itself.

        Where each needs not be `settled` before the next one begins, a server that cannot store one of them says so later,
        and nothing of the batch is durable.
        """
        try:
            with (
                self._database.write(),
                nullcontext() if settled else self._database.unsettled(),
            ):
                yield
        except BaseException:
            self._library.forget()
            raise
        finally:
            self._records.settle()

    @contextmanager
    def through(self, door: Door) -> Iterator[None]:
        """Take what is asked meanwhile as coming through another front door, such as one connection's."""
        before, self._door = self._door, door
        try:
            yield
        finally:
            self._door = before

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Give up what is asked meanwhile and takes longer; AnswerTooLate."""
        with self._database.within(seconds):
            yield

    @contextmanager
    def at(self, clock: Clock) -> Iterator[None]:
        """Go by another clock meanwhile: the log's own in a replay, a simulated one in a rehearsal."""
        before, self._clock = self._clock, clock
        try:
            yield
        finally:
            self._clock = before

    def copying(self, query: PrepareBackup | PrepareExport) -> "Copying":
        """Return what copies the whole workspace, for whoever may; that it is copied goes on record before. NotAllowed."""
        self.ask(query)
        from casewright.desk.copies import Copying

        return Copying(
            database=self._database,
            config=self._config,
            actor=query.actor,
            now=self._clock.now(),
        )

    def working(self, *, among_others: bool = False) -> "Working":
        """Return what the worker of this workspace may ask, alone or, on a server, `among_others`; for no front end."""
        # Templates are heavy, and only a worker needs them.
        from casewright.desk.working.back_door import Working
        from casewright.desk.working.retaining import Retaining
        from casewright.desk.working.sealing import Sealing
        from casewright.desk.working.telling_others import TellingOthers
        from casewright.desk.working.wording import Words
        from casewright.jobs.choosing import backend_of
        from casewright.plugins.channels import with_plugin_channels

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
            backend=backend_of(self._database, among_others=among_others),
            telling=TellingOthers(
                database=self._database,
                library=self._library,
                hooks=self._config.webhooks,
                now=lambda: self._clock.now(),
            ),
            sealing=Sealing(
                checkpointing=self._checkpointing,
                often=timedelta(minutes=self._config.audit.every_minutes),
                execute=self.execute_as_system,
                now=lambda: self._clock.now(),
            ),
            retaining=Retaining(
                database=self._database,
                library=self._library,
                erasing=self._erasing,
                execute=self.execute_as_system,
                now=lambda: self._clock.now(),
            ),
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
        self._holding.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _authorised(
        self, settings: Configuration, said: Command | Query, now: datetime
    ) -> Actor:
        """Return who says it, and what they may do here and now; NotAllowed."""
        return authorised(
            settings,
            said.actor,
            said.permission,
            door=self._door,
            database=self._database,
            now=now,
        )

    def _must_be_allowed(self, command: Command) -> None:
        with self._records.refusals(command, self._door), self._database.read():
            refuse_the_system(command.actor, command.permission)
            settings = self._library.refreshed()
            must_be_allowed(self._authorised(settings, command, self._clock.now()), command)

    def _execute_as_whoever(self, command: Command) -> Receipt:
        """Carry out a command of somebody who is just being let in, whose door it is not yet."""
        with self.through(replace(self._door, actor=command.actor)):
            return self._execute(command)

    def _execute(self, command: Command) -> Receipt:
        with About(**_subject(command), command=command.command_id, door=self._door.name):
            return settled(self._database, lambda: self._carry_out(command))

    def _carry_out(self, command: Command) -> Receipt:
        digest = content_digest(command)
        now = self._clock.now()
        self._care.ready(now)
        decided = self._carrying.decides(type(command))
        try:
            with self._database.write(asked_first(self._database, command)):
                settings = self._library.refreshed()
                actor = self._authorised(settings, command, now)
                return self._carrying.carry_out(self._care.plugins, command, digest, actor, now)
        except BaseException as error:
            if not decided:
                self._library.forget()
            if isinstance(error, PluginFailed):
                self._care.strike(error, now)
            raise


def _subject(said: Command | Query) -> dict[str, str]:
    """Return what a line of the log says of a command or query: its kind, who says it, and its ticket."""
    ticket = getattr(said, "ticket", "")
    return {"said": type(said).__name__, "actor": said.actor, "ticket": str(ticket)}


def _whole(answer: Any) -> Any:
    return answer.whole() if isinstance(answer, KeptFile) else answer


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
