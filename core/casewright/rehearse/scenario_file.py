"""From a scenario file to a `Scenario`, or to everything that is wrong with it at once, each with its place."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from casewright import strict_yaml
from casewright.document import Document, Path
from casewright.errors import FileUnreadable, Message, Place, Problem, YamlRefused, message
from casewright.nearest import hint
from casewright.rehearse.scenario import AT_ONCE, Customer, Expectation, Scenario, Step, When
from casewright.rehearse.scenario_values import read
from casewright.rehearse.words import CUSTOMER, DOINGS, EXPECTATIONS, SCENARIO, STEP, Word


def load_scenario(path: FilePath) -> tuple[Scenario | None, list[Problem]]:
    """Return the scenario of a file, None when something is wrong with it, and all that is."""
    try:
        document = strict_yaml.load_file(path)
    except (FileUnreadable, YamlRefused) as refusal:
        place = refusal.place if isinstance(refusal, YamlRefused) else Place(str(path))
        return None, [Problem(code="scenario.unreadable", message=refusal.reason, place=place)]
    reading = _Reading(document)
    scenario = reading.scenario()
    problems = sorted(reading.problems, key=lambda one: one.place)
    return (None if problems else scenario), problems


_OTHERS = frozenset(DOINGS) - {"open"}


class _Reading:
    """One file while it is read; `problems` gathers what is wrong."""

    def __init__(self, document: Document) -> None:
        self.problems: list[Problem] = []
        self._document = document

    def scenario(self) -> Scenario | None:
        """Return what the file says as far as it is well formed, None where it has no name or title."""
        found = self._values((), self._document.data, SCENARIO)
        if found is None:
            return None
        customer = found.get("customer")
        named = None if customer is None else self._customer(customer)
        steps = self._steps(found["steps"]) if "steps" in found else ()
        expectations = self._expectations(found.get("expect", []))
        if not {"scenario", "title"} <= found.keys():
            return None
        return Scenario(
            name=found["scenario"],
            title=found["title"],
            start=found.get("start"),
            lasts=found.get("lasts"),
            customer=named,
            steps=steps,
            expectations=expectations,
        )

    def _customer(self, data: Mapping[str, Any]) -> Customer | None:
        found = self._values(("customer",), data, CUSTOMER)
        if found is None or "id" not in found:
            return None
        return Customer(id=found.pop("id"), words=found)

    def _steps(self, data: list[Any]) -> tuple[Step, ...]:
        found = [self._step(("steps", index), one) for index, one in enumerate(data)]
        first = data[0] if data else {}
        if not data or (isinstance(first, dict) and first.get("do") in _OTHERS):
            reason = message("the first step opens a ticket: {{do: open, as: .., fields: ..}}")
            self._problem("no_ticket", ("steps", 0), reason)
        return tuple(one for one in found if one is not None)

    def _step(self, path: Path, data: Any) -> Step | None:
        do = data.get("do") if isinstance(data, dict) else None
        if isinstance(do, str) and do not in DOINGS:
            template = "a step may do {known}, and not '{do}'{hint}"
            reason = message(template, do=do[:40], hint=hint(do, DOINGS), known=list(DOINGS))
            self._problem("unknown_doing", (*path, "do"), reason)
            return None
        own = DOINGS.get(str(do), {})
        found = self._values(path, data, {**STEP, **own})
        if found is None or not {"do", "as"} <= found.keys():
            return None
        return Step(
            do=found["do"],
            actor=found["as"],
            when=self._when(path, found),
            ticket=found.get("ticket", ""),
            words={name: value for name, value in found.items() if name in own},
            refused=found.get("refused", False),
            place=self._document.place(path),
        )

    def _when(self, path: Path, found: Mapping[str, Any]) -> When:
        if "at" in found and "after" in found:
            reason = message("a step has 'at' or 'after', not both")
            self._problem("two_times", (*path, "after"), reason, key=True)
        if "after" in found:
            return replace(AT_ONCE, after=found["after"])
        when: When = found.get("at", AT_ONCE)
        return when

    def _expectations(self, data: list[Any]) -> tuple[Expectation, ...]:
        found = [self._expectation(("expect", index), one) for index, one in enumerate(data)]
        return tuple(one for one in found if one is not None)

    def _expectation(self, path: Path, data: Any) -> Expectation | None:
        words = data if isinstance(data, dict) else {}
        # `told: li_na, promise: handling` speaks of a notice, not of the promise.
        kind = next((one for one in EXPECTATIONS if one in words), None)
        if kind is None:
            first = next(iter(words), "")
            template = "begin with one of {known}{hint}"
            near = hint(str(first), EXPECTATIONS)
            self._problem(
                "wrong_shape", path, message(template, known=list(EXPECTATIONS), hint=near)
            )
            return None
        found = self._values(path, data, EXPECTATIONS[kind])
        if found is None or kind not in found:
            return None
        return Expectation(
            kind=kind,
            words=found,
            ticket=found.get("ticket", ""),
            place=self._document.place(path),
        )

    def _values(
        self, path: Path, data: Any, words: Mapping[str, Word]
    ) -> dict[str, Any] | None:
        """Return the well-formed values of a mapping by word, or None when it is none."""
        if not isinstance(data, dict):
            needed = [name for name, word in words.items() if word.required]
            reason = message("write a mapping with: {words}", words=needed)
            self._problem("wrong_shape", path, reason)
            return None
        for name, word in words.items():
            if word.required and name not in data:
                reason = message("'{word}' is missing", word=name)
                self._problem("missing_word", path, reason)
        found: dict[str, Any] = {}
        for name, written in data.items():
            if name not in words:
                reason = message(
                    "unknown word '{word}'{hint}", word=name, hint=hint(name, words)
                )
                self._problem("unknown_word", (*path, name), reason, key=True)
                continue
            value, fault = self._value(words[name], written)
            if fault is not None:
                reason = message("'{word}': {fault}", word=name, fault=fault)
                self._problem("bad_value", (*path, name), reason)
            else:
                found[name] = value
        return found

    def _value(self, word: Word, written: Any) -> tuple[Any, Message | None]:
        value, fault = read(word.kind, written)
        if fault is None and word.choices and value not in word.choices:
            template = "'{value}' is none of {known}{hint}"
            near = hint(value, word.choices)
            return None, message(template, value=value[:40], known=word.choices, hint=near)
        return value, fault

    def _problem(self, code: str, path: Path, reason: Message, *, key: bool = False) -> None:
        place = self._document.key_place(path) if key else self._document.place(path)
        self.problems.append(Problem(code=f"scenario.{code}", message=reason, place=place))
