"""Patterns that are compiled at the first question answer as those of the library."""

import re

import pytest

from casewright.patterns import pattern


def test_it_answers_as_the_compiled_one_and_is_compiled_once():
    lazy, made = (
        pattern(r"(?P<word>[a-z]+)", re.IGNORECASE),
        re.compile("(?P<word>[a-z]+)", re.I),
    )
    assert lazy.pattern == made.pattern
    for ask in ("match", "search", "findall"):
        assert str(getattr(lazy, ask)("Ab 1")) == str(getattr(made, ask)("Ab 1"))
    assert lazy.sub("x", "Ab 1") == "x 1"
    assert lazy.groupindex == made.groupindex
    assert lazy.match is lazy.match


def test_a_broken_one_fails_as_the_librarys_does_when_it_is_asked():
    broken = pattern("(")
    with pytest.raises(re.error):
        broken.match("a")
