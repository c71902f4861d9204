"""The answer to how the service stands now: for a wallboard, and whoever leads a team."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from casewright.answers import (
    AgeBand,
    BoardRow,
    DueSlot,
    PersonLoad,
    PromiseKeeping,
    Wallboard,
)
from casewright.bilingual import Bilingual
from casewright.clock import from_microseconds, to_microseconds
from casewright.desk.authorising import READ
from casewright.desk.library import Library
from casewright.errors import CommandRefused, message
from casewright.model import Person
from casewright.queries import GetWallboard
from casewright.store import configuration, queue_counts
from casewright.store.queue_counts import AGES, HOUR, Changed, Load, Standing
from casewright.workflows.spec import Workflow

if TYPE_CHECKING:
    from casewright.desk.asking import Asking

MOST_HOURS = 168
"""So far ahead a wallboard looks: a week."""
_QUARTER = HOUR // 4
_SECOND = 1_000_000


def wallboard(asking: "Asking", query: GetWallboard) -> Wallboard:
    """Return how the tickets that the asker may see stand; CommandRefused for hours that make no wallboard."""
    if not 1 <= query.hours <= MOST_HOURS:
        template = "a wallboard looks 1 to {most} hours ahead"
        raise CommandRefused(reason=message(template, most=MOST_HOURS))
    database, reach = asking.database, asking.actor.reach(READ)
    now, day = to_microseconds(asking.now), to_microseconds(_day(asking))
    seen = queue_counts.seen(database, reach)
    standings = queue_counts.standings(database, now, query.workflow, seen)
    younger = queue_counts.younger(database, now, query.workflow, seen)
    changed = queue_counts.changed_since(database, day, query.workflow, seen)
    until = now + query.hours * HOUR
    loads = queue_counts.loads(database, now, until, query.workflow, seen)
    return Wallboard(
        at=asking.now,
        open=sum(one.tickets for one in standings),
        overdue=sum(one.overdue for one in standings),
        unassigned=sum(one.unassigned for one in standings),
        paused=sum(one.paused for one in standings),
        opened_today=sum(one.opened_at >= day for one in changed),
        closed_today=sum(one.closed_at is not None and one.closed_at >= day for one in changed),
        due=_slots(asking, query, now),
        states=tuple(_states(asking, standings)),
        ages=tuple(_ages(standings, younger)),
        people=tuple(_people(asking, loads)),
        promises=tuple(_kept(asking.library, changed, day)),
    )


def _day(asking: "Asking") -> datetime:
    """Return when the day began where the site is: in its settings' zone, else in the machine's."""
    zone = ZoneInfo(asking.zone) if asking.zone else None
    here = asking.now.astimezone(zone)
    return here.replace(hour=0, minute=0, second=0, microsecond=0)


def _slots(asking: "Asking", query: GetWallboard, now: int) -> tuple[DueSlot, ...]:
    start, number = now - now % _QUARTER, query.hours * 4
    seen = queue_counts.seen(asking.database, asking.actor.reach(READ))
    end = start + number * _QUARTER
    found = dict(queue_counts.due_between(asking.database, start, end, query.workflow, seen))
    return tuple(
        DueSlot(at=from_microseconds(start + one * _QUARTER), tickets=found.get(one, 0))
        for one in range(number)
    )


def _states(asking: "Asking", standings: Sequence[Standing]) -> Iterator[BoardRow]:
    versions = _Versions(asking)
    for one in standings:
        state = next(
            (
                way.states[one.state]
                for way in versions.of(one.workflow)
                if one.state in way.states
            ),
            None,
        )
        yield BoardRow(
            workflow=one.workflow,
            state=one.state,
            title=state.title if state else Bilingual(en=one.state, zh=one.state),
            final=state is not None and state.final,
            tickets=one.tickets,
            unassigned=one.unassigned,
        )


class _Versions:
    """The versions of workflows, the one that new tickets take first: an older one is read only where that must be."""

    def __init__(self, asking: "Asking") -> None:
        self._library = asking.library
        self._current = asking.library.configuration().current
        self._published = configuration.published(asking.database)

    def of(self, workflow: str) -> Iterator[Workflow]:
        """Yield the versions of a workflow."""
        current = self._current.get(workflow)
        if current is not None:
            yield self._library.workflow(current)
        for row in self._published:
            if row.workflow == workflow and row.digest != current:
                yield self._library.workflow(row.digest)


def _ages(
    standings: Sequence[Standing], younger: Mapping[str, Sequence[int]]
) -> Iterator[AgeBand]:
    ends = [one // _SECOND for one in AGES]
    for workflow in sorted({one.workflow for one in standings}):
        every = sum(one.tickets for one in standings if one.workflow == workflow)
        young = younger.get(workflow, [0] * len(AGES))
        counts = (*young, every - sum(young))
        for older_than, younger_than, tickets in zip(
            (0, *ends), (*ends, None), counts, strict=True
        ):
            yield AgeBand(
                workflow=workflow,
                older_than=older_than,
                younger_than=younger_than,
                tickets=tickets,
            )


def _people(asking: "Asking", loads: Sequence[Load]) -> Iterator[PersonLoad]:
    by_name = {one.handler: one for one in loads}
    there = queue_counts.signed_in(asking.database, to_microseconds(asking.now))
    for person in _shown(asking):
        load = by_name.get(person.name) or Load(person.name, 0, 0, 0)
        absence = person.absence_at(asking.now)
        yield PersonLoad(
            name=person.name,
            team=person.team,
            open=load.open,
            overdue=load.overdue,
            due=load.due,
            signed_in=person.name in there,
            away=absence is not None,
            deputy=absence.deputy if absence else "",
        )


def _shown(asking: "Asking") -> Collection[Person]:
    """Return the active staff whose tickets the asker may see: all, or those whom their permission to read names."""
    reach = asking.actor.reach(READ)
    settings = asking.library.configuration()
    staff = [one for one in settings.people.values() if one.active]
    return [one for one in staff if reach.everything or one.name in reach.people]


def _kept(library: Library, changed: Sequence[Changed], day: int) -> Iterator[PromiseKeeping]:
    ended, met, titles = Counter[tuple[str, str]](), Counter[tuple[str, str]](), {}
    for one in changed:
        for promise, in_time in queue_counts.ended_clocks(one.record, day):
            about = one.workflow, promise
            ended[about] += 1
            met[about] += in_time
            found = library.workflow(one.bundle).promises.get(promise)
            titles[about] = found.title if found else Bilingual(en=promise, zh=promise)
    for about in sorted(ended):
        workflow, promise = about
        yield PromiseKeeping(
            workflow=workflow,
            promise=promise,
            title=titles[about],
            ended=ended[about],
            met=met[about],
        )
