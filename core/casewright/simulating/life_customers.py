"""What customers do while their matter is open: they ask how it stands, chase it the more the later it is, or take it back."""

from datetime import datetime, timedelta

from casewright.commands import RecordContact, WithdrawTicket
from casewright.simulating.centre import Centre, Life, Pause, Work
from casewright.simulating.matters import DAY, MINUTE, Matter, overdue

_FROM, _FOR = 9.5, 8.0
"""Customers call about an open matter from this hour on, for so many hours."""


def impatience(centre: Centre, matter: Matter, key: str) -> Life:
    """Day by day until the ticket is closed, the customer may call about it."""
    habits, chance = centre.habits, centre.chance("impatience", key, matter.number)
    while True:
        yield Pause(_tomorrow(centre, _FROM + _FOR * chance.part()))
        ticket = centre.ticket(key)
        if not ticket.open:
            return
        late = overdue(ticket, centre.now) / DAY
        chases = min(habits.most_chases, habits.chases + habits.chases_a_late_day * late)
        drawn = chance.part()
        if drawn < habits.withdraws:
            yield from _withdrawn(centre, key, chance.around(4 * MINUTE))
            return
        if drawn < habits.withdraws + chases:
            yield from _calls(centre, key, "chase", chance.around(3 * MINUTE))
        elif drawn < habits.withdraws + chases + habits.asks:
            yield from _calls(centre, key, "query", chance.around(3 * MINUTE))


def _calls(centre: Centre, key: str, kind: str, takes: timedelta) -> Life:
    who = yield Work(centre.answering(key), takes, centre.habits.patience * 2)
    if who and centre.ticket(key).open:
        text = centre.words("Asks when it will be done.", "询问何时办结。")
        centre.does(RecordContact, who, ticket=key, kind=kind, text=text, identity_checked=True)


def _withdrawn(centre: Centre, key: str, takes: timedelta) -> Life:
    who = yield Work(centre.answering(key), takes, centre.habits.patience * 2)
    if who and centre.ticket(key).open:
        reason = centre.words("Settled meanwhile, says the customer.", "客户称已自行解决。")
        centre.does(WithdrawTicket, who, ticket=key, reason=reason, identity_checked=True)


def _tomorrow(centre: Centre, hour: float) -> datetime:
    today = centre.now.astimezone(centre.span.zone).date()
    return centre.span.at((today - centre.span.start).days + 1, hour)
