"""Which rule an arrival falls under. It decides only."""

import unicodedata
from collections.abc import Collection, Iterable

from casewright.intake.arrival import Arrival
from casewright.intake.rules import Channel, Rule, When
from casewright.model import Customer


def rule_for(channel: Channel, arrival: Arrival, customer: Customer | None) -> Rule | None:
    """Return the first rule whose conditions hold, or None where none does."""
    return next((one for one in channel.rules if holds(one.when, arrival, customer)), None)


def holds(when: When, arrival: Arrival, customer: Customer | None) -> bool:
    """Return whether all conditions hold of an arrival from this customer; None is somebody unknown."""
    return (
        _among(arrival.to, when.to)
        and _among(arrival.addresses, when.sender)
        and _has(arrival.subject, when.subject_has)
        and _has(arrival.text, when.text_has)
        and _is("unknown" if customer is None else "known", when.customer)
        and _is("" if customer is None else customer.tier, when.tier)
        and _is(arrival.language or (customer.language if customer else ""), when.language)
        and all(_holds_value(arrival, name, asked) for name, asked in when.fields.items())
    )


def is_own(address: str, own: Iterable[str]) -> bool:
    """Return whether an address is one of our own, or of a domain of ours written `@example.org`."""
    return _among((address,), tuple(own)) if own else False


def plain(text: str) -> str:
    """Return a text as it is compared: compatible characters alike, in small letters, blanks single."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _among(addresses: Collection[str], asked: Collection[str]) -> bool:
    if not asked:
        return True
    known = {one.lower() for one in addresses}
    domains = {f"@{one.rpartition('@')[2]}" for one in known}
    return any(one.lower() in known | domains for one in asked)


def _has(text: str, words: Collection[str]) -> bool:
    found = plain(text)
    return not words or any(plain(one) in found for one in words)


def _is(value: str, asked: Collection[str]) -> bool:
    return not asked or value in asked


def _holds_value(arrival: Arrival, name: str, asked: Collection[object]) -> bool:
    value = arrival.fields.get(name)
    several = value if isinstance(value, list | tuple) else (value,)
    return any(one in asked for one in several)
