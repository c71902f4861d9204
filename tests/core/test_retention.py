"""Retention: so long after it was closed, what is personal in a ticket is erased by the worker, once a day."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright.bilingual import Bilingual
from casewright.clock import SetClock
from casewright.commands import AddComment, EraseTicket, ReopenTicket
from casewright.desk.erasing.erasure_ledger import FILE as LEDGER
from casewright.errors import CommandRefused, Message
from casewright.forms.outliving import outlives
from casewright.forms.spec import Field, Form
from casewright.model import RETENTION, SYSTEM
from casewright.queries import GetHistory, ListErasures, ListOverdue, VerifyAudit
from casewright.testing.desk import MOMENT
from casewright.workflows.retention import Retention, retention

from .test_erasure import found_in
from .worker_site import WORKFLOW, WorkerSite

KEPT = WORKFLOW.replace("start: open\n", "start: open\nreopen: continue\nretention: 3 years\n")
COMMENT = "Zwetschgenkuchen"


@pytest.fixture
def site(tmp_path):
    return WorkerSite(tmp_path, SetClock(MOMENT), KEPT)


def closed(site, text=COMMENT):
    key = site.open()
    site.desk.execute(AddComment(actor="ana", ticket=key, text=text))
    site.fire(key, "finish")
    return key


def kinds(site, key):
    return [
        event.kind for event in site.desk.ask_as_system(GetHistory(actor=SYSTEM, ticket=key))
    ]


def is_whole(site):
    return site.desk.ask_as_system(VerifyAudit(actor=SYSTEM)).ok


def test_when_its_time_is_over_a_ticket_is_erased_by_the_worker(site, tmp_path):
    key = closed(site)

    site.work(days=3 * 365)
    assert found_in(tmp_path, (COMMENT,))
    site.work(days=2)

    assert found_in(tmp_path, (COMMENT,)) == []
    assert kinds(site, key)[-1] == "TicketErased"
    assert is_whole(site)
    (noted,) = site.desk.ask_as_system(ListErasures(actor=SYSTEM))
    assert (noted.ticket, noted.actor, noted.reason) == (key, RETENTION, "retention: 3 years")
    assert [one.event for one in site.lines if one.event == "retention"] == ["retention"]


def test_an_erased_ticket_is_not_erased_again_the_next_day(site):
    key = closed(site)
    site.work(days=3 * 365 + 2)

    site.work(days=1)

    assert kinds(site, key).count("TicketErased") == 1
    assert len(site.desk.ask_as_system(ListErasures(actor=SYSTEM))) == 1


def test_a_ticket_that_was_reopened_starts_again_when_it_is_closed_again(site, tmp_path):
    key = closed(site)
    site.clock.advance(timedelta(days=3 * 365))
    site.desk.execute(ReopenTicket(actor="ana", ticket=key, reason="it is back"))
    site.work(days=10)
    assert found_in(tmp_path, (COMMENT,))
    site.fire(key, "finish")

    site.work(days=3 * 365)
    assert found_in(tmp_path, (COMMENT,))
    site.work(days=2)
    assert found_in(tmp_path, (COMMENT,)) == []
    assert is_whole(site)


def test_what_will_be_erased_can_be_seen_before(site):
    key = closed(site)
    site.open()
    site.clock.advance(timedelta(days=3 * 365 + 2))

    (due,) = site.desk.ask_as_system(ListOverdue(actor=SYSTEM))

    assert (due.ticket, due.workflow, due.retention) == (key, "matter", "3 years")


def test_without_the_word_nothing_is_ever_erased(tmp_path):
    site = WorkerSite(tmp_path, SetClock(MOMENT))
    closed(site)

    site.work(days=30 * 365)

    assert found_in(tmp_path, (COMMENT,))


def test_more_tickets_than_one_turn_takes_are_all_erased(site, monkeypatch):
    monkeypatch.setattr("casewright.desk.working.retaining.MOST_AT_ONCE", 3)
    keys = [closed(site) for _ in range(7)]

    site.work(days=3 * 365 + 2)

    assert all(kinds(site, key)[-1] == "TicketErased" for key in keys)


def test_one_that_cannot_be_erased_holds_up_no_other(site):
    first, second = closed(site), closed(site)
    site.desk._database.execute(
        "UPDATE event_value SET body = 'spoilt' WHERE ticket_id = (SELECT id FROM ticket WHERE key = ?)",
        (first,),
    )

    site.work(days=3 * 365 + 2)

    assert kinds(site, second)[-1] == "TicketErased"
    assert [one.event for one in site.lines if one.grade == "warning"] == ["erasing_failed"]


@pytest.mark.parametrize(
    ("written", "moment", "since"),
    [
        ("3 years", datetime(2028, 2, 29, tzinfo=UTC), datetime(2025, 2, 28, tzinfo=UTC)),
        ("1 month", datetime(2026, 3, 31, tzinfo=UTC), datetime(2026, 2, 28, tzinfo=UTC)),
        ("18 months", datetime(2026, 3, 31, tzinfo=UTC), datetime(2024, 9, 30, tzinfo=UTC)),
        ("90 days", datetime(2026, 3, 31, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC)),
    ],
)
def test_years_and_months_are_those_of_the_calendar(written, moment, since):
    found = retention(written)

    assert isinstance(found, Retention)
    assert found.since(moment) == since


@pytest.mark.parametrize(
    "written", ["", "three years", "0 days", "3 yeers", "5 hours", "200 years", "-1 day"]
)
def test_what_is_no_retention_is_refused_with_what_to_write(written):
    assert isinstance(retention(written), Message)


@given(
    amount=st.integers(1, 60),
    unit=st.sampled_from(("days", "months", "years")),
    earlier=st.datetimes(datetime(2024, 1, 1), datetime(2060, 1, 1)),
    later=st.datetimes(datetime(2024, 1, 1), datetime(2060, 1, 1)),
)
def test_what_was_over_earlier_is_over_later(amount, unit, earlier, later):
    first, second = sorted((earlier.replace(tzinfo=UTC), later.replace(tzinfo=UTC)))
    kept = Retention(amount=amount, unit=unit)

    assert kept.since(first) <= kept.since(second) < second


def test_an_open_ticket_is_not_erased_for_its_time(site):

    key = site.open()
    with pytest.raises(CommandRefused, match="open again"):
        site.desk.execute_as_system(EraseTicket(actor=RETENTION, ticket=key, reason="x"))


def test_a_ledger_that_cannot_be_read_is_told_and_holds_up_nothing_else(site, tmp_path):
    key = closed(site)
    (tmp_path / LEDGER).write_text("spoilt\n")

    site.work(days=3 * 365 + 2)

    assert kinds(site, key)[-1] == "TicketErased"
    (said,) = [one.sentence for one in site.lines if one.event == "erasing_failed"]
    assert "line 1 is not what was written" in str(said)


def test_of_fields_what_was_chosen_counted_or_dated_stays_and_what_is_personal_or_written_goes():
    title = Bilingual(en="x", zh="x")

    def stays(value, **more):
        field = Field(name="x", title=title, **{"kind": "text", **more})
        form = Form(name="f", title=title, schema={}, fields={"x": field})
        return outlives("x", value, [form])

    assert stays("late", choices=("late", "lost"))
    assert stays("north", lookup="places")
    assert stays(3, kind="integer")
    assert stays(True, kind="boolean")
    assert stays("2026-03-02", format="date")
    assert stays(["a"], kind="texts", choices=("a", "b"))
    assert not stays("anything")
    assert not stays(["anything"], kind="texts")
    assert not stays("a@b.example", format="email")
    assert not stays("late", choices=("late", "lost"), personal=True)
    assert not stays(1980, kind="integer", personal=True)
    assert outlives("computed", 7, [])
    assert not outlives("computed", {"a": ["words"]}, [])
