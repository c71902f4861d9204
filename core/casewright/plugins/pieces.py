"""What is wrong with the pieces that a plugin registered, one function for each kind of piece."""

from collections.abc import Iterator, Sequence
from dataclasses import is_dataclass
from pathlib import PurePosixPath

from casewright import commands, durations, queries
from casewright.access.roles import PERMISSIONS
from casewright.commands import Command
from casewright.contributions import (
    ChannelDriver,
    CommandHandler,
    Forgetting,
    GuardFunction,
    Job,
    Migration,
    QueryHandler,
    WorkflowAction,
    WorkflowWord,
    WorkspaceFile,
)
from casewright.errors import DurationRefused, Message, message
from casewright.forms.plain_schema import schema_fault
from casewright.model import ANY_STAFF
from casewright.patterns import pattern
from casewright.queries import Query
from casewright.settings.drivers import DRIVERS
from casewright.settings.options import Option

CONSTRUCTS = ("workflow", "state", "transition")
KINDS = ("text", "integer", "decimal", "boolean", "texts")
CHANNEL_KINDS = ("sms", "email", "chat")
IDENTIFIER = pattern(r"[a-z][a-z0-9_]{0,40}")
FILE_NAME = pattern(r"[a-z][a-z0-9_]{0,40}\.yaml")
DRIVER_NAME = pattern(r"[a-z][a-z0-9_-]{0,40}")


def migration_faults(plugin: str, found: Sequence[Migration]) -> Iterator[Message]:
    """Yield what is wrong with migrations."""
    for number, one in enumerate(found, 1):
        if one.number != number:
            template = "its migrations are numbered {number} where {expected} belongs"
            yield message(template, number=one.number, expected=number)
        yield from _no_texts(one, "name", "sql")


def command_faults(plugin: str, found: Sequence[CommandHandler]) -> Iterator[Message]:
    """Yield what is wrong with commands."""
    for one in found:
        kind = one.command
        if not _is_value(kind, Command):
            yield message(
                "{kind} must be a frozen dataclass made from Command", kind=_name(kind)
            )
            continue
        if not kind.permission.startswith(f"{plugin}."):
            template = "the permission of {kind} must begin with '{plugin}.'"
            yield message(template, kind=_name(kind), plugin=plugin)
        yield from _of_the_core(kind)
        yield from _uncallable(one.run, _name(kind))
    yield from _twice([_name(one.command) for one in found])


def query_faults(plugin: str, found: Sequence[QueryHandler]) -> Iterator[Message]:
    """Yield what is wrong with queries."""
    for one in found:
        kind = one.query
        if not _is_value(kind, Query):
            yield message("{kind} must be a frozen dataclass made from Query", kind=_name(kind))
            continue
        if not (
            kind.permission.startswith(f"{plugin}.")
            or kind.permission in (*PERMISSIONS, ANY_STAFF)
        ):
            template = (
                "the permission of {kind} must begin with '{plugin}.', or be one of the core's"
            )
            yield message(template, kind=_name(kind), plugin=plugin)
        yield from _of_the_core(kind)
        yield from _uncallable(one.run, _name(kind))
    yield from _twice([_name(one.query) for one in found])


def word_faults(plugin: str, found: Sequence[WorkflowWord]) -> Iterator[Message]:
    """Yield what is wrong with words of workflows."""
    for one in found:
        yield from _misnamed(one.name)
        if not one.on or not set(one.on) <= set(CONSTRUCTS):
            known = ", ".join(CONSTRUCTS)
            yield message("'{name}' must stand on some of: {known}", name=one.name, known=known)
        yield from _no_texts(one, "doc")
        yield from _schema(one.name, one.schema)
    yield from _twice([one.name for one in found])


def action_faults(plugin: str, found: Sequence[WorkflowAction]) -> Iterator[Message]:
    """Yield what is wrong with actions."""
    for one in found:
        yield from _misnamed(one.verb)
        yield from _no_texts(one, "doc")
        yield from _schema(one.verb, one.schema)
        yield from _uncallable(one.perform, one.verb)
    yield from _twice([one.verb for one in found])


def function_faults(plugin: str, found: Sequence[GuardFunction]) -> Iterator[Message]:
    """Yield what is wrong with functions of guards."""
    for one in found:
        yield from _misnamed(one.name)
        if not one.name.startswith(f"{plugin}_"):
            yield message("'{name}' must begin with '{plugin}_'", name=one.name, plugin=plugin)
        yield from _no_texts(one, "doc")
        for kind in (*one.parameters, one.result):
            if kind not in KINDS:
                template = "'{name}' takes or gives '{kind}'; there are: {known}"
                yield message(template, name=one.name, kind=str(kind), known=", ".join(KINDS))
        yield from _uncallable(one.call, one.name)
    yield from _twice([one.name for one in found])


def channel_faults(plugin: str, found: Sequence[ChannelDriver]) -> Iterator[Message]:
    """Yield what is wrong with drivers of channels."""
    for one in found:
        yield from _no_texts(one, "name", "kind", "help")
        if not DRIVER_NAME.fullmatch(one.name) or one.name in DRIVERS:
            yield message(
                "'{name}' is no name for a driver, or one of the core's", name=str(one.name)
            )
        if one.kind not in CHANNEL_KINDS:
            known = ", ".join(CHANNEL_KINDS)
            yield message(
                "the driver '{name}' is of one kind of: {known}", name=one.name, known=known
            )
        if not all(isinstance(option, Option) for option in one.options):
            yield message("the options of '{name}' must be of Option", name=one.name)
    yield from _twice([one.name for one in found])


def job_faults(plugin: str, found: Sequence[Job]) -> Iterator[Message]:
    """Yield what is wrong with scheduled work."""
    for one in found:
        yield from _misnamed(one.name)
        yield from _no_texts(one, "every", "calendar")
        yield from _rhythm(one)
        yield from _uncallable(one.run, one.name)
    yield from _twice([one.name for one in found])


def file_faults(plugin: str, found: Sequence[WorkspaceFile]) -> Iterator[Message]:
    """Yield what is wrong with files of the workspace."""
    for one in found:
        yield from _no_texts(one, "name", "starter")
        if not FILE_NAME.fullmatch(one.name) or PurePosixPath(one.name).name in _TAKEN:
            yield message(
                "'{name}' cannot be a file of the plugin: write a name such as '{plugin}.yaml'",
                name=one.name,
                plugin=plugin,
            )
        yield from _uncallable(one.check, one.name)
    yield from _twice([one.name for one in found])


def forgetting_faults(plugin: str, found: Sequence[Forgetting]) -> Iterator[Message]:
    """Yield what is wrong with how a plugin forgets."""
    for one in found:
        yield from _no_texts(one, "what")
        yield from _uncallable(one.run, str(one.what))


_TAKEN = ("roles.yaml", "people.yaml", "customers.yaml", "intake.yaml")


def _rhythm(job: Job) -> Iterator[Message]:
    if not job.every:
        return
    try:
        durations.parse(job.every)
    except DurationRefused as refusal:
        yield message("the job '{name}': {error}", name=job.name, error=refusal)


def _of_the_core(kind: type) -> Iterator[Message]:
    """A name of the core's would stand in the audit chain as if the core had done it."""
    name = _name(kind)
    if hasattr(commands, name) or hasattr(queries, name):
        yield message("'{name}' is the name of one of the core's", name=name)


def _no_texts(one: object, *names: str) -> Iterator[Message]:
    for name in names:
        if not isinstance(getattr(one, name), str):
            yield message("'{name}' of {kind} must be a text", name=name, kind=_name(type(one)))


def _is_value(kind: object, root: type) -> bool:
    if not isinstance(kind, type) or not issubclass(kind, root) or not is_dataclass(kind):
        return False
    return bool(kind.__dataclass_params__.frozen)  # type: ignore[attr-defined]


def _name(kind: object) -> str:
    return getattr(kind, "__name__", str(kind))


def _misnamed(name: object) -> Iterator[Message]:
    if not isinstance(name, str) or not IDENTIFIER.fullmatch(name):
        yield message(
            "'{name}' is no name: use lower case letters, digits and _", name=str(name)
        )


def _schema(name: str, schema: object) -> Iterator[Message]:
    if fault := schema_fault(schema):
        yield message("'{name}': {fault}", name=name, fault=fault)


def _uncallable(given: object, name: str) -> Iterator[Message]:
    if not callable(given):
        yield message("what carries '{name}' out is no function", name=name)


def _twice(names: Sequence[str]) -> Iterator[Message]:
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield message("'{name}' is registered twice", name=name)
