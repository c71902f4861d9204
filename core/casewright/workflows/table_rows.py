"""Is the data of a workspace table well formed? Its words, its columns, its rows and their tree."""

from collections.abc import Iterator
from typing import Any

from casewright import bilingual
from casewright.document import Document, Path
from casewright.errors import Message, Problem, message
from casewright.nearest import hint
from casewright.workflows.parties import NAME

WORDS = ("table", "title", "columns", "rows")
ROW_WORDS = ("en", "zh", "parent")
"""What a row says about itself; everything else in it is a column."""


def problems(document: Document, name: str) -> Iterator[Problem]:
    """Return everything wrong with the table called `name` (its file's stem)."""
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("rows"), dict):
        yield _problem(
            document,
            "wrong_shape",
            (),
            message("write 'table:', 'title:', 'columns:' and 'rows:'"),
        )
        return
    yield from _headings(document, data, name)
    columns = data.get("columns") or {}
    yield from _columns(document, columns)
    known = columns if isinstance(columns, dict) else {}
    for key, row in data["rows"].items():
        yield from _row(document, key, row, known)
    yield from _tree(document, data["rows"])


def _headings(document: Document, data: dict[str, Any], name: str) -> Iterator[Problem]:
    for word in data:
        if word not in WORDS:
            reason = message("unknown word '{word}'{hint}", word=word, hint=hint(word, WORDS))
            yield _problem(document, "unknown_word", (word,), reason, key=True)
    if data.get("table") != name:
        reason = message("'table' is the file's name: {name}", name=name)
        yield _problem(document, "name_differs", ("table",), reason)
    if fault := bilingual.fault(data.get("title")):
        yield _problem(document, "bad_text", ("title",), fault)


def _columns(document: Document, columns: Any) -> Iterator[Problem]:
    if not isinstance(columns, dict):
        yield _problem(
            document,
            "wrong_shape",
            ("columns",),
            message("write columns by name: {{city: {{en: .., zh: ..}}}}"),
        )
        return
    for column, title in columns.items():
        at = ("columns", column)
        if not NAME.fullmatch(column) or column in ROW_WORDS:
            reason = message("'{name}' cannot be the name of a column", name=column)
            yield _problem(document, "bad_name", at, reason, key=True)
        if fault := bilingual.fault(title):
            yield _problem(document, "bad_text", at, fault)


def _row(document: Document, key: str, row: Any, columns: dict[str, Any]) -> Iterator[Problem]:
    at = ("rows", key)
    if not key.strip():
        yield _problem(document, "bad_name", at, message("the row has no key"), key=True)
    if not isinstance(row, dict):
        yield _problem(
            document,
            "wrong_shape",
            at,
            message("write a row as {{en: .., zh: .., column: text}}"),
        )
        return
    label = {word: row[word] for word in ("en", "zh") if word in row}
    if fault := bilingual.fault(label):
        yield _problem(document, "bad_text", at, fault, key=True)
    for column, text in row.items():
        if column not in ROW_WORDS and column not in columns:
            known = (*ROW_WORDS, *columns)
            reason = message(
                "unknown column '{column}'{hint}", column=column, hint=hint(column, known)
            )
            yield _problem(document, "unknown_column", (*at, column), reason, key=True)
        elif column not in ("en", "zh") and not isinstance(text, str):
            reason = message("a table holds texts; put {value} in quotes", value=text)
            yield _problem(document, "wrong_shape", (*at, column), reason)


def _tree(document: Document, rows: dict[str, Any]) -> Iterator[Problem]:
    parents = {
        key: row["parent"]
        for key, row in rows.items()
        if isinstance(row, dict) and isinstance(row.get("parent"), str)
    }
    safe: set[str] = set()
    for key, parent in parents.items():
        at = ("rows", key, "parent")
        if parent not in rows:
            reason = message(
                "there is no row '{key}'{hint}", key=parent, hint=hint(parent, rows)
            )
            yield _problem(document, "unknown_row", at, reason)
        elif _circles(key, parents, safe):
            reason = message("'{key}' stands below itself", key=key)
            yield _problem(document, "circle", at, reason)


def _circles(key: str, parents: dict[str, str], safe: set[str]) -> bool:
    """Return whether the way up from `key` comes back to it; `safe` gathers rows that reach the top."""
    met: dict[str, None] = {}
    above: str | None = key
    while above is not None and above not in safe and above not in met:
        met[above] = None
        above = parents.get(above)
    if above is None or above in safe:
        safe.update(met)
        return False
    return above == key


def _problem(
    document: Document, code: str, path: Path, reason: Message, *, key: bool = False
) -> Problem:
    place = document.key_place(path) if key else document.place(path)
    return Problem(code=f"table.{code}", message=reason, place=place)
