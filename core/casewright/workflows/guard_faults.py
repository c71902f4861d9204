"""Why an expression is refused, in words of somebody who writes processes and not programs."""

import re
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Literal

from casewright.errors import Message, message
from casewright.patterns import pattern
from casewright.swift_dataclass import dataclass
from casewright.workflows.guard_types import kind_of
from casewright.workflows.guard_widening import AT, arguments

Want = Literal[
    "condition", "number", "text", "people", "list", "value", "deadline",
    "integer", "decimal", "boolean", "texts",
]  # fmt: skip
"""What a place needs; the last four are for a field of that kind, which nothing (null) empties."""

LONGEST = 1000
MOST_MACROS = 3


@dataclass(frozen=True, slots=True)
class GuardFault:
    """What is wrong with an expression, and the column inside it (from 1)."""

    column: int
    code: str
    message: Message


Guess = Callable[[str, Collection[str]], str | None]
Signatures = Mapping[str, tuple[str, ...]]


def too_complex(source: str) -> GuardFault | None:
    """Return why an expression could take too long, or None."""
    if len(source) > LONGEST:
        reason = message("longer than {limit} characters", limit=LONGEST)
    elif len(_MACRO.findall(source)) > MOST_MACROS:
        reason = message("more than {limit} list macros", limit=MOST_MACROS)
    else:
        return None
    return GuardFault(1, "guard.too_complex", reason)


def misfit(found: str, want: Want) -> GuardFault | None:
    """Return that an expression gives a `found` where a `want` is needed, or None."""
    if want == "value" or found in _FITS[want]:
        return None
    reason = message("must be {want}, but is {found}", want=_WANTED[want], found=_WORDS[found])
    return GuardFault(1, "guard.wrong_type", reason)


def explain(
    refusal: str,
    source: str,
    known: Mapping[str, Collection[str]],
    guess: Guess,
    functions: Signatures = MappingProxyType({}),
) -> GuardFault:
    """Return what the compiler's refusal of `source` means; `known` are the members of each variable.

    `functions` are those of plugins, each with the kinds that it takes.
    """
    found = AT.search(refusal)
    column, text = (int(found[2]), found[3]) if found else (1, refusal.splitlines()[0])
    text = re.sub(r"\s*\[[A-Z_]+\]$", "", text)
    return (
        _misused(text, column, functions)
        or _unknown_name(text, column, (*known, *functions), guess, known)
        or _unknown_member(text, column, known, guess)
        or _mismatch(text, column)
        or _foreign(source)
        or GuardFault(
            column, "guard.syntax", message("not an expression: {detail}", detail=text)
        )
    )


_UNDECLARED = pattern(r"undeclared reference to '([^']*)'")
_OVERLOAD = pattern(r"no matching overload for '([^']+)' applied to '\((.*)\)'")
_MACRO = pattern(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(")
_WORDS: Mapping[str, Message] = {
    "integer": message("a whole number"),
    "text": message("a text"),
    "boolean": message("true or false"),
    "decimal": message("a decimal"),
    "list": message("a list"),
    "map": message("a table row"),
    "null": message("nothing"),
    "moment": message("a moment"),
    "other": message("something else"),
}
_WANTED: Mapping[str, Message] = {
    **_WORDS,
    "condition": _WORDS["boolean"],
    "people": message("a text or a list of texts"),
    "deadline": message("a date or a moment"),
    "number": _WORDS["integer"],
    "decimal": message("a number"),
    "texts": message("a list of texts"),
}
_FITS: Mapping[str, tuple[str, ...]] = {
    "condition": ("boolean",),
    "number": ("integer",),
    "text": ("text", "null"),
    "people": ("text", "list", "null"),
    "deadline": ("text", "moment", "null"),
    "list": ("list", "null"),
    "integer": ("integer", "null"),
    "decimal": ("decimal", "integer", "null"),
    "boolean": ("boolean", "null"),
    "texts": ("list", "null"),
}


def _misused(text: str, column: int, functions: Signatures) -> GuardFault | None:
    """Return that a plugin's function is given too much, too little or something else; it is found by its name then."""
    undeclared = _UNDECLARED.search(text)
    found = undeclared or _OVERLOAD.search(text)
    if found is None or found[1] not in functions:
        return None
    name, wanted = found[1], [_WANTED[one] for one in functions[found[1]]]
    start = max(column - len(name), 1)  # the engine points at the parenthesis
    if undeclared is not None:
        template = "'{function}' takes {count} value(s): {wanted}"
        reason = message(template, function=name, count=len(wanted), wanted=wanted)
    else:
        given = [_WORDS[kind_of(one)] for one in arguments(found[2])]
        template = "'{function}' takes ({wanted}), not ({given})"
        reason = message(template, function=name, wanted=wanted, given=given)
    return GuardFault(start, "guard.wrong_type", reason)


def _unknown_name(
    text: str,
    column: int,
    variables: Collection[str],
    guess: Guess,
    known_members: Mapping[str, Collection[str]],
) -> GuardFault | None:
    unknown = _UNDECLARED.search(text)
    if unknown is None:
        return None
    known = (*variables, "now", "each", "has", "size", "lookup")
    path, _, last = unknown[1].rpartition(".")
    name = path.split(".")[0] if path else last
    start = column - len(path)  # the engine points at the last dot
    if member := _member_called(name, known_members):
        template = "unknown name '{name}'; did you mean '{near}'?"
        reason = message(template, name=name, near=member)
        return GuardFault(start, "guard.unknown_name", reason)
    if (near := guess(name, known)) and near != name:
        template = "unknown name '{name}'; did you mean '{near}'?"
        return GuardFault(start, "guard.unknown_name", message(template, name=name, near=near))
    return GuardFault(start, "guard.unknown_name", message("unknown name '{name}'", name=name))


def _member_called(name: str, known: Mapping[str, Collection[str]]) -> str:
    """Return `holder.name` where exactly one variable has a member of that name, else ""."""
    found = [f"{holder}.{name}" for holder, members in known.items() if name in members]
    return found[0] if len(found) == 1 else ""


def _unknown_member(
    text: str, column: int, known: Mapping[str, Collection[str]], guess: Guess
) -> GuardFault | None:
    unknown = re.search(
        r"undefined field '([^']*)' not found in struct 'casewright\.(\w+)'", text
    )
    if unknown is None:
        return None
    name, holder = unknown[1], unknown[2]
    code = "guard.unknown_field" if holder == "fields" else "guard.unknown_name"
    written = f"{holder}.{name}"
    if near := guess(name, known.get(holder, ())):
        template = "unknown '{name}'; did you mean '{near}'?"
        return GuardFault(
            column, code, message(template, name=written, near=f"{holder}.{near}")
        )
    return GuardFault(column, code, message("unknown '{name}'", name=written))


_CONDITIONS = ("&&", "||", "!")


def _mismatch(text: str, column: int) -> GuardFault | None:
    overload = _OVERLOAD.search(text)
    if overload is None:
        return None
    kinds = [kind_of(one) for one in arguments(overload[2])]
    operator = "? :" if overload[1] == "_?_:_" else overload[1].strip("_")
    return GuardFault(
        column, "guard.wrong_type", _mismatched(operator, kinds, overload[1].startswith("_"))
    )


def _mismatched(operator: str, kinds: list[str], between: bool) -> Message:
    asked = kinds[:1] if operator == "? :" else kinds if operator in _CONDITIONS else []
    if wrong := next((kind for kind in asked if kind != "boolean"), None):
        template = "'{operator}' needs true or false, not {found}"
        return message(template, operator=operator, found=_WORDS[wrong])
    if between and len(kinds) > 1 and kinds[-2] != kinds[-1]:
        return message(
            "{left} does not go with {right} ('{operator}')",
            left=_WORDS[kinds[-2]],
            right=_WORDS[kinds[-1]],
            operator=operator,
        )
    return message(
        "'{operator}' does not go with {kinds}",
        operator=operator,
        kinds=[_WORDS[kind] for kind in kinds],
    )


_QUOTED = pattern(r"'[^'\n]*'|\"[^\"\n]*\"")
_FOREIGN = pattern(
    r"(?<![\w.])(?:and|or|not)(?!\w)|(?<![=!<>])=[<>]|(?<![=!<>])=(?!=)|(?<!&)&(?!&)|(?<!\|)\|(?!\|)|<>"
    r"|[（）＝！＞＜，．“”‘’≥≤≠]",  # noqa: RUF001 - what a Chinese keyboard gives
    re.IGNORECASE,
)
_MEANT = {
    "and": "&&", "or": "||", "not": "!", "=": "==", "&": "&&", "|": "||", "<>": "!=",
    "=>": ">=", "=<": "<=", "≥": ">=", "≤": "<=", "≠": "!=", "“": "'", "”": "'", "‘": "'", "’": "'",  # noqa: RUF001
}  # fmt: skip
_FULL_WIDTH = 0xFEE0
"""A half-width character stands so far before its full-width one."""


def _foreign(source: str) -> GuardFault | None:
    """Return the first thing that other languages have and expressions write otherwise."""
    found = _FOREIGN.search(_QUOTED.sub(lambda text: "_" * len(text[0]), source))
    if found is None:
        return None
    written = found[0]
    meant = _MEANT.get(written.lower()) or chr(ord(written) - _FULL_WIDTH)
    reason = message(
        "not an expression: write {meant} instead of {written}", meant=meant, written=written
    )
    return GuardFault(found.start() + 1, "guard.syntax", reason)
