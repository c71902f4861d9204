"""How a field is asked: in which way somebody answers it, and between what they choose."""

from collections.abc import Mapping, Sequence
from typing import Literal

from casewright.bilingual import Bilingual
from casewright.forms.spec import Field
from casewright.swift_dataclass import dataclass
from casewright.workflows.tables import Table

Way = Literal["line", "long", "list", "number", "day", "moment", "tick", "one", "several"]
"""`line`, `long`, `list`, `number`, `day` and `moment` are typed; `tick` is a box; of choices `one` or `several` are taken."""
YES, NO = "yes", "no"
_WAYS: Mapping[str, Way] = {
    "integer": "number",
    "decimal": "number",
    "texts": "list",
    "boolean": "tick",
}
_FORMATS: Mapping[str, Way] = {"date": "day", "date-time": "moment"}
_LINE = 200
"""A text that may be longer than this is written on several lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something that can be chosen; `within` is what it belongs to, outermost first, `aside` what stands beside it."""

    value: str
    label: Bilingual
    within: tuple[Bilingual, ...] = ()
    aside: Bilingual | None = None

    def said(self, lang: str) -> str:
        """Return what it is called, and within what."""
        return " / ".join(one.of(lang) for one in (*self.within, self.label))


Choices = Sequence[Choice]


def way(field: Field, longest: int | None = None) -> Way:
    """Return how a field is asked; `longest` is how many characters it takes at most, where that is said."""
    if field.choices or field.lookup:
        return "several" if field.kind == "texts" else "one"
    if field.kind == "boolean" and field.required:
        return "one"
    if field.kind != "text":
        return _WAYS[field.kind]
    if field.widget == "long":
        return "long"
    if field.format or field.widget:
        return _FORMATS.get(field.format or field.widget or "", "line")
    return "long" if (longest or 0) > _LINE else "line"


def choices(field: Field, tables: Mapping[str, Table]) -> Choices:
    """Return between what one chooses: the rows of the field's table, its own choices, or yes and no."""
    if field.lookup:
        table = tables.get(field.lookup)
        return () if table is None else [_row(table, key) for key in _in_order(table)]
    if field.kind == "boolean":
        return _YES_OR_NO
    blank: Mapping[str, Bilingual] = field.labels
    return [
        Choice(value=one, label=blank.get(one, Bilingual(en=one, zh=one)))
        for one in field.choices
    ]


_YES_OR_NO = (
    Choice(value=YES, label=Bilingual(en="Yes", zh="是")),
    Choice(value=NO, label=Bilingual(en="No", zh="否")),
)


def _row(table: Table, key: str) -> Choice:
    return Choice(value=key, label=table.labels[key], within=tuple(_above(table, key)))


def _above(table: Table, key: str) -> list[Bilingual]:
    found: list[Bilingual] = []
    seen = {key}
    while (key := table.parents.get(key, "")) and key not in seen:
        seen.add(key)
        if key in table.labels:
            found.insert(0, table.labels[key])
    return found


def _in_order(table: Table) -> list[str]:
    """Return the keys so that what belongs to a row stands right behind it."""
    below: dict[str, list[str]] = {}
    for key in table.rows:
        below.setdefault(table.parents.get(key, ""), []).append(key)
    found: list[str] = []
    waiting = below.get("", [])[::-1]
    while waiting:
        key = waiting.pop()
        found.append(key)
        waiting.extend(below.get(key, [])[::-1])
    return found if len(found) == len(table.rows) else list(table.rows)
