"""Who gets which ticket: VIPs, overflow, languages, stickiness, avoidance, strategies, and pulling one's next."""

import pytest

from casewright_routing.matching import match, pull
from casewright_routing.rules import Overflow

from .centre import MINUTE, NOW, VIPS, agent, queue, rules, ticket


def given(centre, tickets, agents):
    """Return who got which ticket, in the order in which they were given."""
    return {one.ticket: one.agent for one in match(centre, tickets, agents, NOW).given}


def test_who_waits_longest_is_served_first_and_equal_waits_go_by_key():
    tickets = [ticket("B", waited=5), ticket("A", waited=5), ticket("C", waited=9)]

    found = given(rules(queue("q")), tickets, [agent("ana", capacity=2)])

    assert list(found) == ["C", "A"]


def test_a_higher_class_is_served_before_one_that_waits_longer():
    tickets = [ticket("A", waited=60), ticket("B", word="vip"), ticket("C", word="urgent")]

    found = given(rules(queue("q")), tickets, [agent("ana", capacity=3)])

    assert list(found) == ["C", "B", "A"]


def test_a_vip_goes_to_a_vip_agent_even_where_a_senior_has_been_idle_for_longer():
    agents = [agent("senior", {"senior": 1}, idle=60), agent("vip", {"vip": 1})]

    found = match(rules(queue("q", vip=VIPS)), [ticket("A", vip=True)], agents, NOW)

    assert [(one.agent, one.step) for one in found.given] == [("vip", "vip")]


def test_a_vip_goes_to_a_senior_agent_when_all_vip_agents_are_busy():
    agents = [
        agent("senior", {"senior": 1}),
        agent("vip", {"vip": 1}, capacity=2, load=2),
        agent("plain"),
    ]

    found = match(rules(queue("q", vip=VIPS)), [ticket("A", vip=True)], agents, NOW)

    assert [(one.agent, one.step) for one in found.given] == [("senior", "senior")]


def test_a_vip_waits_when_neither_vip_agents_nor_seniors_are_free():
    agents = [agent("vip", {"vip": 1}, load=1), agent("plain")]

    assert given(rules(queue("q", vip=VIPS)), [ticket("A", vip=True)], agents) == {}


def test_an_overflow_of_vips_to_their_own_queue_asks_everybody_of_it_after_a_while():
    vips = VIPS.__class__(skills={"vip": 1}, overflow=(Overflow(to="q", after=5 * MINUTE),))
    centre = rules(queue("q", vip=vips))
    agents = [agent("plain", capacity=2)]

    found = given(
        centre, [ticket("A", vip=True, waited=4), ticket("B", vip=True, waited=5)], agents
    )

    assert found == {"B": "plain"}


@pytest.mark.parametrize(("waited", "expected"), [(9, {}), (10, {"A": "poly"})])
def test_a_language_queue_overflows_to_the_multi_language_group_after_its_minutes(
    waited, expected
):
    words = {"skills": {"english": 1}, "overflow": (Overflow(to="many", after=10 * MINUTE),)}
    centre = rules(queue("english", **words))

    found = given(centre, [ticket("A", "english", waited=waited)], [agent("poly", {"many": 1})])

    assert found == expected


def test_who_stands_for_a_language_still_needs_the_other_skills_of_the_queue():
    words = {"skills": {"english": 1, "refunds": 2}, "overflow": (Overflow(to="many"),)}
    agents = [agent("poly", {"many": 1}), agent("both", {"many": 1, "refunds": 2})]

    found = given(rules(queue("q", **words)), [ticket("A"), ticket("B")], agents)

    assert found == {"A": "both"}


def test_a_skill_that_the_ticket_asks_for_is_needed_beside_those_of_its_queue():
    agents = [agent("one", {"refunds": 1}), agent("two", {"refunds": 1, "english": 2})]
    tickets = [ticket("A", asked=(("english", 2),)), ticket("B", asked=(("english", 2),))]

    assert given(rules(queue("q", skills={"refunds": 1})), tickets, agents) == {"A": "two"}


def test_a_ticket_returns_to_the_previous_handler_who_is_free_and_else_to_anybody():
    centre = rules(queue("q", sticky=True))
    agents = [agent("idle", idle=60, capacity=3), agent("known")]
    tickets = [
        ticket("A", previous="known", waited=3),
        ticket("B", previous="known", waited=2),
        ticket("C", previous="gone", waited=1),
    ]

    assert given(centre, tickets, agents) == {"A": "known", "B": "idle", "C": "idle"}


def test_a_handler_of_an_earlier_round_never_gets_it_even_if_free_alone():
    centre = rules(queue("q", sticky=True))
    tickets = [ticket("A", previous="ana", earlier_handlers=frozenset({"ana"}))]

    outcome = match(centre, tickets, [agent("ana")], NOW)

    assert outcome.given == ()
    assert outcome.unrouted == ("A",)


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [("longest_idle", "idle"), ("least_loaded", "light"), ("weighted", "heavy")],
)
def test_the_strategy_says_who_of_several_gets_it(strategy, expected):
    agents = [
        agent("idle", idle=60, capacity=9, load=4),
        agent("light", idle=10, capacity=9, load=1),
        agent("heavy", idle=20, capacity=9, load=2, weight=3),
    ]

    assert given(rules(queue("q", strategy=strategy)), [ticket("A")], agents) == {"A": expected}


def test_by_weight_who_weighs_twice_as_much_gets_twice_as_many():
    agents = [agent("full", capacity=99, weight=2), agent("half", capacity=99, weight=1)]
    tickets = [ticket(f"T-{number:02}") for number in range(30)]

    found = list(given(rules(queue("q", strategy="weighted")), tickets, agents).values())

    assert (found.count("full"), found.count("half")) == (20, 10)


def test_one_pass_spreads_tickets_over_equals():
    agents = [agent(name, capacity=3) for name in ("ana", "bob", "cai")]
    tickets = [ticket(f"T-{number}") for number in range(6)]

    found = list(given(rules(queue("q")), tickets, agents).values())

    assert {name: found.count(name) for name in found} == {"ana": 2, "bob": 2, "cai": 2}


def test_nobody_gets_anything_who_is_away_off_shift_or_in_another_team():
    agents = [
        agent("away", teams=frozenset({"red"}), away=True),
        agent("home", teams=frozenset({"red"}), on_shift=False),
        agent("blue", teams=frozenset({"blue"})),
        agent("over", teams=frozenset({"red"}), capacity=1, load=5),
    ]

    outcome = match(rules(queue("q", teams=frozenset({"red"}))), [ticket("A")], agents, NOW)

    assert outcome.given == ()
    assert outcome.unrouted == ()


def test_a_ticket_that_nobody_has_the_skill_for_is_named():
    centre = rules(queue("q", skills={"refunds": 3}))

    outcome = match(
        centre, [ticket("A"), ticket("B", "unrouted")], [agent("ana", {"refunds": 2})], NOW
    )

    assert outcome.unrouted == ("A", "B")


def test_a_pull_takes_the_first_ticket_that_the_agent_is_asked_for():
    centre = rules(queue("q"), queue("other", skills={"refunds": 1}))
    tickets = [ticket("A", "other", word="urgent"), ticket("B", word="high"), ticket("C")]

    found = pull(centre, tickets, [agent("ana"), agent("bob", {"refunds": 1})], NOW, "ana")

    assert found.match is not None
    assert found.match.ticket == "B"


def test_a_pull_leaves_a_vip_to_a_vip_agent_who_is_free():
    centre = rules(queue("q", vip=VIPS))
    senior, busy, free = (
        agent("senior", {"senior": 1}),
        agent("vip", {"vip": 1}, load=1),
        agent("vip", {"vip": 1}),
    )
    waiting = [ticket("A", vip=True)]

    assert pull(centre, waiting, [senior, free], NOW, "senior").match is None
    assert pull(centre, waiting, [senior, busy], NOW, "senior").match is not None
    assert pull(centre, waiting, [senior, free], NOW, "vip").match is not None


def test_tickets_that_are_pulled_past_others_make_those_rise_as_well():
    centre = rules(queue("q"), rise_after=2)
    low = ticket("low", word="high", waited=9)
    pulled = []

    for number in range(6):
        urgent = ticket(f"T-{number}", word="urgent")
        found = pull(centre, [low, urgent], [agent("ana")], NOW, "ana")
        pulled.append(found.match.ticket)
        if pulled[-1] == "low":
            break
        low = ticket("low", word="high", waited=9, overtaken=found.overtaken["low"])

    assert pulled == ["T-0", "T-1", "T-2", "T-3", "low"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"load": 1}, "you have 1 of 1 tickets in hand already"),
        ({"away": True}, "you are away or not on shift"),
        ({"on_shift": False}, "you are away or not on shift"),
    ],
)
def test_a_pull_without_a_free_hand_says_why(words, reason):
    found = pull(rules(queue("q")), [ticket("A")], [agent("ana", **words)], NOW, "ana")

    assert str(found.reason) == reason


def test_a_pull_says_when_nothing_waits_and_when_the_person_is_no_agent():
    centre, ana = rules(queue("q", skills={"refunds": 1})), agent("ana")

    assert "nothing waits" in str(pull(centre, [ticket("A")], [ana], NOW, "ana").reason)
    assert "not one of the agents" in str(pull(centre, [ticket("A")], [ana], NOW, "x").reason)
