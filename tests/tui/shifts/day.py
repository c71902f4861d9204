"""What a shift is told in: somebody at a real terminal, whose keys are counted, in whichever language; and the store beside it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from casewright.config import read_config
from casewright.desk import open_desk
from casewright.model import Event, Ticket
from casewright.queries import GetHistory, GetTicket

from .. import on_tmux

Said = str | tuple[str, str]
"""What stands on the screen: the same in both languages, or in English and in Chinese."""
OTHER = {"en": "zh", "zh": "en"}


def told_in(lang: str) -> pytest.MarkDecorator:
    """Have a shift told in one language in `make check`, and in the other in `make soak`."""
    other = pytest.param(OTHER[lang], marks=pytest.mark.soak)
    return pytest.mark.parametrize("lang", [lang, other])


class Clerk:
    """Somebody at a terminal; `keys` counts what they pressed, typed text apart."""

    def __init__(self, screen: on_tmux.Screen, lang: str) -> None:
        self.screen, self.lang, self.keys = screen, lang, 0

    def press(self, *keys: str) -> None:
        """Press keys, each of which counts."""
        self.keys += len(keys)
        self.screen.keys(*keys)

    def type(self, text: Said) -> None:
        """Type a text, as an input method commits it."""
        self.screen.type(self.said(text))

    def choose(self, text: Said) -> None:
        """Choose by typing a part of what is meant, and Enter: one."""
        self.keys += 1
        self.type(text)
        self.screen.keys("Enter")

    def sees(self, *texts: Said) -> str:
        """Wait until all of these stand on the screen; return it."""
        return self.screen.sees(*map(self.said, texts))

    def sees_no_more(self, text: Said) -> None:
        """Wait until this does not stand on the screen."""
        until(lambda: self.said(text) not in self.screen.text, lambda: self.screen.text)

    def said(self, text: Said) -> str:
        """Return what is said in the language of the terminal."""
        return text if isinstance(text, str) else text[self.lang == "zh"]

    def open(self, ticket: str) -> None:
        """Go to a ticket by its key, from wherever one is."""
        self.press("C-f")
        self.sees(("Search", "搜索"))
        self.type(ticket)
        self.press("Enter")
        self.sees(("Tickets", "工单"), ticket)
        self.press("Enter")
        self.sees(f" {ticket}", ("[Matter]", "[事项]"))

    def crash(self) -> None:
        """Have the terminal killed, as a crash or a power cut would."""
        shell = self.screen.run("display-message", "-p", "#{pane_pid}").strip()
        words = ["ps", "-o", "pid=", "--ppid", shell]
        listed = subprocess.run(words, capture_output=True, text=True, check=True)
        for child in listed.stdout.split():
            os.kill(int(child), signal.SIGKILL)


@contextmanager
def at_work(
    root: Path, person: str, lang: str, *, size: tuple[int, int] = (80, 24)
) -> Iterator[Clerk]:
    """Have somebody sit at a terminal meanwhile, who leaves it by its key unless it crashed."""
    with on_tmux.screen(root, person, lang=lang, size=size) as screen:
        one = Clerk(screen, lang)
        one.sees("F1")
        yield one
        if "[left " not in screen.text:
            screen.keys("C-q")
            screen.sees("[left 0]")


@contextmanager
def beside(root: Path) -> Iterator[Any]:
    """Open the store beside the terminals."""
    with open_desk(read_config(root)) as desk:
        yield desk


def ticket(root: Path, key: str, *, actor: str = "feng_yun") -> Ticket:
    """Return a ticket as the store has it."""
    with beside(root) as desk:
        found: Ticket = desk.ask(GetTicket(actor=actor, ticket=key))
        return found


def history(root: Path, key: str, *, actor: str = "feng_yun") -> list[Event]:
    """Return what happened to a ticket as the store has it."""
    with beside(root) as desk:
        return list(desk.ask(GetHistory(actor=actor, ticket=key)))


def until(holds: Callable[[], bool], shown: Callable[[], object] = str) -> None:
    """Wait until something holds; AssertionError with what is `shown` when it does not for long."""
    end = time.monotonic() + on_tmux.PATIENCE
    while not holds():
        assert time.monotonic() < end, f"it never came to that:\n{shown()}"
        time.sleep(0.05)
