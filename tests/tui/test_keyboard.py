"""Keys as a real terminal sends them: before the first screen is there, and an Esc with the next key close behind it."""

from pathlib import Path

import pytest

from casewright_tui.keyboard import pieces

from . import on_pty
from .frame_centre import centre


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return centre(tmp_path_factory.mktemp("keyboard") / "workspace")


def test_what_is_typed_while_the_terminal_starts_is_done_in_its_order(workspace):
    with on_pty.watched(workspace, "ada") as one:
        one.press(b"\x1b[B\x1b[B\r")
        one.sees("[Matter]")
        one.sees("A second SIM")


def test_an_escape_and_the_key_close_behind_it_are_two_keys(workspace):
    with on_pty.watched(workspace, "ada") as one:
        one.sees("Roaming abroad")
        one.press("/宽带".encode())
        one.quiet()
        one.press(b"\x1b\r")
        one.sees("[Matter]")


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("\x1bj", ["\x1b", "j"]),
        ("\x1b1", ["\x1b", "1"]),
        ("\x1b\x1b[B", ["\x1b", "\x1b[B"]),
        ("\x1bOQ\x1b", ["\x1bOQ", "\x1b"]),
        ("\x1bb", ["\x1bb"]),
        ("a\n", ["a\r"]),
        ("\x1b[200~a\n\x1bj\x1b[201~\x1bj", ["\x1b[200~", "a\n\x1bj\x1b[201~", "\x1b", "j"]),
    ],
)
def test_only_an_escape_of_its_own_is_taken_apart_and_nothing_that_is_pasted(typed, taken):
    assert list(pieces(typed)) == taken
