"""A plugin's own tables: its SQL is run in the transaction that is open, and reaches nothing else."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from casewright.errors import Message, PluginFailed, message
from casewright.store import sqlite_statements as sql
from casewright.store.database import Database
from casewright.store.plugin_reach import Reach, owns
from casewright.store.plugin_sql import judged

MOST_ROWS = 100_000
"""Rows that one statement may return; one that returns more is refused, and nothing is cut off unseen."""
HOOK = "store"
"""What is said to have failed when a plugin's SQL is refused."""

_PRIMARY = 0xFF
_INTERRUPTED = 9
_OF_THE_FILE = (5, 6, 8, 10, 11, 13, 14, 15, 26)
"""SQLite's codes for what is no plugin's fault: busy, locked, readonly, I/O, corrupt, full, cannot open, protocol, no database."""


def clashes(name: str) -> str | None:
    """Return a table that is named as those of a plugin of that name would be, or None.

    A core table's own name counts too: the parts that it has, or gets, begin with it.
    """
    beginning = f"{name.lower()}_"
    tables = (*sql.TABLES, "sqlite_master")
    return next((one for one in tables if f"{one}_".startswith(beginning)), None)


class PluginTables:
    """A plugin's handle on its tables, for as long as the command, query, job or migration lasts that it was given."""

    def __init__(self, database: Database, plugin: str, *, writable: bool) -> None:
        self._database = database
        self._plugin = plugin
        self._writable = writable
        self._others: frozenset[str] | None = None
        self._open = True

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows; PluginFailed where it reaches past the plugin's tables or is wrong."""
        return self._run(sql, parameters, defining="")

    def execute_many(self, sql: str, rows: Sequence[Sequence[Any]], /) -> None:
        """Run one statement for each of the rows; PluginFailed as above."""
        self._run(sql, rows, defining="", many=True)

    def define(self, sql: str) -> None:
        """Run one statement of a migration, which may make, change and drop the plugin's tables."""
        first = sql.split(None, 1)[0].upper()
        self._run(sql, (), defining=first if first in ("CREATE", "ALTER", "DROP") else "")

    def close(self) -> None:
        """End the handle: what it was given for is over, and whoever kept it cannot use it any more."""
        self._open = False

    def _run(
        self, sql: str, parameters: Sequence[Any], *, defining: str, many: bool = False
    ) -> list[tuple[Any, ...]]:
        if not self._open:
            raise self._failed(message("what its store was given for has ended"))
        run = self._in_file if self._database.is_file else self._on_server
        rows = run(sql, parameters, defining, many)
        if len(rows) > MOST_ROWS:
            raise self._failed(message("its SQL returns more than {most} rows", most=MOST_ROWS))
        return rows

    def _on_server(
        self, sql: str, parameters: Sequence[Any], defining: str, many: bool
    ) -> list[tuple[Any, ...]]:
        plain, refused = judged(
            sql, self._plugin, writes=self._writable, defining=bool(defining)
        )
        if refused is not None:
            raise self._failed(refused)
        try:
            return self._rows(plain, parameters, many)
        except self._database.errors as error:
            if not _of_the_statement(error):
                raise
            raise self._failed(_wrong(error)) from error

    def _in_file(
        self, sql: str, parameters: Sequence[Any], defining: str, many: bool
    ) -> list[tuple[Any, ...]]:
        if self._others is None:
            self._others = _others(self._plugin, self._database.table_names())
        reach = Reach(
            self._plugin, others=self._others, writes=self._writable, defining=defining
        )
        with self._database.watched(reach.judge):
            try:
                return self._rows(sql, parameters, many)
            except Exception as error:
                if _of_the_file(error):
                    raise
                raise self._failed(reach.refused or _wrong(error)) from error

    def _rows(self, sql: str, parameters: Sequence[Any], many: bool) -> list[tuple[Any, ...]]:
        if many:
            self._database.execute_many(sql, parameters)
            self._database.settle()
            return []
        cursor = self._database.execute(sql, parameters)
        try:
            return list(islice(cursor, MOST_ROWS + 1))
        finally:
            cursor.close()

    def _failed(self, reason: Message) -> PluginFailed:
        return PluginFailed(plugin=self._plugin, hook=HOOK, reason=reason)


@lru_cache(maxsize=64)
def _others(plugin: str, names: frozenset[str]) -> frozenset[str]:
    """Return the tables that are not a plugin's."""
    return frozenset(name.lower() for name in names if not owns(plugin, name))


def _of_the_file(error: Exception) -> bool:
    return _code(error) in _OF_THE_FILE


def _of_the_statement(error: Exception) -> bool:
    """Return whether a server refuses the statement, by its class of errors, and not the connection, the room or the moment."""
    state = getattr(error, "sqlstate", None) or ""
    return state[:2] in ("21", "22", "23", "25", "42", "0A")


def _wrong(error: Exception) -> Message:
    if _code(error) == _INTERRUPTED:
        return message("its SQL was interrupted")
    return message("its SQL is wrong: {detail}", detail=str(error)[:500])


def _code(error: Exception) -> int:
    code = getattr(error, "sqlite_errorcode", None)
    return code & _PRIMARY if isinstance(code, int) else 0
