"""What the rules may ask about a ticket, and whether a rule fits."""

from collections.abc import Mapping

from casewright import Customer, Ticket
from casewright_routing.rules import When

Facts = Mapping[str, object]

OF_TICKET = ("workflow", "state", "channel", "priority")
OF_CUSTOMER = ("tier", "brand", "language", "kind", "client", "tags")
NAMES = (*OF_TICKET, *(f"customer.{name}" for name in OF_CUSTOMER))
"""The facts of every ticket; beside them `fields.NAME` is a field of its form."""
FIELD = "fields."
CHANNEL = "phone"
"""What the fact `channel` is of a call, so that queues can say which calls they take."""
_LANGUAGE = "customer.language"


def facts_of(
    ticket: Ticket | None = None, customer: Customer | None = None, **more: object
) -> Facts:
    """Return what is known about a ticket; `more` overrides, as the channel of a call does."""
    facts: dict[str, object] = {}
    if ticket is not None:
        facts |= {name: getattr(ticket, name) for name in OF_TICKET}
        facts |= {f"{FIELD}{name}": value for name, value in ticket.fields.items()}
    if customer is not None:
        facts |= {f"customer.{name}": getattr(customer, name) for name in OF_CUSTOMER}
    return facts | more


def fits(when: When, facts: Facts) -> bool:
    """Return whether every fact that is asked for has one of its values."""
    return all(_has(name, facts.get(name), wanted) for name, wanted in when)


def _has(name: str, value: object, wanted: tuple[object, ...]) -> bool:
    if isinstance(value, list | tuple):
        return any(_has(name, one, wanted) for one in value)
    if name == _LANGUAGE and isinstance(value, str):
        return any(_speaks(value, str(one)) for one in wanted)
    # True == 1 in Python; to who wrote the file they differ.
    return any(
        value == one and isinstance(value, bool) == isinstance(one, bool) for one in wanted
    )


def _speaks(tag: str, wanted: str) -> bool:
    """Return whether a language tag is the one wanted or a variety of it, as `en-GB` is of `en`."""
    spoken, asked = (one.casefold().replace("_", "-") for one in (tag, wanted))
    return spoken == asked or spoken.startswith(f"{asked}-")
