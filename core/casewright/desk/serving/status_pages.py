"""How a matter stands, as its customer is told it: the workflow's words for customers, and what was said to and by them."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from casewright.answers import CustomerSaid, StatusPage
from casewright.bilingual import Bilingual, from_data
from casewright.clock import from_microseconds
from casewright.desk.intake.taking import reference_of
from casewright.engine.closing import WITHDRAWN
from casewright.engine.recording import CONTACT, words_for_customer
from casewright.engine.replying import ANSWERED
from casewright.engine.telling import CUSTOMER
from casewright.errors import NotFound, message
from casewright.model import INTAKE, Event, Ticket
from casewright.queries import GetStatusPage
from casewright.store import arrivals, customers, history, notices
from casewright.store.following import ERASED
from casewright.workflows.spec import Workflow

if TYPE_CHECKING:
    from casewright.desk.asking import Asking

WEB = "web"
"""The channel of what customers do on status pages."""
_TOLD = 200
_DAY = timedelta(days=1)
_UNSORTED = Bilingual(en="Received", zh="已收到")


def status_page(asking: "Asking", query: GetStatusPage) -> StatusPage:
    """Return what is shown of what came in under a number, or of its ticket; NotFound, also once it was erased."""
    if query.of_ticket:
        _must_be_theirs(asking, query)
        return _of_ticket(asking, query, query.of_ticket)
    found = arrivals.get(asking.database, query.arrival)
    if found is None or not found.record:
        raise NotFound(kind=message("arrival"), name=str(query.arrival), hint=message(""))
    received = from_microseconds(found.at)
    if found.ticket and not query.unproven:
        _, ticket = asking.visible(found.ticket)
        # Whoever was added to an older matter has only said whose it is.
        if ticket.opened_at >= received:
            return _of_ticket(asking, query, ticket.key)
    return StatusPage(reference=reference_of(found.id), words=_UNSORTED, received_at=received)


def _must_be_theirs(asking: "Asking", query: GetStatusPage) -> None:
    """Raise NotFound where the ticket is somebody else's by now, or nobody's: whoever was written to in error sees no more."""
    _, ticket = asking.visible(query.of_ticket)
    if not query.customer:
        return
    database = asking.database
    now = customers.current(database, ticket.customer) if ticket.customer else None
    then = customers.current(database, query.customer)
    if now is None or then is None or now.id != then.id:
        raise NotFound(kind=message("ticket"), name=query.of_ticket, hint=message(""))


def _of_ticket(asking: "Asking", query: GetStatusPage, key: str) -> StatusPage:
    _, ticket = asking.visible(key)
    workflow = asking.library.workflow(ticket.bundle)
    state = workflow.states[ticket.state]
    events = history.events(asking.database, key)
    if any(one.kind == ERASED for one in events):
        raise NotFound(kind=message("ticket"), name=key, hint=message(""))
    said = sorted((*_in_history(events), *_told(asking, key)), key=lambda one: one.at)
    return StatusPage(
        reference=key,
        ticket=key,
        title=workflow.title,
        words=words_for_customer(state),
        received_at=ticket.received_at,
        closed_at=ticket.closed_at,
        due=_due(ticket, query.promise),
        asked=tuple(_asked(ticket, query)) if state.waiting == CUSTOMER else (),
        said=tuple(said),
        acted=sum(_acted(one) and asking.now - one.at < _DAY for one in events),
        may=_may(ticket, workflow),
    )


def _may(ticket: Ticket, workflow: Workflow) -> tuple[str, ...]:
    """Return what the customer can do: of a closed ticket ask only how it stands."""
    if not ticket.open:
        return ("query",)
    withdraw = ("withdraw",) if WITHDRAWN in workflow.states else ()
    return ("query", "supplement", "chase", *withdraw)


def _asked(ticket: Ticket, query: GetStatusPage) -> Iterator[str]:
    for name in query.asks:
        value = ticket.fields.get(name)
        if isinstance(value, str) and value:
            yield value


def _due(ticket: Ticket, promise: str) -> Any:
    clock = ticket.clocks.get(promise)
    return clock.due_at if clock is not None and clock.open else None


def _acted(event: Event) -> bool:
    """Return whether an event is what the customer did on the page, asking how it stands aside."""
    contact = event.facts.get("contact")
    return event.kind == CONTACT and event.facts.get("channel") == WEB and contact != "query"


def _in_history(events: tuple[Event, ...]) -> Iterator[CustomerSaid]:
    for event in events:
        if event.kind == "CommentAdded" and event.facts.get("internal") is False:
            yield CustomerSaid(at=event.at, by="us", text=_words(event.private, "comment"))
        elif event.kind == ANSWERED:
            yield CustomerSaid(at=event.at, by="us", text=_words(event.private, "text"))
        elif event.kind == CONTACT and event.facts.get("contact") in ("supplement", "chase"):
            kind = str(event.facts["contact"])
            # What a member of staff wrote of a call are not the customer's words.
            words = _words(event.private, "text") if event.actor == INTAKE else None
            yield CustomerSaid(at=event.at, by="you", kind=kind, text=words)


def _words(private: Mapping[str, Any], name: str) -> str | None:
    found = private.get(name)
    return found if isinstance(found, str) else None


def _told(asking: "Asking", key: str) -> Iterator[CustomerSaid]:
    """Yield what a workflow had the customer told in its author's words."""
    for notice in notices.fitting(asking.database, ticket=key, recipient=CUSTOMER, limit=_TOLD):
        words = notice.said.get("message")
        if isinstance(words, Mapping) and notice.state != "held":
            at = from_microseconds(notice.created_at)
            yield CustomerSaid(at=at, by="us", text=from_data(dict(words)))
