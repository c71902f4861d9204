"""SQLite keeps the contract of a store, and what is peculiar to it holds: its schema, its statements, its errors."""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel, create_engine

from casewright.clock import Clock, SetClock
from casewright.commands import (
    AddComment,
    Command,
    EditFields,
    FireTransition,
    MergeTickets,
    OpenTicket,
    SavePerson,
    WithdrawTicket,
)
from casewright.desk import Desk
from casewright.errors import DatabaseUnusable
from casewright.model import SYSTEM, Receipt
from casewright.queries import GetHistory, ListPeople, ListTickets, VerifyAudit
from casewright.store import definitions, sqlite_statements
from casewright.store.database import Connection, Database, library, open_sqlite
from casewright.testing.desk import MOMENT, open_test_desk
from casewright.testing.store_contract import StoreContract


class TestSQLite(StoreContract):
    def open(self, folder: Path, clock: Clock) -> Desk:
        return open_test_desk(folder, clock=clock)


# --- schema and statements ----------------------------------------------------------------------


def test_the_migrations_and_the_tables_make_the_same_schema(tmp_path):
    open_test_desk(tmp_path).close()
    engine = create_engine(f"sqlite:///{tmp_path / 'tables.db'}")

    SQLModel.metadata.create_all(engine)

    engine.dispose()
    assert _schema(tmp_path / "desk.db") == _schema(tmp_path / "tables.db")


def test_the_statements_of_the_hot_path_are_those_of_the_tables():
    written = Path(sqlite_statements.__file__).read_text(encoding="utf-8")

    assert written == definitions.rendered()


def _schema(path: Path) -> dict[str, Any]:
    """Return columns, keys and indexes by table, as SQLite itself tells them; the text index is no table of ours."""
    database = Database(path)
    try:
        tables = database.execute("PRAGMA table_list").fetchall()
        ours = [
            row
            for row in tables
            if row[2] == "table" and not row[1].startswith(("sqlite_", "ticket_text"))
        ]
        return {row[1]: {"options": row[4:], **_table(database, row[1])} for row in ours}
    finally:
        database.close()


def _table(database: Database, name: str) -> dict[str, Any]:
    indexes = database.execute(f"PRAGMA index_list({name})").fetchall()
    made = dict(
        database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'").fetchall()
    )
    return {
        "columns": database.execute(f"PRAGMA table_info({name})").fetchall(),
        "foreign keys": sorted(database.execute(f"PRAGMA foreign_key_list({name})").fetchall()),
        "indexes": {
            row[1]: (
                row[2:],
                database.execute(f"PRAGMA index_xinfo({row[1]})").fetchall(),
                _words(made.get(row[1])),
            )
            for row in indexes
        },
    }


def _words(sql: str | None) -> str:
    return " ".join((sql or "").replace('"', "").split())


# --- a driver that fails ------------------------------------------------------------------------


class FailingConnection:
    """A connection whose n-th statement fails, in one of the ways in which a disk lets a database down."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.statements = 0
        self.fails_at = 0
        self.way = "before"

    @property
    def in_transaction(self) -> bool:
        return bool(self._connection.in_transaction)  # type: ignore[attr-defined]

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        self.statements += 1
        if self.statements != self.fails_at:
            return self._connection.execute(sql, parameters)
        if self.way == "after":
            self._connection.execute(sql, parameters)
        if self.way == "all undone" and self.in_transaction:
            self._connection.execute("ROLLBACK")
        raise library().OperationalError("disk I/O error")  # type: ignore[attr-defined]

    def close(self) -> None:
        self._connection.close()


def _prepared(desk: Desk) -> None:
    """Two parcels: the first is being searched for, with two errands under way."""
    for subject in ("one", "two"):
        desk.execute(OpenTicket(actor="ana", workflow="parcel", fields={"subject": subject}))
    desk.execute(FireTransition(actor="ana", ticket="PCL-2026-000001", transition="search"))


COMMANDS: dict[str, Command] = {
    "open": OpenTicket(
        actor="ana", workflow="parcel", fields={"subject": "three"}, command_id="c1"
    ),
    "open children": FireTransition(
        actor="ana", ticket="PCL-2026-000002", transition="search", command_id="c1"
    ),
    "close a child": FireTransition(
        actor="ana", ticket="ERR-2026-000001", transition="answer", command_id="c1"
    ),
    "edit": EditFields(
        actor="ana", ticket="PCL-2026-000001", fields={"subject": "other"}, command_id="c1"
    ),
    "comment": AddComment(actor="ana", ticket="PCL-2026-000001", text="hello", command_id="c1"),
    "merge": MergeTickets(
        actor="ana", ticket="PCL-2026-000001", into="PCL-2026-000002", command_id="c1"
    ),
    "withdraw": WithdrawTicket(
        actor="ana",
        ticket="PCL-2026-000001",
        reason="so",
        identity_checked=True,
        command_id="c1",
    ),
    "save a person": SavePerson(actor="ana", name="cleo", roles=("agent",), command_id="c1"),
}
WAYS = ("before", "after", "all undone")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    with open_test_desk(folder) as desk:
        _prepared(desk)
    return folder


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", COMMANDS)
def test_an_error_at_any_statement_leaves_all_or_nothing_and_a_repeat_gives_the_one_result(
    prepared, tmp_path, name, way
):
    command = COMMANDS[name]
    before, after, receipt, statements = _clean_run(prepared, tmp_path, command)
    commits = 0

    for number in range(1, statements + 1):
        with _failing_desk(prepared, tmp_path / str(number)) as (desk, connection):
            connection.statements, connection.fails_at, connection.way = 0, number, way
            with pytest.raises(DatabaseUnusable):
                desk.execute(command)

            connection.fails_at = 0
            left = _all_of(tmp_path / str(number))
            assert left in (before, after), number
            commits += left == after
            assert _plain(desk.execute(command)) == _plain(receipt), number
            assert _all_of(tmp_path / str(number)) == after, number

    assert commits == (way == "after")


@pytest.mark.parametrize("way", WAYS)
def test_an_error_inside_a_batch_undoes_a_command_or_the_whole_and_never_half(
    prepared, tmp_path, way
):
    number, fell_through = 0, 0

    while True:
        number += 1
        with _failing_desk(prepared, tmp_path / str(number)) as (desk, connection):
            connection.statements, connection.fails_at, connection.way = 0, number, way
            acknowledged, got_through = _two_comments(desk)
            written = _comments(tmp_path / str(number))
        if connection.statements < number:
            break
        if got_through:
            assert written == acknowledged, number
        else:
            assert written in (0, acknowledged), number
            fell_through += 1

    assert number > 20
    assert fell_through >= (number - 1 if way == "all undone" else 2)


def _two_comments(desk: Desk) -> tuple[int, bool]:
    """Comment twice in a batch whose author takes errors for refusals; return how many succeeded, and the batch."""
    acknowledged = 0
    try:
        with desk.batch():
            for text in ("first", "second"):
                with suppress(DatabaseUnusable):
                    desk.execute(AddComment(actor="ana", ticket="PCL-2026-000001", text=text))
                    acknowledged += 1
    except DatabaseUnusable:
        return acknowledged, False
    return acknowledged, True


def _comments(folder: Path) -> int:
    with open_test_desk(folder, clock=SetClock(MOMENT)) as desk:
        assert desk.ask(VerifyAudit(actor="ana")).ok
        return _kinds(desk, "PCL-2026-000001").count("CommentAdded")


def _clean_run(prepared: Path, folder: Path, command: Command) -> tuple[Any, Any, Receipt, int]:
    with _failing_desk(prepared, folder / "clean") as (desk, connection):
        before = _all_of(folder / "clean")
        connection.statements = 0
        receipt = desk.execute(command)
        return before, _all_of(folder / "clean"), receipt, connection.statements


class _failing_desk:
    """A desk on a copy of the prepared database, and the connection that can be told to fail."""

    def __init__(self, prepared: Path, folder: Path) -> None:
        shutil.copytree(prepared, folder)
        self._made: list[FailingConnection] = []
        self._desk = open_test_desk(folder, clock=SetClock(MOMENT), driver=self._driver)

    def _driver(self, path: Path) -> FailingConnection:
        self._made.append(FailingConnection(open_sqlite(path)))
        return self._made[-1]

    def __enter__(self) -> tuple[Desk, FailingConnection]:
        return self._desk, self._made[-1]

    def __exit__(self, *_: object) -> None:
        self._desk.close()


def _all_of(folder: Path) -> tuple[Any, ...]:
    """Return what another desk sees, without what chance goes into: the salts, and the hashes over them."""
    with open_test_desk(folder, clock=SetClock(MOMENT)) as desk:
        assert desk.ask(VerifyAudit(actor="ana")).ok
        tickets = desk.ask(ListTickets(actor="ana")).tickets
        return (
            [(one, _kinds(desk, one.key)) for one in tickets],
            desk.ask_as_system(ListPeople(actor=SYSTEM)),
            _waiting(folder),
        )


def _kinds(desk: Desk, key: str) -> list[str]:
    return [event.kind for event in desk.ask(GetHistory(actor="ana", ticket=key))]


def _waiting(folder: Path) -> list[Any]:
    database = Database(folder / "desk.db")
    try:
        notices = database.execute(
            "SELECT key, ticket_id, sequence, recipient, via, reason, state, body FROM notice ORDER BY id"
        ).fetchall()
        return [notices, database.execute("SELECT * FROM timer").fetchall()]
    finally:
        database.close()


def _plain(receipt: Receipt) -> tuple[Any, ...]:
    return (receipt.ticket, receipt.state, receipt.version, receipt.sequence, receipt.opened)
