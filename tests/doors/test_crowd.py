"""Who has to wait at a door because too much failed from their address, and for whom that is forgotten."""

import pytest

from casewright.doors.crowd import FREE, LONGEST_WAIT, MOST_NAMES, Addresses, Crowd
from casewright.errors import CommandRefused, SignInRefused

OFFICE, ELSEWHERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def addresses(clock):
    return Addresses(lambda: clock[0])


def fail(addresses, count, name="{}"):
    for number in range(count):
        addresses.failed(OFFICE, name.format(number))


def test_an_address_waits_longer_with_each_failure_and_others_do_not(addresses, clock):
    fail(addresses, FREE)
    with pytest.raises(SignInRefused, match="try again in 1 s"):
        addresses.must_not_wait(OFFICE)
    addresses.must_not_wait(ELSEWHERE)

    clock[0] = 1.0
    addresses.must_not_wait(OFFICE)
    fail(addresses, 3)
    with pytest.raises(SignInRefused) as refused:
        addresses.must_not_wait(OFFICE)

    assert refused.value.wait_seconds == 8


def test_no_wait_is_longer_than_the_longest_and_names_are_kept_for_so_many_only(addresses):
    fail(addresses, 4 * MOST_NAMES)

    with pytest.raises(SignInRefused) as refused:
        addresses.must_not_wait(OFFICE)

    assert refused.value.wait_seconds == LONGEST_WAIT
    assert len(addresses._failed[OFFICE][0]) <= MOST_NAMES + 1


def test_whoever_is_known_in_the_end_takes_their_own_failures_back(addresses):
    fail(addresses, FREE, "ana")

    addresses.succeeded(OFFICE, "ana")
    fail(addresses, FREE - 1, "ana")

    addresses.must_not_wait(OFFICE)


def test_whoever_has_a_password_cannot_wipe_out_what_they_guessed_under_others_names(addresses):
    fail(addresses, FREE + 5)

    addresses.succeeded(OFFICE, "insider")

    with pytest.raises(SignInRefused):
        addresses.must_not_wait(OFFICE)


def test_an_office_that_mistypes_now_and_then_never_waits(addresses):
    for day in range(100):
        addresses.failed(OFFICE, f"mistyped_{day}")
        addresses.succeeded(OFFICE, "somebody")

    addresses.must_not_wait(OFFICE)


def test_a_crowd_is_full_for_one_before_it_is_full_for_all():
    crowd = Crowd(most=3, most_each=2)
    crowd.enter("ana")
    crowd.enter("ana")
    with pytest.raises(CommandRefused, match="ana has 2 sessions open"):
        crowd.enter("ana")
    crowd.enter("ben")
    with pytest.raises(CommandRefused, match="too many sessions"):
        crowd.enter("cai")

    crowd.leave("ana")

    crowd.enter("cai")
