"""Queues: whatever the order, the filter, the page and the asker, pages are pieces of one list that is known beforehand."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from casewright.clock import SetClock
from casewright.errors import CommandRefused, NotAllowed, NotFound
from casewright.queries import (
    ORDERS,
    CountQueue,
    GetSummary,
    GetTicket,
    GetWallboard,
    ListQueue,
)
from casewright.store import deadlines, queue_plan
from casewright.store.database import Database
from casewright.store.migrate import migrations, statements
from casewright.timekeeping import next_deadline

from ..conftest import MONDAY_MORNING
from .queue_centre import QueueCentre, all_tickets, belongs, in_order, keys

MANY = 1_000


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QueueCentre]:
    root = tmp_path_factory.mktemp("queues") / "workspace"
    root.mkdir()
    made = QueueCentre(root, SetClock(MONDAY_MORNING))
    made.fill()
    yield made
    made.desk.close()


@pytest.fixture(params=["few are gathered", "all are walked"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways in which SQLite may be told to go about it; on a small store only the first would be taken."""
    if request.param == "all are walked":
        monkeypatch.setattr(queue_plan, "FEW", -1)


def maybe(*values: Any) -> some.SearchStrategy[Any]:
    return some.sampled_from([None, None, None, None, *values])


QUEUES = some.fixed_dictionaries(
    {
        "open": some.sampled_from([True, True, False, None]),
        "workflow": maybe("matter", "errand"),
        "state": maybe("working", "asking", "closed"),
        "handler": maybe("ana", "gus", ""),
        "team": maybe("one", "two", "nobody's"),
        "owner": maybe("olga", "ana"),
        "watcher": maybe("olga"),
        "customer": maybe("C1", ""),
        "priority": maybe("urgent", "normal"),
        "due_within": maybe(0, 3_600, 10**9),
        "older_than": maybe(0, 3_600),
        "younger_than": maybe(3_600),
        "paused": maybe(True, False),
        "text": maybe("宽带", "0007"),
        "order": some.sampled_from(ORDERS),
        "descending": some.booleans(),
    }
)
ASKERS = some.sampled_from(["rita", "lena", "gus", "dora"])


@pytest.mark.usefixtures("way")
@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(asked=QUEUES, asker=ASKERS, limit=some.integers(1, 20), skip=some.integers(0, 60))
def test_pages_are_pieces_of_the_list_that_a_queue_is_by_definition(
    centre: QueueCentre, asked: dict[str, Any], asker: str, limit: int, skip: int
) -> None:
    asked = {**asked, "actor": asker}
    queue = ListQueue(**asked)
    whole = in_order(
        queue, [one for one in all_tickets(centre, asker) if belongs(centre, queue, one)]
    )
    page = centre.desk.ask(ListQueue(**asked, limit=MANY))
    places = [one.position for one in page.rows]

    assert keys(page.rows) == whole
    assert (page.earlier, page.later) == (False, False)
    assert centre.desk.ask(CountQueue(**asked)).tickets == len(whole)
    forward = centre.desk.ask(ListQueue(**asked, limit=limit, skip=skip))
    assert keys(forward.rows) == whole[skip : skip + limit]
    assert forward.later == (skip + limit < len(whole))
    assert forward.earlier == (skip > 0 and bool(whole))
    ending = len(whole) - skip
    last = centre.desk.ask(ListQueue(**asked, limit=limit, skip=-skip - 1))
    assert keys(last.rows) == whole[max(0, ending - limit) : max(0, ending)]
    if not whole:
        return
    at = skip % len(whole)
    after = centre.desk.ask(ListQueue(**asked, limit=limit, after=places[at]))
    assert keys(after.rows) == whole[at + 1 : at + 1 + limit]
    assert after.earlier
    assert after.later == (at + 1 + limit < len(whole))
    with_it = centre.desk.ask(ListQueue(**asked, limit=limit, after=places[at], including=True))
    assert keys(with_it.rows) == whole[at : at + limit]
    assert with_it.earlier == (at > 0)
    before = centre.desk.ask(ListQueue(**asked, limit=limit, before=places[at]))
    assert keys(before.rows) == whole[max(0, at - limit) : at]
    assert before.later
    assert before.earlier == (at - limit > 0)
    counted = centre.desk.ask(CountQueue(**asked, up_to=places[at]))
    assert counted.before == at


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("asker", ["rita", "lena", "gus", "dora"])
def test_a_queue_shows_exactly_the_tickets_that_may_be_opened(centre: QueueCentre, asker: str):
    every = centre.desk.ask(ListQueue(actor="rita", open=None, limit=MANY)).rows
    shown = centre.desk.ask(ListQueue(actor=asker, open=None, limit=MANY)).rows
    opened = set()
    for one in every:
        try:
            opened.add(centre.desk.ask(GetTicket(actor=asker, ticket=one.key)).key)
        except NotFound:
            continue

    assert set(keys(shown)) == opened
    assert centre.desk.ask(CountQueue(actor=asker, open=None)).tickets == len(opened)


def test_whoever_may_read_nothing_has_no_queue_but_a_summary(centre: QueueCentre):
    for query in (ListQueue(actor="pia"), CountQueue(actor="pia"), GetWallboard(actor="pia")):
        with pytest.raises(NotAllowed):
            centre.desk.ask(query)

    assert centre.desk.ask(GetSummary(actor="pia")).open == 0


def test_a_row_tells_the_next_deadline_of_which_promise_and_shows_nobody_in_the_clear(
    centre: QueueCentre,
):
    tickets = {one.key: one for one in all_tickets(centre, "rita")}
    rows = centre.desk.ask(ListQueue(actor="rita", open=None, limit=MANY)).rows

    assert {one.paused for one in rows} == {True, False}
    for row in rows:
        ticket = tickets[row.key]
        next_one = next_deadline(ticket.clocks)
        assert row.due_at == next_one.due_at
        assert (row.promise is None) == (next_one.promise == "")
        assert row.paused == next_one.paused
        assert row.subject == "王****"
        assert row.customer == ("王****" if ticket.customer else "")
        assert "小明" not in repr(row)
        assert (row.version, row.sequence) == (ticket.version, ticket.sequence)


def test_what_the_migration_works_out_is_what_the_commands_have_written(centre: QueueCentre):
    sql = next(one.sql for one in migrations() if one.name == "queues")
    updates = [one for one in statements(sql) if one.startswith("UPDATE")]
    asked = "SELECT id, due_at, promise, paused, urgency FROM ticket ORDER BY id"
    plain = f"due_at = {deadlines.NEVER}, promise = '', paused = 0, urgency = 0"
    database = Database(centre.config.database)
    try:
        written = database.execute(asked).fetchall()
        database.execute("BEGIN")
        for one in (f"UPDATE ticket SET {plain}", *updates):
            database.execute(one)
        worked_out = database.execute(asked).fetchall()
        database.execute("ROLLBACK")
    finally:
        database.close()

    assert len(updates) == 3
    assert worked_out == written


def test_a_queue_begins_at_one_place_and_has_an_order_that_there_is(centre: QueueCentre):
    for wrong in (
        {"order": "colour"},
        {"after": (1, 1), "before": (2, 2)},
        {"after": (1, 1), "skip": 3},
        {"after": (2**70, 1)},
        {"skip": 2**70},
    ):
        with pytest.raises(CommandRefused):
            centre.desk.ask(ListQueue(actor="rita", **wrong))


def test_a_summary_counts_what_one_has_in_hand(centre: QueueCentre):
    for name in ("ana", "gus"):
        mine = [one for one in all_tickets(centre, name) if one.open and one.handler == name]
        dues = [next_deadline(one.clocks).due_at for one in mine]
        known = sorted(one for one in dues if one is not None)
        found = centre.desk.ask(GetSummary(actor=name))

        assert mine
        assert found.open == len(mine)
        assert found.overdue == sum(one <= centre.clock.now() for one in known)
        assert found.next_due == (known[0] if known else None)


@pytest.mark.parametrize("asker", ["rita", "lena", "gus"])
def test_a_wallboard_says_what_counting_the_tickets_one_by_one_says(
    centre: QueueCentre, asker: str
):
    now, every = centre.clock.now(), all_tickets(centre, asker)
    tickets = [one for one in every if one.open]
    dues = {one.key: next_deadline(one.clocks).due_at for one in tickets}
    board = centre.desk.ask(GetWallboard(actor=asker))

    assert board.open == len(tickets) == sum(one.tickets for one in board.states)
    assert board.overdue == sum(one is not None and one <= now for one in dues.values())
    assert board.unassigned == sum(one.handler is None for one in tickets)
    assert board.paused == sum(next_deadline(one.clocks).paused for one in tickets)
    assert board.opened_today == len(every)
    assert board.closed_today == len(every) - len(tickets)
    assert len(board.due) == 16
    until = board.due[-1].at
    assert sum(one.tickets for one in board.due[:-1]) == sum(
        one is not None and board.due[0].at <= one < until for one in dues.values()
    )
    assert sum(one.tickets for one in board.ages) == len(tickets)
    for person in board.people:
        own = [one for one in tickets if one.handler == person.name]
        assert person.open == len(own)
        assert person.overdue == sum(
            (dues[one.key] or now.max.replace(tzinfo=now.tzinfo)) <= now for one in own
        )
    ended = [
        clock
        for one in every
        for clock in one.clocks.values()
        if clock.end == "met" and clock.ended_at is not None
    ]
    assert sum(one.ended for one in board.promises) == len(ended)
    assert sum(one.met for one in board.promises) == sum(
        one.breached_at is None for one in ended
    )


def test_a_leader_sees_the_load_of_their_team_and_of_nobody_else(centre: QueueCentre):
    shown = {one.name for one in centre.desk.ask(GetWallboard(actor="lena")).people}

    assert shown == {"ana", "ben", "lena", "olga"}
