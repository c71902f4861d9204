"""DBOS: a workflow of ten transactional steps on SQLite, each of which writes the rows of a ticket's move.

One `step` is a tenth of a workflow: `SQLAlchemyDatasource.transaction` with rows like those of a command of casewright (ticket
read and updated, event, its values, every second time a notice; texts of about their length, no full text, no other indexes), by
the driver's cursor, and the row with which DBOS keeps that the step is done. Both files are in WAL mode, FULL; left alone, DBOS
keeps SQLite's rollback journal.
"""

import hashlib
import random
import sys
import time
import uuid
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sqlalchemy
from dbos import DBOS, SQLAlchemyDatasource
from lines import must_be_durable, serve
from sqlalchemy import event

TICKETS = int(sys.argv[2])
STEPS = 10
RECORD, FIELDS, BODY = "r" * 300, "f" * 280, "b" * 620
SCHEMA = (
    "CREATE TABLE ticket (id INTEGER PRIMARY KEY, key TEXT UNIQUE, state TEXT, version INTEGER, sequence INTEGER,"
    " updated_at INTEGER, head BLOB, record TEXT, fields TEXT)",
    "CREATE TABLE event (id INTEGER PRIMARY KEY, ticket_id INTEGER, sequence INTEGER, command_id TEXT UNIQUE, body TEXT,"
    " hash BLOB, UNIQUE (ticket_id, sequence))",
    "CREATE TABLE event_value (ticket_id INTEGER, sequence INTEGER, body TEXT, PRIMARY KEY (ticket_id, sequence)) WITHOUT ROWID",
    "CREATE TABLE notice (id INTEGER PRIMARY KEY, key TEXT UNIQUE, ticket_id INTEGER, recipient TEXT, body TEXT)",
)


def durable(path: Path) -> sqlalchemy.Engine:
    """Return an engine whose connections are in WAL mode and FULL."""
    engine = sqlalchemy.create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def begin(connection: Any, record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    return engine


def main() -> None:
    """Serve."""
    folder = Path(sys.argv[1])
    engine = durable(folder / "data.db")
    with engine.begin() as connection:
        for statement in SCHEMA:
            connection.exec_driver_sql(statement)
        for number in range(1, TICKETS + 1):
            connection.exec_driver_sql(
                "INSERT INTO ticket VALUES (?, ?, 'working', 1, 1, 0, x'', ?, ?)",
                (number, f"JOB-{number}", RECORD, FIELDS),
            )
    system = durable(folder / "system.db")
    DBOS(
        config={
            "name": "bench",
            "system_database_url": f"sqlite:///{folder / 'system.db'}",
            "system_database_engine": system,
            "run_admin_server": False,
            "log_level": "ERROR",
        }
    )
    source = SQLAlchemyDatasource.create(f"sqlite:///{folder / 'data.db'}", engine=engine)
    chance = random.Random(1)

    @source.transaction
    def move(key: str) -> str:
        cursor = source.sql_session().connection().connection.cursor()
        found = cursor.execute(
            "SELECT id, version, sequence FROM ticket WHERE key = ?", (key,)
        ).fetchone()
        number, edition, sequence = found[0], found[1], found[2] + 1
        now, head = time.time_ns() // 1000, hashlib.sha256(b"").digest()
        cursor.execute(
            "UPDATE ticket SET state = ?, version = ?, sequence = ?, updated_at = ?, head = ?, record = ?, fields = ?"
            " WHERE id = ? AND sequence = ?",
            (
                "checking",
                edition + 1,
                sequence,
                now,
                head,
                RECORD,
                FIELDS,
                number,
                sequence - 1,
            ),
        )
        cursor.execute(
            "INSERT INTO event (ticket_id, sequence, command_id, body, hash) VALUES (?, ?, ?, ?, ?)",
            (number, sequence, uuid.uuid4().hex, BODY, head),
        )
        cursor.execute("INSERT INTO event_value VALUES (?, ?, ?)", (number, sequence, FIELDS))
        if sequence % 2:
            cursor.execute(
                "INSERT INTO notice (key, ticket_id, recipient, body) VALUES (?, ?, 'leo', ?)",
                (f"{key}/{sequence}", number, FIELDS),
            )
        return "checking"

    @DBOS.workflow()
    def ten() -> None:
        for _ in range(STEPS):
            move(f"JOB-{1 + int(chance.random() * TICKETS)}")

    DBOS.launch()
    for one in (engine, system):
        with one.connect() as connection:
            must_be_durable(lambda pragma: connection.exec_driver_sql(pragma).scalar())
    serve(version("dbos"), {"ten_steps": ten})


if __name__ == "__main__":
    main()
