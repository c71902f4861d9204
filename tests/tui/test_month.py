"""A day is picked from a calendar on which one sees when nobody works; typing goes on as in any line."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright.errors import CommandRefused
from casewright.queries import ListDaysOff
from casewright_tui.pure.month import month_lines, stepped
from casewright_tui.width import cells

from .busy_centre import standing
from .forms_centre import centre
from .led_centre import MORNING
from .seated import seated
from .test_form_screen import at_form, beside, keyed, left, ticket

DAYS = st.dates(date(1, 2, 1), date(9999, 11, 30))


@given(DAYS, DAYS, st.sampled_from(["en", "zh"]))
def test_every_day_of_the_month_stands_there_once_in_lines_of_four_cells_a_day(
    day, today, lang
):
    lines = month_lines(day, today, {today: None}, lang)
    texts = ["".join(one.text for one in line.pieces) for line in lines]
    shown = " ".join(texts[2:-1]).replace("[", " ").replace("]", " ").replace("*", " ").split()

    assert [int(one) for one in shown] == list(range(1, len(shown) + 1))
    assert len(shown) in (28, 29, 30, 31)
    assert {cells(one) for one in texts[1:-1]} == {28}
    assert f"[{day.day:2}]" in "".join(texts)


@given(DAYS, st.integers(-30, 30))
def test_a_month_on_is_the_same_day_or_the_last_of_a_shorter_month(day, months):
    there = stepped(day, months)
    assert there.day <= day.day
    assert there.day == day.day or (there.day >= 28 and day.day > there.day)


@pytest.fixture(scope="module")
def founded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("month") / "workspace"
    with standing(MORNING):
        centre(made, "inquiry")
    return made


@pytest.fixture
def root(founded_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(founded_once, tmp_path / "workspace"))


@pytest.mark.anyio
async def test_a_day_is_picked_by_arrows_and_the_time_that_was_typed_stays(root):
    key = keyed(root, "inquiry")
    with standing(MORNING):
        async with seated(root, "ada") as one:
            await at_form(one, key, "attempt")
            await one.press(*"wed 10:30", "f2")
            await one.sees("2026-03", "[ 4]", "7*")
            await one.press("down", "right", "pagedown")
            await one.sees("2026-04", "[12]", "no work")
            await one.press("pageup", "enter")
            await one.sees("2026-03-12 10:30")
            await one.press("f8")
            await left(one)
        (follow_up,) = ticket(root, key).follow_ups
    assert follow_up.at.isoformat().startswith("2026-03-12T02:30")


@pytest.mark.anyio
async def test_a_holiday_is_named_and_escape_leaves_what_was_typed(root):
    key = keyed(root, "inquiry")
    with standing(MORNING):
        async with seated(root, "ada", lang="zh", size=(80, 24)) as one:
            await at_form(one, key, "attempt")
            await one.press(*"10-1 9:00", "f2")
            await one.sees("2026-10", "[ 1]", "* 国庆节")
            await one.press("escape")
            await one.sees_no_more("2026-10 ")
            await one.sees("10-1 9:00")
            await one.press("f2", "right", *"x")
            await one.sees("10-1 9:00x")


def test_the_days_off_are_those_of_the_working_calendar(root):
    with beside(root) as desk:
        days = desk.ask(ListDaysOff(actor="ada", first="2026-10-01", last="2026-10-11"))
        named = {one.day: one.name.en if one.name else "" for one in days}
        assert named["2026-10-01"] == "National Day"
        # The Saturday on which work is made up for.
        assert "2026-10-10" not in named
        for first, last in (("x", "2026-10-11"), ("2026-01-01", "2029-01-01")):
            with pytest.raises(CommandRefused):
                desk.ask(ListDaysOff(actor="ada", first=first, last=last))
