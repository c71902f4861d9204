"""A simulation from beginning to end: the workspace examined, the staff taken on, the plan played, the outcome counted."""

import time
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from casewright.clock import SetClock, SystemClock
from casewright.commands import SavePerson
from casewright.config import Config
from casewright.desk import Desk, open_desk
from casewright.model import SYSTEM, Person
from casewright.queries import GetBoard, GetWallboard, ListPeople
from casewright.rehearse.simulation import Simulation
from casewright.rehearse.stage import calendar_named
from casewright.settings.access import AuditSettings
from casewright.simulating.beginning import begin
from casewright.simulating.centre import Centre
from casewright.simulating.chance import Identifiers
from casewright.simulating.fitness import must_be_fit, must_be_sound, must_reach_nobody
from casewright.simulating.habits import HABITS, Habits
from casewright.simulating.intents import Span
from casewright.simulating.planning import plan
from casewright.simulating.playing import Playing, Progress
from casewright.simulating.shifts import IsWorkday
from casewright.simulating.staff import recruits, staff_of
from casewright.simulating.tally import Outcome, Tally

CALENDAR = "cn_office"
_HALF_A_DAY = timedelta(hours=4)


def simulate(
    config: Config,
    span: Span,
    *,
    by: str,
    lang: str = "en",
    also_used: bool = False,
    habits: Habits = HABITS,
    progress: Progress | None = None,
) -> Outcome:
    """Play a contact centre in a workspace, on a clock of its own, and return what it came to; SimulationRefused, NotAllowed.

    It is started `by` somebody who may edit the staff, and takes on whom it needs in their name.
    The same span in a workspace founded alike makes the same histories. Interrupted, it leaves a whole workspace that was
    simulated in up to some moment.
    """
    must_be_sound(span, SystemClock())
    must_reach_nobody(config)
    began = time.monotonic()
    with closing(open_desk(_simulated(config))) as desk:
        people = must_be_fit(desk, span, also_used=also_used)
        clock, tally = SetClock(span.begins), Tally()
        with desk.at(clock):
            _take_on(desk, by, people, span, tally)
            _play(desk, clock, span, tally, habits, lang, _workdays(config), progress)
            return _outcome(desk, tally, time.monotonic() - began)


def _simulated(config: Config) -> Config:
    """Return the settings without what goes by itself: days are lived through in seconds."""
    plugins = replace(config.plugins, recurring=False)
    return replace(config, plugins=plugins, audit=AuditSettings(every_minutes=0))


def _take_on(desk: Desk, by: str, people: list[Person], span: Span, tally: Tally) -> None:
    """Take on whom the centre needs beside its staff; NotAllowed."""
    identifiers = Identifiers(span.seed, span.agents, "staff")
    # Changes nothing, but is refused to whoever may not edit the staff.
    desk.execute(SavePerson(actor=by, command_id=identifiers.next(span.begins), name=by))
    with desk.batch():
        for one in recruits(people, span.agents):
            command = SavePerson(
                actor=by,
                command_id=identifiers.next(span.begins),
                name=one.name,
                en=one.en,
                zh=one.zh,
                roles=tuple(sorted(one.roles)),
                team=one.team,
                department=one.department,
                email=one.email,
                deputy=one.deputy,
                queues=one.queues,
                only_new=True,
            )
            desk.execute(command)
            tally.commands["SavePerson"] += 1


def _play(
    desk: Desk,
    clock: SetClock,
    span: Span,
    tally: Tally,
    habits: Habits,
    lang: str,
    works_on: IsWorkday,
    progress: Progress | None,
) -> None:
    staff = staff_of(desk.ask_as_system(ListPeople(actor=SYSTEM)), span.agents)
    planned = plan(span, staff, habits, works_on)
    centre = Centre(
        desk=desk,
        clock=clock,
        span=span,
        staff=staff,
        habits=habits,
        lang=lang,
        tally=tally,
        identifiers=Identifiers(span.seed, span.agents, span.start),
        floor=planned.floor,
    )
    time_passes = Simulation(desk.working(), clock, most=None)
    Playing(centre, planned, time_passes, begin, progress or _say_nothing).run()


def _workdays(config: Config) -> IsWorkday:
    """Return what tells whether those in the office work on a day, by the calendar that the shipped workflows count on."""
    calendar = calendar_named(config.root, CALENDAR)

    def works_on(day: date) -> bool:
        begin = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(calendar.zone))
        return calendar.elapsed(begin, begin + timedelta(days=1)) >= _HALF_A_DAY

    return works_on


def _outcome(desk: Desk, tally: Tally, seconds: float) -> Outcome:
    wallboard = desk.ask_as_system(GetWallboard(actor=SYSTEM, hours=1))
    return Outcome(
        tally=tally,
        board=tuple(desk.ask_as_system(GetBoard(actor=SYSTEM))),
        overdue=wallboard.overdue,
        seconds=seconds,
    )


def _say_nothing(done: int, whole: int) -> None:
    """Keep how far it is to itself."""
