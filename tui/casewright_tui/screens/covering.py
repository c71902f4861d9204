"""A screen that covers all others: until somebody has proved who they are, no key reaches what is beneath."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from casewright_tui.lines import Line, line, paragraph, piece
from casewright_tui.messages import Changed, FrameChanged
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.widgets.caret_input import CaretInput
from casewright_tui.widgets.hint_bar import Hint
from casewright_tui.widgets.lines_view import LinesView


class Covering(DeskScreen, inherit_bindings=False):
    """Shows some lines and fields to be filled in; Enter is `proved`."""

    COVERS = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "prove", show=False),
        Binding("tab,down", "step(1)", show=False),
        Binding("shift+tab,up", "step(-1)", show=False),
        Binding("f4", "language", show=False),
        Binding("ctrl+q", "leave", show=False),
    ]
    DEFAULT_CSS = """
    Covering #said { margin: 1 2; }
    Covering .row { height: 1; margin: 0 2; }
    Covering .label { width: 16; height: 1; }
    Covering CaretInput { width: 1fr; }
    """
    FIELDS: ClassVar[Sequence[tuple[str, str]]] = ()
    """Of each field its name and what it is called."""
    AUTO_FOCUS = "CaretInput"

    def __init__(self) -> None:
        super().__init__()
        self.fault = ""

    @property
    def is_modal(self) -> bool:
        """Nothing beneath takes a key."""
        return True

    def fields(self) -> Sequence[tuple[str, str]]:
        """Return the fields that are asked for."""
        return self.FIELDS

    def sentences(self) -> Sequence[str]:
        """Return what is said above the fields."""
        raise NotImplementedError

    async def proved(self) -> None:
        """Go by what was filled in."""
        raise NotImplementedError

    def body(self) -> ComposeResult:
        """Yield the sentences and the fields."""
        with Vertical(id="body"):
            said = LinesView(self.look, id="said")
            said.can_focus = False
            yield said
            for name, _ in self.fields():
                yield from self._row(name)

    def value(self, name: str) -> str:
        """Return what stands in a field; "" where there is none of this name."""
        found = self.query(f"#{name}").results(CaretInput)
        return next((one.value for one in found), "")

    def empty(self, *names: str) -> None:
        """Forget what stands in fields."""
        for one in self.query(CaretInput):
            if one.id in names:
                one.value = ""

    async def refreshed(self) -> None:
        """Show it in the language of now."""
        self.draw()

    def draw(self) -> None:
        """Draw it in the language and the look of now."""
        width = max(20, self.size.width - 4)
        lines: list[Line] = []
        for index, sentence in enumerate(self.sentences()):
            lines += paragraph(sentence, width, "title" if not index else "")
        if self.fault:
            lines += paragraph(f"! {self.fault}", width, "bad")
        said = self.query_one("#said", LinesView)
        said.styles.height = len(lines)
        said.show(lines, look=self.look)
        for name, title in self.fields():
            label = line(piece(self.texts.text(title), "label"))
            self.query_one(f"#{name}-label", LinesView).show([label], look=self.look)

    async def changed(self, change: Changed) -> None:
        """Nothing at the desk is seen here."""

    def on_frame_changed(self, message: FrameChanged) -> None:
        """Show it in the language of now."""
        self.framed()
        self.draw()

    def on_resize(self) -> None:
        """Break the lines anew."""
        self.draw()

    def hints(self) -> Sequence[Hint]:
        """Return the few keys there are."""
        text = self.texts.text
        return [
            ("Enter", text("Go on"), 1),
            ("Tab", text("Next field"), 2),
            ("F4", "English / 中文", 3),
            ("Ctrl+Q", text("Leave"), 4),
        ]

    async def action_prove(self) -> None:
        """Go by what was filled in."""
        self.fault = ""
        await self.proved()
        if self.is_current:
            self.draw()

    def action_step(self, by: int) -> None:
        """Go to the next field, or back."""
        if by > 0:
            self.focus_next()
        else:
            self.focus_previous()

    async def action_language(self) -> None:
        """Speak the other language."""
        await self.terminal.habits.speak("en" if self.texts.lang == "zh" else "zh", keep=False)

    def action_leave(self) -> None:
        """Leave the terminal."""
        self.terminal.exit(0)

    def _row(self, name: str) -> ComposeResult:
        label = LinesView(self.look, id=f"{name}-label", classes="label")
        label.can_focus = False
        entry = CaretInput(id=name)
        entry.password = name == "password"
        with Horizontal(classes="row"):
            yield label
            yield entry
