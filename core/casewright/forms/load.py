"""From a form file to a `Form`, or to everything that is wrong with it at once."""

from collections.abc import Callable
from pathlib import Path as FilePath
from typing import Any

from casewright.bilingual import Bilingual, from_data
from casewright.document import Document, Path
from casewright.errors import (
    FileUnreadable,
    JsonRefused,
    Message,
    Place,
    Problem,
    YamlRefused,
    message,
)
from casewright.forms import rules, rules_of_values, rules_of_words
from casewright.forms.draft import Draft
from casewright.forms.spec import Field, Form, Kind
from casewright.forms.vocabulary import DIALECT

DEFENCES: dict[str, rules.Rule] = {
    **rules.RULES,
    **rules_of_values.RULES,
    **rules_of_words.RULES,
}
"""Every rule by its name; a form is taken when none of them finds a grave problem."""

EXTENSIONS = (".yaml", ".json")


def load_form(path: FilePath, *, file: str | None = None) -> tuple[Form | None, list[Problem]]:
    """Return the form of a `.yaml` or `.json` file, named as the file, and all problems."""
    from casewright import strict_json, strict_yaml  # a form that was published is in neither

    shown = file or str(path)
    try:
        if path.suffix not in EXTENSIONS:
            raise FileUnreadable(
                file=shown, reason=message("a form file ends in .yaml or .json")
            )
        reader = strict_json.load_file if path.suffix == ".json" else strict_yaml.load_file
        document = reader(path, file=shown)
    except FileUnreadable as error:
        return None, [_file_problem(error.reason, Place(shown))]
    except (YamlRefused, JsonRefused) as error:
        return None, [_file_problem(error.reason, error.place)]
    return read_form(document, name=path.stem)


def read_form(
    source: Document | object,
    *,
    name: str,
    place_of: Callable[[Path], Place] | None = None,
) -> tuple[Form | None, list[Problem]]:
    """Return the form that a document or plain data describes, and all problems by place.

    The form is None when a problem is grave. `place_of` gives places to plain data; a document
    knows its own.
    """
    draft = _draft(source, name, place_of)
    problems = [problem for rule in DEFENCES.values() for problem in rule(draft)]
    form = None
    if not any(problem.grave for problem in problems):
        form = form_from_data(name, draft.data)
        problems += _wrong_defaults(form, draft)
        form = None if any(problem.grave for problem in problems) else form
    return form, sorted(problems, key=lambda problem: problem.place)


def form_from_data(name: str, data: dict[str, Any]) -> Form:
    """Return the form of data checked before, as it stood in a file or in `Form.schema`."""
    draft = _draft(data, name, None)
    schemas = draft.fields()
    needed = data.get("required", [])
    return Form(
        name=name,
        title=from_data(data["x-title"]),
        help=_optional_text(data.get("x-help")),
        schema=_normalised(data, schemas),
        fields={one: _field(one, schema, one in needed) for one, schema in schemas.items()},
    )


_KINDS: dict[str, Kind] = {
    "string": "text",
    "integer": "integer",
    "number": "decimal",
    "boolean": "boolean",
    "array": "texts",
}


def _draft(source: object, name: str, place_of: Callable[[Path], Place] | None) -> Draft:
    if isinstance(source, Document):
        return Draft(
            name=name, data=source.data, place_of=source.place, key_place_of=source.key_place
        )
    known = place_of or (lambda path: Place(name))
    return Draft(name=name, data=source, place_of=known, key_place_of=known)


def _normalised(data: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    conditions = [{word: data[word] for word in ("if", "then", "else") if word in data}]
    conditions = [one for one in conditions if one] + list(data.get("allOf", []))
    kept: dict[str, Any] = {
        word: data[word]
        for word in ("title", "description", "x-title", "x-help")
        if word in data
    }
    return {
        "$schema": DIALECT,
        **kept,
        "type": "object",
        "additionalProperties": False,
        "properties": schemas,
        "required": list(data.get("required", [])),
        **({"allOf": conditions} if conditions else {}),
    }


def _field(name: str, schema: dict[str, Any], required: bool) -> Field:
    chosen = schema["items"] if schema["type"] == "array" else schema
    return Field(
        name=name,
        title=from_data(schema["x-title"]),
        kind=_KINDS[schema["type"]],
        required=required,
        choices=tuple(chosen.get("enum", ())),
        labels={value: from_data(text) for value, text in chosen.get("x-labels", {}).items()},
        lookup=chosen.get("x-lookup"),
        personal=schema.get("x-personal", False),
        help=_optional_text(schema.get("x-help")),
        widget=schema.get("x-widget"),
        format=chosen.get("format"),
        default=schema.get("default"),
    )


def _optional_text(data: Any) -> Bilingual | None:
    return None if data is None else from_data(data)


def _wrong_defaults(form: Form, draft: Draft) -> list[Problem]:
    schemas = draft.fields().items()
    defaults = {name: schema["default"] for name, schema in schemas if "default" in schema}
    if not defaults:
        return []
    from casewright.forms.check import FormChecker

    checker = FormChecker(form)
    return [
        draft.problem("form.default", ("properties", name, "default"), fault)
        for name, value in defaults.items()
        for field, fault in checker.faults({name: value})
        if field == name
    ]


def _file_problem(reason: Message, place: Place) -> Problem:
    return Problem(code="form.file", message=reason, place=place)
