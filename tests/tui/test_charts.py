"""Charts and the wallboard: every line exactly as wide as asked for, whatever stands in the labels."""

import pytest

from casewright_tui.look import ASCII, UNICODE
from casewright_tui.pure import charts
from casewright_tui.pure.charts import Bar
from casewright_tui.width import cells

LABELS = ("宽带故障投诉", "Reply", "处理中 · Complaint", "é👍", "")


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize("width", [12, 20, 39, 80, 131])
def test_every_line_of_a_chart_is_exactly_as_wide_as_asked_for(width, glyphs):
    items = [Bar(label=label, value=number * 7) for number, label in enumerate(LABELS)]
    lines = charts.bars(items, width, glyphs=glyphs)
    lines += charts.columns([0, 3, 11], width, 5, glyphs=glyphs)
    lines.append(charts.labels(["10:00", "10:15", "上午"], 3, width))

    assert {cells(one.text) for one in lines} == {width}


def test_the_longest_bar_fills_its_room_and_what_is_more_than_nothing_is_seen():
    assert charts.bar(1, 10) == "█" * 10
    assert charts.bar(0.0001, 10) == "▏"
    assert charts.bar(0, 10) == ""
    assert charts.bar(0.0001, 10, ASCII) == "#"


def test_a_sparkline_has_a_character_for_each_of_the_last_values():
    assert charts.spark([0, 4, 8], 3) == " ▄█"
    assert cells(charts.spark([1], 8)) == 8
