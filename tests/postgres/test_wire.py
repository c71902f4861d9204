"""Statements go to the server behind one another; what fails there is told to whom it belongs,
and nothing is acknowledged that is not there.
"""

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import psycopg
import pytest

from casewright.commands import AddComment, FireTransition, OpenTicket
from casewright.desk.shared_desk import open_shared_desk
from casewright.errors import CasewrightError, CommandRefused, Conflict, DatabaseUnusable
from casewright.queries import GetHistory, GetTicket, VerifyAudit
from casewright.store.postgres import PostgresDatabase

from .own_server import Server
from .test_store import config_of, made_desk

POISON = (
    "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF NEW.body LIKE '%poison%' THEN RAISE EXCEPTION 'no' USING ERRCODE = '22P05'; END IF; RETURN NEW; END $$;"
    "CREATE TRIGGER poison BEFORE INSERT ON event_value FOR EACH ROW EXECUTE FUNCTION poison();"
    "CREATE TRIGGER poison BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION poison()"
)
"""A server that cannot store a certain text."""


@pytest.fixture
def address(server: Server) -> str:
    return server.address(f"s{uuid4().hex}")


@pytest.fixture
def database(tmp_path: Path, address: str):
    made = PostgresDatabase(tmp_path / "beside", server=address)
    made.execute("CREATE TABLE said (number bigint PRIMARY KEY, word text)")
    yield made
    made.close()


def _said(database: PostgresDatabase) -> list[tuple[int, str]]:
    return database.execute("SELECT number, word FROM said ORDER BY number").fetchall()


def test_what_was_said_in_a_transaction_is_seen_by_what_is_asked_after_it(database):
    with database.write():
        for number in range(5):
            database.execute("INSERT INTO said VALUES (?, ?)", (number, "x"))
        changed = database.execute("UPDATE said SET word = ? WHERE number > ?", ("y", 2))
        seen = _said(database)
        database.execute("DELETE FROM said WHERE number = ?", (0,))

    assert seen == [(0, "x"), (1, "x"), (2, "x"), (3, "y"), (4, "y")]
    assert changed.rowcount == 2
    assert len(_said(database)) == 4


def test_one_of_many_statements_that_fails_is_told_as_what_it_is_and_undoes_its_part(database):
    with database.write():
        _put(database, 1)
        with pytest.raises(psycopg.errors.UniqueViolation):
            _put(database, *range(2, 400), 1, *range(400, 1000))
        _put(database, 5)

    assert [number for number, _ in _said(database)] == [1, 5]


def test_what_is_foreseen_is_asked_anew_once_something_was_written(database):
    count = ("SELECT count(*) FROM said", ())
    with database.write([count]):
        database.execute("INSERT INTO said VALUES (1, 'x')")

        assert database.execute(*count).fetchone() == (1,)


def _put(database: PostgresDatabase, *numbers: int) -> None:
    """Put rows in, as a part of the transaction that is open."""
    with database.write():
        for number in numbers:
            database.execute("INSERT INTO said VALUES (?, 'x')", (number,))


def _put_and_look(database: PostgresDatabase, number: int) -> None:
    with database.write():
        database.execute("INSERT INTO said VALUES (?, 'x')", (number,))
        _said(database)


def test_a_part_that_fails_undoes_itself_alone(database):
    with database.write():
        _put(database, 1)
        with pytest.raises(psycopg.errors.UniqueViolation):
            _put(database, 2, 1, 3)
        with pytest.raises(psycopg.DataError):
            database.execute("INSERT INTO said VALUES (4, ?)", ("nothing \0 more",))
        _put(database, 5)

    assert [number for number, _ in _said(database)] == [1, 5]


def test_a_part_whose_end_nobody_waited_for_undoes_everything_where_it_fails(database):
    def unsettled() -> None:
        with database.write(), database.unsettled():
            _put(database, 1)
            _put(database, 1)
            for number in (2, 3):
                with pytest.raises(DatabaseUnusable):
                    _put_and_look(database, number)

    with pytest.raises(DatabaseUnusable):
        unsettled()

    assert _said(database) == []


def test_a_transaction_in_which_a_statement_failed_is_not_committed_whoever_ignored_it(
    database,
):
    def ignored() -> None:
        with database.write():
            for _ in range(2):
                database.execute("INSERT INTO said VALUES (1, 'x')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                database.settle()

    with pytest.raises(DatabaseUnusable):
        ignored()

    assert _said(database) == []


@pytest.mark.parametrize("parts", [1, 2])
def test_a_row_that_has_to_change_and_is_not_there_undoes_the_transaction(database, parts):
    absent = Conflict(ticket="T-1", expected=1, actual=2)

    def changed() -> None:
        with database.write(), database.unsettled():
            database.execute("INSERT INTO said VALUES (1, 'x')")
            with database.write() if parts > 1 else nullcontext():
                database.change_one(
                    "UPDATE said SET word = 'y' WHERE number = 7", (), lambda: absent
                )

    with pytest.raises(Conflict):
        changed()

    assert _said(database) == []


def test_thousands_of_long_statements_and_answers_at_once_wait_for_nobody(database):
    long = "宽带" * 10_000
    with database.write():
        for number in range(500):
            database.execute("INSERT INTO said VALUES (?, ?)", (number, long))
        asked = [
            database.execute("SELECT word FROM said WHERE number = ?", (number,))
            for number in range(500)
        ]

        assert all(one.fetchone() == (long,) for one in asked)


def test_more_kinds_of_statement_than_the_server_keeps_plans_for_are_said_again_and_again(
    database,
):
    for _ in range(4):
        with database.write():
            for number in range(400):
                found = database.execute(f"SELECT ? + {number}", (1,)).fetchone()
                assert found == (1 + number,)

    assert database.execute("SELECT count(*) FROM pg_prepared_statements").fetchone()[0] <= 310


def test_a_statement_is_planned_anew_when_its_table_has_another_shape(database):
    database.execute("INSERT INTO said VALUES (1, 'x')")
    for _ in range(5):
        assert database.execute("SELECT * FROM said").fetchall() == [(1, "x")]
    with psycopg.connect(database.server, autocommit=True) as other:
        other.execute("ALTER TABLE said ADD COLUMN more bigint")

    with pytest.raises(psycopg.errors.FeatureNotSupported):
        database.execute("SELECT * FROM said")

    assert database.execute("SELECT * FROM said").fetchall() == [(1, "x", None)]


def test_whoever_waits_for_the_server_can_be_interrupted(database):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    began = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            database.execute("SELECT pg_sleep(30)")
    finally:
        signal.signal(signal.SIGALRM, before)

    assert time.monotonic() - began < 10
    assert database.execute("SELECT 1").fetchone() == (1,)


def test_of_many_at_once_only_the_one_that_the_server_cannot_store_is_refused(
    tmp_path, address
):
    with made_desk(tmp_path, address) as desk:
        key = desk.execute(OpenTicket(actor="ana", workflow="parcel")).ticket
    with psycopg.connect(address, autocommit=True) as plain:
        plain.execute(POISON)
    texts = [f"word {number}" for number in range(40)]
    texts[7] = "poison"
    together = Barrier(len(texts))

    with open_shared_desk(config_of(tmp_path, address)) as desk:

        def say(text: str) -> str:
            together.wait()
            try:
                desk.execute(AddComment(actor="ana", ticket=key, text=text))
            except CasewrightError as error:
                return type(error).__name__
            return "done"

        with ThreadPoolExecutor(len(texts)) as pool:
            outcomes = list(pool.map(say, texts))

        history = desk.ask(GetHistory(actor="ana", ticket=key))
        verified = desk.ask(VerifyAudit(actor="ana"))

    assert outcomes.count("done") == len(texts) - 1
    assert outcomes[7] == CommandRefused.__name__
    assert len(history) == len(texts)
    assert verified.ok


def test_commands_about_one_ticket_in_one_group_see_what_the_ones_before_did(tmp_path, address):
    with made_desk(tmp_path, address) as desk:
        key = desk.execute(OpenTicket(actor="ana", workflow="parcel")).ticket
        with desk.batch(settled=False):
            for number in range(10):
                desk.execute(AddComment(actor="ana", ticket=key, text=str(number)))
            with pytest.raises(CasewrightError):
                desk.execute(FireTransition(actor="ana", ticket=key, transition="nowhere"))

        assert desk.ask(GetTicket(actor="ana", ticket=key)).sequence == 11
        assert desk.ask(VerifyAudit(actor="ana")).ok


def test_rows_of_a_stream_come_some_thousands_at_a_time_and_others_may_be_asked_meanwhile(
    database,
):
    with database.write():
        for number in range(12_345):
            database.execute("INSERT INTO said VALUES (?, 'x')", (number,))

    with database.read():
        seen = 0
        for number, word in database.stream(
            "SELECT number, word FROM said WHERE number >= ? ORDER BY number", (5,)
        ):
            assert (number, word) == (seen + 5, "x")
            if number % 5_000 == 0:
                assert database.execute("SELECT max(number) FROM said").fetchone() == (12_344,)
            seen += 1

    assert seen == 12_340
    assert [row[0] for row in database.stream("SELECT count(*) FROM said")] == [12_345]
