"""Fields that are answered without typing: a box to tick, and a few choices that stand side by side."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.strip import Strip
from textual.widget import Widget

from casewright.bilingual import Bilingual
from casewright_tui.lines import Line, Lines, Piece, piece
from casewright_tui.look import Look
from casewright_tui.pure.choosing import matching
from casewright_tui.pure.entries import Entry
from casewright_tui.pure.field_kind import NO, YES, Choice, Choices
from casewright_tui.pure.numbers import folded
from casewright_tui.widgets.field_control import Edited
from casewright_tui.width import cells


class Ticked(Widget, can_focus=True):
    """Draws boxes, and says what ticks them; what they stand for is said by those that are made of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", show=False),
        Binding("right", "move(1)", show=False),
        Binding("space,ideographic_space", "tick", show=False),
    ]

    def __init__(self, choices: Choices, look: Look, lang: str) -> None:
        super().__init__()
        self._choices, self._look, self._lang = choices, look, lang
        self._at = 0
        self._taken: tuple[str, ...] = ()

    def dressed(self, look: Look, lang: str) -> None:
        """Draw in another look or language."""
        self._look, self._lang = look, lang
        self.refresh()

    def height(self, width: int) -> int:
        """Return how many lines the boxes take."""
        return len(self._placed(width))

    def below(self, width: int) -> Lines:
        """Nothing."""
        return ()

    def track(self) -> None:
        """Have the terminal's cursor stand on the box that Space ticks."""
        if not self.has_focus:
            return
        for y, row in enumerate(self._placed(self.size.width)):
            for x, index in row:
                if index == self._at:
                    self.app.cursor_position = self.content_region.offset + Offset(x + 1, y)

    def render_line(self, y: int) -> Strip:
        """Return a line of boxes."""
        width = self.size.width
        placed = self._placed(width)
        row = placed[y] if y < len(placed) else []
        pieces: list[Piece] = []
        for _, index in row:
            here = self.has_focus and index == self._at
            pieces += [piece(self._mark(index), "key" if here else ""), Piece(" ")]
            pieces.append(piece(self._label(index), "title" if here else ""))
            pieces.append(Piece("  "))
        return self._look.strip(Line(pieces=tuple(pieces)), width).apply_style(self.rich_style)

    def action_move(self, by: int) -> None:
        """Go to the next box."""
        self._go(max(0, min(len(self._choices) - 1, self._at + by)))

    def action_tick(self) -> None:
        """Tick the box, or take the tick away."""
        self._pick(self._at)

    def _go(self, index: int) -> None:
        self._at = index
        self.track()
        self.refresh()

    def _pick(self, index: int) -> None:
        value = self._choices[index].value
        self._taken = tuple(
            one.value
            for one in self._choices
            if (one.value in self._taken) != (one.value == value)
        )
        self._go(index)
        self.post_message(Edited(self))

    async def _on_key(self, event: events.Key) -> None:
        """Take a digit or a letter as the box that it names; what is typed here never is a command."""
        if not event.is_printable or event.key in ("space", "ideographic_space"):
            return
        event.stop()
        event.prevent_default()
        typed = folded(event.character or "")
        number = int(typed) if typed in "123456789" and typed else 0
        if 0 < number <= len(self._choices):
            self._pick(number - 1)
        elif found := matching(self._choices, typed):
            self._pick(self._choices.index(found[0]))

    async def on_click(self, event: events.Click) -> None:
        """Tick the box that was clicked."""
        placed = self._placed(self.size.width)
        row = placed[event.y] if event.y < len(placed) else []
        under = [index for x, index in row if x <= event.x]
        if under:
            self._pick(under[-1])

    def on_focus(self) -> None:
        """Show where one is."""
        self.call_after_refresh(self.track)
        self.refresh()

    def on_blur(self) -> None:
        """Show that one is elsewhere."""
        self.refresh()

    def _label(self, index: int) -> str:
        return self._choices[index].said(self._lang)

    def _mark(self, index: int) -> str:
        glyphs = self._look.glyphs
        return glyphs.on if self._choices[index].value in self._taken else glyphs.off

    def _placed(self, width: int) -> Sequence[Sequence[tuple[int, int]]]:
        """Return the boxes by line: at which cell, and which."""
        rows: list[list[tuple[int, int]]] = [[]]
        x = 0
        for index in range(len(self._choices)):
            wide = cells(self._label(index)) + 6
            if x and x + wide - 2 > width:
                rows.append([])
                x = 0
            rows[-1].append((x, index))
            x += wide
        return rows


class Several(Ticked):
    """Any number of a few choices."""

    @property
    def entry(self) -> Entry:
        """The choices that are ticked."""
        return self._taken

    @entry.setter
    def entry(self, entry: Entry) -> None:
        self._taken = entry if isinstance(entry, tuple) else ()
        self.refresh()


class OneOf(Ticked):
    """One of a few choices; another tick takes the first away, and the same one takes itself away."""

    @property
    def entry(self) -> Entry:
        """The choice that is taken."""
        return self._taken[0] if self._taken else None

    @entry.setter
    def entry(self, entry: Entry) -> None:
        self._taken = (entry,) if isinstance(entry, str) and entry else ()
        self._at = next(
            (index for index, one in enumerate(self._choices) if one.value in self._taken), 0
        )
        self.refresh()

    def _pick(self, index: int) -> None:
        value = self._choices[index].value
        self._taken = () if self._taken == (value,) else (value,)
        self._go(index)
        self.post_message(Edited(self))

    def _mark(self, index: int) -> str:
        glyphs = self._look.glyphs
        mark = glyphs.been if self._choices[index].value in self._taken else " "
        return f"({mark})"


class Tick(Ticked):
    """One box: ticked or not, or not answered yet."""

    @property
    def entry(self) -> Entry:
        """Whether it is ticked; None as long as nobody touched it."""
        return {YES: True, NO: False}.get(self._taken[0]) if self._taken else None

    @entry.setter
    def entry(self, entry: Entry) -> None:
        self._taken = () if not isinstance(entry, bool) else (YES if entry else NO,)
        self.refresh()

    def __init__(self, look: Look, lang: str) -> None:
        super().__init__(_BOX, look, lang)

    def _pick(self, index: int) -> None:
        self.entry = not self.entry
        self._go(0)
        self.post_message(Edited(self))

    async def _on_key(self, event: events.Key) -> None:
        """Take `y`, `1` and 是 as a tick, `n`, `0` and 否 as none."""
        if not event.is_printable or event.key in ("space", "ideographic_space"):
            return
        event.stop()
        event.prevent_default()
        answer = _ANSWERS.get(folded(event.character or "").lower())
        if answer is not None:
            self.entry = answer
            self.post_message(Edited(self))

    def _label(self, index: int) -> str:
        return ""

    def _mark(self, index: int) -> str:
        return self._look.glyphs.on if self.entry is True else self._look.glyphs.off


_BOX = (Choice(value=YES, label=Bilingual(en="", zh="")),)
_ANSWERS = {"y": True, "1": True, "是": True, "x": True, "n": False, "0": False, "否": False}
