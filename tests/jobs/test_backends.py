"""What both backends promise: what is handed out is given once it is committed, in order, and again until it is dealt with."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given as given_examples
from hypothesis import strategies as st

from casewright.clock import to_microseconds
from casewright.desk.working.back_door import Working
from casewright.jobs.backend import JobBackend
from casewright.jobs.load import load_of
from casewright.jobs.procrastinate import IN_ONE, in_jobs
from casewright.queries import GetHistory
from casewright.store import inbox
from casewright.store.inbox import MOST_ATTEMPTS, Due

from ..core.worker_site import WorkerSite

PATIENCE = 20.0
_numbers = count(1)


class Lost(Exception):
    """A transaction that comes to nothing."""


@contextmanager
def at_work(site: WorkerSite) -> Iterator[tuple[Working, JobBackend]]:
    """A worker's back door, while its backend gives it work."""
    working = site.desk.working(among_others=True)
    working.backend.start(lambda: None)
    try:
        yield working, working.backend
    finally:
        working.backend.stop()


def hand_out(site: WorkerSite, working: Working, key: str, names: Sequence[str]) -> None:
    """Let rows of a ticket come into the inbox, one a second, the last one now, and be handed out."""
    now = now_of(site)
    with working.database.write():
        (ticket,) = working.database.execute(
            "SELECT id FROM ticket WHERE key = ?", (key,)
        ).fetchone()
        for place, name in enumerate(reversed(names)):
            inbox.put(working.database, ticket_id=ticket, name=name, at=now - place * 1_000_000)
        working.backend.hand_out(now)


def hand_out_in_vain(
    site: WorkerSite, working: Working, key: str, names: Sequence[str]
) -> None:
    with working.database.write():
        hand_out(site, working, key, names)
        raise Lost


def now_of(site: WorkerSite) -> int:
    return to_microseconds(site.clock.now())


def given(site: WorkerSite, backend: JobBackend, number: int) -> list[Due]:
    """Take until so many were given, each dealt with as it is taken; then wait a moment for one too many."""
    found = list[Due]()

    def enough() -> bool:
        for one in backend.take(now_of(site), 100):
            found.append(one)
            dealt_with(site, one)
        backend.done()
        return len(found) >= number

    until(enough)
    time.sleep(0.2)
    enough()
    return found


def dealt_with(site: WorkerSite, one: Due) -> None:
    database = site.desk._database
    with database.write():
        inbox.done(database, one)


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)


def names() -> Iterator[str]:
    """Yield names that nothing else in the inbox has."""
    while True:
        yield f"job:{next(_numbers)}"


NAMES = names()


def some(number: int) -> list[str]:
    return [next(NAMES) for _ in range(number)]


def test_what_is_handed_out_is_given_once_in_order_of_its_moments(site):
    key = site.open()
    named = some(5)
    with at_work(site) as (working, backend):
        hand_out(site, working, key, named)

        assert [one.name for one in given(site, backend, 5)] == named


def test_what_is_handed_out_in_a_transaction_that_comes_to_nothing_is_never_given(site):
    key = site.open()
    lost, kept = some(2)
    with at_work(site) as (working, backend):
        with pytest.raises(Lost):
            hand_out_in_vain(site, working, key, [lost])
        hand_out(site, working, key, [kept])

        assert [one.name for one in given(site, backend, 1)] == [kept]


def test_nothing_is_given_before_the_commit(site):
    key = site.open()
    with at_work(site) as (working, backend):
        with working.database.write():
            hand_out(site, working, key, some(1))
            time.sleep(0.3)
            assert not backend.ready

        assert len(given(site, backend, 1)) == 1


def test_what_could_not_be_dealt_with_is_given_again(site):
    key = site.open()
    named = some(1)
    with at_work(site) as (working, backend):
        hand_out(site, working, key, named)
        until(lambda: bool(backend.take(now_of(site), 10)))
        backend.put_back()

        assert [one.name for one in given(site, backend, 1)] == named


def test_what_a_worker_has_not_begun_when_it_ends_is_left_to_the_next(site):
    keys = [site.open() for _ in range(3)]
    named = some(3)
    with at_work(site) as (working, backend):
        for key, name in zip(keys, named, strict=True):
            hand_out(site, working, key, [name])
        time.sleep(0.5)

    with at_work(site) as (_, backend):
        assert sorted(one.name for one in given(site, backend, 3)) == named


def test_a_timer_that_fails_waits_and_holds_up_no_other_and_is_kept_after_its_last_attempt(
    site,
):
    spoilt, well = site.open(), site.open()
    mend = spoil(site, spoilt)
    site.clock.advance(timedelta(hours=5))
    with at_work(site) as (working, _):

        def fired() -> int:
            working.sweep()
            return len(working.fire().lags)

        until(lambda: fired() == 1)
        assert count_fired(site, well) == 1
        for _ in range(MOST_ATTEMPTS):
            site.clock.advance(timedelta(hours=2))
            until(lambda: bool(swept_and_tried(working)) or failed(site) == [spoilt])
        assert failed(site) == [spoilt]

        mend()
        retry(site)
        until(lambda: fired() == 1)
    assert count_fired(site, spoilt) == 1
    assert failed(site) == []


def swept_and_tried(working: Working) -> int:
    working.sweep()
    return len(working.fire().troubles)


def spoil(site: WorkerSite, key: str) -> Callable[[], None]:
    """Let what is known of a ticket be unreadable; return what mends it."""
    database = site.desk._database
    before = database.execute("SELECT record FROM ticket WHERE key = ?", (key,)).fetchone()[0]

    def put(record: object) -> None:
        with database.write():
            database.execute("UPDATE ticket SET record = ? WHERE key = ?", (record, key))

    put(before[: len(before) // 2])
    return lambda: put(before)


def failed(site: WorkerSite) -> list[str]:
    return [one.ticket for one in site.timers("failed")]


def retry(site: WorkerSite) -> None:
    """Let what was given up be tried again."""
    database = site.desk._database
    with database.write():
        database.execute("UPDATE inbox SET attempts = 0, next_at = due_at", ())


def count_fired(site: WorkerSite, key: str) -> int:
    history = site.desk.ask(GetHistory(actor="ana", ticket=key))
    return sum(event.kind == "TimerFired" for event in history)


def test_nothing_more_of_a_ticket_is_handed_out_while_something_earlier_is(on_server):
    first, later, other = some(3)
    key, another = on_server.open(), on_server.open()
    with at_work(on_server) as (working, backend):
        hand_out(on_server, working, key, [first])
        until(lambda: bool(backend.take(now_of(on_server), 10)))
        on_server.clock.advance(timedelta(seconds=1))
        hand_out(on_server, working, key, [later])
        hand_out(on_server, working, another, [other])
        until(lambda: load_of(working.database).under_way == 2)
        backend.put_back()

        seen = [one.name for one in given(on_server, backend, 2)]
        assert sorted(seen) == sorted([first, other])

        with working.database.write():
            backend.hand_out(now_of(on_server))
        assert [one.name for one in given(on_server, backend, 1)] == [later]


@given_examples(
    rows=st.lists(st.tuples(st.integers(), st.integers(0, 9), st.text()), max_size=200)
)
def test_the_rows_of_a_ticket_stand_in_one_job_in_their_order(rows):
    jobs = in_jobs(rows)

    assert sorted(row for job in jobs for row in job) == sorted(rows)
    for ticket in {row[1] for row in rows}:
        (job,) = (job for job in jobs if any(row[1] == ticket for row in job))
        assert [row for row in job if row[1] == ticket] == [
            row for row in rows if row[1] == ticket
        ]
    for job in jobs:
        assert len(job) <= IN_ONE or len({row[1] for row in job}) == 1


def test_two_workers_share_what_is_due_and_do_nothing_twice(on_server, tmp_path):
    keys = [on_server.open() for _ in range(60)]
    named = some(60)
    second = WorkerSite(
        on_server.config.root, on_server.clock, postgres=on_server.config.postgres
    )
    try:
        with (
            at_work(on_server) as (working, first_backend),
            at_work(second) as (_, second_backend),
        ):
            until(lambda: load_of(working.database).workers == 2)
            for key, name in zip(keys, named, strict=True):
                hand_out(on_server, working, key, [name])
            found = {"first": list[Due](), "second": list[Due]()}

            def all_given() -> bool:
                both = ((on_server, first_backend, "first"), (second, second_backend, "second"))
                for site, backend, who in both:
                    for one in backend.take(now_of(site), 3):
                        found[who].append(one)
                        dealt_with(site, one)
                    backend.done()
                return sum(map(len, found.values())) >= 60

            until(all_given)

        assert sorted(one.name for ones in found.values() for one in ones) == sorted(named)
        assert min(map(len, found.values())) > 0
    finally:
        second.desk.close()
