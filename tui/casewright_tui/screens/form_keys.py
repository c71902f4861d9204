"""Keys that a form has for one of its fields: the identity that was checked, the template of a reply."""

from collections.abc import Mapping, Sequence

from casewright_tui import controls
from casewright_tui.errands.errand import IDENTITY_CHECKED, TEMPLATE, Errand
from casewright_tui.pure.field_kind import YES
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.widgets.hint_bar import Hint
from casewright_tui.widgets.schema_form import SchemaForm

_FIELDS: Mapping[str, str] = {"checked": IDENTITY_CHECKED, "template": TEMPLATE}
"""Controls that only forms with a certain field have."""


class FieldKeys(DeskScreen):
    """A form's place, as far as keys of single fields go."""

    errand: Errand

    @property
    def _form(self) -> SchemaForm | None:
        found = self.query(SchemaForm)
        return found.first() if found else None

    async def action_submit(self) -> None:
        """Carry the errand out."""
        raise NotImplementedError

    async def action_checked(self) -> None:
        """Say that the caller's identity was checked, and submit; F8 alone never says so."""
        shown = self._form
        if shown is not None and self._has("checked"):
            shown.fill({**shown.entries, IDENTITY_CHECKED: YES})
            await self.action_submit()

    def action_template(self) -> None:
        """Go where a template is picked, with the list open."""
        if self._form is not None and self._has("template"):
            self._form.pick(TEMPLATE)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave a key to what is beneath where the form has no use for it."""
        return self._has(action)

    def hints(self) -> Sequence[Hint]:
        """Return the hints of what this form has a use for."""
        unused = {
            self.texts.text(one.title)
            for one in controls.CONTROLS
            if one.place == self.PLACE and not self._has(one.action)
        }
        return [one for one in super().hints() if one[1] not in unused]

    def _has(self, action: str) -> bool:
        return action not in _FIELDS or _FIELDS[action] in self.errand.form.fields
