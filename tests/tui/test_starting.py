"""How one comes to the terminal: by no words at all, on a terminal, in a workspace; and what is said where that is not so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ..server.served import founded
from . import on_pty

CASEWRIGHT = [sys.executable, "-m", "casewright.cli"]
LEAVE = b"\x11"
"""What Ctrl-Q sends."""


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("entry") / "workspace"
    founded(root)
    return root


def said(*words: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """What came of words where nobody sits before a terminal."""
    surroundings = {**os.environ, "CASEWRIGHT_LANG": "en", **environment}
    return subprocess.run(
        [*CASEWRIGHT, *words], stdin=subprocess.DEVNULL, capture_output=True, env=surroundings
    )


def test_no_words_on_a_terminal_in_a_workspace_open_it_and_ctrl_q_leaves_it_as_it_was(centre):
    words = ["-C", str(centre), "--as", "ada", "--lang", "zh"]
    # What somebody set for other applications of this kind changes nothing here.
    others = {"TEXTUAL": "debug,devtools", "TEXTUAL_DRIVER": "nobody:Nowhere"}
    with on_pty.running(words, environment={**others, "TEXTUAL_PRESS": "f1"}) as one:
        one.sees("工单")
        one.press(LEAVE)
        one.sees("\x1b[?1049l")
        assert one.ended() == 0


def test_no_words_without_a_terminal_or_without_a_workspace_tell_what_there_is(
    centre, tmp_path
):
    piped = said("-C", str(centre), "--as", "ada")
    assert (piped.returncode, piped.stdout) == (2, b"")
    assert b"Usage" in piped.stderr or b"casewright ticket" in piped.stderr

    with on_pty.running(["-C", str(tmp_path), "--lang", "en"]) as one:
        one.sees("doctor")
        assert one.ended() == 2
    assert b"\x1b[?1049h" not in one.raw


def test_the_demonstration_ends_in_the_terminal_and_tells_where_it_stays(tmp_path):
    folder = tmp_path / "shown"
    with on_pty.running(["demo", str(folder), "--lang", "en"]) as one:
        one.sees("F1")
        one.quiet()
        one.press(LEAVE)
        one.sees("\x1b[?1049l")
        one.sees(f"rm -r {folder}")
        assert one.ended() == 0
    assert b"Traceback" not in one.raw


def test_the_terminal_says_so_where_there_is_none(centre):
    refused = said("tui", "-C", str(centre), "--as", "ada")

    assert refused.returncode == 2
    assert b"casewright tui --plain" in refused.stderr


def test_a_terminal_that_cannot_draw_gets_lines(centre):
    words = ["-C", str(centre), "--as", "ada", "--lang", "en"]
    with on_pty.running(words, environment={"TERM": "dumb"}) as one:
        one.sees("help")
        one.press(b"quit\r")
        assert one.ended() == 0
    assert b"\x1b" not in one.raw


def test_a_bug_is_told_calmly_and_the_terminal_is_left_as_it_was(centre, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(BUG)
    words = ["-C", str(centre), "--as", "ada", "--lang", "en"]
    with on_pty.running(words, environment={"PYTHONPATH": str(tmp_path)}) as one:
        one.sees("incident")
        assert one.ended() == 70
    assert b"Traceback" not in one.raw
    assert b"13800000101" not in one.raw
    assert one.raw.index(b"\x1b[?1049l") < one.raw.index(b"incident")


BUG = """
import casewright_tui.frame as frame

def status(terminal, title):
    phone = "13800000101"
    raise ZeroDivisionError(phone[:1])

frame.status = status
"""
