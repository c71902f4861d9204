"""`casewright customer`: the customers."""

from casewright.cli.answer import Answer
from casewright.cli.grammar import AGAIN, Given, Noun, Option, Verb
from casewright.cli.output import table
from casewright.cli.session import Session
from casewright.commands import SaveCustomer, new_id
from casewright.model import Customer
from casewright.queries import ListCustomers
from casewright.texts import text


def add(session: Session, given: Given) -> Answer:
    """Add a customer, or change one; what is not given stays as it is."""
    name = given.needed("customer")
    customers: tuple[Customer, ...] = session.desk.ask(ListCustomers(actor=session.actor))
    new = Customer(id=name, name="", tier="", language="")
    before = next((one for one in customers if one.id == name), new)
    command = SaveCustomer(
        actor=session.actor,
        command_id=given.text("id") or new_id(),
        id=name,
        name=_kept(given, "name", before.name),
        tier=_kept(given, "tier", before.tier),
        language=_kept(given, "language", before.language),
    )
    session.desk.execute(command)
    said = session.texts.say("Customer {id} is kept.", id=command.id)
    return Answer(document={"customer": {"id": command.id}}, lines=[said])


def list_customers(session: Session, given: Given) -> Answer:
    """Answer with the customers."""
    texts = session.texts
    found: tuple[Customer, ...] = session.desk.ask(ListCustomers(actor=session.actor))
    documents = [
        {"id": one.id, "name": one.name, "tier": one.tier, "language": one.language}
        for one in found
    ]
    titles = [
        texts.text(one)
        for one in (text("customer"), text("name"), text("tier"), text("language"))
    ]
    rows = [(one.id, one.name, one.tier, one.language) for one in found]
    empty = [texts.text("There are no customers yet.")]
    return Answer(
        document={"customers": documents}, lines=table(titles, rows) if rows else empty
    )


def _kept(given: Given, key: str, before: str) -> str:
    written = given.text(key)
    return before if written is None else written


NOUNS = (
    Noun(
        name="customer",
        help=text("the customers"),
        verbs=(
            Verb(
                name="add",
                run=add,
                help=text("add a customer, or change one"),
                more=text("What is not given stays as it is."),
                options=(
                    Option(
                        name="CUSTOMER",
                        needed=True,
                        help=text("the id that other systems share"),
                    ),
                    Option(
                        name="--name", value="NAME", help=text("what the customer is called")
                    ),
                    Option(name="--tier", value="TIER", help=text("such as vip")),
                    Option(name="--language", value="TAG", help=text("such as zh or en")),
                    AGAIN,
                ),
            ),
            Verb(name="list", run=list_customers, help=text("list the customers")),
        ),
    ),
)
