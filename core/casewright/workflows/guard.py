"""The CEL door: expressions are typed from the forms' fields when loaded, and evaluated within bounds.

Errors come back from the engine as values; here an error is never an answer. A program is compiled
on first use, so that loading a published workflow costs nothing for the guards that do not run.
"""

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from cel_expr_python import cel

from casewright.forms.spec import Field
from casewright.model import EMPTY
from casewright.nearest import nearest
from casewright.patterns import pattern
from casewright.workflows import guard_faults
from casewright.workflows.borrowing import calls
from casewright.workflows.guard_faults import LONGEST, MOST_MACROS, GuardFault, Want
from casewright.workflows.guard_functions import Calls, Functions, typed
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
    "Functions",
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


class _Program(NamedTuple):
    """A compiled expression, what it reads, what makes that, and whether its answers may be kept and it calls plugins."""

    run: Any
    reads: Reads
    environment: Any
    makers: Makers
    kept: bool
    calling: bool


class Guards:
    """All expressions of one workflow version, typed from its fields, compiled when first used.

    `functions` are those of plugins, by name, each with its plugin. What one raises is raised as it is.
    """

    def __init__(
        self,
        *,
        fields: Mapping[str, Field],
        transitions: Iterable[str],
        tables: Mapping[str, Rows],
        functions: Functions = EMPTY,
        guess: Callable[[str, Collection[str]], str | None] = nearest,
    ) -> None:
        self._guess = guess
        self._fields = fields
        self._transitions = tuple(dict.fromkeys(transitions))
        self._tables = tables
        self._functions = functions
        self._calls = Calls(functions)
        self._programs: dict[str, _Program] = {}
        self._answers: dict[tuple[Any, ...], bool] = {}
        self._depended_on: dict[str, frozenset[str]] = {}
        self._compiling: tuple[Any, Makers] | None = None
        self._running: tuple[Any, Makers] | None = None

    def fault(self, expression: Expression, want: Want) -> GuardFault | None:
        """Return what is wrong with `expression` where a `want` is expected, or None."""
        source = expression.source
        if fault := guard_faults.too_complex(source):
            return fault
        try:
            program = self._program(source)
        except RuntimeError as refusal:
            signatures = {name: one.parameters for name, (_, one) in self._functions.items()}
            return guard_faults.explain(
                str(refusal), source, self._known(), self._guess, signatures
            )
        return guard_faults.misfit(kind_of(program.run.return_type().name()), want)

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
        """Return the expression's plain value (None for an unset field); GuardFailed on an error.

        PluginFailed and PluginMissing where it calls a plugin's function that cannot answer.
        """
        program = self._program(expression.source)
        makers = program.makers
        data = {
            name: makers[name](_only(members, scope[name])) if name in makers else scope[name]
            for name, members in program.reads.items()
            if name in scope
        }
        if program.calling:
            self._calls.begin()
        result = program.run.eval(program.environment.Activation(data))
        if program.calling:
            self._calls.end()
        if result.type() == cel.Type.ERROR:
            raise GuardFailed(f"{expression.source}: {result.plain_value()}")
        found = plain_value(result)
        if isinstance(found, float) and not math.isfinite(found):
            raise GuardFailed(f"{expression.source}: no number that can be kept ({found})")
        return found

    def reads(self, expression: Expression) -> frozenset[str]:
        """Return what an expression depends on: variables by name, and `tables` or `functions` where it calls for them."""
        source = expression.source
        known = self._depended_on.get(source)
        if known is None:  # nothing is compiled for this: most processes evaluate none of them
            called = calls(source, self._functions)
            beyond = {"tables": "lookup" in source, "functions": bool(called)}
            also = (name for name, one in beyond.items() if one)
            known = self._depended_on[source] = frozenset((*_reads(source), *also))
        return known

    def number(self, expression: Expression, scope: Mapping[str, Any]) -> int:
        """Return a whole number; GuardFailed on an error and where there is none, as for an unset field."""
        found = self.value(expression, scope)
        if found is None:
            raise GuardFailed(f"{expression.source}: nothing is filled in")
        return int(found)

    def _asked(self, source: str, scope: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Return all that the answer depends on: the expression and the values it reads, or None where more does."""
        program = self._program(source)
        if not program.kept:
            return None
        read: list[Any] = [source]
        for name, members in program.reads.items():
            values = scope[name]
            for member in members or ():
                value = values.get(member)
                if isinstance(value, list):
                    return None
                read.append(value)
        return tuple(read)

    def _program(self, source: str) -> _Program:
        known = self._programs.get(source)
        if known is None:
            known = self._programs[source] = self._compiled(source)
        return known

    def _compiled(self, source: str) -> _Program:
        if self._compiling is None:
            self._compiling = self._environment(typed(self._functions))
        built, makers = self._compiling
        run, reads = compile_widened(built, source), _reads(source)
        calling = bool(calls(source, self._functions))
        if calling:
            if self._running is None:
                self._running = self._environment(self._calls.declarations())
            compiled, (built, makers) = run, self._running
            run = built.deserialize(compiled.serialize())
        kept = not calling and "lookup" not in source and None not in reads.values()
        return _Program(run, reads, built, makers, kept, calling)

    def _environment(self, functions: Iterable[Any]) -> tuple[Any, Makers]:
        return environment(self._fields, self._transitions, self._tables, functions)

    def _known(self) -> Mapping[str, Collection[str]]:
        return {**FACTS, "fields": self._fields, "times": self._transitions}


_QUOTED = pattern(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")


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
