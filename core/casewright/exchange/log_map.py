"""How a log's columns and activities map to a workflow: the file beside a discovered one."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from casewright.document import Document
from casewright.errors import LogMapRefused, Message, message
from casewright.exchange.log_model import Columns
from casewright.nearest import hint
from casewright.strict_yaml import load_file
from casewright.swift_dataclass import dataclass

_WORDS = ("workflow", "columns", "transitions")
_COLUMNS = ("case", "activity", "time", "agent")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogMap:
    """Which columns to read, and by `transitions` the one that each activity takes."""

    workflow: str
    columns: Columns
    transitions: Mapping[str, str]


def map_text(log_map: LogMap) -> str:
    """Return the file's text."""
    columns = log_map.columns
    lines = [
        "# Which column of the log says what, and which transition each activity takes.",
        f"workflow: {quoted(log_map.workflow)}",
        "columns:",
        f"  case: {quoted(columns.case)}",
        f"  activity: [{', '.join(map(quoted, columns.activity))}]",
        f"  time: {quoted(columns.time)}",
    ]
    if columns.agent:
        lines.append(f"  agent: {quoted(columns.agent)}")
    lines.append("transitions:")
    lines += [f"  {quoted(activity)}: {name}" for activity, name in log_map.transitions.items()]
    return "\n".join(lines) + "\n"


def read_map(path: Path) -> LogMap:
    """Return what the file says; raise `LogMapRefused` (or `YamlRefused`) with its place."""
    document = load_file(path)
    data = _mapping(document, ())
    _known_words(document, (), data, _WORDS)
    columns = _mapping(document, ("columns",))
    _known_words(document, ("columns",), columns, _COLUMNS)
    transitions = _mapping(document, ("transitions",))
    return LogMap(
        workflow=_text(document, ("workflow",)),
        columns=Columns(
            case=_text(document, ("columns", "case")),
            activity=_texts(document, ("columns", "activity")),
            time=_text(document, ("columns", "time")),
            agent=_text(document, ("columns", "agent")) if "agent" in columns else None,
        ),
        transitions={name: _text(document, ("transitions", name)) for name in transitions},
    )


def quoted(text: str) -> str:
    """Return `text` as a double-quoted YAML scalar."""
    return json.dumps(text, ensure_ascii=False)


def _mapping(document: Document, path: tuple[str, ...]) -> dict[str, Any]:
    value = _value(document, path)
    if not isinstance(value, dict):
        raise _refusal(document, path, message("a mapping is expected here"))
    return value


def _text(document: Document, path: tuple[str, ...]) -> str:
    value = _value(document, path)
    if not isinstance(value, str) or not value:
        raise _refusal(document, path, message("a text is expected here; quote it"))
    return value


def _texts(document: Document, path: tuple[str, ...]) -> tuple[str, ...]:
    value = _value(document, path)
    entries = value if isinstance(value, list) else [value]
    if not entries or not all(isinstance(entry, str) and entry for entry in entries):
        raise _refusal(document, path, message("a text or a list of texts is expected here"))
    return tuple(entries)


def _value(document: Document, path: tuple[str, ...]) -> Any:
    value: Any = document.data
    for step in path:
        if not isinstance(value, dict) or step not in value:
            raise _refusal(document, path, message("the word '{word}' is missing", word=step))
        value = value[step]
    return value


def _known_words(
    document: Document, path: tuple[str, ...], data: Mapping[str, Any], known: tuple[str, ...]
) -> None:
    for word in data:
        if word not in known:
            reason = message("unknown word '{word}'{hint}", word=word, hint=hint(word, known))
            raise LogMapRefused(place=document.key_place((*path, word)), reason=reason)


def _refusal(document: Document, path: tuple[str, ...], reason: Message) -> LogMapRefused:
    return LogMapRefused(place=document.place(path), reason=reason)
