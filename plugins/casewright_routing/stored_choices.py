"""The table of what callers chose, by number."""

from collections.abc import Iterable

from casewright import Store
from casewright_routing.phone import NOTHING_CHOSEN, Choice, remembered

SHORTEST = 5
"""Digits that are enough to tell whose number it is: a number that no customer had is remembered as it was dialled."""


def of_number(store: Store, number: str) -> Choice:
    """Return what was chosen from a number before."""
    sql = "SELECT brand, language FROM routing_choice WHERE number = ?"
    rows = store.execute(sql, (number,))
    return Choice(brand=rows[0][0], language=rows[0][1]) if rows else NOTHING_CHOSEN


def remember(store: Store, number: str, chosen: Choice) -> None:
    """Remember what was chosen now; what was not asked now stays as it was."""
    kept = remembered(of_number(store, number), chosen)
    store.execute(
        "INSERT INTO routing_choice (number, brand, language) VALUES (?, ?, ?) ON CONFLICT (number)"
        " DO UPDATE SET brand = excluded.brand, language = excluded.language",
        (number, kept.brand, kept.language),
    )


def forget(store: Store, numbers: Iterable[str]) -> None:
    """Forget what was chosen from numbers, however they were typed."""
    for number in numbers:
        digits = "".join(one for one in number if one.isdigit())
        store.execute(
            "DELETE FROM routing_choice WHERE number = ? OR"
            " (length(number) BETWEEN ? AND ? AND substr(?, ? - length(number) + 1) = number)",
            (number, SHORTEST, len(digits), digits, len(digits)),
        )
