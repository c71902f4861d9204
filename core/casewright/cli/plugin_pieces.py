"""What a plugin brings, piece by piece: what each is called, what it is for, and what else is to be known of it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any

from casewright import durations
from casewright.answers import JobStanding, PluginStanding
from casewright.cli.plugin_nouns import nouns_of
from casewright.errors import CasewrightError, Message, message
from casewright.model import EMPTY
from casewright.patterns import pattern
from casewright.secrets import is_reference
from casewright.swift_dataclass import dataclass

if TYPE_CHECKING:
    from casewright.contributions import Job
    from casewright.plugins.host import Plugins
    from casewright.plugins.loaded import LoadedPlugin
    from casewright.settings.options import Option

_SECRET = pattern(r"secret|password|passwd|token|credential|api_?key", re.IGNORECASE)
_HIDDEN = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One thing that a plugin brings; `facts` are for programs, `notes` for people beside what it is for."""

    name: str
    doc: str = ""
    notes: tuple[Message, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


Pieces = Mapping[str, tuple[Piece, ...]]
"""The pieces by kind."""


def first_sentence(kind: type) -> str:
    """Return what a command or a query says that it is for: the first sentence of its docstring, on one line."""
    words = str(kind.__doc__ or "").strip().split("\n\n")[0].split()
    ends = (at for at, one in enumerate(words, 1) if one.endswith("."))
    return " ".join(words[: next(ends, len(words))])


def pieces_of(
    plugins: "Plugins", plugin: "LoadedPlugin", standing: PluginStanding | None
) -> Pieces:
    """Return all that a plugin brings; what is wrong with its nouns and starters stands under `problems`."""
    problems: list[Piece] = []
    found = {
        "problems": problems,
        "hooks": [Piece(name=one, facts={"name": one}) for one in plugin.hooks],
        "words": list(_words(plugin)),
        "actions": list(_actions(plugin)),
        "functions": list(_functions(plugin)),
        "settings": [_setting(one, plugin.settings.get(one.name)) for one in plugin.options],
        "migrations": list(_migrations(plugin, standing)),
        "commands": list(_commands(plugin)),
        "queries": list(_queries(plugin)),
        "jobs": list(_jobs(plugin, standing)),
        "channels": list(_channels(plugin)),
        "nouns": list(_nouns(plugins, plugin, problems)),
        "files": [Piece(name=one.name, facts={"name": one.name}) for one in plugin.files],
        "forgetting": [
            Piece(name=one.what, facts={"what": one.what}) for one in plugin.forgetting
        ],
        "starters": list(_starters(plugins, plugin, problems)),
    }
    return {kind: tuple(some) for kind, some in found.items()}


def _words(plugin: "LoadedPlugin") -> Iterator[Piece]:
    for one in plugin.words:
        places = [_PLACES[place] for place in one.on]
        yield Piece(
            name=one.name,
            doc=one.doc,
            notes=(message("stands in {places}", places=places),),
            facts={"name": one.name, "on": one.on, "doc": one.doc, "schema": one.schema},
        )


def _actions(plugin: "LoadedPlugin") -> Iterator[Piece]:
    for one in plugin.actions:
        facts = {"verb": one.verb, "doc": one.doc, "schema": one.schema}
        yield Piece(name=one.verb, doc=one.doc, facts=facts)


def _functions(plugin: "LoadedPlugin") -> Iterator[Piece]:
    for one in plugin.functions:
        signature = f"{one.name}({', '.join(one.parameters)}) -> {one.result}"
        facts = {
            "name": one.name,
            "parameters": one.parameters,
            "result": one.result,
            "doc": one.doc,
        }
        yield Piece(name=signature, doc=one.doc, facts=facts)


def _setting(option: "Option", value: object) -> Piece:
    secret = bool(_SECRET.search(option.name)) and not is_reference(value)
    shown = _HIDDEN if secret and value else value
    note = message("now: {value}", value=json.dumps(shown, ensure_ascii=False, default=str))
    facts = {"name": option.name, "kind": option.kind, "value": shown, "help": option.help}
    return Piece(name=option.name, doc=option.help, notes=(note,), facts=facts)


def _migrations(plugin: "LoadedPlugin", standing: PluginStanding | None) -> Iterator[Piece]:
    for one in plugin.migrations:
        applied = None if standing is None else one.number <= standing.migrated
        notes = () if applied is None else (_APPLIED if applied else _PENDING,)
        facts = {"number": one.number, "name": one.name, "applied": applied}
        yield Piece(name=f"{one.number} {one.name}", notes=notes, facts=facts)


def _commands(plugin: "LoadedPlugin") -> Iterator[Piece]:
    for one in plugin.commands:
        yield _said(one.command)


def _queries(plugin: "LoadedPlugin") -> Iterator[Piece]:
    for one in plugin.queries:
        yield _said(one.query)


def _said(kind: Any) -> Piece:
    """Return a command or a query, with the permission that it asks for."""
    doc = first_sentence(kind)
    facts = {"name": kind.__name__, "permission": kind.permission, "doc": doc}
    note = message("permission: {permission}", permission=kind.permission)
    return Piece(name=kind.__name__, doc=doc, notes=(note,), facts=facts)


def _jobs(plugin: "LoadedPlugin", standing: PluginStanding | None) -> Iterator[Piece]:
    known = {one.name: one for one in standing.jobs} if standing is not None else {}
    for job in plugin.jobs:
        yield _job(job, known.get(job.name, JobStanding(name=job.name)))


def _job(job: "Job", standing: JobStanding) -> Piece:
    rhythm = (
        message(
            "every {every} on the calendar {calendar}",
            every=durations.parse(job.every),
            calendar=job.calendar,
        )
        if job.every
        else message("when it is woken")
    )
    notes = [rhythm]
    if standing.due_at is not None:
        notes.append(message("next run: {moment}", moment=standing.due_at))
    if standing.ran_at is not None:
        notes.append(message("last run: {moment}", moment=standing.ran_at))
    if standing.error is not None:
        notes.append(message("it failed: {error}", error=standing.error))
    facts = {
        "name": job.name,
        "every": job.every,
        "calendar": job.calendar,
        "due_at": standing.due_at,
        "ran_at": standing.ran_at,
        "error": standing.error,
    }
    return Piece(name=job.name, notes=tuple(notes), facts=facts)


def _channels(plugin: "LoadedPlugin") -> Iterator[Piece]:
    for one in plugin.channels:
        facts = {"name": one.name, "kind": one.kind, "help": one.help}
        note = message("sends what is written for {kind}", kind=one.kind)
        yield Piece(name=one.name, doc=one.help, notes=(note,), facts=facts)


def _nouns(
    plugins: "Plugins", plugin: "LoadedPlugin", problems: list[Piece]
) -> Iterator[Piece]:
    try:
        found = nouns_of(plugins, plugin)
    except CasewrightError as error:
        problems.append(_problem(error))
        return
    for one in found:
        verbs = [verb.name for verb in one.verbs if verb.name]
        notes = (message("verbs: {verbs}", verbs=verbs),) if verbs else ()
        facts = {"name": one.name, "help": one.help, "verbs": verbs}
        yield Piece(name=one.name, doc=one.help, notes=notes, facts=facts)


def _starters(
    plugins: "Plugins", plugin: "LoadedPlugin", problems: list[Piece]
) -> Iterator[Piece]:
    from casewright.plugins.asking import starters_of

    try:
        found = starters_of(plugins, plugin)
    except CasewrightError as error:
        problems.append(_problem(error))
        return
    yield from (Piece(name=one.path, facts={"path": one.path}) for one in found)


def _problem(error: CasewrightError) -> Piece:
    said = message("{error}", error=error)
    return Piece(name="", notes=(said,), facts={"message": said})


_APPLIED, _PENDING = message("applied"), message("pending: run `casewright db migrate`")
_PLACES = {
    "workflow": message("the workflow"),
    "state": message("a state"),
    "transition": message("a transition"),
}
