"""Tickets and tickets: links, and what a parent learns of its children."""

from casewright.engine import telling
from casewright.engine.draft import Draft, Work
from casewright.errors import TicketRefused, message


def link(work: Work, draft: Draft, other: str, role: str) -> bool:
    """Link both ways; return False where the link is there already."""
    key = draft.ticket.key
    if other == key:
        raise TicketRefused(ticket=key, reason=message("a ticket cannot be linked with itself"))
    if (role, other) in draft.ticket.links:
        return False
    far = work.draft(other, "TicketLinked")
    draft.change(links=(*draft.ticket.links, (role, other)))
    if (role, key) not in far.ticket.links:
        far.change(links=(*far.ticket.links, (role, key)))
    return True


def child_opened(parent: Draft) -> None:
    """Count a child that is open from now on."""
    ticket = parent.ticket
    parent.change(
        children_open=ticket.children_open + 1,
        children_count=ticket.children_count + 1,
        children_since_entry=ticket.children_since_entry + 1,
    )


def child_closed(work: Work, child: Draft) -> None:
    """Tell the parent, if there is one, that a child is closed: this is the join."""
    _tell_parent(work, child, "ChildClosed", -1)


def child_reopened(work: Work, child: Draft) -> None:
    """Tell the parent, if there is one, that a child is open again."""
    _tell_parent(work, child, "ChildReopened", 1)


def _tell_parent(work: Work, child: Draft, kind: str, by: int) -> None:
    if child.ticket.parent is None:
        return
    parent = work.draft(child.ticket.parent, kind)
    parent.change(children_open=parent.ticket.children_open + by)
    parent.facts.setdefault("children", []).append(child.ticket.key)
    if by < 0 and parent.ticket.children_open == 0:
        who = telling.relation("handler" if parent.ticket.handler else "owner")
        telling.tell(work, parent, (who,), reason="children_closed")
