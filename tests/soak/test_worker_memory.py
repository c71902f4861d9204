"""A shift of eight hours in twelve minutes: a worker holds no more memory at its end than after its first hour."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import linear_regression

import pytest

from casewright.commands import OpenTicket
from casewright.config import read_config
from casewright.desk import Desk, open_desk, publish
from casewright.model import SYSTEM
from casewright.queries import VerifyAudit

from ..postgres.own_server import missing, running
from ..tui.memory import memory
from . import time_site
from .shared_clock import SharedClock

SPEED = 40
SHIFT = timedelta(hours=8)
FIRST = timedelta(hours=1)
EVERY = timedelta(minutes=5)
A_MINUTE = 4
"""Matters opened in a minute of the fast clock, each of which waits for six moments and tells two people at three of them."""
MOST_AN_HOUR = 1.0
SETTINGS = """\
{database}
[channels.sms]
driver = "file"
path = "sms.jsonl"
[worker]
poll = 0.05
[limits]
sms = ""
"""


@pytest.fixture(params=["file", "server"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A workspace beside a file, and one on a server."""
    if request.param == "file":
        yield _made(tmp_path, 'synchronous = "NORMAL"')
        return
    if missing():
        pytest.skip(missing())
    with running(synchronous_commit="off", autovacuum="on", shared_buffers="256MB") as server:
        yield _made(tmp_path, f'database = "{server.address()}"')


def _made(root: Path, database: str) -> Path:
    for name, text in time_site.FILES.items():
        (root / name).parent.mkdir(exist_ok=True, parents=True)
        (root / name).write_text(text, encoding="utf-8")
    settings = SETTINGS.format(database=database)
    (root / "casewright.toml").write_text(settings, encoding="utf-8")
    clock = SharedClock.make(root / "clock", time_site.BEGINNING, speed=0)
    with open_desk(read_config(root), clock=clock, create=True) as desk:
        publish(desk, root, [root / "workflows"], actor=SYSTEM)
        time_site.hire(desk)
    return root


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_worker_holds_no_more_memory_after_eight_hours_than_after_the_first(root):
    clock = SharedClock(root / "clock")
    clock.run(speed=SPEED)
    words = [sys.executable, "-m", "tests.soak.long_worker", str(root)]
    with (
        subprocess.Popen(words) as worker,
        open_desk(read_config(root), clock=clock) as desk,
    ):
        try:
            samples = list(_watched(worker, desk, clock))
        finally:
            worker.terminate()
        assert desk.ask(VerifyAudit(actor=time_site.OWNER)).ok
        fired = sum(1 for _ in (root / "sms.jsonl").open(encoding="utf-8"))

    settled = [one for one in samples if one[0] > FIRST / timedelta(hours=1)]
    slope = linear_regression(*zip(*settled, strict=True)).slope
    print(
        f"{len(samples)} samples, private {samples[0][1]:.1f}, {settled[0][1]:.1f} -> {samples[-1][1]:.1f} MB,"
        f" {slope:+.2f} MB an hour, {fired} SMS"
    )
    assert fired > 0.5 * 6 * A_MINUTE * (SHIFT / timedelta(minutes=1))
    assert slope < MOST_AN_HOUR


def _watched(
    worker: "subprocess.Popen[bytes]", desk: Desk, clock: SharedClock
) -> Iterator[tuple[float, float]]:
    """Open matters all the time; yield how many hours have gone and how many megabytes the worker holds."""
    chance, began = random.Random(9), clock.now()
    sampled = opened = 0
    while (gone := clock.now() - began) < SHIFT:
        assert worker.poll() is None, "the worker has ended"
        while opened < A_MINUTE * (gone / timedelta(minutes=1)):
            opened += 1
            actor = chance.choice(time_site.HANDLERS)
            fields = {"subject": f"matter {opened}"}
            desk.execute(OpenTicket(actor=actor, workflow="matter", fields=fields))
        if gone > sampled * EVERY:
            sampled += 1
            yield gone / timedelta(hours=1), memory(worker.pid).private
        time.sleep(0.1)
