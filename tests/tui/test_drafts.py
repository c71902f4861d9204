"""What was typed survives a terminal that is killed, and the caret stands where an input method needs it; on a real terminal."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from casewright.queries import ListDrafts
from casewright_tui.width import cells

from . import on_tmux
from .forms_centre import centre
from .test_form_screen import beside


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("drafts") / "workspace"
    centre(made, "inquiry")
    return made


def drafts(root: Path) -> list[str]:
    with beside(root) as desk:
        return [str(one.values.get("text", "")) for one in desk.ask(ListDrafts(actor="ada"))]


def test_the_caret_is_exact_and_what_was_typed_is_there_again_after_the_terminal_was_killed(
    root,
):
    with on_tmux.screen(root, "ada", lang="zh", size=(80, 24)) as one:
        one.sees("宽带很慢")
        one.keys("F7")
        one.sees("备注内容")
        one.type("客户abc说网慢")
        seen = one.sees("客户abc说网慢")
        row = next(y for y, line in enumerate(seen.split("\n")) if "客户abc" in line)
        start = cells(seen.split("\n")[row].split("客户abc")[0])
        assert one.caret == (start + cells("客户abc说网慢"), row)
        one.keys("Home")
        _until(lambda: one.caret == (start, row))
        one.keys("Right", "Right", "Right")
        _until(lambda: one.caret == (start + 5, row))
        _until(lambda: drafts(root) == ["客户abc说网慢"])
        pid = int(one.run("display-message", "-p", "#{pane_pid}"))
        _kill_below(pid)

    with on_tmux.screen(root, "ada", lang="zh", size=(80, 24)) as again:
        again.sees("宽带很慢")
        again.keys("F7")
        again.sees("客户abc说网慢")


def _kill_below(shell: int) -> None:
    """Kill what a terminal's shell runs, as a crash would."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(shell)], capture_output=True, text=True, check=True
    )
    for child in listed.stdout.split():
        os.kill(int(child), signal.SIGKILL)


def _until(holds: "object") -> None:
    end = time.monotonic() + on_tmux.PATIENCE
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)
