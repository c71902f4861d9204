"""A ticket that waits for somebody: which queue it is in, what it asks for, and where it stands in the order of service."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from casewright import Customer, Ticket
from casewright_routing.facts import Facts, facts_of, fits
from casewright_routing.rules import UNROUTED, VIP, Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A ticket without a handler. `rank` is its class in the order of service, 0 first.

    `asked` are skills that its facts ask for beside its queue's. `overtaken` counts how often it, first of its
    class, saw somebody who could have taken it given a later ticket of a higher class. Neither `earlier_handlers`
    of its lineage nor whoever is `excluded` may get it; `previous` handled the customer before, "" is nobody.
    """

    key: str
    queue: str
    rank: int
    since: datetime
    vip: bool = False
    asked: tuple[tuple[str, int], ...] = ()
    overtaken: int = 0
    previous: str = ""
    earlier_handlers: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()


def waiting_of(
    rules: Rules,
    ticket: Ticket,
    customer: Customer | None,
    *,
    since: datetime,
    overtaken: int = 0,
    previous: str = "",
    excluded: Iterable[str] = (),
) -> Waiting:
    """Return how the ticket waits by these rules, in the queue since `since`."""
    found = queued(rules, facts_of(ticket, customer), key=ticket.key, since=since)
    queue = rules.queues.get(found.queue)
    avoids = queue is not None and queue.avoids_earlier_handlers
    return replace(
        found,
        overtaken=overtaken,
        previous=previous,
        earlier_handlers=frozenset(ticket.lineage_handlers) if avoids else frozenset(),
        excluded=frozenset(excluded),
    )


def queued(rules: Rules, facts: Facts, *, key: str, since: datetime) -> Waiting:
    """Return how something with these facts waits: the first queue that accepts it, its class, the skills it asks for."""
    queue, vip = queue_for(rules, facts), is_vip(rules, facts)
    return Waiting(
        key=key,
        queue=queue,
        rank=rank_of(rules, facts, queue=queue, vip=vip),
        since=since,
        vip=vip,
        asked=asked_by(rules, facts),
    )


def queue_for(rules: Rules, facts: Facts) -> str:
    """Return the name of the first queue that accepts the facts, or `unrouted`."""
    for name, queue in rules.queues.items():
        if any(fits(when, facts) for when in queue.accepts):
            return name
    return UNROUTED


def left_alone(rules: Rules, facts: Facts) -> bool:
    """Return whether something with these facts is none of routing's business."""
    return any(fits(when, facts) for when in rules.leaves_alone)


def is_vip(rules: Rules, facts: Facts) -> bool:
    """Return whether the customer is of a tier that counts as VIP."""
    return fits((("customer.tier", tuple(rules.vip_tiers)),), facts)


def rank_of(rules: Rules, facts: Facts, *, queue: str, vip: bool) -> int:
    """Return the place of the first word of `order` that is true of the ticket, past the last for none."""
    words = {str(facts.get("priority", "")), queue} | ({VIP} if vip else set())
    found = (rank for rank, word in enumerate(rules.order) if word in words)
    return next(found, len(rules.order))


def asked_by(rules: Rules, facts: Facts) -> tuple[tuple[str, int], ...]:
    """Return the skills that the facts ask for, each at the highest level asked."""
    levels: dict[str, int] = {}
    for ask in rules.asks:
        if fits(ask.when, facts):
            for skill, level in ask.skills.items():
                levels[skill] = max(level, levels.get(skill, 0))
    return tuple(sorted(levels.items()))
