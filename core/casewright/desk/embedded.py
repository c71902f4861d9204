"""The desk in one's own process: a command is authorised, decided, written and only then answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from casewright.clock import Clock
from casewright.commands import AttachFile, Command
from casewright.config import Config
from casewright.desk import administration, asking, attachments
from casewright.desk.digest import content_digest
from casewright.desk.moments import in_utc
from casewright.desk.transaction import Library, record, situation
from casewright.engine.decide import decide, handles
from casewright.errors import (
    CommandReused,
    NotAllowed,
    message,
)
from casewright.model import ANY_STAFF, ONLY_SYSTEM, SYSTEM, Person, Receipt, receipt_of
from casewright.queries import Query
from casewright.store import configuration, history
from casewright.store.database import Database, Driver, open_sqlite

if TYPE_CHECKING:
    from casewright.desk.working.back_door import Working

THE_SYSTEM = Person(name=SYSTEM, en="System", zh="系统")


class Desk:
    """The front door of one workspace; to be used by one thread."""

    def __init__(self, config: Config, *, clock: Clock, driver: Driver = open_sqlite) -> None:
        self._database = Database(
            config.database, driver=driver, synchronous=config.synchronous
        )
        self._library = Library(self._database)
        self._config = config
        self._attachments = config.attachments
        self._clock = clock

    def execute(self, command: Command) -> Receipt:
        """Carry out a command of a member of staff; return when it is durable. CasewrightError when refused."""
        _refuse_the_system(command.actor, command.permission)
        _refuse_moments_nobody_means(command)
        return self._execute(command)

    def execute_as_system(self, command: Command) -> Receipt:
        """Carry out a command of the product itself: timers, set-up, replays. Never for a front end's user."""
        return self._execute(command)

    def ask(self, query: Query) -> Any:
        """Answer a query of a member of staff; what it answers is named in the query's docstring."""
        _refuse_the_system(query.actor, query.permission)
        _refuse_moments_nobody_means(query)
        return self.ask_as_system(query)

    def ask_as_system(self, query: Query) -> Any:
        """Answer a query of the product itself. Never for a front end's user."""
        with self._database.read():
            self._library.refreshed()
            asker = self._authorised(query.actor, query.permission)
            place = asking.Asking(
                database=self._database,
                library=self._library,
                asker=asker,
                now=self._clock.now(),
                zone=self._config.zone,
            )
            return asking.answer(query, place)

    def keep(self, content: bytes) -> str:
        """Store the content of an attachment durably; return the digest that `AttachFile` names."""
        return attachments.keep(self._attachments, content)

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
            config=self._config,
            now=lambda: self._clock.now(),
            execute=self.execute_as_system,
            execute_for=self.execute,
            batch=self.batch,
            words=Words(),
        )

    def close(self) -> None:
        """Close the database."""
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
        try:
            with self._database.write():
                self._library.refreshed()
                actor = self._authorised(command.actor, command.permission)
                if handles(type(command)):
                    return self._decide(command, digest, actor, now)
                return self._administer(command, digest, now)
        except BaseException:
            if not handles(type(command)):
                self._library.forget()
            raise

    def _decide(self, command: Command, digest: str, actor: Person, now: datetime) -> Receipt:
        done = history.of_command(self._database, command.command_id)
        if done is not None:
            if done.event.digest != digest:
                raise CommandReused(command_id=command.command_id)
            return receipt_of(done.event, done.state, repeated=True)
        if configuration.command_digest(self._database, command.command_id) is not None:
            raise CommandReused(command_id=command.command_id)
        if isinstance(command, AttachFile):
            attachments.must_be_kept(self._attachments, command.digest)
        seen, tickets = situation(self._database, self._library, actor=actor, now=now)
        outcome = decide(command, seen, digest=digest)
        record(self._database, tickets, outcome, now)
        first = outcome.changes[0]
        return receipt_of(first.event, first.after.state)

    def _administer(self, command: Command, digest: str, now: datetime) -> Receipt:
        known = configuration.command_digest(self._database, command.command_id)
        if known is not None:
            if known != digest:
                raise CommandReused(command_id=command.command_id)
            return Receipt(ticket="", repeated=True)
        if history.of_command(self._database, command.command_id) is not None:
            raise CommandReused(command_id=command.command_id)
        administration.carry_out(self._database, self._library, command, now)
        configuration.remember_command(
            self._database,
            command_id=command.command_id,
            digest=digest,
            kind=type(command).__name__,
            actor=command.actor,
            at=now,
        )
        return Receipt(ticket="")

    def _authorised(self, name: str, permission: str) -> Person:
        if name == SYSTEM:
            return THE_SYSTEM
        if permission == ONLY_SYSTEM:
            reason = message("only casewright itself says this")
            raise NotAllowed(actor=name, permission=permission, reason=reason)
        settings = self._library.configuration()
        person = settings.get(name)
        if person is None:
            raise NotAllowed(
                actor=name,
                permission=permission,
                reason=message("there is no such person on the staff"),
            )
        if not person.active:
            raise NotAllowed(
                actor=name,
                permission=permission,
                reason=message("the person is no longer active"),
            )
        if permission != ANY_STAFF and not settings.permits(person, permission):
            raise NotAllowed(
                actor=name,
                permission=permission,
                reason=message("none of the person's roles permits it"),
            )
        return person


def _refuse_the_system(actor: str, permission: str) -> None:
    if actor == SYSTEM:
        reason = message("it is nobody's name")
        raise NotAllowed(actor=actor, permission=permission, reason=reason)


def _refuse_moments_nobody_means(said: Command | Query) -> None:
    kind = type(said)
    names = _MOMENTS.get(kind)
    if names is None:
        names = tuple(one.name for one in fields(kind) if "datetime" in str(one.type))
        _MOMENTS[kind] = names
    for name in names:
        moment = getattr(said, name)
        if moment is not None:
            in_utc(moment)


_MOMENTS: dict[type[Command | Query], tuple[str, ...]] = {}
