"""Does a workflow say everything in words that people can read? Its faults here are warnings."""

from casewright.errors import message
from casewright.workflows.inspection import Inspection


def check(inspection: Inspection) -> None:
    """Warn of states without a title, of those without words for the customer where others have them, of words nobody reads."""
    _refusals(inspection)
    states = inspection.workflow.states
    some_have = any(state.customer_title for state in states.values())
    for name, state in states.items():
        path = inspection.state_path(name)
        written = inspection.at(path)
        if not written:
            continue
        if "title" not in written:
            reason = message("'{state}' has no title that people can read", state=name)
            inspection.report("no_title", path, reason, key=True)
        if some_have and state.customer_title is None:
            reason = message(
                "'{state}' has no words for the customer; other states do", state=name
            )
            inspection.report("no_customer_title", path, reason, key=True)


def _refusals(inspection: Inspection) -> None:
    for path, (_, transition) in inspection.written.items():
        if transition.refusal is not None and transition.when is None:
            reason = message(
                "'{transition}' has no 'when' that could refuse it", transition=transition.name
            )
            inspection.report("refusal_without_when", (*path, "refusal"), reason)
