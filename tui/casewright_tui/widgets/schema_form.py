"""A form that is filled in: a row for every field, in the form's order; it tells what changes and is told what is wrong."""

from collections.abc import Callable, Collection, Mapping
from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget

from casewright.errors import Message as Sentence
from casewright.texts import Texts
from casewright_tui.look import Look
from casewright_tui.pure.entries import Entry, Now
from casewright_tui.pure.field_kind import Choices
from casewright_tui.pure.form_model import Filled, FormModel
from casewright_tui.pure.form_texts import labels_width, meant
from casewright_tui.pure.month import DaysOff
from casewright_tui.widgets.field_control import Edited, FieldControl, Relined
from casewright_tui.widgets.field_day import FieldDay
from casewright_tui.widgets.field_line import FieldLine
from casewright_tui.widgets.field_row import FieldRow
from casewright_tui.widgets.picker import Picker
from casewright_tui.widgets.toggle import OneOf, Several, Tick
from casewright_tui.width import cells

NARROW = 24
"""Cells for what needs little room, so that what it means stands beside it."""
SETTLED_AFTER = 0.1
"""Seconds after which every row has its place."""
_SIDE_BY_SIDE = 60


class SchemaForm(VerticalScroll, can_focus=False):
    """Holds the rows; `entries` is what stands in them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "screen.step(1)", show=False),
        Binding("up", "screen.step(-1)", show=False),
    ]
    DEFAULT_CSS = "SchemaForm { height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden; }"

    class Changed(Message):
        """Somebody changed what stands in a field."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    class Left(Message):
        """Somebody left a field."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    class Entered(Message):
        """Somebody came to a field."""

    def __init__(
        self,
        model: FormModel,
        entries: Mapping[str, Entry],
        *,
        look: Look,
        texts: Texts,
        now: Callable[[], Now],
        offered: Mapping[str, Choices],
    ) -> None:
        super().__init__()
        self._model, self._look, self._texts, self._now = model, look, texts, now
        self._given, self._offered = dict(entries), offered
        self._rows: dict[str, FieldRow] = {}
        self._where: str | None = None

    def compose(self) -> ComposeResult:
        """Yield a row for every field."""
        for name in self._model.form.fields:
            control = self._control(name)
            narrow = NARROW if self._model.ways[name] in ("number", "day", "moment") else 0
            self._rows[name] = FieldRow(name, control, self._look, narrow=narrow)
            yield self._rows[name]

    @property
    def entries(self) -> dict[str, Entry]:
        """What stands in the fields, folded away or not."""
        return {name: row.control.entry for name, row in self._rows.items()}

    @property
    def where(self) -> str | None:
        """The field one is in, or was in last."""
        return self._where

    def dressed(self, look: Look, texts: Texts) -> None:
        """Draw in another look or language."""
        self._look, self._texts = look, texts

    def fill(self, entries: Mapping[str, Entry]) -> None:
        """Have other entries stand in the fields."""
        for name, row in self._rows.items():
            row.control.entry = entries.get(name)

    def judge(self, filled: Filled, touched: Collection[str]) -> None:
        """Show the fields that are asked for, and what is wrong with those that were touched."""
        labels = {
            name: self._model.field(name).title.of(self._texts.lang)
            for name in filled.asked.fields
        }
        wide = labels_width(labels, self.size.width or 80)
        for name, row in self._rows.items():
            row.display = name in labels
            if name in labels:
                required = name in filled.asked.required
                row.show(
                    labels[name],
                    wide,
                    required=required,
                    look=self._look,
                    lang=self._texts.lang,
                )
                fault = filled.faults.get(name) if name in touched else None
                row.judge(fault, self._meant(name, row), self._texts)
        self.track()

    def offer(self, name: str, choices: Choices) -> None:
        """Offer other choices in a field."""
        control = self._rows[name].control
        if isinstance(control, Picker):
            control.offer(choices)

    def pick(self, name: str) -> None:
        """Go to a field with the list of what it may be open."""
        control = self._rows[name].control
        if isinstance(control, Picker):
            control.focus()
            control.show_all()

    def mark_days_off(self, off: DaysOff) -> None:
        """Mark in calendars the days on which nobody works."""
        for row in self._rows.values():
            if isinstance(row.control, FieldDay):
                row.control.mark_days_off(off)

    def go_to(self, name: str) -> None:
        """Go to a field."""
        self._rows[name].widget.focus()

    def first(self) -> str | None:
        """Return the first field that can be filled in and is empty, or the first at all."""
        shown = [name for name, row in self._rows.items() if row.display]
        empty = (name for name in shown if self._rows[name].control.entry in (None, "", ()))
        return next(empty, next(iter(shown), None))

    def last_filled(self) -> str | None:
        """Return the last of the fields that say something."""
        filled = [
            name
            for name, row in self._rows.items()
            if row.display and row.control.entry not in (None, "", (), False)
        ]
        return filled[-1] if filled else None

    def step(self, by: int) -> None:
        """Go to the next field, or the one before."""
        shown = [name for name, row in self._rows.items() if row.display]
        if self._where in shown:
            at = shown.index(self._where) + by
            if 0 <= at < len(shown):
                self.go_to(shown[at])

    def on_edited(self, message: Edited) -> None:
        """Tell which field was edited."""
        message.stop()
        row = self._row_of(message.of)
        if row is not None:
            row.laid()
            self.post_message(self.Changed(row.field))

    def on_relined(self, message: Relined) -> None:
        """Give a row as many lines as it needs now, and keep all of it in sight."""
        message.stop()
        row = self._row_of(message.of)
        if row is not None:
            row.laid()
            self._keep_in_sight(row)
            self.track()

    def on_descendant_focus(self) -> None:
        """Keep the field one is in, all of it, in sight."""
        row = self._row_of(self.screen.focused)
        if row is not None:
            self._where = row.field
            self._keep_in_sight(row)
            self.post_message(self.Entered())
            self.track()

    def on_resize(self) -> None:
        """Keep the field one is in in sight, also where the form has become lower, as under a line of help."""
        row = self._row_of(self.screen.focused)
        if row is not None:
            self._keep_in_sight(row)
            self.track()

    def on_descendant_blur(self) -> None:
        """Tell which field was left."""
        if self._where is not None:
            self.post_message(self.Left(self._where))

    def _keep_in_sight(self, row: FieldRow) -> None:
        """Scroll to a row, and once more when the rows above have all the lines that they came to need meanwhile."""
        self.call_after_refresh(row.scroll_visible, animate=False)
        self.set_timer(SETTLED_AFTER, lambda: self._show_again(row))

    def _show_again(self, row: FieldRow) -> None:
        if row.is_attached:
            row.scroll_visible(animate=False)

    def track(self) -> None:
        """Have the terminal's cursor stand where one types, once everything has its place."""
        self.call_after_refresh(self._track)

    def _track(self) -> None:
        # The form may have been left since.
        row = self._row_of(self.screen.focused) if self.is_attached else None
        if row is not None:
            row.control.track()

    def _row_of(self, widget: object) -> FieldRow | None:
        return next((row for row in self._rows.values() if row.widget is widget), None)

    def _meant(self, name: str, row: FieldRow) -> Sentence | None:
        return meant(self._model, name, row.control.entry, self._now())

    def _control(self, name: str) -> Widget:
        control = self._made(name)
        cast(FieldControl, control).entry = self._given.get(name)
        return control

    def _made(self, name: str) -> Widget:
        lang, way = self._texts.lang, self._model.ways[name]
        if way == "tick":
            return Tick(self._look, lang)
        if way == "long":
            from casewright_tui.widgets.field_long import FieldLong

            return FieldLong()
        if way in ("day", "moment"):
            return FieldDay(self._now, lang, timed=way == "moment")
        if way not in ("one", "several") and name not in self._offered:
            return FieldLine()
        choices = self._offered.get(name) or self._model.choices(name)
        if name in self._offered or not _fit_side_by_side(choices):
            return Picker(choices, self._look, lang, several=way == "several")
        return (
            OneOf(choices, self._look, lang)
            if way == "one"
            else Several(choices, self._look, lang)
        )


def _fit_side_by_side(choices: Choices) -> bool:
    """Return whether so few short choices are left that all of them are seen at once."""
    if len(choices) > 8:
        return False
    return all(
        sum(cells(one.said(lang)) + 6 for one in choices) <= _SIDE_BY_SIDE * 2
        for lang in ("en", "zh")
    )
