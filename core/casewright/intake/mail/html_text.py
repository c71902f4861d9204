"""The text of a mail in HTML: what a reader would see, in order, and no more. It takes time in proportion to its length."""

import re
from collections.abc import Iterator
from html import unescape

from casewright.patterns import pattern

LONGEST = 2_000_000
"""Characters of HTML that are read; the mail is kept as it came."""
_BLOCKS = frozenset(
    "address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main"
    " nav ol p pre section table tbody tfoot thead tr ul".split()
)
_APART = frozenset("blockquote h1 h2 h3 h4 h5 h6 ol p pre table ul".split())
_UNSEEN = frozenset("script style head title template noscript object svg math".split())
_EMPTY = frozenset("area base br col embed hr img input link meta source track wbr".split())
_NAME = pattern(r"/?[a-zA-Z][a-zA-Z0-9:]*")
_HIDDEN = pattern(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_VALUE = pattern(r"=\s*([\"'])")
_DEEPEST = 5
_BEGINNINGS = ("/", "!", "?")
_BLANKS = pattern(r"[ \t\r\n\f\xa0]+")


def text_of(html: str) -> str:
    """Return the text; what was quoted in it stands behind `>`."""
    reading = _Reading()
    for kind, said in _tokens(html[:LONGEST]):
        if kind == "text":
            reading.text(said)
        else:
            reading.tag(said)
    return reading.whole()


class _Reading:
    """Writes lines as they are seen; the last one is still being written."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quoted = 0
        self._unseen = ""
        self._depth = 0

    def text(self, said: str) -> None:
        """Go on with a text."""
        if self._unseen:
            return
        shown = _BLANKS.sub(" ", unescape(said))
        if not self._line or self._line[-1].endswith((" ", "\t")):
            shown = shown.lstrip(" ")
        if shown:
            self._line.append(shown)

    def tag(self, said: str) -> None:
        """Go on with what a tag means for the lines."""
        found = _NAME.match(said)
        if found is None:
            return
        name, closing = found[0].lower().lstrip("/"), said.startswith("/")
        if self._unseen:
            self._leave(name, closing)
        elif name in _UNSEEN or (not closing and name not in _EMPTY and _HIDDEN.search(said)):
            self._enter(name, closing or said.endswith("/"))
        elif name == "br":
            self._end_line()
        elif name == "td" and closing and self._line:
            self._line.append("\t")
        elif name in _BLOCKS:
            self._block(name, closing)

    def whole(self) -> str:
        """Return all that was written."""
        self._end_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip("\n")

    def _enter(self, name: str, over: bool) -> None:
        if not over:
            self._unseen, self._depth = name, 1

    def _leave(self, name: str, closing: bool) -> None:
        """Count elements of the same name inside what is not seen, until it ends."""
        if name == self._unseen:
            self._depth += -1 if closing else 1
            self._unseen = self._unseen if self._depth else ""

    def _block(self, name: str, closing: bool) -> None:
        if self._line:
            self._end_line()
        if name in _APART and self._lines and self._lines[-1].strip("> "):
            self._end_line()
        if name == "blockquote":
            self._quoted = max(0, self._quoted + (-1 if closing else 1))
        if name == "li" and not closing:
            self._line.append("- ")

    def _end_line(self) -> None:
        line = "> " * min(self._quoted, _DEEPEST) + "".join(self._line)
        self._lines.append(line.rstrip())
        self._line = []


def _tokens(html: str) -> Iterator[tuple[str, str]]:
    """Yield texts and the insides of tags; every character is passed a bounded number of times."""
    place = after = 0
    last = {'"': len(html), "'": len(html)}
    while (start := html.find("<", after)) >= 0:
        following = html[start + 1 : start + 2]
        if not (following.isalpha() or following in _BEGINNINGS) or not following:
            after = start + 1
            continue
        yield "text", html[place:start]
        if html.startswith("<!--", start):
            end = html.find("-->", start + 4)
            place = len(html) if end < 0 else end + 3
        else:
            end = _end_of_tag(html, start + 1, last)
            yield "tag", html[start + 1 : end]
            place = end + 1
        after = place
    yield "text", html[place:]


def _end_of_tag(html: str, start: int, last: dict[str, int]) -> int:
    """Return where a tag ends; a quote that is never closed is none."""
    place = start
    while True:
        end = html.find(">", place)
        if end < 0:
            return len(html)
        opened = _VALUE.search(html, place, end)
        if opened is None:
            return end
        quote = opened[1]
        closed = html.find(quote, opened.end()) if opened.end() <= last[quote] else -1
        if closed < 0:
            last[quote] = min(last[quote], opened.start())
            return end
        place = closed + 1
