"""The line mode: words typed at a prompt, a line at a time, until whoever types them goes."""

import shlex
import sys
from collections.abc import Callable
from contextlib import suppress

from casewright.cli.output import print_line
from casewright.errors import OutputLost, UsageRefused, message
from casewright.texts import Texts

PROMPT = "casewright> "
LEAVE = ("exit", "quit", "logout", "bye", "退出")
HELP = ("help", "?", "帮助", "？")
LONGEST = 16 * 1024


class LineMode:
    """Reads lines and does each; `say` does the words of one and returns its exit code."""

    def __init__(self, say: Callable[[list[str]], int], texts: Texts, *, name: str) -> None:
        self._say, self._texts, self._name = say, texts, name

    def run(self) -> int:
        """Greet, and go on until somebody leaves; return 0."""
        _edit_lines()
        greeting = self._texts.say(
            "{name}, this is casewright. `help` tells what there is, `exit` leaves.",
            name=self._name,
        )
        print_line(greeting, sys.stdout)
        while (line := self._line()) is not None:
            words = self._words(line)
            if leaves(words):
                return 0
            if words:
                self._do(words)
        return 0

    def _words(self, line: str) -> list[str]:
        """Return the words of a line; none where they cannot be told apart, with why."""
        try:
            return words_of(line)
        except UsageRefused as fault:
            print_line(self._texts.error(fault), sys.stderr)
            return []

    def _do(self, words: list[str]) -> None:
        try:
            self._say(words)
        except KeyboardInterrupt:
            print_line("", sys.stdout)

    def _line(self) -> str | None:
        """Return what was typed; None at the end. A line that was given up with Ctrl-C is an empty one."""
        try:
            return input(PROMPT)
        except EOFError:
            with suppress(OutputLost):
                print_line("", sys.stdout)
            return None
        except KeyboardInterrupt:
            print_line("", sys.stdout)
            return ""
        except UnicodeDecodeError:
            return ""


def words_of(line: str) -> list[str]:
    """Return the words of a line as a shell tells them apart, and nothing else that a shell does; UsageRefused.

    Who writes `casewright` before the words means the same. Nothing is expanded and nothing is run.
    """
    if len(line) > LONGEST:
        template = (
            "a line has {limit} characters at most; send what is longer as a file, with -"
        )
        raise UsageRefused(reason=message(template, limit=LONGEST))
    try:
        words = shlex.split(line)
    except ValueError:
        template = "a quotation mark is not closed, or a backslash ends the line"
        raise UsageRefused(reason=message(template)) from None
    words = words[1:] if words[:1] == ["casewright"] else words
    return ["--help"] if words[:1] and words[0].lower() in HELP else words


def leaves(words: list[str]) -> bool:
    """Return whether somebody says that they leave."""
    return words[:1] != [] and words[0].lower() in LEAVE


def _edit_lines() -> None:
    """Have lines edited and remembered where the library is at hand; what was typed is kept nowhere but here."""
    with suppress(ImportError):
        import readline

        readline.set_auto_history(True)
        readline.parse_and_bind("set bell-style none")
