"""Texts in cells: how wide they are, cut and filled to a width, wrapped; a wide character is never cut in half."""

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size

from casewright.visible import visible

CUT = "…"


def cells(text: str) -> int:
    """Return how many cells a text takes."""
    return cell_len(text)


def clean(text: object) -> str:
    """Return a text as it may reach a terminal, on one line."""
    return visible(" ".join(str(text).split("\n"))).replace("\t", " ")


def fit(text: str, width: int) -> str:
    """Return `text` in exactly `width` cells: filled with blanks, or cut with a mark that it goes on."""
    if width <= 0:
        return ""
    taken = cell_len(text)
    if taken <= width:
        return text + " " * (width - taken)
    kept = set_cell_size(text, width - 1).rstrip()
    return (kept + CUT).ljust(len(kept) + width - cell_len(kept))


def fit_right(text: str, width: int) -> str:
    """Return `text` in exactly `width` cells, at the right end of them."""
    taken = cell_len(text)
    return " " * (width - taken) + text if taken <= width else fit(text, width)


def wrapped(text: str, width: int) -> Iterator[str]:
    """Yield `text` in lines of at most `width` cells, broken at blanks or, as in Chinese, between any two characters."""
    for paragraph in text.split("\n"):
        yield from _paragraph(paragraph, max(2, width))


def _paragraph(text: str, width: int) -> Iterator[str]:
    line, taken = "", 0
    for word in _words(text):
        wide = cell_len(word)
        if taken + wide > width and line:
            yield line.rstrip()
            line, taken = "", 0
            word, wide = word.lstrip(), cell_len(word.lstrip())
        while wide > width:
            piece = _beginning(word, width)
            yield piece
            word = word[len(piece) :]
            wide = cell_len(word)
        line, taken = line + word, taken + wide
    yield line.rstrip()


def _words(text: str) -> Iterator[str]:
    """Yield what must not be broken: a word with the blanks before it, or one wide character."""
    word = ""
    for one in text:
        wide = cell_len(one) == 2
        if wide or (one == " " and word.strip()):
            if word:
                yield word
            word = ""
        if wide:
            yield one
        else:
            word += one
    if word:
        yield word


def _beginning(word: str, width: int) -> str:
    taken = 0
    for index, one in enumerate(word):
        taken += cell_len(one)
        if taken > width:
            return word[: max(1, index)]
    return word
