"""Conditions over one record of facts, such as those known of a customer; part of the CEL door."""

from collections.abc import Mapping
from typing import Any

from cel_expr_python import cel

from casewright.nearest import nearest
from casewright.workflows import guard_faults
from casewright.workflows.guard_faults import GuardFault
from casewright.workflows.guard_types import kind_of, plain_value, record_environment
from casewright.workflows.guard_widening import compile_widened


class Conditions:
    """Conditions that read `holder.fact`, typed by the facts' kinds; each is compiled when it is first asked."""

    def __init__(self, holder: str, kinds: Mapping[str, str]) -> None:
        self._holder, self._kinds = holder, kinds
        self._environment, self._makers = record_environment(holder, kinds)
        self._programs: dict[str, Any] = {}

    def fault(self, source: str) -> GuardFault | None:
        """Return what is wrong with a condition, or None."""
        if fault := guard_faults.too_complex(source):
            return fault
        try:
            program = self._program(source)
        except RuntimeError as refusal:
            known = {self._holder: tuple(self._kinds)}
            return guard_faults.explain(str(refusal), source, known, nearest)
        return guard_faults.misfit(kind_of(program.return_type().name()), "condition")

    def holds(self, source: str, facts: Mapping[str, Any]) -> bool:
        """Return whether a condition holds; where a fact that it compares is not known, it does not."""
        made = self._makers[self._holder](facts)
        result = self._program(source).eval(self._environment.Activation({self._holder: made}))
        return result.type() != cel.Type.ERROR and plain_value(result) is True

    def _program(self, source: str) -> Any:
        known = self._programs.get(source)
        if known is None:
            known = self._programs[source] = compile_widened(self._environment, source)
        return known
