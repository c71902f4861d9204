"""Plain data of a YAML file read into values; whatever is wrong is noted with its place, and reading goes on."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Any

from casewright import (
    Bilingual,
    CasewrightError,
    Document,
    Message,
    Place,
    Problem,
    WorkspaceNames,
    bilingual_fault,
    hint,
    message,
    parse_duration,
)
from casewright_routing.existing import missing
from casewright_routing.facts import FIELD, NAMES
from casewright_routing.rules import When

Path = tuple[str | int, ...]

HIGHEST_LEVEL = 9
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_FIELD = re.compile(r"fields\.[A-Za-z_][A-Za-z0-9_]{0,62}")
_SHOWN = 40
"""Characters of a faulty value that a sentence repeats."""
TEAM = message("team")
_NAMELESS = Bilingual(en="-", zh="-")


class Reading:
    """One file while it is read; `problems` gathers what is wrong. Without a document nothing has a place.

    Without `names` facts may name what the workspace does not have.
    """

    def __init__(
        self,
        data: Any,
        document: Document | None = None,
        *,
        file: str = "",
        names: WorkspaceNames | None = None,
    ) -> None:
        self.data, self._document, self._file, self._names = data, document, file, names
        self.problems: list[Problem] = []

    def problem(
        self, code: str, path: Path, reason: Message, *, key: bool = False, grave: bool = True
    ) -> None:
        """Note what is wrong with the value, or with the key, at `path`."""
        if self._document is None:
            place = Place(self._file)
        else:
            place = (self._document.key_place if key else self._document.place)(path)
        self.problems.append(
            Problem(code=f"routing.{code}", message=reason, place=place, grave=grave)
        )

    def words(
        self, path: Path, data: Any, known: Collection[str], *, required: Collection[str] = ()
    ) -> dict[str, Any]:
        """Return the known words of a mapping with what they say."""
        found = self.mapping(path, data)
        for word in required:
            if isinstance(data, dict) and word not in found:
                reason = message("'{word}' is missing", word=word)
                self.problem("missing_word", path, reason)
        for word in found:
            if word not in known:
                template = "unknown word '{word}'{hint}"
                reason = message(template, word=_shown(word), hint=hint(str(word), known))
                self.problem("unknown_word", (*path, word), reason, key=True)
        return {word: value for word, value in found.items() if word in known}

    def mapping(self, path: Path, data: Any) -> dict[Any, Any]:
        """Return a mapping; empty where it is none."""
        if isinstance(data, dict):
            return data
        self.problem("wrong_shape", path, message("write names and values: {{name: value}}"))
        return {}

    def items(self, path: Path, data: Any) -> list[Any]:
        """Return a list; empty where it is none."""
        if isinstance(data, list):
            return data
        self.problem("wrong_shape", path, message("write a list"))
        return []

    def named(self, path: Path, data: Any) -> dict[str, Any]:
        """Return a mapping whose keys are well-formed names."""
        found = self.mapping(path, data)
        for name in found:
            if not isinstance(name, str) or not _NAME.fullmatch(name):
                template = "'{name}' is no name: write lower case letters, digits and _, a letter first"
                reason = message(template, name=_shown(name))
                self.problem("bad_name", (*path, name), reason, key=True)
        return {str(name): value for name, value in found.items()}

    def title(self, path: Path, data: Any) -> Bilingual:
        """Return a text in both languages."""
        if fault := bilingual_fault(data):
            self.problem("bad_text", path, fault)
            return _NAMELESS
        return Bilingual(en=data["en"], zh=data["zh"])

    def titles(self, path: Path, data: Any) -> dict[str, Bilingual]:
        """Return texts in both languages by name."""
        return {
            name: self.title((*path, name), one) for name, one in self.named(path, data).items()
        }

    def whole(self, path: Path, data: Any, highest: int) -> int:
        """Return a whole number from 1 to `highest`."""
        if isinstance(data, int) and not isinstance(data, bool) and 1 <= data <= highest:
            return data
        template = "'{value}' is no whole number from 1 to {highest}"
        reason = message(template, value=_shown(data), highest=highest)
        self.problem("bad_number", path, reason)
        return 1

    def choice(self, path: Path, data: Any, choices: Collection[str]) -> str:
        """Return one of `choices`."""
        if isinstance(data, str) and data in choices:
            return data
        template = "'{value}' is none of {known}{hint}"
        near = hint(str(data), choices)
        reason = message(template, value=_shown(data), known=list(choices), hint=near)
        self.problem("unknown_choice", path, reason)
        return next(iter(choices))

    def duration(self, path: Path, data: Any) -> timedelta:
        """Return a length of time such as `10 minutes`; a day has 24 hours."""
        try:
            return parse_duration(data).wall
        except CasewrightError as refusal:
            self.problem("bad_duration", path, message("{fault}", fault=refusal))
            return timedelta()

    def names(
        self, path: Path, data: Any, known: Collection[str], kind: Message
    ) -> tuple[str, ...]:
        """Return a list of known names, each once; `kind` is what they are names of."""
        found: list[str] = []
        for index, name in enumerate(self.items(path, data)):
            if self.known((*path, index), name, known, kind):
                if name in found:
                    reason = message("'{name}' stands here twice", name=name)
                    self.problem("name_twice", (*path, index), reason)
                found.append(name)
        return tuple(found)

    def known(
        self, path: Path, name: Any, known: Collection[str], kind: Message, *, key: bool = False
    ) -> bool:
        """Return whether `name` is one of `known`."""
        if isinstance(name, str) and name in known:
            return True
        template = (
            "there is no team '{name}'{hint}: a team, one of the staff too, is named under 'teams:' first"
            if kind == TEAM
            else "there is no {kind} '{name}'{hint}"
        )
        near = hint(str(name), [one for one in known if _NAME.fullmatch(one)])
        reason = message(template, kind=kind, name=_shown(name), hint=near)
        self.problem("unknown_name", path, reason, key=key)
        return False

    def levels(self, path: Path, data: Any, skills: Collection[str]) -> dict[str, int]:
        """Return levels by skill."""
        return {
            name: self.whole((*path, name), level, HIGHEST_LEVEL)
            for name, level in self.mapping(path, data).items()
            if self.known((*path, name), name, skills, message("skill"), key=True)
        }

    def facts(self, path: Path, data: Any) -> When:
        """Return facts with the values they may have: `{workflow: complaint, customer.tier: [vip, gold]}`."""
        found = tuple(
            (name, self._values((*path, name), value))
            for name, value in self.mapping(path, data).items()
            if self._is_fact((*path, name), name)
        )
        if self._names is not None and isinstance(data, dict):
            for one in missing(self._names, data):
                place = (*path, *one.at)
                self.problem("not_there", place, one.reason, key=one.key, grave=one.grave)
        return found

    def _is_fact(self, path: Path, name: Any) -> bool:
        if name in NAMES or (isinstance(name, str) and _FIELD.fullmatch(name)):
            return True
        template = (
            "a ticket has no fact '{name}'{hint}: write {known}, or fields. and a field's name"
        )
        near = hint(str(name), [*NAMES, FIELD])
        reason = message(template, name=_shown(name), hint=near, known=list(NAMES))
        self.problem("unknown_fact", path, reason, key=True)
        return False

    def _values(self, path: Path, data: Any) -> tuple[object, ...]:
        values = data if isinstance(data, list) else [data]
        if values and all(isinstance(one, _SCALARS) for one in values):
            return tuple(values)
        self.problem("bad_value", path, message("write a value, or a list of values"))
        return ()


_SCALARS = (str, int, float)


def _shown(value: object) -> str:
    return str(value)[:_SHOWN]


def each(
    entries: Mapping[str, Any], path: Path, read: Callable[[Path, str, Any], Any]
) -> dict[str, Any]:
    """Return what `read` makes of each entry of a section, by name."""
    return {name: read((*path, name), name, data) for name, data in entries.items()}
