"""Promises and ladders of a workflow file, read into values."""

from collections.abc import Mapping
from typing import Any

from casewright import durations
from casewright.workflows import values
from casewright.workflows.load_actions import actions
from casewright.workflows.parties import who
from casewright.workflows.spec import Expression, LadderStep, Promise, Target
from casewright.workflows.thresholds import threshold
from casewright.workflows.values import StateNames


def promise(
    name: str, data: Mapping[str, Any], *, calendar: str, states: StateNames
) -> Promise:
    """Return one promise; outer states named in `until` and `pauses` stand for all their inner ones."""
    extend = data.get("extend") or {}
    return Promise(
        name=name,
        title=values.title(data.get("title"), name),
        begins=data["from"],
        until=_expanded(data["until"], states),
        targets=_targets(data["within"]),
        again=data.get("again", "continue"),
        recalculate=data.get("recalculate", "from_now"),
        pauses=_expanded(data.get("pauses"), states),
        calendar=data.get("calendar", calendar),
        count_next_day=data.get("count") == "next_day",
        due=values.value(data["due"]) if "due" in data else None,
        extensions=who(extend.get("granted_by")),
        tell_extension=who(extend.get("tell")),
    )


def ladder_step(data: Mapping[str, Any]) -> LadderStep:
    """Return one step of a ladder; a repeated one starts at the due time unless `from` says otherwise."""
    every, taken_within = data.get("every"), data.get("taken_within")
    return LadderStep(
        at=threshold(data.get("at") or data.get("from", "100%")),
        tell=who(data.get("tell")),
        via=values.names(data.get("via", "notice")),
        template=data.get("template", ""),
        taken_within=durations.parse(taken_within) if taken_within is not None else None,
        do=actions(data.get("do")),
        every=durations.parse(every) if every is not None else None,
        times=data.get("times", 1),
    )


def _expanded(data: Any, states: StateNames) -> tuple[str, ...]:
    return tuple(one for name in values.names(data) for one in states.expand(name))


def _targets(data: Any) -> tuple[Target, ...]:
    if isinstance(data, dict):
        return tuple(
            Target(within=durations.parse(within), priority=priority)
            for priority, within in data.items()
        )
    if isinstance(data, list):
        return tuple(
            Target(
                within=durations.parse(one["within"]), when=values.condition(one.get("when"))
            )
            for one in data
        )
    within = values.value(data)
    if isinstance(within, Expression):
        return (Target(within=within),)
    return (Target(within=durations.parse(data)),)
