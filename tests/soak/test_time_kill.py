"""Workers and clients killed under load: no deadline is missed or met twice, nobody is told twice or not at all.

Clients open matters with promises of minutes on a clock that runs two hundred times as fast; workers fire and send to
a provider in a process of its own, which turns some requests away, leaves some without an answer, and keeps a book.
The eight sabotages show that each check can fail.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from casewright.desk import open_desk

from . import time_site
from .last_worker import finish
from .provider import SURROUNDINGS, provider
from .sabotage import UNDER_KILLS
from .shared_clock import SharedClock
from .time_checks import faults, two_workers
from .time_findings import Findings, findings

SPEED = 200
TROUBLE = 4
"""Of a hundred requests, so many are turned away for now, and as many get no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """What everybody said, what was found once the last worker had done what was left, and what is wrong."""

    said: Sequence[Mapping[str, Any]]
    found: Findings
    left: int
    """Timers that the last worker fired."""
    interrupted: int
    """Attempts whose outcome nobody lived to note."""

    @property
    def faults(self) -> dict[str, list[str]]:
        wrong = faults(self.found)
        more = {
            "two workers": two_workers(self.said),
            "crashed": [one["crashed"] for one in self.said if "crashed" in one],
            "lost": [
                one["ticket"]
                for one in self.said
                if "done" in one and one["ticket"] not in self.found.tickets
            ],
        }
        return wrong | {name: listed for name, listed in more.items() if listed}

    def figures(self) -> dict[str, int]:
        """How much of everything there was."""
        kinds = Counter(event.kind for _, event in self.found.fired)
        return {
            "commands acknowledged": sum("done" in one for one in self.said),
            "commands never answered": sum("began" in one for one in self.said)
            - sum("done" in one or "refused" in one for one in self.said),
            "leases taken": len({one["held"] for one in self.said if "held" in one}),
            "tickets": len(self.found.tickets),
            "rungs fired": kinds["TimerFired"],
            "timed transitions": kinds["TransitionFired"],
            "of both by the last worker": self.left,
            "notices": len(self.found.sent),
            "of these by SMS": sum(one.via == "sms" for one in self.found.sent),
            "requests": len(self.found.handed),
            "requests with a key that was known": sum(
                not one.shown for one in self.found.handed
            ),
            "attempts interrupted": self.interrupted,
        }


def killed(root: Path, kills: int, *, seed: int, sabotage: str = "") -> Aftermath:
    """Let clients and workers work, kill them `kills` times, and let one last worker do what is left."""
    root.mkdir(exist_ok=True)
    clock = SharedClock.make(root / "clock", time_site.BEGINNING, speed=SPEED)
    with provider(root / "book.jsonl", root / "clock", trouble=TROUBLE) as sms:
        time_site.make(root, clock, port=sms.port)
        ran = subprocess.run(
            [sys.executable, "-m", "soak.time_killer", str(root), str(kills), str(seed), sabotage],
            env={**os.environ, **SURROUNDINGS},
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        clock.run(speed=0)
        with open_desk(time_site.settings(root), clock=clock) as desk:
            left = finish(desk, root, clock)
            found = findings(desk, root, sms.handed(), clock.now())
            interrupted = desk._database.execute(
                "SELECT count(*) FROM delivery_attempt WHERE ended_at IS NULL"
            ).fetchone()[0]
    return Aftermath(
        said=json.loads(ran.stdout), found=found, left=left, interrupted=interrupted
    )


def nothing_is_lost_or_done_twice(root: Path, kills: int, *, seed: int) -> None:
    aftermath = killed(root, kills, seed=seed)
    figures = aftermath.figures()
    print(json.dumps({"kills": kills, **figures}, indent=1))

    assert aftermath.faults == {}
    assert figures["commands acknowledged"] > kills, "the clients hardly worked"
    assert figures["leases taken"] > kills / 6, "hardly a worker was killed at work"
    assert figures["rungs fired"] > kills, "hardly a promise came due"
    assert figures["requests with a key that was known"] > 0, "nothing was sent again"


def test_20_kills_of_workers_and_clients_lose_no_deadline_and_no_notice(tmp_path):
    nothing_is_lost_or_done_twice(tmp_path, 20, seed=1)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_1000_kills_of_workers_and_clients_lose_no_deadline_and_no_notice(tmp_path):
    nothing_is_lost_or_done_twice(tmp_path, 1000, seed=2)


IN_EVERY_CHECK = ("note_outcomes_twice",)
"""One sabotage in every check; the others have their turn in the soak."""


@pytest.mark.parametrize(
    "sabotage",
    [
        one if one in IN_EVERY_CHECK else pytest.param(one, marks=pytest.mark.soak)
        for one in UNDER_KILLS
    ],
)
def test_a_worker_that_does_wrong_is_found_out(tmp_path, sabotage):
    """Every second kill hits where it hurts, unless the machine was too slow for it; so there are more tries than one."""
    runs = (killed(tmp_path / str(seed), 12, seed=seed, sabotage=sabotage) for seed in range(5))

    assert any(UNDER_KILLS[sabotage] in run.faults for run in runs)
