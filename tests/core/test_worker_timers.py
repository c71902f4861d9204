"""The worker's timers: fired once, in order of due time, late ones too; a bad one holds up no other."""

from datetime import timedelta
from threading import Event

import pytest

from casewright.commands import TimerFired
from casewright.errors import NothingChanges, WorkerBusy
from casewright.queries import GetHistory, VerifyAudit
from casewright.store import inbox
from casewright.worker.tally import Lags

from .worker_site import WorkerSite, way


@pytest.fixture
def site(workspace, clock):
    made = WorkerSite(workspace, clock)
    yield made
    made.desk.close()


def fired(site, key):
    history = site.desk.ask(GetHistory(actor="ana", ticket=key))
    return [event for event in history if event.kind == "TimerFired"]


def test_a_timer_fires_when_it_is_due_and_not_before(site):
    key = site.open()

    assert site.work(hours=4).counts["fired"] == 0
    assert site.work(hours=1).counts["fired"] == 1
    assert site.work().counts["fired"] == 0
    assert len(fired(site, key)) == 1


def test_a_worker_that_was_down_fires_what_it_missed_once_and_in_order_of_due_time(site):
    keys = []
    for _ in range(5):
        keys.append(site.open())
        site.clock.advance(timedelta(minutes=7))

    tally = site.work(days=3)

    events = [(event.at, key) for key in keys for event in fired(site, key)]
    assert tally.counts["fired"] == len(events) == 5
    assert {len(fired(site, key)) for key in keys} == {1}
    numbers = [one.number for one in site.notices() if one.reason == "breach"]
    tickets = [one.ticket for one in site.notices() if one.reason == "breach"]
    assert numbers == sorted(numbers)
    assert list(dict.fromkeys(tickets)) == keys


def test_more_timers_than_a_batch_are_all_fired(site):
    with site.desk.batch():
        keys = [site.open() for _ in range(620)]

    tally = site.work(hours=5)

    assert tally.counts["fired"] == 620
    assert tally.lags.count == 620
    assert sum(count for _, count in tally.lags.histogram()) == 620
    assert all(len(fired(site, key)) == 1 for key in keys[::100])
    assert site.desk.ask(VerifyAudit(actor="ana")).ok


def test_a_timer_whose_ticket_no_longer_waits_for_it_is_dropped_and_counted(site):
    key = site.open()
    site.clock.advance(timedelta(hours=5))
    site.desk.working().sweep()
    site.fire(key, "finish")

    tally = site.work()

    assert (tally.counts["fired"], tally.counts["stale"]) == (0, 1)
    assert fired(site, key) == []
    assert site.timers("due") == ()


def test_the_same_timer_cannot_be_fired_a_second_time(site):
    key = site.open()
    due = site.timers()[0]
    site.work(hours=5)

    with pytest.raises(NothingChanges):
        site.desk.execute_as_system(
            TimerFired(actor="system", ticket=key, name=due.name, due_at=due.due_at)
        )

    assert len(fired(site, key)) == 1


def test_a_timer_that_cannot_be_fired_is_tried_again_and_then_kept_for_people_to_see(site):
    key, well = site.open(), site.open()
    spoil(site, key)

    first = site.work(hours=5)

    assert (first.counts["fired"], first.counts["troubles"]) == (1, 1)
    assert len(fired(site, well)) == 1
    for _ in range(inbox.MOST_ATTEMPTS):
        site.work(hours=1)
    assert site.timers("due") == ()
    failed = site.timers("failed")
    assert [(one.ticket, one.attempts) for one in failed] == [(key, inbox.MOST_ATTEMPTS)]
    assert "not in the database as it was written" in str(failed[0].error)


def test_a_timer_that_failed_fires_once_the_cause_is_gone(site):
    key = site.open()
    mend = spoil(site, key)
    site.work(hours=5)

    mend()
    site.work(minutes=1)

    assert len(fired(site, key)) == 1
    assert site.timers("failed") == site.timers("due") == ()


def test_a_clock_put_back_loses_no_timer_and_fires_none_early(site):
    key = site.open()
    site.clock.advance(timedelta(hours=5))
    site.desk.working().sweep()
    site.clock.advance(-timedelta(days=1))

    assert site.work().counts["fired"] == 0
    assert site.timers("due") == ()
    assert site.work(days=1).counts["fired"] == 1
    assert len(fired(site, key)) == 1


def test_a_clock_put_forward_fires_everything_in_between_once(site):
    key = site.open()

    assert site.work(days=1).counts["fired"] == 1
    assert site.work(days=1).counts["fired"] == 0
    assert len(fired(site, key)) == 1


def test_a_second_worker_is_refused_until_the_first_has_been_silent(site):
    site.desk.working().hold("first")

    with pytest.raises(WorkerBusy) as refusal:
        site.worker(holder="second").run(once=True)

    assert refusal.value.holder == "first"
    assert refusal.value.until > site.clock.now()
    site.clock.advance(timedelta(minutes=1))
    site.worker(holder="second").run(once=True)


def test_a_worker_that_has_stopped_gives_its_lease_back(site):
    site.worker(holder="first").run(once=True)

    site.worker(holder="second").run(once=True)


def test_a_lease_from_before_the_clock_went_back_binds_nobody(site):
    site.desk.working().hold("first")
    site.clock.advance(-timedelta(days=1))

    site.worker(holder="second").run(once=True)


def test_a_worker_that_is_told_to_stop_ends_what_it_has_begun(site):
    key = site.open()
    site.clock.advance(timedelta(hours=5))
    stop, accept = Event(), site.provider.answer

    def answer(outgoing):
        stop.set()
        return accept(outgoing)

    site.provider.answer = answer
    tally = site.worker(stop=stop).run()

    assert (tally.counts["fired"], tally.counts["accepted"]) == (1, 1)
    assert len(fired(site, key)) == 1
    assert way(site.sms()) == ["queued", "submitted", "accepted"]
    site.worker(holder="second").run(once=True)


def test_a_histogram_of_lags_has_every_timer_and_its_quantiles():
    lags = Lags()

    lags.add([timedelta(seconds=0.05)] * 98 + [timedelta(seconds=3)] + [timedelta(seconds=70)])

    assert (lags.quantile(0.5), lags.quantile(0.98), lags.largest) == (0.05, 3.0, 70.0)
    assert dict(lags.histogram())[0.1] == 98
    assert dict(lags.histogram())[5.0] == 1
    assert dict(lags.histogram())[300.0] == 1


def spoil(site, key):
    """Spoil the stored ticket; return what mends it."""
    database = site.desk._database
    query = "SELECT record FROM ticket WHERE key = ?"
    before = database.execute(query, (key,)).fetchone()[0]

    def write(record):
        with database.write():
            database.execute("UPDATE ticket SET record = ? WHERE key = ?", (record, key))

    write("{")
    return lambda: write(before)
