"""The customer view: what somebody should know of a customer when the contact begins."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from casewright import compact_json
from casewright.answers import ChurnRisk, Contact, CustomerView
from casewright.customers.facts import Facts
from casewright.customers.settings import settings_from_data
from casewright.desk.serving.customer_answers import Sight, seen
from casewright.desk.serving.customer_matters import Matters
from casewright.desk.serving.customers import known_customer
from casewright.model import Customer
from casewright.queries import GetCustomerView
from casewright.store import contacts, customers

if TYPE_CHECKING:
    from casewright.customers.churn import ChurnRules
    from casewright.desk.asking import Asking

SHOWN: Mapping[str, int] = {
    "open_matters": 10,
    "contacts": 5,
    "unresolved": 5,
    "broken": 5,
    "lineages": 5,
}
"""How many of each part are in the answer; `more` counts the others."""
MOST_UNRESOLVED = 200
"""So many unresolved contacts are counted."""
_CONTACT_DAYS = timedelta(days=30)

Part = TypeVar("Part")


def customer_view(asking: "Asking", query: GetCustomerView) -> CustomerView:
    """Return the view of a customer, by any id the customer has had; NotFound."""
    database, customer = asking.database, known_customer(asking.database, query.customer)
    sight = Sight(asking)
    settings = settings_from_data(asking.library.configuration().customers)
    matters = Matters(asking, sight, customer, settings)
    reached = seen(asking.actor)
    past, next_page = contacts.page(
        database, customer.id, reached, after=None, limit=SHOWN["contacts"]
    )
    unresolved = _seen(sight, contacts.unresolved(database, customer.id, limit=MOST_UNRESOLVED))
    parts: Mapping[str, Sequence[object]] = {
        "open_matters": matters.open,
        "unresolved": unresolved,
        "broken": matters.broken,
        "lineages": matters.lineages,
    }
    more = {name: len(found) - SHOWN[name] for name, found in parts.items()}
    if next_page is not None:
        more["contacts"] = contacts.count(database, customer.id, reached) - len(past)
    return CustomerView(
        customer=customer,
        asked=query.customer,
        client=customers.current(database, customer.client) if customer.client else None,
        end_customers=customers.end_customers(database, customer.id),
        merged=customers.merged_ids(database, customer.id),
        open_matters=_first("open_matters", matters.open),
        contacts=_seen(sight, past),
        unresolved=_first("unresolved", unresolved),
        broken=_first("broken", matters.broken),
        lineages=tuple(map(matters.lineage, _first("lineages", matters.lineages))),
        survey=matters.survey,
        churn=_churn(asking, customer, matters, len(unresolved))
        if sight.reads_tickets
        else None,
        more={name: count for name, count in more.items() if count > 0},
        looked_at=len(matters.tickets),
        older=matters.older,
    )


def _first(name: str, found: Sequence[Part]) -> tuple[Part, ...]:
    return tuple(found[: SHOWN[name]])


def _seen(sight: Sight, found: Sequence[Contact]) -> tuple[Contact, ...]:
    return tuple(filter(None, map(sight.of, found)))


def _churn(
    asking: "Asking", customer: Customer, matters: Matters, unresolved: int
) -> ChurnRisk | None:
    database, now = asking.database, asking.now
    rules = _rules(compact_json.encode(asking.library.configuration().customers))
    last = contacts.latest(database, customer.id, seen(asking.actor))
    survey = matters.survey
    facts = Facts(
        kind=customer.kind,
        tier=customer.tier,
        brand=customer.brand,
        language=customer.language,
        tags=customer.tags,
        open_matters=len(matters.open),
        complaints_90_days=len(matters.complaints),
        highest_round=matters.highest_round,
        promises_broken_90_days=matters.recently_broken,
        unresolved_contacts=unresolved,
        contacts_30_days=contacts.count(
            database, customer.id, seen(asking.actor), since=now - _CONTACT_DAYS
        ),
        days_since_contact=None if last is None else max(0, (now - last).days),
        last_survey=None if survey is None else survey.points,
    )
    return rules.risk(facts)


@lru_cache(maxsize=4)
def _rules(written: str) -> "ChurnRules":
    from casewright.customers.churn import ChurnRules

    return ChurnRules(settings_from_data(compact_json.decode(written)))
