"""Signing in: name, password, and the code where a second factor is asked for."""

from collections.abc import Sequence

from casewright.errors import CasewrightError, SecondFactorNeeded
from casewright.texts import text
from casewright_tui.screens.covering import Covering
from casewright_tui.widgets.caret_input import CaretInput


class LoginScreen(Covering):
    """Has somebody prove who they are."""

    PLACE = "login"
    FIELDS = (
        ("name", text("Name")),
        ("password", text("Password")),
        ("code", text("Code, if any")),
    )

    def titled(self) -> str:
        """Return what the place is called."""
        return self.texts.text("Sign in")

    def sentences(self) -> Sequence[str]:
        """Return what is said above the fields."""
        return (self.texts.text("Sign in to casewright."),)

    async def on_mount(self) -> None:
        """Begin with the name that is known."""
        self.query_one("#name", CaretInput).write(self.terminal.actor)
        self.query_one("#password" if self.terminal.actor else "#name").focus()

    async def proved(self) -> None:
        """Sign in; a code is asked for where there has to be one."""
        name, password = self.value("name").strip(), self.value("password")
        if not password and not self.query_one("#password").has_focus:
            self.focus_next()
            return
        try:
            await self.terminal.sign_in(name, password, self.value("code").strip())
        except SecondFactorNeeded as needed:
            self.fault = self.texts.error(needed)
            self.query_one("#code").focus()
        except CasewrightError as refused:
            self.fault = self.texts.error(refused)
            self.empty("password", "code")
            self.query_one("#password").focus()
