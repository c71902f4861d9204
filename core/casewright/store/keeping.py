"""What people keep for themselves: drafts of what they fill in, and how they want their front ends."""

from collections.abc import Iterable
from typing import NamedTuple

from casewright.store.database import Database


class Draft(NamedTuple):
    """A draft as it is stored."""

    about: str
    ticket: str
    body: str
    at: int


def save_draft(database: Database, person: str, draft: Draft) -> None:
    """Keep a draft over the one of the same name."""
    database.execute(
        "INSERT INTO draft (person, about, ticket, body, at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (person, about) DO UPDATE SET ticket = excluded.ticket, body = excluded.body, at = excluded.at",
        (person, *draft),
    )


def drafts(database: Database, person: str, since: int) -> list[Draft]:
    """Return a person's drafts that were kept since a moment, the newest first."""
    rows = database.execute(
        "SELECT about, ticket, body, at FROM draft WHERE person = ? AND at >= ? ORDER BY at DESC, about",
        (person, since),
    )
    return [Draft._make(row) for row in rows]


def discard(database: Database, person: str, about: str) -> None:
    """Keep a draft no more."""
    database.execute("DELETE FROM draft WHERE person = ? AND about = ?", (person, about))


def forget_drafts(database: Database, before: int) -> None:
    """Keep nobody's drafts of before a moment."""
    database.execute("DELETE FROM draft WHERE at < ?", (before,))


def has_drafts(database: Database, before: int) -> bool:
    """Return whether there are drafts of before a moment."""
    row = database.execute("SELECT 1 FROM draft WHERE at < ? LIMIT 1", (before,)).fetchone()
    return row is not None


def erase_drafts_of(database: Database, ticket: str) -> None:
    """Keep nobody's drafts about a ticket."""
    database.execute("DELETE FROM draft WHERE ticket = ?", (ticket,))


def erase_drafts_naming(database: Database, written: Iterable[str]) -> None:
    """Keep nobody's drafts in which one of these stands, as JSON writes it."""
    for one in written:
        database.execute(
            "DELETE FROM draft WHERE instr(body, ?) > 0 OR instr(about, ?) > 0", (one, one)
        )


def save_preference(database: Database, person: str, name: str, body: str, at: int) -> None:
    """Keep a preference over the one of the same name."""
    database.execute(
        "INSERT INTO preference (person, name, body, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (person, name) DO UPDATE SET body = excluded.body, at = excluded.at",
        (person, name, body, at),
    )


def forget_preference(database: Database, person: str, name: str) -> None:
    """Keep a preference no more."""
    database.execute("DELETE FROM preference WHERE person = ? AND name = ?", (person, name))


def preferences(database: Database, person: str) -> dict[str, str]:
    """Return a person's preferences by name, as JSON."""
    rows = database.execute(
        "SELECT name, body FROM preference WHERE person = ? ORDER BY name", (person,)
    )
    return dict(rows.fetchall())
