"""Links to status pages: sealed, about what came in, for a time; whoever has one is its customer."""

from datetime import datetime, timedelta
from typing import Any

from casewright.pages.links import Sealer
from casewright.swift_dataclass import dataclass

STATUS = "status"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a link is about: what came in under a number, or the ticket of a key as long as it is this customer's.

    Who is `unproven` was added to a matter by what they said of themselves alone, and sees nothing of it.
    """

    arrival: int = 0
    ticket: str = ""
    customer: str = ""
    unproven: bool = False

    @property
    def named(self) -> dict[str, Any]:
        """What it is about, as queries name it."""
        return {
            "arrival": self.arrival,
            "of_ticket": self.ticket,
            "customer": self.customer,
            "unproven": self.unproven,
        }


def arrival_link(
    sealer: Sealer, number: int, *, unproven: bool, now: datetime, valid: timedelta
) -> str:
    """Return the token of a link to what came in under a number, whatever it becomes."""
    about = {"a": str(number), **({"u": "yes"} if unproven else {})}
    return sealer.sealed(STATUS, about, now=now, valid=valid)


def ticket_link(
    sealer: Sealer, key: str, *, customer: str, now: datetime, valid: timedelta
) -> str:
    """Return the token of a link to a ticket, which is shown as long as it is this customer's; "" is nobody known."""
    return sealer.sealed(STATUS, {"t": key, "c": customer}, now=now, valid=valid)


def opened_link(sealer: Sealer, token: str, *, now: datetime) -> Link | None:
    """Return what a link is about, or None for one that is not ours, was altered, or is over."""
    opened = sealer.opened(STATUS, token, now=now)
    if opened is None or opened.over:
        return None
    about = opened.about
    if "t" in about:
        return Link(ticket=about["t"], customer=about["c"])
    return Link(arrival=int(about["a"]), unproven="u" in about)
