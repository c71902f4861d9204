"""How a refusal is told: fields for a program, one calm sentence and its details for people."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from casewright.bilingual import Bilingual
from casewright.errors import (
    CasewrightError,
    FormRefused,
    Message,
    Place,
    Problem,
    ProblemsFound,
    ServerUnreachable,
    UsageRefused,
)
from casewright.texts import Texts


def refusal_document(error: CasewrightError, texts: Texts) -> dict[str, Any]:
    """Return `{"error": {"code", "message", ...}}` with the error's own fields."""
    details = {name: plain(value, texts) for name, value in error.details().items()}
    return {"error": {"code": error.code, "message": texts.error(error), **details}}


def refusal_lines(error: CasewrightError, texts: Texts) -> Iterator[str]:
    """Yield the sentence, then one line for each thing that is wrong."""
    if isinstance(error, ProblemsFound):
        yield from _problem_lines(error, texts)
        return
    yield texts.error(error)
    if isinstance(error, FormRefused) and len(error.faults) > 1:
        for name, reason in error.faults:
            title = error.titles.get(name)
            shown = texts.say("{name} ({title})", name=name, title=title) if title else name
            yield texts.say("  {field}: {reason}", field=shown, reason=reason)
    if isinstance(error, ServerUnreachable) and error.command_id:
        yield texts.say(
            "Nobody knows whether it has happened; said again with --id {id}, it happens once.",
            id=error.command_id,
        )
    if isinstance(error, UsageRefused):
        yield texts.text(
            "`casewright --help`, or --help after a noun or verb, says what there is."
        )


def _problem_lines(error: ProblemsFound, texts: Texts) -> Iterator[str]:
    if error.count > 1:
        yield texts.say("{count} problem(s):", count=error.count)
    for problem in error.problems:
        yield problem_line(problem, texts)


def problem_line(problem: Problem, texts: Texts) -> str:
    """Return `file:line:column: sentence`."""
    place, sentence = problem.place, texts.render(problem.message)
    return (
        f"{place}: {sentence}"
        if problem.grave
        else texts.say("{place}: {sentence} (a warning)", place=place, sentence=sentence)
    )


def problem_document(problem: Problem, texts: Texts) -> dict[str, Any]:
    """Return the agreed keys: code, file, line, column, message, and whether it refuses the file."""
    return {
        "code": problem.code,
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "message": texts.render(problem.message),
        "grave": problem.grave,
    }


def plain(value: object, texts: Texts) -> Any:
    """Return `value` as JSON has it: sentences rendered, moments in ISO 8601, lengths in seconds, places as file, line and column."""
    if isinstance(value, Message):
        return texts.render(value)
    if isinstance(value, Problem):
        return problem_document(value, texts)
    if isinstance(value, Place):
        return {"file": value.file, "line": value.line, "column": value.column}
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return seconds(value)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Bilingual):
        return {"en": value.en, "zh": value.zh}
    if isinstance(value, Mapping):
        return {str(key): plain(one, texts) for key, one in value.items()}
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name), texts) for field in fields(value)}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one, texts) for one in value]
    return value


def seconds(length: timedelta) -> int | float:
    """Return a length in seconds, with a fraction only where it has one."""
    whole = length // timedelta(seconds=1)
    return whole if length == timedelta(seconds=whole) else length.total_seconds()
