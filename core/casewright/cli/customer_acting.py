"""`casewright customer add`, `merge`, `contact` and `resolve`."""

from collections.abc import Iterator
from datetime import timedelta

from casewright.cli.answer import Answer
from casewright.cli.grammar import AGAIN, Given, Option, Verb
from casewright.cli.session import Session
from casewright.cli.typed import moment, parsed
from casewright.commands import (
    LogContact,
    MergeCustomers,
    ResolveContact,
    SaveCustomer,
    new_id,
)
from casewright.errors import DurationRefused, UsageRefused, message
from casewright.model import Identity, Receipt
from casewright.texts import text

CUSTOMER = Option(name="CUSTOMER", needed=True, help=text("the customer's id"))


def add(session: Session, given: Given) -> Answer:
    """Add a customer, or change one; what is not given stays as it is."""
    command = SaveCustomer(
        actor=session.actor,
        command_id=given.text("id") or new_id(),
        id=given.needed("customer"),
        name=given.text("name"),
        kind=given.text("kind"),
        client=given.text("client"),
        tier=given.text("tier"),
        brand=given.text("brand"),
        language=given.text("language"),
        phone=given.text("phone"),
        email=given.text("email"),
        tags=tuple(filter(None, given.all("tag"))) if given.all("tag") else None,
        known_by=tuple(_identities(given, "known_by")),
        no_longer_by=tuple(_identities(given, "no_longer_by")),
    )
    receipt: Receipt = session.desk.execute(command)
    # What an older version wrote has not said which.
    done = (receipt.answer or {}).get("done", "changed")
    said = session.texts.say(_DONE[done], id=command.id)
    return Answer(document={"customer": {"id": command.id, "done": done}}, lines=[said])


_DONE = {
    "added": text("Customer {id} is added."),
    "changed": text("Customer {id} is changed."),
    "unchanged": text("Customer {id} is as it was: nothing is changed."),
}


def merge(session: Session, given: Given) -> Answer:
    """Say that one customer is another one."""
    command = MergeCustomers(
        actor=session.actor,
        command_id=given.text("id") or new_id(),
        customer=given.needed("customer"),
        into=given.needed("into"),
        reason=given.needed("reason"),
    )
    session.desk.execute(command)
    said = session.texts.say(
        "{id} is {into} from now on.", id=command.customer, into=command.into
    )
    document = {"customer": {"id": command.customer, "merged_into": command.into}}
    return Answer(document=document, lines=[said])


def contact(session: Session, given: Given) -> Answer:
    """Note a contact with a customer and answer with its number."""
    command = LogContact(
        actor=session.actor,
        command_id=given.text("id") or new_id(),
        customer=given.needed("customer"),
        channel=given.text("channel") or "call",
        direction=given.text("direction") or "in",
        agent=given.text("agent"),
        started_at=moment(session, given, "at"),
        duration=_duration(given.text("duration")),
        summary=given.text("summary") or "",
        tickets=given.all("ticket"),
        resolved=given.text("resolved") or "unknown",
    )
    receipt: Receipt = session.desk.execute(command)
    number = int((receipt.answer or {})["contact"])
    said = session.texts.say("Contact {number} is noted.", number=number)
    return Answer(document={"contact": {"number": number}}, lines=[said])


def resolve(session: Session, given: Given) -> Answer:
    """Note that a contact is resolved after all."""
    number = parsed(given.needed("number"), int, message("the number of a contact"))
    command = ResolveContact(
        actor=session.actor, command_id=given.text("id") or new_id(), contact=number
    )
    session.desk.execute(command)
    said = session.texts.say("Contact {number} is resolved.", number=number)
    return Answer(document={"contact": {"number": number}}, lines=[said])


def _identities(given: Given, key: str) -> Iterator[Identity]:
    for written in given.all(key):
        kind, equals, value = written.partition("=")
        if not equals or not kind.strip() or not value.strip():
            template = "'{written}' is not KIND=VALUE, such as crm=4711 or phone=+8613800000000"
            raise UsageRefused(reason=message(template, written=written))
        yield Identity(kind=kind.strip(), value=value.strip())


def _duration(written: str | None) -> timedelta | None:
    if written is None:
        return None
    from casewright.durations import parse

    try:
        return parse(written).wall
    except DurationRefused as error:
        template = "'{written}' is not a duration: {reason}"
        reason = message(template, written=error.text, reason=error.reason)
        raise UsageRefused(reason=reason) from None


ADD = Verb(
    name="add",
    run=add,
    help=text("add a customer, or change one"),
    more=text("What is not given stays as it is."),
    options=(
        Option(name="CUSTOMER", needed=True, help=text("the id that other systems share")),
        Option(name="--name", value="NAME", help=text("what the customer is called")),
        Option(
            name="--kind",
            value="KIND",
            choices=("end", "client"),
            help=text("end (an end customer, the default) or client (a client organisation)"),
        ),
        Option(
            name="--client",
            value="ID",
            help=text("the client organisation that the end customer belongs to"),
        ),
        Option(name="--tier", value="TIER", help=text("such as vip")),
        Option(name="--brand", value="BRAND", help=text("the brand that the customer chose")),
        Option(name="--language", value="TAG", help=text("such as zh or en")),
        Option(
            name="--phone",
            value="NUMBER",
            help=text("the mobile number for SMS, as people type it"),
        ),
        Option(name="--email", value="ADDRESS", help=text("the email address")),
        Option(
            name="--tag",
            value="TAG",
            many=True,
            help=text("a tag; repeat it for several; they replace those there were"),
        ),
        Option(
            name="--known-by",
            value="KIND=VALUE",
            many=True,
            help=text("a further phone, email or id of another system, such as crm=4711"),
        ),
        Option(
            name="--no-longer-by",
            value="KIND=VALUE",
            many=True,
            help=text("take such a one away"),
        ),
        AGAIN,
    ),
)
MERGE = Verb(
    name="merge",
    run=merge,
    help=text("say that one customer is another one"),
    more=text(
        "What the first was known by, its tags and contacts are found under the second from then on; "
        "tickets go on naming the id they were opened with. It cannot be undone."
    ),
    options=(
        CUSTOMER,
        Option(name="INTO", needed=True, help=text("the customer that it really is")),
        Option(name="--reason", value="TEXT", needed=True, help=text("why")),
        AGAIN,
    ),
)
CONTACT = Verb(
    name="contact",
    run=contact,
    help=text("note a contact with a customer"),
    options=(
        CUSTOMER,
        Option(
            name="--channel",
            value="CHANNEL",
            help=text("call (the default), sms, email, chat ..."),
        ),
        Option(
            name="--direction",
            value="WAY",
            choices=("in", "out"),
            help=text("in (the customer came, the default) or out"),
        ),
        Option(name="--summary", value="TEXT", help=text("what it was about")),
        Option(
            name="--resolved",
            value="HOW",
            choices=("yes", "no", "unknown"),
            help=text("whether the customer got what they came for: yes, no or unknown"),
        ),
        Option(
            name="--ticket",
            value="TICKET",
            many=True,
            help=text("a ticket that it was about; repeat it for several"),
        ),
        Option(name="--agent", value="USER", help=text("who spoke (default: whoever acts)")),
        Option(
            name="--at",
            value="TIME",
            help=text("when it began (default: just now), such as 2026-02-13T09:30"),
        ),
        Option(
            name="--duration", value="LENGTH", help=text("how long it took, such as 4 minutes")
        ),
        AGAIN,
    ),
)
RESOLVE = Verb(
    name="resolve",
    run=resolve,
    help=text("note that a contact left unresolved is resolved after all"),
    options=(Option(name="NUMBER", needed=True, help=text("the contact's number")), AGAIN),
)
