"""All rows of a file made equal on a server, range by range: again and again the same, until nothing differs.

A range is some rows that follow each other by their key. What the source had in it when it was copied is kept beside the rows, as a
digest; a range whose digest is another one by now is copied anew, and what is no longer there is taken away. So a copy that was
killed goes on where it was, and one of a workspace that is at work is brought up to it by what changed meanwhile.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Any

from sqlmodel import SQLModel

from casewright import compact_json
from casewright.errors import CommandRefused, Message, MoveRefused, message
from casewright.store import tables
from casewright.store.database import Database
from casewright.store.plugin_reach import owns
from casewright.store.postgres import PostgresDatabase
from casewright.store.text_indexes import TEXT_INDEXES
from casewright.swift_dataclass import dataclass

ROWS = 1_000
"""Rows of a range."""
LEFT_OUT = ("lease", "migration", "tally")
"""What belongs to the database itself: who is at work, how the schema came about, what it counts."""
_PROGRESS = "moving"
_HOLDS = (
    f'CREATE TABLE IF NOT EXISTS {_PROGRESS} ("table" TEXT COLLATE "C" NOT NULL, place BIGINT NOT NULL,'
    ' high TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY ("table", place))'
)
_THERE = f"SELECT count(to_regclass(quote_ident(current_schema()) || '.{_PROGRESS}'))"
_SOURCE = ""
"""The row that says of which workspace it is a copy."""

Key = tuple[Any, ...]
Row = tuple[Any, ...]
Tell = Callable[[int, int], None]
"""Is told how many rows were looked at, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table, its columns, and those of its key, by which its rows are ordered."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    numbered: bool = False

    @property
    def _listed(self) -> str:
        return _names(self.columns)

    def between(self, low: Key | None, high: Key | None) -> tuple[str, list[Any]]:
        """Return the statement of the rows after one key, up to another."""
        where, values = _between(self.key, low, high)
        return (
            f'SELECT {self._listed} FROM "{self.name}"{where} ORDER BY {_names(self.key)}',
            values,
        )

    def keys(self, low: Key | None, high: Key | None) -> tuple[str, list[Any]]:
        """Return the statement of the keys after one, up to another."""
        where, values = _between(self.key, low, high)
        return f'SELECT {_names(self.key)} FROM "{self.name}"{where}', values

    def put(self) -> str:
        """Return the statement that puts a row there, in place of the one that has its key."""
        others = [name for name in self.columns if name not in self.key]
        sets = ", ".join(f'"{name}" = excluded."{name}"' for name in others)
        done = f"DO UPDATE SET {sets}" if others else "DO NOTHING"
        marks = ", ".join("?" * len(self.columns))
        return (
            f'INSERT INTO "{self.name}" ({self._listed}) VALUES ({marks})'
            f" ON CONFLICT ({_names(self.key)}) {done}"
        )

    def key_of(self, row: Row) -> Key:
        """Return a row's key."""
        return tuple(row[self.columns.index(name)] for name in self.key)


def all_tables() -> tuple[Table, ...]:
    """Return all tables that are copied, those that others refer to first."""
    assert tables.TicketRow.metadata is SQLModel.metadata
    found = [
        Table(
            name=one.name,
            columns=tuple(one.columns.keys()),
            key=tuple(column.name for column in one.primary_key),
            numbered=one.autoincrement_column is not None,
        )
        for one in SQLModel.metadata.sorted_tables
        if one.name not in LEFT_OUT
    ]
    texts = [
        Table(name=name, columns=("rowid", *columns), key=("rowid",))
        for name, columns in TEXT_INDEXES.items()
    ]
    return (*found, *texts)


def tables_of_plugin(source: Database, plugin: str) -> tuple[Table, ...]:
    """Return a plugin's own tables, by name; MoveRefused for one that has no key to go by."""
    names = source.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return tuple(_table(source, name) for (name,) in names.fetchall() if owns(plugin, name))


def _table(source: Database, name: str) -> Table:
    told = source.execute(f'SELECT name, type, pk FROM pragma_table_info("{name}")').fetchall()
    key = [one for one in sorted(told, key=itemgetter(2)) if one[2]]
    if not key:
        raise MoveRefused(reason=message("the table '{table}' has no primary key", table=name))
    return Table(
        name=name,
        columns=tuple(one[0] for one in told),
        key=tuple(one[0] for one in key),
        numbered=len(key) == 1 and key[0][1].upper() == "INTEGER",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Some rows that follow each other: from after `low` to `high`, and the digest of what was copied."""

    low: Key | None
    high: Key
    digest: str


class Moving:
    """The rows of a file on their way to a server's schema, which has the same tables."""

    def __init__(
        self,
        source: Database,
        target: PostgresDatabase,
        *,
        plugins: Iterable[str] = (),
        tell: Tell,
    ) -> None:
        self._source, self._target, self._told = source, target, tell
        own = (table for plugin in plugins for table in tables_of_plugin(source, plugin))
        self._tables = (*all_tables(), *own)
        self._looked, self._all = 0, 2 * sum(_count(source, one.name) for one in self._tables)

    def begin(self, source: str) -> None:
        """Note of which workspace this is a copy; CommandRefused where it is begun of another one."""
        found = begun_of(self._target)
        if found is not None and found != source:
            raise CommandRefused(reason=message("a copy of another workspace was begun there"))
        with self._target.write():
            self._target.execute(_HOLDS)
            self._keep(_SOURCE, 0, (), source)

    def round(self) -> int:
        """Copy what differs from what was copied, as it stands in one moment; return how many ranges it was."""
        changed: list[tuple[Table, int, Range]] = []
        copied = 0
        with self._source.read():
            for table in self._tables:
                known = self._known(table)
                for place, one in enumerate(known):
                    rows = self._rows(table, one.low, one.high)
                    digest = _digest(rows)
                    if digest != one.digest:
                        self._put(table, rows)
                        changed.append(
                            (table, place, Range(low=one.low, high=one.high, digest=digest))
                        )
                copied += self._copy_on(table, known)
            self._take_away(changed)
        return copied + len(changed)

    def _copy_on(self, table: Table, known: Sequence[Range]) -> int:
        """Copy what comes after the last range; return how many ranges it was."""
        low, place = (known[-1].high if known else None), len(known)
        while True:
            sql, values = table.between(low, None)
            rows = self._source.execute(f"{sql} LIMIT {ROWS}", values).fetchall()
            if not rows:
                return place - len(known)
            high = table.key_of(rows[-1])
            with self._target.write():
                self._put(table, rows)
                self._keep(table.name, place, high, _digest(rows))
            self._tell(len(rows))
            low, place = high, place + 1

    def _take_away(self, changed: Sequence[tuple[Table, int, Range]]) -> None:
        """Take away what the changed ranges have no more, what refers to others first; then they are copied."""
        with self._target.write():
            for table, _, one in reversed(changed):
                sql, values = table.keys(one.low, one.high)
                there = set(map(tuple, self._target.execute(sql, values).fetchall()))
                here = set(map(tuple, self._source.execute(sql, values).fetchall()))
                where = " AND ".join(f'"{name}" = ?' for name in table.key)
                for key in there - here:
                    self._target.execute(f'DELETE FROM "{table.name}" WHERE {where}', key)
            for table, place, one in changed:
                self._keep(table.name, place, one.high, one.digest)

    def _put(self, table: Table, rows: Sequence[Row]) -> None:
        with self._target.write():
            self._target.execute_many(table.put(), rows)

    def _rows(self, table: Table, low: Key | None, high: Key | None) -> Sequence[Row]:
        sql, values = table.between(low, high)
        rows = self._source.execute(sql, values).fetchall()
        self._tell(len(rows))
        return rows

    def _tell(self, rows: int) -> None:
        self._looked += rows
        self._told(self._looked, max(self._looked, self._all))

    def _known(self, table: Table) -> list[Range]:
        rows = self._target.execute(
            f'SELECT high, digest FROM {_PROGRESS} WHERE "table" = ? ORDER BY place',
            (table.name,),
        ).fetchall()
        highs: list[Key | None] = [None, *(_read(high) for high, _ in rows)]
        return [
            Range(low=low, high=high, digest=digest)
            for (low, high), (_, digest) in zip(pairwise(highs), rows, strict=True)
            if high is not None
        ]

    def _keep(self, table: str, place: int, high: Key, digest: str) -> None:
        self._target.execute(
            f'INSERT INTO {_PROGRESS} ("table", place, high, digest) VALUES (?, ?, ?, ?)'
            ' ON CONFLICT ("table", place) DO UPDATE SET high = excluded.high, digest = excluded.digest',
            (table, place, _written(high), digest),
        )

    def take_stock(self) -> None:
        """Let the server learn what its tables hold: until then it goes the long way, and by itself it looks when it gets round to it."""
        self._target.script(f"VACUUM (ANALYZE) {_names(one.name for one in self._tables)}")

    def differing(self) -> Iterator[Message]:
        """Yield what is not on the server as it is in the file, table by table; it reads all of both."""
        for table in self._tables:
            known = self._known(table)
            many = sum(1 for one in known if not self._is_there(table, one))
            if many:
                yield message(
                    "'{table}' differs in {count} places", table=table.name, count=many
                )
            counts = [_count(one, table.name) for one in (self._source, self._target)]
            if counts[0] != counts[1]:
                template = "'{table}' has {here} rows here and {there} there"
                yield message(template, table=table.name, here=counts[0], there=counts[1])

    def _is_there(self, table: Table, one: Range) -> bool:
        """Return whether a range stands there as it was copied; one that has grown differs by its next row already.

        The limit is what lets the server go along its index: it plans for any range, and would read the whole table.
        """
        sql, values = table.between(one.low, one.high)
        rows = self._target.execute(f"{sql} LIMIT {ROWS + 1}", values).fetchall()
        self._tell(len(rows))
        return _digest(rows) == one.digest

    def end(self) -> dict[str, int]:
        """Let the server number on from where the file was; return how many rows each table has."""
        with self._target.write():
            for table in self._tables:
                if table.numbered:
                    (key,) = table.key
                    self._target.execute(
                        f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', '{key}'),"
                        f' (SELECT greatest(max("{key}"), 1) FROM "{table.name}"),'
                        f' (SELECT count(*) > 0 FROM "{table.name}"))'
                    )
        return {table.name: _count(self._target, table.name) for table in self._tables}

    def forget(self) -> None:
        """Forget how the copy went: from now on it is a workspace of its own, over which nothing is copied again."""
        with self._target.write():
            self._target.execute(f"DROP TABLE {_PROGRESS}")


def begun_of(target: PostgresDatabase) -> str | None:
    """Return of which workspace a copy was begun there; None where none was."""
    if not target.execute(_THERE).fetchone()[0]:
        return None
    row = target.execute(
        f'SELECT digest FROM {_PROGRESS} WHERE "table" = ?', (_SOURCE,)
    ).fetchone()
    return None if row is None else str(row[0])


def _count(database: Database, table: str) -> int:
    return int(database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _between(key: Sequence[str], low: Key | None, high: Key | None) -> tuple[str, list[Any]]:
    """Return the condition that a key comes after one and not after another."""
    marks = ", ".join("?" * len(key))
    found = [
        (f"({_names(key)}) {sign} ({marks})", bound)
        for sign, bound in ((">", low), ("<=", high))
        if bound is not None
    ]
    where = " AND ".join(condition for condition, _ in found)
    return f" WHERE {where}" if where else "", [value for _, bound in found for value in bound]


def _digest(rows: Iterable[Row]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for row in rows:
        digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


def _written(key: Key) -> str:
    return compact_json.encode(
        [{"hex": one.hex()} if isinstance(one, bytes) else one for one in key]
    )


def _read(written: str) -> Key:
    return tuple(
        bytes.fromhex(one["hex"]) if isinstance(one, dict) else one
        for one in compact_json.decode(written)
    )
