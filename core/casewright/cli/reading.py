"""The names behind names as the command line comes by them: it asks the desk when one is wanted."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from casewright.answers import Assignable
from casewright.cli.session import Session
from casewright.errors import NotAllowed, NotFound, message
from casewright.model import Person, Ticket
from casewright.queries import GetTables, GetWorkflow, ListAssignable, ListPeople
from casewright.telling.names import Names
from casewright.texts import Texts

if TYPE_CHECKING:
    from casewright.access.roles import Role
    from casewright.forms.spec import Form
    from casewright.workflows.spec import Workflow
    from casewright.workflows.tables import Table


def known_roles(session: Session) -> "Mapping[str, Role]":
    """Return the roles of the workspace's roles.yaml, as far as it can be read."""
    from casewright.access.roles import load_roles
    from casewright.plugins.finding import installed

    return load_roles(session.config.root / "roles.yaml", unnamed=installed())[0]


class Reader(Names):
    """Turns what is stored into what a person reads, for one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._workflows: dict[tuple[str, str | None], tuple[Workflow, Mapping[str, Form]]] = {}

    @property
    def texts(self) -> Texts:
        """The sentences, in the reader's language."""
        return self._session.texts

    def workflow(
        self, name: str, digest: str | None = None
    ) -> "tuple[Workflow, Mapping[str, Form]]":
        """Return a workflow version with its forms; the current one when no digest is given."""
        if (name, digest) not in self._workflows:
            query = GetWorkflow(actor=self._session.actor, workflow=name, digest=digest)
            self._workflows[name, digest] = self._session.desk.ask(query)
        return self._workflows[name, digest]

    def row(self, key: str) -> Ticket:
        """Return a ticket as a row of a list has it, which is no look at it; NotFound."""
        query = ListAssignable(actor=self._session.actor, tickets=(key,))
        found: tuple[Assignable, ...] = self._session.desk.ask(query)
        if not found:
            raise NotFound(kind=message("ticket"), name=key, hint=message(""))
        return found[0].ticket

    @cached_property
    def tables(self) -> "Mapping[str, Table]":
        """The tables of the workspace, by name."""
        found: Mapping[str, Table] = self._session.desk.ask(
            GetTables(actor=self._session.actor)
        )
        return found

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """The staff by login."""
        try:
            return {
                one.name: one
                for one in self._session.desk.ask(ListPeople(actor=self._session.actor))
            }
        except NotAllowed:
            # Whoever may not read the staff reads login names, which the ticket shows anyway.
            return {}
