"""The line mode on a whole terminal: a line to type words in, and above it what came of them."""

import os
from collections.abc import Callable
from typing import ClassVar

from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, RichLog, Static

from casewright.texts import Texts, text

Say = Callable[[str], str | None]
"""Does a line of words and returns what is printed of it, None where it says that somebody leaves."""
MOST_LINES = 5000
_MARGIN = 4


class LineApp(App[None]):
    """Takes words, has them said in a thread, and shows what came of them; needs no mouse."""

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", show=False),
        Binding("f1", "help", show=False, priority=True),
        Binding("pageup", "page(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
        Binding("up", "recall(-1)", show=False, priority=True),
        Binding("down", "recall(1)", show=False, priority=True),
    ]

    def __init__(self, say: Say, texts: Texts, name: str) -> None:
        super().__init__()
        self._say, self._texts, self._name = say, texts, name
        self._typed: list[str] = []
        self._recalled = 0

    def compose(self) -> ComposeResult:
        """Yield the status line, the log and the line to type in."""
        yield Static(f"casewright · {self._name}", id="status", markup=False)
        yield RichLog(id="log", max_lines=MOST_LINES, wrap=True)
        yield Input(id="line", placeholder=self._texts.text(PLACEHOLDER))
        yield Static(self._texts.text(HINTS), id="hints", markup=False)

    def on_mount(self) -> None:
        """Have the line ready to be typed in."""
        self.query_one(RichLog).can_focus = False
        self.query_one(Input).focus()

    def on_input_submitted(self, submitted: Input.Submitted) -> None:
        """Do what was typed."""
        line = submitted.value.strip()
        if not line or self.query_one(Input).disabled:
            return
        self.query_one(Input).clear()
        self._typed.append(line)
        self._recalled = len(self._typed)
        self._show(f"> {line}")
        self._do(line)

    def action_help(self) -> None:
        """Tell what there is, unless something is being done."""
        if not self.query_one(Input).disabled:
            self._do("help")

    def action_page(self, direction: int) -> None:
        """Turn a page of what came before."""
        log = self.query_one(RichLog)
        if direction < 0:
            log.scroll_page_up(animate=False)
        else:
            log.scroll_page_down(animate=False)

    def action_recall(self, direction: int) -> None:
        """Bring back a line that was typed before."""
        wanted = self._recalled + direction
        if not 0 <= wanted <= len(self._typed):
            return
        self._recalled = wanted
        line = self._typed[wanted] if wanted < len(self._typed) else ""
        entry = self.query_one(Input)
        entry.value = line
        entry.cursor_position = len(line)

    def _do(self, line: str) -> None:
        self.query_one(Input).disabled = True
        os.environ["COLUMNS"] = str(max(40, self.size.width - _MARGIN))
        self._answer(line)

    @work(thread=True, exclusive=True)
    def _answer(self, line: str) -> None:
        found = self._say(line)
        self.call_from_thread(self._answered, found)

    def _answered(self, found: str | None) -> None:
        if found is None:
            self.exit()
            return
        self._show(found.rstrip("\n"))
        entry = self.query_one(Input)
        entry.disabled = False
        entry.focus()

    def _show(self, shown: str) -> None:
        self.query_one(RichLog).write(f"{shown}\n")


def live(say: Say, texts: Texts, name: str) -> int:
    """Run until whoever sits there leaves; return the exit code."""
    LineApp(say, texts, name).run()
    return 0


PLACEHOLDER = text("type words, such as: my")
HINTS = text("F1 help · Enter do · Up former lines · PgUp, PgDn scroll · exit leaves")
