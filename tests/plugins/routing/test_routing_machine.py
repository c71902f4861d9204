"""Whatever happens at the desk in whatever order, routing keeps its laws, and does the same when the same happens again."""

import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from casewright.commands import EndAbsence
from casewright.errors import CasewrightError, CommandRefused
from casewright.queries import ListTickets
from casewright_routing import stored_agents

from .routed_desk import AGENTS, NINE, RoutedDesk

CAPACITY = {"ana": 2, "ben": 2, "cleo": 2, "dora": 1, "emil": 1}
SKILLS = {
    "ana": {"refunds"},
    "ben": {"refunds", "english"},
    "cleo": {"vip"},
    "dora": {"senior", "refunds"},
    "emil": {"many", "refunds"},
}
CUSTOMERS = {"wang": {}, "lu": {"tier": "vip"}, "smith": {"language": "en"}}
KINDS = ("refund", "question", "change", "none of these")
agents = st.sampled_from(AGENTS)
number = st.integers(0, 50)


class Acted:
    """What happened at one desk, so that it can happen again at another: each deed by name, tickets by their number."""

    def __init__(self, folder: Path) -> None:
        self.routed = RoutedDesk(folder, push=True)
        for name, known in CUSTOMERS.items():
            self.routed.customer(name, **known)
        self.keys: list[str] = []

    def open(self, kind: str, customer: str | None, about: str) -> None:
        fields = {"about": about} if about else {}
        self.keys.append(self.routed.open(kind, customer=customer, fields=fields))

    def finish(self, at: int) -> None:
        self.routed.fire(self.keys[at], "finish")

    def hand_back(self, at: int) -> None:
        self.routed.assign(self.keys[at], None)

    def busy(self, agent: str) -> None:
        self.routed.busy(agent)

    def back(self, agent: str) -> None:
        self.routed.back(agent)

    def leave(self, agent: str) -> None:
        self.routed.away(agent)

    def return_(self, agent: str) -> None:
        self.routed.desk.execute(EndAbsence(actor=agent, name=agent))

    def wait(self, minutes: int) -> None:
        self.routed.wait(minutes=minutes)

    def run(self) -> None:
        self.routed.run()

    def pull(self, agent: str) -> None:
        with suppress(CommandRefused):
            self.routed.next(agent)

    def close(self) -> None:
        self.routed.desk.close()


class Routing(RuleBasedStateMachine):
    """A desk that routes, and the people and customers around it."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.acted = Acted(Path(self.folder.name) / "first")
        self.routed = self.acted.routed
        self.deeds: list[tuple[str, tuple[object, ...]]] = []
        self.away: set[str] = set()

    def do(self, deed: str, *words: object) -> None:
        self.deeds.append((deed, words))
        getattr(self.acted, deed)(*words)

    @rule(
        kind=st.sampled_from(KINDS),
        customer=st.sampled_from((None, *CUSTOMERS)),
        about=st.sampled_from(("", "", *AGENTS)),
    )
    def a_ticket_is_opened(self, kind: str, customer: str | None, about: str) -> None:
        self.do("open", kind, customer, about)

    @rule(kind=st.sampled_from(KINDS), count=st.integers(4, 8))
    def a_rush_comes(self, kind: str, count: int) -> None:
        for _ in range(count):
            self.do("open", kind, None, "")
            self.do("wait", 1)
        self.the_pass_is_run()

    @rule(at=number)
    def a_ticket_is_finished(self, at: int) -> None:
        if held := self._held():
            self.do("finish", held[at % len(held)])

    @rule(at=number)
    def a_ticket_is_handed_back(self, at: int) -> None:
        if held := self._held():
            self.do("hand_back", held[at % len(held)])

    @rule(agent=agents, busy=st.booleans())
    def an_agent_says_so(self, agent: str, busy: bool) -> None:
        self.do("busy" if busy else "back", agent)

    @rule(agent=agents)
    def an_agent_comes_or_goes(self, agent: str) -> None:
        self.do("return_" if agent in self.away else "leave", agent)
        self.away ^= {agent}

    @rule(minutes=st.sampled_from((1, 4, 10)))
    def time_goes_by(self, minutes: int) -> None:
        self.do("wait", minutes)
        self.the_pass_is_run()

    @rule(agent=agents)
    def an_agent_takes_the_next_one(self, agent: str) -> None:
        self.do("pull", agent)
        self._everybody_has_the_skill()

    @rule()
    def the_pass_is_run(self) -> None:
        waiting = self._waiting()
        foretold = {key: self.routed.due(key) for key in waiting}
        since = {key: self.routed.explain(key).since for key in waiting}

        self.do("run")

        given = {key: self.routed.handler(key) or "" for key in waiting}
        assert given == foretold, "explanations equal decisions"
        self._nobody_was_overtaken_by_their_equals(given, since)
        self._everybody_has_the_skill()
        self._owners_were_told_once()

    @invariant()
    def nobody_is_above_capacity(self) -> None:
        in_hand = Counter(one.handler for one in self._open() if one.handler)
        assert all(in_hand[name] <= CAPACITY[name] for name in in_hand)

    @invariant()
    def each_waiting_ticket_is_in_one_queue_that_has_a_name(self) -> None:
        queues = self.routed.queues()
        assert sum(one.waiting for one in queues.values()) == len(self._waiting())
        assert all(one.title for one in queues.values())

    def teardown(self) -> None:
        if not hasattr(self, "acted"):
            return
        again = Acted(Path(self.folder.name) / "again")
        for deed, words in self.deeds:
            getattr(again, deed)(*words)
        for acted in (self.acted, again):
            assert acted.routed.is_whole()
        told = [[one.routed.decisions(key) for key in one.keys] for one in (self.acted, again)]
        assert told[0] == told[1], "the same is decided when the same has happened"
        self.acted.close()
        again.close()
        self.folder.cleanup()

    def _open(self):
        page = self.routed.desk.ask(ListTickets(actor="gus", open=True, limit=1000))
        return page.tickets

    def _waiting(self) -> list[str]:
        return [one.key for one in reversed(self._open()) if one.handler is None]

    def _held(self) -> list[int]:
        return [self.acted.keys.index(one.key) for one in self._open() if one.handler]

    def _everybody_has_the_skill(self) -> None:
        for ticket in self._open():
            if ticket.handler:
                assert ticket.handler != ticket.fields.get("about")
                assert ticket.fields["kind"] != "none of these"
                assert _able(ticket.handler, ticket), (ticket.handler, ticket.fields)

    def _nobody_was_overtaken_by_their_equals(self, given, since) -> None:
        """Of tickets that ask for the same, who came first is served first, unless the agent may not have it."""
        tickets = {key: self.routed.ticket(key) for key in given}
        for later, agent in given.items():
            for earlier, other in given.items():
                alike = _alike(tickets[later]) == _alike(tickets[earlier])
                came_first = (since[earlier], earlier) < (since[later], later)
                kept_out = tickets[earlier].fields.get("about") == agent
                overtaken = agent and not other and alike and came_first
                assert not overtaken or kept_out, (earlier, later)

    def _owners_were_told_once(self) -> None:
        for key in self._waiting():
            now = self.routed.explain(key).now
            entries = sum(
                one.kind == "TicketOpened" or one.changes.get("handler", "") is None
                for one in self.routed.history(key)
            )
            told = len(self.routed.told(key))
            assert told <= entries
            assert told >= 1 or not now.hopeless


def _able(agent: str, ticket) -> bool:
    skills, customer = SKILLS[agent], ticket.customer
    if customer == "lu":
        return bool(skills & {"vip", "senior", "many"})
    refunds = ticket.fields["kind"] != "refund" or "refunds" in skills
    english = customer != "smith" or bool(skills & {"english", "many"})
    return refunds and english


def _alike(ticket) -> tuple[object, ...]:
    return (ticket.fields["kind"], ticket.customer, ticket.lineage_handlers)


TestRouting = Routing.TestCase
TestRouting.settings = settings(
    max_examples=10,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


SABOTAGES = {
    "owners are told again and again": ("floor.Floor.told", lambda self, ticket: None),
    "skills are not looked at": ("crew.lacking", lambda agent, requirement: None),
    "what is in hand is not counted": (
        "stored_agents.work_now",
        lambda known, load, now: stored_agents.Work(),
    ),
    "who came last goes first": (
        "service_order._CAME",
        lambda one: (NINE - one.since, one.key),
    ),
}


@pytest.mark.parametrize("sabotage", SABOTAGES)
def test_a_routing_that_breaks_a_law_is_caught(sabotage, monkeypatch):
    place, wrong = SABOTAGES[sabotage]
    monkeypatch.setattr(f"casewright_routing.{place}", wrong)
    quick = settings(
        TestRouting.settings, max_examples=40, phases=[Phase.generate], derandomize=True
    )

    with pytest.raises((AssertionError, BaseExceptionGroup, CasewrightError)):
        run_state_machine_as_test(Routing, settings=quick)
