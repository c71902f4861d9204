"""Keeping to the rules by hand: with `strict`, an assignment that they do not allow is refused, unless a manager decides it."""

import pytest

from casewright.commands import DisablePlugin
from casewright.errors import AssignmentRefused, PluginMissing

FULL = "2 of 2 tickets in hand"


@pytest.fixture
def strict(route):
    return route(strict=True)


def test_nobody_is_given_by_hand_what_they_lack_the_skill_for(strict):
    key = strict.open("refund")

    with pytest.raises(AssignmentRefused, match="lack what the queue 'Refunds' asks for"):
        strict.assign(key, "cleo", by="ana")

    assert strict.handler(key) is None
    strict.assign(key, "ben", by="ana")


def test_nobody_is_given_by_hand_more_than_they_can_hold(strict):
    for _ in range(2):
        strict.assign(strict.open("refund"), "ana", by="ben")

    with pytest.raises(AssignmentRefused, match=FULL):
        strict.assign(strict.open("refund"), "ana", by="ben")


def test_somebody_who_is_no_agent_is_not_given_what_a_queue_has(strict):
    with pytest.raises(AssignmentRefused, match=r"routing\.yaml"):
        strict.assign(strict.open("refund"), "gus", by="ana")


def test_whoever_manages_routing_may_overrule_it(strict):
    key = strict.open("refund")

    strict.assign(key, "cleo", by="olga")

    assert strict.handler(key) == "cleo"


def test_what_overflow_allows_is_allowed_by_hand(strict):
    smith = strict.customer("smith", language="en")
    key = strict.open("refund", customer=smith)

    with pytest.raises(AssignmentRefused, match="English"):
        strict.assign(key, "ana", by="ben")
    strict.assign(key, "emil", by="ben")


def test_what_is_in_no_queue_is_given_to_anybody(strict):
    unrouted, parked = strict.open("none of these"), strict.open("refund")
    strict.fire(parked, "park")

    strict.assign(unrouted, "gus", by="ana")
    strict.assign(parked, "cleo", by="ana")

    assert [strict.ticket(key).handler for key in (unrouted, parked)] == ["gus", "cleo"]


def test_the_next_ticket_and_the_pass_keep_to_the_rules_by_themselves(route):
    routed = route(push=True, strict=True)
    first, second = routed.open("refund"), routed.open("question")

    taken = routed.next("cleo")
    routed.work()

    assert taken == second
    assert routed.handler(first) == "ana"


def test_unless_a_workspace_is_strict_people_decide_even_when_routing_fails(routed):
    key = routed.open("refund")
    why = {"plugin": "routing", "reason": "out of order"}
    routed.desk.execute_as_system(DisablePlugin(actor="system", **why))

    routed.assign(key, "cleo", by="ana")

    assert routed.handler(key) == "cleo"


def test_where_a_workspace_is_strict_nobody_is_assigned_while_routing_cannot_be_asked(strict):
    key = strict.open("refund")
    why = {"plugin": "routing", "reason": "out of order"}
    strict.desk.execute_as_system(DisablePlugin(actor="system", **why))

    with pytest.raises(PluginMissing, match="out of order"):
        strict.assign(key, "ana")
