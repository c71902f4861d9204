"""The last guard before the terminal: characters that a terminal would obey, or that turn text round, are replaced."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from casewright.visible import UNSAFE, visible


class Unseen(LineFilter):
    """Replaces what may not reach a terminal in whatever a widget draws."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments without an unsafe character; control segments are Textual's own."""
        if not any(UNSAFE.search(one.text) for one in segments):
            return segments
        return [
            one if one.control else Segment(visible(one.text), one.style) for one in segments
        ]


UNSEEN = Unseen()
"""The one there is: Textual keeps of every line what a filter has made of it, as long as it is the same filter."""
