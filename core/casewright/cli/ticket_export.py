"""`casewright ticket list --export`: tickets as rows, of one workflow with its fields."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from casewright.cli.answer import Answer
from casewright.cli.exporting import exported, pages
from casewright.cli.grammar import Given
from casewright.cli.reading import Reader
from casewright.cli.session import Session
from casewright.model import Ticket
from casewright.queries import ExportTickets, ListTickets
from casewright.texts import text

if TYPE_CHECKING:
    from casewright.forms.spec import Field


def export_tickets(session: Session, given: Given, listed: ListTickets) -> Answer:
    """Write all that fits into the file that --export names."""
    asked = _fields(session, listed.workflow) if listed.workflow else []
    found = (one for page in pages(session, listed, ExportTickets) for one in page.tickets)
    titles = [*_TITLES, *(one.title.of(session.texts.lang) for one in asked)]
    return exported(session, given, titles, _rows(found, [one.name for one in asked]))


def _fields(session: Session, workflow: str) -> "list[Field]":
    """Return the fields of a workflow's forms, in the order in which they are asked."""
    _, forms = Reader(session).workflow(workflow)
    found = {one.name: one for form in forms.values() for one in form.fields.values()}
    return list(found.values())


def _rows(tickets: Iterable[Ticket], fields: Sequence[str]) -> Iterator[Sequence[object]]:
    for one in tickets:
        clocks = [clock for clock in one.clocks.values() if clock.open]
        due = min((clock.due_at for clock in clocks if clock.due_at is not None), default=None)
        yield (
            one.key, one.workflow, one.state, one.priority, one.handler, one.owner, one.customer, one.channel,
            one.opened_at, one.closed_at, due, *(one.fields.get(name) for name in fields),
        )  # fmt: skip


_TITLES = (
    text("ticket"), text("workflow"), text("state"), text("priority"), text("handler"), text("owner"),
    text("customer"), text("channel"), text("opened"), text("closed"), text("due"),
)  # fmt: skip
