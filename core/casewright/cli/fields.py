"""Fields given on the command line: from `--set name=value` and `--fields FILE` to values of the form's kinds."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casewright.cli.grammar import Given
from casewright.errors import FieldRefused, JsonRefused, Place, UsageRefused, message
from casewright.nearest import hint

if TYPE_CHECKING:
    from casewright.forms.spec import Field, Form
    from casewright.workflows.tables import Table

    Tables = Callable[[], Mapping[str, Table]]

_YES = ("true", "yes", "1", "是", "对")
_NO = ("false", "no", "0", "否", "不")


def given_fields(given: Given, form: "Form | None", tables: "Tables") -> dict[str, Any]:
    """Return every field given; `--set` goes over `--fields`. An empty value is None: it empties the field.

    `tables` is asked only when a field picks from one, whose row may be named by its title.
    """
    file = given.text("fields")
    fields = _from_file(file) if file else {}
    for name, texts in _pairs(given.all("set")).items():
        if form is None:
            fields[name] = texts[0] if len(texts) == 1 else texts
        else:
            fields[name] = _value(_field(name, form), texts, tables)
    return fields


def has_fields(given: Given) -> bool:
    """Return whether any field was given."""
    return bool(given.all("set") or given.text("fields"))


def _pairs(written: Sequence[str]) -> Mapping[str, list[str]]:
    pairs: dict[str, list[str]] = {}
    for one in written:
        name, equals, value = one.partition("=")
        if not equals or not name.strip():
            raise UsageRefused(reason=message("'{written}' is not NAME=VALUE", written=one))
        pairs.setdefault(name.strip(), []).append(value)
    return pairs


def _from_file(file: str) -> dict[str, Any]:
    from casewright import strict_json

    source = sys.stdin.buffer.read(strict_json.MAX_BYTES + 1) if file == "-" else None
    name = "-" if source is not None else file
    data = (
        strict_json.loads(source, file=name)
        if source is not None
        else strict_json.load_file(Path(file)).data
    )
    if not isinstance(data, dict):
        raise JsonRefused(
            place=Place(name, 1, 1),
            reason=message('fields are written as one object: {{"name": value}}'),
        )
    return data


def _field(name: str, form: "Form") -> "Field":
    if name not in form.fields:
        raise FieldRefused(
            field=name,
            reason=message(
                "the form '{form}' has no such field{hint}",
                form=form.name,
                hint=hint(name, form.fields),
            ),
        )
    return form.fields[name]


def _value(field: "Field", texts: list[str], tables: "Tables") -> Any:
    if field.kind == "texts":
        return [_choice(field, one, tables) for one in texts if one] or None
    if len(texts) > 1:
        raise FieldRefused(
            field=field.name,
            reason=message("it takes one value, and {count} are given", count=len(texts)),
        )
    written = texts[0]
    if not written:
        return None
    if field.kind == "boolean":
        return _boolean(field, written)
    if field.kind in ("integer", "decimal"):
        return _number(field, written)
    return _choice(field, written, tables)


def _boolean(field: "Field", written: str) -> bool:
    folded = written.strip().casefold()
    if folded in _YES or folded in _NO:
        return folded in _YES
    raise FieldRefused(
        field=field.name,
        reason=message("'{written}' is neither true nor false", written=written),
    )


def _number(field: "Field", written: str) -> int | float:
    for kind in (int, float) if field.kind == "decimal" else (int,):
        try:
            number = kind(written.strip())
        except ValueError:
            continue
        if number == number and abs(number) != float("inf"):
            return number
    wanted = message("a number") if field.kind == "decimal" else message("a whole number")
    raise FieldRefused(
        field=field.name,
        reason=message("'{written}' is not {wanted}", written=written, wanted=wanted),
    )


def _choice(field: "Field", written: str, tables: "Tables") -> str:
    """Return the value that was written, or whose label in either language was."""
    if written in field.choices:
        return written
    labels = field.labels
    if field.lookup is not None:
        table = tables().get(field.lookup)
        if table is None or written in table.rows:
            return written
        labels = table.labels
    for value, label in labels.items():
        if written in (label.en, label.zh):
            return value
    return written
