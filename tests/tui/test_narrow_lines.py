"""What is written of a line of which little has changed: no more than that, each colour once, and no half of a character."""

from io import StringIO

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate
from textual.strip import Strip

from casewright_tui.narrow_lines import write_narrowly

GREEN = Style(color="#00ff00")
START, END = "\x1b[38;2;0;255;0m", "\x1b[0m"


def written(texts: list[str], spans: list[tuple[int, int, int]]) -> str:
    """Return what is written of lines of one style when so much of them has changed."""
    write_narrowly()
    strips = [Strip([Segment(text, GREEN)]) for text in texts]
    update = ChopsUpdate(
        [{0: one} for one in strips], spans, [[one.cell_length] for one in strips]
    )
    return update.render_segments(Console(file=StringIO(), color_system="truecolor"))


def test_only_what_has_changed_is_written_and_its_colour_once():
    assert written(["left 12:34", "left 09:10"], [(0, 9, 10), (1, 8, 10)]) == (
        f"\x1b[1;10H{START}4\x1b[2;9H10{END}"
    )


def test_a_line_that_has_changed_as_a_whole_is_written_as_a_whole():
    assert written(["left", "right"], [(0, 0, 4), (1, 4, 5)]) == (
        f"\x1b[1;1H{START}left{END}\x1b[2;5H{START}t{END}"
    )


def test_a_wide_character_is_written_whole_or_not_at_all():
    assert written(["王秀英"], [(0, 1, 3)]) == f"\x1b[1;1H{START}王秀{END}"
    assert written(["王秀英"], [(0, 2, 4)]) == f"\x1b[1;3H{START}秀{END}"
