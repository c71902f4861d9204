"""Days and times as people type them, in both languages."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright_tui.pure.dates import read_day, read_moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 4, 3, 30, tzinfo=UTC)  # Wednesday, 11:30 there


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-03-02", "2026-03-02"),
        ("\uff12\uff10\uff12\uff16\uff0d\uff10\uff13\uff0d\uff10\uff12", "2026-03-02"),
        ("2026年3月2日", "2026-03-02"),
        ("3-10", "2026-03-10"),
        ("3-2", "2027-03-02"),
        ("+3d", "2026-03-07"),
        ("3天后", "2026-03-07"),
        ("+1w", "2026-03-11"),
        ("fri", "2026-03-06"),
        ("周五", "2026-03-06"),
        ("wed", "2026-03-04"),
        ("next mon", "2026-03-09"),
        ("下周五", "2026-03-13"),
        ("明天", "2026-03-05"),
        ("大后天", "2026-03-07"),
    ],
)
def test_a_day_is_understood(typed, day):
    assert str(read_day(typed, NOW, SHANGHAI)) == day


@pytest.mark.parametrize(
    "typed", ["", "x", "13月1日", "2026-02-30", "+9999w", "10:00", "+2h", "frida"]
)
def test_what_is_no_day_is_none(typed):
    assert read_day(typed, NOW, SHANGHAI) is None


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("fri 10:00", "2026-03-06 10:00"),
        ("周五10\uff1a00", "2026-03-06 10:00"),
        ("明天 10点", "2026-03-05 10:00"),
        ("明天10点半", "2026-03-05 10:30"),
        ("下周五 下午3点", "2026-03-13 15:00"),
        ("5月1日 晚上8点", "2026-05-01 20:00"),
        ("fri 3pm", "2026-03-06 15:00"),
        ("15:30", "2026-03-04 15:30"),
        ("10:00", "2026-03-05 10:00"),
        ("+90min", "2026-03-04 13:00"),
        ("2小时后", "2026-03-04 13:30"),
        ("+2d 9:00", "2026-03-06 09:00"),
        ("fri", "2026-03-06 09:00"),
        ("2026-03-02T09:30:00+08:00", "2026-03-02 09:30"),
    ],
)
def test_a_moment_is_understood_as_time_there(typed, moment):
    read = read_moment(typed, NOW, SHANGHAI)
    assert read is not None
    assert f"{read.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" == moment


@pytest.mark.parametrize("typed", ["", "25:00", "soon", "+2h 9:00", "2026-03-02 09:75"])
def test_what_is_no_moment_is_none(typed):
    assert read_moment(typed, NOW, SHANGHAI) is None


@given(st.text(max_size=30))
def test_nothing_that_is_typed_is_too_much_for_it(typed):
    read_day(typed, NOW, SHANGHAI)
    read_moment(typed, NOW, SHANGHAI)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)))
def test_what_is_written_out_is_read_as_it_stands(local):
    written = local.strftime("%Y-%m-%d %H:%M:%S")
    read = read_moment(written, NOW, SHANGHAI)
    assert read is not None
    assert read.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") == written
