"""Who has their turn next among waiting tickets, and how a ticket that is overtaken rises.

Tickets are served by class, then by how long they wait, then by key. Each time an agent is given a ticket, the
first of every lower class that came before it and that this agent could have taken counts as overtaken once more;
every `rise_after` times it rises a class, and with it all of its own class that came before it, as long as it
waits and somebody has a hand free for it.

So a ticket is never overtaken by a later one of its class, and what a ticket can wait for is bounded (`bound`).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from heapq import heapify, heappop, heappush
from operator import attrgetter
from typing import NamedTuple

from casewright_routing.lines import Line, barred_from
from casewright_routing.waiting import Waiting

_CAME = attrgetter("since", "key")


class Turn(NamedTuple):
    """A ticket whose turn it is."""

    ticket: Waiting
    rank: int
    line: Line


def bound(rank: int, *, rise_after: int, before: int, before_in_class: int) -> int:
    """Return how often, at most, agents who could take a ticket are given others until it is served.

    `before` is how many tickets wait that came before it, `before_in_class` how many of these are of its class.
    Every offer to another goes to one of those, or counts one of the class as overtaken; none is
    `rise_after * rank` times overtaken without having risen to the first class, where only earlier ones go before it.
    """
    return rank * rise_after * (before_in_class + 1) + before


class ServiceOrder:
    """The turns of one pass. `line_of` says which line a ticket stands in."""

    def __init__(
        self, waiting: Iterable[Waiting], line_of: Callable[[Waiting], Line], rise_after: int
    ) -> None:
        by_rank: dict[int, list[Waiting]] = {}
        for one in waiting:
            by_rank.setdefault(one.rank, []).append(one)
        self._classes = {
            rank: _Class(rank, sorted(found, key=_CAME), line_of, rise_after)
            for rank, found in sorted(by_rank.items())
        }

    def next(self) -> Turn | None:
        """Return the ticket whose turn it is and let its turn pass; None when all had theirs."""
        fronts = [one for one in self._classes.values() if not one.done]
        return min(fronts, key=_Class.front).take() if fronts else None

    def given(self, turn: Turn, agent: int, name: str) -> None:
        """Count whoever is overtaken by this ticket's going to the agent."""
        came = _CAME(turn.ticket)
        for one in self._classes.values():
            if one.rank and one.rank != turn.rank and not one.done:
                one.overtake(came, agent, name)

    def overtaken(self) -> dict[str, int]:
        """Return how often each ticket was overtaken by now, for those that were in this pass."""
        return {key: count for one in self._classes.values() for key, count in one.counted()}


class _Class:
    """The tickets of one class as they came; `_turn` is the first that had no turn yet."""

    def __init__(
        self,
        rank: int,
        tickets: list[Waiting],
        line_of: Callable[[Waiting], Line],
        rise_after: int,
    ) -> None:
        self.rank, self._tickets, self._rise_after = rank, tickets, rise_after
        self._turn = 0
        self._counts: dict[int, int] = {}
        self._line_at = [line_of(ticket) for ticket in tickets]
        self._lines: dict[Line, _Places] = {}
        for place, line in enumerate(self._line_at):
            self._lines.setdefault(line, _Places()).places.append(place)
        self._lines_of: dict[int, list[_Places]] = {}
        self._first: dict[int, int] = {}
        # What has risen, highest first; what it is of no use to is dropped when it comes up.
        self._risen = [
            (self._standing(ticket.overtaken), place)
            for place, ticket in enumerate(tickets)
            if ticket.overtaken >= rise_after
        ]
        heapify(self._risen)

    @property
    def done(self) -> bool:
        return self._turn == len(self._tickets)

    def front(self) -> tuple[int, datetime, str]:
        """Return where the first ticket stands: no lower than any other of the class."""
        while self._risen and not self._waits(self._risen[0][1]):
            heappop(self._risen)
        first = self._tickets[self._turn]
        return (self._risen[0][0] if self._risen else self.rank), first.since, first.key

    def take(self) -> Turn:
        place = self._turn
        self._turn += 1
        return Turn(self._tickets[place], self.rank, self._line_at[place])

    def overtake(self, came: tuple[datetime, str], agent: int, name: str) -> None:
        place = self._first_for(agent, name)
        if place is None or _CAME(self._tickets[place]) > came:
            return
        count = self._counts.get(place, self._tickets[place].overtaken) + 1
        self._counts[place] = count
        if count % self._rise_after == 0:
            heappush(self._risen, (self._standing(count), place))

    def counted(self) -> Iterable[tuple[str, int]]:
        return ((self._tickets[place].key, count) for place, count in self._counts.items())

    def _waits(self, place: int) -> bool:
        """Return whether the ticket has its turn before it and somebody is there for it."""
        ticket = self._tickets[place]
        return place >= self._turn and self._line_at[place].open_to(ticket)

    def _standing(self, overtaken: int) -> int:
        return max(0, self.rank - overtaken // self._rise_after)

    def _first_for(self, agent: int, name: str) -> int | None:
        """Return the place of the first ticket without a turn yet that the agent could take."""
        known = self._first.get(agent, -1)
        if known < self._turn:
            lines = self._lines_of.get(agent)
            if lines is None:
                lines = [places for line, places in self._lines.items() if agent in line.reach]
                self._lines_of[agent] = lines
            found = (places.first(self._turn, self._tickets, name) for places in lines)
            known = self._first[agent] = min(found, default=len(self._tickets))
        return known if known < len(self._tickets) else None


class _Places:
    """Where the tickets of one line stand in their class."""

    __slots__ = ("_passed", "places")

    def __init__(self) -> None:
        self.places: list[int] = []
        self._passed = 0

    def first(self, turn: int, tickets: Sequence[Waiting], name: str) -> int:
        """Return the first place from `turn` on, which never falls, whose ticket may go to the agent of that name."""
        places, at = self.places, self._passed
        while at < len(places) and places[at] < turn:
            at += 1
        self._passed = at
        while at < len(places) and name in barred_from(tickets[places[at]]):
            at += 1
        return places[at] if at < len(places) else len(tickets)
