"""What is promised inside a transaction and carried out after it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """Tell somebody about a ticket: `to` is a person's name, or `customer`."""

    ticket: str
    to: str
    via: str
    reason: str
    message: Mapping[str, str] | None = None


Effect = Notify
