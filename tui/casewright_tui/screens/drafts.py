"""Forms that were begun and not submitted: gone on with, or thrown away."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from casewright.answers import SavedDraft
from casewright.errors import CasewrightError, NotAllowed, NotFound
from casewright.texts import text
from casewright_tui import controls
from casewright_tui.errands import finding
from casewright_tui.lines import Line, line, piece
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.widgets.lines_view import LinesView
from casewright_tui.width import fit

OPENS = "open"
"""How a draft begins that opens a ticket: then comes the workflow, and the customer."""


class DraftsScreen(DeskScreen):
    """The drafts of whoever sits here, the newest first."""

    PLACE = "drafts"
    BINDINGS: ClassVar[list[BindingType]] = [*controls.bindings("drafts", letters=False)]

    def __init__(self) -> None:
        super().__init__()
        self._workflows: dict[str, str] = {}

    def body(self) -> ComposeResult:
        """Yield the list."""
        yield LinesView(self.look, id="body")

    def titled(self) -> str:
        """Return what they are called."""
        return self.texts.text(text("Begun forms"))

    async def refreshed(self) -> None:
        """Ask for the drafts anew."""
        await self.terminal.drafts.settled()
        found = await self.terminal.drafts.all()
        await self._learn(
            {one.about.split(":")[1] for one in found if one.about.startswith(f"{OPENS}:")}
        )
        nothing = [line(piece(self.texts.text(text(" Nothing was left unfinished.")), "dim"))]
        self.query_one(LinesView).show(self._lines(found) or nothing, look=self.look)

    async def _learn(self, workflows: Iterable[str]) -> None:
        """Learn what the workflows are called of which something is to be opened."""
        for name in workflows:
            with suppress(
                NotFound, NotAllowed
            ):  # It may be gone since; then its name alone is told.
                version, _ = await self.terminal.site.version(self.actor, name)
                self._workflows[name] = version.title.of(self.texts.lang)

    def _lines(self, drafts: Sequence[SavedDraft]) -> list[Line]:
        return [
            line(
                f" {one.at.astimezone(self.texts.timezone):%m-%d %H:%M}  ",
                piece(fit(self._about(one), 28), "strong"),
                f" {' '.join(_words(one.values.values()))}",
                id=one.about,
            )
            for one in drafts
        ]

    def _about(self, one: SavedDraft) -> str:
        """Return what a draft is about: a ticket, or what is to be opened and for whom."""
        kind, _, rest = one.about.partition(":")
        if one.ticket or kind != OPENS:
            return one.ticket or rest
        workflow, _, customer = rest.partition(":")
        return " ".join(filter(None, (self._workflows.get(workflow, workflow), customer)))

    async def on_lines_view_chosen(self, chosen: LinesView.Chosen) -> None:
        """Go on with one."""
        try:
            errand = await finding.found(self.terminal, chosen.line.id)
        except CasewrightError as error:
            self.tell_error(error)
            return
        if errand is None:
            self.tell("This can no longer be done with the ticket.")
        else:
            self.go("form", instead=True, errand=errand)

    async def action_drop(self) -> None:
        """Throw the chosen one away."""
        chosen = self.query_one(LinesView).chosen
        if chosen is not None:
            self.terminal.drafts.drop(chosen.id)
            await self.refreshed()


def _words(values: Iterable[Any]) -> Iterator[str]:
    """Yield what was typed or chosen, as words; a tick says nothing by itself."""
    for one in values:
        if isinstance(one, str):
            yield one
        elif isinstance(one, list | tuple):
            yield from map(str, one)
        elif one is not None and not isinstance(one, bool):
            yield str(one)
