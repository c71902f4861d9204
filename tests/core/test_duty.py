"""Of a role, those on duty are told; where nobody of it is, all of them."""

from datetime import UTC, datetime
from types import MappingProxyType

import pytest

from casewright.commands import SavePerson, SetAbsence
from casewright.model import SYSTEM

from .small_centre import CLOSED, HEAD
from .time_desk import TimeDesk

DAY_SHIFT = {
    "calendar": "day_shift",
    "title": {"en": "Day shift", "zh": "白班"},
    "zone": "Asia/Shanghai",
    "week": {day: "09:00-17:00" for day in ("mon", "tue", "wed", "thu", "fri")},
}
TELLING = (
    f"{HEAD}states:\n  first:\n    title: {{en: Open, zh: 办理中}}\n    transitions:\n"
    "      call: {by: anyone, do: [{tell: role:head, message: {en: Please look., zh: 请查看。}}]}\n"
    f"      finish: closed\n{CLOSED}"
)
DAY = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
NIGHT = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)  # 23:00


class DutyDesk(TimeDesk):
    """A desk with three heads, Dina, Eric and Olga, who work by day."""

    people = MappingProxyType(
        {**TimeDesk.people, "dina": (("head",), "one"), "eric": (("head",), "one")}
    )

    def let(self, name: str, **said) -> None:
        self.desk.execute_as_system(SavePerson(actor=SYSTEM, name=name, **said))

    def told_at(self, moment: datetime) -> set[str]:
        self.clock.set(moment)
        key = self.open()
        self.fire(key, "call")
        return set(self.last(key).facts["told"])


@pytest.fixture
def duty(workspace, clock):
    made = DutyDesk(workspace, clock)
    made.calendar(DAY_SHIFT)
    made.publish(TELLING)
    heads = [name for name, (roles, _) in made.people.items() if "head" in roles]
    assert {"dina", "eric"} < set(heads)
    for name in heads:
        made.let(name, calendar="day_shift", active=name in ("dina", "eric", "olga"))
    made.heads = {"dina", "eric", "olga"}
    yield made
    made.desk.close()


def test_within_their_hours_all_of_a_role_are_told(duty):
    assert duty.told_at(DAY) == duty.heads


def test_outside_their_hours_those_who_are_on_duty_are_told(duty):
    duty.let("eric", calendar="")

    assert duty.told_at(NIGHT) == {"eric"}


def test_where_nobody_is_on_duty_all_are_told(duty):
    assert duty.told_at(NIGHT) == duty.heads


def test_where_all_who_would_be_on_duty_are_away_all_are_told(duty):
    duty.let("eric", calendar="")
    duty.desk.execute_as_system(
        SetAbsence(actor=SYSTEM, name="eric", start=DAY, end=None, deputy="")
    )

    assert {"dina", "olga"} <= duty.told_at(NIGHT)


def test_whoever_is_named_by_name_is_told_at_night_too(duty):
    duty.publish(TELLING.replace("role:head", "user:dina"))

    assert duty.told_at(NIGHT) == {"dina"}
