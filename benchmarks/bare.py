"""What a command writes, written by nothing but the SQLite driver: the measure of all that is put on top of it.

It runs the very statements of the store, on the same library, pragmas, schema and rows, with texts that were made
beforehand: it decides nothing, checks nothing, encodes nothing and hashes nothing.
"""

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from job_workspace import NOTES, OWNER, copied, fire

from casewright.commands import new_id
from casewright.config import Config
from casewright.desk import open_desk
from casewright.store import sqlite_statements as sql
from casewright.store.database import PAGES_IN_THE_LOG, Connection, Cursor, open_sqlite
from casewright.store.reaching import PLACES_OF

COMMAND_DIGEST = "SELECT digest, salt, answer FROM command WHERE id = ?"
DELETE_TEXT = "DELETE FROM ticket_text WHERE rowid = ?"
INSERT_TEXT = "INSERT INTO ticket_text (rowid, tokens) VALUES (?, ?)"
TABLES = ("ticket", "event", "event_value", "notice", "ticket_text", "command", "counter")
_WEIGHT = {
    "ticket": "length(record) + length(fields)",
    "event": "length(body) + length(hash) + length(command_id)",
    "event_value": "length(body)",
    "notice": "length(key) + length(body)",
}


class Texts(NamedTuple):
    """What the desk stored for one step; a notice only where somebody is told."""

    state: str
    record: str
    fields: str
    tokens: str
    body: str
    values: str
    notice: str


def texts(config: Config) -> dict[tuple[str, int], Texts]:
    """Return the texts of every step, as the desk itself writes them in a copy of the workspace."""
    sample = copied(config, "sample", "NORMAL")
    turns = range(1, len(NOTES) + 1)
    pairs = (
        (("report", turn % len(NOTES)), ("resume", (turn + 30) % len(NOTES))) for turn in turns
    )
    steps = [step for pair in pairs for step in pair] + [("note", -1)]
    found = {}
    reader = open_sqlite(sample.database)
    key = reader.execute("SELECT key FROM ticket WHERE id = 1").fetchone()[0]
    with open_desk(sample) as desk:
        for transition, note in steps:
            fire(desk, key, transition, note)
            found[transition, note] = _stored(reader)
    reader.close()
    return found


def _stored(reader: Connection) -> Texts:
    query = (
        "SELECT ticket.state, ticket.record, ticket.fields, ticket_text.tokens, event.body, event_value.body, notice.body"
        " FROM ticket JOIN ticket_text ON ticket_text.rowid = ticket.id"
        " JOIN event ON event.ticket_id = ticket.id AND event.sequence = ticket.sequence"
        " LEFT JOIN event_value ON event_value.ticket_id = ticket.id AND event_value.sequence = ticket.sequence"
        " LEFT JOIN notice ON notice.ticket_id = ticket.id AND notice.sequence = ticket.sequence WHERE ticket.id = 1"
    )
    return Texts._make(value or "" for value in reader.execute(query).fetchone())


class Bare:
    """The same steps by bare statements on one connection."""

    def __init__(
        self, config: Config, steps: dict[tuple[str, int], Texts], *, driver: Any = open_sqlite
    ) -> None:
        self.connection: Connection = driver(config.database)
        for pragma in (
            "journal_mode=WAL",
            f"wal_autocheckpoint={PAGES_IN_THE_LOG}",
            f"synchronous={config.synchronous}",
            "foreign_keys=ON",
        ):
            self.connection.execute(f"PRAGMA {pragma}")
        self._steps = steps
        self._hash = hashlib.sha256(b"").digest()
        self.execute = self.connection.execute

    def step(self, key: str, transition: str, note: int) -> None:
        """Write what one command writes, inside the transaction that is open."""
        execute, text = self.execute, self._steps[transition, note]
        command_id, now = new_id(), time.time_ns() // 1000
        execute(sql.CONFIGURATION_VERSION, ("configuration",)).fetchone()
        execute(sql.COMMAND_EVENT, (command_id,)).fetchone()
        execute(COMMAND_DIGEST, (command_id,)).fetchone()
        execute(PLACES_OF, (key,)).fetchall()
        row = execute(sql.TICKET_BY_KEY, (key,)).fetchone()
        number, priority, version, sequence = row[0], row[12], row[13], row[14]
        moving = (text.state, priority, version + 1, sequence + 1, now, self._hash, text.record)
        done: Cursor
        if text.values:
            done = execute(sql.TICKET_MOVE_FIELDS, (*moving, text.fields, number, sequence))
            execute(DELETE_TEXT, (number,))
            execute(INSERT_TEXT, (number, text.tokens))
        else:
            done = execute(sql.TICKET_MOVE, (*moving, number, sequence))
        assert done.rowcount == 1
        execute(sql.EVENT_INSERT, (number, sequence + 1, command_id, text.body, self._hash))
        if text.values:
            execute(sql.VALUE_INSERT, (number, sequence + 1, text.values))
        if text.notice:
            execute(
                sql.NOTICE_INSERT, _notice(key, number, sequence + 1, transition, now, text)
            )

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


def _notice(
    key: str, number: int, sequence: int, transition: str, now: int, text: Texts
) -> tuple[object, ...]:
    """Return the row of the notice on screen that the owner gets."""
    name = f"{key}/{sequence}/0/{OWNER}/notice"
    told = (OWNER, "notice", transition, "delivered", now, now, None, None, text.notice)
    return (name, number, sequence, *told)


class Recorder:
    """A driver's connection that notes the text of every statement."""

    def __init__(self, path: Path) -> None:
        self._connection = open_sqlite(path)
        self.statements: list[str] = []
        self.close = self._connection.close

    def execute(self, statement: str, parameters: Sequence[Any] = (), /) -> Cursor:
        """Note the statement and run it."""
        self.statements.append(" ".join(statement.split()))
        return self._connection.execute(statement, parameters)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return bool(self._connection.in_transaction)  # type: ignore[attr-defined]


def written(database: Path) -> dict[str, tuple[int, int]]:
    """Return rows and characters of each table that commands write."""
    connection = open_sqlite(database)
    found = {}
    for table in TABLES:
        weight = _WEIGHT.get(table, "0")
        found[table] = connection.execute(
            f"SELECT count(*), coalesce(sum({weight}), 0) FROM {table}"
        ).fetchone()
    connection.close()
    return found
