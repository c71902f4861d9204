"""An hour of a queue that changes all the time, in minutes: the terminal holds no more memory at its end than soon after its start."""

import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import linear_regression

import pytest

from casewright.commands import AddComment, OpenTicket
from casewright.desk import Desk, open_desk

from ..server.served import ADMIN, founded
from .hurried import COUNTED
from .memory import memory
from .on_pty import Watched, running

HOUR = 3600
"""Refreshes in an hour: one a second."""
MOST_AN_HOUR = 5.0
MOST = 75.0
TICKETS, CHANGES = 200, 3
KEYS = (b"\x1b[6~", b"\x1b[5~", b"\x1b[F", b"\x1b[H", b"\x1b[B", b"2", b"1")


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_an_hour_of_refreshes_takes_no_memory(tmp_path):
    config = founded(tmp_path / "workspace", people=True)
    with open_desk(config) as desk:
        keys = [_opened(desk, number) for number in range(TICKETS)]
        samples = list(_watched(config.root, tmp_path / "count", desk, keys))

    settled = [one for one in samples if one[0] > HOUR / 4]
    slope = linear_regression(*zip(*settled, strict=True)).slope * HOUR
    print(
        f"{len(samples)} samples, private {samples[0][1]:.1f} -> {samples[-1][1]:.1f} MB, {slope:+.2f} MB an hour"
    )
    assert slope < MOST_AN_HOUR
    assert samples[-1][1] < MOST


def _watched(
    root: Path, count: Path, desk: Desk, keys: Sequence[str]
) -> Iterator[tuple[int, float]]:
    """Change tickets, walk through the queue, open one now and then; yield refreshes so far and megabytes."""
    chance, words = random.Random(4), ["tui", "-C", str(root), "--as", ADMIN]
    surroundings = {COUNTED: str(count)}
    with running(
        words, size=(160, 50), environment=surroundings, module="tests.tui.hurried"
    ) as one:
        one.sees("F1")
        refreshes, sampled = 0, 0
        while refreshes < HOUR:
            assert not one.is_over, one.raw[-2000:]
            for key in chance.sample(keys, CHANGES):
                desk.execute(AddComment(actor=ADMIN, ticket=key, text="Seen to."))
            if chance.random() < 0.1:
                one.press(chance.choice(KEYS))
            if chance.random() < 0.01:
                one.press(b"\r")
                _read(one, 0.5)
                one.press(b"\x1b")
            _read(one, 0.06)
            refreshes = int(count.read_text() or 0) if count.exists() else 0
            if refreshes >= sampled + 50:
                sampled = refreshes
                yield refreshes, memory(one.process).private


def _read(one: Watched, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        one.read(0.02)


def _opened(desk: Desk, number: int) -> str:
    fields = {"subject": f"Matter {number}", "question": "What is to be done about it?"}
    opened = desk.execute(OpenTicket(actor=ADMIN, workflow="inquiry", fields=fields))
    return str(opened.ticket)
