"""What a line that was typed means at a door."""

import pytest

from casewright.doors.line_mode import LONGEST, leaves, words_of
from casewright.errors import UsageRefused


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
