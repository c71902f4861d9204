"""What an errand came to, in words: the state a ticket is in now, the tickets that were opened with it."""

from collections.abc import Sequence

from casewright.errors import Message, message
from casewright.model import Receipt
from casewright_tui.errands.errand import Errand


def summed_up(errand: Errand, receipts: Sequence[Receipt]) -> Message:
    """Return what was done."""
    if not receipts:
        return message("Done.")
    first = receipts[0]
    opened = [key for one in receipts for key in one.opened]
    if errand.done is not None:
        said = errand.done(receipts)
        if len(errand.tickets) > 1:
            return message("{count} tickets: {done}.", count=len(errand.tickets), done=said)
        if first.ticket and errand.tickets:
            return message("{ticket}: {done}.", ticket=first.ticket, done=said)
        return message("{done}.", done=said)
    state = errand.states.get(first.state, first.state)
    if opened:
        return message(
            "{ticket} is in '{state}' now; opened: {opened}.",
            ticket=first.ticket, state=state, opened=opened,
        )  # fmt: skip
    return message("{ticket} is in '{state}' now.", ticket=first.ticket, state=state)
