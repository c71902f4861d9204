"""The desk in one's own process: a command is authorised, decided, written and only then answered."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from casewright import compact_json
from casewright.answers import DatabaseStatus
from casewright.clock import Clock, SystemClock
from casewright.commands import AttachFile, Command
from casewright.config import Config
from casewright.desk import administration, asking, attachments
from casewright.desk.transaction import Library, record, situation
from casewright.engine.decide import decide, handles
from casewright.errors import (
    CommandRefused,
    CommandReused,
    DatabaseMissing,
    NotAllowed,
    message,
)
from casewright.model import SYSTEM, Person, Receipt, receipt_of
from casewright.queries import ANY_STAFF, Query
from casewright.store import configuration, history, migrate
from casewright.store.database import SAFE_LIBRARY, Database, Driver, library, open_sqlite

THE_SYSTEM = Person(name=SYSTEM, en="System", zh="系统")


class Desk:
    """The front door of one workspace; to be used by one thread."""

    def __init__(self, config: Config, *, clock: Clock, driver: Driver = open_sqlite) -> None:
        self._database = Database(
            config.database, driver=driver, synchronous=config.synchronous
        )
        self._library = Library(self._database)
        self._attachments = config.attachments
        self._clock = clock

    def execute(self, command: Command) -> Receipt:
        """Carry out a command of a member of staff; return when it is durable. CasewrightError when refused."""
        _refuse_the_system(command.actor, command.permission)
        return self._execute(command)

    def execute_as_system(self, command: Command) -> Receipt:
        """Carry out a command of the product itself: timers, set-up, replays. Never for a front end's user."""
        return self._execute(command)

    def ask(self, query: Query) -> Any:
        """Answer a query of a member of staff; what it answers is named in the query's docstring."""
        _refuse_the_system(query.actor, query.permission)
        return self.ask_as_system(query)

    def ask_as_system(self, query: Query) -> Any:
        """Answer a query of the product itself. Never for a front end's user."""
        with self._database.read():
            self._library.refreshed()
            asker = self._authorised(query.actor, query.permission)
            return asking.answer(
                self._database, self._library, query, asker=asker, now=self._clock.now()
            )

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


def content_digest(command: Command) -> str:
    """Return a digest of what a command asks for, whatever its id; CommandRefused when it cannot be stored."""
    kind = type(command)
    names = _CONTENT_NAMES.get(kind)
    if names is None:
        names = [one.name for one in fields(kind) if one.name != "command_id"]
        _CONTENT_NAMES[kind] = names
    said = {name: getattr(command, name) for name in names}
    try:
        command.command_id.encode()
        content = compact_json.canonical([kind.__name__, said], default=_plain)
    except (UnicodeEncodeError, compact_json.Unencodable):
        reason = message(
            "it holds half a character (a lone surrogate) or a number beyond 64 bits"
        )
        raise CommandRefused(reason=reason) from None
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, datetime):
        return value.isoformat()
    return dict(value)  # type: ignore[call-overload]


_CONTENT_NAMES: dict[type[Command], list[str]] = {}


def open_desk(
    config: Config,
    *,
    clock: Clock | None = None,
    create: bool = False,
    driver: Driver = open_sqlite,
) -> Desk:
    """Return the desk of a workspace; `create` makes or migrates its database, else it must be there and new."""
    clock = clock or SystemClock()
    if create:
        migrate_database(config, clock=clock)
    elif not config.database.exists():
        raise DatabaseMissing(database=str(config.database))
    desk = Desk(config, clock=clock, driver=driver)
    try:
        migrate.require_newest(desk._database, path=str(config.database))
    except BaseException:
        desk.close()
        raise
    return desk


def migrate_database(config: Config, *, clock: Clock | None = None) -> tuple[int, int]:
    """Make the database or bring it to the newest schema; return the versions before and after."""
    database = Database(config.database, synchronous=config.synchronous)
    try:
        moment = (clock or SystemClock()).now()
        return migrate.migrate(database, at=moment, path=str(config.database))
    finally:
        database.close()


def database_status(config: Config) -> DatabaseStatus:
    """Return how the database stands, without changing it."""
    binding = library()
    version_text: str = binding.sqlite_version
    warnings = []
    if tuple(int(part) for part in version_text.split(".")) < SAFE_LIBRARY:
        safe = ".".join(str(part) for part in SAFE_LIBRARY)
        text = message(
            "SQLite {found} can lose commits in a rare race; {safe} or newer is safe",
            found=version_text,
            safe=safe,
        )
        warnings.append(text)
    found, pragmas = 0, {}
    if config.database.exists():
        database = Database(config.database, synchronous=config.synchronous)
        try:
            found = migrate.version(database)
            names = (
                "journal_mode",
                "synchronous",
                "foreign_keys",
                "busy_timeout",
                "page_count",
            )
            pragmas = {name: str(database.pragma(name)) for name in names}
        finally:
            database.close()
    return DatabaseStatus(
        path=str(config.database),
        exists=config.database.exists(),
        version=found,
        newest=migrate.newest(),
        library=f"{binding.__name__.split('.')[0]} {version_text}",
        pragmas=pragmas,
        warnings=tuple(warnings),
    )
