"""PostgreSQL keeps the contract of a store, as SQLite does; and what only a server can do to a workspace is survived."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from casewright.clock import Clock, SetClock
from casewright.commands import AddComment, OpenTicket
from casewright.config import Config
from casewright.desk import Desk, open_desk
from casewright.errors import CasewrightError, CommandRefused
from casewright.queries import ListTickets, VerifyAudit
from casewright.store import postgres_schema
from casewright.store.database import Database
from casewright.store.opening import open_database
from casewright.store.postgres_dialect import translated
from casewright.testing.desk import MOMENT, furnish, open_test_desk
from casewright.testing.store_contract import StoreContract

from .own_server import Server

TEXTS = (
    "宽带故障 报修",
    "broadband DOWN again",
    "红色 包裹 BX-20931",
    "o'Neill \\ back",
    "宽带",
)
SOUGHT = (
    "宽带",
    "宽",
    "带故",
    "broad",
    "BROADBAND down",
    "BX-20931",
    "bx",
    "o'neill",
    "neill back",
    "\\",
    "无",
)
COMMANDS = 40
_WRITER = """
import sys
from pathlib import Path
from casewright.commands import AddComment
from casewright.config import Config
from casewright.desk import open_desk
folder, address, ticket, count = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
config = Config(root=folder, database=folder / "desk.db-server", postgres=address, attachments=folder / "kept")
with open_desk(config) as desk:
    for number in range(count):
        desk.execute(AddComment(actor="ana", ticket=ticket, text=f"said {number}"))
"""


@pytest.fixture
def address(server: Server) -> str:
    """A schema of the test's own."""
    return server.address(f"s{uuid4().hex}")


def config_of(folder: Path, address: str) -> Config:
    return Config(
        root=folder,
        database=folder / "desk.db-server",
        postgres=address,
        attachments=folder / "kept",
    )


def made_desk(folder: Path, address: str) -> Desk:
    desk = open_desk(config_of(folder, address), clock=SetClock(MOMENT), create=True)
    furnish(desk)
    return desk


class TestPostgres(StoreContract):
    @pytest.fixture(autouse=True)
    def _on_server(self, address: str) -> None:
        self._address, self._made = address, set[Path]()

    def open(self, folder: Path, clock: Clock) -> Desk:
        is_new = folder not in self._made
        desk = open_desk(config_of(folder, self._address), clock=clock, create=is_new)
        if is_new:
            self._made.add(folder)
            furnish(desk)
        return desk


def test_the_schema_of_a_server_is_that_of_the_tables():
    assert postgres_schema.FILE.read_text(encoding="utf-8") == postgres_schema.rendered()


def test_the_same_texts_find_the_same_tickets_on_both_databases(tmp_path, address):
    found = []
    (tmp_path / "file").mkdir()
    for desk in (open_test_desk(tmp_path / "file"), made_desk(tmp_path, address)):
        with desk:
            for one in TEXTS:
                desk.execute(
                    OpenTicket(actor="ana", workflow="parcel", fields={"subject": one})
                )
            found.append({text: _keys(desk, text) for text in SOUGHT})

    assert found[0] == found[1]
    assert found[0]["宽带"]
    assert found[0]["broad"]


def test_histories_stay_whole_while_several_processes_write(tmp_path, address):
    with made_desk(tmp_path, address) as desk:
        key = desk.execute(OpenTicket(actor="ana", workflow="parcel")).ticket
        words = [sys.executable, "-c", _WRITER, str(tmp_path), address, key, str(COMMANDS)]
        writers = [subprocess.Popen(words) for _ in range(2)]

        assert [one.wait() for one in writers] == [0, 0]

        verified = desk.ask(VerifyAudit(actor="ana"))
        assert verified.ok
        assert verified.events >= 2 * COMMANDS + 1


def test_a_killed_connection_is_made_anew_and_a_command_is_done_once(tmp_path, address):
    with made_desk(tmp_path, address) as desk:
        key = desk.execute(OpenTicket(actor="ana", workflow="parcel")).ticket
        before = desk.ask(VerifyAudit(actor="ana")).events
        command = AddComment(actor="ana", ticket=key, text="once")
        _kill_all(address)

        _until_done(desk, command)
        _kill_all(address)
        _until_done(desk, command)

        assert desk.ask(VerifyAudit(actor="ana")).events == before + 1


def test_what_was_changed_behind_the_desk_is_told(tmp_path, address):
    with made_desk(tmp_path, address) as desk:
        key = desk.execute(OpenTicket(actor="ana", workflow="parcel")).ticket
        with psycopg.connect(address, autocommit=True) as other:
            other.execute("UPDATE event SET body = replace(body, 'ana', 'ben')")

        found = desk.ask(VerifyAudit(actor="ana"))

        assert not found.ok
        assert found.first_broken.ticket == key


@pytest.mark.parametrize("value", ["a\0b", "a\ud800b", 2**63])
def test_what_cannot_be_stored_is_refused_and_leaves_nothing(tmp_path, address, value):
    with made_desk(tmp_path, address):
        database = open_database(tmp_path / "desk.db-server", server=address)
        with closing(database):
            with pytest.raises(CommandRefused):
                _write_twice(database, value)

            assert database.execute("SELECT count(*) FROM lease").fetchone() == (0,)


@pytest.mark.parametrize(
    ("said", "otherwise"),
    [
        ("a = ? AND b = '?' AND \"c?\" = '50%'", "a = $1 AND b = '?' AND \"c?\" = '50%'"),
        ("x IN () OR x NOT IN ()", "x = ANY ('{}') OR x <> ALL ('{}')"),
        ("ticket INDEXED BY one WHERE a LIKE ?", "ticket WHERE a ILIKE $1"),
    ],
)
def test_a_statement_is_said_as_the_server_wants_it(said, otherwise):
    assert translated(said) == otherwise.encode()


def _write_twice(database: Database, value: object) -> None:
    """Write what can be stored, and then, in the same transaction, a value that cannot."""
    with database.write():
        database.execute("INSERT INTO lease (name, holder, until) VALUES ('a', 'b', 1)")
        column = "until" if isinstance(value, int) else "holder"
        database.execute(f"UPDATE lease SET {column} = ?", (value,))


def _keys(desk: Desk, text: str) -> list[str]:
    return [one.key for one in desk.ask(ListTickets(actor="ana", text=text)).tickets]


def _kill_all(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'casewright'"
        )


def _until_done(desk: Desk, command: AddComment) -> None:
    """Give a command until it is answered; the second time its connection is a new one."""
    try:
        desk.execute(command)
    except CasewrightError:
        desk.execute(command)
