"""Which mails belong to which ticket, by their Message-IDs, in both directions."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from casewright.store.database import Database

Direction = Literal["in", "out"]
MOST = 50
"""So many mails of a ticket are named in what answers them, the newest."""
LONGEST = 500
"""Characters of a Message-ID; a longer one is nobody's."""


class Mail(NamedTuple):
    """A mail that belongs to a ticket."""

    ticket: str
    direction: str


def note(
    database: Database, message_id: str, ticket: str, *, direction: Direction, at: int
) -> None:
    """Store that a mail belongs to the ticket of this key; again, it changes nothing."""
    if not 0 < len(message_id) <= LONGEST:
        return
    database.execute(
        "INSERT INTO thread (message_id, ticket_id, direction, at)"
        ' SELECT ?, id, ?, ? FROM ticket WHERE "key" = ? ON CONFLICT DO NOTHING',
        (message_id, direction, at, ticket),
    )


def known(database: Database, message_ids: Iterable[str]) -> tuple[Mail, ...]:
    """Return to which tickets mails belong, in the order of their ids; those we sent before those that came."""
    found = dict[Mail, None]()
    for one in message_ids:
        rows = database.execute(
            'SELECT ticket."key", thread.direction FROM thread'
            " JOIN ticket ON ticket.id = thread.ticket_id"
            " WHERE thread.message_id = ? ORDER BY thread.direction DESC, thread.at DESC LIMIT ?",
            (one, MOST),
        )
        found.update(dict.fromkeys(map(Mail._make, rows.fetchall())))
    return tuple(found)


def of_ticket(
    database: Database, ticket: str, *, direction: Direction | None = None
) -> tuple[str, ...]:
    """Return the Message-IDs of a ticket's mails, the oldest first; at most the newest of them."""
    rows = database.execute(
        "SELECT message_id FROM thread"
        ' WHERE ticket_id = (SELECT id FROM ticket WHERE "key" = ?) AND (? IS NULL OR direction = ?)'
        " ORDER BY at DESC, message_id LIMIT ?",
        (ticket, direction, direction, MOST),
    ).fetchall()
    return tuple(row[0] for row in reversed(rows))


def forget(database: Database, ticket: str) -> None:
    """Forget which mails belonged to a ticket: what they are called may say who wrote them."""
    database.execute(
        'DELETE FROM thread WHERE ticket_id = (SELECT id FROM ticket WHERE "key" = ?)',
        (ticket,),
    )
