"""Does every promise know how long it is, whatever the ticket, and is its deadline one?"""

from datetime import datetime

from casewright.document import Path
from casewright.errors import message
from casewright.workflows.inspection import Inspection
from casewright.workflows.spec import Constant, Promise
from casewright.workflows.words import PRIORITIES

NORMAL = "normal"
"""The priority of a ticket for which no rule holds."""


def check(inspection: Inspection) -> None:
    """Record tickets that would have no target, and deadlines that are no date."""
    for promise in inspection.workflow.promises.values():
        at: Path = ("promises", promise.name)
        _last_case(inspection, promise, at)
        _priorities(inspection, promise, at)
        _deadline(inspection, promise, at)


def _last_case(inspection: Inspection, promise: Promise, at: Path) -> None:
    last = promise.targets[-1] if promise.targets else None
    if last and last.when is not None:
        reason = message(
            "the last target has a condition: there is none when no condition holds"
        )
        inspection.report("no_last_case", (*at, "within"), reason)


def _priorities(inspection: Inspection, promise: Promise, at: Path) -> None:
    given = {one.priority for one in promise.targets}
    if None in given or any(lost[:3] == (*at, "within") for lost in inspection.lost):
        return
    missing = [one for one in _possible(inspection) if one not in given]
    if missing:
        template = "there is no target for {priorities}, which a ticket can be or be raised to"
        inspection.report("no_target", (*at, "within"), message(template, priorities=missing))


def _possible(inspection: Inspection) -> tuple[str, ...]:
    """Return the priorities from the lowest that a rule sets up: any ticket can be raised."""
    rules = inspection.workflow.priority
    found = {rule.set for rule in rules}
    if all(rule.when is not None for rule in rules):
        found.add(NORMAL)
    return PRIORITIES[min(map(PRIORITIES.index, found)) :]


def _deadline(inspection: Inspection, promise: Promise, at: Path) -> None:
    due = promise.due
    if isinstance(due, Constant) and not _is_a_day_or_moment(due.value):
        reason = message("write a date such as '2026-02-13', or `=` and an expression")
        inspection.report("wrong_value", (*at, "due"), reason)


def _is_a_day_or_moment(value: object) -> bool:
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        return False
    return isinstance(value, str)
