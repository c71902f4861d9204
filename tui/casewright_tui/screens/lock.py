"""The lock: covers the screen until whoever sits here has proved again who they are."""

from collections.abc import Sequence

from casewright.errors import CasewrightError
from casewright.texts import text
from casewright_tui.screens.covering import Covering
from casewright_tui.widgets.hint_bar import Hint


class LockScreen(Covering):
    """Asks for the password of whoever sits here; without one Enter is enough, or the session ends (see `cover`)."""

    PLACE = "lock"
    AUTO_FOCUS = "CaretInput, #body"

    def fields(self) -> Sequence[tuple[str, str]]:
        """Return the password's field where there is a password."""
        return (
            (("password", text("Password")),) if self.terminal.cover.way == "password" else ()
        )

    def titled(self) -> str:
        """Return what the place is called."""
        return self.texts.text("Locked")

    def sentences(self) -> Sequence[str]:
        """Return what is said above the field."""
        person = self.terminal.myself.person if self.terminal.myself else None
        lang = self.texts.lang
        name = (person.zh if lang == "zh" else person.en) if person else self.terminal.actor
        return (
            self.texts.say("Locked: {person} works here.", person=name),
            self.texts.text(_SENTENCES[self.terminal.cover.way]),
        )

    def hints(self) -> Sequence[Hint]:
        """Return the few keys there are; there is one field at most."""
        return [one for one in super().hints() if one[0] != "Tab"]

    async def proved(self) -> None:
        """Unlock."""
        try:
            await self.terminal.cover.unlock(self.value("password"))
        except CasewrightError as refused:
            self.fault = self.texts.error(refused)
            self.empty("password")


_SENTENCES = {
    "password": text("Your password unlocks it. Nothing that you had typed is lost."),
    "enter": text("Enter unlocks it. Nothing that you had typed is lost."),
    "leave": text(
        "You came by a key: Enter ends this session; come in again by your key. Drafts are kept."
    ),
}
