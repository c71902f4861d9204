"""What the phone system is told about a caller before anybody answers: customer, VIP, brand, language, queue."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from casewright import Customer
from casewright_routing.facts import CHANNEL, facts_of
from casewright_routing.rules import Rules
from casewright_routing.waiting import Waiting, queued

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a caller chose by pressing keys; it is remembered with the number. "" is nothing chosen."""

    brand: str = ""
    language: str = ""


NOTHING_CHOSEN = Choice()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswer:
    """Who calls and whom to ask. `customer` is "" when nobody or more than one has the number, `customers` are all of them.

    `waiting` is the call as the matching sees it.
    """

    number: str
    customers: tuple[str, ...]
    customer: str
    name: str
    tier: str
    vip: bool
    brand: str
    language: str
    queue: str
    skills: tuple[tuple[str, int], ...]
    waiting: Waiting


def answer_call(
    rules: Rules, number: str, customers: Iterable[Customer], chosen: Choice = NOTHING_CHOSEN
) -> CallAnswer:
    """Return what to tell about a call from `number`, which is that of `customers`.

    What was chosen goes before what is known. Where several share the number, only what is the same of all
    of them counts, but one VIP among them makes the call a VIP's.
    """
    found = sorted(customers, key=lambda one: one.id)
    caller = _joint(rules, found)
    caller = replace(
        caller,
        brand=chosen.brand or caller.brand,
        language=chosen.language or caller.language,
    )
    waiting = queued(rules, facts_of(None, caller, channel=CHANNEL), key=number, since=_NEVER)
    queue = rules.queues.get(waiting.queue)
    return CallAnswer(
        number=number,
        customers=tuple(one.id for one in found),
        customer=caller.id,
        name=caller.name,
        tier=caller.tier,
        vip=waiting.vip,
        brand=caller.brand,
        language=caller.language,
        queue=waiting.queue,
        skills=_skills({} if queue is None else dict(queue.skills), waiting.asked),
        waiting=waiting,
    )


def remembered(before: Choice, chosen: Choice) -> Choice:
    """Return what to remember with the number after a call: what was chosen now, else what was chosen before."""
    return Choice(
        brand=chosen.brand or before.brand, language=chosen.language or before.language
    )


def _joint(rules: Rules, customers: list[Customer]) -> Customer:
    """Return one customer with what all have in common."""
    if len(customers) == 1:
        return customers[0]
    tiers = {one.tier for one in customers}
    vips = sorted(tiers & rules.vip_tiers)
    return Customer(
        id="",
        tier=vips[0] if vips else _shared(tiers),
        brand=_shared({one.brand for one in customers}),
        language=_shared({one.language for one in customers}),
    )


def _shared(values: set[str]) -> str:
    return next(iter(values)) if len(values) == 1 else ""


def _skills(
    levels: dict[str, int], asked: tuple[tuple[str, int], ...]
) -> tuple[tuple[str, int], ...]:
    for skill, level in asked:
        levels[skill] = max(level, levels.get(skill, 0))
    return tuple(sorted(levels.items()))
