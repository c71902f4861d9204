"""Trying again: later and later, never all at once, decided alike by every worker, and not for ever."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from casewright.delivery.retry import (
    FIRST_WAIT,
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    SPREAD,
    next_attempt,
)

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ATTEMPTS = st.integers(1, MOST_ATTEMPTS - 1)


@given(key=st.text(), attempt=ATTEMPTS)
def test_the_wait_doubles_up_to_an_hour_a_quarter_more_or_less(key, attempt):
    plain = min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT)

    wait = next_attempt(key, attempt=attempt, at=NOON) - NOON

    assert plain * (1 - SPREAD) <= wait <= plain * (1 + SPREAD)


@given(key=st.text(), attempt=ATTEMPTS)
def test_a_worker_that_was_killed_decides_as_before(key, attempt):
    assert next_attempt(key, attempt=attempt, at=NOON) == next_attempt(
        key, attempt=attempt, at=NOON
    )


@given(key=st.text(), beyond=st.integers(0, 1_000))
def test_after_the_last_attempt_it_is_dead(key, beyond):
    assert next_attempt(key, attempt=MOST_ATTEMPTS + beyond, at=NOON) is None


def test_what_failed_together_does_not_come_back_together():
    moments = {next_attempt(f"n:{number}", attempt=4, at=NOON) for number in range(1_000)}

    assert len(moments) > 990
    assert max(moments) - min(moments) > timedelta(seconds=110)


@given(key=st.text())
def test_a_delivery_lives_between_two_and_four_hours(key):
    moment = NOON
    for attempt in range(1, MOST_ATTEMPTS):
        moment = next_attempt(key, attempt=attempt, at=moment)

    assert timedelta(hours=2) < moment - NOON < timedelta(hours=4)
