"""Where a decimal meets a whole number, the whole number is widened: CEL itself would refuse to compare the two."""

from typing import Any

from casewright.patterns import pattern
from casewright.workflows.guard_types import kind_of

AT = pattern(r"<input>:(\d+):(\d+): (.*)")
"""Where a refusal of the compiler points, and what it says."""

OVERLOAD = pattern(r"no matching overload for '_?([^'_]+)_?' applied to '\((.*)\)'")
"""An operator or a function, and the kinds it was given."""

_NUMBER_BEFORE = pattern(r"(?<![\w.])(\d+)\s*$")
_NUMBER_AFTER = pattern(r"\s*(-?\d+)(?![\w.])")
_PATH_BEFORE = pattern(r"([A-Za-z_][\w.]*)\s*$")
_PATH_AFTER = pattern(r"\s*([A-Za-z_][\w.]*)(?!\s*\()")
_BETWEEN = pattern(r", (?![^(]*\))")


def compile_widened(environment: Any, source: str) -> Any:
    """Compile; where a decimal meets a whole number, widen the whole number and try again.

    CEL compares an int with a double only at run time; an author may write `fields.amount > 500`.
    """
    first: RuntimeError | None = None
    text = source
    for _ in range(40):
        try:
            return environment.compile(text)
        except RuntimeError as refusal:
            first = first or refusal
            widened = _widen(text, str(refusal))
            if widened is None:
                raise (first if text == source else refusal) from None
            text = widened
    raise first if first is not None else RuntimeError(source)


def arguments(listed: str) -> list[str]:
    """Return the single kinds of `OVERLOAD`'s list; `map(text, text)` is one of them."""
    return _BETWEEN.split(listed)


def _widen(text: str, refusal: str) -> str | None:
    at, overload = AT.search(refusal), OVERLOAD.search(refusal)
    if not at or not overload or int(at[1]) != 1:
        return None
    kinds = [kind_of(kind) for kind in arguments(overload[2])]
    if sorted(kinds) != ["decimal", "integer"]:
        return None
    start = int(at[2]) - 1
    operator = overload[1]
    if kinds[0] == "integer":
        return (
            _widen_end(text[:start]) + text[start:]
            if _widen_end(text[:start]) != text[:start]
            else None
        )
    rest = text[start + len(operator) :]
    wider = _widen_start(rest)
    return text[: start + len(operator)] + wider if wider != rest else None


def _widen_end(text: str) -> str:
    if literal := _NUMBER_BEFORE.search(text):
        return text[: literal.end(1)] + ".0" + text[literal.end(1) :]
    if path := _PATH_BEFORE.search(text):
        return f"{text[: path.start(1)]}double({path[1]}){text[path.end(1) :]}"
    return text


def _widen_start(text: str) -> str:
    if literal := _NUMBER_AFTER.match(text):
        return text[: literal.end(1)] + ".0" + text[literal.end(1) :]
    if path := _PATH_AFTER.match(text):
        return f"{text[: path.start(1)]}double({path[1]}){text[path.end(1) :]}"
    return text
