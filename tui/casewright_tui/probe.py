"""Whether this terminal draws characters of ambiguous width in two cells: then lines would break, and ASCII is drawn instead.

It is asked by writing one and asking where the cursor stands; an answer that never comes changes nothing.
"""

from textual import events

ROW = 1
"""Not the first row: what some terminals send for Shift+F3 reads like a cursor in that."""
QUESTION = "\x1b[2;1H→\x1b[6n"
_WIDE = 2


def is_wide(answer: events.CursorPosition) -> bool:
    """Return whether an answer says that the character took two cells."""
    return answer.y == ROW and answer.x == _WIDE
