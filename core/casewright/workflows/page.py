"""The tables of `workflows/README.md`, made of the language's own data and put between its markers."""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from casewright.patterns import pattern
from casewright.workflows.codes import REFUSALS, WARNINGS
from casewright.workflows.words import (
    ACTION_MODIFIERS,
    CHOICES,
    CONSTRUCTS,
    EXPRESSION_VARIABLES,
    SHAPES,
    Word,
)

_SECTION = pattern(r"(<!-- made: (?P<name>[\w ]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(page: str) -> str:
    """Return `page` with every section `<!-- made: name --> ... <!-- end -->` made anew."""
    return _SECTION.sub(lambda found: found[1] + _made(found["name"]) + found[3], page)


def sections(page: str) -> set[str]:
    """Return the names of the sections that a page has."""
    return {found["name"] for found in _SECTION.finditer(page)}


def all_sections() -> set[str]:
    """Return the names of the sections that a complete page has."""
    return {*CONSTRUCTS, *_TABLES}


def _made(name: str) -> str:
    return _TABLES[name]() if name in _TABLES else _words(name, CONSTRUCTS[name])


def _words(name: str, words: Mapping[str, Word]) -> str:
    rows = [
        (
            f"`{word}`" + (" **required**" if one.required else ""),
            _shapes(one),
            _doc(name, word, one),
        )
        for word, one in words.items()
    ]
    return _table(("word", "value", "meaning"), rows)


def _doc(name: str, word: str, one: Word) -> str:
    if name != "Action" or word not in ACTION_MODIFIERS:
        return one.doc
    modifiers = ", ".join(f"`{modifier}`" for modifier in ACTION_MODIFIERS[word])
    return f"{one.doc} May have: {modifiers}."


def _shapes(one: Word) -> str:
    return " or ".join(dict.fromkeys(_shape(shape) for shape in one.shapes))


def _shape(shape: str) -> str:
    kind, _, inner = shape.partition(":")
    if kind == "one of":
        return ", ".join(f"`{choice}`" for choice in CHOICES[inner])
    if kind in CONSTRUCTS:
        return _link(kind)
    if kind in ("list", "table"):
        held = _link(inner) if inner in CONSTRUCTS else _HELD[inner]
        return f"a list of {held}" if kind == "list" else f"names with {held}"
    return f"*{kind}*"


_HELD = {
    "After": "a duration and a transition",
    "Ladder": "a list of " + "[LadderStep](#ladderstep)",
    "duration": "a *duration* by priority",
}


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def _shape_table() -> str:
    return _table(
        ("value", "how it is written"), [(f"*{name}*", text) for name, text in SHAPES.items()]
    )


def _variables() -> str:
    rows = [(f"`{name}`", text) for name, text in EXPRESSION_VARIABLES.items()]
    return _table(("variable", "what it holds"), rows)


def _codes() -> str:
    rows = [(f"`workflow.{code}`", text) for code, text in REFUSALS.items()]
    rows += [(f"`workflow.{code}`", f"(warning) {text}") for code, text in WARNINGS.items()]
    return _table(("code", "what it means"), rows)


_TABLES: Mapping[str, Callable[[], str]] = {
    "values": _shape_table,
    "variables": _variables,
    "problems": _codes,
}


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("-" for _ in head), *rows]
    return "".join(f"| {' | '.join(_cell(one) for one in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:] or ["workflows/README.md"]):
        path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
