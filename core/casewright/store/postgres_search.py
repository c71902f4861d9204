"""Finding tickets by text on PostgreSQL: the same tickets as SQLite's index finds, by the same tokens.

An index of lexemes says which tickets may be meant; the tokens as they follow each other say which are.
"""

from collections.abc import Iterable, Sequence
from operator import add

from casewright.store.reaching import Condition

Run = tuple[str, str]
"""Han characters, or a word."""
LONGEST = 500
"""Characters of a token that the index holds; `lexemes` of the schema cuts there."""
TOKENS = "' ' || tokens || ' '"
"""The text of a ticket's row, a blank before and after each token."""


def standing(run: Run, mark: str = "", *, within: str = TOKENS) -> Condition:
    """Return the condition that a run stands in a text: Han characters as written, a word as the beginning of one."""
    han, word = run
    condition = f"(lexemes @@ ?::tsquery AND strpos({within}, ?) > 0)"
    if len(han) > 1:
        pairs = [f"{mark}{pair}" for pair in map(add, han, han[1:])]
        return condition, [" & ".join(map(lexeme, pairs)), f" {' '.join(pairs)} "]
    begun = f"{mark}{han or word}"
    return condition, [f"{lexeme(begun)}:*", f" {begun}"]


def whole(token: str, *, within: str = TOKENS) -> Condition:
    """Return the condition that a token stands there as it is."""
    return f"(lexemes @@ ?::tsquery AND strpos({within}, ?) > 0)", [lexeme(token), f" {token} "]


def lexemes_of(run: Run) -> str:
    """Return the query that a run fits by, whatever stands around its pieces."""
    han, word = run
    if len(han) > 1:
        return " | ".join(lexeme(pair) for pair in map(add, han, han[1:]))
    return f"{lexeme(han or word)}:*"


def lexeme(token: str) -> str:
    """Return a token as a query has it."""
    quoted = token[:LONGEST].replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}'"


def all_of(conditions: Sequence[Condition]) -> Condition:
    """Return the condition that all hold."""
    return _joined(" AND ", conditions)


def any_of(conditions: Sequence[Condition]) -> Condition:
    """Return the condition that one of them holds."""
    return _joined(" OR ", conditions)


def _joined(word: str, conditions: Iterable[Condition]) -> Condition:
    found = list(conditions)
    text = word.join(condition for condition, _ in found)
    return f"({text})", [value for _, values in found for value in values]
