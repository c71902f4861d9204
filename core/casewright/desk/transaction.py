"""One command's transaction: what the engine may look at, and the writing of what it decided."""

from datetime import datetime

from casewright.desk.compiling import LiveTables, compiled
from casewright.engine.draft import Change, Outcome
from casewright.engine.situation import Compiled, Situation
from casewright.errors import NotFound, message
from casewright.model import Customer, Person
from casewright.nearest import hint
from casewright.store import codec, configuration, history, outbox
from casewright.store.configuration import Configuration
from casewright.store.database import Database
from casewright.store.tickets import Tickets


class Library:
    """The workflow versions and the configuration that a desk has in memory."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._compiled: dict[str, Compiled] = {}
        self._configuration: Configuration | None = None
        self._tables = LiveTables()

    def configuration(self) -> Configuration:
        """Return the configuration as the open transaction began with it."""
        known = self._configuration
        return self.refreshed() if known is None else known

    def refreshed(self) -> Configuration:
        """Return the configuration, read again when somebody has changed it; to be asked once a transaction."""
        known = self._configuration
        if known is None or known.version != configuration.version(self._database):
            known = self._configuration = configuration.read(self._database)
            self._tables.now = known.tables
        return known

    def pinned(self, digest: str) -> Compiled:
        """Return a workflow version by the digest of its bundle."""
        found = self._compiled.get(digest)
        if found is None:
            content = configuration.bundle(self._database, digest)
            if content is None:
                raise NotFound(kind=message("workflow version"), name=digest, hint=message(""))
            found = self._compiled[digest] = compiled(content, self._tables)
        return found

    def current(self, name: str) -> Compiled:
        """Return the version of a workflow that new tickets take."""
        published = self.configuration().current
        digest = published.get(name)
        if digest is None:
            raise NotFound(kind=message("workflow"), name=name, hint=hint(name, published))
        return self.pinned(digest)

    def forget(self) -> None:
        """Read the configuration again: a change to it was taken back."""
        self._configuration = None


def situation(
    database: Database, library: Library, *, actor: Person, now: datetime
) -> tuple[Situation, Tickets]:
    """Return what the engine may look at, as of `now`, and the tickets it reads through."""
    tickets = Tickets(database, now)
    settings = library.configuration()

    def new_key(prefix: str, moment: datetime) -> tuple[str, int]:
        number = tickets.next_number(prefix, moment.year)
        return f"{prefix}-{moment.year}-{number:06d}", number

    def customer(identity: str) -> Customer | None:
        return configuration.customer(database, identity)

    seen = Situation(
        now=now,
        actor=actor,
        tickets=tickets,
        people=settings,
        roles=settings.roles,
        keys=settings.keys,
        customer=customer,
        current=library.current,
        pinned=library.pinned,
        new_key=new_key,
    )
    return seen, tickets


def record(database: Database, tickets: Tickets, outcome: Outcome, now: datetime) -> None:
    """Write state, history and outbox of an outcome, in the order of the tickets' keys."""
    rows: dict[str, tuple[int, int]] = {}
    for change in sorted(outcome.changes, key=lambda one: one.after.key):
        rows[change.after.key] = (_write(database, tickets, change), change.after.sequence)
    for key in outcome.silenced:
        outbox.silence(database, rows[key][0])
    if outcome.effects:
        outbox.promise(database, ((*rows[one.ticket], one) for one in outcome.effects), now)


def _write(database: Database, tickets: Tickets, change: Change) -> int:
    sealed = codec.seal(change.event)
    if change.before is None:
        head = codec.chained(history.BEGINNING, sealed.body)
        number = tickets.insert(change.after, head)
    else:
        head = codec.chained(tickets.head(change.after.key), sealed.body)
        number = tickets.update(change.before, change.after, head)
    history.append(database, number, change.event, sealed, head)
    return number
