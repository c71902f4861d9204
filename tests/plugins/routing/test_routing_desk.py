"""Routing at a desk, as agents take the next ticket: which one they get, why, and when there is none for them."""

import pytest

from casewright.errors import CommandRefused, NotAllowed, NotFound
from casewright_routing.commands import SetAvailability, SetAvailabilityOf, TakeNext

from .routed_desk import ROUTING


def test_a_ticket_that_nobody_handles_waits_and_it_is_told_for_whom(routed):
    key = routed.open("refund")

    story = routed.explain(key)

    assert story.now is not None
    assert (story.now.queue, story.since) == ("refunds", routed.clock.now())
    assert routed.due(key) == "ana"
    assert routed.why_not(key, "cleo") == "lacks the skill 'Refunds'"
    assert "comes first by name" in routed.why_not(key, "ben")


def test_the_next_ticket_is_the_first_that_the_agent_is_asked_for(routed):
    routed.open("refund")
    question = routed.open("question")
    urgent = routed.open("change")

    assert [routed.next("cleo"), routed.next("cleo")] == [urgent, question]
    assert routed.handler(question) == "cleo"
    routed.fire(urgent, "finish")
    with pytest.raises(CommandRefused, match="nothing waits that you are asked for"):
        routed.next("cleo")


def test_what_was_decided_stands_in_the_history_and_is_told_for_good(routed):
    key = routed.open("question")
    routed.wait(minutes=4)

    routed.next("ana")
    routed.wait(hours=1)

    event = routed.history(key)[-1]
    assert (event.kind, event.actor) == ("TicketAssigned", "system")
    assert "out of 'General'" in event.private["reason"]
    assert "综合" in event.private["reason"]
    (decision,) = routed.decisions(key)
    assert (decision.way, decision.agent, decision.queue) == ("pull", "ana", "general")
    assert (decision.at - decision.since).total_seconds() == 240
    assert str(routed.explain(key).resting) == "ana handles it"


def test_the_same_command_takes_no_second_ticket(routed):
    first, second = routed.open(), routed.open()
    command = TakeNext(actor="ana")

    answers = [routed.desk.execute(command).answer for _ in range(2)]

    assert answers[0] == answers[1] == {"ticket": first, "queue": "general", "step": ""}
    assert routed.handler(second) is None


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (lambda routed: routed.busy("dora"), r"you are busy \(training\)"),
        (lambda routed: routed.away("dora"), "you are away or not on shift"),
        (lambda routed: routed.next("dora"), "you have 1 of 1 tickets in hand already"),
    ],
)
def test_an_agent_without_a_free_hand_is_told_why_there_is_no_next_ticket(
    routed, prepare, reason
):
    routed.open()
    routed.open()
    prepare(routed)

    with pytest.raises(CommandRefused, match=reason):
        routed.next("dora")


def test_only_agents_of_the_rules_who_may_take_tickets_take_them(routed):
    routed.open()

    with pytest.raises(CommandRefused, match=r"not one of the agents that routing\.yaml names"):
        routed.next("olga")
    with pytest.raises(NotAllowed):
        routed.next("gus")


def test_whoever_is_busy_is_passed_over_until_they_are_back(routed):
    key = routed.open("refund")
    routed.busy("ana", "team meeting")

    assert routed.due(key) == "ben"
    assert routed.why_not(key, "ana") == "is busy (team meeting)"
    assert (routed.agents()["ana"].state, routed.agents()["ben"].state) == ("busy", "free")

    routed.back("ana")
    assert routed.due(key) == "ana"


def test_only_who_manages_routing_says_it_for_others(routed):
    busy = {"name": "ben", "available": False, "reason": "training"}

    with pytest.raises(NotAllowed):
        routed.desk.execute(SetAvailabilityOf(actor="ana", **busy))
    routed.desk.execute(SetAvailabilityOf(actor="olga", **busy))

    assert routed.agents()["ben"].busy == "training"


@pytest.mark.parametrize("reason", ["", "   ", "x" * 81, "a\x1b[2J"])
def test_a_reason_is_asked_for_and_must_be_one_that_can_be_shown(routed, reason):
    with pytest.raises(CommandRefused):
        routed.desk.execute(SetAvailability(actor="ana", available=False, reason=reason))

    assert routed.agents()["ana"].state == "free"


def test_nobody_gets_the_complaint_that_they_have_handled_before(routed):
    first = routed.open("refund")
    routed.assign(first, "ana")
    routed.fire(first, "finish")

    again = routed.reopen(first)

    assert routed.due(again) == "ben"
    assert "earlier round" in routed.why_not(again, "ana")
    assert routed.next("ben") == again


def test_nobody_gets_a_ticket_from_which_its_workflow_excludes_them(routed):
    key = routed.open("refund", fields={"about": "ana"})

    assert routed.due(key) == "ben"
    assert routed.why_not(key, "ana") == "is excluded by the workflow"
    with pytest.raises(CommandRefused, match="nothing waits"):
        routed.next("ana")
    with pytest.raises(NotFound):
        routed.explain(key, by="ana")


def test_a_queue_does_not_count_what_is_hidden_from_whoever_asks(routed):
    key = routed.open("refund", fields={"about": "ana"})
    queue = routed.explain(key).now.queue

    assert routed.queues()[queue].waiting == 1
    assert routed.queues(by="ben")[queue].waiting == 1
    assert routed.queues(by="ana")[queue].waiting == 0
    assert routed.queues(by="ana")[queue].longest_since is None


def test_a_customer_comes_back_to_whoever_worked_for_them(routed):
    wang = routed.customer("wang")
    first = routed.open(customer=wang)
    routed.assign(first, "dora")
    routed.fire(first, "finish")
    routed.wait(minutes=1)

    again, other = routed.open(customer=wang), routed.open()

    assert routed.due(again) == "dora"
    assert routed.why_not(again, "ana") == "dora worked for this customer before"
    assert routed.due(other) != "dora"


def test_vips_go_to_vip_agents_and_to_senior_ones_when_those_are_busy(routed):
    lu = routed.customer("lu", tier="vip")
    first = routed.open(customer=lu)

    assert routed.due(first) == "cleo"
    assert "nobody of 'VIP agents' has a hand free" in routed.why_not(first, "dora")
    with pytest.raises(CommandRefused, match="nothing waits"):
        routed.next("dora")

    routed.busy("cleo")
    assert routed.due(first) == "dora"
    assert routed.next("dora") == first
    assert routed.decisions(first)[0].step == "senior"


def test_a_customer_who_becomes_a_vip_is_one_from_then_on(routed):
    lu = routed.customer("lu")
    key = routed.open("question", customer=lu)
    routed.run()
    assert routed.due(key) == "ana"

    routed.customer("lu", tier="vip")

    assert routed.due(key) == "cleo"


def test_a_language_goes_to_who_speaks_it_and_overflows_to_the_multi_language_group(routed):
    smith = routed.customer("smith", language="en-GB")
    key = routed.open("refund", customer=smith)

    assert routed.due(key) == "ben"
    routed.busy("ben")
    assert routed.due(key) == ""
    assert "10 min" in routed.why_not(key, "emil")

    routed.wait(minutes=10)
    assert routed.due(key) == "emil"
    assert routed.queues()["refunds"].overflowed == 1


def test_a_ticket_that_goes_on_in_its_queue_has_waited_since_it_came_there(routed):
    key = routed.open()
    routed.run()
    came = routed.clock.now()
    routed.wait(minutes=5)

    routed.fire(key, "go_on")

    assert routed.explain(key).since == came


def test_a_ticket_that_is_handed_back_waits_from_then_on(routed):
    key = routed.open()
    routed.assign(key, "ana")
    routed.wait(minutes=5)
    routed.assign(key, None)
    back = routed.clock.now()
    routed.wait(minutes=5)

    assert routed.explain(key).since == back


def test_what_the_rules_leave_alone_waits_in_no_queue(routed):
    key = routed.open()
    routed.fire(key, "park")

    story = routed.explain(key)

    assert story.now is None
    assert "leaves it alone" in str(story.resting)
    assert all(one.waiting == 0 for one in routed.queues().values())
    routed.fire(key, "back")
    assert routed.due(key) == "ana"


def test_queues_tell_what_waits_since_when_and_who_is_there(routed):
    routed.open("refund")
    routed.wait(minutes=3)
    routed.open("refund")
    routed.open("none of these")
    routed.busy("ana")
    routed.next("dora")

    queues = routed.queues()

    refunds = queues["refunds"]
    assert (refunds.waiting, refunds.longest_since) == (1, routed.clock.now())
    assert (refunds.free, refunds.busy) == (2, 1)
    assert (queues["unrouted"].waiting, queues["unrouted"].hopeless) == (1, 1)


def test_each_waiting_ticket_keeps_its_place_when_the_rules_are_published_anew(routed):
    key = routed.open("refund")
    routed.run()
    came = routed.clock.now()
    routed.wait(minutes=7)
    text = ROUTING.replace(
        "  refunds:\n    title: {en: Refunds", "  money:\n    title: {en: Refunds"
    )
    (routed.root / "routing.yaml").write_text(text, encoding="utf-8")

    routed.publish()

    story = routed.explain(key)
    assert story.now is not None
    assert (story.now.queue, story.since) == ("money", came)


def test_without_published_rules_it_is_told_what_to_do(routed):
    (routed.root / "routing.yaml").unlink()
    routed.publish()
    key = routed.open()

    for ask in (routed.queues, lambda: routed.explain(key), lambda: routed.next("ana")):
        with pytest.raises(CommandRefused, match=r"routing\.yaml is not published"):
            ask()
    routed.run()


def test_a_ticket_of_a_lower_class_rises_when_it_was_overtaken_often_enough(routed):
    low = routed.open("question")
    routed.wait(minutes=1)
    overtaking = []
    for _ in range(15):
        overtaking.append(routed.open("change"))
        taken = routed.next("cleo")
        routed.fire(taken, "finish")
        if taken == low:
            break
        routed.wait(minutes=1)

    assert routed.handler(low) == "cleo"
    assert len(overtaking) == 10  # three times three classes, then it goes first


def test_all_of_it_stands_in_the_chain_of_what_was_done(routed):
    routed.open()
    routed.next("ana")
    routed.busy("ana")

    assert routed.is_whole()
