"""The names behind names as the terminal has them: people, tables and workflows, gathered before anything is shown."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from casewright.model import Person, Ticket
from casewright.telling.names import Names
from casewright.texts import Texts

if TYPE_CHECKING:
    from casewright.forms.spec import Form
    from casewright.workflows.spec import Workflow
    from casewright.workflows.tables import Table
    from casewright_tui.site import Site

Version = tuple[str, str | None]
"""A workflow's name and the digest of a version; None for the current one."""


class Known(Names):
    """Names out of what was gathered; no question is asked any more."""

    def __init__(
        self,
        texts: Texts,
        people: Mapping[str, Person],
        tables: "Mapping[str, Table]",
        versions: "Mapping[Version, tuple[Workflow, Mapping[str, Form]]]",
    ) -> None:
        self._texts, self._people, self._tables = texts, people, tables
        self._versions = versions

    @property
    def texts(self) -> Texts:
        """The sentences, in the reader's language."""
        return self._texts

    @property
    def people(self) -> Mapping[str, Person]:
        """The staff by login."""
        return self._people

    @property
    def tables(self) -> "Mapping[str, Table]":
        """The tables of the workspace, by name."""
        return self._tables

    def workflow(
        self, name: str, digest: str | None = None
    ) -> "tuple[Workflow, Mapping[str, Form]]":
        """Return a workflow version with its forms; it must have been gathered."""
        return self._versions[name, digest]

    def spoken(self, texts: Texts) -> "Known":
        """Return the same names in another language or zone."""
        return Known(texts, self._people, self._tables, self._versions)


async def gathered(
    site: "Site",
    actor: str,
    texts: Texts,
    tickets: Iterable[Ticket] = (),
    workflows: Iterable[str] = (),
) -> Known:
    """Return the names that are needed to tell of these tickets, and of the current versions of these workflows."""
    wanted: set[Version] = {(one.workflow, one.bundle) for one in tickets}
    wanted |= {(one, None) for one in workflows}
    versions = {key: await site.version(actor, *key) for key in sorted(wanted, key=str)}
    return Known(texts, await site.people(actor), await site.tables(actor), versions)
