"""When a field is needed that is not always needed: the conditions of a form, told in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from casewright.errors import Message, message
from casewright.forms.spec import Form
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """A field is needed where another one holds one of these values, as a browser sends them."""

    when: str
    values: tuple[str, ...]


def needed_when(form: Form, name: str) -> tuple[Needed, ...]:
    """Return when a field is needed, as far as that is said of one other field and its values; the server judges all."""
    return tuple(one for rule in form.schema.get("allOf", ()) for one in _of_rule(rule, name))


def told(form: Form, needs: tuple[Needed, ...], lang: str) -> Message | None:
    """Return in words when a field is needed, or None."""
    said = [_one(form, one, lang) for one in needs if one.when in form.fields]
    return message("Needed if {conditions}.", conditions=said) if said else None


def _of_rule(rule: Mapping[str, Any], name: str) -> Iterator[Needed]:
    asked = rule.get("if", {}).get("properties", {})
    if name not in rule.get("then", {}).get("required", ()) or len(asked) != 1:
        return
    (other, said), *_ = asked.items()
    values = said.get("enum", [said["const"]] if "const" in said else None)
    if values is not None and set(said) <= {"enum", "const", "$comment"}:
        yield Needed(when=other, values=tuple(map(_sent, values)))


def _sent(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _one(form: Form, one: Needed, lang: str) -> Message:
    field = form.fields[one.when]
    title = field.title.of(lang)
    if field.kind == "boolean":
        if one.values == ("yes",):
            return message("“{field}” is ticked", field=title)
        return message("“{field}” is not ticked", field=title)
    labels = [field.label(value, lang) for value in one.values]
    return message("“{field}” is {values}", field=title, values=labels)
