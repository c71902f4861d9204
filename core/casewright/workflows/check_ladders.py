"""Does every step of a ladder come, and does none tell somebody what another has just told?"""

from collections.abc import Hashable
from datetime import timedelta

from casewright.document import Path
from casewright.durations import Duration
from casewright.errors import message
from casewright.workflows.inspection import Inspection
from casewright.workflows.spec import LadderStep, Party, Promise, Target, Threshold

SHORTEST_DAY = timedelta(hours=4)
"""No working day is taken to be shorter when a number of days is compared with hours: the calendar knows better."""


def check(inspection: Inspection) -> None:
    """Record who is told twice at one threshold, and steps that come too early for a target."""
    promises = inspection.workflow.promises
    for name, steps in inspection.workflow.ladder.items():
        _told_twice(inspection, name, steps)
        for index, step in enumerate(steps):
            if name in promises:
                _room_before(inspection, promises[name], step, ("ladder", name, index))


def _told_twice(inspection: Inspection, promise: str, steps: tuple[LadderStep, ...]) -> None:
    told: set[tuple[Hashable, Party, str]] = set()
    for index, step in enumerate(steps):
        point = (_point(step.at), step.every and _length(step.every))
        own = {(point, party, channel) for party in step.tell for channel in step.via}
        for _, party, channel in sorted(own & told, key=str)[:1]:
            template = (
                "'{person}' is told over '{channel}' at this threshold by an earlier step"
            )
            reason = message(template, person=str(party), channel=channel)
            path = ("ladder", promise, index, "tell")
            inspection.report("told_twice", path, reason, key=True)
        told |= own


def _point(threshold: Threshold) -> Hashable:
    offset = threshold.offset
    return threshold.percent, threshold.before, offset and _length(offset)


def _length(duration: Duration) -> Hashable:
    """Return the same for `60 minutes` and `1 hour`; a day is no fixed number of hours."""
    return duration.unit in ("days", "weeks"), duration.wall


def _room_before(
    inspection: Inspection, promise: Promise, step: LadderStep, path: Path
) -> None:
    if not step.at.before or step.at.offset is None:
        return
    short = [one for one in promise.targets if _leaves_no_room(one, step.at.offset)]
    if not short:
        return
    template = "the step is skipped where the target is no longer: {targets}"
    reason = message(template, targets=[_spoken(one) for one in short])
    word = "from" if step.every else "at"
    inspection.report("step_skipped", (*path, word), reason)


def _leaves_no_room(target: Target, offset: Duration) -> bool:
    within = target.within
    if not isinstance(within, Duration):
        return False
    if _counts_days(offset) and not _counts_days(within):
        return within.wall <= SHORTEST_DAY * offset.wall.days
    return within.wall <= offset.wall


def _counts_days(duration: Duration) -> bool:
    return duration.unit in ("days", "weeks")


def _spoken(target: Target) -> str:
    return f"{target.priority}: {target.within}" if target.priority else str(target.within)
