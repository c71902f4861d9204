"""From an event log to tickets: every case through the real engine and store, on the log's own clock."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from casewright.answers import Myself
from casewright.clock import SetClock
from casewright.commands import Command, ProposePublication, SavePerson
from casewright.desk import Desk, publish
from casewright.desk.door import Door
from casewright.desk.setting_up.workspace_files import bundles_of
from casewright.errors import CommandRefused, LogMapRefused, NotAllowed, Place, message
from casewright.exchange.log_map import LogMap, read_map
from casewright.exchange.log_model import LIMITS, Case, Limits
from casewright.exchange.logs import read_cases, times_without_zone
from casewright.exchange.replay_cases import (
    ReplayedCase,
    Track,
    identity_of,
    replay_case,
)
from casewright.exchange.replay_people import names_of, staff_of
from casewright.exchange.replay_report import ReplayReport, Tally
from casewright.model import REPLAY, SYSTEM, is_system
from casewright.queries import ListPeople, ListWorkflows, WhoAmI
from casewright.workflows.bundle import Bundle
from casewright.workflows.surroundings import root_of

__all__ = ["EVENTS_AT_ONCE", "ROLE", "Progress", "ReplayReport", "replay"]

ROLE = "agent"
"""The role that the log's people get on the staff."""

_DOOR = Door(name="replay")
"""The people of a log come through a door of their own: whoever replays it came in as somebody else."""
EVENTS_AT_ONCE = 500
"""How many events become durable together, cases kept whole: more gains little and holds the database longer."""

Progress = Callable[[int, int], None]
"""Told how many events are durable, of how many."""


def replay(
    desk: Desk,
    log: Path,
    workflow: Path,
    log_map: Path,
    *,
    actor: str = REPLAY,
    role: str = ROLE,
    progress: Progress | None = None,
    limits: Limits = LIMITS,
) -> ReplayReport:
    """Run each case of `log` through `workflow` as a ticket, and report what the engine made of it.

    `log_map` says which columns and transitions are meant. The workflow is checked and published by
    `actor` unless this version is current already; tables and roles that are published stay as they
    are. Whoever acts in the log joins the staff, with `role`. An event that is refused leaves its
    ticket where it is, and the case goes on. The same log, map and workflow again add nothing and
    report the same; after an interruption they go on where it stopped.

    Raises `LogRefused`, `LogMapRefused`, `ProblemsFound` and others before anything is written.
    """
    found_map = read_map(log_map)
    bundle = _fit_bundle(workflow, found_map, log_map)
    cases = read_cases(log, found_map.columns, limits=limits)
    _publish(desk, bundle, workflow, actor)
    people = names_of(cases)
    _join_staff(desk, people, role, actor)
    track = Track(
        desk=desk,
        clock=SetClock(cases[0].events[0].at),
        workflow=bundle.name,
        transitions=found_map.transitions,
        people=people,
        identity=identity_of(bundle.digest, found_map.transitions, cases),
    )
    tally = Tally(total=sum(len(case.events) for case in cases))
    for replayed in _replayed(track, cases):
        tally.add(replayed)
        if progress is not None:
            progress(tally.events, tally.total)
    return tally.report(times_without_zone(cases))


def _fit_bundle(workflow: Path, found_map: LogMap, log_map: Path) -> Bundle:
    (bundle,) = bundles_of(root_of(workflow), [workflow])
    if found_map.workflow != bundle.name:
        reason = message(
            "the map is for the workflow '{other}', not for '{name}'",
            other=found_map.workflow,
            name=bundle.name,
        )
        raise LogMapRefused(place=Place(str(log_map)), reason=reason)
    return bundle


def _publish(desk: Desk, bundle: Bundle, workflow: Path, actor: str) -> None:
    published = desk.ask_as_system(ListWorkflows(actor=SYSTEM, counted=False))
    if not published:
        publish(desk, root_of(workflow), [workflow], actor=actor)
    elif not any(one.current and one.digest == bundle.digest for one in published):
        _run(desk, ProposePublication(workflows=(bundle.content,), actor=actor))
    current = desk.ask_as_system(ListWorkflows(actor=SYSTEM, counted=False))
    if not any(one.current and one.digest == bundle.digest for one in current):
        template = "the workflow is proposed and waits for somebody's approval: `casewright workflow publications`"
        raise CommandRefused(reason=message(template))


def _join_staff(desk: Desk, people: Mapping[str | None, str], role: str, actor: str) -> None:
    _must_change_the_staff(desk, actor)
    known = {person.name for person in desk.ask_as_system(ListPeople(actor=SYSTEM))}
    with desk.batch():
        for name, command in staff_of(people, role=role, actor=actor).items():
            if name not in known:
                _run(desk, command)


def _must_change_the_staff(desk: Desk, actor: str) -> None:
    """Raise NotAllowed unless `actor` may put people on the staff: those of the log act at their word."""
    if is_system(actor):
        return
    myself: Myself = desk.ask(WhoAmI(actor=actor))
    if SavePerson.permission not in myself.permissions:
        reason = message("none of the person's roles permits it")
        raise NotAllowed(actor=actor, permission=SavePerson.permission, reason=reason)


def _run(desk: Desk, command: Command) -> None:
    if is_system(command.actor):
        desk.execute_as_system(command)
    else:
        desk.execute(command)


def _replayed(track: Track, cases: Sequence[Case]) -> Iterator[ReplayedCase]:
    """Yield the cases as they become durable."""
    for numbered in _batches(cases):
        with track.desk.through(_DOOR), track.desk.at(track.clock), track.desk.batch():
            done = [replay_case(track, number, case) for number, case in numbered]
        yield from done


def _batches(cases: Iterable[Case]) -> Iterator[list[tuple[int, Case]]]:
    batch: list[tuple[int, Case]] = []
    events = 0
    for number, case in enumerate(cases):
        batch.append((number, case))
        events += len(case.events)
        if events >= EVENTS_AT_ONCE:
            yield batch
            batch, events = [], 0
    if batch:
        yield batch
