"""How likely a customer is to leave: the points of the rules that hold, and the level they come to."""

from casewright.answers import ChurnReason, ChurnRisk
from casewright.customers.facts import HOLDER, KINDS, Facts
from casewright.customers.settings import LEVELS, CustomerSettings
from casewright.workflows.conditions import Conditions


def conditions() -> Conditions:
    """Return what evaluates conditions over the facts of a customer."""
    return Conditions(HOLDER, KINDS)


class ChurnRules:
    """The rules of a workspace, each compiled when it is first asked."""

    def __init__(self, settings: CustomerSettings) -> None:
        self._settings = settings
        self._conditions = conditions()

    def risk(self, facts: Facts) -> ChurnRisk | None:
        """Return the risk and its reasons; None where the workspace has no levels of it."""
        if not self._settings.levels:
            return None
        values = facts.values()
        held = [
            ChurnReason(name=rule.name, title=rule.title, points=rule.points)
            for rule in self._settings.rules
            if self._conditions.holds(rule.when, values)
        ]
        points = sum(one.points for one in held)
        reached = (name for name in LEVELS if points >= self._settings.levels.get(name, 0))
        return ChurnRisk(
            level=next(reached, LEVELS[-1]),
            points=points,
            reasons=tuple(sorted(held, key=lambda one: -one.points)),
        )
