"""Which commands and queries can be said over the wire, by name, and how one is read from what was posted."""

import sys
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, TypeVar

from casewright import commands, queries
from casewright.commands import Command
from casewright.errors import message
from casewright.model import EACH_ITS_OWN, ONLY_SYSTEM
from casewright.patterns import pattern
from casewright.queries import ExportAudit, PrepareBackup, PrepareExport, Query
from casewright.wire.reading import read, refused
from casewright.wire.writing import written

COMMAND_ID = pattern(r"^[!-~]{1,128}$")
"""What a command may be called by its client: up to 128 visible characters of ASCII."""
STREAMED: frozenset[type[Query]] = frozenset({ExportAudit, PrepareBackup, PrepareExport})
"""Queries that nobody can post: what they make has paths of its own, from which it is taken as it is written.

One of them names a file on the server's disk, which no caller may.
"""
_Said = TypeVar("_Said", Command, Query)


def commands_by_name() -> Mapping[str, type[Command]]:
    """Return the commands that people may say, those of loaded plugins too; what only the system says is not among them."""
    return _commands(len(sys.modules))


def queries_by_name() -> Mapping[str, type[Query]]:
    """Return the queries that people may ask, those of loaded plugins too, without those that are `STREAMED`."""
    return _queries(len(sys.modules))


def said(kind: type[Command | Query], data: Any, *, actor: str, command_id: str = "") -> Any:
    """Return the command or query of a class that JSON data says, by default in the name of `actor`; WireRefused.

    `command_id` is that of a command which does not say one itself, "" for none.
    """
    given = data
    if isinstance(data, dict):
        given = {"actor": actor, **data}
        if command_id and issubclass(kind, Command):
            given.setdefault("command_id", command_id)
    found = read(given, kind, plain=True)
    if isinstance(found, Command) and not COMMAND_ID.fullmatch(found.command_id):
        reason = message("it is 1 to 128 visible characters of ASCII")
        raise refused("command_id", reason)
    return found


def data_of(said: Command | Query) -> Any:
    """Return a command or query as JSON data; WireRefused where it holds what JSON cannot say."""
    return written(said, type(said), plain=True)


@lru_cache(maxsize=1)
def _commands(modules: int) -> Mapping[str, type[Command]]:
    """Looked for again only when a module was loaded, as a plugin's is: it is asked for with every request."""
    return _by_name(Command, commands)


@lru_cache(maxsize=1)
def _queries(modules: int) -> Mapping[str, type[Query]]:
    found = _by_name(Query, queries)
    return {name: kind for name, kind in found.items() if kind not in STREAMED}


def _by_name(kind: type[_Said], home: Any) -> dict[str, type[_Said]]:
    """The core's own come last: no plugin's class stands for one of them."""
    found = sorted(_sayable(kind), key=lambda one: one.__module__ == home.__name__)
    return {one.__name__: one for one in found}


def _sayable(kind: Any) -> Iterator[Any]:
    for one in _below(kind):
        if one.permission not in (EACH_ITS_OWN, ONLY_SYSTEM) and _is_current(one):
            yield one


def _below(kind: Any) -> Iterator[Any]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


@cache
def _is_current(kind: type) -> bool:
    """Return whether a class is the one that its module has: `slots=True` makes a second class and leaves the first."""
    return getattr(sys.modules.get(kind.__module__), kind.__name__, None) is kind
