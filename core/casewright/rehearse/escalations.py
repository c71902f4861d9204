"""Escalations that reach nobody, or somebody twice: found in a workflow's ladders and in what came of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from casewright.errors import Place, message
from casewright.model import Event, Ticket
from casewright.rehearse.ladder_places import LadderPlaces
from casewright.rehearse.play import Play
from casewright.rehearse.report import Finding, Told
from casewright.workflows.spec import LadderStep, Workflow

_CUSTOMER = "customer"
_LOST = ("dead", "rejected", "expired")


def empty_roles(play: Play, places: LadderPlaces) -> Iterator[Finding]:
    """Yield steps that tell a role which nobody holds: grave where they tell nobody else."""
    for promise, step, place in places.steps():
        roles = _unheld(play, step)
        if not roles:
            continue
        alone = len(roles) == len(step.tell)
        what = (
            message(
                "the ladder of '{promise}' reaches nobody here: nobody holds the role {roles}",
                promise=promise,
                roles=roles,
            )
            if alone
            else message(
                "the ladder of '{promise}' tells a role that nobody holds: {roles}",
                promise=promise,
                roles=roles,
            )
        )
        yield Finding(
            code="rehearsal.reaches_nobody" if alone else "rehearsal.role_not_held",
            what=what,
            advice=message("give somebody the role, or tell somebody else"),
            place=place,
            grave=alone,
        )


def unheard(
    play: Play,
    places: LadderPlaces,
    tickets: Sequence[Ticket],
    events: Mapping[str, Sequence[Event]],
    workflows: Mapping[str, Workflow],
) -> Iterator[Finding]:
    """Yield the escalations of which nobody heard, and those that only the process owner did."""
    for ticket in tickets:
        for event in events[ticket.key]:
            promise = str(event.facts.get("promise", ""))
            for name in event.facts.get("reached_nobody", ()):
                _, place = places.step(workflows[ticket.key], promise, name)
                yield _reached_nobody(event, promise, name, place)
            for name in event.facts.get("reached_process_owner", ()):
                step, place = places.step(workflows[ticket.key], promise, name)
                if step is None or len(_unheld(play, step)) < len(step.tell):
                    yield _reached_process_owner(event, promise, name, place)
                elif workflows[ticket.key].name != play.stage.workflow.name:
                    # `empty_roles` has looked at the rehearsed workflow's own steps.
                    yield _reached_nobody(event, promise, name, place)


def _reached_nobody(event: Event, promise: str, name: str, place: Place) -> Finding:
    return Finding(
        code="rehearsal.reaches_nobody",
        what=message(
            "{ticket}: the escalation of '{promise}' at '{threshold}' reached nobody",
            ticket=event.ticket,
            promise=promise,
            threshold=name,
        ),
        advice=message(
            "tell somebody who is always there, such as a role, and name a 'process_owner'"
        ),
        place=place,
    )


def _reached_process_owner(event: Event, promise: str, name: str, place: Place) -> Finding:
    return Finding(
        code="rehearsal.reaches_process_owner",
        what=message(
            "{ticket}: at '{threshold}' of '{promise}' there was none of those it tells; the process owner was told instead",
            ticket=event.ticket,
            promise=promise,
            threshold=name,
        ),
        advice=message("tell the owner or a role too, if somebody else should hear of it"),
        place=place,
        grave=False,
    )


def lost(
    play: Play,
    places: LadderPlaces,
    told: Sequence[Told],
    workflows: Mapping[str, Workflow],
) -> Iterator[Finding]:
    """Yield notices that could not be handed over: grave where an escalation was to reach somebody on the staff."""
    for one in told:
        notice = one.notice
        if notice.state not in _LOST:
            continue
        workflow = workflows[notice.ticket]
        if notice.threshold:
            _, place = places.step(workflow, notice.promise, notice.threshold)
        else:
            place = Place(play.stage.document.file)
        yield Finding(
            code="rehearsal.not_delivered",
            what=message(
                "{person} cannot be told over '{via}': {why}",
                person=notice.recipient,
                via=notice.via,
                why=one.detail or message("the channel would not take it"),
            ),
            advice=message("`casewright user add` gives somebody a phone number or an address"),
            place=place,
            grave=bool(notice.threshold) and notice.recipient != _CUSTOMER,
        )


def told_twice(
    play: Play,
    places: LadderPlaces,
    told: Iterable[Told],
    workflows: Mapping[str, Workflow],
) -> Iterator[Finding]:
    """Yield who was told twice: the same person, clock, run, threshold, occurrence and channel."""
    notices = [one.notice for one in told if one.notice.threshold]
    counted = Counter(
        (
            one.recipient,
            one.ticket,
            one.promise,
            one.run,
            one.threshold,
            one.occurrence,
            one.via,
        )
        for one in notices
    )
    for (person, ticket, promise, _, threshold, _, via), count in counted.items():
        if count > 1:
            _, place = places.step(workflows[ticket], promise, threshold)
            yield _twice(person, via, place, promise=promise, threshold=threshold)
    sent = Counter(one.key for one in play.simulation.sent)
    for one in play.simulation.sent:
        if sent[one.key] > 1:
            yield _twice(
                "?", one.via, Place(play.stage.document.file), promise="", threshold=""
            )


def _twice(person: str, via: str, place: Place, *, promise: str, threshold: str) -> Finding:
    return Finding(
        code="rehearsal.told_twice",
        what=message(
            "{person} is told twice over '{via}' at '{threshold}' of '{promise}'",
            person=person,
            via=via,
            threshold=threshold,
            promise=promise,
        ),
        advice=message("this is a fault of casewright, not of the workflow: please report it"),
        place=place,
    )


def _unheld(play: Play, step: LadderStep) -> list[str]:
    """Return the roles that a step tells and nobody on the staff holds."""
    held = {role for person in play.stage.people.values() for role in person.roles}
    return [one.name for one in step.tell if one.kind == "role" and one.name not in held]
