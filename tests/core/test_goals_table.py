"""The table of goals says what was met, what was missed and what is not known, and takes the place of the one before."""

from pathlib import Path
from typing import Any

import pytest

from ..conftest import ROOT


@pytest.fixture
def benchmarks(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import goal
    import goals
    from interleaved import Ratio

    def row(number: str, median: float | None, bound: float, *, least: bool = True) -> Any:
        ratio = None if median is None else Ratio(low=median, median=median, high=median)
        why = "" if ratio else "nothing to measure"
        return goal.Row(
            goal=number, what=f"what {number}", ratio=ratio, bound=bound, at_least=least,
            how="in turns", why=why,
        )  # fmt: skip

    return goals, row


@pytest.mark.parametrize(
    ("median", "bound", "least", "verdict"),
    [
        (0.65, 0.65, True, "met"),
        (0.649, 0.65, True, "missed"),
        (1.2, 1.2, False, "met"),
        (1.21, 1.2, False, "missed"),
        (None, 1.0, True, "not measured"),
    ],
)
def test_a_row_is_met_only_where_its_ratio_reaches_its_goal(
    benchmarks: Any, median: float | None, bound: float, least: bool, verdict: str
) -> None:
    _, row = benchmarks

    assert row("1", median, bound, least=least).verdict == verdict


def test_a_table_takes_the_place_of_the_one_before_and_leaves_the_rest_of_the_page(
    benchmarks: Any, tmp_path: Path
) -> None:
    goals, row = benchmarks
    page = tmp_path / "page.md"
    page.write_text("# Page\n\nBefore.\n", encoding="utf-8")
    goals.record([row("1", 0.1, 1.0)], page, "## Table", "make it")
    page.write_text(page.read_text() + "\n## After\n\nLast.\n", encoding="utf-8")

    goals.record([row("2", 3.0, 1.0), row("3", None, 1.0)], page, "## Table", "make it")

    text = page.read_text()
    assert "what 1" not in text
    assert "| 2 | what 2 | 3 (3 - 3) | ≥ 1 | met | in turns |" in text
    assert "| 3 | what 3 | - | ≥ 1 | not measured | nothing to measure |" in text
    assert text.startswith("# Page\n\nBefore.\n\n## Table\n")
    assert text.endswith("\n## After\n\nLast.\n")
