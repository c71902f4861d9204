"""Work orders: a department signs for one, works on it and answers; whoever sent it out checks the answer."""

from datetime import timedelta
from typing import Any

from casewright.commands import (
    AskExtension,
    AttachFile,
    CastVote,
    DecideExtension,
)
from casewright.model import Receipt
from casewright.simulating.centre import Centre, Life, Pause, Together, Work
from casewright.simulating.chance import Chance
from casewright.simulating.matters import DAY, HOUR, MINUTE, Matter, by_handler

_PROOF = "The address lies in the area of another department. 该地址不在本部门辖区。\n".encode()


def dispatched(
    centre: Centre,
    matter: Matter,
    key: str,
    *,
    at: str,
    who: str,
    kind: str,
    assisted: bool = False,
) -> Life:
    """Send orders out from a ticket, and go on when all of them are closed."""
    departments = sorted(centre.staff.departments)
    other = [one for one in departments if one != matter.subject.department]
    form: dict[str, Any] = {
        "lead_department": matter.subject.department,
        "order_kind": kind,
        "instructions": centre.words("Please look into it and answer.", "请核实处理并回复。"),
    }
    if assisted and other:
        form["assisting_departments"] = [matter.chance.one_of(other)]
    sent = centre.fires(who, key, "dispatch", at=at, **form)
    yield Together(orders(centre, matter, sent, who))
    while centre.ticket(key).children_open:
        yield Pause(centre.now + DAY / 2)


def orders(centre: Centre, matter: Matter, sent: Receipt, who: str) -> list[Life]:
    """Return a life for each order that was opened; `who` sent them out and will check the answers."""
    return [
        order(centre, matter, one, who, centre.chance("order", matter.number, one))
        for one in sent.opened
        if centre.ticket(one).workflow == "work_order"
    ]


def order(centre: Centre, matter: Matter, key: str, sender: str, chance: Chance) -> Life:
    """An order from its dispatch to the archive."""
    habits = centre.habits
    yield Pause(centre.now + chance.around(HOUR, 0.9))
    if chance.happens(habits.order_returned):
        yield from _returned(centre, key, chance)
    if chance.happens(habits.order_forgotten):
        yield Pause(centre.now + chance.around(3 * DAY))
    yield from _signed(centre, key, chance)
    if chance.happens(habits.order_extended):
        yield from _extended(centre, key, chance)
    yield Pause(centre.now + chance.around(4 * HOUR, 0.9))
    if chance.happens(habits.order_reported):
        who = yield from by_handler(centre, key, chance.around(4 * MINUTE))
        progress = centre.words("Somebody is on the way.", "已安排人员上门。")
        centre.fires(who, key, "feedback", at="in_progress", progress=progress)
    if chance.happens(habits.order_suspended):
        yield from _suspended(centre, key, chance)
    yield from _completed(centre, matter, key, sender, chance)


def _signed(centre: Centre, key: str, chance: Chance) -> Life:
    """Have the department sign, unless the clock has done so meanwhile."""
    for _ in range(2):
        found = centre.must_be(key, "dispatched", "in_progress")
        if found.state == "in_progress":
            return
        people = _department(centre, key)
        who = yield Work(people, chance.around(4 * MINUTE))
        if centre.ticket(key).state == "dispatched":
            centre.fires(who, key, "sign", at="dispatched")
            return


def _department(centre: Centre, key: str) -> tuple[str, ...]:
    ticket = centre.ticket(key)
    barred = ticket.fields.get("subject_of_complaint")
    people = centre.staff.departments.get(str(ticket.fields.get("department")), ())
    return tuple(one for one in people if one != barred)


def _returned(centre: Centre, key: str, chance: Chance) -> Life:
    """Have the department return it with proof, and a dispatcher decide; what is granted goes to another department."""
    who = yield Work(_department(centre, key), chance.around(8 * MINUTE))
    ticket = centre.must_be(key, "dispatched")
    if ticket.fields.get("return_closed"):
        return  # four working hours have passed
    others = sorted(set(centre.staff.departments) - {ticket.fields.get("department")})
    proposed = chance.one_of(others)
    _attaches_proof(centre, who, key)
    centre.fires(
        who, key, "return", at="dispatched", return_code="other_department",
        proposed_department=proposed, return_proof=centre.words("Not our area.", "非本部门辖区。"),
    )  # fmt: skip
    dispatcher = yield Work(centre.staff.of("dispatcher"), chance.around(10 * MINUTE))
    if not chance.happens(centre.habits.return_granted):
        reason = centre.words("It is in your area.", "属贵部门辖区。")
        centre.fires(dispatcher, key, "refuse", at="return_review", reason=reason)
        return
    centre.fires(dispatcher, key, "grant", at="return_review")
    dispatcher = yield Work(centre.staff.of("dispatcher"), chance.around(5 * MINUTE))
    centre.fires(dispatcher, key, "dispatch", at="to_dispatch", department=proposed)


def _attaches_proof(centre: Centre, who: str, key: str) -> None:
    digest = centre.desk.keep(_PROOF)
    said = {"digest": digest, "filename": "proof.txt", "size": len(_PROOF)}
    centre.does(AttachFile, who, ticket=key, **said)


def _extended(centre: Centre, key: str, chance: Chance) -> Life:
    """Have the handler ask for more time before it is due, and the owner decide."""
    who = yield from by_handler(centre, key, chance.around(4 * MINUTE))
    ticket = centre.must_be(key, "in_progress")
    clock = ticket.clocks.get("handling")
    if ticket.owner == who or clock is None or clock.due_at is None:
        return  # nobody grants their own request
    if clock.due_at <= centre.now:
        return
    reason = centre.words("The part has to be ordered.", "需订购备件。")
    asked = {"ticket": key, "promise": "handling", "by": "1 day", "reason": reason}
    centre.does(AskExtension, who, **asked)
    decider = yield Work((ticket.owner,), chance.around(5 * MINUTE))
    clock = centre.must_be(key, "in_progress").clocks["handling"]
    if clock.due_at is None or clock.due_at <= centre.now:
        return  # too late to be granted
    grants = chance.happens(centre.habits.extension_granted)
    reason = "" if grants else centre.words("There is time enough.", "时限充足。")
    said = {"ticket": key, "promise": "handling", "grant": grants, "reason": reason}
    centre.does(DecideExtension, decider, **said)


def _suspended(centre: Centre, key: str, chance: Chance) -> Life:
    """Have it suspended until a day agreed with the customer, where a dispatcher grants that."""
    who = yield from by_handler(centre, key, chance.around(5 * MINUTE))
    until = (centre.now + 2 * DAY + chance.around(2 * DAY)).astimezone(centre.span.zone).date()
    centre.fires(
        who, key, "suspend", at="in_progress", suspend_code="customer_appointment",
        suspended_until=until.isoformat(),
        suspend_note=centre.words("Agreed with the customer.", "已与客户约定时间。"),
    )  # fmt: skip
    dispatcher = yield Work(centre.staff.of("dispatcher"), chance.around(8 * MINUTE))
    centre.must_be(key, "suspend_review")
    grants = chance.happens(centre.habits.suspension_granted)
    reason = "" if grants else centre.words("Go there today.", "请今日上门。")
    centre.does(CastVote, dispatcher, ticket=key, grant=grants, reason=reason)
    if not grants:
        return
    yield Pause(centre.now + 2 * DAY + chance.around(DAY))
    who = yield from by_handler(centre, key, 3 * MINUTE)
    if centre.must_be(key, "suspended", "in_progress").state == "suspended":
        centre.fires(who, key, "resume", at="suspended")


def _completed(centre: Centre, matter: Matter, key: str, sender: str, chance: Chance) -> Life:
    """Have it completed and the answer checked; one that is not good enough is completed again."""
    for attempt in range(2):
        who = yield from by_handler(centre, key, chance.around(25 * MINUTE))
        centre.fires(
            who, key, "complete", at="in_progress",
            result=centre.words("Looked into and put right.", "已核实并处理完毕。"),
            solved=True, order_cause=chance.one_of(("staff", "process", "network", "none_found")),
            category=matter.subject.category,
        )  # fmt: skip
        yield Pause(centre.now + chance.around(timedelta(minutes=40)))
        checks = yield Work(_checking(centre, key, sender), chance.around(5 * MINUTE))
        if attempt or not chance.happens(centre.habits.order_reworked):
            centre.fires(checks, key, "pass", at="verifying")
            return
        reason = centre.words("It does not say what was done.", "未说明处理情况。")
        centre.fires(checks, key, "rework", at="verifying", reason=reason)
        yield Pause(centre.now + chance.around(2 * HOUR))


def _checking(centre: Centre, key: str, sender: str) -> tuple[str, ...]:
    """Return who checks an answer: whoever sent the order, else a dispatcher where that one has answered it."""
    if centre.ticket(key).handler == sender:
        return centre.staff.of("dispatcher")
    return (sender,)
