"""Why each candidate was passed over, in both languages."""

import pytest

from casewright.errors import NotFound
from casewright.texts import Texts
from casewright_routing.chinese import CHINESE
from casewright_routing.explaining import explain
from casewright_routing.rules import Overflow

from .centre import MINUTE, NOW, VIPS, agent, queue, rules, ticket


def reasons(centre, tickets, agents, key="A"):
    told = explain(centre, tickets, agents, NOW, key)
    return {
        one.agent: None if one.reason is None else str(one.reason) for one in told.candidates
    }


def test_everybody_who_could_not_take_it_is_told_with_what_they_lack():
    words = {"skills": {"refunds": 2}, "teams": frozenset({"red"})}
    able = {"skills": {"refunds": 2}, "teams": frozenset({"red"})}
    agents = [
        agent("a_away", away=True, **able),
        agent("b_home", on_shift=False, **able),
        agent("c_busy", capacity=2, load=2, **able),
        agent("d_none"),
        agent("e_low", {"refunds": 1}),
        agent("f_blue", {"refunds": 2}, teams=frozenset({"blue"})),
        agent("g_earlier", **able),
        agent("h_excluded", **able),
        agent("i_right", **able),
    ]
    complaint = ticket(
        "A", earlier_handlers=frozenset({"g_earlier"}), excluded=frozenset({"h_excluded"})
    )

    assert reasons(rules(queue("q", **words)), [complaint], agents) == {
        "i_right": None,
        "a_away": "is away",
        "b_home": "is not on shift",
        "c_busy": "has no hand free: 2 of 2 tickets",
        "d_none": "lacks the skill 'refunds'",
        "e_low": "has the skill 'refunds' at level 1; level 2 is asked",
        "f_blue": "is in none of the teams that are asked",
        "g_earlier": "handled an earlier round of the complaint",
        "h_excluded": "is excluded by the workflow",
    }


@pytest.mark.parametrize(
    ("strategy", "one", "other", "reason"),
    [
        ("longest_idle", {"idle": 9}, {"idle": 3}, "a has been idle for longer"),
        ("longest_idle", {}, {}, "is equal with a, who comes first by name"),
        ("least_loaded", {}, {"load": 1}, "a has fewer tickets in hand"),
        ("least_loaded", {"idle": 9}, {}, "a has been idle for longer"),
        ("weighted", {"weight": 2}, {}, "a has fewer tickets in hand for their weight"),
    ],
)
def test_who_could_have_got_it_as_well_is_told_what_the_winner_is_ahead_by(
    strategy, one, other, reason
):
    agents = [agent("a", capacity=5, **one), agent("b", capacity=5, **other)]

    found = reasons(rules(queue("q", strategy=strategy)), [ticket("A")], agents)

    assert found == {"a": None, "b": reason}


def test_later_steps_are_told_as_such():
    late = Overflow(to="many", after=10 * MINUTE)
    centre = rules(queue("q", skills={"english": 1}, vip=VIPS, overflow=(late,)))
    agents = [
        agent("poly", {"many": 1}),
        agent("senior", {"english": 1, "senior": 1}),
        agent("vip", {"english": 1, "vip": 1}),
    ]

    found = reasons(centre, [ticket("A", vip=True, waited=4)], agents)

    assert found == {
        "vip": None,
        "poly": "is asked from 10 min of waiting on, as one of 'many languages'",
        "senior": "is only asked when nobody of 'VIP agents' has a hand free, and vip has",
    }


def test_stickiness_is_told():
    agents = [agent("idle", idle=60), agent("known")]

    found = reasons(rules(queue("q", sticky=True)), [ticket("A", previous="known")], agents)

    assert found["idle"] == "known worked for this customer before"


def test_what_was_given_to_earlier_tickets_counts():
    tickets = [ticket("A"), ticket("B", waited=5)]
    told = explain(rules(queue("q")), tickets, [agent("ana")], NOW, "A")

    assert told.before == 1
    assert [str(one.reason) for one in told.candidates] == ["has no hand free: 1 of 1 tickets"]
    assert str(told.summary) == "A waits in 'q': nobody who is asked has a hand free"


def test_a_ticket_without_a_queue_is_told_to_be_nobodys():
    told = explain(rules(queue("q")), [ticket("A", "unrouted")], [agent("ana")], NOW, "A")

    assert told.hopeless
    assert [str(one.reason) for one in told.candidates] == ["no queue accepts the ticket"]
    assert "nobody could take it" in str(told.summary)


def test_a_ticket_that_does_not_wait_cannot_be_explained():
    with pytest.raises(NotFound, match="There is no waiting ticket 'Z'"):
        explain(rules(queue("q")), [ticket("A")], [agent("ana")], NOW, "Z")


def test_an_explanation_is_told_in_chinese(monkeypatch):
    told = explain(rules(queue("q")), [ticket("A")], [agent("ana"), agent("bob")], NOW, "A")
    texts = Texts("zh")
    monkeypatch.setattr(texts, "text", lambda english: CHINESE.get(english, english))

    assert texts.render(told.summary) == "A 由工单池“q。”派给 ana"
    assert texts.render(told.candidates[1].reason) == "与 ana 条件相同，按姓名顺序 ana 在前"
