"""The scheduled work: the line is looked through, hands that are free are filled, owners hear of what nobody can take.

It runs every minute, and at once when something may have come to wait or a hand may be free. Where the workspace
does not push, it only looks: agents then take the next ticket themselves. It rests where no agent is on the staff.
"""

from casewright import Effect, Event, Message, Notify, PluginDesk, Ticket, Wake, message
from casewright_routing import stored_decisions
from casewright_routing.answers import Decision
from casewright_routing.floor import Floor
from casewright_routing.giving import TOLD, push
from casewright_routing.matching import Pass
from casewright_routing.published import published
from casewright_routing.sentences import in_both
from casewright_routing.stored_waiting import Entry

NAME = "match"
REASON = "unrouted"
"""Why an owner is told, in the words of notices."""
_MOVES = ("state", "handler", "priority", "closed_at")


def run(desk: PluginDesk) -> None:
    """Do the work once."""
    rules = published(desk)
    if rules is None:
        return
    floor = Floor(desk, rules, whole=True)
    if not floor.agents:
        return
    if desk.settings["push"]:
        push(desk, floor)
    _tell_owners(desk, floor)
    floor.keep()


def follow(ticket: Ticket, event: Event) -> tuple[Effect, ...]:
    """Return what should follow an event: the work is done at once where something may wait, or a hand be free."""
    moved = event.sequence == 1 or any(name in event.changes for name in _MOVES)
    refilled = any(name.startswith("fields.") for name in event.private)
    waits = ticket.open and ticket.handler is None and (moved or refilled)
    left = "handler" in event.changes or "closed_at" in event.changes
    return (Wake(job=NAME),) if waits or left else ()


def _tell_owners(desk: PluginDesk, floor: Floor) -> None:
    """Tell the owner of each ticket that nobody can take, once for as long as it stays in its queue."""
    running = Pass(floor.rules, floor.waiting, floor.agents.values(), desk.now)
    waiting = {one.key for one in floor.waiting}
    for key, entry in list(floor.entries.items()):
        if key in waiting and not entry.told and running.hopeless(entry.ticket):
            _tell(desk, floor, entry)
            floor.told(key)


def _tell(desk: PluginDesk, floor: Floor, entry: Entry) -> None:
    ticket = entry.ticket
    title = floor.rules.title_of(ticket.queue)
    notice = Notify(
        ticket=ticket.key,
        to=entry.owner,
        via="notice",
        reason=REASON,
        message=in_both(_sentence(title)),
    )
    desk.note(ticket.key, {"queue": ticket.queue}, notices=(notice,))
    decision = Decision(
        ticket=ticket.key,
        at=desk.now,
        way=TOLD,
        agent="",
        queue=ticket.queue,
        queue_title=title,
        step="",
        since=ticket.since,
    )
    stored_decisions.write(desk.store, decision)


def _sentence(title: object) -> Message:
    return message(
        "It waits in '{queue}', and no agent could take it, even if all were there and free. "
        "Please give it to somebody, or see to it that somebody has the skill.",
        queue=title,
    )
