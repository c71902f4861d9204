"""Who looked at what, newest first: of everybody, or of one person, ticket or customer."""

from typing import Any, ClassVar

from textual.binding import BindingType

from casewright.answers import AccessPage, AccessRow
from casewright.queries import GetAccessReport
from casewright.telling.access import CAME, DOORS, KINDS, SUBJECTS, how
from casewright.texts import text
from casewright_tui import controls
from casewright_tui.lines import Line, Lines, line, paragraph, piece
from casewright_tui.screens.list_screen import ListScreen
from casewright_tui.widgets.lines_view import LinesView
from casewright_tui.width import fit

PAGE = 200


class AccessScreen(ListScreen):
    """The access log."""

    PLACE = "access"
    BINDINGS: ClassVar[list[BindingType]] = [*controls.bindings("access")]

    def __init__(self, **of: str) -> None:
        super().__init__()
        self._of = of
        self._rows: list[AccessRow] = []
        self._after: int | None = None

    def titled(self) -> str:
        """Return what it is, and of whom."""
        return " ".join((self.texts.text("Who looked at what"), *self._of.values()))

    def listed(self, width: int) -> Lines:
        """Return a line for each look."""
        lines = [self._line(one).filled(width) for one in self._rows]
        if self._after is not None:
            lines.append(line(piece(self.texts.text("Ctrl+PgDn shows older ones"), "dim")))
        return lines

    def told(self, id: str, width: int) -> Lines:
        """Return all of one look."""
        one = self._row(id)
        if one is None:
            return ()
        facts = (
            (text("when"), self.texts.moment(one.at)), (text("who"), one.actor), (text("door"), self._door(one)),
            (text("how"), self._kind(one)), (text("at what"), self._subject(one)), (text("ticket"), one.ticket),
            (text("customers"), self.texts.listing(one.customers)), (text("fields"), self.texts.listing(one.fields)),
            (text("purpose"), one.purpose), (text("permission"), one.permission),
        )  # fmt: skip
        lines: list[Line] = []
        for name, value in facts:
            if value:
                lines += paragraph(f"{self.texts.text(name)}: {value}", width)
        return lines

    async def refreshed(self) -> None:
        """Ask for the newest."""
        self._rows, self._after = [], None
        await self._page()

    async def changed(self, change: Any) -> None:
        """The log grows with every look; it is asked anew by F5."""

    async def action_older(self) -> None:
        """Ask for older ones."""
        if self._after is not None:
            await self._attempted(self._page())

    def on_lines_view_chosen(self, chosen: LinesView.Chosen) -> None:
        """Go to the ticket."""
        one = self._row(chosen.line.id)
        if one is not None and one.ticket:
            self.go("ticket", ticket=one.ticket)

    async def action_filter(self) -> None:
        """Ask of whom: a login, a ticket's key, or a customer's id."""
        from casewright_tui.screens.prompt import Prompt

        question = text("Of whom: a login, a ticket's key, or customer:ID; * for everybody")
        await self.app.push_screen(Prompt(question), self._filtered)

    async def _filtered(self, typed: str | None) -> None:
        if not typed:
            return
        people = await self.terminal.site.people(self.actor)
        if typed == "*":
            self._of = {}
        elif typed.startswith("customer:"):
            self._of = {"customer": typed.removeprefix("customer:")}
        else:
            self._of = {"person": typed} if typed in people else {"ticket": typed.upper()}
        await self._attempted(self.refreshed())

    async def _page(self) -> None:
        query = GetAccessReport(
            actor=self.actor,
            after=self._after,
            limit=PAGE,
            person=self._of.get("person", ""),
            ticket=self._of.get("ticket", ""),
            customer=self._of.get("customer", ""),
        )
        page: AccessPage = await self.ask(query)
        self._rows += page.rows
        self._after = page.after
        self.draw()

    def _row(self, id: str) -> AccessRow | None:
        return next((one for one in self._rows if str(one.number) == id), None)

    def _kind(self, one: AccessRow) -> str:
        return self.texts.text(KINDS.get(one.kind, one.kind))

    def _door(self, one: AccessRow) -> str:
        return self.texts.text(DOORS.get(one.door, one.door))

    def _subject(self, one: AccessRow) -> str:
        if one.kind in CAME:
            return how(one.subject, self.texts)
        return self.texts.text(SUBJECTS.get(one.subject, one.subject))

    def _line(self, one: AccessRow) -> Line:
        return line(
            piece(self.texts.moment(one.at) + "  ", "dim"), piece(fit(one.actor, 12) + " ", "strong"),
            piece(fit(self._kind(one), 12) + " "), piece(one.ticket or self._subject(one)), piece(f"  {one.purpose}", "dim"),
            id=str(one.number),
        )  # fmt: skip
