"""Does a workflow file have the shape of the language? Every unknown word, missing word and wrong value, with its place."""

from collections.abc import Collection, Mapping
from dataclasses import field
from pathlib import PurePath
from typing import Any

from casewright.contributions import NO_VOCABULARY, Vocabulary
from casewright.document import Document, Path
from casewright.errors import Message, Problem, message
from casewright.nearest import hint
from casewright.swift_dataclass import dataclass
from casewright.workflows import plugin_words, shape_rules, thresholds
from casewright.workflows.codes import problem
from casewright.workflows.parties import NAME
from casewright.workflows.shape_values import (
    THRESHOLDS,
    VALUE_FAULTS,
    accepts_type,
    described,
    literals,
)
from casewright.workflows.words import CONSTRUCTS, PRIORITIES, Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaped:
    """What is well shaped of a file, what is wrong with the rest, and where something was left out.

    `kept` says, for each list that lost an entry, where in the file its other entries stand.
    """

    data: dict[str, Any] | None
    problems: tuple[Problem, ...]
    lost: tuple[Path, ...]
    kept: Mapping[Path, tuple[int, ...]]


def shape(
    document: Document,
    vocabulary: Vocabulary = NO_VOCABULARY,
    left_out: Collection[str] = (),
) -> Shaped:
    """Return the parts of `document` that have the shape of the language, and all problems of the others.

    `vocabulary` is what plugins add to the language; `left_out` are plugins whose words are not known.
    """
    walk = _Walk(document, vocabulary, left_out, plugin_words.verbs(vocabulary))
    found = walk.construct("Workflow", document.data, ())
    data = (
        _filled(found, document.file)
        if isinstance(found, dict) and found.get("states")
        else None
    )
    return Shaped(
        data=data,
        problems=tuple(walk.problems),
        lost=tuple(walk.lost),
        kept=walk.kept,
    )


class _Lost:
    """Stands for a value that was left out."""


_LOST = _Lost()
_SHORTHAND = {"Transition": "identifier"}


@dataclass(slots=True)
class _Walk:
    """One walk over one document."""

    document: Document
    vocabulary: Vocabulary
    left_out: Collection[str]
    verbs: shape_rules.Verbs
    problems: list[Problem] = field(default_factory=list)
    lost: list[Path] = field(default_factory=list)
    kept: dict[Path, tuple[int, ...]] = field(default_factory=dict)

    def construct(self, name: str, data: Any, path: Path) -> Any:
        """Return `data` as the construct `name`, without what has a wrong shape."""
        if name in _SHORTHAND and isinstance(data, str):
            return self.value((_SHORTHAND[name],), data, path)
        if not isinstance(data, dict):
            return self.refuse("wrong_shape", path, message("write a mapping of words here"))
        words, lent = CONSTRUCTS[name], plugin_words.schemas(self.vocabulary, name)
        kept = {
            word: value
            for word, one in data.items()
            if (value := self._word(words, lent, word, one, (*path, word))) is not _LOST
        }
        whole = self._required(words, data, kept, path)
        if core := shape_rules.core(name, self.verbs):
            whole = whole and any(_says(kept, word, lent) for word in core)
        for fault in shape_rules.faults(name, data, path, self.verbs):
            self.refuse(fault.code, (*path, *fault.at), fault.message, key=fault.key)
            whole = whole and not fault.fatal
        return kept if whole or not path else _LOST

    def value(self, shapes: tuple[str, ...], data: Any, path: Path) -> Any:
        """Return `data` if it has one of `shapes`, without the parts of it that do not."""
        if isinstance(data, str) and data.startswith("=") and "value" in shapes:
            return data
        fitting = [one for one in literals(shapes) if accepts_type(one, data)]
        if not fitting:
            if (
                shapes == ("text",)
                and path[-1] in THRESHOLDS
                and (bad := thresholds.fault(data))
            ):
                return self.refuse("bad_threshold", path, bad)
            return self.refuse(
                "wrong_shape", path, message("write {shapes}", shapes=described(shapes))
            )
        kind, _, inner = fitting[0].partition(":")
        if kind in CONSTRUCTS:
            return self.construct(kind, data, path)
        if kind == "table":
            return self._table(inner, data, path)
        if kind == "list":
            return self._list(inner, data, path)
        if kind == "values":
            return self._named(data, path, lambda one, at: self.value(("value",), one, at))
        faults = list(VALUE_FAULTS[kind](data, inner, shapes, path))
        for fault in faults:
            self.refuse(fault.code, (*path, *fault.at), fault.message)
        return _LOST if faults else data

    def refuse(self, code: str, path: Path, reason: Message, *, key: bool = False) -> _Lost:
        """Record a problem at the value of `path`, or at its key."""
        place = self.document.key_place(path) if key else self.document.place(path)
        self.problems.append(problem(code, reason, place))
        self.lost.append(path)
        return _LOST

    def _word(
        self,
        words: Mapping[str, Word],
        lent: plugin_words.Schemas,
        word: str,
        data: Any,
        path: Path,
    ) -> Any:
        if word in words:
            return self.value(words[word].shapes, data, path)
        if word in lent:
            return self._lent(lent[word], data, path)
        if misplaced := plugin_words.elsewhere(self.vocabulary, word):
            return self.refuse("misplaced_word", path, misplaced, key=True)
        where = path[-2] if len(path) > 1 else "workflow"
        template = "unknown word '{word}' in '{where}'{hint}"
        near = plugin_words.meant(word, (*words, *lent), self.left_out)
        reason = message(template, word=word, where=where, hint=near)
        return self.refuse("unknown_word", path, reason, key=True)

    def _lent(self, schema: Mapping[str, Any], data: Any, path: Path) -> Any:
        """Return `data`, said in a plugin's word, if it is as the plugin wants it."""
        found = list(plugin_words.faults(schema, data))
        for fault in found:
            self.refuse(fault.code, (*path, *fault.at), fault.message)
        return _LOST if found else data

    def _required(
        self, words: Mapping[str, Word], data: Any, kept: dict[str, Any], path: Path
    ) -> bool:
        for word, one in words.items():
            if one.required and word not in data:
                reason = message("'{word}' is missing: {doc}", word=word, doc=message(one.doc))
                self.refuse("missing_word", path, reason, key=True)
        return all(word in kept for word, one in words.items() if one.required)

    def _named(self, data: dict[str, Any], path: Path, read: Any) -> dict[str, Any]:
        kept = {}
        for name, one in data.items():
            at = (*path, name)
            if not NAME.fullmatch(name):
                reason = message(
                    "'{name}' is no name: use lower case letters, digits and _", name=name
                )
                self.refuse("bad_name", at, reason, key=True)
            elif (value := read(one, at)) is not _LOST:
                kept[name] = value
        return kept

    def _table(self, inner: str, data: dict[str, Any], path: Path) -> Any:
        if inner == "After":
            return self._after(data, path)
        if inner == "duration":
            return self._by_priority(data, path)
        if inner == "Ladder":
            return self._named(
                data, path, lambda one, at: self.value(("list:LadderStep",), one, at)
            )
        return self._named(data, path, lambda one, at: self.construct(inner, one, at))

    def _after(self, data: dict[str, Any], path: Path) -> dict[str, Any]:
        kept = {}
        for duration, transition in data.items():
            at = (*path, duration)
            faults = list(VALUE_FAULTS["duration"](duration, "", (), path))
            for fault in faults:
                self.refuse(fault.code, at, fault.message, key=True)
            named = self.value(("identifier",), transition, at)
            if not faults and named is not _LOST:
                kept[duration] = named
        return kept

    def _by_priority(self, data: dict[str, Any], path: Path) -> Any:
        kept = {}
        for priority, duration in data.items():
            at = (*path, priority)
            if priority not in PRIORITIES:
                template = "unknown priority '{priority}'{hint}"
                reason = message(template, priority=priority, hint=hint(priority, PRIORITIES))
                self.refuse("unknown_word", at, reason, key=True)
            elif (value := self.value(("duration",), duration, at)) is not _LOST:
                kept[priority] = value
        return kept or _LOST

    def _list(self, inner: str, data: list[Any], path: Path) -> Any:
        read = self.construct if inner in CONSTRUCTS else None
        kept = {}
        for index, one in enumerate(data):
            at = (*path, index)
            value = read(inner, one, at) if read else self.value((inner,), one, at)
            if value is not _LOST:
                kept[index] = value
        if len(kept) < len(data):
            self.kept[path] = tuple(kept)
        return list(kept.values())


def _says(kept: Mapping[str, Any], word: str, lent: plugin_words.Schemas) -> bool:
    """Return whether `word` is there and says something; of a plugin's word its schema has told."""
    return word in kept and (word in lent or kept[word] not in (None, []))


def _filled(data: dict[str, Any], file: str) -> dict[str, Any]:
    """Put something in the place of missing headings, so that the rest of the file can be checked."""
    first = next(iter(data["states"]))
    start = data.get("start") or first  # its cases may all have been left out
    return (
        {"workflow": PurePath(file).stem, "prefix": "XX", "owner": []} | data | {"start": start}
    )
