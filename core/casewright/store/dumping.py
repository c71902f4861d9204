"""All rows of a database as plain values, table by table, and back into an empty one of the same schema."""

from collections.abc import Iterator, Mapping
from typing import Any

from casewright.errors import CommandRefused, Message, message
from casewright.store.copying import tables
from casewright.store.database import Database
from casewright.store.text_indexes import TEXT_INDEXES

LEFT_OUT = (
    "credential",
    "draft",
    "lease",
    "migration",
    "session",
    "sign_in_failure",
    "ssh_key",
    "tally",
    "token",
)
"""Tables that stay where they are: proofs of who people are, what they have not submitted, who is at work, how the schema came about,
and what the database counts itself."""
_COMPARED = ("plugin_migration",)
"""Tables that the database it goes into has made itself, and that must say the same."""
_KINDS: Mapping[str, type] = {"TEXT": str, "BIGINT": int, "INTEGER": int, "BLOB": bytes}

Row = Mapping[str, Any]


def dumped(database: Database) -> tuple[str, ...]:
    """Return the names of the tables whose rows are told."""
    return tuple(name for name in tables(database) if name not in (*LEFT_OUT, *_COMPARED))


def rows(database: Database, table: str) -> Iterator[Row]:
    """Yield the rows of a table by column."""
    columns = _columns(database, table)
    listed = ", ".join(f'"{name}"' for name in columns)
    for row in database.stream(f'SELECT {listed} FROM "{table}"'):
        yield dict(zip(columns, row, strict=True))


def clear(database: Database) -> None:
    """Empty the tables that rows will be put into: what a new database has of its own goes."""
    for table in dumped(database):
        database.execute(f'DELETE FROM "{table}"')


class Loading:
    """Puts rows into an empty database; inside one write transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._columns = {name: _columns(database, name) for name in dumped(database)}
        database.execute("PRAGMA defer_foreign_keys=ON")

    def put(self, table: str, row: Row) -> None:
        """Put a row into its table; CommandRefused where it does not fit there."""
        columns = self._columns.get(table)
        if columns is None:
            raise CommandRefused(
                reason=message("there is no table '{table}' here", table=table)
            )
        fault = _fault(columns, row)
        if fault is not None:
            raise CommandRefused(reason=fault)
        listed = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        try:
            self._database.execute(
                f'INSERT INTO "{table}" ({listed}) VALUES ({marks})',
                tuple(row[name] for name in columns),
            )
            self._database.settle()
        except self._database.errors as error:
            reason = message(
                "it does not fit into '{table}' ({detail})",
                table=table,
                detail=str(error)[:200],
            )
            raise CommandRefused(reason=reason) from error


def _columns(database: Database, table: str) -> dict[str, str]:
    """Return the columns of a table with their types; of the text index its number too."""
    found = database.execute(f'SELECT name, type FROM pragma_table_info("{table}")').fetchall()
    number = {"rowid": "INTEGER"} if table in TEXT_INDEXES else {}
    return number | {name: str(kind).upper() for name, kind in found}


def _fault(columns: Mapping[str, str], row: Row) -> Message | None:
    if set(row) != set(columns):
        names = sorted(set(row) ^ set(columns))
        return message("its columns are not those of the table: {names}", names=names)
    for name, kind in columns.items():
        value, wanted = row[name], _KINDS.get(kind)
        if value is None or wanted is None:
            continue
        if not isinstance(value, wanted) or isinstance(value, bool):
            return message("'{name}' is not of the kind that the table holds", name=name)
    return None
