"""What is to be mended after a rehearsal: all findings together, and those that are about no escalation."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from casewright.errors import Place, message
from casewright.model import SYSTEM, Event, Ticket
from casewright.queries import GetWorkflow
from casewright.rehearse import escalations
from casewright.rehearse.ladder_places import LadderPlaces
from casewright.rehearse.play import Play
from casewright.rehearse.report import Finding, PromiseRun, Told
from casewright.workflows.spec import Workflow


def findings(
    play: Play,
    tickets: Sequence[Ticket],
    events: Mapping[str, Sequence[Event]],
    told: Sequence[Told],
    runs: Sequence[PromiseRun],
) -> list[Finding]:
    """Return all findings, the grave ones first, each place once for each thing wrong there."""
    places = LadderPlaces(play.stage)
    workflows = {one.key: _workflow(play, one) for one in tickets}
    found = [
        *escalations.empty_roles(play, places),
        *escalations.unheard(play, places, tickets, events, workflows),
        *escalations.lost(play, places, told, workflows),
        *escalations.told_twice(play, places, told, workflows),
        *_refused(play),
        *_untaken_transitions(play, tickets, events, workflows),
        *_troubles(play),
        *play.findings,
        *_unwarned(play, runs),
        *_nothing_promised(play, tickets),
        *_unmade_channels(play, told),
    ]
    once: dict[tuple[str, Place, str], Finding] = {}
    for one in found:
        once.setdefault((one.code, one.place, str(one.what)), one)
    return sorted(once.values(), key=lambda one: not one.grave)


def _workflow(play: Play, ticket: Ticket) -> Workflow:
    query = GetWorkflow(actor=SYSTEM, workflow=ticket.workflow, digest=ticket.bundle)
    found: Workflow = play.stage.desk.ask_as_system(query)[0]
    return found


def _refused(play: Play) -> Iterator[Finding]:
    for one in play.refused:
        if not one.expected:
            yield Finding(
                code="rehearsal.refused_step",
                what=message(
                    "{actor} may not '{do}': {error}",
                    actor=one.actor,
                    do=one.do,
                    error=one.error,
                ),
                advice=message(
                    "mend the step, or say `refused: true` where it is to be refused"
                ),
                place=one.place,
            )


def _untaken_transitions(
    play: Play,
    tickets: Sequence[Ticket],
    events: Mapping[str, Sequence[Event]],
    workflows: Mapping[str, Workflow],
) -> Iterator[Finding]:
    """Yield timed transitions, and actions of ladders, that could not be taken at their moment."""
    for ticket in tickets:
        for event in events[ticket.key]:
            said = event.facts.get("not_done") or event.facts.get("refused")
            if not said or "timer" not in event.facts:
                continue
            yield Finding(
                code="rehearsal.timer_refused",
                what=message(
                    "{workflow}: what '{timer}' was to do could not be done ({code})",
                    workflow=workflows[ticket.key].name,
                    timer=event.facts["timer"],
                    code=said,
                ),
                advice=message(
                    "see what stands against it: its 'when', its form, what it needs"
                ),
                place=Place(play.stage.document.file),
                grave=False,
            )


def _troubles(play: Play) -> Iterator[Finding]:
    for _, trouble in play.simulation.troubles:
        if trouble.final:
            yield Finding(
                code="rehearsal.timer_failed",
                what=message(
                    "{ticket}: timer '{timer}' could not be fired: {error}",
                    ticket=trouble.ticket,
                    timer=trouble.timer,
                    error=trouble.error,
                ),
                advice=message(
                    "see what stands against it: its 'when', its form, what it needs"
                ),
                place=Place(play.stage.document.file),
            )


def _nothing_promised(play: Play, tickets: Sequence[Ticket]) -> Iterator[Finding]:
    if not tickets or any(one.clocks for one in tickets):
        return
    yield Finding(
        code="rehearsal.no_promise",
        what=message("no promise began, so nobody was to be told of any deadline"),
        advice=message("write a scenario that goes further, and name it with --scenario"),
        place=play.stage.document.key_place(("promises",)),
        grave=False,
    )


def _unmade_channels(play: Play, told: Iterable[Told]) -> Iterator[Finding]:
    used = dict.fromkeys(one.notice.via for one in told)
    for via in used:
        if via in play.stage.missing:
            yield Finding(
                code="rehearsal.channel_not_made",
                what=message("the channel '{name}' is not in casewright.toml", name=via),
                advice=message(
                    "make it there, [channels.{name}]: until then nobody is told over it",
                    name=via,
                ),
                place=Place(str(play.stage.config.root / "casewright.toml")),
                grave=False,
            )


def _unwarned(play: Play, runs: Iterable[PromiseRun]) -> Iterator[Finding]:
    """Yield promises that were broken without anybody having been warned before."""
    for run in runs:
        due = run.breached_at
        if due is None or any(one.arrived_at and one.arrived_at <= due for one in run.warned):
            continue
        yield Finding(
            code="rehearsal.unwarned",
            what=message(
                "{ticket}: nobody was warned before '{promise}' was overdue",
                ticket=run.ticket,
                promise=run.promise,
            ),
            advice=message("give its ladder a step before 100%, such as 80%"),
            place=play.stage.document.key_place(("ladder", run.promise)),
            grave=False,
        )
