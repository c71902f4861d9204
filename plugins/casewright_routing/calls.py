"""Calls: who calls from a number and whom to ring, answered in milliseconds; and what callers chose by pressing keys."""

import re
import unicodedata
from dataclasses import replace

from casewright import (
    SYSTEM,
    CommandRefused,
    Customer,
    Erased,
    FindCustomers,
    ListTickets,
    PluginDesk,
    language_fault,
    message,
)
from casewright_routing import stored_choices
from casewright_routing.answers import CallAdvice
from casewright_routing.commands import RememberChoice
from casewright_routing.floor import agents_now
from casewright_routing.matching import match
from casewright_routing.phone import Choice, answer_call
from casewright_routing.published import must_be_published
from casewright_routing.queries import AdviseCall

MOST_CUSTOMERS = 50
"""Of a number that more customers share, so many are looked at."""
LONGEST_NUMBER = 40
_LONGEST_CHOICE = 40
_LOOKED_BACK = 5
_NUMBER = re.compile(r"\+?[\s()]*[0-9](?:[\s().-]*[0-9])+")


def advise(desk: PluginDesk, query: AdviseCall) -> CallAdvice:
    """Return who calls and whom to ring. Nobody is found under a withheld number."""
    rules = must_be_published(desk).rules
    customers = _customers(desk, query.number)
    chosen = stored_choices.of_number(desk.store, _key(_shown(query.number), customers))
    call = answer_call(rules, _shown(query.number), customers, chosen)
    previous = _previous(desk, call.customer)
    waiting = replace(call.waiting, since=desk.now, previous=previous)
    found = match(rules, (waiting,), agents_now(desk, rules), desk.now).given
    return CallAdvice(
        call=call,
        queue_title=rules.title_of(call.queue),
        agent=found[0].agent if found else "",
        step=found[0].step if found else "",
    )


def remember(desk: PluginDesk, command: RememberChoice) -> None:
    """Remember what a caller chose; a withheld number has nothing to be remembered with."""
    number = _shown(command.number)
    if not number:
        raise CommandRefused(reason=message("a choice is remembered with a number; name one"))
    if not _NUMBER.fullmatch(number):
        template = "'{number}' is no phone number such as 13800000000 or +86 138 0000 0000"
        raise CommandRefused(reason=message(template, number=number))
    brand, language = command.brand.strip(), command.language.strip()
    if not brand and not language:
        raise CommandRefused(reason=message("say what was chosen: a brand or a language"))
    if language and (fault := language_fault(language)):
        raise CommandRefused(reason=fault)
    for chosen in (brand, language):
        if len(chosen) > _LONGEST_CHOICE or not chosen.isprintable():
            template = "a choice has at most {limit} printable characters"
            raise CommandRefused(reason=message(template, limit=_LONGEST_CHOICE))
    choice = Choice(brand=brand, language=language)
    stored_choices.remember(desk.store, _key(number, _customers(desk, number)), choice)


def forget(desk: PluginDesk, erased: Erased) -> None:
    """Forget what a customer who is erased chose, under each of the customer's numbers."""
    numbers = [one.value for one in erased.known_by if one.kind == "phone"]
    stored_choices.forget(desk.store, numbers)


def _customers(desk: PluginDesk, number: str) -> tuple[Customer, ...]:
    written = _shown(number)
    if not any(one.isdigit() for one in written):
        return ()
    query = FindCustomers(actor=SYSTEM, sought=written, kind="phone", limit=MOST_CUSTOMERS)
    found: tuple[Customer, ...] = desk.ask(query).customers
    return found


def _previous(desk: PluginDesk, customer: str) -> str:
    """Return who handled the customer's newest ticket that anybody handled, or ""."""
    if not customer:
        return ""
    page = desk.ask(ListTickets(actor=SYSTEM, customer=customer, limit=_LOOKED_BACK))
    return next((one.handler for one in page.tickets if one.handler), "")


def _shown(number: str) -> str:
    plain = unicodedata.normalize("NFKC", number)
    return "".join(one for one in plain if one.isprintable()).strip()[:LONGEST_NUMBER]


def _key(number: str, customers: tuple[Customer, ...]) -> str:
    """Return under what a number is remembered, however it is typed: as a customer has it, else by its digits."""
    digits = "".join(one for one in number if one.isdigit()).lstrip("0")
    known = (one.value for customer in customers for one in customer.known_by)
    return next((one for one in known if digits and one.endswith(digits)), digits)
