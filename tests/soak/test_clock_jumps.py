"""The clock jumps by an hour and a day, forward and back, under a worker at work: nothing is missed, doubled, early or out of order.

Errands are opened at moments all over a day, each waiting for one timer two hours later; then a worker works through
them while the clock is put forward and back and the worker is killed. Two sabotages show that the checks can fail.
"""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from casewright.commands import OpenTicket
from casewright.desk import open_desk

from . import time_site
from .jump_worker import DAY
from .last_worker import finish
from .provider import SURROUNDINGS, provider
from .shared_clock import SharedClock
from .time_checks import faults, out_of_order
from .time_findings import Findings, findings

ERRANDS = 300
SPEED = 600
"""Between its jumps the clock goes ten minutes in a second."""


def jumped(root: Path, *, seed: int, sabotage: str = "") -> Findings:
    """Open errands all over a day, let a worker work while the clock jumps, and finish by the end of the next day."""
    root.mkdir(exist_ok=True)
    clock = SharedClock.make(root / "clock", time_site.BEGINNING, speed=0)
    with provider(root / "book.jsonl", root / "clock", trouble=4) as sms:
        time_site.make(root, clock, port=sms.port)
        _open_errands(root, clock, random.Random(seed))
        clock.set(time_site.BEGINNING + time_site.ERRAND_LASTS)
        clock.run(speed=SPEED)
        ran = subprocess.run(
            [sys.executable, "-m", "soak.jump_worker", str(root), sabotage],
            env={**os.environ, **SURROUNDINGS},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode, ran.stdout) == (0, "[]"), ran.stdout + ran.stderr
        clock.run(speed=0)
        clock.set(time_site.BEGINNING + DAY + time_site.ERRAND_LASTS)
        with open_desk(time_site.settings(root), clock=clock) as desk:
            finish(desk, root, clock)
            return findings(desk, root, sms.handed(), clock.now())


def _open_errands(root: Path, clock: SharedClock, chance: random.Random) -> None:
    with open_desk(time_site.settings(root), clock=clock) as desk, desk.batch():
        for number in range(ERRANDS):
            clock.set(time_site.BEGINNING + chance.random() * DAY)
            actor = chance.choice(time_site.HANDLERS)
            fields = {"subject": f"errand {number}"}
            desk.execute(OpenTicket(actor=actor, workflow="errand", fields=fields))


def test_a_clock_that_jumps_by_hours_and_days_misses_nothing_and_keeps_the_order(tmp_path):
    found = jumped(tmp_path, seed=1)

    assert faults(found) == {}
    assert len(found.fired) == ERRANDS
    assert {one.state for one in found.tickets.values()} == {"closed"}
    assert out_of_order(found) == []


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(2, 22))
def test_twenty_more_clocks_that_jump_miss_nothing_and_keep_the_order(tmp_path, seed):
    found = jumped(tmp_path, seed=seed)

    assert faults(found) == {}
    assert len(found.fired) == ERRANDS
    assert out_of_order(found) == []


@pytest.mark.soak
def test_a_worker_that_fires_the_newest_first_is_found_out(tmp_path):
    assert any(map(out_of_order, _tries(tmp_path, "fire_the_newest_first")))


def test_a_worker_that_fires_early_on_a_clock_that_jumps_is_found_out(tmp_path):
    found = _tries(tmp_path, "fire_early")

    assert any("fired early" in faults(one) for one in found)


def _tries(root: Path, sabotage: str) -> Iterator[Findings]:
    """By chance the worker may have had nothing to do where it does wrong; so there are more tries than one."""
    return (jumped(root / str(seed), seed=seed, sabotage=sabotage) for seed in range(5))
