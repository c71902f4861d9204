"""Everything that can be asked of the desk: one frozen value a question, each naming who asks and its permission."""

from dataclasses import dataclass
from typing import ClassVar

PAGE = 50
LARGEST_PAGE = 1000
ANY_STAFF = "staff"
"""The permission of a question that every active member of staff may ask: how the work is set up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What every question says: who asks."""

    permission: ClassVar[str] = "ticket.read"
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GetTicket(Query):
    """One ticket. Answer: `Ticket`."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GetHistory(Query):
    """One ticket's history. Answer: tuple of `Event`, oldest first."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GetActions(Query):
    """What may be done with a ticket now. Answer: tuple of `ActionOffer`, blocked ones with their reason."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTickets(Query):
    """Tickets that fit, newest first, a page at a time. Answer: `TicketPage`.

    `older_than` and `younger_than` are seconds since opening; `after` is the key that ended the page before.
    """

    workflow: str | None = None
    state: str | None = None
    handler: str | None = None
    owner: str | None = None
    customer: str | None = None
    parent: str | None = None
    text: str | None = None
    open: bool | None = None
    older_than: int | None = None
    younger_than: int | None = None
    after: str | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class GetBoard(Query):
    """How many tickets stand where. Answer: tuple of `BoardRow`, one for each state of each version that has any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPeople(Query):
    """The staff. Answer: tuple of `Person`, by name."""

    permission: ClassVar[str] = ANY_STAFF
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWorkflows(Query):
    """The published workflows. Answer: tuple of `Published`, by name."""

    permission: ClassVar[str] = ANY_STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class GetWorkflow(Query):
    """A published workflow, the current version or the one named by `digest`. Answer: `Workflow` and its forms."""

    permission: ClassVar[str] = ANY_STAFF
    workflow: str
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GetTables(Query):
    """The lookup tables, for pickers and for what their keys are called. Answer: `Table` by name."""

    permission: ClassVar[str] = ANY_STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCustomers(Query):
    """The customers. Answer: tuple of `Customer`, by id."""

    permission: ClassVar[str] = "customer.edit"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyAudit(Query):
    """Whether every history is whole. Answer: `Verification`."""

    permission: ClassVar[str] = "audit.verify"
    ticket: str | None = None
