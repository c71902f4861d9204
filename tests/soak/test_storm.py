"""Thousands of deadlines within one minute: all fired in time, every notice accounted for, and nobody's telephone swamped."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from casewright.commands import OpenTicket
from casewright.delivery.channels import open_channel
from casewright.desk import Desk, open_desk
from casewright.settings.delivering import SMS_LIMITS, Limit
from casewright.store.database import open_sqlite
from casewright.worker.loop import Worker
from casewright.worker.tally import Lags, Tally

from . import time_site
from .last_worker import finish
from .provider import Handed, provider
from .shared_clock import SharedClock
from .time_checks import faults
from .time_findings import Findings, findings

MINUTE = timedelta(minutes=1)
FIRST_DUE = time_site.BEGINNING + time_site.RUSH_WITHIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """What a worker did in the storm, how notices stood when the last timer had fired, and what was found at the end."""

    tally: Tally
    standing: Counter[str]
    found: Findings
    limits: Sequence[Limit]
    quickest: timedelta
    """By how much less than their distance two messages may seem to be apart at the provider."""


def storm(root: Path, tickets: int, *, speed: int) -> Storm:
    """Open tickets whose deadlines fall into one minute, and let a worker work on a running clock through that minute."""
    root.mkdir(exist_ok=True)
    clock = SharedClock.make(root / "clock", time_site.BEGINNING, speed=0)
    with provider(root / "book.jsonl", root / "clock", trouble=2) as sms:
        time_site.make(root, clock, port=sms.port, limits=SMS_LIMITS)
        config = time_site.settings(root)
        with open_desk(config, clock=clock) as desk:
            _open(desk, clock, tickets)
            clock.set(FIRST_DUE - timedelta(seconds=1))
            clock.run(speed=speed)
            tally = _work_through(desk, root, clock)
            clock.run(speed=0)
            standing = _standing(root)
            finish(desk, root, clock)
            found = findings(desk, root, sms.handed(), clock.now())
    return Storm(
        tally=tally,
        standing=standing,
        found=found,
        limits=config.limits["sms"],
        quickest=timedelta(seconds=1) * speed,
    )


def _open(desk: Desk, clock: SharedClock, tickets: int) -> None:
    with desk.batch():
        for number in range(tickets):
            clock.set(time_site.BEGINNING + number * MINUTE / tickets)
            actor = time_site.HANDLERS[number % len(time_site.HANDLERS)]
            desk.execute(
                OpenTicket(actor=actor, workflow="rush", fields={"subject": f"rush {number}"})
            )


def _work_through(desk: Desk, root: Path, clock: SharedClock) -> Tally:
    """Let a worker work until nothing is left to fire; return what it did."""
    stop = Event()
    channels = {
        name: open_channel(one) for name, one in time_site.settings(root).channels.items()
    }
    worker = Worker(
        desk.working(), channels, holder="the only one", tell=lambda line: None, stop=stop
    )
    watcher = Thread(target=_stop_when_all_is_fired, args=(root, clock, stop))
    watcher.start()
    try:
        tally = worker.run()
    finally:
        stop.set()
        watcher.join()
    return tally


def _stop_when_all_is_fired(root: Path, clock: SharedClock, stop: Event) -> None:
    connection = open_sqlite(root / "casewright.db")
    waiting = "SELECT (SELECT count(*) FROM timer) + (SELECT count(*) FROM inbox)"
    while not stop.wait(0.2):
        if connection.execute(waiting).fetchone()[0] == 0:
            break
    connection.close()
    stop.set()


def _standing(root: Path) -> Counter[str]:
    """Count the notices by SMS as they stand; one that waits must say until when."""
    connection = open_sqlite(root / "casewright.db")
    rows = connection.execute(
        "SELECT CASE WHEN delivery_id IS NOT NULL THEN 'bundled' WHEN send_at >= created_at THEN 'waiting' END, count(*)"
        " FROM notice WHERE via = 'sms' AND state IN ('queued', 'submitted', 'accepted') GROUP BY 1"
    )
    found = Counter({str(kind): int(count) for kind, count in rows})
    connection.close()
    return found


def over_the_limit(
    handed: Iterable[Handed], limits: Iterable[Limit], *, quickest: timedelta
) -> list[str]:
    """Return where somebody got more messages than a limit allows in some stretch of time, by the provider's book."""
    rang: dict[str, list[datetime]] = defaultdict(list)
    for one in handed:
        if one.shown:
            rang[one.to].append(one.at)
    return [
        f"{to}: {limit.count + 1} between {first} and {last}"
        for to, moments in rang.items()
        for limit in limits
        for first, last in zip(moments, moments[limit.count :], strict=False)
        if last - first < limit.within - quickest
    ]


def histogram(lags: Lags) -> str:
    """Return how late the timers were, to be printed."""
    lines = [
        f"  <= {end:g} s: {count}" if end is not None else f"  later: {count}"
        for end, count in lags.histogram()
        if count
    ]
    figures = f"p50 {lags.quantile(0.5):.3f} s, p99 {lags.quantile(0.99):.3f} s, longest {lags.largest:.3f} s"
    return "\n".join([f"{lags.count} timers, {figures}", *lines])


def all_is_well(blown: Storm, tickets: int) -> None:
    handed = blown.found.handed
    print(histogram(blown.tally.lags))
    print(f"when the last timer had fired: {dict(blown.standing)}")
    print(f"{2 * tickets} notices by SMS in {len({one.key for one in handed})} messages")

    assert blown.tally.lags.count == tickets
    assert blown.tally.lags.largest < 60
    assert blown.standing["bundled"] + blown.standing["waiting"] == 2 * tickets
    assert faults(blown.found) == {}
    assert len(blown.found.fired) == tickets
    assert over_the_limit(handed, blown.limits, quickest=blown.quickest) == []
    assert len({one.to for one in handed}) == len(time_site.PHONES)


def test_200_deadlines_in_one_minute_are_met_and_swamp_nobody(tmp_path):
    all_is_well(storm(tmp_path, 200, speed=6), 200)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_10000_deadlines_in_one_minute_are_met_and_swamp_nobody(tmp_path):
    all_is_well(storm(tmp_path, 10_000, speed=1), 10_000)


def test_a_message_too_many_would_be_found_in_the_book():
    begun, second = time_site.BEGINNING, timedelta(seconds=1)
    book = [
        Handed(key=str(number), to="+86", text="", at=begun + number * 50 * second, shown=True)
        for number in range(3)
    ]

    found = over_the_limit(book, [Limit(count=2, within=2 * MINUTE)], quickest=second)

    assert len(found) == 1
    assert over_the_limit(book, [Limit(count=3, within=2 * MINUTE)], quickest=second) == []
