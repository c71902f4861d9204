"""What a desk has in memory: the configuration, workflow versions and calendars, each read once."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from casewright.errors import NotFound, message
from casewright.forms.spec import Form
from casewright.nearest import hint
from casewright.sla.calendar import ALWAYS, Calendar
from casewright.store import calendars, configuration
from casewright.store.configuration import Configuration
from casewright.store.database import Database
from casewright.workflows.bundle import unbundle
from casewright.workflows.spec import Workflow
from casewright.workflows.tables import Table

if TYPE_CHECKING:
    from casewright.engine.situation import Compiled
    from casewright.plugins.host import Plugins


class LiveTables(Mapping[str, Table]):
    """The lookup tables as they stand; a compiled guard asks here, so that it never holds old rows."""

    def __init__(self) -> None:
        self.now: Mapping[str, Table] = {}

    def __getitem__(self, name: str) -> Table:
        return self.now[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.now)

    def __len__(self) -> int:
        return len(self.now)


class Library:
    """The workflow versions and the configuration that a desk has in memory."""

    def __init__(self, database: Database, plugins: "Callable[[], Plugins]") -> None:
        self._database = database
        self._plugins = plugins
        self._written: dict[str, tuple[Workflow, Mapping[str, Form]]] = {}
        self._compiled: dict[str, Compiled] = {}
        self._personal: dict[str, tuple[str, ...]] = {}
        self._reader = configuration.Reader(database)
        self._configuration: Configuration | None = None
        self._tables = LiveTables()
        self._calendars: dict[str, Calendar] = {}

    def configuration(self) -> Configuration:
        """Return the configuration as the open transaction began with it."""
        known = self._configuration
        return self.refreshed() if known is None else known

    @property
    def at_hand(self) -> bool:
        """Whether the configuration is in memory, however old."""
        return self._configuration is not None

    def refreshed(self) -> Configuration:
        """Return the configuration, read again when somebody has changed it; to be asked once a transaction."""
        known = self._configuration
        if known is None or known.version != configuration.version(self._database):
            known = self._configuration = self._reader.read()
            self._tables.now = known.tables
        return known

    def workflow(self, digest: str) -> Workflow:
        """Return a workflow version as it is written, by the digest of its bundle."""
        return self._as_written(digest)[0]

    def forms(self, digest: str) -> Mapping[str, Form]:
        """Return the forms of a workflow version, by the digest of its bundle."""
        return self._as_written(digest)[1]

    def _as_written(self, digest: str) -> tuple[Workflow, Mapping[str, Form]]:
        found = self._written.get(digest)
        if found is None:
            content = configuration.bundle(self._database, digest)
            if content is None:
                raise NotFound(kind=message("workflow version"), name=digest, hint=message(""))
            found = self._written[digest] = unbundle(content)
        return found

    def pinned(self, digest: str) -> "Compiled":
        """Return a workflow version ready to run, by the digest of its bundle."""
        found = self._compiled.get(digest)
        if found is None:
            # Whoever only looks needs nothing of what runs it.
            from casewright.desk.compiling import compiled

            rights = configuration.rights(self._database, digest)
            found = compiled(*self._as_written(digest), self._tables, self._plugins, rights)
            self._compiled[digest] = found
        return found

    def personal(self, digest: str) -> tuple[str, ...]:
        """Return the names of the fields that a workflow version's forms call personal."""
        found = self._personal.get(digest)
        if found is None:
            forms = self.forms(digest).values()
            named = (one for form in forms for one in form.fields.values() if one.personal)
            found = self._personal[digest] = tuple(dict.fromkeys(one.name for one in named))
        return found

    def current(self, name: str) -> "Compiled":
        """Return the version of a workflow that new tickets take."""
        published = self.configuration().current
        digest = published.get(name)
        if digest is None:
            raise NotFound(kind=message("workflow"), name=name, hint=hint(name, published))
        return self.pinned(digest)

    def calendar(self, name: str) -> Calendar:
        """Return the version of a calendar that clocks count on from now; NotFound."""
        if name == ALWAYS.name:
            return ALWAYS
        published = self.configuration().calendars
        digest = published.get(name)
        if digest is None:
            kind = message("published calendar")
            raise NotFound(kind=kind, name=name, hint=hint(name, published))
        return self.version(digest)

    def version(self, digest: str) -> Calendar:
        """Return a calendar's version by its digest."""
        if digest == ALWAYS.digest:
            return ALWAYS
        found = self._calendars.get(digest)
        if found is None:
            found = self._calendars[digest] = calendars.version(self._database, digest)
        return found

    @property
    def plugins(self) -> "Plugins":
        """The plugins of the desk, opened when they are first asked for."""
        return self._plugins()

    def compile_anew(self) -> None:
        """Compile the workflow versions again when they are next needed: other plugins are there now."""
        self._compiled.clear()

    def forget(self) -> None:
        """Read the configuration again: a change to it was taken back."""
        self._configuration = None
