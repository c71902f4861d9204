"""A form as it reads: its fields, what each may be, and where its values are picked from."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from casewright.cli.answer import Heading
from casewright.cli.output import table
from casewright.texts import Texts, text

if TYPE_CHECKING:
    from casewright.forms.spec import Field, Form

KINDS = {
    "text": text("text"),
    "integer": text("whole number"),
    "decimal": text("number"),
    "boolean": text("yes or no"),
    "texts": text("list of texts"),
}


def form_document(form: "Form") -> dict[str, Any]:
    """Return a form as JSON has it, its titles in both languages."""
    return {
        "name": form.name,
        "title": {"en": form.title.en, "zh": form.title.zh},
        "fields": [
            {**field_document(field), "required": field.required, "format": field.format}
            for field in form.fields.values()
        ],
    }


def field_document(field: "Field") -> dict[str, Any]:
    """Return a field with what may be chosen; `table` is the table that it is picked from, or null."""
    labels = {value: field.labels.get(value) for value in field.choices}
    return {
        "name": field.name,
        "title": {"en": field.title.en, "zh": field.title.zh},
        "kind": field.kind,
        "choices": [
            {
                "value": value,
                "en": label.en if label else value,
                "zh": label.zh if label else value,
            }
            for value, label in labels.items()
        ],
        "table": field.lookup,
    }


def form_lines(form: "Form", texts: Texts) -> Iterator[str]:
    """Yield the form as a table, a field a line."""
    yield Heading(texts.say("{name}: {title}", name=form.name, title=form.title))
    titles = (text("field"), text("title"), text("type"), text("required"), text("one of"))
    rows = [
        (
            field.name,
            field.title.of(texts.lang),
            texts.text(KINDS[field.kind]),
            texts.text("yes") if field.required else "",
            _values(field, texts),
        )
        for field in form.fields.values()
    ]
    yield from table([texts.text(one) for one in titles], rows)


def _values(field: "Field", texts: Texts) -> str:
    if field.lookup:
        return texts.say("the table '{name}'", name=field.lookup)
    return texts.listing(field.choices)
