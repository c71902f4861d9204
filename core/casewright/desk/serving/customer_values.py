"""What may be said of a customer: each value by itself, and what a customer has to do with others."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol

from casewright.addresses import email_fault, phones_meant, typed_phone_fault
from casewright.errors import Message, message
from casewright.language_tags import language_fault
from casewright.masking import is_masked
from casewright.model import CLIENT, END_CUSTOMER, SHARED_IDENTITIES, Customer, Identity
from casewright.patterns import pattern

LONGEST_NAME = 200
LONGEST_WORD = 64
LONGEST_VALUE = 128
MOST_TAGS = 30
MOST_IDENTITIES = 50
GIVEN = ("name", "kind", "client", "tier", "brand", "language", "phone", "email", "tags")
"""What a command says of a customer, beside what the customer is known by."""
IDENTITY = "identities."
"""What stands before the kind of an identity where values are named."""

_KIND = pattern(r"[a-z][a-z0-9_]{0,31}")


class Known(Protocol):
    """The customers there are, as a check needs them."""

    def current(self, identity: str) -> Customer | None:
        """Return the customer that an id stands for now, or None."""
        ...

    def holders(self, identity: Identity) -> Collection[str]:
        """Return the ids of those who are known by an identity."""
        ...

    def end_customers(self, client: str) -> int:
        """Return how many end customers belong to a client organisation."""
        ...


def changed(
    before: Customer,
    given: Mapping[str, Any],
    known_by: Iterable[Identity] = (),
    no_longer_by: Collection[Identity] = (),
) -> Customer:
    """Return the customer with what was given; its own phone and email are no further identities."""
    after = replace(before, **given)
    own = {Identity(kind="phone", value=after.phone), Identity(kind="email", value=after.email)}
    identities = united(before.identities, known_by)
    kept = tuple(one for one in identities if one not in own and one not in no_longer_by)
    return replace(after, identities=kept, tags=tuple(dict.fromkeys(after.tags)))


def united(first: Iterable[Any], second: Iterable[Any]) -> tuple[Any, ...]:
    """Return both after each other, each value once."""
    return tuple(dict.fromkeys((*first, *second)))


def value_fault(given: Mapping[str, Any], known_by: Iterable[Identity]) -> Message | None:
    """Return what is wrong with values by themselves, or None; empty ones are taken."""
    return next((fault for _, fault in value_faults(given, known_by)), None)


def value_faults(
    given: Mapping[str, Any], known_by: Iterable[Identity]
) -> Iterator[tuple[str, Message]]:
    """Yield what is wrong with values by themselves, each with the name of its value; of an identity that is its kind."""
    named = tuple(known_by)
    if len(named) > MOST_IDENTITIES:
        template = "at most {limit} identities are given at once"
        yield "", message(template, limit=MOST_IDENTITIES)
    for name, value in given.items():
        if value and (fault := mask_fault(value) or _FAULTS[name](value)):
            yield name, fault
    for one in named:
        if fault := mask_fault(one.value) or identity_fault(one):
            yield f"{IDENTITY}{one.kind}", fault


def mask_fault(value: Any) -> Message | None:
    """Return what is wrong with a value that was copied from where it is masked, or None."""
    if not is_masked(value):
        return None
    return message(
        "'{value}' is masked; leave it out, or write it in full", value=str(value)[:80]
    )


def where(identity: Identity, customer: Customer) -> str:
    """Return the name of the value that says an identity: the customer's own phone or email, or its kind."""
    own = identity.kind in ("phone", "email")
    if own and identity.value == getattr(customer, identity.kind):
        return identity.kind
    return f"{IDENTITY}{identity.kind}"


def whole_number(written: str, country_code: str) -> str:
    """Return a phone number in full, or as written when it is none."""
    meant = phones_meant(written, country_code) if written else ()
    return meant[0] if meant else written


def with_whole_numbers(
    identities: Iterable[Identity], country_code: str
) -> tuple[Identity, ...]:
    """Return the identities with their phone numbers in full, as far as they are numbers."""
    return tuple(
        replace(one, value=whole_number(one.value, country_code))
        if one.kind == "phone"
        else one
        for one in identities
    )


def identity_fault(identity: Identity) -> Message | None:
    """Return what keeps an identity from being one, or None."""
    if identity.kind in ("phone", "email"):
        return _FAULTS[identity.kind](identity.value)
    if not _KIND.fullmatch(identity.kind):
        return message(
            "'{kind}' is no kind of identity: phone, email, or a word of small letters such as crm",
            kind=identity.kind[:LONGEST_WORD],
        )
    if not _plain(identity.value, LONGEST_VALUE):
        return message(
            "an id of {kind} has 1 to {limit} printable characters and no blank at its ends",
            kind=identity.kind,
            limit=LONGEST_VALUE,
        )
    return None


def relation_fault(after: Customer, known: Known) -> Message | None:
    """Return what stands against a customer among the others, or None."""
    return next((fault for _, fault in relation_faults(after, known)), None)


def relation_faults(after: Customer, known: Known) -> Iterator[tuple[str, Message]]:
    """Yield what stands against a customer among the others, each with the name of its value."""
    if fault := _client_fault(after, known):
        yield "client", fault
    yield from _identities_held(after, known)


def _client_fault(after: Customer, known: Known) -> Message | None:
    if after.kind == END_CUSTOMER and not after.client:
        return None
    if after.kind == CLIENT and after.client:
        return message("only an end customer belongs to a client organisation")
    if after.kind == CLIENT:
        return None
    client = known.current(after.client)
    if client is None or client.id == after.id:
        return message("there is no client organisation '{id}'", id=after.client)
    if client.kind != CLIENT:
        template = (
            "{id} is an end customer, no client organisation: give it 'kind: client' first"
        )
        return message(template, id=client.id)
    return None


def side_fault(before: Customer, after: Customer, known: Known) -> Message | None:
    """Return why a client organisation cannot become an end customer, or None."""
    if before.kind == CLIENT != after.kind and known.end_customers(before.id):
        return message("end customers belong to {id}: it stays a client", id=before.id)
    return None


def _identities_held(after: Customer, known: Known) -> Iterator[tuple[str, Message]]:
    """Several may share a phone or an address; every other id is one customer's."""
    for one in after.identities:
        if one.kind in SHARED_IDENTITIES:
            continue
        for holder in known.holders(one):
            if holder != after.id:
                fault = message(
                    "{kind} {value} is {id}'s already; correct it, or merge the two",
                    kind=one.kind,
                    value=one.value,
                    id=holder,
                )
                yield where(one, after), fault


def _plain(text: str, limit: int) -> bool:
    return (
        bool(text.strip())
        and text == text.strip()
        and len(text) <= limit
        and text.isprintable()
    )


def _name_fault(name: str) -> Message | None:
    if _plain(name, LONGEST_NAME):
        return None
    template = (
        "a customer's name has 1 to {limit} printable characters and no blank at its ends"
    )
    return message(template, limit=LONGEST_NAME)


def _word_fault(word: str) -> Message | None:
    if _plain(word, LONGEST_WORD):
        return None
    return message(
        "a tier, a brand or a tag has 1 to {limit} printable characters and no blank at its ends",
        limit=LONGEST_WORD,
    )


def _kind_fault(kind: str) -> Message | None:
    if kind in (END_CUSTOMER, CLIENT):
        return None
    return message("'{kind}' is no kind of customer: end or client", kind=kind[:LONGEST_WORD])


def _tags_fault(tags: tuple[str, ...]) -> Message | None:
    if len(tags) > MOST_TAGS:
        return message("a customer has at most {limit} tags", limit=MOST_TAGS)
    return next(filter(None, map(_word_fault, tags)), None)


_FAULTS: Mapping[str, Callable[[Any], Message | None]] = {
    "name": _name_fault,
    "kind": _kind_fault,
    "client": _word_fault,
    "tier": _word_fault,
    "brand": _word_fault,
    "language": language_fault,
    "phone": typed_phone_fault,
    "email": email_fault,
    "tags": _tags_fault,
}
