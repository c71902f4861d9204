"""`synonyms.yaml`: words that mean the same, checked when it is published; without one those that ship are used."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from casewright import Document, PluginDesk, Problem, WorkspaceNames, message, read_yaml
from casewright_knowledge.thesaurus import Thesaurus, of_file, thesaurus

NAME = "synonyms.yaml"
WORD = "synonyms"
MOST_GROUPS = 5_000
MOST_WORDS = 200
LONGEST = 60
"""Characters of a word."""


def starter() -> str:
    """Return the text of the file that a workspace begins with."""
    return Path(__file__).with_name(NAME).read_text("utf-8")


def meaning(desk: PluginDesk) -> Thesaurus:
    """Return what means the same in a workspace."""
    data = desk.files.get(NAME)
    return thesaurus(shipped()) if data is None else _READ.of(data)


@lru_cache(maxsize=1)
def shipped() -> tuple[tuple[str, ...], ...]:
    """Return the groups that ship."""
    return of_file(read_yaml(Path(__file__).with_name(NAME)).data)


def check(document: Document, names: WorkspaceNames) -> Sequence[Problem]:
    """Return all that is wrong with a file."""
    data = document.data
    if not isinstance(data, dict) or set(data) != {WORD}:
        reason = message("it has one word, '{word}', with a list of groups", word=WORD)
        return [Problem(code="knowledge.synonyms", message=reason, place=document.place(()))]
    groups = data[WORD]
    if not isinstance(groups, list) or len(groups) > MOST_GROUPS:
        reason = message("a list of at most {most} groups belongs here", most=MOST_GROUPS)
        place = document.place((WORD,))
        return [Problem(code="knowledge.synonyms", message=reason, place=place)]
    return [
        found
        for number, one in enumerate(groups)
        if (found := _fault(document, number, one)) is not None
    ]


class _Read:
    """The file that was read last: what is published stays the same for long."""

    def __init__(self) -> None:
        self._data: object = None
        self._found: Thesaurus | None = None

    def of(self, data: Mapping[str, Any]) -> Thesaurus:
        if self._found is None or self._data is not data:
            self._found, self._data = thesaurus(of_file(data)), data
        return self._found


_READ = _Read()


def _fault(document: Document, number: int, group: Any) -> Problem | None:
    if not isinstance(group, list) or not 2 <= len(group) <= MOST_WORDS:
        reason = message("a group is a list of 2 to {most} words", most=MOST_WORDS)
        place = document.place((WORD, number))
        return Problem(code="knowledge.synonyms", message=reason, place=place)
    for at, word in enumerate(group):
        if not isinstance(word, str | int) or not 0 < len(str(word).strip()) <= LONGEST:
            reason = message("a word is a text of at most {most} characters", most=LONGEST)
            place = document.place((WORD, number, at))
            return Problem(code="knowledge.synonyms", message=reason, place=place)
    return None
