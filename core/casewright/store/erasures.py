"""The record of erasures: what was erased, when, by whom and why; never what it was."""

from datetime import datetime
from typing import Any

from casewright.answers import Erasure
from casewright.clock import from_microseconds, to_microseconds
from casewright.queries import LARGEST_PAGE
from casewright.store.database import Database


def add(
    database: Database,
    *,
    at: datetime,
    actor: str,
    customer: str = "",
    ticket: str = "",
    reason: str,
) -> int:
    """Note an erasure; return its number."""
    number = database.execute(
        "INSERT INTO erasure (at, actor, customer, ticket, reason) VALUES (?, ?, ?, ?, ?)",
        (to_microseconds(at), actor, customer, ticket, reason),
    ).lastrowid
    assert number is not None
    return number


def newest(database: Database, limit: int) -> tuple[Erasure, ...]:
    """Return the erasures, newest first."""
    rows = database.execute(
        f"{_ALL} ORDER BY number DESC LIMIT ?", (max(1, min(limit, LARGEST_PAGE)),)
    )
    return tuple(map(_erasure, rows))


def of_customers(database: Database) -> tuple[Erasure, ...]:
    """Return the erasures of customers, oldest first."""
    rows = database.execute(f"{_ALL} WHERE customer <> '' ORDER BY number")
    return tuple(map(_erasure, rows))


def has(database: Database, *, customer: str, at: datetime) -> bool:
    """Return whether the erasure of a customer at that moment has been done here."""
    row = database.execute(
        "SELECT 1 FROM erasure WHERE customer = ? AND at = ? LIMIT 1",
        (customer, to_microseconds(at)),
    ).fetchone()
    return row is not None


_ALL = "SELECT number, at, actor, customer, ticket, reason FROM erasure"


def _erasure(row: tuple[Any, ...]) -> Erasure:
    number, at, actor, customer, ticket, reason = row
    return Erasure(
        number=number,
        at=from_microseconds(at),
        actor=actor,
        customer=customer,
        ticket=ticket,
        reason=reason,
    )
