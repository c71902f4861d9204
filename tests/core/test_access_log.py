"""The access log: what is a look, that it is on record before anything is shown, and that no row can be changed unseen."""

import sqlite3
from datetime import timedelta

import pytest

from casewright import queries
from casewright.commands import (
    AddComment,
    FireTransition,
    LogContact,
    MergeCustomers,
    OpenTicket,
)
from casewright.desk import open_desk
from casewright.desk.door import Door
from casewright.desk.records.looks import LOOKS, NO_LOOKS
from casewright.errors import AccessUnrecorded, CommandRefused, NotAllowed, NotFound
from casewright.model import EACH_ITS_OWN, CustomerLine
from casewright.queries import (
    CheckImport,
    ExportAccess,
    FindCustomers,
    GetAccessReport,
    GetActions,
    GetBoard,
    GetClocks,
    GetCustomerView,
    GetHistory,
    GetTicket,
    ListContacts,
    ListCustomers,
    ListQueue,
    ListTickets,
    Query,
    RevealFields,
)
from casewright.store import access_log
from casewright.store.database import Database, open_sqlite

from .private_centre import PRIVATE


@pytest.fixture
def key(private):
    private.customer()
    command = OpenTicket(actor="ana", workflow="matter", fields=PRIVATE, customer="C1")
    return private.desk.execute(command).ticket


def test_of_every_query_it_is_said_whether_it_is_a_look():
    named = (one for one in vars(queries).values() if isinstance(one, type))
    asked = (one for one in named if issubclass(one, Query))
    ours = {one for one in asked if one.permission != EACH_ITS_OWN}

    assert ours == LOOKS | NO_LOOKS
    assert not LOOKS & NO_LOOKS


def test_a_plugins_query_may_not_be_taken_for_one_of_ours():
    assert all(not one.look for one in LOOKS | NO_LOOKS)


LOOKED = {
    "a ticket": (lambda key: GetTicket(actor="ana", ticket=key), "look", True),
    "a history": (lambda key: GetHistory(actor="ana", ticket=key), "look", True),
    "a customer": (lambda key: GetCustomerView(actor="ana", customer="C1"), "look", False),
    "contacts": (lambda key: ListContacts(actor="ana", customer="C1"), "look", False),
    "by number": (lambda key: FindCustomers(actor="ana", sought="13900000001"), "search", False),
    "by name": (lambda key: ListCustomers(actor="ana", text="王"), "search", False),
    "by words": (lambda key: ListTickets(actor="ana", text="王小明"), "search", True),
    "of a customer": (lambda key: ListTickets(actor="ana", customer="C1"), "search", False),
    "a queue by words": (lambda key: ListQueue(actor="ana", text="王小明"), "search", True),
    "a customer's queue": (lambda key: ListQueue(actor="ana", customer="C1"), "search", False),
    "a reveal": (
        lambda key: RevealFields(actor="ana", ticket=key, purpose="to call back"),
        "reveal",
        True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", LOOKED)
def test_a_look_says_who_when_what_and_whose(private, key, what):
    make, kind, at_ticket = LOOKED[what]
    query = make(key)

    private.desk.ask(query)

    (row,) = private.rows()
    assert (row.actor, row.kind, row.subject) == ("ana", kind, type(query).__name__)
    assert (row.at, row.door) == (private.clock.now(), "embedded")
    assert (row.ticket, row.customers) == (key if at_ticket else "", ("C1",))
    assert "1390000" not in repr(row)
    assert "王" not in repr(row)


def test_trying_an_import_is_a_search_for_those_whom_it_tells_of(private, key):
    private.customer("C2", name="Li", phone="+8613900000002")
    lines = (
        CustomerLine(line=2, phone="+8613900000001", name="x"),
        CustomerLine(line=3, phone="+8613900000009", name="y"),
    )

    query = CheckImport(actor="ana", lines=lines, keys=("phone",))
    private.desk.ask(query)

    (row,) = private.rows()
    assert (row.kind, row.subject, row.customers) == ("search", "CheckImport", ("C1",))


def test_the_report_taken_away_in_a_file_is_an_export(private, key):
    private.desk.ask(ExportAccess(actor="oscar", customer="C1"))

    assert private.looks() == [("oscar", "export", "ExportAccess", "", ("C1",))]


def test_counts_and_masked_rows_are_no_looks(private, key):
    private.desk.ask(ListTickets(actor="ana"))
    private.desk.ask(ListTickets(actor="ana", state="first"))
    private.desk.ask(ListCustomers(actor="ana"))
    private.desk.ask(GetBoard(actor="ana"))
    private.desk.ask(ListQueue(actor="ana"))
    private.desk.ask(GetActions(actor="ana", ticket=key))
    private.desk.ask(GetClocks(actor="ana", ticket=key))

    assert private.rows() == ()


def test_a_row_says_through_which_door_and_what_for(private, key):
    with private.desk.through(Door(name="api", purpose="complaint line")):
        private.desk.ask(GetTicket(actor="ana", ticket=key))
        private.desk.ask(RevealFields(actor="ana", ticket=key, purpose=" to call back "))

    assert [(one.door, one.purpose) for one in private.rows()] == [
        ("api", "complaint line"),
        ("api", "to call back"),
    ]


def test_what_the_system_looks_at_is_not_on_record(private, key):
    private.desk.ask_as_system(GetTicket(actor="system", ticket=key))

    assert private.rows() == ()


class Failing:
    """A connection that cannot write the access log, and keeps what was asked of it."""

    def __init__(self, path, error):
        self._connection, self._error = open_sqlite(path), error

    def execute(self, sql, *parameters):
        if sql.startswith("INSERT INTO access "):
            raise self._error
        return self._connection.execute(sql, *parameters)

    def __getattr__(self, name):
        return getattr(self._connection, name)


@pytest.mark.parametrize(
    "error",
    [
        sqlite3.OperationalError("attempt to write a readonly database"),
        sqlite3.OperationalError("database or disk is full"),
        sqlite3.OperationalError("database is locked"),
        sqlite3.OperationalError("something new"),
    ],
)
def test_what_cannot_be_recorded_is_not_shown(private, key, error):
    driver = lambda path: Failing(path, error)  # noqa: E731
    with open_desk(private.config, clock=private.clock, driver=driver) as desk:
        for make, _, _ in LOOKED.values():
            with pytest.raises(AccessUnrecorded):
                desk.ask(make(key))
        assert desk.ask(ListTickets(actor="ana")).tickets
        with pytest.raises(NotFound):
            desk.ask(GetTicket(actor="ana", ticket="MAT-2026-000099"))
        with pytest.raises(NotAllowed):
            desk.execute(AddComment(actor="rita", ticket=key, text="x"))

    assert private.rows() == ()


def test_a_look_is_on_disk_before_it_is_answered(private, key):
    """Whoever reads the file at the moment of the answer finds the row there."""
    seen = []

    class Watched(Failing):
        def execute(self, sql, *parameters):
            if sql == "COMMIT":
                seen.append(len(private.rows()))
            return self._connection.execute(sql, *parameters)

    driver = lambda path: Watched(path, None)  # noqa: E731
    with open_desk(private.config, clock=private.clock, driver=driver) as desk:
        answer = desk.ask(GetTicket(actor="ana", ticket=key))

    assert answer.key == key
    assert seen == [0]
    assert len(private.rows()) == 1


def test_nothing_is_shown_within_a_batch_that_may_be_undone(private, key):
    with private.desk.batch():
        with pytest.raises(AccessUnrecorded, match="undone"):
            private.desk.ask(GetTicket(actor="ana", ticket=key))
        assert private.desk.ask(GetBoard(actor="ana"))


DENIED = {
    "without the permission": (
        lambda key: AddComment(actor="rita", ticket=key, text="x"),
        NotAllowed,
        "ticket.comment",
    ),
    "a ticket that is not there": (
        lambda key: FireTransition(actor="ana", ticket="MAT-2026-000099", transition="close"),
        NotFound,
        "ticket.fire",
    ),
    "nobody on the staff": (
        lambda key: AddComment(actor="nobody", ticket=key, text="x"),
        NotAllowed,
        "ticket.comment",
    ),
}


@pytest.mark.parametrize("what", DENIED)
def test_a_refusal_is_on_record_and_leaves_nothing_else(private, key, what):
    make, error, permission = DENIED[what]
    command = make(key)
    before = everything(private)

    with pytest.raises(error):
        private.desk.execute(command)

    (row,) = private.rows()
    assert (row.kind, row.actor, row.permission) == ("denied", command.actor, permission)
    assert row.subject == type(command).__name__
    assert row.ticket in (key, "")
    assert everything(private) == before


def test_a_refused_query_is_on_record(private, key):
    with pytest.raises(NotAllowed):
        private.desk.ask(GetAccessReport(actor="rita"))
    with pytest.raises(NotFound):
        private.desk.ask(GetTicket(actor="ana", ticket="+8613900000001"))

    first, second = private.rows()
    assert (first.actor, first.permission) == ("rita", "access.read")
    assert (second.kind, second.ticket) == ("denied", "")
    assert "139" not in repr(second)


def test_a_refusal_outlives_the_batch_that_is_undone(private, key):
    with pytest.raises(NotAllowed), private.desk.batch():
        private.desk.execute(AddComment(actor="rita", ticket=key, text="x"))

    assert [one.kind for one in private.rows()] == ["denied"]


def test_a_misspelt_workflow_is_no_refusal(private, key):
    with pytest.raises(NotFound):
        private.desk.execute(OpenTicket(actor="ana", workflow="mater"))

    assert private.rows() == ()


def test_the_report_finds_a_customer_under_all_ids(private, key):
    private.customer("C2", name="王", phone="")
    private.desk.execute(LogContact(actor="ana", customer="C2", channel="call"))
    private.desk.ask(GetCustomerView(actor="ben", customer="C2"))
    private.desk.execute(
        MergeCustomers(actor="ana", customer="C2", into="C1", reason="the same")
    )
    private.desk.ask(GetTicket(actor="ana", ticket=key))

    found = private.report(customer="C1")

    assert [(one.actor, one.subject) for one in found] == [
        ("ana", "GetTicket"),
        ("ben", "GetCustomerView"),
    ]
    assert [one.actor for one in private.report(customer="C2")][1:] == ["ana", "ben"]


def test_the_report_is_by_ticket_person_kind_and_time_and_pages(private, key):
    start = private.clock.now()
    for _ in range(3):
        private.desk.ask(GetTicket(actor="ana", ticket=key))
        private.clock.set(private.clock.now() + timedelta(hours=1))
    private.desk.ask(RevealFields(actor="ben", ticket=key, purpose="to call back"))

    assert len(private.report(ticket=key)) == 4
    assert [one.actor for one in private.report(person="ben")] == ["ben"]
    assert [one.fields for one in private.report(kind="reveal")] == [
        ("born", "phone", "subject")
    ]
    assert len(private.report(person="ana", since=start + timedelta(hours=1))) == 2
    assert len(private.report(person="ana", until=start + timedelta(hours=1))) == 1
    first = private.desk.ask(GetAccessReport(actor="oscar", person="ana", limit=2))
    rest = private.desk.ask(
        GetAccessReport(actor="oscar", person="ana", limit=2, after=first.after)
    )
    assert [len(first.rows), len(rest.rows), rest.after] == [2, 1, None]


def test_reading_the_report_is_on_record_itself(private, key):
    private.report(customer="C1")

    assert private.looks() == [("oscar", "look", "GetAccessReport", "", ("C1",))]


def test_the_report_refuses_a_kind_there_is_not_and_a_customer_nobody_knows(private):
    with pytest.raises(CommandRefused, match="a row is one of"):
        private.report(kind="glance")
    with pytest.raises(NotFound):
        private.report(customer="C9")


SPOILT = {
    "a changed actor": ("UPDATE access SET actor = 'ben' WHERE number = 2", 2, "beside"),
    "a changed moment": ("UPDATE access SET at = at + 1 WHERE number = 2", 2, "beside"),
    "a changed ticket": ("UPDATE access SET ticket = '' WHERE number = 2", 2, "beside"),
    "a changed body": ("UPDATE access SET body = replace(body, 'ana', 'ben') WHERE number = 2", 2, "content"),
    "a lost row": ("DELETE FROM access WHERE number = 2", 2, "missing"),
    "a lost last row": ("DELETE FROM access WHERE number = 3", 3, "missing"),
    "a hidden customer": ("DELETE FROM access_customer WHERE number = 2", 2, "beside"),
    "a foreign customer": ("INSERT INTO access_customer VALUES ('C9', 2)", 2, "beside"),
    "a customer of no row": ("INSERT INTO access_customer VALUES ('C9', 9)", 4, "missing"),
    "a forgotten end": ("UPDATE chain SET number = 2 WHERE name = 'access'", 3, "after"),
    "a changed end": ("UPDATE chain SET head = zeroblob(32) WHERE name = 'access'", 3, "hash"),
    "no text": ("UPDATE access SET body = x'ff' WHERE number = 2", 2, "read"),
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILT)
def test_a_row_that_was_changed_is_found_and_named(private, key, what):
    statement, number, why = SPOILT[what]
    for _ in range(3):
        private.desk.ask(GetTicket(actor="ana", ticket=key))
    connection = open_sqlite(private.config.database)
    connection.execute("PRAGMA foreign_keys=OFF")
    database = Database(private.config.database)
    assert access_log.verify(database) == (3, None)

    connection.execute(statement)

    _, broken = access_log.verify(database)
    assert broken is not None
    assert broken.sequence == number
    assert why in str(broken.reason)
    connection.close()
    database.close()


def everything(private):
    """All rows of all tables but the access log's, as they are stored."""
    connection = open_sqlite(private.config.database)
    try:
        names = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        kept = [one for one in names if not one.startswith(("access", "chain", "sqlite_"))]
        return {one: connection.execute(f"SELECT * FROM {one}").fetchall() for one in kept}
    finally:
        connection.close()
