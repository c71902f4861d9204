"""Markdown as it is written to a customer, and texts without what may be somebody's number."""

from functools import lru_cache
from re import compile as pattern
from typing import Any


def of_markdown(text: str) -> str:
    """Return a Markdown text as plain words: paragraphs, lists with their numbers or dashes, links with where they lead."""
    lines: list[str] = []
    numbers: list[int] = []
    before = ""
    cells: list[str] | None = None
    for token in _reader().parse(text):
        if token.type == "ordered_list_open":
            numbers.append(int(token.attrs.get("start", 1)))
        elif token.type == "bullet_list_open":
            numbers.append(0)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            numbers.pop()
        elif token.type == "list_item_open":
            before = f"{numbers[-1]}. " if numbers[-1] else "- "
            numbers[-1] += 1 if numbers[-1] else 0
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and cells is not None:
            lines.append(" – ".join(cells))
            cells = None
        elif token.type == "inline" and cells is not None:
            cells.append(_inline(token.children or []))
        elif token.type == "inline":
            indent = "  " * max(0, len(numbers) - 1)
            lines.append(f"{indent}{before}{_inline(token.children or [])}")
            before = ""
        elif token.type in ("fence", "code_block"):
            lines.append(token.content.rstrip("\n"))
    return "\n".join(lines).strip()


def without_numbers(text: str, digits: int) -> str:
    """Return a text in which no run of so many digits, or more, is left."""
    return _NUMBER[digits].sub("…", text) if digits in _NUMBER else text


_NUMBER = {5: pattern(r"\d(?:[ -]?\d){4,}")}


def _inline(children: list[Any]) -> str:
    found: list[str] = []
    leads: list[str] = []
    for one in children:
        if one.type in ("text", "code_inline"):
            found.append(one.content)
        elif one.type in ("softbreak", "hardbreak"):
            found.append("\n")
        elif one.type == "link_open":
            leads.append(str(one.attrs.get("href", "")))
        elif one.type == "link_close":
            where = leads.pop()
            if where and not found[-1:] == [where]:
                found.append(f" ({where})")
        elif one.type == "image":
            found.append(one.content)
    return "".join(found)


@lru_cache(maxsize=1)
def _reader() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")
