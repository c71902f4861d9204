"""What keys do wherever one is."""

from casewright.errors import CasewrightError
from casewright.texts import text
from casewright_tui import macros
from casewright_tui.macros import Kept, Macro, Player, Recorder
from casewright_tui.messages import GoTo, Told
from casewright_tui.typeahead import TypeAhead

NAME_MACRO = text("What is the macro to be called? Enter keeps it, Esc forgets it")


class Everywhere(TypeAhead):
    """The controls of everywhere; `app.Terminal` is what they work on."""

    recorder: Recorder
    player: Player

    async def went(self, where: GoTo) -> None:
        """Go to a place."""
        raise NotImplementedError

    async def undo(self) -> None:
        """Take back what was done last."""
        raise NotImplementedError

    def tell(self, sentence: str, **values: object) -> None:
        """Say something in the status line; the sentence is an English template."""
        raise NotImplementedError

    async def action_go(self, place: str) -> None:
        """Go to a place that needs nothing to be about."""
        await self.went(GoTo(place))

    async def action_help(self) -> None:
        """Show the keys of the place one is at."""
        self.recorder.at_menu()
        await self.went(GoTo("help"))

    async def action_palette(self) -> None:
        """Show all commands."""
        self.recorder.at_menu()
        await self.went(GoTo("palette"))

    async def action_contact(self) -> None:
        """Begin a contact."""
        await self.went(GoTo("contact"))

    async def action_notices(self) -> None:
        """Show the notices."""
        await self.went(GoTo("notices"))

    async def action_wallboard(self) -> None:
        """Show the wallboard."""
        await self.went(GoTo("wallboard"))

    async def action_people(self) -> None:
        """Show people and their work."""
        await self.went(GoTo("people"))

    async def action_workflows(self) -> None:
        """Show the workflows."""
        await self.went(GoTo("workflows"))

    async def action_search(self) -> None:
        """Search."""
        await self.went(GoTo("search"))

    async def action_said(self) -> None:
        """Show what was said."""
        await self.went(GoTo("said"))

    async def action_undo(self) -> None:
        """Take back what was done last."""
        await self.undo()

    async def action_settings(self) -> None:
        """Show the settings."""
        await self.went(GoTo("settings"))

    async def action_lock(self) -> None:
        """Lock the terminal."""
        await self.went(GoTo("lock"))

    async def action_quit(self) -> None:
        """Leave."""
        self.exit(0)

    async def action_replay(self) -> None:
        """Offer the macros."""
        await self.went(GoTo("macros"))

    async def action_record(self) -> None:
        """Record keys from now on, or stop, and ask what to call what was recorded."""
        if not self.recorder.runs:
            self.recorder.begin()
            self.tell("Recording: what you type is kept until you press the same key again.")
            return
        keys = self.recorder.end()
        if not keys:
            self.tell("Nothing was recorded.")
            return
        from casewright_tui.screens.prompt import Prompt

        def named(name: str | None) -> None:
            if name:
                self.call_later(self._keep, name, keys)

        await self.push_screen(Prompt(NAME_MACRO), named)

    def play(self, macro: Macro) -> None:
        """Play a macro; keys are taken meanwhile, and the first one stops it."""
        self.run_worker(self.player.play(macro), group="macro", exclusive=True)

    async def _keep(self, name: str, keys: Kept) -> None:
        from casewright_tui.app import Terminal

        assert isinstance(self, Terminal)
        try:
            await macros.remember(self, name, keys)
        except CasewrightError as error:
            self.on_told(Told(self.texts.error(error), bad=True, error=error))
        else:
            self.tell("The macro {name} is kept; Ctrl+E plays it.", name=name)
