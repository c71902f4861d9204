"""What was entered on a page: from the texts that a browser sends to values of the form's kinds, and what is wrong with them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from casewright.errors import Message, message
from casewright.forms.check import FormChecker
from casewright.forms.spec import Field, Form
from casewright.patterns import pattern

Texts = Mapping[str, Sequence[str]]
"""What a browser sent: the texts under each name."""
Faults = tuple[tuple[str, Message], ...]

_WHOLE = pattern(r"[+-]?[0-9]{1,20}")
_DECIMAL = pattern(r"[+-]?[0-9]{1,20}([.][0-9]{1,20})?")
_LOCAL = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")


def values_of(
    form: Form, fields: Iterable[str], sent: Texts, zone: tzinfo
) -> tuple[dict[str, Any], Faults]:
    """Return the values of the fields that were filled in, and what cannot be a value at all."""
    values, faults = {}, []
    for name in fields:
        field = form.fields[name]
        texts = [_tidy(one, field) for one in sent.get(name, ())]
        try:
            value = _value(field, [one for one in texts if one], zone)
        except ValueError:
            faults.append((name, _WANTED[field.kind]))
            continue
        if value is not None:
            values[name] = value
    return values, tuple(faults)


def faults_of(
    form: Form, fields: Sequence[str], values: Mapping[str, Any], always: Mapping[str, Any]
) -> Faults:
    """Return what the form has against the values, for the fields that are asked; what nobody was asked is the desk's."""
    found = FormChecker(form).faults({**always, **values})
    return tuple(
        (name, _kindly(form, name, values, reason)) for name, reason in found if name in fields
    )


def unknown_keys(
    form: Form, values: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]
) -> Faults:
    """Return which values are no key of the table that they are picked from."""
    faults = []
    for name, value in values.items():
        lookup = form.fields[name].lookup
        picked = value if isinstance(value, list) else [value]
        if lookup is not None and any(one not in tables.get(lookup, {}) for one in picked):
            faults.append((name, _CHOOSE))
    return tuple(faults)


def _kindly(form: Form, name: str, values: Mapping[str, Any], reason: Message) -> Message:
    """Say what to do rather than what is wrong, where nothing was entered or a choice is not one."""
    if name not in values:
        return _CHOOSE if _chosen(form.fields[name]) else message("fill this in")
    return reason


def _chosen(field: Field) -> bool:
    return bool(field.choices or field.lookup)


_CHOOSE = message("choose one of the answers")
_WANTED: Mapping[str, Message] = {
    "integer": message("enter a whole number, such as 12"),
    "decimal": message("enter a number, such as 12.50"),
    "boolean": message("tick the box or leave it empty"),
    "text": message("enter a day and a time, such as 2026-03-02 09:30"),
    "texts": _CHOOSE,
}


def _tidy(text: str, field: Field) -> str:
    """Line ends are one character; blanks around what is no long text are nobody's intention."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip()


def _value(field: Field, texts: list[str], zone: tzinfo) -> Any:
    if field.kind == "boolean":
        return True if texts else (False if field.required else None)
    if field.kind == "texts":
        several = (
            texts
            if _chosen(field)
            else [line.strip() for one in texts for line in one.split("\n")]
        )
        return [one for one in several if one] or None
    if not texts:
        return None
    return _READERS.get(field.kind, _text)(texts[0], field, zone)


def _text(text: str, field: Field, zone: tzinfo) -> str:
    if field.format == "date-time":
        return _moment(text, zone)
    return text


def _moment(text: str, zone: tzinfo) -> str:
    """Return a day and a time of the site with its offset; what names one already stays as it is."""
    written = text.replace(" ", "T", 1)
    if not _LOCAL.fullmatch(written):
        datetime.fromisoformat(text)
        return text
    return datetime.fromisoformat(written).replace(tzinfo=zone).isoformat(timespec="seconds")


def _integer(text: str, field: Field, zone: tzinfo) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _number(text: str, field: Field, zone: tzinfo) -> int | float:
    if _WHOLE.fullmatch(text):
        return int(text)
    if not _DECIMAL.fullmatch(text):
        raise ValueError(text)
    return float(text)


_READERS = {"integer": _integer, "decimal": _number}
