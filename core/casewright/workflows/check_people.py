"""Can anybody do what the workflow waits for? Approvals, transitions and notices that no one is left for."""

from casewright.document import Path
from casewright.errors import message
from casewright.workflows import uses
from casewright.workflows.inspection import Inspection
from casewright.workflows.spec import CLOCK, Constant, Party, Step, Who

_NEVER_ACT = (CLOCK, Party("relation", "customer"))


def check(inspection: Inspection) -> None:
    """Record approvals nobody may give, transitions nobody may take, ladders and actions that tell nobody."""
    for state in inspection.workflow.states.values():
        if state.approve:
            for path, step in uses.steps_of(inspection, state.name, state.approve):
                _approval_step(inspection, step, state.approve.excepting, path)
    for path, (_, one) in inspection.written.items():
        _transition(inspection, one.by, one.excepting, path)
    _clock(inspection)
    _told(inspection)


def _approval_step(inspection: Inspection, step: Step, excepting: Who, path: Path) -> None:
    left = [one for one in step.voters if one not in (*excepting, *inspection.workflow.exclude)]
    if step.voters and not left:
        reason = message("everybody who may vote is excepted")
        inspection.report("approval_impossible", (*path, "voters"), reason)
        return
    able = [one for one in left if _may(inspection, one, "ticket.vote")]
    if step.voters and not able:
        reason = message("nobody named here may vote: no role of theirs has 'ticket.vote'")
        inspection.report("approval_impossible", (*path, "voters"), reason)
    if isinstance(step.votes, Constant):
        _enough_voters(inspection, step, able, path)


def _enough_voters(inspection: Inspection, step: Step, able: list[Party], path: Path) -> None:
    votes = step.votes.value if isinstance(step.votes, Constant) else 1
    alone = all(one.kind == "user" or one.name in _ONE_PERSON for one in able)
    if not isinstance(votes, int) or votes < 1:
        reason = message("an approval needs at least one vote")
        inspection.report("approval_impossible", (*path, "votes"), reason)
    elif able and alone and votes > len(able):
        template = "{votes} votes are asked of {count}"
        reason = message(template, votes=votes, count=len(able))
        inspection.report("approval_impossible", (*path, "votes"), reason)


_ONE_PERSON = ("handler", "owner", "opener", "submitter", "actor", "team_lead")


def _transition(inspection: Inspection, by: Who, excepting: Who, path: Path) -> None:
    left = [one for one in by if one not in excepting]
    if by and not left:
        reason = message("everybody who may take it is excepted")
        inspection.report("transition_impossible", (*path, "except"), reason)
    elif by and not any(_may(inspection, one, "ticket.fire") or one == CLOCK for one in left):
        reason = message("nobody named here may take it: no role of theirs has 'ticket.fire'")
        inspection.report("transition_impossible", (*path, "by"), reason)


def _clock(inspection: Inspection) -> None:
    """Record what `after` names and whose `by` leaves the clock out; where `by` is absent, `after` lets it in."""
    for state in inspection.workflow.states.values():
        for timed in state.after:
            one = state.transitions.get(timed.transition)
            if one is None or (CLOCK in one.by and CLOCK not in one.excepting):
                continue
            path = inspection.transition_path(state.name, one.name)
            word = "except" if CLOCK in one.by else "by"
            template = "'after' names '{transition}', which the clock may not take: add 'timer' to its 'by'"
            reason = message(template, transition=one.name)
            inspection.report("transition_impossible", (*path, word), reason)


def _may(inspection: Inspection, party: Party, permission: str) -> bool:
    if party in _NEVER_ACT:
        return party.name == "customer" and permission == "ticket.fire"
    if party.kind == "role":
        role = inspection.surroundings.roles.get(party.name)
        return role is None or role.allows(permission)
    if party == Party("relation", "level"):
        levels = inspection.workflow.levels
        return levels is None or any(_may(inspection, one, permission) for one in levels.roles)
    return True


def _told(inspection: Inspection) -> None:
    for name, steps in inspection.workflow.ladder.items():
        for index, step in enumerate(steps):
            _tells_somebody(inspection, step.tell, ("ladder", name, index, "tell"))
    for use in uses.actions(inspection):
        if use.action.verb == "tell" and isinstance(use.action.argument, tuple):
            _tells_somebody(inspection, use.action.argument, (*use.path, "tell"))


def _tells_somebody(inspection: Inspection, tell: Who, path: Path) -> None:
    if tell and all(one == CLOCK for one in tell):
        inspection.report(
            "tells_nobody", path, message("the clock is nobody who could be told")
        )
