"""The plan of a simulation: a stream of intents in the order of time, made of the seed alone, without a desk."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from heapq import merge

from casewright.simulating.arrivals import arrivals
from casewright.simulating.catalogue import SUBJECTS
from casewright.simulating.chance import Chance
from casewright.simulating.floor import Floor
from casewright.simulating.habits import Habits
from casewright.simulating.intents import Call, DayEnds, FallsIll, Intent, LooksRound, Span
from casewright.simulating.shifts import (
    IsWorkday,
    Timetable,
    absent,
    at_the_phone,
    in_the_office,
)
from casewright.simulating.staff import Staff
from casewright.swift_dataclass import dataclass

_ROUNDS = (10.5, 15.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who works when, and what happens by itself; `intents` can be gone through once."""

    floor: Floor
    intents: Iterator[Intent]
    customers: int


def plan(span: Span, staff: Staff, habits: Habits, works_on: IsWorkday) -> Plan:
    """Return what happens in a centre of this staff; the same for the same span, staff and habits."""
    tables = _tables(span, staff, works_on)
    ill = list(_illnesses(span, staff, habits, tables))
    pace = {name: 0.8 + 0.4 * Chance(span.seed, "pace", name).part() for name in sorted(tables)}
    customers = population(span, habits)
    streams = (
        _calls(span, habits, customers),
        iter(sorted(ill, key=_moment)),
        _rounds(span, works_on),
        _evenings(span),
    )
    return Plan(
        floor=Floor(absent(tables, ill), pace),
        intents=merge(*streams, key=_moment),
        customers=customers,
    )


def population(span: Span, habits: Habits) -> int:
    """Return how many customers there are."""
    return max(1, round(calls_a_day(span, habits) * span.days * habits.customers_a_call))


def calls_a_day(span: Span, habits: Habits) -> float:
    """Return how many calls are expected on an average working day."""
    return habits.calls_an_agent * span.agents * span.agents / (span.agents + habits.alone)


def _tables(span: Span, staff: Staff, works_on: IsWorkday) -> Mapping[str, Timetable]:
    tables = {name: at_the_phone(span, place) for place, name in enumerate(staff.agents)}
    for place, name in enumerate(sorted(staff.people)):
        if name not in tables:
            tables[name] = in_the_office(span, place, works_on)
    return tables


def _calls(span: Span, habits: Habits, customers: int) -> Iterator[Call]:
    number = 0
    for day in range(span.days):
        on = span.start + timedelta(days=day)
        chance = Chance(span.seed, "calls", on)
        calls = calls_a_day(span, habits)
        for at in arrivals(on, span.zone, calls, Chance(span.seed, "arrivals", on)):
            number += 1
            kind = chance.by_weight(habits.kinds)
            customer = chance.rank(customers)
            yield Call(
                at=at,
                number=number,
                customer=customer,
                vip=Chance(span.seed, "vip", customer).happens(habits.vip),
                kind=kind,
                subject=int(chance.part() * len(SUBJECTS[kind])),
                patience=chance.waiting(habits.patience),
                talk=chance.around(habits.talk),
            )


def _illnesses(
    span: Span, staff: Staff, habits: Habits, tables: Mapping[str, Timetable]
) -> Iterator[FallsIll]:
    for name in sorted(staff.people):
        chance, well = Chance(span.seed, "health", name), span.begins
        for day in range(span.days):
            begins = tables[name].from_then(span.at(day))
            works = begins is not None and begins < span.at(day + 1)
            if begins is None or not works or begins < well or not chance.happens(habits.sick):
                continue
            days = 1 + chance.waiting(habits.sick_for).days
            well = span.at(day + days)
            yield FallsIll(at=begins, name=name, until=well)


def _rounds(span: Span, works_on: IsWorkday) -> Iterator[LooksRound]:
    for day in range(span.days):
        if works_on(span.start + timedelta(days=day)):
            for hour in _ROUNDS:
                yield LooksRound(at=span.at(day, hour))


def _evenings(span: Span) -> Iterator[DayEnds]:
    for day in range(span.days):
        yield DayEnds(at=span.at(day + 1) - timedelta(seconds=1))


def _moment(intent: Intent) -> datetime:
    return intent.at
