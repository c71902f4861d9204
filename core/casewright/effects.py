"""What is promised inside a transaction and carried out after it."""

from collections.abc import Mapping
from datetime import datetime

from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """Tell somebody about a ticket: `to` is a person's name, or `customer`; `via` names a channel.

    A notice of a ladder says of which promise, run, threshold and occurrence it is: the same is
    told once. `due` is the deadline it is about, `stands_for` the absent person it was meant for,
    `template` a wording of its own.
    """

    ticket: str
    to: str
    via: str
    reason: str
    message: Mapping[str, str] | None = None
    template: str = ""
    promise: str = ""
    run: int = 0
    threshold: str = ""
    occurrence: int = 0
    due: datetime | None = None
    stands_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """Let a plugin's job run as soon as what asks for it is durable; asked for often, it still runs once."""

    job: str


Effect = Notify | Wake
"""What `after_event` may ask for."""
