"""Columns and countdowns of the queue: exact widths, never without the ticket and its due time, and states not by colour alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from casewright.texts import Texts
from casewright_tui.pure import countdown, queue_columns
from casewright_tui.pure.queue_columns import COLUMNS, USUAL, Showing
from casewright_tui.themes import DARK
from casewright_tui.widgets.queue_paint import Due, Paint
from casewright_tui.widgets.queue_table import QueueTable
from casewright_tui.widgets.view_tabs import packed
from casewright_tui.width import cells

from .rows import NOON, row

NAMES = [one.name for one in COLUMNS]


@given(
    width=st.integers(40, 260),
    names=st.lists(st.sampled_from(NAMES), unique=True),
    subject=st.text(max_size=80),
    lang=st.sampled_from(["en", "zh"]),
    key=st.integers(15, 18),
)
def test_every_row_is_exactly_as_wide_as_the_table_and_shows_ticket_and_due_time(
    width, names, subject, lang, key
):
    showing = Showing(texts=Texts(lang))
    laid = queue_columns.laid_out(names, width, key=key)
    one = row(1, due=60, subject=subject)

    due = countdown.left(one, NOON, lang)
    line = queue_columns.row_line(one, laid, showing, due, chosen=True, marked=True)

    assert cells(line.filled(width).text) == width
    assert cells(line.text) <= width
    assert one.key in line.text
    assert "!01:00" in line.text
    assert (
        cells(queue_columns.header(laid, Texts(lang), order="due").filled(width).text) == width
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_at_eighty_columns_the_usual_columns_fit_whole(lang):
    laid = queue_columns.laid_out(USUAL, 79, key=15)

    assert {"ticket", "due", "priority", "subject", "state"} <= {one.name for one, _ in laid}


@pytest.mark.parametrize(
    ("seconds", "en", "zh", "tone"),
    [
        (-(19 * 60 + 59), "-19:59", "-19:59", "bad"),
        (-7200, "-2h00m", "-2时00分", "bad"),
        (0, "!00:00", "!00:00", "warn"),
        (899, "!14:59", "!14:59", "warn"),
        (2530, "42:10", "42:10", "warn"),
        (3600, "1h00m", "1时00分", "good"),
        (2 * 86_400 + 4 * 3600 + 5, "2d04h", "2天04时", "good"),
        (500 * 86_400, "500d", "500天", "good"),
    ],
)
def test_a_countdown_says_seconds_only_in_the_last_hour(seconds, en, zh, tone):
    one = row(1, due=seconds)

    assert countdown.left(one, NOON, "en") == (en, tone)
    assert countdown.left(one, NOON, "zh") == (zh, tone)
    assert max(cells(en), cells(zh)) <= countdown.WIDTH


def test_a_paused_clock_says_so_and_a_closed_ticket_says_nothing():
    paused = replace(row(1), due_at=None, paused=True)

    assert countdown.left(paused, NOON, "en")[0] == "‖ paused"
    assert countdown.left(replace(paused, closed_at=NOON), NOON, "zh")[0] == ""


def test_of_a_countdown_only_what_has_changed_is_drawn_and_nothing_else_has():
    def painted():
        paint = Paint(DARK, Showing(texts=Texts("en")))
        paint.fit(100)
        return paint

    paint, one, bar = painted(), row(1, due=3605), Strip([Segment(" ")])
    table = QueueTable(paint, lambda: NOON, None)

    def drawn(paint: Paint, due: Due) -> Strip:
        return paint.row(one, due, bar, chosen=False, marked=True, upon=Style(bgcolor="black"))

    due = paint.due(one, NOON)
    before, narrow = drawn(paint, due), 0
    for second in (*range(1, 30), *range(2690, 2720), *range(3595, 3700)):
        table._due[0], due = due, paint.due(one, NOON + timedelta(seconds=second))
        region, now = table._moved_on(0, due), drawn(paint, due)
        begin, end = region.x, region.x + region.width
        assert before.text[:begin] + now.text[begin:end] + before.text[end:] == now.text
        assert [*now] == [*drawn(painted(), due)]
        before, narrow = now, narrow + (region.width <= 2)
    assert narrow > 100


def test_a_countdown_far_from_its_time_does_not_change_by_the_second():
    one = row(1, due=3 * 3600 + 30)
    texts = {
        countdown.left(one, NOON + timedelta(seconds=passed), "en")[0] for passed in range(30)
    }

    assert texts == {"3h00m"}


@given(
    width=st.integers(60, 220),
    current=st.integers(0, 11),
    filter=st.text(max_size=60),
    count=st.integers(0, 1_000_000),
)
def test_the_tabs_fit_and_the_current_one_is_among_them(width, current, filter, count):
    tabs = [(f"v{number}", f"视图 {number}") for number in range(12)]

    line, places = packed(tabs, f"v{current}", {"v3": count}, filter, width)

    assert cells(line.text) == width
    assert f"v{current}" in {name for _, _, name in places}
