"""Names behind names: titles of workflows, states and fields, and of people, as far as the reader may know them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from casewright.model import SYSTEM_PEOPLE, Person, Ticket, is_system
from casewright.telling.kinds import PRIORITIES
from casewright.texts import Texts

if TYPE_CHECKING:
    from casewright.bilingual import Bilingual
    from casewright.forms.spec import Field, Form
    from casewright.workflows.spec import Workflow
    from casewright.workflows.tables import Table


class Names:
    """Turns what is stored into what a person reads; how it comes by workflows, people and tables is each front end's own."""

    @property
    def texts(self) -> Texts:
        """The sentences, in the reader's language."""
        raise NotImplementedError

    @property
    def people(self) -> "Mapping[str, Person]":
        """The staff by login, as far as the reader may know them."""
        raise NotImplementedError

    @property
    def tables(self) -> "Mapping[str, Table]":
        """The tables of the workspace, by name."""
        raise NotImplementedError

    def workflow(
        self, name: str, digest: str | None = None
    ) -> "tuple[Workflow, Mapping[str, Form]]":
        """Return a workflow version with its forms; the current one when no digest is given."""
        raise NotImplementedError

    def of(self, ticket: Ticket) -> "Workflow":
        """Return the workflow version that a ticket is pinned to."""
        return self.workflow(ticket.workflow, ticket.bundle)[0]

    def state(self, ticket: Ticket, name: str | None = None) -> str:
        """Return the title of a ticket's state, or of another state of its workflow."""
        states, wanted = self.of(ticket).states, name or ticket.state
        return self.words(states[wanted].title) if wanted in states else wanted

    def transition(self, ticket: Ticket, name: str) -> str:
        """Return the title of a transition."""
        for state in self.of(ticket).states.values():
            if name in state.transitions:
                return self.words(state.transitions[name].title)
        return name

    def field(self, ticket: Ticket, name: str) -> "Field | None":
        """Return a field by its name, from the ticket's form or any form of its workflow."""
        workflow, forms = self.workflow(ticket.workflow, ticket.bundle)
        own = [forms[workflow.form]] if workflow.form else []
        return next(
            (form.fields[name] for form in (*own, *forms.values()) if name in form.fields), None
        )

    def value(self, field: "Field | None", value: object) -> str:
        """Return how a field's value is shown."""
        texts = self.texts
        if value is None:
            return "-"
        if isinstance(value, bool):
            return texts.text("yes") if value else texts.text("no")
        if isinstance(value, list | tuple):
            return texts.listing(self.value(field, one) for one in value)
        if field is not None and field.lookup is not None:
            return self._row(field.lookup, str(value))
        return field.label(str(value), texts.lang) if field else str(value)

    def priority(self, name: str) -> str:
        """Return a priority as people say it."""
        return self.texts.text(PRIORITIES.get(name, name))

    def person(self, name: str | None) -> str:
        """Return somebody as people call them, with the login name: `Chen Jing (chen_jing)`."""
        texts = self.texts
        if name is None:
            return texts.text("nobody")
        if is_system(name):
            return self.words_of(SYSTEM_PEOPLE[name])
        known = self.people.get(name)
        shown = self.words_of(known) if known else ""
        return (
            texts.say("{name} ({title})", name=shown, title=name)
            if shown and shown != name
            else name
        )

    def calls(self, name: str | None) -> str:
        """Return somebody as people call them, without the login name."""
        known = self.people.get(name or "")
        return (self.words_of(known) if known else "") or self.person(name)

    def department(self, key: str) -> str:
        """Return a department as the table of departments calls it."""
        return self._row("departments", key)

    def words(self, title: "Bilingual") -> str:
        """Return a title in the reader's language."""
        return title.of(self.texts.lang)

    def words_of(self, person: Person) -> str:
        """Return a person's name in the reader's language."""
        return (person.zh or person.en) if self.texts.lang == "zh" else (person.en or person.zh)

    def _row(self, table: str, key: str) -> str:
        known = self.tables.get(table)
        label = known.labels.get(key) if known is not None else None
        return self.words(label) if label is not None else key
