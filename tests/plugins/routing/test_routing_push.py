"""Routing by itself: what the worker gives to whom, when it overflows, and what owners hear of what nobody can take."""

from casewright.queries import ListPlugins

from .routed_desk import ROUTING

OWNER = "olga"


def test_a_ticket_is_given_as_soon_as_it_was_opened_and_it_is_told_why(route):
    routed = route(push=True)
    routed.work()

    key = routed.open("refund")
    expected = routed.due(key)
    routed.work()

    assert routed.handler(key) == expected == "ana"
    event = routed.history(key)[-1]
    assert (event.kind, event.actor) == ("TicketAssigned", "system")
    assert "Given to ana, out of 'Refunds'." in event.private["reason"]
    (decision,) = routed.decisions(key)
    assert (decision.way, decision.agent) == ("push", "ana")
    told = {str(one.reason): one.agents for one in decision.passed_over}
    assert told["lacks the skill 'Refunds'"] == ("cleo",)


def test_a_hand_that_gets_free_is_filled_at_once(route):
    routed = route(push=True)
    first, second = (routed.open("refund", fields={"about": "ben"}) for _ in range(2))
    third = routed.open("refund", fields={"about": "ben"})
    routed.work()
    waiting = [one for one in (first, second, third) if routed.handler(one) == "dora"]
    assert len(waiting) == 1
    fourth, fifth = (routed.open("refund", fields={"about": "ben"}) for _ in range(2))
    routed.work()
    assert routed.handler(fifth) is None

    routed.fire(waiting[0], "finish")
    routed.work()

    assert routed.handler(fourth) is not None
    assert routed.handler(fifth) == "dora" or routed.handler(fourth) == "dora"


def test_a_ticket_overflows_when_its_minutes_are_over_although_nothing_else_happens(route):
    routed = route(push=True)
    for name in ("ana", "ben", "dora"):
        routed.busy(name)
    smith = routed.customer("smith", language="en")
    key = routed.open("refund", customer=smith)
    routed.work()
    routed.work(minutes=9)
    assert routed.handler(key) is None

    routed.work(minutes=1)

    assert routed.handler(key) == "emil"
    assert routed.decisions(key)[0].step == "many"


def test_unless_a_workspace_pushes_tickets_wait_for_whoever_takes_them(routed):
    key = routed.open("refund")

    routed.work()
    routed.work(minutes=5)

    assert routed.handler(key) is None
    assert routed.decisions(key) == ()
    assert routed.next("ana") == key


def test_the_owner_hears_once_of_a_ticket_that_nobody_can_take_and_in_which_queue_it_is(route):
    for push in (True, False):
        routed = route(push=push)
        key = routed.open("none of these")

        for _ in range(3):
            routed.work(minutes=1)

        (notice,) = routed.told(key)
        assert notice.recipient == OWNER
        assert notice.message is not None
        assert "It waits in 'Unrouted'" in notice.message.en
        assert "待分配" in notice.message.zh
        (decision,) = routed.decisions(key)
        assert (decision.way, decision.agent, decision.queue) == ("told", "", "unrouted")
        assert routed.queues()["unrouted"].waiting == 1


def test_the_owner_hears_again_when_the_ticket_comes_into_a_queue_anew(route):
    routed = route(push=True)
    key = routed.open("none of these")
    routed.work()
    routed.assign(key, "ana")
    routed.work(minutes=1)

    routed.assign(key, None)
    routed.work(minutes=1)
    routed.work(minutes=1)

    assert len(routed.told(key)) == 2


def test_a_queue_whose_people_are_merely_away_does_not_trouble_the_owner(route):
    routed = route(push=True)
    for name in ("ana", "ben", "dora", "emil"):
        routed.away(name)

    key = routed.open("refund")
    routed.work()

    assert routed.told(key) == []
    assert routed.explain(key).now.hopeless is False


def test_somebody_to_whom_a_ticket_cannot_be_given_is_passed_over_for_the_next_one(route):
    """As one whose roles do not let them see tickets."""
    roles = "  mute: {title: {en: Mute, zh: 无}, permissions: [routing.take]}\n"
    from .routed_desk import ROLES

    routed = route(push=True, **{"roles.yaml": ROLES + roles})
    routed.person("ana", "mute")
    key = routed.open("refund")

    routed.work()

    assert routed.handler(key) == "ben"


def test_nobody_is_given_more_than_their_capacity_however_much_waits(route):
    routed = route(push=True)
    keys = [routed.open("refund") for _ in range(12)]

    routed.work()

    handlers = [routed.handler(key) for key in keys]
    assert {name: handlers.count(name) for name in ("ana", "ben", "dora", "emil", "cleo")} == {
        "ana": 2,
        "ben": 2,
        "dora": 1,
        "emil": 1,
        "cleo": 0,
    }
    assert all(one.load <= one.capacity for one in routed.agents().values())


def test_more_than_one_run_can_give_is_given_by_the_next_at_once(route, monkeypatch):
    from casewright_routing import giving

    monkeypatch.setattr(giving, "MOST_GIVEN", 2)
    routed = route(push=True)
    keys = [routed.open("refund") for _ in range(5)]

    routed.work()

    assert None not in [routed.handler(key) for key in keys]


def test_routing_rests_where_none_of_its_agents_is_on_the_staff(route):
    text = ROUTING
    for name in ("ana", "ben", "cleo", "dora", "emil"):
        text = text.replace(f"  {name}: {{skills", f"  {name}_elsewhere: {{skills")
    routed = route(push=True, **{"routing.yaml": text})

    key = routed.open("none of these")
    routed.work()

    assert routed.told(key) == []
    assert routed.agents() == {}


def test_two_desks_decide_the_same_when_the_same_has_happened(route):
    stories = []
    for _ in range(2):
        routed = route(push=True)
        keys = []
        for number in range(8):
            kind = ("refund", "question", "change")[number % 3]
            keys.append(routed.open(kind))
            routed.work(minutes=number)
        stories.append([routed.decisions(key) for key in keys])

    assert stories[0] == stories[1]
    assert any(stories[0])


def test_the_plugin_stays_in_use_and_its_histories_whole(route):
    routed = route(push=True)
    for _ in range(5):
        routed.open("refund")
        routed.work(minutes=1)

    (standing,) = routed.desk.ask(ListPlugins(actor=OWNER))
    assert (standing.active, standing.strikes) == (True, ())
    assert routed.is_whole()
