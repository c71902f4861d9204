"""Thousands of tickets whose deadlines fall into one minute: all fired in time, nobody buried, every notice accounted for."""

import time
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from casewright.clock import SetClock
from casewright.queries import ListNotices
from casewright.settings.delivering import Limit

from .worker_site import WorkerSite

HANDLERS = 20
LIMITS = (
    Limit(count=1, within=timedelta(minutes=1)),
    Limit(count=5, within=timedelta(minutes=15)),
    Limit(count=11, within=timedelta(hours=1)),
    Limit(count=21, within=timedelta(hours=3)),
)


class RunningClock(SetClock):
    """A clock that goes on from where it was put, as fast as the real one."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(moment)
        self._began = time.monotonic()

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=time.monotonic() - self._began)


@pytest.mark.parametrize(
    ("tickets", "seconds"), [(300, 2), pytest.param(10_000, 60, marks=pytest.mark.soak)]
)
def test_deadlines_that_fall_into_one_minute(workspace, clock, tickets, seconds, capsys):
    site = WorkerSite(workspace, clock)
    names = [f"agent{number:02}" for number in range(HANDLERS)]
    for number, name in enumerate(names):
        site.person(name, phone=f"+86139{number:08}")
    site.configure(limits=LIMITS)
    begun = clock.now()
    with site.desk.batch():
        for number in range(tickets):
            clock.set(begun + timedelta(seconds=seconds) * number / tickets)
            site.open(by=names[number % HANDLERS])

    lags = fired_in_time(site, begun + timedelta(hours=5), tickets)
    let_hours_pass(site)

    assert lags["count"] == tickets
    assert lags["max"] < 60
    with capsys.disabled():
        print(f"\n{tickets} deadlines in {seconds} s, lags: {lags}")
    told = [one for one in every_notice(site) if one.via == "sms"]
    assert len(told) == tickets
    assert Counter(one.state for one in told) == {"accepted": tickets}
    assert Counter(one.recipient for one in told).keys() == set(names)
    sent = defaultdict(list)
    for one, at in zip(site.provider.handed, site.provider.handed_at, strict=True):
        sent[one.address].append(at)
    for moments in sent.values():
        for limit in LIMITS:
            nearest = zip(moments, moments[limit.count :], strict=False)
            assert all(later - first >= limit.within for first, later in nearest)
    assert max(map(len, sent.values())) < tickets / HANDLERS
    site.desk.close()


def fired_in_time(site, due, tickets):
    """Work in real time from just before the first deadline on; return the lags of all timers."""
    site.provider.clock = running = RunningClock(due - timedelta(seconds=0.1))
    with site.desk.at(running):
        worker = site.worker()
        while worker.tally.lags.count < tickets:
            worker.run(once=True)
    site.clock.set(running.now())
    site.provider.clock = site.clock
    return worker.tally.lags.document()


def let_hours_pass(site):
    """Work every twenty seconds until nothing waits any more."""
    while any(one.state == "queued" for one in every_notice(site) if one.via == "sms"):
        site.work(seconds=20)


def every_notice(site):
    found, after = [], None
    while True:
        page = site.desk.ask(ListNotices(actor="olga", limit=1000, after=after))
        found += page.notices
        after = page.after
        if after is None:
            return found


def test_two_messages_to_one_person_are_never_closer_than_the_limit(workspace, clock):
    site = WorkerSite(workspace, clock)
    site.configure(limits=LIMITS)
    for _ in range(30):
        site.fire(site.open(), "call")
        site.work(seconds=7)

    moments = site.provider.handed_at
    assert all(later - first >= timedelta(minutes=1) for first, later in pairwise(moments))
    assert len(site.provider.to("olga")) == len(moments) == 4
    site.desk.close()
