"""Forms that are built here rather than read from a file: what an errand asks, as fields with titles in both languages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from casewright.answers import Myself
from casewright.bilingual import Bilingual
from casewright.forms.spec import Field, Form, Kind

LONGEST = 4000
_TYPES: Mapping[Kind, str] = {
    "text": "string",
    "integer": "integer",
    "decimal": "number",
    "boolean": "boolean",
    "texts": "array",
}
_REASON = Bilingual(en="Reason", zh="理由")
Format = Literal["date", "date-time"]


def asked(
    name: str,
    en: str,
    zh: str,
    *,
    kind: Kind = "text",
    required: bool = False,
    widget: str | None = None,
    format: Format | None = None,
    choices: Mapping[str, Bilingual] | None = None,
    lookup: str | None = None,
    default: Any = None,
    help: Bilingual | None = None,
) -> Field:
    """Return a field; `choices` are labels by value."""
    return Field(
        name=name, title=Bilingual(en=en, zh=zh), kind=kind, required=required, widget=widget, format=format,
        choices=tuple(choices or ()), labels=choices or {}, lookup=lookup, default=default, help=help,
    )  # fmt: skip


def long_text(name: str, en: str, zh: str, *, required: bool = True) -> Field:
    """Return a field for a text of several lines."""
    return asked(name, en, zh, required=required, widget="long")


def reason(name: str = "reason", *, required: bool = True) -> Field:
    """Return a field that asks for a reason."""
    return asked(name, _REASON.en, _REASON.zh, required=required)


def form_of(name: str, title: Bilingual, *fields: Field) -> Form:
    """Return a form of these fields; nothing else can be filled in."""
    return Form(
        name=name,
        title=title,
        fields={one.name: one for one in fields},
        schema={
            "type": "object",
            "properties": {one.name: _schema(one) for one in fields},
            "required": [one.name for one in fields if one.required],
            "additionalProperties": False,
        },
    )


def with_fields(form: Form, *fields: Field, required: Sequence[str] = ()) -> Form:
    """Return a form that asks these as well, and in which also `required` must be filled in."""
    more = {one.name: one for one in fields}
    needed = dict.fromkeys(
        (
            *form.schema.get("required", ()),
            *required,
            *(one.name for one in fields if one.required),
        )
    )
    return replace(
        form,
        fields={
            name: replace(one, required=name in needed)
            for name, one in {**form.fields, **more}.items()
        },
        schema={
            **form.schema,
            "properties": {
                **form.schema.get("properties", {}),
                **{one.name: _schema(one) for one in fields},
            },
            "required": list(needed),
        },
    )


def without_required(form: Form, names: Collection[str]) -> Form:
    """Return a form in which these fields may be left empty."""
    needed = [one for one in form.schema.get("required", ()) if one not in names]
    fields = {name: replace(one, required=name in needed) for name, one in form.fields.items()}
    rules = [
        {
            word: {**part, "required": [one for one in part["required"] if one not in names]}
            if "required" in part and word != "if"
            else part
            for word, part in rule.items()
        }
        for rule in form.schema.get("allOf", ())
    ]
    schema = {**form.schema, "required": needed, **({"allOf": rules} if rules else {})}
    return replace(form, fields=fields, schema=schema)


def all_required(fields: Sequence[Field]) -> list[Field]:
    """Return fields that all must be filled in."""
    return [replace(one, required=True) for one in fields]


def may(myself: Myself, permission: str) -> bool:
    """Return whether somebody holds a permission in any scope."""
    return bool(myself.permissions.get(permission))


def _schema(field: Field) -> dict[str, Any]:
    made: dict[str, Any] = {"type": _TYPES[field.kind]}
    if field.kind == "text":
        made |= {"minLength": 1, "maxLength": LONGEST if field.widget == "long" else 200}
    if field.format:
        made["format"] = field.format
    if field.kind == "texts":
        made["items"] = {"type": "string"}
    return made
