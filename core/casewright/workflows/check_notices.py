"""Do the channels and templates exist that a workflow's notices go by?"""

from collections.abc import Iterator

from casewright.document import Path
from casewright.errors import message
from casewright.workflows import uses
from casewright.workflows.inspection import Inspection
from casewright.workflows.words import BUILT_IN_TEMPLATES, CHANNELS


def check(inspection: Inspection) -> None:
    """Record channels that nobody has made, and templates that are nowhere."""
    around = inspection.surroundings
    channels = (*CHANNELS, *sorted(around.channels - set(CHANNELS)))
    templates = (*BUILT_IN_TEMPLATES, *sorted(around.templates - set(BUILT_IN_TEMPLATES)))
    for path, via, template in _notices(inspection):
        for index, name in enumerate(via):
            if name not in channels:
                at = (*path, "via", index)
                inspection.unknown("channel", at, name, channels, message("channel"))
        if template and template not in templates:
            at = (*path, "template")
            inspection.unknown("template", at, template, templates, message("template"))


def _notices(inspection: Inspection) -> Iterator[tuple[Path, tuple[str, ...], str]]:
    """Yield where something is told, over which channels, and in whose words."""
    for use in uses.actions(inspection):
        if use.action.verb == "tell":
            yield use.path, use.action.via, use.action.template
    for promise, steps in inspection.workflow.ladder.items():
        for index, step in enumerate(steps):
            yield ("ladder", promise, index), step.via, step.template
