"""Finding tickets by text, in Chinese as in English: character bigrams for Han, words for the rest.

Personal values are found whole or not at all: whoever could find them by their beginnings would read them letter by letter.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import add
from typing import Any

from casewright.patterns import pattern
from casewright.store import postgres_search as postgres
from casewright.store.database import Database
from casewright.store.reaching import Condition

_HAN = "\u2e80-\u2fdf\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
SHORT = 40
"""Characters of a code or a name, of which a workspace has few: what they are found by is worked out once."""
_WHOLE, _PART = "\ue000", "\ue001"
"""What the index puts before a whole personal value, and before each piece of one: nothing that is typed has them in it."""
_LONGEST_WHOLE = 200
"""Characters of a personal value that is found as a whole; a longer one nobody types."""
Run = tuple[str, str]
"""Han characters, or a word."""
_RUNS = pattern(f"([{_HAN}]+)|([^\\W_{_HAN}]+)")


def tokens(text: str) -> list[str]:
    """Return what a text is found by: pairs of neighbouring Han characters, the last of each run, and each word."""
    found: list[str] = []
    for han, word in runs_of(text):
        if word:
            found.append(word)
        else:
            found += map(add, han, han[1:])
            found.append(han[-1])
    return found


def indexed(values: Iterable[Any], personal: Iterable[Any] = ()) -> str:
    """Return the text that the index keeps for a ticket with these field values, some of which are `personal`."""
    found = [_found_by(text) for text in _texts(values)]
    found += [_personally(text) for text in _texts(personal)]
    return " ".join(filter(None, found))


def query(text: str) -> str | None:
    """Return the index query that finds `text`, or None when there is nothing to look for.

    A run of Han characters must stand there as written; a Latin word may go on. All runs must be found. What stands
    between spaces, or all of the text, may be a personal value instead, but a whole one.
    """
    parts = [
        f"({' AND '.join(map(standing, runs))} OR {_whole(runs)})"
        for runs in map(runs_of, text.split())
        if runs
    ]
    if len(parts) < 2:
        return "".join(parts) or None
    return f"({' AND '.join(parts)}) OR {_whole(runs_of(text))}"


def matching(database: Database, text: str) -> Condition | None:
    """Return what the rows of `ticket_text` meet that `text` finds, or None when there is nothing to look for."""
    database.catch_up()
    if database.is_file:
        sought = query(text)
        if sought is None:
            return None
        return "ticket_text.tokens MATCH ?", [sought]
    parts = [
        postgres.any_of(
            [postgres.all_of(list(map(postgres.standing, runs))), _whole_there(runs)]
        )
        for runs in map(runs_of, text.split())
        if runs
    ]
    if not parts:
        return None
    found = postgres.all_of(parts)
    if len(parts) > 1:
        found = postgres.any_of([found, _whole_there(runs_of(text))])
    return found


def named_in(database: Database, text: str, *, limit: int) -> list[str]:
    """Return the tickets in whose fields all of `text` stands, by key; none where there is nothing to look for.

    Pieces of personal values count too: this is for casewright itself.
    """
    database.catch_up()
    runs = runs_of(text)
    if not runs:
        return []
    if database.is_file:
        sought = " AND ".join(f"({standing(one)} OR {standing(one, _PART)})" for one in runs)
        found: Condition = ("ticket_text MATCH ?", [sought])
    else:
        found = postgres.all_of(
            [
                postgres.any_of([postgres.standing(one), postgres.standing(one, _PART)])
                for one in runs
            ]
        )
    rows = database.execute(
        'SELECT ticket."key" FROM ticket_text JOIN ticket ON ticket.id = ticket_text.rowid'
        f' WHERE {found[0]} ORDER BY ticket."key" LIMIT ?',
        (*found[1], limit),
    )
    return [row[0] for row in rows]


def _whole_there(runs: Iterable[Run]) -> Condition:
    return postgres.whole(f"{_WHOLE}{_joined(runs)}")


def standing(run: Run, mark: str = "") -> str:
    """Return the query for a run as it stands in a text; `mark` is what the index puts before its pieces."""
    han, word = run
    if len(han) > 1:
        pairs = " ".join(f"{mark}{pair}" for pair in map(add, han, han[1:]))
        return f'"{pairs}"'
    return f'"{mark}{han or word}"*'


def _whole(runs: Iterable[Run]) -> str:
    return f'"{_WHOLE}{_joined(runs)}"'


def _joined(runs: Iterable[Run]) -> str:
    """Return a value without what people write differently each time: spaces, hyphens, capitals."""
    return "".join(han or word for han, word in runs)


def _personally(text: str) -> str:
    pieces = [f"{_PART}{one}" for one in tokens(text)]
    if pieces and len(text) <= _LONGEST_WHOLE:
        pieces.append(f"{_WHOLE}{_joined(runs_of(text))}")
    return " ".join(pieces)


def _found_by(text: str) -> str:
    return _of_short(text) if len(text) <= SHORT else " ".join(tokens(text))


@lru_cache(maxsize=4096)
def _of_short(text: str) -> str:
    return " ".join(tokens(text))


def runs_of(text: str) -> list[Run]:
    """Return the runs as they follow each other, each either Han characters or a word."""
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _RUNS.findall(folded.casefold())


def _texts(values: Iterable[Any]) -> list[str]:
    """Return the texts among values, and those inside of lists and mappings."""
    found: list[str] = []
    for value in values:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, _LISTS):
            found += _texts(value)
        elif not isinstance(value, _NUMBERS) and isinstance(value, Mapping):
            found += _texts(value.values())
    return found


_LISTS, _NUMBERS = (list, tuple), (int, float)
