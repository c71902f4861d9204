"""What routing promises of every pass and of many, and that each promise is seen when it is broken."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casewright_routing import crew, explaining, lines, matching, service_order
from casewright_routing.crew import Crew
from casewright_routing.service_order import bound

from .centre import NOW, agent, any_agents, any_rules, any_tickets, queue, rules, ticket
from .days import flood, live
from .laws import LAWS, LawBroken, PassSeen

Patch = pytest.MonkeyPatch
DRAWS = st.randoms(use_true_random=False)
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]


def a_pass(draw: Random) -> PassSeen:
    agents = any_agents(draw)
    return PassSeen(any_rules(draw), any_tickets(draw, agents), agents, NOW)


@given(draw=DRAWS)
@settings(max_examples=150, deadline=None, suppress_health_check=QUIET)
def test_every_pass_keeps_every_law(draw):
    seen = a_pass(draw)

    for law in LAWS:
        law(seen)


@given(draw=DRAWS)
@settings(max_examples=60, deadline=None, suppress_health_check=QUIET)
def test_no_ticket_sees_more_offers_to_others_than_the_stated_bound(draw):
    live(draw, passes=25)


@pytest.mark.parametrize("word", ["vip", "high", "normal", "low"])
def test_in_a_flood_of_urgent_tickets_the_bound_is_reached_and_not_passed(word):
    patient = ticket("?", word=word)
    limit = bound(patient.rank, rise_after=3, before=0, before_in_class=0)

    day = flood(rules(queue("q"), rise_after=3), agent("ana"), patient, passes=limit + 1)

    assert day.served.index("T-00001") == limit


def test_a_whole_class_that_waits_gets_one_offer_of_every_few_and_no_more():
    centre = rules(queue("q"), rise_after=3)
    day = flood(centre, agent("ana"), ticket("?", word="vip"), passes=0)
    for _ in range(5):
        day.arrive(ticket("?", word="vip"))
    ours = set(day.waiting)

    for _ in range(24):
        day.arrive(ticket("?", word="urgent"))
        day.run()
        day.free("ana")

    assert [at for at, key in enumerate(day.served) if key in ours] == [3, 7, 11, 15, 19, 23]


# --- sabotage ------------------------------------------------------------------------------------


def everybody_has_a_hand_free(patch: Patch) -> None:
    patch.setattr(Crew, "free", lambda self, place: self.agents[place].present)
    patch.setattr(
        Crew, "hands", property(lambda self: 1, lambda self, value: None), raising=False
    )


def everybody_has_every_skill(patch: Patch) -> None:
    patch.setattr(crew, "lacking", lambda agent, requirement: None)


def absence_is_not_seen(patch: Patch) -> None:
    free = Crew.free

    def free_at_home(self: Crew, place: int) -> bool:
        agent = self.agents[place]
        return free(self, place) or self.loads[place] < agent.capacity

    patch.setattr(Crew, "free", free_at_home)
    patch.setattr(
        Crew, "hands", property(lambda self: 1, lambda self, value: None), raising=False
    )


def earlier_handlers_are_forgotten(patch: Patch) -> None:
    for module in (lines, matching):
        patch.setattr(module, "barred_from", lambda ticket: frozenset())


def the_last_comes_first(patch: Patch) -> None:
    patch.setattr(
        service_order, "_CAME", lambda ticket: (-ticket.since.timestamp(), ticket.key)
    )


def only_the_risen_ticket_rises(patch: Patch) -> None:
    """Let a ticket alone rise past those of its class that came before it."""
    front = service_order._Class.front

    def jumping(self: service_order._Class) -> tuple[object, ...]:
        found = front(self)
        if self._risen and self._risen[0][1] > self._turn:
            place = self._risen[0][1]
            self._tickets.insert(self._turn, self._tickets.pop(place))
            self._line_at.insert(self._turn, self._line_at.pop(place))
        return found

    patch.setattr(service_order._Class, "front", jumping)


def a_ticket_that_cannot_be_served_ends_the_pass(patch: Patch) -> None:
    offer = matching.Pass.offer

    def offer_or_stop(self: matching.Pass, turn: service_order.Turn) -> object:
        found = offer(self, turn)
        if found is None:
            self.crew.hands = 0
        return found

    patch.setattr(matching.Pass, "offer", offer_or_stop)


def a_ticket_is_given_twice(patch: Patch) -> None:
    matches = matching.Pass.matches

    def twice(self: matching.Pass) -> object:
        for one in matches(self):
            yield one
            yield one

    patch.setattr(matching.Pass, "matches", twice)


def ties_are_broken_by_who_is_named_first(patch: Patch) -> None:
    def unsorted(agents: object, **_: object) -> list[object]:
        return list(agents)  # type: ignore[call-overload]

    patch.setattr(crew, "sorted", unsorted, raising=False)


def an_explanation_has_a_strategy_of_its_own(patch: Patch) -> None:
    by_name = {name: lambda crew, place: (0, 0, -place) for name in crew.KEYS}
    patch.setattr(explaining, "KEYS", by_name)


def an_explanation_knows_no_stickiness(patch: Patch) -> None:
    rank = explaining._Judging._rank
    patch.setattr(
        explaining._Judging,
        "_rank",
        lambda self, place: rank(self, place)._replace(not_previous=True),
    )


def steps_are_taken_backwards(patch: Patch) -> None:
    def best(self: lines.Line, barred: frozenset[str]) -> tuple[int, int] | None:
        for number, group in reversed(list(enumerate(self._groups))):
            found = group.best(barred)
            if found is not None:
                return number, found
        return None

    patch.setattr(lines.Line, "best", best)


def nobody_is_hopeless(patch: Patch) -> None:
    patch.setattr(matching.Pass, "hopeless", lambda self, ticket: False)


SABOTAGES: list[tuple[Callable[[Patch], None], set[str]]] = [
    (everybody_has_a_hand_free, {"capacity"}),
    (everybody_has_every_skill, {"skill"}),
    (absence_is_not_seen, {"skill"}),
    (earlier_handlers_are_forgotten, {"skill"}),
    (the_last_comes_first, {"overtaking"}),
    (only_the_risen_ticket_rises, {"overtaking"}),
    (a_ticket_that_cannot_be_served_ends_the_pass, {"idle"}),
    (a_ticket_is_given_twice, {"once"}),
    (ties_are_broken_by_who_is_named_first, {"determinism"}),
    (an_explanation_has_a_strategy_of_its_own, {"explanation"}),
    (an_explanation_knows_no_stickiness, {"explanation"}),
    (steps_are_taken_backwards, {"explanation"}),
    (nobody_is_hopeless, {"unrouted"}),
]


@pytest.mark.parametrize(
    ("sabotage", "laws"), SABOTAGES, ids=lambda one: getattr(one, "__name__", "")
)
def test_a_matcher_that_is_wrong_is_caught_by_the_law_it_breaks(monkeypatch, sabotage, laws):
    sabotage(monkeypatch)
    broken = set()

    for seed in range(400):
        draw = Random(seed)
        try:
            seen = a_pass(draw)
        except Exception:  # noqa: BLE001 (what is spoilt may also crash)
            continue
        for law in LAWS:
            try:
                law(seen)
            except LawBroken as found:
                broken.add(found.law)
        if laws <= broken:
            break

    assert laws <= broken


def nobody_counts(patch: Patch) -> None:
    patch.setattr(service_order.ServiceOrder, "given", lambda *_: None)


def every_other_overtaking_is_forgotten(patch: Patch) -> None:
    overtake = service_order._Class.overtake

    def every_other_time(
        self: service_order._Class, came: object, agent: int, name: str
    ) -> None:
        if len(self._tickets) % 2:
            overtake(self, came, agent, name)

    patch.setattr(service_order._Class, "overtake", every_other_time)


def a_risen_ticket_stops_short_of_the_first_class(patch: Patch) -> None:
    patch.setattr(
        service_order._Class,
        "_standing",
        lambda self, count: max(1, self.rank - count // self._rise_after),
    )


@pytest.mark.parametrize(
    "sabotage", [nobody_counts, a_risen_ticket_stops_short_of_the_first_class]
)
def test_a_ticket_that_starves_is_caught_by_the_bound(monkeypatch, sabotage):
    sabotage(monkeypatch)

    with pytest.raises(LawBroken, match="bound"):
        flood(rules(queue("q"), rise_after=3), agent("ana"), ticket("?", word="low"), passes=60)


@pytest.mark.parametrize("sabotage", [nobody_counts, every_other_overtaking_is_forgotten])
def test_a_ticket_that_starves_among_many_agents_is_caught_by_the_bound(monkeypatch, sabotage):
    sabotage(monkeypatch)
    found = 0

    for seed in range(60):
        try:
            live(Random(seed), passes=60)
        except LawBroken as broken:
            found += broken.law == "bound"

    assert found
