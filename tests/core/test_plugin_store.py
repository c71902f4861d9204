"""What a plugin keeps in the database: its own tables and nothing else, its migrations, its jobs, its state."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright.contributions import Migration, PluginState
from casewright.errors import (
    CasewrightError,
    DatabaseUnusable,
    PluginFailed,
    PluginRefused,
    message,
)
from casewright.store import (
    configuration,
    migrate,
    plugin_jobs,
    plugin_states,
    plugin_tables,
)
from casewright.store import database as database_door
from casewright.store.database import Connection, Database, Driver, open_sqlite
from casewright.store.plugin_migrations import migrate as migrate_plugin
from casewright.store.plugin_migrations import pending
from casewright.store.plugin_tables import PluginTables, clashes

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
LOAD = Migration(
    number=1,
    name="load",
    sql="CREATE TABLE routing_load (\n  person TEXT PRIMARY KEY,\n  open INTEGER NOT NULL\n);\n"
    "CREATE INDEX routing_load_open ON routing_load (open);\n",
)
TEAM = Migration(
    number=2,
    name="team",
    sql="-- which team somebody routes for\nALTER TABLE routing_load ADD COLUMN team TEXT NOT NULL DEFAULT '';\n"
    "UPDATE routing_load SET team = 'one';\n",
)


def of_python(path: Path) -> Connection:
    return sqlite3.connect(path, isolation_level=None, cached_statements=256)


@pytest.fixture(params=[open_sqlite, of_python], ids=["bundled", "standard"])
def database(request, tmp_path) -> Iterator[Database]:
    """A new workspace's database, with a table of the plugin `routing` and one of the plugin `routing2`."""
    driver: Driver = request.param
    path = tmp_path / "casewright.db"
    with closing(Database(path, driver=driver, synchronous="OFF")) as made:
        migrate.migrate(made, at=AT, path=str(path))
        migrate_plugin(made, "routing", [LOAD], AT)
        other = LOAD.sql.replace("routing", "routing2")
        migrate_plugin(made, "routing2", [Migration(number=1, name="load", sql=other)], AT)
        with made.write():
            routing(made).execute("INSERT INTO routing_load VALUES ('ana', 3), ('ben', 1)")
        yield made


def routing(database: Database, *, writable: bool = True) -> PluginTables:
    return PluginTables(database, "routing", writable=writable)


def everything(database: Database) -> list[Any]:
    """The schema and every row there is."""
    schema = database.execute("SELECT * FROM sqlite_master ORDER BY name").fetchall()
    tables = [row[1] for row in schema if row[0] == "table"]
    rows = [database.execute(f"SELECT * FROM {name}").fetchall() for name in tables]
    return [*schema, *rows, database.pragma("user_version"), database.pragma("database_list")]


# --- its own tables -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "rows"),
    [
        ("SELECT open FROM routing_load WHERE person = 'ana'", [(3,)]),
        ('SELECT count(*) FROM main."ROUTING_LOAD"', [(2,)]),
        ("SELECT person FROM routing_load INDEXED BY routing_load_open WHERE open = 1", [("ben",)]),
        ("INSERT INTO routing_load VALUES ('ana', 9) ON CONFLICT (person) DO UPDATE SET open = 4 RETURNING open", [(4,)]),
        ("UPDATE routing_load SET open = open + 1 WHERE person = 'ben' RETURNING open", [(2,)]),
        ("DELETE FROM routing_load WHERE open > 2 RETURNING person", [("ana",)]),
        ("WITH busy(who) AS (SELECT person FROM routing_load WHERE open > 2) SELECT count(*) FROM busy", [(1,)]),
        ("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3) SELECT x FROM n", [(1,), (2,), (3,)]),
        ("SELECT value FROM json_each('[1, 2]')", [(1,), (2,)]),
        ("SELECT max(a.open), upper(b.person) FROM routing_load a, routing_load b WHERE b.open = 1", [(3, "BEN")]),
        ("VALUES (1, 'x')", [(1, "x")]),
    ],
)  # fmt: skip
def test_a_plugin_reads_and_writes_its_own_tables(database, statement, rows):
    with database.write():
        assert routing(database).execute(statement) == rows


def test_what_a_plugin_wrote_is_undone_with_the_transaction_it_was_written_in(database):
    with suppress(KeyError), database.write():
        routing(database).execute("DELETE FROM routing_load")
        raise KeyError

    assert routing(database).execute("SELECT count(*) FROM routing_load") == [(2,)]


HOSTILE = """
SELECT * FROM ticket
SELECT count(*) FROM ticket
SELECT count(*) FROM main.ticket
SELECT 1 FROM "ticket"
SELECT key FROM [TICKET]
SELECT routing_load.person FROM routing_load, `ticket`
SELECT person FROM routing_load WHERE person IN (SELECT name FROM person)
SELECT person FROM routing_load WHERE EXISTS (SELECT 1 FROM event)
WITH t AS (SELECT * FROM ticket) SELECT count(*) FROM t
WITH t AS (SELECT count(*) FROM ticket) SELECT * FROM t
SELECT (SELECT body FROM event LIMIT 1)
SELECT * FROM routing_load UNION SELECT name, active FROM person
EXPLAIN SELECT * FROM ticket
SELECT * FROM ticket_text
SELECT * FROM ticket_text_content
SELECT * FROM routing2_load
SELECT * FROM plugin
SELECT * FROM sqlite_master
SELECT count(*) FROM sqlite_master
SELECT name FROM sqlite_schema
SELECT name FROM sqlite_temp_master
SELECT name FROM pragma_table_list
SELECT count(*) FROM pragma_table_list
SELECT name FROM pragma_table_info('routing_load')
INSERT INTO ticket (id) VALUES (1)
INSERT INTO meta VALUES ('x', 1)
INSERT OR REPLACE INTO meta VALUES ('configuration', 0)
INSERT INTO routing_load SELECT name, 1 FROM person
INSERT INTO sqlite_master VALUES ('table', 'x', 'x', 2, '')
UPDATE meta SET value = 0
UPDATE routing_load SET open = (SELECT max(value) FROM meta)
UPDATE routing_load SET open = meta.value FROM meta
DELETE FROM migration
DELETE FROM routing2_load
REPLACE INTO counter VALUES ('X', 2026, 1)
CREATE TABLE routing_x (a)
CREATE TABLE x (a)
CREATE TEMP TABLE routing_x (a)
CREATE TABLE temp.routing_load (a)
CREATE VIEW routing_x AS SELECT * FROM ticket
CREATE TEMP VIEW routing_x AS SELECT * FROM ticket
CREATE TRIGGER routing_x AFTER INSERT ON routing_load BEGIN DELETE FROM ticket; END
CREATE TRIGGER routing_x AFTER INSERT ON ticket BEGIN DELETE FROM routing_load; END
CREATE TEMP TRIGGER routing_x AFTER INSERT ON main.routing_load BEGIN DELETE FROM ticket; END
CREATE INDEX routing_x ON routing_load (open)
CREATE UNIQUE INDEX routing_x ON ticket (state)
CREATE VIRTUAL TABLE routing_x USING fts5(a, content='ticket')
ALTER TABLE routing_load ADD COLUMN x
ALTER TABLE ticket RENAME TO routing_ticket
ALTER TABLE ticket DROP COLUMN state
DROP TABLE ticket
DROP TABLE routing_load
DROP INDEX ticket_key
DROP INDEX routing_load_open
ATTACH 'other.db' AS other
ATTACH ':memory:' AS routing_memory
DETACH main
PRAGMA user_version = 7
PRAGMA writable_schema = 1
PRAGMA foreign_keys
PRAGMA journal_mode = DELETE
VACUUM
VACUUM INTO 'stolen.db'
BEGIN
BEGIN IMMEDIATE
COMMIT
END
ROLLBACK
SAVEPOINT mine
RELEASE part_1
ROLLBACK TO part_1
REINDEX
REINDEX routing_load
ANALYZE
ANALYZE routing_load
SELECT load_extension('evil')
SELECT sqlite_version()
SELECT 1; DROP TABLE ticket
SELECT
SELECT nothing FROM routing_load
SELECT * FROM routing_nothing
INSERT INTO routing_load VALUES ('ana', 1)
INSERT INTO routing_load VALUES ('cleo', NULL)
""".strip().splitlines()


@pytest.mark.parametrize("statement", HOSTILE)
def test_a_statement_that_reaches_further_is_refused_and_changes_nothing(
    database, statement, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    before, files = everything(database), set(tmp_path.iterdir())

    with database.write(), database.write():
        with pytest.raises(
            PluginFailed, match="The plugin 'routing' failed in 'store': "
        ) as refusal:
            routing(database).execute(statement)
        assert everything(database) == before

    assert str(refusal.value.reason).count("not authorized") == 0
    assert (everything(database), set(tmp_path.iterdir())) == (before, files)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("SELECT * FROM ticket", "it reaches for 'ticket'; what is its own begins with 'routing_'"),
        ("DELETE FROM routing2_load", "it reaches for 'routing2_load'; what is its own begins with 'routing_'"),
        ("ATTACH 'x' AS y", "its SQL may not use ATTACH"),
        ("PRAGMA user_version", "its SQL may not use PRAGMA"),
        ("COMMIT", "its SQL may not use TRANSACTION"),
        ("DROP TABLE routing_load", "its SQL may make, change or drop tables in a migration only"),
        ("SELECT load_extension('x')", "its SQL may not use load_extension()"),
        ("SELEC", 'its SQL is wrong: near "SELEC": syntax error'),
    ],
)  # fmt: skip
def test_a_refusal_names_what_was_reached_for(database, statement, reason):
    with pytest.raises(PluginFailed) as refusal:
        routing(database).execute(statement)

    assert str(refusal.value.reason) == reason


@pytest.mark.parametrize("given", [(2**70,), ("\ud800",), (object(),), (), (1, 2), {"a": 1}, 7])
def test_parameters_that_cannot_be_stored_are_the_plugins_fault(database, given):
    with pytest.raises(PluginFailed, match="its SQL is wrong"):
        routing(database).execute("SELECT ?", given)


def test_a_statement_that_the_core_has_prepared_is_judged_again(database):
    statement = "SELECT name, value FROM meta"
    known = database.execute(statement).fetchall()

    with pytest.raises(PluginFailed, match="'meta'"):
        routing(database).execute(statement)

    assert database.execute(statement).fetchall() == known


def test_a_handle_for_reading_writes_nothing(database):
    tables = routing(database, writable=False)
    before = everything(database)

    with database.read():
        assert tables.execute("SELECT count(*) FROM routing_load") == [(2,)]
        for statement in (
            "DELETE FROM routing_load",
            "INSERT INTO routing_load VALUES ('cleo', 1)",
            "UPDATE routing_load SET open = 0",
        ):
            with pytest.raises(PluginFailed, match="where it may only read"):
                tables.execute(statement)

    assert everything(database) == before


def test_a_handle_that_was_kept_is_of_no_use_afterwards(database):
    tables = routing(database)
    tables.close()

    with pytest.raises(PluginFailed, match="has ended"):
        tables.execute("SELECT 1")


def test_more_rows_than_a_plugin_may_have_are_refused_and_not_cut_off(database, monkeypatch):
    monkeypatch.setattr(plugin_tables, "MOST_ROWS", 1)
    tables = routing(database)

    assert tables.execute("SELECT 1 FROM routing_load WHERE open > 1") == [(1,)]
    with pytest.raises(PluginFailed, match="more than 1 rows"):
        tables.execute("SELECT 1 FROM routing_load")


def test_a_statement_without_end_can_be_interrupted(database, monkeypatch):
    def interrupted() -> int:
        raise TimeoutError

    monkeypatch.setattr(database_door, "_go_on", interrupted)
    endless = (
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    )

    with pytest.raises(PluginFailed, match="its SQL was interrupted"):
        routing(database).execute(endless)

    assert database.execute("SELECT 1").fetchone() == (1,)


def test_a_driver_that_cannot_watch_runs_no_sql_of_plugins(database, tmp_path):
    class Unwatched:
        def __init__(self, path: Path) -> None:
            connection = open_sqlite(path)
            self.execute, self.close = connection.execute, connection.close

    with (
        closing(Database(tmp_path / "other.db", driver=Unwatched)) as other,
        pytest.raises(DatabaseUnusable, match="cannot watch"),
    ):
        routing(other).execute("SELECT 1")


UNDOES_ALL = "INSERT OR ROLLBACK INTO routing_load VALUES ('ana', 1)"


def say(database: Database, name: str) -> None:
    database.execute("INSERT INTO meta VALUES (?, 1)", (name,))


def test_a_transaction_that_a_plugin_has_undone_is_not_gone_on_with(database):
    def and_goes_on() -> None:
        with database.write():
            say(database, "before")
            with pytest.raises(PluginFailed):
                routing(database).execute(UNDOES_ALL)
            say(database, "after")

    before = everything(database)

    with pytest.raises(DatabaseUnusable, match="has undone the transaction"):
        and_goes_on()

    assert everything(database) == before


def test_a_part_whose_transaction_a_plugin_has_undone_takes_the_whole_with_it(database):
    def part(undoing: bool) -> None:
        with database.write():
            say(database, "after")
            if undoing:
                routing(database).execute(UNDOES_ALL)

    def unseen() -> None:
        with database.write(), database.write(), suppress(PluginFailed):
            routing(database).execute(UNDOES_ALL)

    def whole() -> None:
        with database.write():
            say(database, "before")
            with pytest.raises(PluginFailed):
                part(undoing=True)
            say(database, "between")
            with pytest.raises(DatabaseUnusable):
                part(undoing=False)

    before = everything(database)

    with pytest.raises(DatabaseUnusable, match="has undone the transaction"):
        whole()
    with pytest.raises(DatabaseUnusable, match="has undone the transaction"):
        unseen()

    assert everything(database) == before
    with database.write():
        say(database, "later")
    assert everything(database) != before


def test_a_watch_that_an_interruption_left_behind_is_taken_away_with_the_transaction(database):
    with suppress(KeyboardInterrupt), database.write():
        say(database, "before")
        database.watched(lambda *_: sqlite3.SQLITE_DENY).__enter__()
        raise KeyboardInterrupt

    with database.write():
        say(database, "later")
    assert database.execute("SELECT count(*) FROM meta WHERE name = 'before'").fetchone() == (
        0,
    )


def test_a_transaction_that_could_not_be_undone_is_undone_before_the_next(tmp_path):
    class Stuck:
        """A driver whose first ROLLBACK fails."""

        def __init__(self, path: Path) -> None:
            self.connection, self.failed = open_sqlite(path), False
            self.close = self.connection.close

        @property
        def in_transaction(self) -> bool:
            return self.connection.in_transaction

        def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Any:
            if statement == "ROLLBACK" and not self.failed:
                self.failed = True
                raise sqlite3.OperationalError("disk I/O error")
            return self.connection.execute(statement, parameters)

    def read() -> None:
        with made.read():
            pass

    with closing(Database(tmp_path / "stuck.db", driver=Stuck)) as made:
        with pytest.raises(DatabaseUnusable, match="disk"):
            read()
        with made.write():
            made.execute("CREATE TABLE later (a)")

        assert made.execute("SELECT * FROM later").fetchall() == []


@pytest.mark.parametrize(
    ("name", "whose"),
    [
        ("routing", None),
        ("ticket", "ticket"),
        ("ticket_text", "ticket_text"),
        ("delivery", "delivery"),
        ("plugin", "plugin"),
        ("Notice", "notice"),
        ("sqlite", "sqlite_master"),
        ("tick", None),
        ("other_routing", None),
        ("rout", None),
    ],
)
def test_a_plugin_must_not_be_named_as_tables_of_others_begin(name, whose):
    assert clashes(name) == whose


def test_every_table_of_the_core_is_one_that_a_plugin_cannot_be_named_after(database):
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    core = [name for (name,) in tables if not name.startswith(("routing", "sqlite_"))]

    assert [name for name in core if clashes(name.rpartition("_")[0] or name) is None] == []


# --- migrations ---------------------------------------------------------------------------------


def numbered(sql: str, number: int = 2) -> list[Migration]:
    return [LOAD, Migration(number=number, name="next", sql=sql)]


def test_new_migrations_are_applied_once_and_in_order(database):
    assert pending(database, "routing", [TEAM, LOAD])

    assert migrate_plugin(database, "routing", [TEAM, LOAD], AT) == (1, 2)

    assert not pending(database, "routing", [LOAD, TEAM])
    assert migrate_plugin(database, "routing", [LOAD, TEAM], AT) == (2, 2)
    assert routing(database).execute("SELECT DISTINCT team FROM routing_load") == [("one",)]
    noted = "SELECT number, name FROM plugin_migration WHERE plugin = 'routing'"
    assert database.execute(noted).fetchall() == [(1, "load"), (2, "team")]


def test_a_plugin_without_tables_has_nothing_to_migrate(database):
    assert not pending(database, "greeter", [])
    assert migrate_plugin(database, "greeter", [], AT) == (0, 0)


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE routing_load RENAME TO routing_work;",
        "ALTER TABLE routing_load RENAME COLUMN open TO waiting;",
        "DROP INDEX routing_load_open;\nALTER TABLE routing_load DROP COLUMN open;",
        "DROP TABLE routing_load;",
        "CREATE TABLE routing_skill (person TEXT REFERENCES routing_load, skill TEXT, UNIQUE (person, skill)) STRICT;",
        "CREATE TABLE routing_skill (person TEXT PRIMARY KEY) WITHOUT ROWID;\nINSERT INTO routing_skill SELECT person FROM routing_load;",
        "CREATE TABLE IF NOT EXISTS routing_load (x);",
    ],
)
def test_a_migration_may_do_all_to_its_own_tables(database, sql):
    assert migrate_plugin(database, "routing", numbered(sql), AT) == (1, 2)


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("CREATE TABLE loads (a);", "'loads'"),
        ("CREATE TABLE routing2_x (a);", "'routing2_x'"),
        ("CREATE TABLE temp.routing_x (a);", "TEMP"),
        ("CREATE TEMP TABLE routing_x (a);", "CREATE TEMP TABLE"),
        ("CREATE TABLE routing_x AS SELECT 1 AS a;", "AS SELECT"),
        ("CREATE TABLE routing_x AS SELECT * FROM ticket;", "'ticket'"),
        ("CREATE TABLE routing_x (a INTEGER PRIMARY KEY AUTOINCREMENT);", "'sqlite_sequence'"),
        ("CREATE TABLE routing_x (a REFERENCES ticket (state));", "refers to 'ticket'"),
        ("CREATE TABLE routing_x (a, FOREIGN KEY (a) REFERENCES nowhere (b));", "refers to 'nowhere'"),
        ("CREATE VIEW routing_x AS SELECT * FROM routing_load;", "CREATE VIEW"),
        ("CREATE TRIGGER routing_x AFTER INSERT ON routing_load BEGIN SELECT 1; END;", "CREATE TRIGGER"),
        ("CREATE VIRTUAL TABLE routing_x USING fts5(a);", "CREATE VIRTUAL TABLE"),
        ("CREATE UNIQUE INDEX routing_x ON ticket (state);", "'ticket'"),
        ("CREATE INDEX load_x ON routing_load (open);", "'load_x'"),
        ("ALTER TABLE routing_load RENAME TO loads;", "'loads'"),
        ("ALTER TABLE ticket ADD COLUMN x;", "'ticket'"),
        ("DROP TABLE ticket;", "'ticket'"),
        ("DROP INDEX ticket_key;", "'ticket_key'"),
        ("DELETE FROM ticket;", "'ticket'"),
        ("SELECT * FROM sqlite_master;", "'sqlite_master'"),
        ("INSERT INTO routing_load SELECT name, 1 FROM person;", "'person'"),
        ("UPDATE sqlite_master SET sql = '';", "may not be modified"),
        ("PRAGMA writable_schema = 1;", "PRAGMA"),
        ("COMMIT;", "TRANSACTION"),
        ("/* hidden */ CREATE TABLE routing_x (a);", "migration only"),
        ("INSERT OR ROLLBACK INTO routing_load VALUES ('ana', 1);", "UNIQUE"),
        ("CREATE TABLE routing_x (;", "its SQL is wrong"),
    ],
)  # fmt: skip
def test_a_migration_that_reaches_further_is_undone_as_a_whole(database, sql, reason):
    before = everything(database)
    begun = "CREATE TABLE routing_begun (a);\nDELETE FROM routing_load WHERE person = 'ben';\n"

    with pytest.raises(PluginFailed) as refusal:
        migrate_plugin(database, "routing", numbered(begun + sql), AT)

    assert str(refusal.value.reason).startswith("in its migration 2 (next) ")
    assert reason in str(refusal.value.reason)
    assert everything(database) == before


@pytest.mark.parametrize(
    ("migrations", "reason"),
    [
        (numbered("DROP TABLE routing_load;", number=3), "2 is missing"),
        ([LOAD, LOAD], "2 is missing or there twice"),
        ([Migration(number=1, name="load", sql=LOAD.sql + "-- x\n")], "not the one that was applied"),
        ([], "made by a newer version of it (migration 1; it knows 0)"),
        (numbered("DROP TABLE routing_load"), "does not end with a semicolon"),
        (numbered("-- nothing\n"), "does not end with a semicolon"),
    ],
)  # fmt: skip
def test_migrations_that_do_not_go_with_those_applied_are_refused(database, migrations, reason):
    before = everything(database)

    for asked in (pending, lambda *given: migrate_plugin(*given, AT)):
        with pytest.raises(PluginRefused) as refusal:
            asked(database, "routing", migrations)
        assert reason in str(refusal.value)

    assert everything(database) == before


# --- state --------------------------------------------------------------------------------------


def test_what_is_remembered_of_a_plugin_is_read_with_the_configuration(database):
    state = PluginState(
        version="1.2",
        hooks=("may_fire", "may_assign"),
        strikes=(AT, AT),
        disabled_at=AT,
        disabled_because=message("it took longer than the {seconds} s it has", seconds="2"),
    )
    known = configuration.version(database)

    with database.write():
        plugin_states.save(database, "routing", PluginState(version="1.1"))
        plugin_states.save(database, "routing", state)
        plugin_states.save(database, "greeter", PluginState())

    found = configuration.Reader(database).read()
    assert found.plugins == {"routing": state, "greeter": PluginState()}
    assert found.version == known + 3


def test_a_state_that_was_spoilt_is_named(database):
    with database.write():
        database.execute("INSERT INTO plugin VALUES ('routing', '{}')")

    with pytest.raises(CasewrightError, match="the plugin 'routing'"):
        configuration.Reader(database).read()


# --- jobs ---------------------------------------------------------------------------------------


ACTIVE = ("greeter", "routing")


def due(database: Database, now: int, active: Sequence[str] = ACTIVE) -> list[tuple[str, int]]:
    return [(job.name, job.due_at) for job in plugin_jobs.due(database, now, 10, active)]


def test_jobs_are_due_in_order_and_those_of_inactive_plugins_wait(database):
    plugin_jobs.schedule(database, "routing", "assign", 20)
    plugin_jobs.schedule(database, "greeter", "greet", 10)
    plugin_jobs.schedule(database, "gone", "haunt", 5)
    plugin_jobs.schedule(database, "routing", "sleep", None)

    assert due(database, 9) == []
    assert due(database, 30) == [("greet", 10), ("assign", 20)]
    assert plugin_jobs.next_at(database, ACTIVE) == 10
    assert plugin_jobs.next_at(database, ()) is None
    assert due(database, 30, ["gone"]) == [("haunt", 5)]
    assert len(plugin_jobs.due(database, 30, 1, ACTIVE)) == 1


@given(times=st.lists(st.none() | st.integers(0, 10**18), min_size=1))
def test_a_job_is_due_at_the_earliest_of_all_moments_asked_for(tmp_path_factory, times):
    with closing(Database(tmp_path_factory.mktemp("jobs") / "jobs.db")) as made:
        made.execute(
            "CREATE TABLE plugin_job (plugin, name, due_at, ran_at, attempts, error, PRIMARY KEY (plugin, name))"
        )
        for at in times:
            plugin_jobs.schedule(made, "routing", "assign", at)

        known = [at for at in times if at is not None]
        assert plugin_jobs.next_at(made, ["routing"]) == min(known, default=None)


def test_a_job_that_is_woken_often_runs_once_and_then_at_its_own_time(database):
    plugin_jobs.schedule(database, "routing", "assign", 100)
    for now in (10, 11, 12):
        plugin_jobs.wake(database, "routing", ["assign"], now)
    assert due(database, 12) == [("assign", 10)]

    assert plugin_jobs.begin(database, "routing", "assign", 12)
    plugin_jobs.done(database, "routing", "assign", ran_at=12, next_due=112)

    assert not plugin_jobs.begin(database, "routing", "assign", 12)
    assert plugin_jobs.next_at(database, ACTIVE) == 112


def test_a_job_that_is_woken_while_it_runs_runs_once_more(database):
    plugin_jobs.wake(database, "routing", ["assign"], 10)
    plugin_jobs.begin(database, "routing", "assign", 10)
    plugin_jobs.wake(database, "routing", ["assign"], 11)
    plugin_jobs.done(database, "routing", "assign", ran_at=11, next_due=None)

    assert due(database, 11) == [("assign", 11)]


def test_a_job_that_failed_is_tried_at_its_next_time_and_says_why(database):
    plugin_jobs.schedule(database, "routing", "assign", 10)
    for moment in (70, 130):
        plugin_jobs.failed(
            database, "routing", "assign", next_due=moment, error=message("nobody is there")
        )

    (job,) = plugin_jobs.listed(database)
    assert (job.due_at, job.ran_at, job.attempts) == (130, None, 2)
    assert str(job.error) == "nobody is there"
    plugin_jobs.begin(database, "routing", "assign", 130)
    plugin_jobs.done(database, "routing", "assign", ran_at=131, next_due=200)
    assert plugin_jobs.listed(database) == [("routing", "assign", 200, 131, 0, None)]


def test_jobs_that_a_plugin_has_no_more_are_forgotten(database):
    for plugin, name in (("routing", "old"), ("routing", "assign"), ("greeter", "old")):
        plugin_jobs.schedule(database, plugin, name, 1)

    plugin_jobs.keep_only(database, "routing", ["assign"])

    assert [job[:2] for job in plugin_jobs.listed(database)] == [
        ("greeter", "old"),
        ("routing", "assign"),
    ]
