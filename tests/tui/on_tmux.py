"""The terminal as it is: a process on a real terminal, driven and read by tmux; for what Textual alone cannot show."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

PATIENCE = 30.0


class Screen:
    """A terminal in tmux."""

    def __init__(self, name: str) -> None:
        self._name = name

    def run(self, *words: str) -> str:
        """Say something to this tmux, and return what it answers."""
        done = subprocess.run(
            ["tmux", "-L", self._name, *words],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return done.stdout

    def keys(self, *keys: str) -> None:
        """Press keys as tmux names them: `Enter`, `F2`, `C-s`; several arrive in one burst."""
        self.run("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text, as an input method commits it."""
        self.run("send-keys", "-l", text)

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return self.run("capture-pane", "-p")

    @property
    def caret(self) -> tuple[int, int]:
        """Where the terminal's cursor is, column and row from 0."""
        column, row = (
            self.run("display-message", "-p", "#{cursor_x},#{cursor_y}").strip().split(",")
        )
        return int(column), int(row)

    def sees(self, *texts: str) -> str:
        """Wait until all of these stand on the screen; return it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = self.text
            if all(one in found for one in texts):
                return found
            time.sleep(0.05)
        raise AssertionError(f"{texts} are not all on the screen:\n{self.text}")


@contextmanager
def screen(
    workspace: Path,
    person: str,
    *options: str,
    lang: str = "en",
    size: tuple[int, int] = (80, 24),
    environment: Mapping[str, str] | None = None,
) -> Iterator[Screen]:
    """Have the terminal run in tmux meanwhile, as somebody whom the workspace takes at their word."""
    if shutil.which("tmux") is None:
        pytest.skip("there is no tmux here (Debian: tmux)")
    name = f"casewright-{uuid4().hex[:8]}"
    made = Screen(name)
    words = [
        sys.executable,
        "-m",
        "casewright.cli",
        "tui",
        "-C",
        str(workspace),
        "--as",
        person,
        "--lang",
        lang,
    ]
    surroundings = {"TERM": "tmux-256color", "LANG": "C.UTF-8", **(environment or {})}
    settings = " ".join(f"{key}={value!r}" for key, value in surroundings.items())
    command = f"env {settings} {' '.join(map(repr, [*words, *options]))}; echo '[left '$?']'; sleep 600"
    started = [
        "-f",
        os.devnull,
        "new-session",
        "-d",
        "-x",
        str(size[0]),
        "-y",
        str(size[1]),
        command,
    ]
    made.run(*started)
    try:
        yield made
    finally:
        made.run("kill-server")
