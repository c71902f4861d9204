"""What may stand behind a word: one check for each of the language's shapes."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from casewright import bilingual, durations
from casewright.document import Path
from casewright.errors import DurationRefused, Message, message
from casewright.nearest import hint
from casewright.patterns import pattern
from casewright.swift_dataclass import dataclass
from casewright.workflows import parties, thresholds
from casewright.workflows.retention import retention
from casewright.workflows.spec import PartyKind
from casewright.workflows.words import CHOICES, CONSTRUCTS, SHAPES

PREFIX = pattern(r"[A-Z]{2,5}")
REFERENCE = pattern(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")
"""A name, or an inner state by its full name: `in_work.diagnosing`."""

HIGHEST_COUNT = 1_000_000
THRESHOLDS = ("at", "from")
"""Words that are texts and thresholds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong below the value being looked at; a `fatal` one makes the whole value unusable."""

    code: str
    message: Message
    at: Path = ()
    key: bool = False
    fatal: bool = False


def accepts_type(shape: str, data: Any) -> bool:
    """Return whether `data` is of the type that `shape` is written with, right or wrong inside."""
    kind = shape.partition(":")[0]
    if kind in CONSTRUCTS:
        return isinstance(data, dict) or (kind == "Transition" and isinstance(data, str))
    if isinstance(data, bool):
        return kind in ("flag", "condition", "value")
    return isinstance(data, _TYPES[kind])


def literals(shapes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the shapes in which something may be written out; beside some, `value` means an expression only."""
    only_expression = not {"who", "duration", "text"}.isdisjoint(shapes)
    return tuple(one for one in shapes if not (one == "value" and only_expression))


def described(shapes: tuple[str, ...]) -> Message:
    """Return what `shapes` allow, for people."""
    first, *others = dict.fromkeys(shapes)
    found = _described(first)
    for one in others:
        found = message("{one}, or {other}", one=found, other=_described(one))
    return found


def _described(shape: str) -> Message:
    kind, _, inner = shape.partition(":")
    if kind == "one of":
        return message("one of {choices}", choices=", ".join(CHOICES[inner]))
    said = SHAPES.get(kind, "a mapping of words")
    return message(said.replace("{", "{{").replace("}", "}}"))


_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "text": str,
    "identifier": str,
    "prefix": str,
    "bilingual": dict,
    "flag": bool,
    "count": int,
    "condition": str,
    "number": (int, str),
    "value": (str, int, float, list),
    "values": dict,
    "duration": str,
    "retention": str,
    "who": (str, list),
    "names": (str, list),
    "table": dict,
    "list": list,
    "one of": str,
}


def _text(data: str, inner: str, shapes: tuple[str, ...], path: Path) -> Iterator[Fault]:
    if not data.strip():
        yield Fault(code="wrong_shape", message=message("the text is empty"))
    elif path[-1] in THRESHOLDS and (reason := thresholds.fault(data)):
        yield Fault(
            code="bad_threshold",
            message=message("'{written}': {reason}", written=data, reason=reason),
        )
    elif path[-1] == "key" and len(data) != 1:
        yield Fault(
            code="wrong_shape",
            message=message("a key is one character, not '{written}'", written=data),
        )


def _identifier(data: str, inner: str, shapes: tuple[str, ...], path: Path) -> Iterator[Fault]:
    pattern = parties.NAME if path == ("workflow",) else REFERENCE
    if not pattern.fullmatch(data):
        template = "'{name}' is no name: use lower case letters, digits and _"
        yield Fault(code="bad_name", message=message(template, name=data))


def _prefix(data: str, inner: str, shapes: tuple[str, ...], path: Path) -> Iterator[Fault]:
    if not PREFIX.fullmatch(data):
        template = "'{prefix}' is no prefix: use two to five capital letters"
        yield Fault(code="wrong_shape", message=message(template, prefix=data))


def _bilingual(data: Any, inner: str, shapes: tuple[str, ...], path: Path) -> Iterator[Fault]:
    if reason := bilingual.fault(data):
        yield Fault(code="bad_text", message=reason)


def _flag(data: bool, inner: str, shapes: tuple[str, ...], path: Path) -> Iterator[Fault]:
    return iter(())


def _count(data: int, inner: str, shapes: tuple[str, ...], path: Path) -> Iterator[Fault]:
    if path == ("language",) and data != 1:
        reason = message(
            "this casewright knows version 1 of the language, not {version}", version=data
        )
        yield Fault(code="unknown_language", message=reason)
    elif not 1 <= data <= HIGHEST_COUNT:
        yield Fault(
            code="wrong_shape",
            message=message("write a whole number from 1 to {highest}", highest=HIGHEST_COUNT),
        )


def _condition(
    data: str | bool, inner: str, shapes: tuple[str, ...], path: Path
) -> Iterator[Fault]:
    if isinstance(data, bool):
        return
    if not data.strip():
        yield Fault(code="wrong_shape", message=message("the condition is empty"))
    elif data.startswith("="):
        reason = message("this is an expression already: leave the '=' out")
        yield Fault(code="wrong_shape", message=reason)


def _number(
    data: int | str, inner: str, shapes: tuple[str, ...], path: Path
) -> Iterator[Fault]:
    if isinstance(data, str):
        yield from _condition(data, inner, shapes, path)


def _value(data: Any, inner: str, shapes: tuple[str, ...], path: Path) -> Iterator[Fault]:
    if isinstance(data, list):
        for index, one in enumerate(data):
            if isinstance(one, (dict, list)) or one is None:
                reason = message("a literal list holds texts, numbers or true and false")
                yield Fault(code="wrong_shape", message=reason, at=(index,))


def _duration(data: str, inner: str, shapes: tuple[str, ...], path: Path) -> Iterator[Fault]:
    try:
        durations.parse(data)
    except DurationRefused as refusal:
        reason = message(
            "'{written}' is not a duration: {reason}",
            written=refusal.text,
            reason=refusal.reason,
        )
        yield Fault(code="bad_duration", message=reason)


def _retention(data: str, inner: str, shapes: tuple[str, ...], path: Path) -> Iterator[Fault]:
    found = retention(data)
    if isinstance(found, Message):
        template = "'{written}' is no retention: {reason}"
        reason = message(template, written=data[:80], reason=found)
        yield Fault(code="bad_duration", message=reason)


def _who(data: Any, inner: str, shapes: tuple[str, ...], path: Path) -> Iterator[Fault]:
    kinds: set[PartyKind] = {"relation", "role", "user"}
    kinds |= {"lineage"} if path[-1] in ("exclude", "except") else set()
    kinds |= {"expression"} if "value" in shapes else set()
    also = (parties.NOBODY,) if path[-1] == "assign" else ()
    if data == []:
        yield Fault(
            code=_EMPTY_WHO.get(path[-1], "wrong_shape"),
            message=message("nobody is named here"),
        )
    for index, one in enumerate(data if isinstance(data, list) else [data]):
        reason = parties.fault(one, kinds=frozenset(kinds), also=also)
        if reason is None and path[-1] == "only_for" and not one.startswith("role:"):
            reason = message("only roles may stand here, such as role:team_leader")
        if reason:
            yield Fault(
                code="unknown_party",
                message=reason,
                at=(index,) if isinstance(data, list) else (),
            )


def _names(data: Any, inner: str, shapes: tuple[str, ...], path: Path) -> Iterator[Fault]:
    if data == []:
        yield Fault(code="wrong_shape", message=message("the list is empty"))
    for index, one in enumerate(data if isinstance(data, list) else [data]):
        if not isinstance(one, str) or not REFERENCE.fullmatch(one):
            template = "'{name}' is no name: use lower case letters, digits and _"
            at = (index,) if isinstance(data, list) else ()
            yield Fault(code="bad_name", message=message(template, name=one), at=at)


def _one_of(data: Any, inner: str, shapes: tuple[str, ...], path: Path) -> Iterator[Fault]:
    if data not in CHOICES[inner]:
        template = "'{word}' is not one of {choices}{hint}"
        choices = ", ".join(CHOICES[inner])
        reason = message(
            template, word=data, choices=choices, hint=hint(str(data), CHOICES[inner])
        )
        yield Fault(code="unknown_word", message=reason)


_EMPTY_WHO: Mapping[str | int, str] = {
    "tell": "tells_nobody",
    "voters": "approval_impossible",
    "by": "transition_impossible",
}

ValueFaults = Callable[[Any, str, tuple[str, ...], Path], Iterator[Fault]]

VALUE_FAULTS: Mapping[str, ValueFaults] = {
    "text": _text,
    "identifier": _identifier,
    "prefix": _prefix,
    "bilingual": _bilingual,
    "flag": _flag,
    "count": _count,
    "condition": _condition,
    "number": _number,
    "value": _value,
    "duration": _duration,
    "retention": _retention,
    "who": _who,
    "names": _names,
    "one of": _one_of,
}
