"""Into which queue and class something comes, who is an agent when, and what the phone system is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from casewright.model import Absence, Customer, Person, Ticket
from casewright.strict_yaml import load
from casewright_routing.facts import facts_of, fits
from casewright_routing.phone import Choice, answer_call, remembered
from casewright_routing.routing_file import rules_of
from casewright_routing.rules import UNROUTED
from casewright_routing.shifts import changes, on_shift
from casewright_routing.staffing import Work, agents_of, strangers
from casewright_routing.waiting import queue_for, waiting_of

from .example import EXAMPLE

MOMENT = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""Monday, nine in the morning in Shanghai."""
TICKET = Ticket(
    key="CMP-1",
    workflow="complaint",
    bundle="",
    state="registered",
    priority="high",
    version=1,
    sequence=1,
    opener="ana",
    opened_at=MOMENT,
    received_at=MOMENT,
    entered_at=MOMENT,
    updated_at=MOMENT,
    owner="ana",
    channel="phone",
    fields={"amount": 5, "injury": True, "products": ["tv", "dsl"]},
    lineage_handlers=("bob",),
)
CUSTOMER = Customer(id="C-1", name="Ms Chen", tier="gold", brand="aurora", language="en-GB")


@pytest.fixture(scope="module")
def centre():
    found, problems = rules_of(load(EXAMPLE, file="routing.yaml"))
    assert problems == []
    return found


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ((), True),
        ((("workflow", ("inquiry", "complaint")),), True),
        ((("workflow", ("inquiry",)),), False),
        ((("fields.amount", (5,)),), True),
        ((("fields.amount", ("5",)),), False),
        ((("fields.injury", (True,)),), True),
        ((("fields.injury", (1,)),), False),
        ((("fields.products", ("dsl",)),), True),
        ((("fields.products", ("voice",)),), False),
        ((("fields.missing", ("x",)),), False),
        ((("customer.language", ("en",)),), True),
        ((("customer.language", ("en-US",)),), False),
        ((("customer.tier", ("gold",)), ("channel", ("mail",))), False),
    ],
)
def test_a_rule_fits_when_each_fact_has_one_of_its_values(when, expected):
    assert fits(when, facts_of(TICKET, CUSTOMER)) is expected


def test_a_ticket_comes_into_the_first_queue_that_accepts_it(centre):
    assert queue_for(centre, facts_of(TICKET)) == "complaints"
    assert queue_for(centre, facts_of(replace(TICKET, state="closed"))) == "inquiries"


def test_a_ticket_that_no_queue_accepts_waits_where_everybody_can_see_it(centre):
    only = replace(centre, queues={"complaints": centre.queues["complaints"]})

    assert queue_for(only, {"workflow": "inquiry"}) == UNROUTED


def test_a_waiting_ticket_carries_what_the_rules_say_of_it(centre):
    found = waiting_of(centre, TICKET, CUSTOMER, since=MOMENT, previous="x", excluded=["cai"])

    assert (found.key, found.queue, found.vip) == ("CMP-1", "complaints", True)
    assert centre.order[found.rank] == "vip"
    assert found.asked == (("english", 1),)
    assert found.earlier_handlers == {"bob"}
    assert found.excluded == {"cai"}


def test_only_a_queue_that_says_so_keeps_earlier_handlers_away(centre):
    inquiry = replace(TICKET, workflow="inquiry")

    assert waiting_of(centre, inquiry, None, since=MOMENT).earlier_handlers == frozenset()


def test_an_urgent_ticket_stands_before_a_vips_and_one_of_no_word_behind_all(centre):
    urgent = waiting_of(centre, replace(TICKET, priority="urgent"), CUSTOMER, since=MOMENT)
    odd = replace(TICKET, priority="odd", workflow="inquiry")

    assert urgent.rank == 0
    assert waiting_of(centre, odd, None, since=MOMENT).rank == len(centre.order)


# --- staff ---------------------------------------------------------------------------------------


def person(name, **words):
    return Person(name=name, en=name, zh=name, **words)


def test_agents_are_the_active_people_whom_the_rules_name(centre):
    people = [
        person("zhou_qiang", team="front_1"),
        person("stranger"),
        person("chen_jing", absences=(Absence(start=MOMENT - timedelta(hours=1)),)),
    ]

    found = agents_of(centre, people, {"zhou_qiang": Work(load=2)}, MOMENT)

    assert [(one.name, one.away, one.load, one.capacity) for one in found] == [
        ("chen_jing", True, 0, 4),
        ("zhou_qiang", False, 2, 2),
    ]
    assert found[1].teams == {"front_1"}
    assert strangers(centre, people) == ()
    assert strangers(centre, [person("chen_jing", active=False)]) == ("chen_jing", "zhou_qiang")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-02T07:00", True),
        ("2026-03-02T06:59", False),
        ("2026-03-02T11:45", False),
        ("2026-03-02T15:00", False),
        ("2026-03-06T23:00", True),
        ("2026-03-07T05:59", True),
        ("2026-03-07T06:00", False),
        ("2026-03-02T05:59", True),
        ("2026-03-03T05:59", False),
    ],
)
def test_a_shift_is_on_by_the_wall_clock_of_its_place_across_midnight_too(centre, at, expected):
    moment = datetime.fromisoformat(f"{at}+08:00").astimezone(UTC)

    assert on_shift(centre.shifts.values(), moment, centre.zone) is expected


def test_the_changes_of_shifts_are_where_being_on_changes(centre):
    shifts = list(centre.shifts.values())
    start, end = MOMENT, MOMENT + timedelta(days=8)
    edges = set(changes(shifts, start, end, centre.zone))
    minute = timedelta(minutes=1)

    seen = {
        start + number * minute
        for number in range(1, 8 * 24 * 60 + 1)
        if on_shift(shifts, start + number * minute, centre.zone)
        != on_shift(shifts, start + (number - 1) * minute, centre.zone)
    }

    assert seen == edges


# --- phone ---------------------------------------------------------------------------------------

NUMBER = "+8613800000001"


def test_the_phone_system_is_told_who_calls_and_whom_to_ask(centre):
    found = answer_call(centre, NUMBER, [CUSTOMER])

    assert (found.customer, found.tier, found.vip) == ("C-1", "gold", True)
    assert (found.brand, found.language, found.queue) == ("aurora", "en-GB", "inquiries")
    assert found.skills == (("english", 1),)


def test_what_the_caller_chose_goes_before_what_is_known_and_is_remembered(centre):
    chosen = remembered(Choice(brand="nova", language="ja"), Choice(language="zh"))

    found = answer_call(centre, NUMBER, [CUSTOMER], chosen)

    assert chosen == Choice(brand="nova", language="zh")
    assert (found.brand, found.language, found.skills) == ("nova", "zh", ())


def test_a_number_that_several_share_tells_only_what_is_the_same_of_all(centre):
    others = [replace(CUSTOMER, id="C-2", tier="", brand="nova"), CUSTOMER]

    found = answer_call(centre, NUMBER, others)

    assert found.customers == ("C-1", "C-2")
    assert (found.customer, found.tier, found.vip) == ("", "gold", True)
    assert (found.brand, found.language) == ("", "en-GB")


def test_a_number_that_nobody_has_still_gets_a_queue(centre):
    found = answer_call(centre, NUMBER, [])

    assert (found.customers, found.customer, found.vip, found.queue) == (
        (),
        "",
        False,
        "inquiries",
    )
