"""`casewright workflow discover`: writes what an event log shows, and nothing over what is there."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Option, Verb
from casewright.cli.session import Session
from casewright.errors import FileUnreadable, message
from casewright.texts import text


def discover(session: Session, given: Given) -> Answer:
    """Write the workflow that a log shows, and the map that leads the log through it."""
    from casewright.exchange.discover import discover as discover_workflow
    from casewright.exchange.discover import schema_beside
    from casewright.exchange.log_columns import guess_columns
    from casewright.exchange.logs import read_cases, times_without_zone

    log, out = Path(given.needed("log")), Path(given.needed("out"))
    _must_be_free(out, force=given.flag("force"))
    activity = [name for one in given.all("activity") for name in one.split(",")]
    columns = guess_columns(
        log,
        case=given.text("case"),
        activity=activity,
        time=given.text("time"),
        agent=given.text("agent"),
    )
    cases = read_cases(log, columns)
    found = discover_workflow(
        cases, columns, name=out.stem, log=log.name, schema=schema_beside(out)
    )
    files = _write_discovery(out, found.workflow, found.map)
    events = sum(len(case.events) for case in cases)
    document = {
        "workflow": found.name,
        "files": [str(file) for file in files],
        "cases": len(cases),
        "events": events,
    }
    return Answer(
        document=document,
        lines=_discovered(session, files, len(cases), events),
        notes=_without_zone(session, times_without_zone(cases)),
    )


def _discovered(
    session: Session, files: Sequence[Path], cases: int, events: int
) -> Iterator[str]:
    yield session.texts.say(
        "The workflow that the log shows (cases: {cases}, events: {events}) was written to:",
        cases=cases,
        events=events,
    )
    yield from (f"  {file}" for file in files)


def _without_zone(session: Session, count: int) -> list[str]:
    if not count:
        return []
    return [
        session.texts.say(
            "Times that came without a time zone and were taken as UTC: {count}.", count=count
        )
    ]


def _must_be_free(out: Path, *, force: bool) -> None:
    """Refuse before the log is read, which may take long."""
    if not out.parent.is_dir():
        reason = message("the folder {folder} does not exist", folder=str(out.parent))
        raise FileUnreadable(file=str(out), reason=reason)
    for path in (out, _map_beside(out)):
        if path.exists() and not force:
            reason = message("it exists already; with --force it is written over")
            raise FileUnreadable(file=str(path), reason=reason)


def _map_beside(out: Path) -> Path:
    return out.with_name(f"{out.name}.map.yaml")


def _write_discovery(out: Path, workflow: str, log_map: str) -> list[Path]:
    contents = {out: workflow, _map_beside(out): log_map}
    for path, content in contents.items():
        try:
            path.write_text(content, encoding="utf-8")
        except OSError as error:
            reason = message("it cannot be written ({problem})", problem=error.strerror or "")
            raise FileUnreadable(file=str(path), reason=reason) from None
    return list(contents)


DISCOVER = Verb(
    name="discover",
    run=discover,
    help=text("write the workflow that an event log shows"),
    more=text(
        "States are the log's activities, transitions the successions that were seen, nothing more."
    ),
    options=(
        Option(
            name="LOG",
            needed=True,
            help=text("a CSV or XES file, plain or gzipped"),
        ),
        Option(
            name="--out",
            value="FILE",
            needed=True,
            help=text("the workflow file to write; FILE.map.yaml is written beside it"),
        ),
        Option(
            name="--force",
            help=text("write over the workflow and the map that are there already"),
        ),
        Option(
            name="--activity",
            value="COLUMN[,COLUMN]",
            many=True,
            help=text("the column of the activity; several are joined"),
        ),
        Option(name="--case", value="COLUMN", help=text("the column of the case")),
        Option(name="--time", value="COLUMN", help=text("the column of the time")),
        Option(
            name="--agent",
            value="COLUMN",
            help=text("the column of whoever did it"),
        ),
    ),
)
