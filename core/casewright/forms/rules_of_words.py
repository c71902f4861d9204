"""What our own words in a form file must say: titles, labels, help, lookups and widgets."""

from collections.abc import Iterator

from casewright import bilingual
from casewright.errors import Problem, message
from casewright.forms import vocabulary as words
from casewright.forms.draft import Draft
from casewright.forms.rules import Rule
from casewright.nearest import hint
from casewright.patterns import pattern

_TABLE = pattern(r"[a-z][a-z0-9_]{0,62}")


def titles(draft: Draft) -> Iterator[Problem]:
    """The form and each of its fields have a title that people see."""
    fields = draft.fields()
    for part in draft.parts("form", "field"):
        schema = fields.get(part.name, {}) if part.role == "field" else part.schema
        if not part.defines and "x-title" not in schema:
            reason = message("x-title is missing: write x-title: {{en: .., zh: ..}}")
            yield draft.key_problem("form.title", part.path, reason)


def texts(draft: Draft) -> Iterator[Problem]:
    """What people see is written in both languages."""
    for part in draft.parts("form", "field"):
        for word in ("x-title", "x-help"):
            reason = bilingual.fault(part.schema[word]) if word in part.schema else None
            if reason:
                yield draft.problem("form.text", (*part.path, word), reason)


def labels(draft: Draft) -> Iterator[Problem]:
    """Each choice has a label in both languages, and no label is without its choice."""
    for part in draft.parts("field", "items"):
        known, given = part.schema.get("enum", []), part.schema.get("x-labels", {})
        if not isinstance(known, list) or not isinstance(given, dict):
            continue
        for at, value in enumerate(known):
            if isinstance(value, str) and value not in given:
                reason = message("the choice '{value}' has no label in x-labels", value=value)
                yield draft.problem("form.labels", (*part.path, "enum", at), reason)
        for value, text in given.items():
            path = (*part.path, "x-labels", value)
            if value not in known:
                near = hint(value, [one for one in known if isinstance(one, str)])
                reason = message("there is no choice '{value}'{hint}", value=value, hint=near)
                yield draft.key_problem("form.labels", path, reason)
            elif fault := bilingual.fault(text):
                yield draft.problem("form.labels", path, fault)


def lookups(draft: Draft) -> Iterator[Problem]:
    """A lookup names a table of the workspace, and stands where a text is chosen from it."""
    for part in draft.parts("field", "items"):
        if "x-lookup" not in part.schema:
            continue
        table, path = part.schema["x-lookup"], (*part.path, "x-lookup")
        if not isinstance(table, str) or not _TABLE.fullmatch(table):
            reason = message("a table's name is small letters, digits and _")
            yield draft.problem("form.lookup", path, reason)
        schema = draft.resolved(part.schema)
        if schema.get("type") != "string" or "enum" in schema:
            reason = message("x-lookup is for a text whose choices are not listed in an enum")
            yield draft.key_problem("form.lookup", path, reason)


def widgets(draft: Draft) -> Iterator[Problem]:
    """A widget is one that exists and can show the field's type."""
    for part in draft.parts("field"):
        if "x-widget" not in part.schema:
            continue
        widget, path = part.schema["x-widget"], (*part.path, "x-widget")
        kind = draft.resolved(part.schema).get("type")
        if not isinstance(widget, str) or widget not in words.WIDGETS:
            near = hint(str(widget), words.WIDGETS)
            reason = message("unknown widget '{widget}'{hint}", widget=widget, hint=near)
            yield draft.problem("form.widget", path, reason)
        elif isinstance(kind, str) and kind not in words.WIDGETS[widget]:
            reason = message(
                "the widget '{widget}' cannot show the type {type}", widget=widget, type=kind
            )
            yield draft.problem("form.widget", path, reason)


RULES: dict[str, Rule] = {
    "titles": titles,
    "texts": texts,
    "labels": labels,
    "lookups": lookups,
    "widgets": widgets,
}
