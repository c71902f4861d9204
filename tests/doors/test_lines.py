"""What a line that was typed means at a door, and what of a long answer is shown in a browser."""

from pathlib import Path

import pytest

from casewright.doors import hearing
from casewright.doors.line_mode import LONGEST, leaves, words_of
from casewright.doors.session import Entered
from casewright.errors import UsageRefused
from casewright.texts import Texts

NOBODY = Entered(person="", door="web", token="", address="unix:/nowhere", root=Path("/"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ticket show 'A 1'", ["ticket", "show", "A 1"]),
        ("casewright my", ["my"]),
        ("help", ["--help"]),
        ("帮助", ["--help"]),
        ("my; id $HOME *", ["my;", "id", "$HOME", "*"]),
        ("", []),
    ],
)
def test_a_line_is_its_words_and_nothing_is_expanded(line, words):
    assert words_of(line) == words


@pytest.mark.parametrize("line", ["my 'x", "my \\", "x" * (LONGEST + 1)])
def test_what_is_no_line_is_refused_as_a_whole_and_never_cut(line):
    with pytest.raises(UsageRefused):
        words_of(line)


def test_whoever_leaves_says_so_in_either_language():
    assert all(leaves([word]) for word in ("exit", "Quit", "退出"))
    assert not leaves([])


def test_an_answer_that_is_too_long_for_a_browser_says_that_it_goes_on(monkeypatch):
    whole = hearing.heard("help", NOBODY, Texts("en"))
    monkeypatch.setattr(hearing, "MOST", 100)
    cut = hearing.heard("help", NOBODY, Texts("en"))

    assert whole is not None
    assert "too long" not in whole
    assert (
        cut
        == f"{whole[:100]}\nThe answer goes on: it is too long to be shown here. Ask for less of it, or by SSH."
    )
    assert hearing.heard("exit", NOBODY, Texts("en")) is None
    assert "Not understood" in str(hearing.heard("my '", NOBODY, Texts("en")))
