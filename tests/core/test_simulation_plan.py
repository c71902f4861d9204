"""The plan of a simulation: arrivals follow their rates, people work within their hours, and chance hangs on the seed alone."""

from collections import Counter
from datetime import UTC, date, timedelta
from itertools import islice, pairwise

import pytest

from casewright.model import Person
from casewright.simulating.arrivals import arrivals, rates
from casewright.simulating.chance import Chance, Identifiers
from casewright.simulating.habits import HABITS
from casewright.simulating.intents import Call, FallsIll
from casewright.simulating.planning import plan
from casewright.simulating.profile import HALF_HOURS, WEEKDAYS
from casewright.simulating.staff import recruits, staff_of

from .simulated import ZONE, span

MONDAYS, CALLS = 200, 400.0
CHI_SQUARE_28 = 56.9
"""What a chi-square of 28 degrees of freedom exceeds once in a thousand times."""


def test_arrivals_follow_the_rates_of_their_half_hours():
    counted = _counted()
    expected = [MONDAYS * one for one in rates(date(2026, 3, 2), CALLS)]

    assert sum(1 for one in expected if one) == 29
    assert _chi_square(counted, expected) < CHI_SQUARE_28


def test_the_test_of_arrivals_would_see_a_profile_that_is_half_an_hour_off():
    expected = [MONDAYS * one for one in rates(date(2026, 3, 2), CALLS)]

    shifted = Counter({half_hour + 1: number for half_hour, number in _counted().items()})
    assert _chi_square(shifted, expected) > 10 * CHI_SQUARE_28


def test_the_calls_of_a_day_vary_as_those_of_a_poisson_process_do():
    days = [len(list(_day(number))) for number in range(MONDAYS)]

    mean = sum(days) / len(days)
    variance = sum((one - mean) ** 2 for one in days) / (len(days) - 1)
    assert mean == pytest.approx(CALLS * WEEKDAYS[0], rel=0.02)
    assert 0.7 < variance / mean < 1.4


def test_the_profile_has_a_share_for_every_half_hour_and_every_weekday():
    assert (len(HALF_HOURS), len(WEEKDAYS)) == (48, 7)
    assert sum(HALF_HOURS) == pytest.approx(1000, abs=1)


def test_nobody_calls_where_no_calls_are_expected():
    assert list(arrivals(date(2026, 3, 2), ZONE, 0.0, Chance(1))) == []


def test_some_customers_come_again_and_again_and_most_once_or_never():
    chance = Chance(1, "ranks")

    calls = Counter(chance.rank(5_000) for _ in range(10_000))
    top = sum(number for _, number in calls.most_common(50))
    assert 0.1 < top / 10_000 < 0.25
    assert max(calls) < 5_000
    assert min(calls) == 0


def test_the_same_seed_plans_the_same_and_another_one_something_else():
    one, same, other = (list(_plan(seed).intents) for seed in (7, 7, 8))

    assert one == same
    assert one != other
    assert [intent.at for intent in one] == sorted(intent.at for intent in one)


def test_a_longer_plan_begins_as_a_shorter_one_with_as_many_customers():
    one, longer = (
        [intent for intent in _plan(7, days=days).intents if isinstance(intent, Call)]
        for days in (2, 4)
    )

    first = [(each.at, each.kind, each.patience, each.talk) for each in one]
    assert first == [
        (each.at, each.kind, each.patience, each.talk) for each in islice(longer, len(one))
    ]


def test_nobody_does_two_things_at_once_or_works_at_night():
    planned = _plan(7, agents=6, days=7)
    people = [one.name for one in _staff(6)]
    calls = [one for one in planned.intents if isinstance(one, Call)]

    booked = [planned.floor.book(people, one.at, one.talk) for one in calls]
    busy: dict[str, list] = {}
    for one in filter(None, booked):
        busy.setdefault(one.person, []).append((one.begins, one.ends))
        assert 7 <= one.begins.astimezone(ZONE).hour < 22
    assert len(busy) > 3
    for times in busy.values():
        ordered = sorted(times)
        assert all(a[1] <= b[0] for a, b in pairwise(ordered))


def test_a_caller_whom_nobody_answers_in_time_hangs_up():
    planned = _plan(7, agents=1, days=1)
    night = span(days=1).begins.astimezone(UTC)

    assert planned.floor.book(["agent_001"], night, timedelta(minutes=5)) is not None
    patience = timedelta(minutes=3)
    assert planned.floor.book(["agent_001"], night, patience, patience=patience) is None
    assert planned.floor.book([], night, patience) is None


def test_whoever_is_ill_is_given_nothing():
    planned = _plan(7, agents=30, days=20)

    ill = next(one for one in planned.intents if isinstance(one, FallsIll))
    booked = planned.floor.book([ill.name], ill.at, timedelta(minutes=5))
    assert booked is None or booked.begins >= ill.until


def test_there_are_as_many_agents_as_were_asked_for_and_people_behind_them():
    staff = staff_of(_staff(40), 40)

    assert len(staff.agents) == 40
    assert len(staff.of("complaint_handler")) >= 8
    assert len(staff.departments["billing"]) >= 2


def test_commands_have_the_same_ids_again_and_never_one_twice():
    at = span().begins
    first, again = Identifiers(7, "a"), Identifiers(7, "a")

    ids = [first.next(at) for _ in range(1000)]
    assert ids == [again.next(at) for _ in range(1000)]
    assert len({*ids}) == 1000
    assert {len(one) for one in ids} == {32}


def _day(number):
    return arrivals(date(2026, 3, 2), ZONE, CALLS, Chance(number, "law"))


def _counted():
    counted: Counter[int] = Counter()
    for number in range(MONDAYS):
        for at in _day(number):
            local = at.astimezone(ZONE)
            counted[local.hour * 2 + local.minute // 30] += 1
    return counted


def _chi_square(counted, expected):
    return sum((counted[at] - one) ** 2 / one for at, one in enumerate(expected) if one)


def _plan(seed, *, agents=4, days=3):
    asked = span(agents=agents, days=days, seed=seed)
    people = staff_of(_staff(agents), agents)
    return plan(asked, people, HABITS, lambda day: day.weekday() < 5)


def _staff(agents):
    there = [
        Person(name="bill", en="Bill", zh="比尔", department="billing", roles=frozenset({"department_handler"})),
    ]  # fmt: skip
    return [*there, *recruits(there, agents)]
