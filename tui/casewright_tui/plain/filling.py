"""Filling in a form a question at a time: what is asked, what was understood, what is wrong, until it is right or given up."""

from collections.abc import Mapping
from typing import Any

from casewright.texts import Texts, text
from casewright_tui.errands.errand import Errand
from casewright_tui.plain.seat import Seat, at_once
from casewright_tui.plain.speech import Speech, numbered
from casewright_tui.pure.entries import Entry, Now
from casewright_tui.pure.field_kind import Choices
from casewright_tui.pure.form_model import FormModel

_GIVE_UP, _NOTHING = "!", "-"
_FEW = 12
"""Choices that are read out; of more, those that hold what was typed."""


class GivenUp(Exception):
    """Whoever fills in the form does not want to any more."""


class Filling:
    """One form, while it is filled in."""

    def __init__(self, errand: Errand, seat: Seat, speech: Speech) -> None:
        self._errand, self._seat, self._speech = errand, seat, speech
        looks_up = any(one.lookup for one in errand.form.fields.values())
        tables = at_once(seat.site.tables(seat.actor)) if looks_up else {}
        self._model = FormModel(errand.form, tables=tables, ahead=errand.ahead)
        self._offered: dict[str, Choices] = {}
        self._now = Now(at=seat.now(), zone=seat.texts.timezone)
        self._entries: dict[str, Entry] = self._model.entries_of(errand.initial, self._now)

    @property
    def _texts(self) -> Texts:
        return self._seat.texts

    def values(self) -> Mapping[str, Any]:
        """Ask until the form is right, and return what it comes to; raise GivenUp."""
        asked: set[str] = set()
        if self._errand.form.fields:
            self._speech.say(self._texts.text(_HOW))
        while True:
            filled = self._model.filled(self._entries, self._now)
            left = [one for one in filled.asked.fields if one not in asked]
            if left:
                asked.add(left[0])
                self._ask(left[0], required=left[0] in filled.asked.required)
                while left[0] in filled.asked.required and self._is_empty(left[0]):
                    self._speech.say(self._texts.text("This must be filled in; ! gives up."))
                    self._ask(left[0], required=True)
            elif filled.first_fault is not None:
                reason = self._texts.render(filled.faults[filled.first_fault])
                self._speech.say(f"{self._title(filled.first_fault)}: {reason}")
                self._ask(filled.first_fault, required=True)
            else:
                return filled.values

    def _ask(self, name: str, *, required: bool) -> None:
        field = self._model.field(name)
        choices = self._choices(name)
        if field.help is not None:
            self._speech.say(field.help.of(self._texts.lang))
        few = [one.said(self._texts.lang) for one in choices]
        if 0 < len(few) <= _FEW:
            self._speech.say(*numbered(few))
        typed = self._typed(name, self._prompt(name, required=required))
        if typed == _GIVE_UP:
            raise GivenUp
        if typed == _NOTHING:
            self._entries[name] = None
        elif typed:
            self._entries[name] = self._meant(name, choices, typed)

    def _is_empty(self, name: str) -> bool:
        return self._entries.get(name) in (None, "", ())

    def _typed(self, name: str, prompt: str) -> str:
        if self._model.ways[name] == "long":
            return self._speech.heard_lines(prompt, alone=(_NOTHING,), ends=_GIVE_UP)
        return self._speech.heard(prompt)

    def _prompt(self, name: str, *, required: bool) -> str:
        must = self._texts.text(" (must be filled in)") if required else ""
        before = self._shown(name)
        return f"{self._title(name)}{must}{f' [{before}]' if before else ''}:"

    def _shown(self, name: str) -> str:
        entry = self._entries.get(name)
        if isinstance(entry, bool):
            return self._texts.text("yes") if entry else self._texts.text("no")
        known = {one.value: one.said(self._texts.lang) for one in self._choices(name)}
        parts = entry if isinstance(entry, tuple) else (entry,) if entry else ()
        return self._texts.listing(known.get(one, one) for one in parts) if parts else ""

    def _meant(self, name: str, choices: Choices, typed: str) -> Entry:
        """Return what was typed as the field takes it: a choice by its number, its name or a part of that."""
        way = self._model.ways[name]
        if way == "tick":
            return typed.casefold() in _YES
        if way == "one":
            return self._chosen(choices, typed)
        if way == "several":
            parts = typed.replace("，", ",").replace("、", ",").split(",")
            return tuple(self._chosen(choices, one.strip()) for one in parts if one.strip())
        return typed

    def _chosen(self, choices: Choices, typed: str) -> str:
        lang = self._texts.lang
        if typed.isascii() and typed.isdigit() and 0 < int(typed[:6]) <= len(choices) <= _FEW:
            return choices[int(typed[:6]) - 1].value
        sought = typed.casefold()
        exact = [
            one
            for one in choices
            if sought in (one.value.casefold(), one.label.of(lang).casefold())
        ]
        found = exact or [one for one in choices if sought in one.said(lang).casefold()]
        if len(found) == 1:
            return found[0].value
        if found:
            self._speech.say(self._texts.text("Several fit; one of these:"))
            self._speech.say(*(one.said(lang) for one in found[:_FEW]))
        return typed

    def _choices(self, name: str) -> Choices:
        if name not in self._offered:
            offer = self._errand.offers.get(name)
            self._offered[name] = (
                offer.choices(self._seat.ask(offer.ask), self._seat.now())
                if offer is not None
                else self._model.choices(name)
            )
        return self._offered[name]

    def _title(self, name: str) -> str:
        return self._model.field(name).title.of(self._texts.lang)


_YES = frozenset({"y", "yes", "1", "x", "是", "有", "true"})
_HOW = text(
    "Enter keeps what stands in brackets, - empties it, ! gives up. A long text ends with an empty line."
)
