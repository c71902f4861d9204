"""`casewright doctor`: examines the installation and the workspace, and says what to do."""

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Noun, Verb
from casewright.cli.output import pad, width
from casewright.cli.reading import known_roles
from casewright.cli.session import Session
from casewright.commands import SavePerson
from casewright.errors import CasewrightError, Message, message
from casewright.texts import text

Finding = Literal["well", "warning", "problem"]
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock of a machine that runs this version is earlier."""

SIGNS = {"well": text("well"), "warning": text("warning"), "problem": text("problem")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was examined."""

    name: str
    finding: Finding
    message: Message


def doctor(session: Session, given: Given) -> Answer:
    """Answer with everything examined; not done when something is wrong."""
    checks = [*_installation(), *_workspace(session)]
    documents = [
        {"name": one.name, "finding": one.finding, "message": session.texts.render(one.message)}
        for one in checks
    ]
    well = all(one.finding != "problem" for one in checks)
    return Answer(
        document={"ok": well, "checks": documents}, lines=_lines(session, checks), done=well
    )


def _installation() -> Iterator[Check]:
    running = ".".join(map(str, sys.version_info[:3]))
    tested = (3, 11) <= sys.version_info[:2] <= (3, 13)
    said = message("Python {version}", version=running)
    untested = message("Python {version}: tested are 3.11 to 3.13", version=running)
    yield Check(
        name="python",
        finding="well" if tested else "warning",
        message=said if tested else untested,
    )
    now = datetime.now(UTC)
    if now < EARLIEST:
        yield Check(
            name="clock",
            finding="problem",
            message=message("the clock says {now}, which cannot be", now=now),
        )
    else:
        zone = now.astimezone().strftime("%Z")
        yield Check(
            name="clock",
            finding="well",
            message=message("it is {now} here ({zone})", now=now, zone=zone),
        )


def _workspace(session: Session) -> Iterator[Check]:
    try:
        config = session.config
    except CasewrightError as error:
        yield _refused("workspace", error)
        return
    yield Check(
        name="workspace", finding="well", message=message("{folder}", folder=str(config.root))
    )
    yield from _files(session)
    try:
        yield from _database(session)
    except CasewrightError as error:
        yield _refused("database", error)


def _files(session: Session) -> Iterator[Check]:
    from casewright.workflows.check import check_paths

    config = session.config
    for name, path in (("disk", config.database.parent), ("attachments", config.attachments)):
        folder = _existing(path)
        writable = folder.is_dir() and os.access(folder, os.W_OK)
        can = message("{folder} can be written", folder=str(folder))
        cannot = message("{folder} cannot be written", folder=str(folder))
        yield Check(
            name=name,
            finding="well" if writable else "problem",
            message=can if writable else cannot,
        )
    problems = check_paths([config.root])
    grave = sum(one.grave for one in problems)
    found = message(
        "{grave} problem(s), {warnings} warning(s): see `casewright workflow check`",
        grave=grave,
        warnings=len(problems) - grave,
    )
    none = message("the workflow files have nothing to mend")
    yield Check(
        name="workflows",
        finding="problem" if grave else "warning" if problems else "well",
        message=found if problems else none,
    )


def _database(session: Session) -> Iterator[Check]:
    from casewright.desk import database_status

    status = database_status(session.config)
    for warning in status.warnings:
        yield Check(name="sqlite", finding="warning", message=warning)
    if not status.warnings:
        yield Check(
            name="sqlite", finding="well", message=message("{library}", library=status.library)
        )
    if not status.exists or status.version != status.newest:
        reason = message(
            "schema version {version} of {newest}: run `casewright db migrate`",
            version=status.version,
            newest=status.newest,
        )
        yield Check(name="database", finding="problem", message=reason)
        return
    yield Check(
        name="database",
        finding="well",
        message=message("schema version {version}", version=status.version),
    )
    yield from _pragmas(session, status.pragmas)
    yield from _staff(session)
    yield from _kept_files(session)


def _pragmas(session: Session, pragmas: Mapping[str, str]) -> Iterator[Check]:
    full = session.config.synchronous == "FULL"
    safe = pragmas.get("journal_mode") == "wal" and full
    shown = message(
        "journal_mode {journal}, synchronous {synchronous}",
        journal=pragmas.get("journal_mode", "?"),
        synchronous=session.config.synchronous,
    )
    risky = message("synchronous NORMAL may lose the last commits in a power cut")
    yield Check(
        name="durability",
        finding="well" if safe else "warning",
        message=shown if full else risky,
    )


def _staff(session: Session) -> Iterator[Check]:
    from casewright.model import SYSTEM
    from casewright.queries import GetWorkflow, ListPeople, ListWorkflows

    desk = session.desk
    people = [one for one in desk.ask_as_system(ListPeople(actor=SYSTEM)) if one.active]
    held = {role for one in people for role in one.roles}
    named: set[str] = set()
    versions = desk.ask_as_system(ListWorkflows(actor=SYSTEM))
    if not versions:
        none = message("no workflow is published: run `casewright workflow publish`")
        yield Check(name="published", finding="problem", message=none)
    yield from _administrators(session, held)
    for published in versions:
        if published.current:
            workflow, _ = desk.ask_as_system(GetWorkflow(actor=SYSTEM, workflow=published.name))
            named |= roles_named(workflow)
    missing = sorted(named - held)
    lacking = message(
        "nobody has these roles, which the workflows name: {roles}", roles=missing
    )
    enough = message(
        "every role that the workflows name is held (people: {count})", count=len(people)
    )
    yield Check(
        name="people",
        finding="warning" if missing else "well",
        message=lacking if missing else enough,
    )


def _kept_files(session: Session) -> Iterator[Check]:
    """Look for the folder of the attachments only where it is missing: it is made with the first one."""
    from casewright.model import SYSTEM
    from casewright.queries import LARGEST_PAGE, ListTickets

    folder, after, more = session.config.attachments, None, True
    while more and not folder.is_dir():
        query = ListTickets(actor=SYSTEM, after=after, limit=LARGEST_PAGE)
        page = session.desk.ask_as_system(query)
        if any(ticket.attachments for ticket in page.tickets):
            lost = message(
                "{folder} is not there, although files were attached: restore it from a backup",
                folder=str(folder),
            )
            yield Check(name="attachments", finding="problem", message=lost)
            return
        after, more = page.after, page.after is not None


def _administrators(session: Session, held: set[str]) -> Iterator[Check]:
    roles = known_roles(session)
    if roles and not any(
        roles[name].allows(SavePerson.permission) for name in held & set(roles)
    ):
        nobody = message(
            "nobody who works here may change the staff: no active person has a role with '{permission}'",
            permission=SavePerson.permission,
        )
        yield Check(name="people", finding="problem", message=nobody)


def roles_named(value: object) -> set[str]:
    """Return every role that a workflow names, wherever in it."""
    if getattr(value, "kind", None) == "role":
        return {str(getattr(value, "name", ""))}
    if isinstance(value, str | int | float | None):
        return set()
    if hasattr(value, "values"):
        return set().union(*map(roles_named, value.values()))
    if isinstance(value, tuple | list):
        return set().union(*map(roles_named, value))
    slots = getattr(value, "__dataclass_fields__", ())
    return set().union(*(roles_named(getattr(value, name)) for name in slots))


def _refused(name: str, error: CasewrightError) -> Check:
    return Check(name=name, finding="problem", message=message("{error}", error=error))


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest above it that exists: where it will be made."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def _lines(session: Session, checks: list[Check]) -> Iterator[str]:
    texts = session.texts
    signs = {finding: texts.text(sign) for finding, sign in SIGNS.items()}
    wide = max(width(sign) for sign in signs.values())
    names = max(width(one.name) for one in checks)
    for one in checks:
        yield f"{pad(signs[one.finding], wide)}  {pad(one.name, names)}  {texts.render(one.message)}"


NOUNS = (
    Noun(
        name="doctor",
        help=text("examine this installation and the workspace"),
        verbs=(
            Verb(
                name="",
                run=doctor,
                help=text("examine this installation and the workspace, and say what to do"),
            ),
        ),
    ),
)
