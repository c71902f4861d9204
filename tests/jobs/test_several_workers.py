"""Several workers of a workspace on a server: one is killed, the server is started anew, and every timer fires once."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from casewright.clock import SetClock, SystemClock
from casewright.commands import OpenTicket
from casewright.queries import VerifyAudit

from ..core.worker_site import WorkerSite
from ..postgres.own_server import Server, running

PATIENCE = 60.0
HALF = timedelta(hours=5)
"""After so long the promise of a ticket is half over, and its first timer due."""


class Site:
    """A workspace on a server, whose tickets have their first timer due one after the other."""

    def __init__(self, root: Path, address: str) -> None:
        self.root, self.address = root, address
        self.made = WorkerSite(root, SetClock(SystemClock().now()), postgres=address)
        settings = (
            f'database = "{address}"\nattachments = "attachments"\n[worker]\npoll = 0.1\n'
        )
        (root / "casewright.toml").write_text(settings, encoding="utf-8")

    def open(self, number: int, *, within: float, after: float = 0.0) -> None:
        """Open so many tickets; their timers are due from `after` seconds on, spread over `within` seconds."""
        first = SystemClock().now() - HALF + timedelta(seconds=after)
        with self.made.desk.batch():
            for place in range(number):
                self.made.clock.set(first + timedelta(seconds=within * place / number))
                self.made.desk.execute(OpenTicket(actor="ana", workflow="matter"))
        self.made.clock.set(SystemClock().now())

    def crowd(self, number: int) -> None:
        """Let so many timers of other days stand between them."""
        with psycopg.connect(self.address, autocommit=True) as other:
            other.execute(
                "INSERT INTO timer (due_at, ticket_id, name)"
                " SELECT last + one * 1000000::bigint, first, 'crowd:' || one FROM generate_series(1, %s) AS one,"
                " (SELECT max(due_at) + 86400000000 AS last, min(ticket_id) AS first FROM timer) AS known",
                (number,),
            )

    def fired(self) -> Counter[int]:
        """Return how often each ticket's timer was fired."""
        with psycopg.connect(self.address) as other:
            rows = other.execute(
                "SELECT ticket_id, count(*) FROM event WHERE body LIKE '%\"TimerFired\"%' GROUP BY ticket_id"
            )
            return Counter(dict(rows.fetchall()))

    def seen(self, statement: str) -> int:
        """Return a number that the server knows."""
        with psycopg.connect(self.address) as other:
            row = other.execute(statement.encode()).fetchone()
            return int(row[0]) if row else 0

    def close(self) -> None:
        self.made.desk.close()


@pytest.fixture
def site(server: Server, tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path, server.address(f"s{uuid4().hex}"))
    yield made
    made.close()


@contextmanager
def worker(site: Site) -> Iterator["subprocess.Popen[str]"]:
    """Run a worker by the command line."""
    command = [sys.executable, "-m", "casewright.cli", "-C", str(site.root), "worker"]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """Tell a worker to stop; return how it ended and what it said."""
    process.send_signal(signal.SIGTERM)
    said, told = process.communicate(timeout=PATIENCE)
    return process.returncode, said + told


def until(holds: Callable[[], bool], within: float = PATIENCE) -> float:
    """Wait until something holds; return how many seconds that took."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() < begun + within, "it never came to that"
        time.sleep(0.1)
    return time.monotonic() - begun


def living(site: Site) -> int:
    return site.seen(
        "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '3 s'"
    )


@pytest.mark.parametrize(
    ("timers", "crowd", "spread"),
    [
        (240, 1_000, 2.0),
        pytest.param(6_000, 200_000, 30.0, marks=[pytest.mark.soak, pytest.mark.timeout(600)]),
    ],
)
def test_one_of_two_workers_is_killed_and_every_timer_fires_once(site, timers, crowd, spread):
    with ExitStack() as running_:
        first, second = (running_.enter_context(worker(site)) for _ in range(2))
        until(lambda: living(site) == 2)
        site.open(1, within=1, after=3_600)
        site.crowd(crowd)
        site.open(timers, within=spread, after=timers / 300)
        until(lambda: len(site.fired()) >= timers // 3, within=10 * PATIENCE)

        os.kill(first.pid, signal.SIGKILL)
        took = until(lambda: len(site.fired()) == timers, within=10 * PATIENCE)
        until(lambda: site.seen("SELECT count(*) FROM inbox") == 0)

        print(
            f"{timers} timers among {crowd}: all fired {took:.1f} s after a worker was killed"
        )
        assert set(site.fired().values()) == {1}
        assert site.made.desk.ask(VerifyAudit(actor="ana")).ok
        assert ended(second)[0] == 0
    assert living_soon(site) == 0


def living_soon(site: Site) -> int:
    until(lambda: living(site) == 0)
    return living(site)


def test_another_worker_leads_when_the_first_ends_and_what_is_due_needs_no_leader(site):
    with worker(site) as first, worker(site) as second:
        until(lambda: living(site) == 2)
        holder = "SELECT split_part(holder, ':', 2)::int FROM lease WHERE name = 'worker'"
        until(lambda: site.seen(holder) > 0)
        leading = site.seen(holder)
        leader, other = (first, second) if leading == first.pid else (second, first)
        assert ended(leader)[0] == 0

        site.open(20, within=0.1)
        until(lambda: len(site.fired()) == 20)
        until(lambda: site.seen(holder) == other.pid)
        assert ended(other)[0] == 0


def test_workers_go_on_after_the_server_was_started_anew(tmp_path):
    with running() as own:
        site = Site(tmp_path, own.address("w"))
        with worker(site) as first, worker(site) as second:
            until(lambda: living(site) == 2)
            site.open(20, within=0.1)
            until(lambda: len(site.fired()) == 20)
            site.made.desk.close()

            own.stop("immediate")
            time.sleep(0.5)
            own.start()

            again = Site.__new__(Site)
            again.__dict__.update(site.__dict__)
            again.made = WorkerSite(
                tmp_path, SetClock(SystemClock().now()), postgres=site.address
            )
            again.open(20, within=0.1)
            until(lambda: len(again.fired()) == 40)
            assert set(again.fired().values()) == {1}
            again.close()
            assert first.poll() is None
            assert second.poll() is None


def test_a_second_worker_that_is_to_work_once_is_told_who_works(site):
    with worker(site):
        until(lambda: site.seen("SELECT count(*) FROM lease WHERE name = 'worker'") == 1)
        command = [
            sys.executable,
            "-m",
            "casewright.cli",
            "-C",
            str(site.root),
            "worker",
            "--once",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)

        assert done.returncode == 1
        assert "works here until" in done.stderr or "at work" in done.stderr
