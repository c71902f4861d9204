"""What a form might be filled with when nobody says: the first choice, the first row of a table, the plainest text that it takes."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from casewright.forms.check import FormChecker
from casewright.forms.spec import Field, Form
from casewright.swift_dataclass import dataclass
from casewright.workflows.tables import Table

_LATER = timedelta(days=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """How forms are filled: `day` is today's date, `people` are login names, the first the likeliest.

    `choices` fills whatever can be chosen, `everything` all there is; `yes` is what a switch is tried with first.
    """

    tables: Mapping[str, Table]
    people: tuple[str, ...]
    day: date
    choices: bool = False
    everything: bool = False
    yes: bool = False

    def fill(self, form: Form) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Return values that satisfy the form, and the fields for which none were found."""
        checker = FormChecker(form)
        values: dict[str, Any] = {}
        wanted = [one.name for one in form.fields.values() if self._wants(one)]
        tried: set[str] = set()
        while wanted:
            for name in wanted:
                tried.add(name)
                self._put(checker, form, values, name)
            faulty = [name for name, _ in checker.faults(values) if name in form.fields]
            wanted = [name for name in dict.fromkeys(faulty) if name not in tried]
        left = {name for name, _ in checker.faults(values)}
        return values, tuple(sorted(left))

    def _wants(self, field: Field) -> bool:
        chosen = bool(field.choices or field.lookup)
        return field.required or self.everything or (self.choices and chosen)

    def _put(self, checker: FormChecker, form: Form, values: dict[str, Any], name: str) -> None:
        """Try what the field might be until one fits; what fits nowhere is left out."""
        for candidate in self._candidates(form.fields[name]):
            if all(at != name for at, _ in checker.faults({**values, name: candidate})):
                values[name] = candidate
                return

    def _candidates(self, field: Field) -> Iterator[Any]:
        if field.default is not None:
            yield field.default
        if field.lookup is not None:
            keys: list[Any] = list(self.tables[field.lookup].rows)
        elif field.choices:
            keys = list(field.choices)
        else:
            keys = list(self._plain(field))
        yield from ([one] for one in keys) if field.kind == "texts" else keys

    def _plain(self, field: Field) -> Iterator[Any]:
        if field.kind == "boolean":
            yield from (self.yes, not self.yes)
        elif field.kind in ("integer", "decimal"):
            yield from (1, 0, 10, 100, 1000, -1)
        else:
            if field.format is None and field.widget not in ("phone", "date"):
                yield field.title.en if len(field.title.en) > 1 else field.title.en * 2
            yield (self.day + _LATER).isoformat()
            yield from ("+8613800000000", "someone@example.org", *self.people)
            yield from ("C-10001", "12345", "09:30", "http://example.org/")
            yield f"{(self.day + _LATER).isoformat()}T09:00:00+08:00"
            yield from (field.title.en * 10, "0" * 18)
