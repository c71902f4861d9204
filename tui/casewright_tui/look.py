"""How tones look: the style of every tone, what they are drawn upon, and the characters that frame and mark; see `themes`."""

from collections.abc import Mapping

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from casewright.swift_dataclass import dataclass
from casewright_tui.lines import Line, Piece, Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """The characters that are no letters: in Unicode, or in ASCII where a terminal cannot do better."""

    chosen: str = "▶"
    marked: str = "●"
    paused: str = "‖"
    warned: str = "!"
    full: str = "█"
    empty: str = "░"
    eighths: str = " ▁▂▃▄▅▆▇█"
    lefts: str = " ▏▎▍▌▋▊▉█"
    here: str = "◉"
    been: str = "●"
    ahead: str = "○"
    rail: str = "│"
    branch: str = "├"
    last: str = "└"
    top: str = "┌"
    cross: str = "┼"
    dash: str = "─"
    arrow: str = "→"
    dot: str = "·"
    fresh: str = "↻"
    on: str = "[x]"
    off: str = "[ ]"


UNICODE = Glyphs()
ASCII = Glyphs(
    chosen=">", marked="*", paused="=", full="#", empty=".", eighths=" ......:#", lefts="     ####", here="@", been="*",
    ahead="o", rail="|", branch="+", last="+", top="+", cross="+", dash="-", arrow="->", dot="-", fresh="~",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What everything is drawn upon: the screen, fields to be typed in and the one in use, the status line, the hint bar."""

    screen: str
    field: str
    field_in_use: str
    status: str
    hints: str
    text: str
    accent: str
    dark: bool = True
    native: bool = False
    """Whether the colours are the terminal's own sixteen, whatever it shows them as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How everything is drawn now; `chosen` and `marked` lie over a line's own styles, `header` is that of column titles."""

    name: str
    ground: Ground
    styles: Mapping[Tone, Style]
    chosen: Style
    marked: Style
    header: Style
    glyphs: Glyphs = UNICODE

    def style(self, tone: Tone) -> Style:
        """Return the style of a tone."""
        return self.styles.get(tone) or Style.null()

    def strip(
        self, line: Line, width: int, *, chosen: bool = False, marked: bool = False
    ) -> Strip:
        """Return a line as it is drawn, in exactly `width` cells."""
        filled = line.filled(width)
        return Strip(
            [self.segment(one, chosen=chosen, marked=marked) for one in filled.pieces], width
        )

    def segment(self, piece: Piece, *, chosen: bool = False, marked: bool = False) -> Segment:
        """Return a piece of a line as it is drawn."""
        over = self.chosen if chosen else self.marked if marked else None
        style = self.style(piece.tone)
        return Segment(piece.text, style + over if over else style)
