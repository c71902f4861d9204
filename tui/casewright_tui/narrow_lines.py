"""What is written to the terminal of a line of which little has changed: that little, and a colour only where another begins."""

from collections.abc import Iterator
from functools import lru_cache

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.control import Control
from rich.style import Style
from textual._compositor import ChopsUpdate
from textual.strip import Strip


def write_narrowly() -> None:
    """Have Textual write no more of a line than what has changed; it writes all that stands before it too.

    A countdown moves two characters of each row in every second: 150 octets became ten.
    """
    ChopsUpdate.render_segments = _written  # type: ignore[method-assign, assignment]


def _written(update: ChopsUpdate, console: Console) -> str:
    """Return what has changed as it is written to the terminal."""
    system = console._color_system or ColorSystem.TRUECOLOR
    written: list[str] = []
    closing = opened = ""
    for x, y, strip, whole in _pieces(update):
        move = Control.move_to(x, y).segment.text
        if whole:
            written += (closing, move, strip.render(console))
            opened = closing = ""
            continue
        written.append(move)
        for text, style, _ in strip:
            begin, end = _around(style, system) if style is not None else ("", "")
            if begin != opened:
                written += (closing, begin)
                opened, closing = begin, end
            written.append(text)
    written.append(closing)
    return "".join(written)


def _pieces(update: ChopsUpdate) -> Iterator[tuple[int, int, Strip, bool]]:
    """Yield where something has changed, what stands there now, and whether it is all of what one widget has in that line."""
    for y, begin, end in update.spans:
        for stop, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x >= end or stop <= begin:
                continue
            if begin <= x and stop <= end:
                yield x, y, strip, True
            else:
                first = _between(strip, max(0, begin - x), -1)
                last = _between(strip, min(stop, end) - x, 1)
                yield x + first, y, strip.crop(first, last), False


def _between(strip: Strip, cell: int, step: int) -> int:
    """Return the cell, or the one beside it where it is the second half of a wide character."""
    left = cell
    for text, _, _ in strip:
        width = cell_len(text)
        if left < width:
            break
        left -= width
    else:
        return cell
    for character in text:
        if left <= 0:
            break
        left -= cell_len(character)
    return cell + step if left else cell


@lru_cache(512)
def _around(style: Style, system: ColorSystem) -> tuple[str, str]:
    """Return what is written before a text in a style and what after it."""
    before, _, after = Strip.render_style(style, "\0", system).partition("\0")
    return before, after
