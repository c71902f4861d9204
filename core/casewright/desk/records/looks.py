"""Which answers are looks at customers' data, and what the access log says of them. It decides only; it writes nothing.

A look is opening a ticket or a customer, a search by identity, a reveal, an export; not a masked row of a list, and no count.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from casewright import answers, queries
from casewright.model import Customer, Ticket
from casewright.queries import Query
from casewright.store.access_log import EXPORT, LOOK, REVEAL, SEARCH
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What somebody looked at: of which kind it was, by which query, which ticket and customers, which fields, what for.

    `tickets` are further ones whose customers count too; `named` is a customer's id as somebody typed it.
    """

    kind: str
    subject: str
    ticket: str = ""
    tickets: frozenset[str] = frozenset()
    customers: frozenset[str] = frozenset()
    named: str = ""
    fields: tuple[str, ...] = ()
    purpose: str = ""


def look_of(query: Query, answer: Any) -> Look | None:
    """Return what the log says of an answer, or None where it is no look; a plugin's query says itself whether it is one."""
    kind = type(query)
    if kind in NO_LOOKS:
        return None
    return _LOOKS.get(kind, _declared)(query, answer)


def shows_customers(query: Query) -> bool:
    """Return whether customers in the answer are shown in the clear: the one that was opened, those that a search found."""
    if isinstance(query, queries.ListCustomers):
        return type(query) is queries.ListCustomers and bool(query.text)
    return isinstance(query, queries.GetCustomerView | queries.FindCustomers) or bool(
        query.look
    )


def _look(query: Query, kind: str, **about: Any) -> Look:
    return Look(kind=kind, subject=type(query).__name__, **about)


def _ticket(query: Any, answer: Any) -> Look:
    return _look(query, LOOK, ticket=query.ticket)


def _status_page(query: queries.GetStatusPage, answer: answers.StatusPage) -> Look:
    return _look(query, LOOK, ticket=answer.ticket)


def _notice(query: queries.GetNotice, answer: answers.NoticeStory) -> Look:
    return _look(query, LOOK, ticket=answer.notice.ticket)


def _revealed(query: queries.RevealFields, answer: Mapping[str, Any]) -> Look:
    purpose = query.purpose.strip()
    return _look(query, REVEAL, ticket=query.ticket, fields=tuple(answer), purpose=purpose)


def _customer(query: queries.GetCustomerView, answer: answers.CustomerView) -> Look:
    return _look(query, LOOK, customers=frozenset({answer.customer.id}))


def _contacts(query: queries.ListContacts, answer: answers.ContactPage) -> Look:
    return _look(query, LOOK, customers=frozenset({query.customer}))


def _found(query: queries.FindCustomers, answer: answers.CustomerPage) -> Look:
    return _look(query, SEARCH, customers=_ids(answer.customers))


def _compared(query: queries.CheckImport, answer: answers.CustomerImport) -> Look:
    return _look(query, SEARCH, customers=answer.compared)


def _customers(query: queries.ListCustomers, answer: answers.CustomerPage) -> Look | None:
    return _look(query, SEARCH, customers=_ids(answer.customers)) if query.text else None


def _tickets(query: queries.ListTickets, answer: answers.TicketPage) -> Look | None:
    if not (query.text or query.customer):
        return None
    keys = [one.key for one in answer.tickets]
    named = keys[0] if query.text and len(keys) == 1 else ""
    return _look(query, SEARCH, ticket=named, customers=_their_customers(answer.tickets))


def _queue(query: queries.ListQueue, answer: answers.QueuePage) -> Look | None:
    if not (query.text or query.customer):
        return None
    keys = frozenset(one.key for one in answer.rows)
    named = answer.rows[0].key if query.text and len(keys) == 1 else ""
    return _look(query, SEARCH, ticket=named, tickets=keys)


def _exported_tickets(query: Query, answer: answers.TicketPage) -> Look:
    return _look(query, EXPORT, customers=_their_customers(answer.tickets))


def _exported_customers(query: Query, answer: answers.CustomerPage) -> Look:
    return _look(query, EXPORT, customers=_ids(answer.customers))


def _exported_notices(query: Query, answer: answers.NoticePage) -> Look:
    return _look(query, EXPORT, tickets=frozenset(one.ticket for one in answer.notices))


def _whole(
    query: queries.PrepareBackup | queries.PrepareExport | queries.ExportAudit, answer: Any
) -> Look:
    return _look(query, EXPORT, purpose=query.purpose)


def _arrival(query: queries.GetArrival, answer: answers.ArrivalStory) -> Look:
    return _look(query, LOOK, ticket=answer.row.ticket)


def _report(query: queries.GetAccessReport, answer: answers.AccessPage) -> Look:
    about = frozenset({query.customer} if query.customer else ())
    return _look(query, LOOK, ticket=query.ticket, customers=about)


def _exported_report(query: queries.ExportAccess, answer: answers.AccessPage) -> Look:
    return replace(_report(query, answer), kind=EXPORT)


def _declared(query: Any, answer: Any) -> Look | None:
    if not query.look:
        return None
    ticket, customer = getattr(query, "ticket", ""), getattr(query, "customer", "")
    return _look(query, query.look, ticket=str(ticket or ""), named=str(customer or ""))


def _ids(found: Collection[Customer]) -> frozenset[str]:
    return frozenset(one.id for one in found)


def _their_customers(found: Collection[Ticket]) -> frozenset[str]:
    return frozenset(one.customer for one in found if one.customer)


_LOOKS: Mapping[type[Query], Callable[[Any, Any], Look | None]] = {
    queries.GetTicket: _ticket,
    queries.GetHistory: _ticket,
    queries.GetFile: _ticket,
    queries.GetStatusPage: _status_page,
    queries.GetNotice: _notice,
    queries.GetArrival: _arrival,
    queries.PreviewReply: _ticket,
    queries.RevealFields: _revealed,
    queries.GetCustomerView: _customer,
    queries.ListContacts: _contacts,
    queries.FindCustomers: _found,
    queries.CheckImport: _compared,
    queries.ListCustomers: _customers,
    queries.ListTickets: _tickets,
    queries.ListQueue: _queue,
    queries.ExportTickets: _exported_tickets,
    queries.ExportCustomers: _exported_customers,
    queries.ExportNotices: _exported_notices,
    queries.PrepareBackup: _whole,
    queries.PrepareExport: _whole,
    queries.ExportAudit: _whole,
    queries.GetAccessReport: _report,
    queries.ExportAccess: _exported_report,
}

NO_LOOKS: frozenset[type[Query]] = frozenset(
    {
        queries.GetActions,
        queries.GetAnnouncement,
        queries.GetAnnouncementReaders,
        queries.GetBoard,
        queries.GetClocks,
        queries.GetHealth,
        queries.GetIntake,
        queries.GetLedger,
        queries.GetPublication,
        queries.GetTables,
        queries.GetWorkflow,
        queries.GetWorkload,
        queries.ListAnnouncements,
        queries.ListArrivals,
        queries.ListAssignable,
        queries.ListChanges,
        queries.ListCheckpoints,
        queries.ListDeadLetters,
        queries.ListErasures,
        queries.ListKeys,
        queries.ListNotices,
        queries.ListOverdue,
        queries.ListPeople,
        queries.ListPlugins,
        queries.ListPublications,
        queries.ListDaysOff,
        queries.ListTemplates,
        queries.ListTimers,
        queries.ListTokens,
        queries.CountQueue,
        queries.GetSummary,
        queries.PreviewTransition,
        queries.ListDrafts,
        queries.ListPreferences,
        queries.CheckWorkspace,
        queries.GetWallboard,
        queries.ListUnhandled,
        queries.ListWebhooks,
        queries.ListWorkflows,
        queries.VerifyAudit,
        queries.WhoAmI,
    }
)
"""The queries whose answers show no customer's data, or masked rows of them."""
LOOKS = frozenset(_LOOKS)
"""The queries whose answers may be looks."""
FROM_OUTSIDE: frozenset[type[Query]] = frozenset({queries.GetStatusPage})
"""What the product asks for somebody who is nobody on the staff: these looks are on record although the system asks."""
