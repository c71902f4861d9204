"""`casewright replay`: an event log through the real engine and store."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casewright.cli.answer import Answer, Heading
from casewright.cli.grammar import Given, Noun, Option, Verb
from casewright.cli.output import print_line, table
from casewright.cli.session import Session
from casewright.errors import FileUnreadable, WorkspaceNotFound, message
from casewright.texts import Texts, text

if TYPE_CHECKING:
    from casewright.config import Config
    from casewright.exchange.replay import ReplayReport

Progress = Callable[[int, int], None]
LONGEST_PATH = 12
"""Activities of the top variant shown to people; --json has them all."""


def replay(session: Session, given: Given) -> Answer:
    """Replay a log and answer with its figures; not done when events were refused."""
    log, workflow = Path(given.needed("log")), Path(given.needed("workflow"))
    log_map = Path(given.text("map") or f"{workflow}.map.yaml")
    _found_workspace(session, (log, workflow, log_map))
    from casewright.exchange.replay import replay as replay_log

    with progress_bar(session.texts.text("replaying")) as progress:
        report = replay_log(
            session.own_desk, log, workflow, log_map, actor=session.actor, progress=progress
        )
    return Answer(
        document=report_document(report, session.texts),
        lines=_lines(report, session.texts),
        notes=[session.texts.render(note) for note in report.notes],
        done=not report.refused,
    )


def report_document(report: "ReplayReport", texts: Texts) -> dict[str, Any]:
    """Return the agreed keys, and the reasons of what was refused."""
    days, top = report.throughput, report.top_variant
    return {
        "cases": report.cases,
        "events": report.events,
        "refused": report.refused,
        "variants": report.variants,
        "throughput_days": days
        and {
            "median": days.median,
            "mean": days.mean,
            "p90": days.p90,
            "max": days.max,
            "total_seconds": days.total_seconds,
        },
        "top_variant": top and {"path": list(top[0]), "cases": top[1]},
        "reasons": [
            {
                "activity": one.activity,
                "state": one.refusal.state,
                "code": one.refusal.code,
                "message": texts.render(one.refusal.reason),
                "count": one.count,
                "case": one.case,
                "line": one.line,
            }
            for one in report.reasons
        ],
    }


def _found_workspace(session: Session, files: Sequence[Path]) -> None:
    """See to it that there is a workspace with a database: a folder that is none becomes one, and hears of it."""
    from casewright.cli.founding import found_database

    try:
        config = session.config
    except WorkspaceNotFound:
        if not session.folder.is_dir():
            raise
        config = _new_workspace(session, files)
    if not config.database.exists():
        found_database(config, admin=session.claimed)


def _new_workspace(session: Session, files: Sequence[Path]) -> "Config":
    from casewright.config import FILE

    for file in files:
        if not file.is_file():
            raise FileUnreadable(file=str(file), reason=message("there is no such file"))
    settings = session.folder / FILE
    try:
        settings.write_text(
            "# The settings of this casewright workspace; what is not set has its default.\n"
            f'[access]\nsign_in = "{"trusted" if session.named else "os_user"}"\n'
        )
    except OSError as error:
        reason = message("it cannot be written ({problem})", problem=error.strerror or "")
        raise FileUnreadable(file=str(settings), reason=reason) from None
    config = session.config
    said = session.texts.say(
        "{folder} is a workspace now: {settings} and {database} are made, and {person} is its administrator.",
        folder=config.root,
        settings=settings.name,
        database=config.database.name,
        person=session.claimed,
    )
    print_line(said, sys.stderr)
    return config


@contextmanager
def progress_bar(title: str) -> Iterator[Progress | None]:
    """Show how far the work is, where somebody can see it: on a terminal, never in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _lines(report: "ReplayReport", texts: Texts) -> Iterator[str]:
    yield texts.say(
        "Cases: {cases}; events: {events}, of which refused: {refused}; variants: {variants}.",
        cases=report.cases,
        events=report.events,
        refused=report.refused,
        variants=report.variants,
    )
    days = report.throughput
    if days is not None:
        figures = {
            name: f"{getattr(days, name):.6f}" for name in ("median", "mean", "p90", "max")
        }
        yield texts.say(
            "Throughput in days: median {median}, mean {mean}, p90 {p90}, max {max}.", **figures
        )
    if report.top_variant is not None:
        path, cases = report.top_variant
        shown = " → ".join(path[:LONGEST_PATH]) + (" → …" if len(path) > LONGEST_PATH else "")
        yield texts.say(
            "The most frequent way, of {cases} cases: {path}", cases=cases, path=shown
        )
    if report.reasons:
        yield ""
        yield Heading(texts.text("Refused"))
        titles = [
            texts.text(one)
            for one in (
                text("events"),
                text("activity"),
                text("state"),
                text("reason"),
                text("first in case"),
            )
        ]
        yield from table(
            titles,
            [
                (
                    one.count,
                    one.activity,
                    one.refusal.state,
                    texts.render(one.refusal.reason),
                    one.case,
                )
                for one in report.reasons
            ],
        )


NOUNS = (
    Noun(
        name="replay",
        help=text("run an event log through the engine"),
        verbs=(
            Verb(
                name="",
                run=replay,
                help=text(
                    "run each case of an event log through a workflow, on the log's own clock"
                ),
                more=text(
                    "A second run adds nothing; an interrupted one is continued. A folder that is no workspace becomes one."
                ),
                options=(
                    Option(
                        name="LOG",
                        needed=True,
                        help=text("a CSV or XES file, plain or gzipped"),
                    ),
                    Option(
                        name="--workflow",
                        value="FILE",
                        needed=True,
                        help=text("the workflow file"),
                    ),
                    Option(
                        name="--map",
                        value="FILE",
                        help=text(
                            "which columns and transitions are meant (default: the .map.yaml that `workflow discover` writes)"
                        ),
                    ),
                ),
            ),
        ),
    ),
)
