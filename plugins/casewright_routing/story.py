"""The story of one ticket's routing: what was decided and when, and what would be decided now."""

from casewright import GetTicket, Message, PluginDesk, Ticket, message
from casewright_routing import stored_decisions
from casewright_routing.answers import RouteStory
from casewright_routing.explaining import Explanation, explain
from casewright_routing.floor import Floor, must_read_floor
from casewright_routing.queries import ExplainRoute, MayOverrule


def tell(desk: PluginDesk, query: ExplainRoute) -> RouteStory:
    """Return the story of a ticket that the asker may see."""
    ticket: Ticket = desk.ask(GetTicket(actor=query.actor, ticket=query.ticket))
    floor = must_read_floor(desk)
    explanation = _explanation(floor, ticket)
    entry = floor.entries.get(ticket.key)
    return RouteStory(
        ticket=ticket.key,
        handler=ticket.handler or "",
        since=entry.ticket.since if entry is not None and explanation is not None else None,
        decisions=stored_decisions.of_ticket(desk.store, floor.rules, ticket.key),
        now=explanation,
        resting=None if explanation is not None else _resting(floor, ticket),
    )


def may_overrule(desk: PluginDesk, query: MayOverrule) -> bool:
    """Return True: whoever gets here may."""
    return True


def _explanation(floor: Floor, ticket: Ticket) -> Explanation | None:
    waiting = floor.waiting
    if not any(one.key == ticket.key for one in waiting):
        return None
    return explain(floor.rules, waiting, floor.agents.values(), floor.now, ticket.key)


def _resting(floor: Floor, ticket: Ticket) -> Message:
    if not ticket.open:
        return message("it is closed")
    if ticket.handler is not None:
        return message("{agent} handles it", agent=ticket.handler)
    if ticket.key in floor.entries:
        return message("routing.yaml says that routing leaves it alone")
    return message("it has not been looked at yet; the worker does that within a minute")
