"""Giving tickets away: to all agents in a pass, or the next one to an agent who asks; each decision is written down."""

from collections.abc import Mapping

from casewright import (
    SYSTEM,
    AssignmentRefused,
    AssignTicket,
    CommandRefused,
    Message,
    PluginDesk,
    message,
)
from casewright_routing import stored_decisions
from casewright_routing.answers import Decision, PassedOver
from casewright_routing.commands import TakeNext
from casewright_routing.explaining import Candidate, judge
from casewright_routing.floor import Floor, must_read_floor
from casewright_routing.matching import Match, Pass, pull
from casewright_routing.sentences import in_both

PUSH, PULL, TOLD = "push", "pull", "told"
"""The ways in which something is decided."""
MOST_GIVEN = 200
"""What one run gives away; what it could not give by then, the next run does at once."""
MOST_ROUNDS = 5
"""Passes in one run, each without those to whom a ticket could not be given in the one before."""
MOST_TRIES = 20
MOST_NAMES = 10
"""Of agents who were passed over for one reason, so many are kept by name."""


def push(desk: PluginDesk, floor: Floor) -> None:
    """Give what waits to whoever is due it."""
    for _ in range(MOST_ROUNDS):
        if not _round(desk, floor):
            return


def take_next(desk: PluginDesk, command: TakeNext) -> Mapping[str, str]:
    """Give the actor the next ticket; CommandRefused where there is none for them."""
    floor, name = must_read_floor(desk), desk.actor.name
    for _ in range(MOST_TRIES):
        found = pull(floor.rules, floor.waiting, floor.agents.values(), desk.now, name)
        if found.match is None:
            raise CommandRefused(reason=found.reason or message("nothing waits"))
        if _given(desk, floor, found.match, PULL, ()):
            _count(floor, found.overtaken)
            floor.keep()
            match = found.match
            return {"ticket": match.ticket, "queue": match.queue, "step": match.step}
    raise CommandRefused(reason=message("nothing waits that you are asked for"))


def passed_over(candidates: tuple[Candidate, ...]) -> tuple[PassedOver, ...]:
    """Return those who do not get the ticket, by their reasons; the reason of the fewest first."""
    groups: dict[str, tuple[Message, list[str]]] = {}
    for one in candidates:
        if one.reason is not None:
            groups.setdefault(str(one.reason), (one.reason, []))[1].append(one.agent)
    found = (
        PassedOver(reason=reason, agents=tuple(sorted(names)[:MOST_NAMES]), count=len(names))
        for _, (reason, names) in sorted(groups.items())
    )
    return tuple(sorted(found, key=lambda one: one.count))


def _round(desk: PluginDesk, floor: Floor) -> bool:
    """Run one pass; return whether a ticket could not be given, so that another pass may find somebody else."""
    running = Pass(floor.rules, floor.waiting, floor.agents.values(), desk.now)
    given, refused = 0, False
    while running.crew.hands > 0 and given < MOST_GIVEN and (turn := running.turn()):
        if running.choice(turn) is None:
            continue
        candidates = judge(floor.rules, running, turn)
        match = running.offer(turn)
        assert match is not None, "there was a choice"
        given += 1
        if not _given(desk, floor, match, PUSH, passed_over(candidates)):
            floor.refused(match)
            refused = True
    _count(floor, running.order.overtaken())
    return refused and given < MOST_GIVEN


def _given(
    desk: PluginDesk,
    floor: Floor,
    match: Match,
    way: str,
    others: tuple[PassedOver, ...],
) -> bool:
    """Assign the ticket and write down why; False where the desk does not let this person have it."""
    since = floor.entries[match.ticket].ticket.since
    decision = Decision(
        ticket=match.ticket,
        at=desk.now,
        way=way,
        agent=match.agent,
        queue=match.queue,
        queue_title=floor.rules.title_of(match.queue),
        step=match.step,
        since=since,
        passed_over=others,
    )
    both = in_both(sentence(decision))
    assign = AssignTicket(
        actor=SYSTEM,
        ticket=match.ticket,
        handler=match.agent,
        reason=f"{both['en']} {both['zh']}",
    )
    try:
        desk.execute(assign)
    except AssignmentRefused:
        floor.refused(match)
        return False
    stored_decisions.write(desk.store, decision)
    floor.given(match)
    return True


def sentence(decision: Decision) -> Message:
    """Return a decision in one sentence."""
    said = {"queue": decision.queue_title, "agent": decision.agent}
    if decision.way == TOLD:
        return message(
            "Nobody could take it out of '{queue}', even if all were free; its owner was told.",
            queue=decision.queue_title,
        )
    if decision.way == PULL:
        return message("{agent} took it as the next one, out of '{queue}'.", **said)
    return message("Given to {agent}, out of '{queue}'.", **said)


def _count(floor: Floor, overtaken: Mapping[str, int]) -> None:
    for ticket, count in overtaken.items():
        floor.overtaken(ticket, count)
