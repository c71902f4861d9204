"""`casewright workflow rehearse`: a workflow on a simulated clock, in a workspace that is thrown away afterwards."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Option, Verb
from casewright.cli.session import Session
from casewright.errors import ProblemsFound, UsageRefused, message
from casewright.texts import text

if TYPE_CHECKING:
    from casewright.desk import Desk
    from casewright.durations import Duration
    from casewright.rehearse.scenario import Scenario

BUILT_IN = ("neglect", "taken", "walk")
"""The scenarios that need no file; a test holds them to `casewright.rehearse.built_in`."""
PEOPLE = "people.yaml"


def rehearse(session: Session, given: Given) -> Answer:
    """Answer with everything that a scenario came to; not done when something has to be mended."""
    from casewright.cli.rehearsal_document import rehearsal_document
    from casewright.cli.rehearsal_showing import RehearsalSheet
    from casewright.rehearse.rehearsal import rehearse as play

    file = Path(given.needed("file"))
    with play(
        file,
        _scenario(given),
        add_staff=_staff(file),
        start=_start(given),
        lasts=_lasts(given),
    ) as (stage, rehearsal):
        session.look_at(stage.desk, next(iter(stage.people)))
        session.tell_times_in(rehearsal.zone.key)
        return Answer(
            document=rehearsal_document(rehearsal, session.texts),
            lines=list(RehearsalSheet(session, rehearsal).lines()),
            done=rehearsal.passed,
        )


def _scenario(given: Given) -> "Scenario":
    from casewright.rehearse.built_in import scenario_of
    from casewright.rehearse.scenario_file import load_scenario

    named, built_in = given.text("scenario"), given.text("built_in")
    if named is None:
        return scenario_of(built_in or BUILT_IN[0])
    if built_in is not None:
        reason = message("--scenario and --built-in exclude each other")
        raise UsageRefused(reason=reason)
    scenario, problems = load_scenario(Path(named))
    if scenario is None:
        raise ProblemsFound.of(problems)
    return scenario


def _start(given: Given) -> datetime | None:
    written = given.text("from")
    if written is None:
        return None
    try:
        return datetime.fromisoformat(written.strip())
    except ValueError:
        template = "'{written}' is no time: write it as 2026-02-13T17:30"
        raise UsageRefused(reason=message(template, written=written[:80])) from None


def _lasts(given: Given) -> "Duration | None":
    from casewright import durations

    written = given.text("until")
    return durations.parse(written) if written is not None else None


def _staff(file: Path) -> "Callable[[Desk], None]":
    """Return what puts the people on the staff: those of the workspace's people.yaml, else of its database, else casewright's own."""
    from casewright.cli.founding import add_people
    from casewright.rehearse.known_staff import add_known, known_staff
    from casewright.starter import starter_folder
    from casewright.workflows.surroundings import root_of

    own = root_of(file) / PEOPLE
    if own.is_file():
        return lambda desk: add_people(desk, own)
    known = known_staff(root_of(file))
    if known:
        return lambda desk: add_known(desk, known)
    return lambda desk: add_people(desk, starter_folder() / PEOPLE)


REHEARSE = Verb(
    name="rehearse",
    run=rehearse,
    help=text("play a workflow through on a simulated clock: who is told what, when and why"),
    more=text(
        "Nothing is published, nobody is told: the workspace is thrown away. Exit code 1 when an escalation reaches nobody or tells twice."
    ),
    options=(
        Option(name="FILE", needed=True, help=text("the workflow file, as it is on disk")),
        Option(
            name="--scenario",
            value="FILE",
            help=text(
                "who does what when, and what is expected of it (see workflows/README.md)"
            ),
        ),
        Option(
            name="--built-in",
            value="NAME",
            choices=BUILT_IN,
            help=text(
                "a scenario without a file: nobody acts, the first warning is taken, or the shortest way walked (default: neglect)"
            ),
        ),
        Option(
            name="--from",
            value="TIME",
            help=text(
                "when it begins, such as 2026-03-02T09:00 (default: the next working moment)"
            ),
        ),
        Option(
            name="--until",
            value="DURATION",
            help=text("how long it goes on at most (default: 60 days)"),
        ),
    ),
)
