"""What a form's fields offer that only the desk knows: choices, and the days on which nobody works; asked once it is open."""

from datetime import timedelta
from typing import TYPE_CHECKING

from casewright.errors import CasewrightError
from casewright_tui.pure.form_model import FormModel
from casewright_tui.widgets.schema_form import SchemaForm

if TYPE_CHECKING:
    from casewright_tui.screens.form import FormScreen

BACK, AHEAD = timedelta(days=60), timedelta(days=420)
"""How far from today the days without work are known."""


class Offering:
    """Asks for what is offered, while somebody fills the form in already."""

    def __init__(self, screen: "FormScreen") -> None:
        self._screen = screen

    async def all(self, shown: SchemaForm, model: FormModel) -> None:
        """Have every field offer what it can; what cannot be asked is told, and the field is typed."""
        await self._choices(shown, model)
        if {"day", "moment"} & set(model.ways.values()):
            await self._days(shown)

    async def _choices(self, shown: SchemaForm, model: FormModel) -> None:
        screen = self._screen
        for name, offer in screen.errand.offers.items():
            shown.offer(name, model.choices(name))
            try:
                answer = await screen.ask(offer.ask, lane="eyes")
            except CasewrightError as error:
                screen.tell_error(error)
            else:
                shown.offer(name, offer.choices(answer, screen.terminal.clock.now()))

    async def _days(self, shown: SchemaForm) -> None:
        screen = self._screen
        today = screen.terminal.clock.now().astimezone(screen.texts.timezone).date()
        try:
            off = await screen.terminal.site.days_off(screen.actor, today - BACK, today + AHEAD)
        except CasewrightError as error:
            screen.tell_error(error)
        else:
            shown.mark_days_off(off)
