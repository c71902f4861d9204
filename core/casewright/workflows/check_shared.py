"""Are the transitions that states share named rightly, and by some state?"""

from casewright.document import Path
from casewright.errors import message
from casewright.workflows.inspection import Inspection


def check(inspection: Inspection) -> None:
    """Record names that name no shared transition, those that a state has twice, and shared ones nobody offers."""
    meant: set[str] = set()
    for path, names in inspection.naming.items():
        for name, count in names.items():
            at = _named_at(inspection, path, name)
            if name not in inspection.shared:
                what = message("shared transition")
                inspection.unknown("transition", at, name, inspection.shared, what)
                meant.add(inspection.guesses.nearest(name, inspection.shared) or name)
            elif name in inspection.at((*path, "transitions")):
                template = "this state has a transition '{name}' of its own"
                inspection.report("shared_twice", at, message(template, name=name))
            elif count > 1:
                reason = message("'{name}' is named more than once", name=name)
                inspection.report("shared_twice", at, reason)
            meant.add(name)
    for name in inspection.shared:
        if name not in meant:
            reason = message("no state names the shared transition '{name}'", name=name)
            inspection.report("unused_shared", ("shared", name), reason, key=True)


def _named_at(inspection: Inspection, path: Path, name: str) -> Path:
    """Return where a state names a shared transition, the last time."""
    at = (*path, "shared")
    written = inspection.at(at)
    if not isinstance(written, list):
        return at
    last = max(index for index, one in enumerate(written) if one == name)
    return (*at, last)
