"""What PostgreSQL wants said otherwise: the store's SQL, written for both databases, turned into the server's once for each text.

What SQLite has as functions and PostgreSQL has not is made with the schema, by `postgres_functions.sql`.
"""

import re
from functools import lru_cache
from itertools import count

from casewright.patterns import pattern

_SAID_OTHERWISE = (
    (re.compile(r"CASE typeof\((\w+)\) WHEN 'text' THEN CAST\(\1 AS BLOB\) ELSE \1 END"), r"as_bytes(\1)"),
    (re.compile(r"CAST\(([\w.]+) AS BLOB\)"), r"as_bytes(\1)"),
    (re.compile(r"CAST\(([\w.]+) AS TEXT\)"), r"as_text(\1)"),
    (re.compile(r"\s+(?:INDEXED BY \w+|NOT INDEXED)\b"), ""),
    (re.compile(r"\bLIKE\b"), "ILIKE"),
    (re.compile(r"\bCROSS JOIN (\w+) ON\b"), r"JOIN \1 ON"),
    (re.compile(r"\bNOT IN \(\)"), "<> ALL ('{}')"),
    (re.compile(r"\bIN \(\)"), "= ANY ('{}')"),
    (re.compile(r"\bLIMIT \?"), "LIMIT nullif(?, -1)"),
    (re.compile(r"\bsum\(([^()]*(?:[<>=]|IS NULL)[^()]*)\)"), r"sum((\1)::int)"),
)  # fmt: skip
"""SQLite is told along which index to go, and PostgreSQL chooses; -1 is no limit; both tell capitals apart alike;
what is true counts as 1, and is cast to it, for sums of our own making are not made by several processes."""
_PIECES = pattern(r"""('(?:[^']|'')*'|"(?:[^"]|"")*")""")


@lru_cache(maxsize=4096)
def translated(sql: str) -> bytes:
    """Return a statement as the server takes it, its values numbered."""
    for said, otherwise in _SAID_OTHERWISE:
        sql = said.sub(otherwise, sql)
    pieces, numbers = _PIECES.split(sql), count(1)
    pieces[::2] = [re.sub(r"\?", lambda _: f"${next(numbers)}", piece) for piece in pieces[::2]]
    return "".join(pieces).encode()
