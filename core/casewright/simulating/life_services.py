"""Service requests: identity, documents, an order to a department where one is needed, approval, and word to the customer."""

from typing import Any

from casewright.simulating.centre import Centre, Life, Pause, Work
from casewright.simulating.life_customers import impatience
from casewright.simulating.life_orders import dispatched
from casewright.simulating.matters import (
    DAY,
    HOUR,
    MINUTE,
    Matter,
    approval,
    by_handler,
    noted,
    unreachable,
)

_APPROVERS = ("team_leader", "centre_manager")


def service(centre: Centre, matter: Matter) -> Life:
    """Something to be done for a customer, registered by the agent who took the call."""
    words, subject = matter.subject.words.of(centre.lang), matter.subject
    fields = {
        "subject": words,
        "description": words,
        "service": subject.service,
        "product": subject.product,
    }
    if subject.service == "move":
        fields["new_address"] = centre.words(
            "12 Lakeside Road, flat 501", "湖滨路 12 号 501 室"
        )
    key = centre.opens(matter.agent, "service_request", matter.customer, fields)
    noted(centre, matter, key, resolved=False)
    yield from service_of(centre, matter, key)


def service_of(centre: Centre, matter: Matter, key: str) -> Life:
    """A service request from its registration on."""
    chance, habits = matter.chance, centre.habits
    _identified(centre, matter, key)
    centre.begin(impatience(centre, matter, key))
    yield Pause(centre.now + chance.around(HOUR))
    clerks = centre.staff.of("back_office_clerk")
    who = yield Work(clerks, chance.around(4 * MINUTE))
    if chance.happens(habits.service_declined):
        reason = centre.words("The contract still runs.", "合约尚未到期。")
        said: dict[str, Any] = {"decline_basis": "conditions_not_met", "decline_reason": reason}
        centre.fires(who, key, "decline", at="registered", **said)
        return
    if chance.happens(habits.documents_missing):
        supplied: list[bool] = []
        yield from _documents(centre, matter, key, who, supplied)
        if not supplied:
            return
        who = yield Work(clerks, chance.around(4 * MINUTE))
    centre.fires(who, key, "accept", at="registered")
    yield from _handled(centre, matter, key)


def _identified(centre: Centre, matter: Matter, key: str) -> None:
    said: dict[str, Any] = {"identity_method": "sms_code", "identity_verified": True}
    centre.fires(matter.agent, key, "verify_identity", at="registered", **said)


def _documents(
    centre: Centre, matter: Matter, key: str, who: str, supplied: list[bool]
) -> Life:
    """Ask for documents, which the customer supplies or does not: then it lapses after ten days."""
    chance = matter.chance
    missing = [chance.one_of(("identity", "property", "old_contract"))]
    centre.fires(who, key, "need_documents", at="registered", missing_documents=missing)
    if not chance.happens(centre.habits.documents_supplied):
        handler = centre.handler(key)
        yield from unreachable(centre, matter, key, "awaiting_documents", handler)
        return
    yield Pause(centre.now + chance.around(2 * DAY))
    agent = yield Work(centre.staff.agents, chance.around(4 * MINUTE))
    text = centre.words("Sent by mail.", "已补交材料。")
    said: dict[str, Any] = {
        "supplement": text,
        "supplied_by": "email",
        "identity_checked": True,
    }
    centre.fires(agent, key, "supplied", at="awaiting_documents", **said)
    supplied.append(True)


def _handled(centre: Centre, matter: Matter, key: str) -> Life:
    """Prepare it, have it approved, carry it out, and tell the customer."""
    chance, subject = matter.chance, matter.subject
    who = yield from by_handler(centre, key, chance.around(5 * MINUTE))
    if chance.happens(centre.habits.not_possible):
        leader = yield Work(centre.staff.of("team_leader"), chance.around(5 * MINUTE))
        said: dict[str, Any] = {
            "impossible_code": "no_resource",
            "impossible_reason": centre.words("There is no line.", "暂无线路资源。"),
            "category": subject.category,
        }
        centre.fires(leader, key, "not_possible", at="in_progress", **said)
        return
    if subject.order:
        yield from dispatched(
            centre, matter, key, at="in_progress", who=who, kind=subject.order
        )
    yield from _submitted(centre, matter, key)
    who = yield from by_handler(centre, key, chance.around(8 * MINUTE))
    carried_out = centre.words("Done in the system.", "系统已办理。")
    centre.fires(who, key, "done", at="executing", carried_out=carried_out)
    who = yield Work(centre.staff.agents, chance.around(4 * MINUTE))
    told: dict[str, Any] = {"told_by": "phone", "solved": True, "category": subject.category}
    centre.fires(who, key, "told", at="informing", **told)
    if centre.ticket(key).state == "callback":
        yield from _called_back(centre, matter, key)


def _submitted(centre: Centre, matter: Matter, key: str) -> Life:
    """Submit it until it is granted: what was denied goes in again."""
    chance = matter.chance
    while True:
        who = yield from by_handler(centre, key, chance.around(6 * MINUTE))
        amount = round(chance.part() * 300, 2) if matter.subject.service == "refund" else 0
        plan = centre.words("As the customer wants it.", "按客户申请办理。")
        centre.fires(who, key, "submit", at="in_progress", plan=plan, amount=amount)
        deny = centre.habits.remedy_denied
        yield from approval(centre, matter, key, "approval", _APPROVERS, deny)
        if centre.must_be(key, "executing", "in_progress").state == "executing":
            return


def _called_back(centre: Centre, matter: Matter, key: str) -> Life:
    chance = matter.chance
    yield Pause(centre.now + chance.around(4 * HOUR))
    who = yield Work(centre.staff.of("callback_agent"), chance.around(4 * MINUTE))
    said: dict[str, Any] = {
        "solved": True,
        "satisfaction": chance.one_of(("very_satisfied", "satisfied", "fair")),
    }
    if chance.happens(centre.habits.service_solved):
        centre.fires(who, key, "solved", at="callback", **said)
        return
    open_point = centre.words("It does not work yet.", "尚未生效。")
    said = {"solved": False, "satisfaction": "fair", "unsolved_reason": open_point}
    centre.fires(who, key, "unsolved", at="callback", **said)
    yield from _handled(centre, matter, key)
