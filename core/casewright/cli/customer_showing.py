"""`casewright customer show`, `find`, `list` and `contacts`."""

from collections.abc import Sequence

from casewright.answers import ContactPage, CustomerPage, CustomerView
from casewright.cli.answer import Answer
from casewright.cli.customer_acting import CUSTOMER
from casewright.cli.customer_documents import (
    contact_document,
    customer_document,
    view_document,
)
from casewright.cli.customer_sheet import contact_lines, kind_of, sheet
from casewright.cli.exporting import EXPORT, exported, pages, wanted
from casewright.cli.grammar import Given, Option, Verb
from casewright.cli.output import table
from casewright.cli.reading import Reader
from casewright.cli.session import Session
from casewright.cli.typed import parsed
from casewright.errors import UsageRefused, message
from casewright.model import Customer
from casewright.queries import (
    LARGEST_PAGE,
    PAGE,
    ExportCustomers,
    FindCustomers,
    GetCustomerView,
    ListContacts,
    ListCustomers,
)
from casewright.texts import text


def show(session: Session, given: Given) -> Answer:
    """Answer with the customer view."""
    query = GetCustomerView(actor=session.actor, customer=given.needed("customer"))
    view: CustomerView = session.desk.ask(query)
    return Answer(document=view_document(view, session.texts), lines=sheet(session, view))


def find(session: Session, given: Given) -> Answer:
    """Answer with whoever is meant."""
    query = FindCustomers(
        actor=session.actor,
        sought=" ".join(given.all("sought")),
        kind=given.text("by") or "",
        limit=_limit(given),
    )
    found: CustomerPage = session.desk.ask(query)
    return _page(session, found, session.texts.text("Nobody is found."))


def listing(session: Session, given: Given) -> Answer:
    """Answer with a page of customers."""
    query = ListCustomers(
        actor=session.actor,
        kind=given.text("kind"),
        client=given.text("client"),
        tier=given.text("tier"),
        brand=given.text("brand"),
        tag=given.text("tag"),
        text=given.text("text"),
        after=given.text("after"),
        limit=_limit(given),
    )
    if wanted(given):
        found_pages = pages(session, query, ExportCustomers)
        rows = (_exported(one) for page in found_pages for one in page.customers)
        return exported(session, given, _EXPORTED, rows)
    found: CustomerPage = session.desk.ask(query)
    return _page(session, found, session.texts.text("No customer fits."))


def contacts(session: Session, given: Given) -> Answer:
    """Answer with a page of the contacts with a customer."""
    after = given.text("after")
    number = message("the number of a contact")
    query = ListContacts(
        actor=session.actor,
        customer=given.needed("customer"),
        after=None if after is None else parsed(after, int, number),
        limit=_limit(given),
    )
    found: ContactPage = session.desk.ask(query)
    document = {
        "contacts": [contact_document(one) for one in found.contacts],
        "after": found.after,
    }
    lines = list(contact_lines(Reader(session), session.texts, found.contacts))
    empty = [session.texts.text("There is no contact yet.")]
    return Answer(document=document, lines=lines or empty, notes=_more(session, found.after))


def _page(session: Session, found: CustomerPage, empty: str) -> Answer:
    document = {
        "customers": [customer_document(one) for one in found.customers],
        "after": found.after,
    }
    titles = [session.texts.text(one) for one in _COLUMNS]
    rows = [_row(session, one) for one in found.customers]
    return Answer(
        document=document,
        lines=table(titles, rows) if rows else [empty],
        notes=_more(session, found.after),
    )


def _row(session: Session, one: Customer) -> Sequence[object]:
    side = "" if one.kind == "end" else kind_of(session.texts, one.kind)
    return (one.id, one.name, side, one.tier, one.brand, one.language, one.phone, one.email)


def _exported(one: Customer) -> Sequence[object]:
    return (
        one.id, one.name, one.kind, one.client, one.tier, one.brand, one.language, one.phone,
        one.email, one.tags,
    )  # fmt: skip


def _more(session: Session, after: object) -> list[str]:
    if after is None:
        return []
    return [session.texts.say("There are more: --after {key}", key=after)]


def _limit(given: Given) -> int:
    written = given.text("limit")
    limit = PAGE if written is None else parsed(written, int, message("a whole number"))
    if not 1 <= limit <= LARGEST_PAGE:
        reason = message("a page has 1 to {limit} entries", limit=LARGEST_PAGE)
        raise UsageRefused(reason=reason)
    return limit


_COLUMNS = (
    text("customer"),
    text("name"),
    text("side"),
    text("tier"),
    text("brand"),
    text("language"),
    text("phone"),
    text("email"),
)
_EXPORTED = (
    text("customer"), text("name"), text("side"), text("client organisation"), text("tier"), text("brand"),
    text("language"), text("phone"), text("email"), text("tags"),
)  # fmt: skip
_LIMIT = Option(name="--limit", value="COUNT", help=text("so many at the most (default 50)"))

SHOW = Verb(
    name="show",
    run=show,
    help=text("show a customer as one should know them when the contact begins"),
    more=text(
        "Open matters, past contacts and unresolved ones, the last survey, churn risk with its reasons, "
        "promises broken, complaints that came back; as far as you may see them."
    ),
    options=(CUSTOMER,),
)
FIND = Verb(
    name="find",
    run=find,
    help=text("find a customer by number, address, any id, or name"),
    more=text(
        "A phone number may be typed with blanks and without its country's code. A name is looked for where no id fits."
    ),
    options=(
        Option(
            name="SOUGHT",
            needed=True,
            many=True,
            help=text("a phone number, an address, an id, or a name"),
        ),
        Option(
            name="--by", value="KIND", help=text("by this kind alone, such as phone or crm")
        ),
        _LIMIT,
    ),
)
LIST = Verb(
    name="list",
    run=listing,
    help=text("list customers"),
    options=(
        Option(
            name="--kind",
            value="KIND",
            choices=("end", "client"),
            help=text("end customers or client organisations alone"),
        ),
        Option(name="--client", value="ID", help=text("of this client organisation")),
        Option(name="--tier", value="TIER", help=text("of this tier")),
        Option(name="--brand", value="BRAND", help=text("of this brand")),
        Option(name="--tag", value="TAG", help=text("with this tag")),
        Option(name="--text", value="TEXT", help=text("with this in the name")),
        Option(name="--after", value="ID", help=text("those that follow this id")),
        _LIMIT,
        *EXPORT,
    ),
)
CONTACTS = Verb(
    name="contacts",
    run=contacts,
    help=text("list the contacts with a customer, newest first"),
    options=(
        CUSTOMER,
        Option(name="--after", value="NUMBER", help=text("those before this contact")),
        _LIMIT,
    ),
)
