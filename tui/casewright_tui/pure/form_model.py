"""A form while it is filled in, without a screen: which fields are asked for, what they mean, and what is wrong with them.

The verdict is that of `casewright.forms.check`, as the desk gives it. A field that only some answers call for is folded
away until they do, and then is not submitted; nothing that was typed into it is lost.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from casewright.errors import Message, message
from casewright.forms.check import FormChecker
from casewright.forms.spec import Field, Form
from casewright.swift_dataclass import dataclass
from casewright.workflows.tables import Table
from casewright_tui.pure.entries import Entry, NotUnderstood, Now, entry_of, value_of
from casewright_tui.pure.field_kind import Choices, Way, choices, way

NO_TABLES: Mapping[str, Table] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which fields are asked for now, in the form's order, and which of those must be filled in."""

    fields: tuple[str, ...]
    required: frozenset[str]
    folded: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a form comes to as it is filled in: the values that would be submitted, what is wrong, what is asked for."""

    values: Mapping[str, Any]
    faults: Mapping[str, Message]
    asked: Asked

    @property
    def first_fault(self) -> str | None:
        """The first field with a fault, in the form's order."""
        order = (name for name in self.asked.fields if name in self.faults)
        return next(order, next(iter(self.faults), None))


class FormModel:
    """Judges entries against a form; kept as long as the form is shown, its engines are built once.

    `ahead` names the fields for a moment that must be still to come.
    """

    def __init__(
        self,
        form: Form,
        *,
        tables: Mapping[str, Table] = NO_TABLES,
        ahead: Collection[str] = (),
    ) -> None:
        self.form = form
        self._tables, self._ahead = tables, ahead
        properties = form.schema.get("properties", {})
        self.ways: Mapping[str, Way] = {
            name: way(field, properties.get(name, {}).get("maxLength"))
            for name, field in form.fields.items()
        }
        self._checker = FormChecker(form)

    def field(self, name: str) -> Field:
        """Return a field of the form."""
        return self.form.fields[name]

    def choices(self, name: str) -> Choices:
        """Return between what one chooses in a field."""
        return choices(self.form.fields[name], self._tables)

    def entries_of(self, values: Mapping[str, Any], now: Now) -> dict[str, Entry]:
        """Return what stands in the fields when these values are filled in, and the defaults of the others."""
        given = {
            name: values.get(name, field.default) for name, field in self.form.fields.items()
        }
        return {
            name: entry_of(self.form.fields[name], self.ways[name], value, now.zone)
            for name, value in given.items()
            if value is not None
        }

    def value(self, name: str, entry: Entry, now: Now) -> Any:
        """Return what an entry means, None where it is empty; raise NotUnderstood."""
        return value_of(self.form.fields[name], self.ways[name], entry, now)

    def filled(
        self, entries: Mapping[str, Entry], now: Now, *, unfolded: bool = False
    ) -> Filled:
        """Return what all entries come to; with `unfolded` those fields count as well that no answer calls for."""
        values, unread = self._read(entries, now)
        asked = self.asked(values, unfolded=unfolded)
        shown = set(asked.fields)
        submitted = {name: one for name, one in values.items() if name in shown}
        faults = {name: reason for name, reason in unread.items() if name in shown}
        faults |= {name: _AHEAD for name in self._ahead if _is_past(submitted.get(name), now)}
        if faults or not self._accepted(submitted):
            faults |= self._faults(submitted, faults)
        return Filled(values=submitted, faults=faults, asked=asked)

    def asked(self, values: Mapping[str, Any], *, unfolded: bool = False) -> Asked:
        """Return which fields are asked for when others have these values."""
        shown = frozenset(self.form.fields) if unfolded else self._called_for(values)
        required = self._required({name: one for name, one in values.items() if name in shown})
        order = tuple(name for name in self.form.fields if name in shown)
        folded = tuple(name for name in self.form.fields if name not in shown)
        return Asked(fields=order, required=required & shown, folded=folded)

    def _called_for(self, values: Mapping[str, Any]) -> frozenset[str]:
        """Return the fields that are called for, until no further answer changes that; all where it never settles."""
        shown = frozenset(self.form.fields) - self._conditional
        for _ in range(len(self._conditional) + 1):
            kept = {name: one for name, one in values.items() if name in shown}
            wanted = (frozenset(self.form.fields) - self._conditional) | (
                self._conditional & self._required(kept)
            )
            if wanted == shown:
                return shown
            shown = wanted
        return frozenset(self.form.fields)

    def _required(self, values: Mapping[str, Any]) -> frozenset[str]:
        found = set(self.form.schema.get("required", ()))
        for condition, then, otherwise in self._rules:
            found.update(then if condition.accepts(values) else otherwise)
        return frozenset(found)

    @cached_property
    def _rules(self) -> Sequence[tuple[FormChecker, Sequence[str], Sequence[str]]]:
        return [
            (
                FormChecker(replace(self.form, schema=rule.get("if", {}))),
                rule.get("then", {}).get("required", ()),
                rule.get("else", {}).get("required", ()),
            )
            for rule in self.form.schema.get("allOf", ())
        ]

    @cached_property
    def _conditional(self) -> frozenset[str]:
        """The fields that some answers call for and others do not."""
        named = {name for _, *both in self._rules for names in both for name in names}
        return frozenset(named) - set(self.form.schema.get("required", ()))

    def _read(
        self, entries: Mapping[str, Entry], now: Now
    ) -> tuple[dict[str, Any], dict[str, Message]]:
        values: dict[str, Any] = {}
        unread: dict[str, Message] = {}
        for name in self.form.fields:
            try:
                value = self.value(name, entries.get(name), now)
            except NotUnderstood as fault:
                unread[name] = fault.reason
                continue
            if value is not None:
                values[name] = value
        return values, unread

    def _accepted(self, values: Mapping[str, Any]) -> bool:
        return self._checker.accepts(values) and not self._strangers(values)

    def _faults(
        self, values: Mapping[str, Any], known: Mapping[str, Message]
    ) -> dict[str, Message]:
        found: dict[str, Message] = {}
        for name, reason in (*self._checker.faults(values), *self._strangers(values).items()):
            if name not in known:
                found.setdefault(name, self._kindly(name, values, reason))
        return found

    def _strangers(self, values: Mapping[str, Any]) -> dict[str, Message]:
        """Return the fields whose value is no row of the table that it is picked from."""
        found: dict[str, Message] = {}
        for name, value in values.items():
            table = self._tables.get(self.form.fields[name].lookup or "")
            picked = value if isinstance(value, list) else [value]
            if table is not None and any(one not in table.rows for one in picked):
                found[name] = _CHOOSE
        return found

    def _kindly(self, name: str, values: Mapping[str, Any], reason: Message) -> Message:
        """Say what to do rather than what is wrong, where nothing was entered or a choice is not one."""
        if name in self.form.fields and name not in values:
            return _CHOOSE if self.ways[name] in ("one", "several") else message("fill this in")
        return reason


def _is_past(value: Any, now: Now) -> bool:
    return isinstance(value, str) and datetime.fromisoformat(value) <= now.at


_AHEAD = message("this is past; write a moment that is still to come")
_CHOOSE = message("choose one of the answers")
