"""What other systems are still to be told: how far events were looked at for each, and what waits, in the events' order."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from casewright.errors import Message
from casewright.store import details
from casewright.store.database import Database
from casewright.store.deliveries import NEVER


class Told(NamedTuple):
    """An event as it is looked at: its number, the ticket's, and its body as JSON has it."""

    event: int
    ticket_id: int
    workflow: str
    body: str


class Waiting(NamedTuple):
    """An event that another system is to be told of now."""

    webhook: str
    event: int
    attempts: int
    begun_at: int
    ticket: str
    body: str
    hash: bytes


class Standing(NamedTuple):
    """How another system stands; `behind` events were not looked at yet, `oldest` is the moment of what waits longest."""

    name: str
    looked_at: int
    began_at: int
    delivered_at: int | None
    error: str
    behind: int
    waiting: int
    dead: int
    oldest: int | None


class Letter(NamedTuple):
    """An event of which another system could not be told."""

    webhook: str
    event: int
    ticket: str
    body: str
    attempts: int
    begun_at: int
    detail: str


def begin(database: Database, name: str, at: int) -> None:
    """Let another system be told of what happens from now on; one that is known goes on where it was."""
    database.execute(
        "INSERT INTO webhook (name, looked_at, began_at, delivered_at, error)"
        " SELECT ?, coalesce(max(id), 0), ?, NULL, '' FROM event WHERE true ON CONFLICT DO NOTHING",
        (name, at),
    )


def names(database: Database) -> frozenset[str]:
    """Return the names of all that are known."""
    return frozenset(row[0] for row in database.execute("SELECT name FROM webhook"))


def is_behind(database: Database, name: str) -> bool:
    """Return whether there are events that were not looked at for it."""
    row = database.execute(
        "SELECT looked_at < (SELECT coalesce(max(id), 0) FROM event) FROM webhook WHERE name = ?",
        (name,),
    ).fetchone()
    return row is not None and bool(row[0])


def ahead(database: Database, name: str, limit: int) -> Sequence[Told]:
    """Return the next events that were not looked at for it, in their order."""
    rows = database.execute(
        "SELECT event.id, event.ticket_id, ticket.workflow, event.body FROM event"
        " JOIN ticket ON ticket.id = event.ticket_id"
        " WHERE event.id > (SELECT looked_at FROM webhook WHERE name = ?) ORDER BY event.id LIMIT ?",
        (name, limit),
    )
    return [Told._make(row) for row in rows]


def look(
    database: Database, name: str, upto: int, wanted: Iterable[tuple[int, int, int]]
) -> None:
    """Note that events were looked at up to one, and which of them, with their tickets, it is to be told of, and from when."""
    for event, ticket_id, at in wanted:
        database.execute(
            "INSERT INTO webhook_event (webhook, event_id, ticket_id, state, attempts, begun_at, next_at, detail)"
            " VALUES (?, ?, ?, 'waiting', 0, ?, ?, '') ON CONFLICT DO NOTHING",
            (name, event, ticket_id, at, NEVER),
        )
        _let_first(database, name, ticket_id, at)
    database.execute("UPDATE webhook SET looked_at = ? WHERE name = ?", (upto, name))


def due(database: Database, name: str, now: int, limit: int) -> Sequence[Waiting]:
    """Return what it is to be told of now; of each ticket the earliest alone, for the others wait for no moment."""
    rows = database.execute(
        "SELECT one.webhook, one.event_id, one.attempts, one.begun_at, ticket.key, event.body, event.hash"
        " FROM webhook_event AS one JOIN event ON event.id = one.event_id"
        " JOIN ticket ON ticket.id = one.ticket_id"
        " WHERE one.webhook = ? AND one.state <> 'dead' AND one.next_at <= ?"
        " ORDER BY one.next_at, one.event_id LIMIT ?",
        (name, now, limit),
    )
    return [Waiting._make(row) for row in rows]


def start(database: Database, one: Waiting, lease_until: int) -> int:
    """Note that an attempt begins, before it does; return its number."""
    database.execute(
        "UPDATE webhook_event SET state = 'sending', attempts = ?, next_at = ?"
        " WHERE webhook = ? AND event_id = ?",
        (one.attempts + 1, lease_until, one.webhook, one.event),
    )
    return one.attempts + 1


def is_waited_for(database: Database, name: str, event: int, attempt: int) -> bool:
    """Return whether nobody has noted yet what came of an attempt."""
    row = database.execute(
        "SELECT 1 FROM webhook_event WHERE webhook = ? AND event_id = ? AND attempts = ? AND state = 'sending'",
        (name, event, attempt),
    ).fetchone()
    return row is not None


def begun_at(database: Database, name: str, event: int) -> int:
    """Return since when it is tried to tell an event."""
    row = database.execute(
        "SELECT begun_at FROM webhook_event WHERE webhook = ? AND event_id = ?", (name, event)
    ).fetchone()
    return int(row[0])


def done(database: Database, name: str, event: int, at: int) -> None:
    """Note that it was told of an event, about which nothing is to be done any more."""
    drop(database, name, event, at)
    database.execute(
        "UPDATE webhook SET delivered_at = ?, error = '' WHERE name = ?", (at, name)
    )


def drop(database: Database, name: str, event: int, at: int) -> None:
    """Do nothing about an event any more."""
    ticket_id = _ticket_of(database, name, event)
    database.execute(
        "DELETE FROM webhook_event WHERE webhook = ? AND event_id = ?", (name, event)
    )
    _let_first(database, name, ticket_id, at)


def again(database: Database, name: str, event: int, next_at: int, why: Message | None) -> None:
    """Note why it could not be told, and when that is tried again."""
    _put(database, name, event, "waiting", next_at, why)


def bury(database: Database, name: str, event: int, at: int, why: Message | None) -> None:
    """Make an event a dead letter."""
    _put(database, name, event, "dead", at, why)
    _let_first(database, name, _ticket_of(database, name, event), at)


def revive(database: Database, name: str, events: Collection[int], at: int) -> int:
    """Let dead letters, all or those named, be tried anew; return how many."""
    count = 0
    chosen = events or [row.event for row in dead(database, name=name)]
    for event in chosen:
        found = database.execute(
            "UPDATE webhook_event SET state = 'waiting', attempts = 0, begun_at = ?, next_at = ?"
            " WHERE webhook = ? AND event_id = ? AND state = 'dead'",
            (at, NEVER, name, event),
        ).rowcount
        if found:
            _let_first(database, name, _ticket_of(database, name, event), at)
        count += found
    return count


def dead(
    database: Database, *, name: str, after: int = 0, event: int | None = None, limit: int = -1
) -> Sequence[Letter]:
    """Return the dead letters of one, or of all for "", after an event or about one, in the events' order."""
    rows = database.execute(
        "SELECT one.webhook, one.event_id, ticket.key, event.body, one.attempts, one.begun_at, one.detail"
        " FROM webhook_event AS one JOIN event ON event.id = one.event_id"
        " JOIN ticket ON ticket.id = one.ticket_id"
        " WHERE one.state = 'dead' AND (? = '' OR one.webhook = ?)"
        " AND one.event_id > ? AND (? IS NULL OR one.event_id = ?)"
        " ORDER BY one.event_id, one.webhook LIMIT ?",
        (name, name, after, event, event, limit),
    )
    return [Letter._make(row) for row in rows]


def standings(database: Database) -> Sequence[Standing]:
    """Return how all stand, by name."""
    rows = database.execute(
        "SELECT name, looked_at, began_at, delivered_at, error,"
        " (SELECT count(*) FROM event WHERE event.id > looked_at),"
        " (SELECT count(*) FROM webhook_event WHERE webhook = name AND state <> 'dead'),"
        " (SELECT count(*) FROM webhook_event WHERE webhook = name AND state = 'dead'),"
        " (SELECT min(begun_at) FROM webhook_event WHERE webhook = name AND state <> 'dead')"
        " FROM webhook ORDER BY name"
    )
    return [Standing._make(row) for row in rows]


def orphan(database: Database, now: int) -> None:
    """Let every attempt that nobody waits for any more be made again now: its worker is gone."""
    database.execute(
        "UPDATE webhook_event SET state = 'waiting', next_at = ? WHERE state = 'sending'",
        (now,),
    )


def hurry(database: Database, now: int, *, longest: int) -> None:
    """Let no event wait longer for its next attempt than could be meant: the clock has gone back."""
    database.execute(
        "UPDATE webhook_event SET next_at = ? WHERE state <> 'dead' AND next_at > ? AND next_at < ?",
        (now, now + longest, NEVER),
    )


def next_at(database: Database, known: Iterable[str]) -> int | None:
    """Return the moment at which something is to be told to one of these, or None."""
    found: list[int] = []
    for name in known:
        row = database.execute(
            "SELECT next_at FROM webhook_event WHERE webhook = ? AND state <> 'dead'"
            " ORDER BY next_at, event_id LIMIT 1",
            (name,),
        ).fetchone()
        found += [int(row[0])] if row is not None and row[0] < NEVER else []
    return min(found, default=None)


def put_to_rest(database: Database, at: int, why: Message) -> None:
    """Tell nobody by itself of what happened before: what waits becomes dead letters, and events are looked at from here on."""
    database.execute(
        "UPDATE webhook_event SET state = 'dead', next_at = ?, detail = ? WHERE state <> 'dead'",
        (at, details.written(why)),
    )
    database.execute("UPDATE webhook SET looked_at = (SELECT coalesce(max(id), 0) FROM event)")


def _let_first(database: Database, name: str, ticket_id: int, at: int) -> None:
    """Let the earliest of a ticket's events that are not told be told from now on, and the others wait for it."""
    rows = database.execute(
        "SELECT event_id, state, next_at, begun_at FROM webhook_event"
        " WHERE webhook = ? AND ticket_id = ? AND state <> 'dead' ORDER BY event_id LIMIT 2",
        (name, ticket_id),
    ).fetchall()
    for place, (event, state, moment, begun) in enumerate(rows):
        wanted = max(begun, at) if place == 0 and moment >= NEVER else moment
        wanted = NEVER if place and state == "waiting" else wanted
        if wanted != moment:
            database.execute(
                "UPDATE webhook_event SET next_at = ? WHERE webhook = ? AND event_id = ?",
                (wanted, name, event),
            )


def _ticket_of(database: Database, name: str, event: int) -> int:
    row = database.execute(
        "SELECT ticket_id FROM webhook_event WHERE webhook = ? AND event_id = ?", (name, event)
    ).fetchone()
    return int(row[0])


def _put(
    database: Database, name: str, event: int, state: str, next_at: int, why: Message | None
) -> None:
    said = details.written(why)
    database.execute(
        "UPDATE webhook_event SET state = ?, next_at = ?, detail = ? WHERE webhook = ? AND event_id = ?",
        (state, next_at, said, name, event),
    )
    database.execute("UPDATE webhook SET error = ? WHERE name = ?", (said, name))
