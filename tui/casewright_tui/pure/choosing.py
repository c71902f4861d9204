"""Which choices a typed text means, the likeliest first, and how a list of them looks."""

from collections.abc import Collection, Sequence

from casewright_tui.lines import Line, Piece, line, piece
from casewright_tui.look import Glyphs
from casewright_tui.pure.field_kind import Choice
from casewright_tui.pure.numbers import folded
from casewright_tui.pure.pinyin import initials


def matching(choices: Sequence[Choice], typed: str) -> list[Choice]:
    """Return the choices that a typed text means in either language: those that begin with it before those that hold it."""
    sought = folded(typed).casefold()
    if not sought:
        return list(choices)
    ranked = [(_rank(one, sought), index) for index, one in enumerate(choices)]
    return [choices[index] for rank, index in sorted(one for one in ranked if one[0] < _NOT)]


def listed(
    choices: Sequence[Choice],
    at: int,
    *,
    lang: str,
    rows: int,
    glyphs: Glyphs,
    taken: Collection[str] = (),
    several: bool = False,
) -> list[Line]:
    """Return at most `rows` lines of a list to choose from, around the choice `at`."""
    top = max(0, min(at - rows // 2, len(choices) - rows))
    found: list[Line] = []
    for index in range(top, min(len(choices), top + rows)):
        one = choices[index]
        pieces: list[Piece] = [piece(f"{glyphs.chosen if index == at else ' '} ", "key")]
        if several:
            pieces.append(piece(f"{glyphs.on if one.value in taken else glyphs.off} "))
        pieces.append(piece(one.said(lang), "strong" if index == at else ""))
        if one.aside is not None:
            pieces.append(piece(f"  {one.aside.of(lang)}", "dim"))
        found.append(line(*pieces))
    return found


_NOT = 9


def _rank(one: Choice, sought: str) -> int:
    names = [folded(text).casefold() for text in (one.label.en, one.label.zh, one.value)]
    if sought in names:
        return 0
    if any(name.startswith(sought) for name in names):
        return 1
    words = [word for name in names for word in name.replace("_", " ").split()]
    if any(word.startswith(sought) for word in words):
        return 2
    if sought == "".join(word[:1] for word in names[0].split())[: len(sought)]:
        return 3
    if sought.isascii() and any(
        sought in initials(name) for name in (one.label.zh, one.said("zh"))
    ):
        return 3
    paths = (folded(one.said(lang)).casefold() for lang in ("en", "zh"))
    return 4 if any(sought in path for path in (*paths, *names)) else _NOT
