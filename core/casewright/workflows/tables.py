"""Workspace tables: rows of texts by key, which forms pick from and expressions look up."""

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from casewright import bilingual
from casewright.bilingual import Bilingual
from casewright.document import Document
from casewright.errors import FileUnreadable, Place, Problem, TableRefused, YamlRefused
from casewright.swift_dataclass import dataclass
from casewright.workflows import table_rows

SUFFIXES = (".yaml", ".yml", ".csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table by name: what its rows hold, what they are called, and under which row each stands."""

    name: str
    title: Bilingual
    columns: Mapping[str, Bilingual]
    rows: Mapping[str, Mapping[str, str]]
    labels: Mapping[str, Bilingual]
    parents: Mapping[str, str] = field(default_factory=dict)


def load_table(path: Path, *, file: str | None = None) -> tuple[Table | None, list[Problem]]:
    """Return the table of a YAML or CSV file, None when it has problems, and all of them."""
    name = file or str(path)
    try:
        document = _read(path, name)
    except (FileUnreadable, YamlRefused, TableRefused) as refusal:
        place = Place(name) if isinstance(refusal, FileUnreadable) else refusal.place
        code = "table.unreadable"
        return None, [Problem(code=code, message=refusal.reason, place=place)]
    problems = list(table_rows.problems(document, path.stem))
    return (None if problems else table_from_data(path.stem, document.data)), problems


def table_from_data(name: str, data: Mapping[str, Any]) -> Table:
    """Return the table of data that was checked before."""
    rows = data["rows"]
    return Table(
        name=name,
        title=bilingual.from_data(data["title"]),
        columns={
            one: bilingual.from_data(text) for one, text in (data.get("columns") or {}).items()
        },
        rows={
            key: {
                column: text
                for column, text in row.items()
                if column not in table_rows.ROW_WORDS
            }
            for key, row in rows.items()
        },
        labels={key: bilingual.from_data(row) for key, row in rows.items()},
        parents={key: row["parent"] for key, row in rows.items() if "parent" in row},
    )


def _read(path: Path, name: str) -> Document:
    # Imported only here: where a table comes over the wire, no file is read.
    from casewright import strict_yaml
    from casewright.workflows import table_csv

    read = table_csv.load_file if path.suffix == ".csv" else strict_yaml.load_file
    return read(path, file=name)
