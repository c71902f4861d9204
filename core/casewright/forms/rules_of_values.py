"""What numbers and choices in a form file must be, and what a condition may ask."""

from collections.abc import Iterator
from typing import Any

from casewright.errors import Problem, message
from casewright.forms import vocabulary as words
from casewright.forms.draft import Draft, Part
from casewright.forms.rules import Rule
from casewright.nearest import hint

_COUNTS = {
    "minLength": words.MAX_LENGTH,
    "maxLength": words.MAX_LENGTH,
    "minItems": words.MAX_ITEMS,
}
_AMOUNTS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_RANGES = (
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minimum", "maximum"),
    ("exclusiveMinimum", "exclusiveMaximum"),
)


def numbers(draft: Draft) -> Iterator[Problem]:
    """A limit is a number that every engine reads in the same way."""
    for part in draft.parts():
        for word, value in part.schema.items():
            path = (*part.path, word)
            if word in (*_COUNTS, "maxItems") and not _is_count(value):
                yield draft.problem(
                    "form.number", path, message("a whole number from 0 on is needed")
                )
            elif word in _COUNTS and value > _COUNTS[word]:
                reason = message("'{word}' is at most {limit}", word=word, limit=_COUNTS[word])
                yield draft.problem("form.limit", path, reason)
            elif word in _AMOUNTS and not _is_amount(value):
                reason = message(
                    "a number between -{limit} and {limit} is needed", limit=words.MAX_NUMBER
                )
                yield draft.problem("form.number", path, reason)
            elif word == "multipleOf" and value <= 0:
                yield draft.problem("form.number", path, message("a step is larger than 0"))
            elif word in ("uniqueItems", "x-personal") and not isinstance(value, bool):
                yield draft.problem("form.number", path, message("write true or false"))


def ranges(draft: Draft) -> Iterator[Problem]:
    """A lower limit is not above the upper one, so that something can be entered."""
    for part in draft.parts("field", "items", "constraint"):
        for low, high in _RANGES:
            least, most = part.schema.get(low), part.schema.get(high)
            if _is_amount(least) and _is_amount(most) and least > most:
                reason = message("'{low}' is above '{high}'", low=low, high=high)
                yield draft.problem("form.range", (*part.path, low), reason)


def choices(draft: Draft) -> Iterator[Problem]:
    """The values of an `enum` are different short texts, and not too many."""
    for part in draft.parts():
        values = part.schema.get("enum")
        if not isinstance(values, list):
            continue
        path = (*part.path, "enum")
        if not 1 <= len(values) <= words.MAX_CHOICES:
            reason = message("an enum has 1 to {limit} values", limit=words.MAX_CHOICES)
            yield draft.problem("form.choices", path, reason)
            continue
        seen = set()
        for index, value in enumerate(values):
            if not isinstance(value, str) or not 1 <= len(value) <= words.MAX_CHOICE_LENGTH:
                reason = message(
                    "a choice is a text of 1 to {limit} characters",
                    limit=words.MAX_CHOICE_LENGTH,
                )
                yield draft.problem("form.choices", (*path, index), reason)
            elif value in seen:
                reason = message("the choice '{value}' appears twice", value=value)
                yield draft.problem("form.choices", (*path, index), reason)
            else:
                seen.add(value)


def constants(draft: Draft) -> Iterator[Problem]:
    """A `const`, and each choice in a condition, is a value that the field can have."""
    fields = draft.fields()
    for part in draft.parts("field", "constraint"):
        kind = (
            fields.get(part.name, {})
            if part.role == "constraint"
            else draft.resolved(part.schema)
        )
        fitting = {"string": str, "boolean": bool, "integer": int}.get(str(kind.get("type")))
        if "const" in part.schema and fitting and type(part.schema["const"]) is not fitting:
            reason = message("the value must be of the type {type}", type=kind["type"])
            yield draft.problem("form.const", (*part.path, "const"), reason)
        elif part.role == "constraint" and isinstance(known := kind.get("enum"), list):
            yield from _outside(draft, part, [one for one in known if isinstance(one, str)])


def required(draft: Draft) -> Iterator[Problem]:
    """Only fields of the form are required, and each is named once."""
    fields = draft.fields()
    for part in draft.parts("form", "branch"):
        listed = part.schema.get("required")
        seen: set[str] = set()
        for index, name in enumerate(listed if isinstance(listed, list) else ()):
            path = (*part.path, "required", index)
            if not isinstance(name, str) or name not in fields:
                near = hint(str(name), fields)
                reason = message("unknown field '{field}'{hint}", field=name, hint=near)
                yield draft.problem("form.field", path, reason)
            elif name in seen:
                reason = message("'{field}' is required twice", field=name)
                yield draft.problem("form.field", path, reason)
            else:
                seen.add(name)


def conditions(draft: Draft) -> Iterator[Problem]:
    """A condition asks about fields of the form, and something follows from it."""
    fields = draft.fields()
    for part in draft.parts("constraint"):
        if part.name not in fields:
            near = hint(part.name, fields)
            reason = message("unknown field '{field}'{hint}", field=part.name, hint=near)
            yield draft.key_problem("form.field", part.path, reason)
    for part in draft.parts("form", "choice"):
        has = [word for word in ("if", "then", "else") if word in part.schema]
        if (part.role == "choice" or has) and ("if" not in has or len(has) < 2):
            reason = message("a condition is written if: .., then: .. (or else: ..)")
            yield draft.problem("form.condition", part.path, reason)


def conditions_on_nothing(draft: Draft) -> Iterator[Problem]:
    """Warn where an `if` also holds when its field was left out, which is rarely meant."""
    for part in draft.parts("branch"):
        asked = part.schema.get("properties")
        if part.name != "if" or not isinstance(asked, dict):
            continue
        must = part.schema.get("required")
        for name in asked:
            if name not in (must if isinstance(must, list) else ()):
                template = "this also holds when '{field}' is left out; add required: [{field}]"
                path = (*part.path, "properties", name)
                yield draft.problem(
                    "form.condition", path, message(template, field=name), grave=False
                )


def _outside(draft: Draft, part: Part, known: list[str]) -> Iterator[Problem]:
    listed = part.schema.get("enum")
    asked = [(("const",), part.schema["const"])] if "const" in part.schema else []
    places: list[tuple[tuple[str | int, ...], Any]] = [*asked]
    places += [
        (("enum", at), one) for at, one in enumerate(listed if isinstance(listed, list) else ())
    ]
    for path, value in places:
        if isinstance(value, str) and value not in known:
            reason = message(
                "'{value}' is no choice{hint}", value=value, hint=hint(value, known)
            )
            yield draft.problem("form.const", (*part.path, *path), reason)


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_amount(value: Any) -> bool:
    return type(value) in (int, float) and -words.MAX_NUMBER <= value <= words.MAX_NUMBER


RULES: dict[str, Rule] = {
    "numbers": numbers,
    "ranges": ranges,
    "choices": choices,
    "constants": constants,
    "required": required,
    "conditions": conditions,
    "conditions on nothing": conditions_on_nothing,
}
