"""Who a notice is for: an address that the channel understands, a language, a name, or why there is none."""

from collections.abc import Callable, Iterable, Mapping

from casewright.addresses import chat_fault, email_fault, phone_fault
from casewright.errors import Message, message
from casewright.forms.spec import Field, Form
from casewright.model import Customer, Person, Ticket
from casewright.settings.channels import ChannelKind
from casewright.swift_dataclass import dataclass

CUSTOMER = "customer"
"""What `to` says for whoever the ticket is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody who can be written to. `name` tells recipients apart; `called` is what a text calls them."""

    name: str
    address: str
    language: str
    called: str


def of_person(
    person: Person | None, name: str, kind: ChannelKind, language: str
) -> Recipient | Message:
    """Return a member of staff as a recipient, or why nothing can be sent there."""
    if person is None or not person.active:
        return message("{person} is not on the staff any more", person=name)
    spoken = person.language or language
    known = {"sms": person.phone, "email": person.email, "chat": person.chat}
    address = _address(known, kind, otherwise=name)
    if isinstance(address, Message):
        return address
    called = person.zh if spoken == "zh" else person.en
    return Recipient(name=name, address=address, language=spoken, called=called or name)


def of_customer(
    customer: Customer | None,
    ticket: Ticket,
    forms: Iterable[Form],
    kind: ChannelKind,
    language: str,
) -> Recipient | Message:
    """Return whom a ticket is for as a recipient: the customer's own address goes before that in its form."""
    written = _written(ticket, forms)
    own = {} if customer is None else {"sms": customer.phone, "email": customer.email}
    known = {name: own.get(name) or written.get(name, "") for name in ("sms", "email")}
    name = f"{CUSTOMER}:{ticket.customer or ticket.key}"
    address = _address(known, kind, otherwise=name)
    if isinstance(address, Message):
        return address
    spoken = customer.language if customer is not None else ""
    called = customer.name if customer is not None else ""
    return Recipient(
        name=name,
        address=address,
        language="zh" if (spoken or language).lower().startswith("zh") else "en",
        called=called,
    )


def _address(known: Mapping[str, str], kind: ChannelKind, *, otherwise: str) -> str | Message:
    """Return the address for a kind of channel; a chat that has one room for all needs none of a person's own."""
    address = known.get(kind, "")
    if not address:
        return otherwise if kind == "chat" else _MISSING[kind]
    return _FAULTS[kind](address) or address


def _written(ticket: Ticket, forms: Iterable[Form]) -> dict[str, str]:
    """Return the phone number and the e-mail address that stand in the ticket's fields."""
    found: dict[str, str] = {}
    for form in forms:
        for name, field in form.fields.items():
            kind, value = _kind_of(field), ticket.fields.get(name)
            if kind and isinstance(value, str) and value:
                found.setdefault(kind, value.strip())
    return found


def _kind_of(field: Field) -> str:
    if field.widget == "phone":
        return "sms"
    return "email" if field.format == "email" else ""


_FAULTS: Mapping[ChannelKind, Callable[[str], Message | None]] = {
    "sms": phone_fault,
    "email": email_fault,
    "chat": chat_fault,
}
_MISSING: Mapping[ChannelKind, Message] = {
    "sms": message("no phone number is known"),
    "email": message("no email address is known"),
}
