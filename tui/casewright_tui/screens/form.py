"""A form: what an errand asks, what it would come to, and how it is carried out; nothing that was typed gets lost."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer

from casewright.errors import Message
from casewright_tui import controls, frame
from casewright_tui.errands.errand import Errand
from casewright_tui.messages import Changed, GoBack, Told
from casewright_tui.pure.entries import Entry, Now, kept, restored
from casewright_tui.pure.form_model import Filled, FormModel
from casewright_tui.pure.form_texts import folded_away, foot
from casewright_tui.screens.form_ahead import Ahead
from casewright_tui.screens.form_carrying import Carrying
from casewright_tui.screens.form_keys import FieldKeys
from casewright_tui.screens.form_offering import Offering
from casewright_tui.widgets.lines_view import LinesView
from casewright_tui.widgets.schema_form import SchemaForm

JUDGED_AFTER, PREVIEWED_AFTER, KEPT_AFTER = 0.12, 0.3, 1.5
"""Seconds after the last key until the form is judged, what would happen is asked, and the draft is kept."""


class FormScreen(FieldKeys):
    """One errand, with what was filled in so far."""

    PLACE = "form"
    BINDINGS: ClassVar[list[BindingType]] = [
        *controls.bindings("form", letters=False),
        Binding("tab", "step(1)", show=False),
        Binding("shift+tab", "step(-1)", show=False),
    ]

    def __init__(self, errand: Errand, entries: Mapping[str, Entry] | None = None) -> None:
        super().__init__()
        self.errand = errand
        self._given = entries
        self._model: FormModel | None = None
        self._filled: Filled | None = None
        self._touched: set[str] = set()
        self._refused: dict[str, Message] = {}
        self._unfolded = self._restored = False
        self._carrying, self._ahead = Carrying(self), Ahead(self)
        self._debounced: dict[str, Timer] = {}

    # --- what stands there -----------------------------------------------------------------------

    def body(self) -> ComposeResult:
        """Yield the form's place, the line below it, and what would happen."""
        with Horizontal(id="body"):
            with Vertical(id="form"):
                yield _still(LinesView(self.look, id="foot"), height=1)
            yield _still(LinesView(self.look, id="ahead"))

    def titled(self) -> str:
        """Return the errand's title, and which tickets it is about."""
        title, keys = self.errand.title.of(self.texts.lang), self.errand.tickets
        if len(keys) > 1:
            return self.texts.say("{title}: {count} tickets", title=title, count=len(keys))
        return " ".join((title, *keys))

    async def refreshed(self) -> None:
        """Put the form together when it is first shown; later only what would happen is asked anew."""
        if self._model is None:
            await self._begin()
        self._judge()
        self._look_ahead()

    async def changed(self, change: Changed) -> None:
        """What would happen may be something else now; what was typed stays."""
        if change.page is None or change.tickets & set(self.errand.tickets):
            self._later("preview", PREVIEWED_AFTER, self._look_ahead)

    async def _begin(self) -> None:
        form = self.errand.form
        if self.errand.at_once and not form.fields:
            await self._carrying.out({})
            return
        looks_up = any(one.lookup for one in form.fields.values())
        tables = await self.terminal.site.tables(self.actor) if looks_up else {}
        model = FormModel(form, tables=tables, ahead=self.errand.ahead)
        # A draft that cannot be read must not be written over: the form is not begun, and F5 begins it again.
        entries = await self._entries(model)
        self._model = model
        shown = SchemaForm(
            model, entries, look=self.look, texts=self.texts, now=self._now,
            offered=dict.fromkeys(self.errand.offers, ()),
        )  # fmt: skip
        await self.query_one("#form").mount(shown, before="#foot")
        self._judge()
        if (begin := self._where_to_begin(shown)) is not None:
            shown.go_to(begin)
        self.run_worker(Offering(self).all(shown, model), group="offers", exclusive=True)

    def _where_to_begin(self, shown: SchemaForm) -> str | None:
        """Return the field to begin in; of a draft the first that is wrong, else the last that was filled in."""
        if not self._restored:
            return shown.first()
        wrong = self._filled.faults if self._filled is not None else {}
        return next((one for one in wrong if one in self._touched), shown.last_filled())

    async def _entries(self, model: FormModel) -> dict[str, Entry]:
        entries = model.entries_of(self.errand.initial, self._now())
        if self._given is not None:
            return {**entries, **self._given}
        draft = await self._draft()
        if draft:
            self._restored = True
            self._touched |= set(draft)
            self.tell("Your draft is back. Ctrl+X starts anew.")
        return {**entries, **restored(draft)}

    async def _draft(self) -> Mapping[str, Any]:
        return await self.terminal.drafts.of(self.errand.about) if self.errand.about else {}

    # --- what is typed ---------------------------------------------------------------------------

    def on_schema_form_changed(self, message: SchemaForm.Changed) -> None:
        """Judge, ask and keep, once nothing more is typed."""
        self._refused.pop(message.name, None)
        self._later("judge", JUDGED_AFTER, self._judge)
        self._later("preview", PREVIEWED_AFTER, self._look_ahead)
        self._later("keep", KEPT_AFTER, self.keep)

    def on_schema_form_left(self, message: SchemaForm.Left) -> None:
        """What was left is judged for all to see."""
        self._touched.add(message.name)
        self._judge()

    def on_schema_form_entered(self, message: SchemaForm.Entered) -> None:
        """Help with the field one came to."""
        self._show_foot()

    def _later(self, name: str, seconds: float, doing: Any) -> None:
        if name in self._debounced:
            self._debounced[name].stop()
        self._debounced[name] = self.set_timer(seconds, doing)

    def _judge(self) -> None:
        shown = self._form
        if shown is None or self._model is None:
            return
        filled = self._model.filled(shown.entries, self._now(), unfolded=self._unfolded)
        faults = {**filled.faults, **self._refused}
        self._filled = Filled(values=filled.values, faults=faults, asked=filled.asked)
        shown.dressed(self.look, self.texts)
        shown.judge(self._filled, self._touched | set(self._refused))
        self._show_foot()

    def keep(self) -> None:
        """Keep what was typed as a draft, where it is another than what was filled in beforehand."""
        shown = self._form
        if shown is not None and self.errand.about and self._model is not None:
            entries = shown.entries
            before = self._model.entries_of(self.errand.initial, self._now())
            typed = kept(
                {name: one for name, one in entries.items() if before.get(name) != one}
            )
            ticket = self.errand.tickets[0] if self.errand.tickets else ""
            if typed or self._restored:
                self.terminal.drafts.keep(self.errand.about, ticket, typed)
                self._restored = bool(typed)

    def _look_ahead(self) -> None:
        self._ahead.look(self._values)

    @property
    def _values(self) -> Mapping[str, Any]:
        return self._filled.values if self._filled else {}

    def _now(self) -> Now:
        return Now(at=self.terminal.clock.now(), zone=self.texts.timezone)

    # --- controls --------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Find another place for what would happen."""
        self._ahead.place()
        self.call_after_refresh(self._judge)

    def action_step(self, by: int) -> None:
        """Go to the next field, or the one before, among those that the answers given so far call for."""
        shown = self._form
        if shown is not None:
            # Who types ahead does not wait until it is judged by itself.
            self._judge()
            shown.step(by)

    def action_ahead(self) -> None:
        """Show what would happen where there is no room for it beside the form, or hide it."""
        self._ahead.switch(self._values)

    def action_unfold(self) -> None:
        """Show the fields that no answer calls for, or fold them away."""
        self._unfolded = not self._unfolded
        self._judge()

    def action_anew(self) -> None:
        """Throw away what was filled in."""
        shown = self._form
        if shown is not None and self._model is not None:
            shown.fill(self._model.entries_of(self.errand.initial, self._now()))
            self._touched.clear()
            self._refused.clear()
            self._restored = False
            if self.errand.about:
                self.terminal.drafts.drop(self.errand.about)
            self._judge()

    def _show_foot(self) -> None:
        shown = self._form
        if shown is not None and self._filled is not None and self._model is not None:
            line = foot(
                self._model, shown.where, self._filled, self.texts, submits=self._submits
            )
            self.query_one("#foot", LinesView).show([line], look=self.look)

    @property
    def _submits(self) -> str:
        """What people call the key that submits here."""
        submit = next(one for one in controls.at(self.PLACE) if one.action == "submit")
        return frame.key_name(self.terminal.habits.keymap.of(submit)[0])

    def aside(self) -> str:
        """Return how many fields are folded away."""
        return folded_away(self._filled.asked, self.texts) if self._filled else ""

    def framed(self) -> None:
        """Draw the frame, and the form where its language or look is another."""
        super().framed()
        if self._form is not None and self._filled is not None:
            self._form.dressed(self.look, self.texts)
            self._form.judge(self._filled, self._touched | set(self._refused))

    def action_back(self) -> None:
        """Go back; what was typed is kept."""
        self.keep()
        self.post_message(GoBack())

    async def action_submit(self) -> None:
        """Carry it out, or go to the first field with a fault."""
        shown = self._form
        if shown is None or self._model is None:
            return
        self._touched |= set(self._model.form.fields)
        self._refused.clear()
        self._judge()
        assert self._filled is not None
        if (fault := self._filled.first_fault) is not None:
            shown.go_to(fault)
            self.post_message(Told(self._faulty(), bad=True))
        elif len(self.errand.tickets) > 1:
            self.go("bulk", instead=True, errand=self.errand, values=self._values)
        else:
            await self._carrying.out(self._values)

    def _faulty(self) -> str:
        assert self._filled is not None
        count = len(self._filled.faults)
        return self.texts.say(
            "{count} field(s) are not right yet; the first is marked.", count=count
        )

    # --- for what carries it out -----------------------------------------------------------------

    @property
    def is_begun(self) -> bool:
        """Whether the form was ever shown, and not carried out at once."""
        return self._form is not None

    @property
    def entered(self) -> dict[str, Entry]:
        """What stands in the fields."""
        return self._form.entries if self._form is not None else {}

    def mark(self, faults: Sequence[tuple[str, Message]]) -> None:
        """Show what the desk found wrong, and go to the first of it."""
        self._refused = {name: why for name, why in faults if name in self.errand.form.fields}
        self._judge()
        if self._refused and self._form is not None:
            self._form.go_to(next(iter(self._refused)))

    def forget(self) -> None:
        """Keep no draft of what was carried out."""
        for timer in self._debounced.values():
            timer.stop()
        if self.errand.about and self.is_begun:
            self.terminal.drafts.drop(self.errand.about)


def _still(view: LinesView, *, height: int | None = None) -> LinesView:
    """Return a pane in which nobody moves."""
    view.can_focus = False
    if height is not None:
        view.styles.height = height
    return view
