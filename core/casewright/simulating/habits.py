"""How customers and staff behave: every rate and every length of time that the simulation draws from.

The shape of the calls is measured (`profile.py`). These are plausible for a centre of a telecoms provider and chosen, not
measured: change one, and what it changes shows.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from types import MappingProxyType

from casewright.swift_dataclass import dataclass


def _shares(**shares: float) -> Mapping[str, float]:
    return MappingProxyType(shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What is likely, and how long things take; shares are of 1, lengths are means."""

    calls_an_agent: float = 30.0
    """Calls on an average working day for each agent of a large roster, of whom five in seven are there."""
    alone: float = 3.0
    """A small roster answers fewer for each: so many agents answer half as many, since fewer can stand in for each other."""
    kinds: Mapping[str, float] = field(
        default_factory=lambda: _shares(inquiry=0.76, service_request=0.21, complaint=0.03)
    )
    patience: timedelta = timedelta(minutes=4)
    """How long a caller waits before hanging up."""
    talk: timedelta = timedelta(minutes=5)
    customers_a_call: float = 0.45
    """How many customers there are for each call of the whole time; who calls how often follows the law of Zipf."""
    vip: float = 0.06

    inquiries: Mapping[str, float] = field(
        default_factory=lambda: _shares(
            answer=0.79, ask_expert=0.08, dispatch=0.03, to_service=0.03, to_complaint=0.01,
            to_suggestion=0.02, invalid=0.04,
        )
    )  # fmt: skip
    answered_solved: float = 0.93
    reply_solved: float = 0.85
    responds: float = 0.5

    documents_missing: float = 0.1
    documents_supplied: float = 0.8
    not_possible: float = 0.02
    service_declined: float = 0.02
    service_solved: float = 0.93

    complaint_declined: float = 0.03
    complaint_returned: float = 0.04
    first_contact_reached: float = 0.8
    against_a_person: float = 0.03
    from_a_regulator: float = 0.03
    injury_or_media: float = 0.01
    needs_no_order: float = 0.15
    assisted: float = 0.2
    asks_customer: float = 0.12
    customer_supplies: float = 0.75
    concludes_too_early: float = 0.03
    without_money: float = 0.45
    amount: float = 260.0
    remedy_denied: float = 0.06
    remedy_rejected: float = 0.14
    unreachable: float = 0.03
    complaint_solved: float = 0.91
    comes_back: float = 0.07
    comes_back_after: timedelta = timedelta(days=6)

    order_returned: float = 0.03
    return_granted: float = 0.7
    order_reported: float = 0.1
    order_suspended: float = 0.03
    suspension_granted: float = 0.85
    order_extended: float = 0.05
    extension_granted: float = 0.8
    order_reworked: float = 0.06
    order_forgotten: float = 0.03
    """Orders that lie for days before anybody works on them."""

    chases: float = 0.02
    """The chance that a customer chases an open matter on a day when nothing is late; it grows with the lateness."""
    chases_a_late_day: float = 0.12
    most_chases: float = 0.6
    asks: float = 0.03
    withdraws: float = 0.004

    sick: float = 0.012
    """The chance on a working day that somebody falls ill, and for how long."""
    sick_for: timedelta = timedelta(days=2)
    supervised_at_once: int = 2


HABITS = Habits()
