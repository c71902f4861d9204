"""A menu: something chosen out of a list by typing a part of it, or with the arrows; what cannot be had now says why."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from casewright.bilingual import Bilingual
from casewright.errors import Message
from casewright.swift_dataclass import dataclass
from casewright.texts import Texts
from casewright_tui.lines import Line, Piece, Tone, line, paragraph, piece
from casewright_tui.messages import Changed, FrameChanged, GoBack, Told
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.widgets.caret_input import CaretInput
from casewright_tui.widgets.lines_view import LinesView
from casewright_tui.width import cells, fit

Said = str | Bilingual | Message
"""What is shown in the language of now; a text by itself is shown as it is."""
WIDEST = 44


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something to be chosen: `hint` stands behind it, such as a key; `blocked` is why it cannot be had now.

    `remark` is what else is to be known of one that can be had.
    It is found by what it is called in either language, by its hint, and by what else it is called (`also`).
    """

    id: str
    title: Said
    hint: str = ""
    blocked: Said | None = None
    remark: Said = ""
    also: tuple[str, ...] = ()
    group: str = ""


def found(items: Sequence[Item], typed: str, texts: Texts) -> list[Item]:
    """Return the items that have all the words typed: the one whose key was typed first, then those that begin with them."""
    words = typed.casefold().split()
    kept = [one for one in items if all(word in _names(one, texts) for word in words)]
    start = typed.casefold().strip()
    return sorted(
        kept,
        key=lambda one: (
            bool(start) and one.hint.casefold() != start,
            not _shown(one.title, texts).casefold().startswith(start),
        ),
    )


def item_lines(items: Sequence[Item], texts: Texts, width: int) -> list[Line]:
    """Return items as lines, an empty one between two groups; why one cannot be had goes on below it, where it is long."""
    wide = min(WIDEST, max((cells(_shown(one.title, texts)) for one in items), default=0))
    lines: list[Line] = []
    for index, one in enumerate(items):
        if index and items[index - 1].group != one.group:
            lines.append(Line())
        tone: Tone = "dim" if one.blocked is not None else ""
        reason = _shown(one.remark if one.blocked is None else one.blocked, texts)
        title = fit(
            _shown(one.title, texts),
            max(wide, cells(_shown(one.title, texts)) if not (one.hint or reason) else wide),
        )
        taken = cells(title) + cells(one.hint) + 4
        below = (
            paragraph(reason, width, "dim", indent=4) if taken + cells(reason) > width else []
        )
        lines.append(
            line(
                Piece(" "),
                piece(title, tone),
                Piece("  "),
                piece(one.hint, "key"),
                Piece(" " if one.hint else ""),
                piece("" if below else reason, "dim"),
                id=one.id,
            )
        )
        lines += below
    return lines


class Menu(DeskScreen):
    """A menu over any list; it is left with the id of what was chosen, or with None."""

    PLACE = "menu"
    AUTO_FOCUS = "CaretInput"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("enter", "choose", show=False),
        Binding("escape", "back", show=False),
    ]

    def __init__(
        self, title: Said, items: Sequence[Item], *, about: Said = "", at: str = ""
    ) -> None:
        super().__init__()
        self._title, self._about, self._at = title, about, at
        self._items = items
        self._typed = ""

    def body(self) -> ComposeResult:
        """Yield the line to type in and the list."""
        with Vertical(id="body"):
            yield LinesView(self.look, id="about")
            yield CaretInput(placeholder=self.texts.text("type a part of it"))
            yield LinesView(self.look, id="items")

    async def on_mount(self) -> None:
        """Show all of it."""
        about = self.query_one("#about", LinesView)
        about.styles.height = 1
        about.can_focus = False
        items = self.query_one("#items", LinesView)
        items.can_focus, items.led = False, True
        self._draw()
        if self._at:
            self.query_one("#items", LinesView).choose(self._at)
        self.framed()

    def titled(self) -> str:
        """Return what the menu is called."""
        return _shown(self._title, self.texts)

    async def refreshed(self) -> None:
        """Show it in the language of now."""
        self._draw()

    async def changed(self, change: Changed) -> None:
        """Nothing at the desk changes a menu."""

    def on_frame_changed(self, message: FrameChanged) -> None:
        """Show it in the language of now."""
        self.framed()
        self._draw()

    def on_input_changed(self, message: Input.Changed) -> None:
        """Show what has what was typed."""
        self._typed = message.value
        self._draw()
        self.query_one("#items", LinesView).action_edge(-1)

    def action_move(self, by: int) -> None:
        """Go to another item."""
        self.query_one("#items", LinesView).action_move(by)

    def action_page(self, by: int) -> None:
        """Go a screenful on."""
        self.query_one("#items", LinesView).action_page(by)

    def on_lines_view_chosen(self, chosen: LinesView.Chosen) -> None:
        """Take the item that was chosen."""
        self._choose(chosen.line.id)

    def action_choose(self) -> None:
        """Take the item under the cursor."""
        chosen = self.query_one("#items", LinesView).chosen
        if chosen is not None:
            self._choose(chosen.id)

    def _choose(self, id: str) -> None:
        item = next(one for one in self._items if one.id == id)
        if item.blocked is not None:
            self.post_message(Told(_shown(item.blocked, self.texts), bad=True))
        else:
            self.post_message(GoBack(id))

    def _draw(self) -> None:
        about = line(
            Piece(" "), piece(_shown(self._about, self.texts) or self.titled(), "title")
        )
        self.query_one("#about", LinesView).show([about], look=self.look)
        kept = found(self._items, self._typed, self.texts)
        none = [line(Piece(" "), piece(self.texts.text("nothing is called so"), "dim"))]
        items = self.query_one("#items", LinesView)
        width = max(20, self.app.size.width - 1)
        items.show(item_lines(kept, self.texts, width) or none, look=self.look)


def _shown(said: Said, texts: Texts) -> str:
    return str(texts.value(said))


def _names(item: Item, texts: Texts) -> str:
    title = item.title
    both = (title.en, title.zh) if isinstance(title, Bilingual) else (_shown(title, texts),)
    return " ".join((*both, item.hint, *item.also)).casefold()
