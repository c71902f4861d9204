"""Laws about a plugin at a desk: its tables, its commands and queries, its jobs, and the desk without it."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from casewright.commands import (
    Command,
    EraseCustomer,
    OpenTicket,
    SaveCustomer,
    TicketCommand,
)
from casewright.config import read_config
from casewright.desk import Desk, open_desk
from casewright.desk.installing import migrate_plugins
from casewright.errors import CasewrightError, Message, PluginFailed, PluginMissing, message
from casewright.model import SYSTEM
from casewright.queries import GetHistory, Query, VerifyAudit
from casewright.settings.plugins import PluginSettings
from casewright.testing.laws import samples
from casewright.testing.laws.law import Subject
from casewright.testing.plugged_desk import run_jobs
from casewright.wire.answers import answer_of
from casewright.wire.codec import read, written


def tables(subject: Subject) -> Iterator[Message]:
    """Yield where migrations fail on an empty database, or do something again when all was done."""
    if not subject.plugin.migrations:
        return
    with suppress(PluginMissing), subject.desk():  # what went wrong is told better below
        pass
    root = max(subject.folder.glob("desk-*")) / "workspace"
    done = migrate_plugins(read_config(root, {})).get(subject.name)
    newest = len(subject.plugin.migrations)
    if isinstance(done, CasewrightError):
        yield message("{error}", error=done)
    elif done != (newest, newest):
        yield message("its migrations are not all applied by one run")


def commands(subject: Subject) -> Iterator[Message]:
    """Yield where a command fails instead of being refused, or happens twice."""
    with subject.desk() as desk:
        key = _opened(desk)
        for handler in subject.plugin.commands:
            known = {"ticket": key} if issubclass(handler.command, TicketCommand) else {}
            for command in samples.values_of(handler.command, actor="ana", **known):
                yield from _once(desk, command, key)
        if not desk.ask(VerifyAudit(actor="ana")).ok:
            yield message("after its commands the histories are not whole")


def queries(subject: Subject) -> Iterator[Message]:
    """Yield where a query fails instead of being refused, or answers differently when nothing has happened."""
    with subject.desk() as desk:
        _opened(desk)
        for handler in subject.plugin.queries:
            for query in samples.values_of(handler.query, actor="ana"):
                yield from _answered(desk, query)


def jobs(subject: Subject) -> Iterator[Message]:
    """Yield where a job fails although nothing has happened yet, or a single ticket was opened."""
    if not subject.plugin.jobs:
        return
    with subject.desk() as desk:
        run_jobs(desk, subject.name)
        _opened(desk)
        run_jobs(desk, subject.name)
    yield from ()


def forgetting(subject: Subject) -> Iterator[Message]:
    """Yield nothing: a plugin that cannot forget a customer fails, and the erasure with it."""
    if not subject.plugin.forgetting:
        return
    with subject.desk() as desk:
        for phone in ("", "+8613800138000"):
            customer = f"c-{len(phone)}"
            desk.execute_as_system(SaveCustomer(actor=SYSTEM, id=customer, phone=phone))
            erased = EraseCustomer(actor=SYSTEM, customer=customer, reason="a law")
            desk.execute_as_system(erased)
    yield from ()


def removable(subject: Subject) -> Iterator[Message]:
    """Yield what goes wrong when a workspace goes on without the plugin."""
    with subject.desk() as desk:
        key = _opened(desk)
    config = read_config(max(subject.folder.glob("desk-*")) / "workspace", {})
    with open_desk(replace(config, plugins=PluginSettings())) as desk:
        if not desk.ask(VerifyAudit(actor="ana")).ok or _events(desk, key) == 0:
            yield message("without it the histories are not whole")


def _once(desk: Desk, command: Command, key: str) -> Iterator[Message]:
    name = type(command).__name__
    try:
        first = desk.execute(command)
    except PluginFailed as failure:
        template = "{name} failed in {hook} instead of being refused: {reason}"
        yield message(template, name=name, hook=failure.hook, reason=failure.reason)
        return
    except CasewrightError:
        return
    events = _events(desk, key)
    again = desk.execute(command)
    if not again.repeated or again.answer != first.answer or _events(desk, key) != events:
        yield message("{name} happens again under the same id", name=name)


def _answered(desk: Desk, query: Query) -> Iterator[Message]:
    name = type(query).__name__
    try:
        answer = desk.ask(query)
        if desk.ask(query) != answer:
            yield message("'{name}' answers differently when it is asked again", name=name)
        if not _can_be_sent(answer, answer_of(type(query))):
            template = "'{name}' must name in `answer` the type of what it is answered with"
            yield message(template, name=name)
    except PluginFailed as failure:
        template = "{name} failed in {hook} instead of being refused: {reason}"
        yield message(template, name=name, hook=failure.hook, reason=failure.reason)
    except CasewrightError:
        return


def _can_be_sent(answer: object, kind: object) -> bool:
    """Return whether an answer comes out of a server as it went in."""
    try:
        sent = json.dumps(written(answer, kind))
        return bool(read(json.loads(sent), kind) == answer)
    except Exception:  # noqa: BLE001 (the plugin's types decide what is raised)
        return False


def _opened(desk: Desk) -> str:
    command = OpenTicket(actor="ana", workflow="errand", fields={"subject": "Something"})
    return desk.execute(command).ticket


def _events(desk: Desk, key: str) -> int:
    return len(desk.ask(GetHistory(actor="ana", ticket=key)))
