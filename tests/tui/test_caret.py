"""Where the terminal's own cursor stands: input methods, braille displays and magnifiers look for it there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from casewright.commands import OpenTicket
from casewright.desk import open_desk

from ..server.served import founded
from . import on_tmux

MIXED = "宽带 slow 很慢 at 8 点"
CELLS = 22
"""Its width: each Chinese character takes two."""


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with three inquiries."""
    root = tmp_path_factory.mktemp("caret") / "workspace"
    with open_desk(founded(root)) as desk:
        for number in range(3):
            fields = {"subject": f"宽带很慢 {number}", "question": "What is to be done?"}
            desk.execute(OpenTicket(actor="ada", workflow="inquiry", fields=fields))
    return root


def row_of(one: on_tmux.Screen, text: str) -> int:
    """Return the row on which a text stands."""
    return next(number for number, line in enumerate(one.text.splitlines()) if text in line)


def until(one: on_tmux.Screen, place: tuple[int, int]) -> None:
    """Wait until the cursor is there."""
    import time

    end = time.monotonic() + on_tmux.PATIENCE
    while one.caret != place:
        assert time.monotonic() < end, (one.caret, place, one.text)
        time.sleep(0.05)


def until_on(one: on_tmux.Screen, text: str) -> None:
    """Wait until the cursor is on the row on which a text stands, whatever else is drawn meanwhile."""
    import time

    end = time.monotonic() + on_tmux.PATIENCE
    while not any(text in line for line in one.text.splitlines()[one.caret[1] :][:1]):
        assert time.monotonic() < end, (one.caret, text, one.text)
        time.sleep(0.05)


def test_in_a_line_and_in_a_long_text_it_stands_at_the_caret_whatever_is_before_it(centre):
    with on_tmux.screen(centre, "ada") as one:
        one.sees("宽带很慢 2")
        one.keys("C-f")
        one.sees("goes on record")
        beginning, row = 0, 1
        one.type(MIXED)
        one.sees(MIXED)
        beginning = one.caret[0] - CELLS
        line = one.text.splitlines()[one.caret[1]]
        assert line.index(MIXED[:2]) == beginning
        row = row_of(one, MIXED)
        until(one, (beginning + CELLS, row))
        one.keys("Home")
        until(one, (beginning, row))
        one.keys("Right", "Right", "Right")
        until(one, (beginning + 5, row))
        one.keys("Escape")
        one.keys("Escape")
        one.sees("宽带很慢 2", "Mine")
        one.keys("F7")
        one.sees("F8")
        one.type(MIXED)
        one.sees(MIXED)
        row = row_of(one, MIXED)
        beginning = one.caret[0] - CELLS
        until(one, (beginning + CELLS, row))
        one.keys("Home")
        until(one, (beginning, row))
        one.keys("Right", "Right", "Right")
        until(one, (beginning + 5, row))


def test_in_the_later_lines_of_a_long_text_it_stands_at_the_caret_too(centre):
    with on_tmux.screen(centre, "ada") as one:
        one.sees("宽带很慢 2")
        one.keys("F7")
        one.sees("F8")
        one.type("第一行 the first")
        one.keys("Enter")
        one.type(MIXED)
        one.sees("第一行 the first", MIXED)
        row = row_of(one, MIXED)
        assert row == row_of(one, "第一行 the first") + 1
        beginning = one.text.splitlines()[row].index(MIXED[:2])
        for keys, cells in (
            ("End", CELLS),
            ("Home", 0),
            ("Right", 2),
            ("Right", 4),
            ("Right", 5),
        ):
            one.keys(keys)
            until(one, (beginning + cells, row))
        # A line that is too long goes on below, and the caret with it.
        one.keys("End")
        one.type("很" * 40)
        one.sees("点很很")
        rest = row + 2
        until_says(one, lambda: one.text.count("很") == 41 and one.caret[1] == rest)
        last = one.text.splitlines()[rest].strip()
        until(one, (beginning + 2 * len(last), rest))


def until_says(one: on_tmux.Screen, holds: Callable[[], bool]) -> None:
    """Wait until something holds of what stands there."""
    import time

    end = time.monotonic() + on_tmux.PATIENCE
    while not holds():
        assert time.monotonic() < end, (one.caret, one.text)
        time.sleep(0.05)


def test_in_a_list_it_stands_on_the_chosen_row(centre):
    with on_tmux.screen(centre, "ada", lang="zh") as one:
        one.sees("宽带很慢 2")
        for _ in range(2):
            one.keys("Down")
        one.sees("▶ INQ-2026-000003")
        until_on(one, "▶ INQ-2026-000003")
        one.keys("F4")
        one.sees("全部命令", "Enter")
        one.keys("Escape")
        one.sees("▶ INQ-2026-000003")
        until_on(one, "▶ INQ-2026-000003")
