"""Deliveries: each thing handed to a channel for one address, its attempts, and its parts as the provider names them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from casewright import compact_json
from casewright.store.database import Database

NEVER = 2**62
"""The moment of what waits for nothing."""


class StoredDelivery(NamedTuple):
    """A delivery as it stands; `body` is what the channel is handed, the same at every attempt."""

    id: int
    key: str
    via: str
    recipient: str
    state: str
    attempts: int
    created_at: int
    next_at: int
    body: str

    @property
    def handed(self) -> dict[str, Any]:
        """What the channel is handed: address, text and the rest."""
        found: dict[str, Any] = compact_json.decode(self.body)
        return found


class Attempt(NamedTuple):
    """One try; `ended_at` is missing where nobody knows what came of it."""

    number: int
    at: int
    ended_at: int | None
    outcome: str
    detail: str


class Part(NamedTuple):
    """A part of a delivery by its provider's name for it."""

    provider_id: str
    state: str
    at: int


_SELECT = (
    "SELECT id, key, via, recipient, state, attempts, created_at, next_at, body FROM delivery"
)
_UNDER_WAY = "state IN ('queued', 'submitted', 'accepted')"


def make(
    database: Database,
    *,
    key: str,
    via: str,
    recipient: str,
    at: int,
    body: Mapping[str, Any],
) -> int:
    """Store a delivery that is to be sent; return its number."""
    number = database.execute(
        "INSERT INTO delivery (key, via, recipient, state, attempts, created_at, next_at, body)"
        " VALUES (?, ?, ?, 'queued', 0, ?, ?, ?)",
        (key, via, recipient, at, at, compact_json.encode(body)),
    ).lastrowid
    assert number is not None
    return number


def get(database: Database, number: int) -> StoredDelivery:
    """Return a delivery by its number, which must be one."""
    row = database.execute(f"{_SELECT} WHERE id = ?", (number,)).fetchone()
    return StoredDelivery._make(row)


def under_way(
    database: Database, now: int, *, via: str, limit: int
) -> Sequence[StoredDelivery]:
    """Return a channel's deliveries for which something is to be done: an attempt, or an end to waiting for a receipt."""
    rows = database.execute(
        f"{_SELECT} WHERE {_UNDER_WAY} AND next_at <= ? AND via = ? ORDER BY next_at, id LIMIT ?",
        (now, via, limit),
    )
    return [StoredDelivery._make(row) for row in rows]


def channels_under_way(database: Database, now: int) -> Sequence[str]:
    """Return the channels of all deliveries for which something is to be done."""
    rows = database.execute(
        f"SELECT DISTINCT via FROM delivery WHERE {_UNDER_WAY} AND next_at <= ?", (now,)
    )
    return [row[0] for row in rows]


def put(database: Database, number: int, state: str, next_at: int = NEVER) -> None:
    """Bring a delivery into a state, to be looked at again at a moment."""
    database.execute(
        "UPDATE delivery SET state = ?, next_at = ? WHERE id = ?", (state, next_at, number)
    )


def begin(database: Database, delivery: StoredDelivery, at: int, lease_until: int) -> int:
    """Note that an attempt begins, before it does; return its number."""
    number = delivery.attempts + 1
    database.execute(
        "UPDATE delivery SET state = 'submitted', attempts = ?, next_at = ? WHERE id = ?",
        (number, lease_until, delivery.id),
    )
    database.execute(
        "INSERT INTO delivery_attempt (delivery_id, number, at, ended_at, outcome, detail)"
        " VALUES (?, ?, ?, NULL, '', '')",
        (delivery.id, number, at),
    )
    return number


def end(
    database: Database, delivery: int, number: int, at: int, outcome: str, detail: str
) -> bool:
    """Note what came of an attempt; return False when it was noted before."""
    done = database.execute(
        "UPDATE delivery_attempt SET ended_at = ?, outcome = ?, detail = ?"
        " WHERE delivery_id = ? AND number = ? AND ended_at IS NULL",
        (at, outcome, detail, delivery, number),
    )
    return done.rowcount == 1


def attempts(database: Database, delivery: int) -> Sequence[Attempt]:
    """Return the attempts of a delivery, in their order."""
    rows = database.execute(
        "SELECT number, at, ended_at, outcome, detail FROM delivery_attempt"
        " WHERE delivery_id = ? ORDER BY number",
        (delivery,),
    )
    return [Attempt._make(row) for row in rows]


def sent_since(
    database: Database,
    *,
    recipient: str,
    via: str,
    since: int,
    older: int,
    but: int | None = None,
) -> Sequence[int]:
    """Return when something was handed over for a recipient, or is about to be; retries count as well.

    Deliveries made before `older` can have no attempt as late as `since`. For the delivery `but`, of
    those not yet handed over only the earlier ones count.
    """
    rows = database.execute(
        "SELECT coalesce(delivery_attempt.at, delivery.created_at) AS sent FROM delivery"
        " LEFT JOIN delivery_attempt ON delivery_attempt.delivery_id = delivery.id"
        " WHERE delivery.recipient = ? AND delivery.via = ? AND delivery.created_at > ?"
        " AND coalesce(delivery_attempt.at, delivery.created_at) > ?"
        " AND (delivery_attempt.at IS NOT NULL OR delivery.id < ?) ORDER BY sent",
        (recipient, via, older, since, NEVER if but is None else but),
    )
    return [row[0] for row in rows]


def name_parts(
    database: Database, delivery: StoredDelivery, provider_ids: Iterable[str], at: int
) -> None:
    """Note the provider's names for the parts of a delivery.

    What a receipt said of a part before we knew whose it was holds, unless it is older than the delivery.
    """
    for provider_id in provider_ids:
        database.execute(
            "INSERT INTO delivery_part (via, provider_id, delivery_id, state, at) VALUES (?, ?, ?, 'accepted', ?)"
            " ON CONFLICT (via, provider_id) DO UPDATE SET delivery_id = excluded.delivery_id,"
            " state = CASE WHEN delivery_part.delivery_id IS NULL AND delivery_part.at >= ?"
            " THEN delivery_part.state ELSE 'accepted' END",
            (delivery.via, provider_id, delivery.id, at, delivery.created_at),
        )


def part(database: Database, via: str, provider_id: str) -> tuple[int | None, str] | None:
    """Return the delivery of a part, if it is known, and the part's state; None where nobody spoke of it yet."""
    row = database.execute(
        "SELECT delivery_id, state FROM delivery_part WHERE via = ? AND provider_id = ?",
        (via, provider_id),
    ).fetchone()
    return None if row is None else (row[0], row[1])


def note_part(database: Database, via: str, provider_id: str, state: str, at: int) -> None:
    """Note what a receipt says of a part, whether or not we know whose it is."""
    database.execute(
        "INSERT INTO delivery_part (via, provider_id, delivery_id, state, at) VALUES (?, ?, NULL, ?, ?)"
        " ON CONFLICT (via, provider_id) DO UPDATE SET state = excluded.state, at = excluded.at",
        (via, provider_id, state, at),
    )


def parts(database: Database, delivery: int) -> Sequence[Part]:
    """Return the parts of a delivery."""
    rows = database.execute(
        "SELECT provider_id, state, at FROM delivery_part"
        " WHERE delivery_id = ? AND delivery_id IS NOT NULL ORDER BY provider_id",
        (delivery,),
    )
    return [Part._make(row) for row in rows]


def orphan(database: Database, now: int) -> None:
    """Let every attempt whose answer nobody waits for any more be made again now: its worker is gone."""
    database.execute(
        f"UPDATE delivery SET next_at = ? WHERE {_UNDER_WAY} AND state = 'submitted'", (now,)
    )


def hurry(database: Database, now: int, *, retry: int, receipt: int) -> None:
    """Let no delivery wait longer for its next attempt, or for a receipt, than could be meant: the clock has gone back."""
    database.execute(
        f"UPDATE delivery SET next_at = ? WHERE {_UNDER_WAY} AND state <> 'accepted' AND next_at > ?",
        (now, now + retry),
    )
    database.execute(
        f"UPDATE delivery SET next_at = ? WHERE {_UNDER_WAY} AND state = 'accepted'"
        " AND next_at > ? AND next_at < ?",
        (now + receipt, now + receipt, NEVER),
    )


def next_at(database: Database) -> int | None:
    """Return the moment at which something is to be done for a delivery, or None."""
    row = database.execute(
        f"SELECT next_at FROM delivery WHERE {_UNDER_WAY} ORDER BY next_at, id LIMIT 1"
    ).fetchone()
    return None if row is None or row[0] >= NEVER else int(row[0])


def state_of(database: Database, key: str) -> str:
    """Return the state of the delivery under an idempotency key; "" where there is none."""
    row = database.execute('SELECT state FROM delivery WHERE "key" = ?', (key,)).fetchone()
    return "" if row is None else str(row[0])
