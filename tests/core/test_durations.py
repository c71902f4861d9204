"""Durations in words: what they mean, and what a slip of the pen is answered with."""

from datetime import timedelta

import pytest

from casewright.durations import Duration, parse
from casewright.errors import DurationRefused


@pytest.mark.parametrize(
    ("written", "amount", "unit", "shown"),
    [
        ("30 minutes", 30, "minutes", "30 minutes"),
        ("1 hour", 1, "hours", "1 hour"),
        ("4 Hours", 4, "hours", "4 hours"),
        ("2 working days", 2, "days", "2 days"),
        ("1 working  day", 1, "days", "1 day"),
        ("90 days", 90, "days", "90 days"),
        ("1 week", 1, "weeks", "1 week"),
        (" 45 seconds ", 45, "seconds", "45 seconds"),
        ("3650 days", 3650, "days", "3650 days"),
    ],
)
def test_a_duration_is_read_and_shown_in_words(written, amount, unit, shown):
    duration = parse(written)

    assert duration == Duration(amount=amount, unit=unit)
    assert str(duration) == shown
    assert parse(str(duration)) == duration


def test_on_the_calendar_always_a_day_has_24_hours():
    assert parse("2 days").wall == timedelta(hours=48)
    assert parse("1 week").wall == timedelta(days=7)
    assert parse("90 minutes").wall == timedelta(hours=1.5)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("0 minutes", "longer than nothing"),
        ("-5 minutes", "cannot be negative"),
        ("1.5 hours", "must be whole"),
        ("1,5 hours", "must be whole"),
        ("1_000 hours", "must be whole"),
        ("3 minuts", "did you mean 'minutes'?"),
        ("2 workin days", "did you mean 'working days'?"),
        ("3 moons", "use seconds, minutes, hours, days or weeks"),
        ("30", "a whole number and a unit"),
        ("minutes", "a whole number and a unit"),
        ("", "a whole number and a unit"),
        ("\uff11\uff12 minutes", "a whole number and a unit"),
        ("11 years", "use seconds"),
        ("600 weeks", "at most ten years"),
        ("4000 days", "at most ten years"),
        ("999999999 weeks", "at most ten years"),
        ("9" * 5_000 + " days", "must be whole"),
        (30, "a whole number and a unit"),
        (None, "a whole number and a unit"),
        (True, "a whole number and a unit"),
        ({"days": 1}, "a whole number and a unit"),
    ],
)
def test_what_is_no_duration_is_refused_with_the_right_words(written, reason):
    with pytest.raises(DurationRefused) as caught:
        parse(written)

    assert reason in str(caught.value)
    assert caught.value.code == "duration.refused"
    assert len(str(caught.value)) < 300
