"""What the SQL of a plugin may reach for: the plugin's own tables, and nothing of the core, of others or of SQLite itself."""

import sqlite3
from collections.abc import Collection, Sequence

from casewright.errors import Message, message

_JSON_TABLES = ("json_each", "json_tree")
"""They have rows of what is given to them, and of nothing that is stored."""
_SCHEMA_TABLES = ("sqlite_master", "sqlite_temp_master")
_FORBIDDEN_FUNCTIONS = ("load_extension", "fts3_tokenizer")
_INDEX_OF_A_KEY = "sqlite_autoindex_"

_CHANGES = (sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE)
_INDEXES = (sqlite3.SQLITE_CREATE_INDEX, sqlite3.SQLITE_DROP_INDEX)
_DEFINITIONS = (
    sqlite3.SQLITE_CREATE_TABLE,
    sqlite3.SQLITE_DROP_TABLE,
    sqlite3.SQLITE_REINDEX,
    *_INDEXES,
)
"""What a migration may do besides ALTER TABLE; no views and triggers: a broken one would stop the core's own migrations."""
_NAMES = {
    code: name.removeprefix("SQLITE_").replace("_", " ").replace("VTABLE", "VIRTUAL TABLE")
    for name, code in vars(sqlite3).items()
    if name.startswith(
        tuple(
            f"SQLITE_{word}"
            for word in (
                "CREATE_",
                "DROP_",
                "ATTACH",
                "DETACH",
                "PRAGMA",
                "TRANSACTION",
                "SAVEPOINT",
                "ANALYZE",
            )
        )
    )
}
"""What may not be done, by SQLite's code for it, as it is written in SQL."""


def owns(plugin: str, name: str) -> bool:
    """Return whether a table or index of that name is the plugin's."""
    plain = name.lower().removeprefix(_INDEX_OF_A_KEY)
    return name.isascii() and plain.startswith(f"{plugin.lower()}_")


def not_its_own(plugin: str, name: str) -> Message:
    """Return that SQL of the plugin reaches for a table of others."""
    return message(
        "it reaches for '{name}'; what is its own begins with '{prefix}'",
        name=name,
        prefix=f"{plugin}_",
    )


class Reach:
    """The judge over one statement of a plugin; `refused` says what it reached for that is not its own.

    `others` are the tables that are not the plugin's. `defining` is the first word of a statement that defines tables.
    """

    def __init__(
        self, plugin: str, *, others: Collection[str], writes: bool, defining: str = ""
    ) -> None:
        self._plugin = plugin
        self._others = others
        self._writes = writes
        self._defining = defining
        self.refused: Message | None = None

    def judge(
        self,
        action: int,
        first: str | None,
        second: str | None,
        schema: str | None,
        _: str | None,
    ) -> int:
        """Return SQLite's code for yes or no."""
        reason = self._reason(action, first or "", second or "", schema)
        if reason is None:
            return sqlite3.SQLITE_OK
        if self.refused is None:
            self.refused = reason
        return sqlite3.SQLITE_DENY

    def _reason(
        self, action: int, first: str, second: str, schema: str | None
    ) -> Message | None:
        if action == sqlite3.SQLITE_SELECT:
            return self._selecting()
        if action == sqlite3.SQLITE_RECURSIVE:
            return None
        if action == sqlite3.SQLITE_READ:
            return None if self._may_read(first, second, schema) else self._not_its_own(first)
        if action in _CHANGES:
            return self._changing(first, schema)
        if action == sqlite3.SQLITE_FUNCTION:
            return self._calling(second)
        if action == sqlite3.SQLITE_ALTER_TABLE:
            return self._to_define(schema=first, named=[second])
        if action in _DEFINITIONS:
            return self._to_define(schema, [first, second] if action in _INDEXES else [first])
        return message("its SQL may not use {what}", what=_NAMES.get(action, str(action)))

    def _selecting(self) -> Message | None:
        """A table made of a query could be made of SQLite's own tables, which the making itself must read."""
        if self._defining != "CREATE":
            return None
        return message("its SQL may not use {what}", what="CREATE TABLE ... AS SELECT")

    def _may_read(self, table: str, column: str, schema: str | None) -> bool:
        if self._owns(table) or table.lower() in _JSON_TABLES:
            return schema in ("main", None)
        if self._defining and table in _SCHEMA_TABLES:
            return True
        return column == "" and schema is None and self._is_named_in_the_query(table)

    def _is_named_in_the_query(self, name: str) -> bool:
        """A part that the query itself names (WITH ...) and of which it takes no column is told like a table."""
        name = name.lower()
        return name not in self._others and not name.startswith(("sqlite_", "pragma_"))

    def _changing(self, table: str, schema: str | None) -> Message | None:
        if table in _SCHEMA_TABLES:
            only = message("its SQL may make, change or drop tables in a migration only")
            return None if self._defining else only
        if not self._owns(table) or schema != "main":
            return self._not_its_own(table)
        if not self._writes:
            return message("it writes to '{name}', where it may only read", name=table)
        return None

    def _calling(self, function: str) -> Message | None:
        name = function.lower()
        renaming = self._defining == "ALTER" and name.startswith("sqlite_")
        if name in _FORBIDDEN_FUNCTIONS or (name.startswith("sqlite_") and not renaming):
            return message("its SQL may not use {what}", what=f"{function}()")
        return None

    def _to_define(self, schema: str | None, named: Sequence[str]) -> Message | None:
        if not self._defining:
            return message("its SQL may make, change or drop tables in a migration only")
        if schema != "main":
            return message("its SQL may not use {what}", what="TEMP")
        strange = next((name for name in named if not self._owns(name)), None)
        return None if strange is None else self._not_its_own(strange)

    def _owns(self, name: str) -> bool:
        return owns(self._plugin, name)

    def _not_its_own(self, name: str) -> Message:
        return not_its_own(self._plugin, name)
