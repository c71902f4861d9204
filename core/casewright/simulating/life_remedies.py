"""What comes of a complaint: a remedy is drawn up and approved, the customer answered, the promise kept, the customer called back."""

from datetime import timedelta
from typing import Any

from casewright.simulating.centre import Centre, Life, Pause, Work
from casewright.simulating.matters import (
    DAY,
    HOUR,
    MINUTE,
    Matter,
    approval,
    by_handler,
    unreachable,
)

_APPROVERS = ("team_leader", "complaint_manager", "centre_manager")
_MOST_REJECTED = 2


def remedied(centre: Centre, matter: Matter, key: str) -> Life:
    """From the findings to the end of the complaint, or to its rework where the customer says it is not solved."""
    chance, habits = matter.chance, centre.habits
    amount = 0.0
    if not chance.happens(habits.without_money):
        amount = round(chance.around(timedelta(seconds=habits.amount), 1.0).total_seconds(), 2)
    for offered in range(_MOST_REJECTED + 1):
        yield from _approved(centre, matter, key, amount * (1 + offered / 2))
        if chance.happens(habits.unreachable):
            yield from _lost(centre, matter, key, "informing", centre.handler(key))
            return
        who = yield from by_handler(centre, key, chance.around(9 * MINUTE))
        centre.calls_customer(who, key, reached=True)
        if not chance.happens(habits.remedy_rejected):
            centre.fires(who, key, "agreed", at="informing", answered_by="phone")
            yield from _fulfilled(centre, matter, key)
            return
        if offered == _MOST_REJECTED:
            yield from _no_agreement(centre, matter, key)
            return
        reason = centre.words("It is not enough.", "客户认为不足。")
        centre.fires(who, key, "rejected", at="informing", reason=reason, answered_by="phone")


def _approved(centre: Centre, matter: Matter, key: str, amount: float) -> Life:
    """Submit a remedy until it is granted; what was denied is submitted again with half of the money."""
    chance = matter.chance
    while True:
        who = yield from by_handler(centre, key, chance.around(15 * MINUTE))
        centre.fires(who, key, "submit", at="proposing", **_remedy(centre, matter, amount))
        deny = centre.habits.remedy_denied
        yield from approval(centre, matter, key, "approval", _APPROVERS, deny)
        if centre.must_be(key, "informing", "proposing").state == "informing":
            return
        amount /= 2


def _remedy(centre: Centre, matter: Matter, amount: float) -> dict[str, Any]:
    liable = amount > 0
    remedies = ["apology", "compensation"] if liable else ["explanation"]
    return {
        "liability": "partial" if liable else "none",
        **({"liable_department": matter.subject.department} if liable else {}),
        "cause": matter.chance.one_of(("staff_error", "system", "network", "information")),
        "remedies": remedies,
        "amount": round(amount, 2),
        "remedy_text": centre.words("We apologise, and put it right.", "致歉，并已纠正处理。"),
    }


def _no_agreement(centre: Centre, matter: Matter, key: str) -> Life:
    """Have a complaint manager end it without an agreement."""
    managers = centre.unbarred(key, "complaint_manager")
    who = yield Work(managers, matter.chance.around(12 * MINUTE))
    reason = centre.words("Three offers were refused.", "三次方案均未被接受。")
    said: dict[str, Any] = {"solved": False, "closing_note": reason}
    centre.fires(who, key, "no_agreement", at="informing", reason=reason, **said)


def _lost(
    centre: Centre, matter: Matter, key: str, state: str, people: tuple[str, ...]
) -> Life:
    """Close it once the customer could not be reached often enough."""
    yield from unreachable(centre, matter, key, state, people)
    who = yield Work(people, 4 * MINUTE)
    note = centre.words("Three calls and an SMS on two days.", "两日内三次致电并发短信。")
    said: dict[str, Any] = {
        "solved": False,
        "closing_note": note,
        "category": matter.subject.category,
    }
    centre.fires(who, key, "unreachable", at=state, **said)


def _fulfilled(centre: Centre, matter: Matter, key: str) -> Life:
    """Carry out what was promised, and have somebody else ask whether it is solved."""
    chance, habits = matter.chance, centre.habits
    yield Pause(centre.now + chance.around(DAY))
    who = yield from by_handler(centre, key, chance.around(10 * MINUTE))
    said: dict[str, Any] = {
        "carried_out": centre.words("Credited to the account.", "已入账。"),
        "voucher": f"V-{matter.number:06}",
    }
    centre.fires(who, key, "done", at="fulfilling", **said)
    yield Pause(centre.now + chance.around(4 * HOUR))
    handler = centre.ticket(key).handler
    callers = tuple(one for one in centre.staff.of("callback_agent") if one != handler)
    if chance.happens(habits.unreachable):
        yield from _lost(centre, matter, key, "callback", callers[:1])
        return
    who = yield Work(callers, chance.around(5 * MINUTE))
    if chance.happens(habits.complaint_solved):
        satisfaction = chance.one_of(("very_satisfied", "satisfied", "satisfied", "fair"))
        said = {"solved": True, "satisfaction": satisfaction}
        centre.fires(who, key, "satisfied", at="callback", **said)
        return
    still = centre.words("The line is still slow.", "网速仍然很慢。")
    said = {"solved": False, "satisfaction": "fair", "unsolved_reason": still}
    centre.fires(who, key, "unsolved", at="callback", **said)
