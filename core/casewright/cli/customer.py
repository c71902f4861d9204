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
    command = SaveCustomer(
        actor=session.actor,
        command_id=given.text("id") or new_id(),
        id=given.needed("customer"),
        name=given.text("name"),
        tier=given.text("tier"),
        language=given.text("language"),
        phone=given.text("phone"),
        email=given.text("email"),
    )
    session.desk.execute(command)
    said = session.texts.say("Customer {id} is kept.", id=command.id)
    return Answer(document={"customer": {"id": command.id}}, lines=[said])


def list_customers(session: Session, given: Given) -> Answer:
    """Answer with the customers."""
    texts = session.texts
    found: tuple[Customer, ...] = session.desk.ask(ListCustomers(actor=session.actor))
    documents = [
        {
            "id": one.id,
            "name": one.name,
            "tier": one.tier,
            "language": one.language,
            "phone": one.phone,
            "email": one.email,
        }
        for one in found
    ]
    titles = [
        texts.text(one)
        for one in (
            text("customer"),
            text("name"),
            text("tier"),
            text("language"),
            text("phone"),
            text("email"),
        )
    ]
    rows = [(one.id, one.name, one.tier, one.language, one.phone, one.email) for one in found]
    empty = [texts.text("There are no customers yet.")]
    return Answer(
        document={"customers": documents}, lines=table(titles, rows) if rows else empty
    )


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
                    Option(
                        name="--phone",
                        value="NUMBER",
                        help=text("the mobile number for SMS, such as +8613800000000"),
                    ),
                    Option(name="--email", value="ADDRESS", help=text("the email address")),
                    AGAIN,
                ),
            ),
            Verb(name="list", run=list_customers, help=text("list the customers")),
        ),
    ),
)
