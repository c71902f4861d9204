"""The CEL door: expressions are typed from the forms' fields when loaded, and evaluated within bounds.

Errors come back from the engine as values; here an error is never an answer. A program is compiled
on first use, so that loading a published workflow costs nothing for the guards that do not run.
"""

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from cel_expr_python import cel

from casewright.forms.spec import Field
from casewright.nearest import nearest
from casewright.workflows import guard_faults
from casewright.workflows.guard_faults import LONGEST, MOST_MACROS, GuardFault, Want
from casewright.workflows.guard_types import (
    FACTS,
    Makers,
    Rows,
    environment,
    kind_of,
    plain_value,
)
from casewright.workflows.guard_widening import compile_widened
from casewright.workflows.spec import Expression

__all__ = [
    "FACTS",
    "LONGEST",
    "MOST_MACROS",
    "GuardFailed",
    "GuardFault",
    "Guards",
    "Rows",
    "Want",
]

Reads = Mapping[str, frozenset[str] | None]
"""The variables an expression reads, each with the members it names, or None where it takes the variable as a whole."""

MOST_ANSWERS = 4096
"""Conditions ask for states, counts and choices, which come again and again: so many answers are kept."""


class GuardFailed(Exception):
    """An expression that was accepted at load could not be evaluated on this ticket."""


class Guards:
    """All expressions of one workflow version, typed from its fields, compiled when first used."""

    def __init__(
        self,
        *,
        fields: Mapping[str, Field],
        transitions: Iterable[str],
        tables: Mapping[str, Rows],
        guess: Callable[[str, Collection[str]], str | None] = nearest,
    ) -> None:
        self._guess = guess
        self._fields = fields
        self._transitions = tuple(dict.fromkeys(transitions))
        self._tables = tables
        self._programs: dict[str, tuple[Any, Reads]] = {}
        self._answers: dict[tuple[Any, ...], bool] = {}
        self._built: tuple[Any, Makers] | None = None

    def fault(self, expression: Expression, want: Want) -> GuardFault | None:
        """Return what is wrong with `expression` where a `want` is expected, or None."""
        source = expression.source
        if fault := guard_faults.too_complex(source):
            return fault
        try:
            program, _ = self._program(source)
        except RuntimeError as refusal:
            return guard_faults.explain(str(refusal), source, self._known(), self._guess)
        return guard_faults.misfit(kind_of(program.return_type().name()), want)

    def holds(self, expression: Expression, scope: Mapping[str, Any]) -> bool:
        """Return whether the condition holds; GuardFailed when it cannot be said."""
        asked = self._asked(expression.source, scope)
        known = self._answers.get(asked) if asked is not None else None
        if known is None:
            known = self.value(expression, scope) is True
            if asked is not None:
                if len(self._answers) >= MOST_ANSWERS:
                    self._answers.clear()
                self._answers[asked] = known
        return known

    def value(self, expression: Expression, scope: Mapping[str, Any]) -> Any:
        """Return the expression's plain value (None for an unset field); GuardFailed on an error."""
        program, used = self._program(expression.source)
        built, makers = self._environment()
        data = {
            name: makers[name](_only(members, scope[name])) if name in makers else scope[name]
            for name, members in used.items()
            if name in scope
        }
        result = program.eval(built.Activation(data))
        if result.type() == cel.Type.ERROR:
            raise GuardFailed(f"{expression.source}: {result.plain_value()}")
        found = plain_value(result)
        if isinstance(found, float) and not math.isfinite(found):
            raise GuardFailed(f"{expression.source}: no number that can be kept ({found})")
        return found

    def number(self, expression: Expression, scope: Mapping[str, Any]) -> int:
        """Return a whole number; GuardFailed on an error and where there is none, as for an unset field."""
        found = self.value(expression, scope)
        if found is None:
            raise GuardFailed(f"{expression.source}: nothing is filled in")
        return int(found)

    def _asked(self, source: str, scope: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Return all that the answer depends on: the expression and the values it reads, or None where more does."""
        _, used = self._program(source)
        if "lookup" in source or None in used.values():
            return None
        read: list[Any] = [source]
        for name, members in used.items():
            values = scope[name]
            read += [values.get(member) for member in members or ()]
        return None if any(isinstance(value, list) for value in read) else tuple(read)

    def _program(self, source: str) -> tuple[Any, Reads]:
        known = self._programs.get(source)
        if known is None:
            built, _ = self._environment()
            program = compile_widened(built, source)
            known = self._programs[source] = (program, _reads(source))
        return known

    def _environment(self) -> tuple[Any, Makers]:
        if self._built is None:
            self._built = environment(self._fields, self._transitions, self._tables)
        return self._built

    def _known(self) -> Mapping[str, Collection[str]]:
        return {**FACTS, "fields": self._fields, "times": self._transitions}


_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")


def _reads(source: str) -> Reads:
    text = _QUOTED.sub(" ", source)
    found: dict[str, frozenset[str] | None] = {}
    for name in {*FACTS, "fields", "times", "now", "each"}:
        times = len(re.findall(rf"\b{name}\b", text))
        members = re.findall(rf"\b{name}\s*\.\s*([A-Za-z_]\w*)", text)
        if times:
            found[name] = frozenset(members) if len(members) == times else None
    return found


def _only(members: frozenset[str] | None, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the members that are read: a form may have fifty fields, a guard asks for one or two."""
    if members is None:
        return values
    return {name: values[name] for name in members if name in values}
