"""What is said and what is typed in the plain mode: lines, each cleaned of what could mislead a terminal."""

import sys
from collections.abc import Collection, Iterable

from casewright_tui.lines import Lines, plain
from casewright_tui.width import clean

WIDTH = 78
"""Cells that a line has at most: no terminal is narrower, and what reads lines aloud does not mind."""


class Left(Exception):
    """Whoever typed has gone, or wants to."""


class Speech:
    """Writes lines and reads them. Nothing is ever written over, and nothing but lines is written."""

    def say(self, *lines: str) -> None:
        """Say lines."""
        for one in lines:
            self._write(clean(one))

    def show(self, lines: Lines) -> None:
        """Say what a pane shows, without what stands there only to be seen."""
        for one in plain(lines).split("\n"):
            self._write(one)

    def heard(self, prompt: str) -> str:
        """Return what was typed, "" for a line that was given up with Ctrl-C; raise Left at the end."""
        self._write(f"{clean(prompt)} ", end="")
        try:
            line = sys.stdin.readline()
        except KeyboardInterrupt:
            self._write("")
            return ""
        except UnicodeDecodeError:
            return ""
        if not line:
            raise Left
        if not sys.stdin.isatty():
            self._write(clean(line.rstrip("\n")))
        return line.strip()

    def heard_lines(self, prompt: str, *, alone: Collection[str] = (), ends: str = "") -> str:
        """Return several lines, as they were typed until an empty one.

        A first line of `alone` stands by itself, and so does a line `ends` wherever it comes.
        """
        line = self.heard(prompt)
        if line in alone:
            return line
        found: list[str] = []
        while line:
            if line == ends:
                return ends
            found.append(line)
            line = self.heard("...")
        return "\n".join(found)

    def _write(self, text: str, *, end: str = "\n") -> None:
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + end)
        sys.stdout.flush()


def numbered(texts: Iterable[str]) -> list[str]:
    """Return texts, each with its number before it."""
    return [f"{number}. {one}" for number, one in enumerate(texts, start=1)]
