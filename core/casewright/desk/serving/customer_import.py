"""Customers from a file: what its lines come to, all that is wrong with them, and all or nothing written."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from casewright.answers import CustomerImport
from casewright.commands import ImportCustomers
from casewright.customers.settings import settings_from_data
from casewright.desk.library import Library
from casewright.desk.serving.customer_lines import Made, Planner
from casewright.errors import CommandRefused, Message, Place, Problem, ProblemsFound, message
from casewright.queries import CheckImport
from casewright.store import customers
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass

if TYPE_CHECKING:
    from casewright.desk.asking import Asking

MOST_LINES = 200_000


def import_customers(
    database: Database, library: Library, command: ImportCustomers, now: datetime
) -> Mapping[str, str]:
    """Write the customers of all lines and answer how many were new, changed and unchanged; ProblemsFound."""
    plan = _planned(database, library, command)
    if plan.problems:
        raise ProblemsFound.of(plan.problems)
    for made in plan.made:
        if made.after != made.before:
            after = made.after
            customers.save(
                database, after if after.id else replace(after, id=customers.new_id(database))
            )
    return {
        "added": str(plan.added),
        "changed": str(plan.changed),
        "unchanged": str(plan.unchanged),
        "merged": str(plan.merged),
        "erased": str(plan.erased),
    }


def check_import(asking: "Asking", query: CheckImport) -> CustomerImport:
    """Return what importing the lines would come to."""
    plan = _planned(asking.database, asking.library, query)
    return CustomerImport(
        added=plan.added,
        changed=plan.changed,
        unchanged=plan.unchanged,
        merged=plan.merged,
        erased=plan.erased,
        problems=tuple(plan.problems),
        compared=plan.compared,
    )


@dataclass(slots=True)
class _Plan:
    made: list[Made] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    merged: int = 0
    erased: int = 0
    compared: frozenset[str] = frozenset()

    @property
    def added(self) -> int:
        return sum(one.before is None for one in self.made)

    @property
    def unchanged(self) -> int:
        return sum(one.before == one.after for one in self.made)

    @property
    def changed(self) -> int:
        return len(self.made) - self.added - self.unchanged


def _planned(
    database: Database, library: Library, asked: ImportCustomers | CheckImport
) -> _Plan:
    if len(asked.lines) > MOST_LINES:
        reason = message("more than {limit} customers in one file", limit=MOST_LINES)
        raise CommandRefused(reason=reason)
    settings = settings_from_data(library.configuration().customers)
    planner = Planner(database, asked.keys, settings)
    for line in planner.survivors_first(asked.lines):
        planner.take(line)
    planner.compare()
    problems = [_problem(asked, *one) for one in sorted(planner.faults, key=_line_number)]
    return _Plan(
        made=planner.made,
        problems=problems,
        merged=planner.merged,
        erased=planner.erased,
        compared=planner.compared,
    )


def _problem(
    asked: ImportCustomers | CheckImport, line: int, name: str, fault: Message
) -> Problem:
    """Return a fault of a line at the cell that says it, where the file has a column for it."""
    number, title = asked.columns.get(name, (1, ""))
    told = message("column '{column}': {fault}", column=title, fault=fault) if title else fault
    place = Place(asked.source, line, number)
    return Problem(code="import.refused", message=told, place=place)


def _line_number(fault: tuple[int, str, Message]) -> int:
    return fault[0]
