"""Are the expressions of a workflow well typed, and do the texts they compare with occur at all?"""

import re
from collections.abc import Collection, Iterator

from casewright.errors import Message, message
from casewright.patterns import pattern
from casewright.workflows import uses
from casewright.workflows.check_fields import allowed
from casewright.workflows.guard import GuardFault, Guards
from casewright.workflows.inspection import Inspection
from casewright.workflows.uses import ExpressionUse
from casewright.workflows.words import PRIORITIES

_TEXT = r"'([^'\\]*)'|\"([^\"\\]*)\""
_NAME = r"\b(fields|ticket)\.([a-z][a-z0-9_]*)"
_COMPARED = pattern(rf"{_NAME}\s*[!=]=\s*(?:{_TEXT})")
_COMPARED_BACKWARDS = pattern(rf"(?:{_TEXT})\s*(?:[!=]=|in)\s*{_NAME}(?![.\w(])")
_LISTED = pattern(rf"{_NAME}\s+in\s+\[([^\]]*)\]")
_LITERAL = pattern(_TEXT)
_LOOKUP = pattern(rf"\blookup\s*\(\s*(?:{_TEXT})")
_COLUMN = pattern(r"\s*\.\s*([A-Za-z_]\w*)")
_EACH = pattern(r"(?<![.\w])each\b")


def check(inspection: Inspection) -> None:
    """Record faults of type, unknown fields and names, texts that no field can hold, unknown tables."""
    guards = Guards(
        fields=inspection.fields,
        transitions=inspection.transitions,
        tables=inspection.surroundings.tables,
        functions=inspection.surroundings.vocabulary.functions,
        guess=inspection.guesses.nearest,
    )
    for use in uses.expressions(inspection):
        _typed(inspection, guards, use)
        _compared(inspection, use)
        _looked_up(inspection, use)
        if not use.has_each and _EACH.search(_LITERAL.sub("''", use.expression.source)):
            reason = message("'each' is known only in an action with 'each:'")
            inspection.report("misplaced_each", use.path, reason)


def _typed(inspection: Inspection, guards: Guards, use: ExpressionUse) -> None:
    fault = guards.fault(use.expression, use.want)
    if fault is None:
        return
    if fault.code == "guard.unknown_field" and not inspection.fields_are_known:
        return
    code = fault.code.replace(".", "_")
    offset = fault.column - 1
    at_dot = use.expression.source[offset : offset + 1] == "."
    reason = _of_whom_is_left_out(inspection, fault) or fault.message
    inspection.report_inside(code, use.path, offset + at_dot, reason)


def _of_whom_is_left_out(inspection: Inspection, fault: GuardFault) -> Message | None:
    """Return that an unknown name is called as a function of a plugin that is left out, or None."""
    name = str(fault.message.values.get("name", ""))
    plugin, sign, _ = name.partition("_")
    why = inspection.surroundings.left_out.get(plugin)
    if fault.code != "guard.unknown_name" or not sign or why is None:
        return None
    template = "'{name}' belongs to the plugin '{plugin}', which is left out: {reason}"
    return message(template, name=name, plugin=plugin, reason=why)


def _compared(inspection: Inspection, use: ExpressionUse) -> None:
    for holder, name, text, offset in _comparisons(use.expression.source):
        known = _possible(inspection, holder, name)
        if known is not None and text and text not in known:
            what = message("choice in '{field}'", field=f"{holder}.{name}")
            inspection.unknown("choice", use.path, text, known, what, offset=offset)


def _comparisons(source: str) -> Iterator[tuple[str, str, str, int]]:
    """Yield what is compared with what: variable, name, text, and where the text stands."""
    for found in _COMPARED.finditer(source):
        yield found[1], found[2], found[3] or found[4], _start(found, 3)
    for found in _COMPARED_BACKWARDS.finditer(source):
        yield found[3], found[4], found[1] or found[2], _start(found, 1)
    for listed in _LISTED.finditer(source):
        for found in _LITERAL.finditer(listed[3]):
            yield listed[1], listed[2], found[1] or found[2], listed.start(3) + _start(found, 1)


def _start(found: re.Match[str], group: int) -> int:
    """Return where the text begins that is in `group` or, in the other quotes, in the next one."""
    return max(found.start(group), found.start(group + 1))


def _possible(inspection: Inspection, holder: str, name: str) -> Collection[str] | None:
    if holder == "fields":
        field = inspection.fields.get(name)
        return allowed(inspection, field) if field else None
    return {"state": tuple(inspection.workflow.states), "priority": PRIORITIES}.get(name)


def _looked_up(inspection: Inspection, use: ExpressionUse) -> None:
    source, tables = use.expression.source, inspection.surroundings.tables
    for found in _LOOKUP.finditer(source):
        name = found[1] or found[2]
        if name in inspection.surroundings.broken:
            continue
        if name not in tables:
            at = _start(found, 1)
            inspection.unknown("table", use.path, name, tables, message("table"), offset=at)
            continue
        column = _COLUMN.match(source, _closing(source, found.start()))
        if column and column[1] not in tables[name].columns:
            what = message("column in the table '{table}' called", table=name)
            columns, at = tables[name].columns, column.start(1)
            inspection.unknown("column", use.path, column[1], columns, what, offset=at)


def _closing(source: str, start: int) -> int:
    """Return the position behind the parenthesis that closes the first one from `start` on."""
    depth = 0
    hidden = _LITERAL.sub(lambda text: "_" * len(text[0]), source)
    for position in range(hidden.index("(", start), len(hidden)):
        depth += {"(": 1, ")": -1}.get(hidden[position], 0)
        if depth == 0:
            return position + 1
    return len(source)
