"""What is known of a customer when churn risk is worked out, by the names that rules may use."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from casewright.swift_dataclass import dataclass

HOLDER = "customer"
"""What a rule writes before the name of a fact: `customer.open_matters`."""

WINDOW_DAYS = 90
"""How far back the facts that end in `_90_days` look, and highest_round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts of one customer. What nobody knows is None, and no comparison with it holds."""

    kind: str
    tier: str
    brand: str
    language: str
    tags: tuple[str, ...]
    open_matters: int
    complaints_90_days: int
    highest_round: int
    promises_broken_90_days: int
    unresolved_contacts: int
    contacts_30_days: int
    days_since_contact: int | None
    last_survey: int | None

    def values(self) -> Mapping[str, Any]:
        """Return the facts by name, as a condition reads them."""
        return {name: getattr(self, name) for name in KINDS}


_KIND_OF = {str: "text", int: "integer", int | None: "integer", tuple[str, ...]: "texts"}
KINDS: Mapping[str, str] = {one.name: _KIND_OF[one.type] for one in fields(Facts)}  # type: ignore[index]
"""By fact: its kind, in the words of forms."""
