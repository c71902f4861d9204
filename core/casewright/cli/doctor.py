"""`casewright doctor`: examines the installation and the workspace, and says what to do."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from casewright.cli.answer import Answer
from casewright.cli.doctor_check import Check, problem, refused, warning, well
from casewright.cli.doctor_clock import clock_checks, record_checks
from casewright.cli.grammar import Given, Noun, Verb
from casewright.cli.output import columns_here, pad, width, wrap
from casewright.cli.session import Session
from casewright.clock import SystemClock
from casewright.errors import CasewrightError, ConfigRefused, message
from casewright.texts import text

if TYPE_CHECKING:
    from casewright.sla.calendar import Calendar
    from casewright.workflows.spec import Workflow

NARROWEST = 24

SIGNS = {"well": text("well"), "warning": text("warning"), "problem": text("problem")}


def doctor(session: Session, given: Given) -> Answer:
    """Answer with everything examined; not done when something is wrong."""
    checks = [*_installation(session), *_workspace(session)]
    documents = [
        {"name": one.name, "finding": one.finding, "message": session.texts.render(one.message)}
        for one in checks
    ]
    sound = all(one.finding != "problem" for one in checks)
    return Answer(
        document={"ok": sound, "checks": documents}, lines=_lines(session, checks), done=sound
    )


def _installation(session: Session) -> Iterator[Check]:
    running = ".".join(map(str, sys.version_info[:3]))
    tested = (3, 11) <= sys.version_info[:2] <= (3, 13)
    said = message("Python {version}", version=running)
    untested = message("Python {version}: tested are 3.11 to 3.13", version=running)
    yield well("python", said) if tested else warning("python", untested)
    yield from clock_checks(session, SystemClock().now())


def _workspace(session: Session) -> Iterator[Check]:
    try:
        config = session.config
    except CasewrightError as error:
        yield refused("workspace", error)
        return
    from casewright.cli.plugin_trying import try_apart

    yield well("workspace", message("{folder}", folder=str(config.root)))
    try_apart(session)
    yield from _files(session)
    try:
        yield from _database(session)
    except CasewrightError as error:
        yield refused("database", error)


def _files(session: Session) -> Iterator[Check]:
    from casewright.cli.doctor_files import mode_checks
    from casewright.cli.doctor_secrets import secret_checks
    from casewright.cli.doctor_server import server_checks
    from casewright.desk.setting_up.file_problems import file_problems

    config = session.config
    for name, path in (("disk", config.database.parent), ("attachments", config.attachments)):
        folder = _existing(path)
        writable = folder.is_dir() and os.access(folder, os.W_OK)
        can = message("{folder} can be written", folder=str(folder))
        cannot = message("{folder} cannot be written", folder=str(folder))
        yield well(name, can) if writable else problem(name, cannot)
    yield from mode_checks(config)
    yield from server_checks(config)
    yield from secret_checks(config)
    problems = file_problems([config.root])
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
    from casewright.cli.doctor_database import durability_checks, tally_checks
    from casewright.desk import database_status

    status = database_status(session.config)
    for said in status.warnings:
        yield warning("sqlite", said)
    if not status.warnings:
        yield well("sqlite", message("{library}", library=status.library))
    if not status.exists or status.version != status.newest:
        reason = message(
            "schema version {version} of {newest}: run `casewright db migrate`",
            version=status.version,
            newest=status.newest,
        )
        yield problem("database", reason)
        return
    yield well("database", message("schema version {version}", version=status.version))
    yield from record_checks(
        status.last_at, session.config.database.parent, SystemClock().now()
    )
    yield from durability_checks(session.config, status.pragmas)
    yield from tally_checks(session.config)
    yield from _published(session)
    yield from _kept_files(session)


def _published(session: Session) -> Iterator[Check]:
    """Examine the staff and the keeping of time, by what the workflows that are current ask for."""
    from casewright.cli.doctor_access import access_checks
    from casewright.cli.doctor_plugins import plugin_checks
    from casewright.cli.doctor_staff import address_checks, staff_checks
    from casewright.cli.doctor_time import (
        calendar_checks,
        channel_checks,
        used_channels,
        worker_checks,
    )
    from casewright.cli.doctor_webhooks import webhook_checks
    from casewright.model import SYSTEM
    from casewright.plugins.channels import with_plugin_channels
    from casewright.queries import GetHealth, ListPeople, ListWebhooks

    yield from plugin_checks(session)
    try:
        config = with_plugin_channels(session.config, session.plugins)
    except ConfigRefused as error:
        yield refused("channels", error)
        return
    desk, workflows = session.examined, _workflows(session)
    if not workflows:
        none = message("no workflow is published: run `casewright workflow publish`")
        yield problem("published", none)
    people = desk.ask_as_system(ListPeople(actor=SYSTEM))
    yield from staff_checks(session, people, workflows)
    yield from channel_checks(config, workflows)
    yield from address_checks(people, workflows, used_channels(config, workflows))
    yield from calendar_checks(_calendars(config.root), workflows, SystemClock().now())
    yield from worker_checks(desk.ask_as_system(GetHealth(actor=SYSTEM)))
    yield from webhook_checks(config, desk.ask_as_system(ListWebhooks(actor=SYSTEM)))
    yield from access_checks(session, SystemClock().now())


def _workflows(session: Session) -> "list[Workflow]":
    from casewright.model import SYSTEM
    from casewright.queries import GetWorkflow, ListWorkflows

    ask = session.examined.ask_as_system
    return [
        ask(GetWorkflow(actor=SYSTEM, workflow=one.name))[0]
        for one in ask(ListWorkflows(actor=SYSTEM, counted=False))
        if one.current
    ]


def _calendars(root: Path) -> "dict[str, Calendar]":
    """Return the calendars of the workspace that can be read; what is wrong with others the check of workflows says."""
    from casewright.sla.calendar_file import calendar_files, load_calendar

    loaded = (load_calendar(path)[0] for path in calendar_files(root))
    return {one.name: one for one in loaded if one is not None}


def _kept_files(session: Session) -> Iterator[Check]:
    """Look for the folder of the attachments only where it is missing: it is made with the first one."""
    from casewright.model import SYSTEM
    from casewright.queries import LARGEST_PAGE, ListTickets

    folder, after, more = session.config.attachments, None, True
    while more and not folder.is_dir():
        query = ListTickets(actor=SYSTEM, after=after, limit=LARGEST_PAGE)
        page = session.examined.ask_as_system(query)
        if any(ticket.attachments for ticket in page.tickets):
            lost = message(
                "{folder} is not there, although files were attached: restore it from a backup",
                folder=str(folder),
            )
            yield problem("attachments", lost)
            return
        after, more = page.after, page.after is not None


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest above it that exists: where it will be made."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def _lines(session: Session, checks: list[Check]) -> Iterator[str]:
    texts = session.texts
    signs = {finding: texts.text(sign) for finding, sign in SIGNS.items()}
    wide = max(width(sign) for sign in signs.values())
    names = max(width(one.name) for one in checks)
    here = columns_here()
    room = max(here - wide - names - 4, NARROWEST) if here else None
    for one in checks:
        said = texts.render(one.message)
        first, *rest = wrap(said, room) if room else [said]
        yield f"{pad(signs[one.finding], wide)}  {pad(one.name, names)}  {first}"
        yield from (f"{' ' * (wide + names + 4)}{line}" for line in rest)


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
