"""What stands around every place: it fits, says what matters most first, and what was said stays as long as it has to."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright_tui import frame
from casewright_tui.frame import Part
from casewright_tui.lines import piece
from casewright_tui.messages import Told
from casewright_tui.pure.pinyin import initials
from casewright_tui.speech import Speech
from casewright_tui.widgets import status_line
from casewright_tui.width import cells

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
words = st.text("ab 王秀英↻-!", min_size=1, max_size=12)


@given(
    st.lists(st.tuples(words, st.integers(1, 9), st.booleans()), max_size=9),
    st.integers(20, 200),
)
def test_the_status_line_is_exactly_as_wide_as_the_terminal(found, width):
    parts = [Part(piece=piece(text), rank=rank, right=right) for text, rank, right in found]

    left, right = frame.packed(parts, width)

    line = status_line.packed(left, right, width).filled(width)
    assert cells(line.text) == width


def test_where_there_is_no_room_what_matters_less_gives_way():
    parts = [
        Part(piece=piece(" casewright "), rank=9),
        Part(piece=piece(" Mine 23 "), rank=0),
        Part(piece=piece(" -3 overdue"), rank=2, right=True),
    ]

    left, right = frame.packed(parts, 24)

    assert (left.text, right.text) == (" Mine 23 ", " -3 overdue")


def test_a_fault_stays_until_a_key_that_was_pressed_after_it():
    speech = Speech(lambda: NOON, lambda delay, callback: None)
    told = Told("No.", bad=True)
    speech.say(told, lambda: None)

    assert not speech.typed(told.time - 1)
    assert speech.current is told

    assert speech.typed(told.time + 1)
    assert speech.current is None
    assert [one.sentence for one in speech.kept] == ["No."]


def test_what_is_no_fault_goes_by_itself_but_not_what_was_said_after_it():
    timers = []
    speech = Speech(lambda: NOON, lambda delay, callback: timers.append(callback))
    speech.say(Told("Saved."), lambda: None)
    later = Told("Copied.")
    speech.say(later, lambda: None)

    timers[0]()
    assert speech.current is later
    timers[1]()
    assert speech.current is None


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("操作", "cz"),
        ("下一张工单", "xyzgd"),
        ("全部命令", "qbml"),
        ("Next ticket", "nt"),
        ("F8 提交", "ftj"),
        ("龘!", ""),
    ],
)
def test_the_initials_of_what_is_chinese_are_those_it_is_typed_by(text, short):
    assert initials(text) == short
