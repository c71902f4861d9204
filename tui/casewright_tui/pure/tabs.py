"""The line over panes: what each is called, the one that has the keys in brackets, those that are not shown behind them."""

from collections.abc import Sequence

from casewright_tui.lines import Line, Piece, line, piece


def tabs(titles: Sequence[str], current: int, shown: range) -> Line:
    """Return the line."""
    pieces: list[Piece] = [Piece(" ")]
    for index, title in enumerate(titles):
        if index == current:
            pieces.append(piece(f"[{title}]", "strong"))
        else:
            pieces.append(piece(f" {title} ", "label" if index in shown else "dim"))
        pieces.append(Piece(" "))
    return line(*pieces)


def window(count: int, current: int, first: int, room: int) -> range:
    """Return which of `count` panes are shown where there is room for so many: as before, as far as the current one is there."""
    room = max(1, min(room, count))
    first = min(max(first, current - room + 1), current)
    first = max(0, min(first, count - room))
    return range(first, first + room)
