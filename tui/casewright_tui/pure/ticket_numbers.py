"""The numbers of tickets that somebody may mean who typed a part of one: `42`, `inq-42`, `2026-42`, `INQ-2026-42`."""

from collections.abc import Iterable

from casewright.patterns import pattern

DIGITS = 6
"""A ticket's number is filled up with noughts to so many digits."""
_PART = pattern(r"(?:(?P<prefix>[A-Za-z]+)-?)?(?:(?P<year>\d{4})-)?(?P<number>\d{1,6})")


def needs_prefix(typed: str) -> bool:
    """Return whether the workflow is left open, so that the prefixes of all of them have to be known."""
    found = _PART.fullmatch(typed)
    return found is not None and not found["prefix"]


def numbers_meant(typed: str, prefixes: Iterable[str], year: int) -> tuple[str, ...]:
    """Return the keys of the tickets that may be meant; where no year was typed, those of `year` and of the one before."""
    found = _PART.fullmatch(typed)
    if found is None:
        return (typed.upper(),)
    years = (int(found["year"]),) if found["year"] else (year, year - 1)
    return tuple(
        f"{prefix}-{one}-{int(found['number']):0{DIGITS}}"
        for one in years
        for prefix in ((found["prefix"].upper(),) if found["prefix"] else sorted(prefixes))
    )
