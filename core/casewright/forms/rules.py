"""What keeps a form file from being hostile or mistaken: one small function for each rule."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from casewright.errors import Problem, message
from casewright.forms import vocabulary as words
from casewright.forms.draft import Draft, Part, referred
from casewright.forms.values import compiled
from casewright.nearest import hint
from casewright.patterns import pattern

_NAME = pattern(r"[a-z][a-z0-9_]{0,62}")
_CONTAINERS: dict[str, type] = {
    "properties": dict, "$defs": dict, "required": list, "allOf": list, "enum": list,
    "x-labels": dict, "items": dict,
}  # fmt: skip


def shapes(draft: Draft) -> Iterator[Problem]:
    """Each part is a mapping, and each of its words has the kind of value it needs."""
    for part in draft.all_parts():
        if not isinstance(part.schema, dict):
            yield draft.problem("form.shape", part.path, message("a mapping is needed here"))
            continue
        for word, kind in _CONTAINERS.items():
            if word in part.schema and not isinstance(part.schema[word], kind):
                needed = message("a mapping") if kind is dict else message("a list")
                reason = message("'{word}' must be {needed}", word=word, needed=needed)
                yield draft.problem("form.shape", (*part.path, word), reason)


def keywords(draft: Draft) -> Iterator[Problem]:
    """Only words that casewright checks: an unknown one would promise what nobody keeps."""
    for part in draft.parts():
        allowed = words.KEYWORDS[part.role]
        for word in part.schema:
            if word not in allowed:
                reason = message(
                    "'{word}' is not used here{hint}", word=word, hint=hint(word, allowed)
                )
                yield draft.key_problem("form.keyword", (*part.path, word), reason)


def dialect(draft: Draft) -> Iterator[Problem]:
    """The form speaks JSON Schema 2020-12, whether it says so or not."""
    for part in draft.parts("form"):
        if part.schema.get("$schema", words.DIALECT) != words.DIALECT:
            reason = message("'$schema' can only be {dialect}", dialect=words.DIALECT)
            yield draft.problem("form.dialect", ("$schema",), reason)


def closed(draft: Draft) -> Iterator[Problem]:
    """A form is an object that has fields and takes no others."""
    for part in draft.parts("form"):
        if part.schema.get("type", "object") != "object":
            yield draft.problem("form.type", ("type",), message("a form has the type object"))
        if part.schema.get("additionalProperties", False) is not False:
            reason = message(
                "a form takes the fields it names and no others: write false or nothing"
            )
            yield draft.problem("form.closed", ("additionalProperties",), reason)
        if not part.schema.get("properties"):
            yield draft.problem(
                "form.empty", (), message("the form has no fields (properties)")
            )


def names(draft: Draft) -> Iterator[Problem]:
    """A field's name can be written in a condition and be a column."""
    for part in draft.parts("field"):
        if not _NAME.fullmatch(part.name) or part.name in words.RESERVED_NAMES:
            reason = message(
                "'{name}' cannot name a field: use a-z, 0-9 and _, and no reserved word",
                name=part.name,
            )
            yield draft.key_problem("form.name", part.path, reason)


def types(draft: Draft) -> Iterator[Problem]:
    """Each field has one type out of five, and a list is one of texts."""
    for part in draft.parts("field", "items"):
        kind = part.schema.get("type")
        if "$ref" in part.schema:
            continue
        if not isinstance(kind, str) or kind not in words.TYPES:
            near = hint(kind, words.TYPES) if isinstance(kind, str) else message("")
            reason = message(
                "the type must be one of {types}{hint}", types=", ".join(words.TYPES), hint=near
            )
            yield draft.problem("form.type", (*part.path, "type"), reason)
        elif part.role == "items" and kind != "string":
            yield draft.problem(
                "form.type", (*part.path, "type"), message("a list holds texts only")
            )
        if kind == "array" and "items" not in part.schema:
            yield draft.problem(
                "form.type", part.path, message("say what the list holds: items")
            )
        if kind != "array" and "items" in part.schema:
            reason = message("'items' is for the type array only")
            yield draft.key_problem("form.keyword", (*part.path, "items"), reason)


def constraint_types(draft: Draft) -> Iterator[Problem]:
    """A constraint stands only where it says something about values of that type."""
    fields = draft.fields()
    for part in draft.parts("field", "items", "constraint"):
        schema = (
            fields.get(part.name, {})
            if part.role == "constraint"
            else draft.resolved(part.schema)
        )
        kind = schema.get("type")
        for word in part.schema:
            if isinstance(kind, str) and kind not in words.CONSTRAINTS.get(word, (kind,)):
                reason = message(
                    "'{word}' says nothing about the type {type}", word=word, type=kind
                )
                yield draft.key_problem("form.keyword", (*part.path, word), reason)


def references(draft: Draft) -> Iterator[Problem]:
    """A `$ref` names a definition of the same file, and nothing is fetched from anywhere."""
    known = _definitions(draft)
    for part in draft.parts():
        if "$ref" not in part.schema:
            continue
        target, path = part.schema["$ref"], (*part.path, "$ref")
        name = referred(target)
        if name is None:
            reason = message("only definitions of this file can be referred to: #/$defs/name")
            yield draft.problem("form.reference", path, reason)
        elif name not in known:
            reason = message(
                "unknown definition '{name}'{hint}", name=name, hint=hint(name, known)
            )
            yield draft.problem("form.reference", path, reason)
        beside = [word for word in part.schema if word in (*words.CONSTRAINTS, "type", "items")]
        if beside:
            reason = message(
                "'{word}' cannot stand beside $ref: change the definition", word=beside[0]
            )
            yield draft.key_problem("form.reference", (*part.path, beside[0]), reason)


def cycles(draft: Draft) -> Iterator[Problem]:
    """A chain of definitions comes to an end."""
    known = _definitions(draft)
    for start in known:
        seen: list[str] = []
        waiting = [start]
        while waiting:
            name = waiting.pop()
            if name == start and seen:
                reason = message("the definition '{name}' refers to itself", name=start)
                yield draft.key_problem("form.cycle", ("$defs", start), reason)
                break
            if name not in seen and name in known:
                seen.append(name)
                waiting.extend(_targets(known[name]))


def patterns(draft: Draft) -> Iterator[Problem]:
    """A pattern is short, and RE2 can search it in linear time."""
    import re2  # Not before a form is loaded.

    for part, wanted in _uses(draft, "pattern"):
        path = (*part.path, "pattern")
        if not isinstance(wanted, str) or len(wanted) > words.MAX_PATTERN:
            reason = message(
                "a pattern is a text of at most {limit} characters", limit=words.MAX_PATTERN
            )
            yield draft.problem("form.pattern", path, reason)
            continue
        try:
            compiled(wanted)
        except re2.error as error:
            shown = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
            reason = message(
                "the pattern is not one that RE2 can search ({problem})", problem=shown
            )
            yield draft.problem("form.pattern", path, reason)


def formats(draft: Draft) -> Iterator[Problem]:
    """A format is one that is really checked."""
    for part, name in _uses(draft, "format"):
        if not isinstance(name, str) or name not in words.FORMATS:
            near = hint(str(name), words.FORMATS)
            template = "unknown format '{name}'{hint} (known: {known})"
            reason = message(template, name=name, hint=near, known=", ".join(words.FORMATS))
            yield draft.problem("form.format", (*part.path, "format"), reason)


def list_lengths(draft: Draft) -> Iterator[Problem]:
    """A list whose entries are compared with each other has an end."""
    for part in draft.parts("field"):
        longest = part.schema.get("maxItems")
        if part.schema.get("uniqueItems") and longest is None:
            reason = message(
                "'uniqueItems' needs maxItems (at most {limit})", limit=words.MAX_ITEMS
            )
            yield draft.problem("form.limit", (*part.path, "uniqueItems"), reason)
    for part, longest in _uses(draft, "maxItems"):
        if _is_number(longest) and longest > words.MAX_ITEMS:
            reason = message("a list has at most {limit} entries", limit=words.MAX_ITEMS)
            yield draft.problem("form.limit", (*part.path, "maxItems"), reason)


def counts(draft: Draft) -> Iterator[Problem]:
    """A form that nobody could fill in is a mistake or an attack."""
    limits = {
        "properties": words.MAX_FIELDS,
        "$defs": words.MAX_DEFINITIONS,
        "allOf": words.MAX_CONDITIONS,
    }
    for part in draft.parts("form"):
        for word, limit in limits.items():
            inner = part.schema.get(word)
            if isinstance(inner, (dict, list)) and len(inner) > limit:
                reason = message(
                    "'{word}' has more than {limit} entries", word=word, limit=limit
                )
                yield draft.problem("form.limit", (word,), reason)


def _definitions(draft: Draft) -> Mapping[str, Any]:
    inner = draft.data.get("$defs") if isinstance(draft.data, dict) else None
    return inner if isinstance(inner, dict) else {}


def _targets(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for one in (schema, schema.get("items")):
            name = referred(one.get("$ref")) if isinstance(one, dict) else None
            if name is not None:
                yield name


def _uses(draft: Draft, word: str) -> Iterator[tuple[Part, Any]]:
    return ((part, part.schema[word]) for part in draft.parts() if word in part.schema)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


Rule = Callable[[Draft], Iterator[Problem]]

RULES: dict[str, Rule] = {
    "shapes": shapes,
    "keywords": keywords,
    "dialect": dialect,
    "closed": closed,
    "names": names,
    "types": types,
    "constraint types": constraint_types,
    "references": references,
    "cycles": cycles,
    "patterns": patterns,
    "formats": formats,
    "list lengths": list_lengths,
    "counts": counts,
}
