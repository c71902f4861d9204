"""What hardly ever changes at a site: people, tables, workflows and their forms; asked once, and again when it has changed."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Any

from casewright.answers import ChangePage, DayOff
from casewright.forms.spec import Form
from casewright.model import Person
from casewright.queries import GetTables, GetWorkflow, ListDaysOff, ListPeople, Query
from casewright.workflows.spec import Workflow
from casewright.workflows.tables import Table
from casewright_tui.pure.month import DaysOff

Ask = Callable[[Query], Awaitable[Any]]


class Site:
    """Keeps what was asked until the configuration is another."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._configuration: int | None = None
        self._people: Mapping[str, Person] | None = None
        self._tables: Mapping[str, Table] | None = None
        self._days_off: dict[tuple[date, date], DaysOff] = {}
        self._versions: dict[tuple[str, str | None], tuple[Workflow, Mapping[str, Form]]] = {}

    async def people(self, actor: str) -> Mapping[str, Person]:
        """Return the staff by login."""
        if self._people is None:
            found: Sequence[Person] = await self._ask(ListPeople(actor=actor))
            self._people = {one.name: one for one in found}
        return self._people

    async def tables(self, actor: str) -> Mapping[str, Table]:
        """Return the lookup tables by name."""
        if self._tables is None:
            self._tables = await self._ask(GetTables(actor=actor))
        return self._tables

    async def days_off(self, actor: str, first: date, last: date) -> DaysOff:
        """Return the days from `first` to `last` on which nobody works."""
        span = (first, last)
        if span not in self._days_off:
            query = ListDaysOff(actor=actor, first=first.isoformat(), last=last.isoformat())
            found: Sequence[DayOff] = await self._ask(query)
            self._days_off = {span: {date.fromisoformat(one.day): one.name for one in found}}
        return self._days_off[span]

    async def version(
        self, actor: str, workflow: str, digest: str | None = None
    ) -> tuple[Workflow, Mapping[str, Form]]:
        """Return a workflow and its forms: the version of a digest, else the current one."""
        key = (workflow, digest)
        if key not in self._versions:
            self._versions[key] = await self._ask(
                GetWorkflow(actor=actor, workflow=workflow, digest=digest)
            )
        return self._versions[key]

    def is_older_than(self, page: ChangePage) -> bool:
        """Return whether the configuration has changed since a page that was heard before."""
        return self._configuration is not None and page.configuration != self._configuration

    def heard(self, pages: Sequence[ChangePage | None]) -> None:
        """Forget what is kept where the configuration has changed; a version by its digest never does."""
        for page in pages:
            number = page.configuration if page else None
            if number is None or number != self._configuration:
                self._configuration = number
                self._people = self._tables = None
                self._days_off = {}
                self._versions = {
                    key: one for key, one in self._versions.items() if key[1] is not None
                }
