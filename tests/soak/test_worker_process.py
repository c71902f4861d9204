"""The worker as it is run, `casewright worker` in a process of its own: stopped with SIGTERM, and killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from casewright.clock import SetClock, SystemClock
from casewright.commands import OpenTicket
from casewright.desk import open_desk
from casewright.store.database import open_sqlite

from . import time_site
from .last_worker import finish
from .provider import SURROUNDINGS, Provider, provider
from .shared_clock import SharedClock
from .time_checks import faults
from .time_findings import findings

TICKETS = 300
COMMAND = [sys.executable, "-m", "casewright.cli", "--workspace"]


@pytest.fixture
def sms(tmp_path: Path) -> Iterator[Provider]:
    """A provider, and a workspace in which three hundred deadlines were missed while nobody worked."""
    SharedClock.make(tmp_path / "clock", SystemClock().now(), speed=1)
    with provider(tmp_path / "book.jsonl", tmp_path / "clock", trouble=4) as running:
        time_site.make(tmp_path, SystemClock(), port=running.port)
        then = SetClock(SystemClock().now() - time_site.RUSH_WITHIN - timedelta(minutes=5))
        with open_desk(time_site.settings(tmp_path), clock=then) as desk, desk.batch():
            for number in range(TICKETS):
                then.advance(timedelta(milliseconds=10))
                actor = time_site.HANDLERS[number % len(time_site.HANDLERS)]
                fields = {"subject": f"rush {number}"}
                desk.execute(OpenTicket(actor=actor, workflow="rush", fields=fields))
        yield running


@contextmanager
def working(root: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a worker; yield once it is at work."""
    process = subprocess.Popen(
        [*COMMAND, str(root), "--lang", "en", "--json", "worker"],
        env={**os.environ, **SURROUNDINGS},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        assert json.loads(process.stderr.readline())["event"] == "started"
        while process.poll() is None and not _is_held(root):
            time.sleep(0.01)
        yield process
    finally:
        process.kill()
        process.communicate()


def _is_held(root: Path) -> bool:
    connection = open_sqlite(root / "casewright.db")
    try:
        return bool(connection.execute("SELECT count(*) FROM lease").fetchone()[0])
    finally:
        connection.close()


def work_once(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, str(root), "--lang", "en", "--json", "worker", "--once"],
        env={**os.environ, **SURROUNDINGS},
        capture_output=True,
        text=True,
        check=False,
    )


def nothing_is_missing(root: Path, sms: Provider) -> None:
    """Let what is left be done, and hold everything against the provider's book."""
    clock = SharedClock(root / "clock")
    clock.run(speed=0)
    with open_desk(time_site.settings(root), clock=clock) as desk:
        finish(desk, root, clock)
        found = findings(desk, root, sms.handed(), clock.now())
    assert faults(found) == {}
    assert len(found.fired) == TICKETS


def test_a_worker_told_to_stop_ends_what_it_began_and_leaves_the_rest_to_the_next(
    tmp_path, sms
):
    with working(tmp_path) as process:
        process.send_signal(signal.SIGTERM)
        printed, _ = process.communicate(timeout=30)
        first = json.loads(printed)

    second = json.loads(work_once(tmp_path).stdout)

    assert process.returncode == 0
    assert first["fired"] + second["fired"] == TICKETS
    assert first["attempts"] == sum(
        first[name] for name in ("accepted", "rejected", "unanswered")
    )
    nothing_is_missing(tmp_path, sms)


def test_a_killed_worker_keeps_the_next_off_for_the_length_of_its_lease_and_loses_nothing(
    tmp_path, sms
):
    with working(tmp_path) as process:
        process.kill()

    refused = work_once(tmp_path)

    assert refused.returncode != 0
    assert json.loads(refused.stdout)["error"]["code"] == "worker.busy"
    nothing_is_missing(tmp_path, sms)
