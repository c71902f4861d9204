"""A rehearsal from its beginning to its report: one workflow, one scenario, a workspace that is thrown away."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from casewright.clock import Clock, SetClock, SystemClock
from casewright.durations import Duration
from casewright.errors import message
from casewright.rehearse import watching
from casewright.rehearse.built_in import BUILT_IN, LASTS
from casewright.rehearse.doing import perform
from casewright.rehearse.expecting import unfulfilled
from casewright.rehearse.finding import findings
from casewright.rehearse.play import Play
from casewright.rehearse.report import Finding, Rehearsal
from casewright.rehearse.scenario import Scenario
from casewright.rehearse.simulation import Simulation
from casewright.rehearse.stage import AddStaff, Stage, stage


@contextmanager
def rehearse(
    file: Path,
    scenario: Scenario,
    *,
    add_staff: AddStaff,
    start: datetime | None = None,
    lasts: Duration | None = None,
    clock: Clock | None = None,
) -> Iterator[tuple[Stage, Rehearsal]]:
    """Yield what came of a scenario in a workflow file's workspace, and the stage, which then is thrown away.

    It begins at `start` (local where it has no zone), else when the scenario says so, else at the
    next working moment. Raises `ProblemsFound` and others before anything happens.
    """
    simulated = SetClock((clock or SystemClock()).now().replace(second=0, microsecond=0))
    with stage(file, add_staff, simulated) as made:
        play = Play(stage=made, simulation=Simulation(made.desk.working(), simulated))
        begin = start or scenario.start
        now = simulated.now()
        simulated.set(play.local(begin) if begin else made.calendar.next_working(now))
        yield made, _played(play, scenario, lasts or scenario.lasts or LASTS)


def _played(play: Play, scenario: Scenario, lasts: Duration) -> Rehearsal:
    start = play.simulation.now
    end = start + lasts.wall
    if scenario.steps:
        perform(play, play.stage.desk.working(), scenario)
        still = play.simulation.pass_until_still(end)
    else:
        still = BUILT_IN[scenario.name].play(play, end)
    if play.simulation.exhausted:
        play.findings.append(_restless(play))
    return _report(play, scenario, start, still=still)


def _restless(play: Play) -> Finding:
    return Finding(
        code="rehearsal.restless",
        what=message(
            "it never came to rest: {count} moments were gone through",
            count=play.simulation.leaps,
        ),
        advice=message("see which timer or state brings it back to where it was"),
        place=play.stage.document.key_place(("states",)),
    )


def _report(play: Play, scenario: Scenario, start: datetime, *, still: bool) -> Rehearsal:
    tickets = play.tickets()
    events = watching.histories(play, tickets)
    told = watching.notices_told(play)
    runs = [
        run
        for ticket in tickets
        for run in watching.promise_runs(play, ticket, events[ticket.key], told)
    ]
    play.findings += unfulfilled(play, scenario, told, runs)
    all_events = [event for ticket in tickets for event in events[ticket.key]]
    return Rehearsal(
        workflow=play.stage.workflow.name,
        title=play.stage.workflow.title,
        scenario=scenario.name,
        scenario_title=scenario.title,
        zone=play.stage.zone,
        start=start,
        end=play.simulation.now,
        still=still,
        tickets=tickets,
        rows=watching.rows(all_events, told, play.refused),
        promises=runs,
        findings=findings(play, tickets, events, told, runs),
    )
