"""How people prove who they are, and how often somebody failed to."""

from datetime import datetime

from casewright.clock import from_microseconds, to_microseconds
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What is stored of one person: the password's verifier, the second factor's secret ("" for none), its last step used."""

    person: str
    verifier: str = ""
    factor: str = ""
    factor_step: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """How often signing in under a name has failed in a row, and when last."""

    count: int
    at: datetime


def get(database: Database, person: str) -> Credential:
    """Return what is stored of a person; an empty one where there is nothing."""
    row = database.execute(
        "SELECT verifier, factor, factor_step FROM credential WHERE person = ?", (person,)
    ).fetchone()
    if row is None:
        return Credential(person=person)
    return Credential(person=person, verifier=row[0], factor=row[1], factor_step=row[2])


def has_any_password(database: Database) -> bool:
    """Return whether anybody has a password; nobody has in a workspace that was just made or migrated."""
    row = database.execute("SELECT 1 FROM credential WHERE verifier <> '' LIMIT 1").fetchone()
    return row is not None


def set_verifier(database: Database, person: str, verifier: str, at: datetime) -> None:
    """Store a password's verifier, over the one before; "" for none."""
    database.execute(
        "INSERT INTO credential (person, verifier, factor, factor_step, changed_at)"
        " VALUES (?, ?, '', 0, ?) ON CONFLICT (person)"
        " DO UPDATE SET verifier = excluded.verifier, changed_at = excluded.changed_at",
        (person, verifier, to_microseconds(at)),
    )


def renew_verifier(database: Database, before: Credential, verifier: str) -> None:
    """Store the same password hashed with newer parameters, unless it was changed meanwhile."""
    database.execute(
        "UPDATE credential SET verifier = ? WHERE person = ? AND verifier = ?",
        (verifier, before.person, before.verifier),
    )


def set_factor(database: Database, person: str, secret: str, step: int, at: datetime) -> None:
    """Store a second factor's secret, over the one before, "" for none; codes until `step` count as used."""
    database.execute(
        "INSERT INTO credential (person, verifier, factor, factor_step, changed_at)"
        " VALUES (?, '', ?, ?, ?) ON CONFLICT (person) DO UPDATE SET factor = excluded.factor,"
        " factor_step = max(credential.factor_step, excluded.factor_step), changed_at = excluded.changed_at",
        (person, secret, step, to_microseconds(at)),
    )


def use_step(database: Database, person: str, step: int) -> bool:
    """Note that a step's code was accepted; return whether it was the first time, and no later one was before."""
    changed = database.execute(
        "UPDATE credential SET factor_step = ? WHERE person = ? AND factor_step < ?",
        (step, person, step),
    )
    return changed.rowcount == 1


def failures(database: Database, name: str) -> Failures | None:
    """Return how often signing in under a name has failed, or None where it has not."""
    row = database.execute(
        "SELECT failures, at FROM sign_in_failure WHERE name = ?", (name,)
    ).fetchone()
    return None if row is None else Failures(count=row[0], at=from_microseconds(row[1]))


def note_failure(database: Database, name: str, count: int, at: datetime) -> None:
    """Note that signing in under a name has failed `count` times by now."""
    database.execute(
        "INSERT INTO sign_in_failure (name, failures, at) VALUES (?, ?, ?) ON CONFLICT (name)"
        " DO UPDATE SET failures = excluded.failures, at = excluded.at",
        (name, count, to_microseconds(at)),
    )


def forget_failures(database: Database, name: str) -> None:
    """Forget what failed under a name."""
    database.execute("DELETE FROM sign_in_failure WHERE name = ?", (name,))


def forget_failures_before(database: Database, moment: datetime) -> None:
    """Forget what failed under any name and was not tried again since `moment`."""
    database.execute("DELETE FROM sign_in_failure WHERE at < ?", (to_microseconds(moment),))
