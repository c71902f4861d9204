"""Complaints: taken on, investigated by orders, a remedy approved and offered, carried out, called back; some come back."""

from datetime import timedelta
from typing import Any

from casewright.commands import FireTransition, ReopenTicket
from casewright.simulating.centre import Centre, Life, Pause, Work
from casewright.simulating.life_customers import impatience
from casewright.simulating.life_orders import dispatched
from casewright.simulating.life_remedies import remedied
from casewright.simulating.matters import DAY, HOUR, MINUTE, Matter, by_handler, noted
from casewright.texts import text

_KIND = "investigation"
_MOST_ROUNDS = 3
_TOO_EARLY = text("a complaint concluded before any order was sent out")


def complaint(centre: Centre, matter: Matter) -> Life:
    """A claim, registered by the agent who took the call."""
    words, chance, habits = matter.subject.words.of(centre.lang), matter.chance, centre.habits
    fields: dict[str, Any] = {
        "subject": words,
        "description": words,
        "demand": centre.words(
            "Put it right, and say why it happened.", "尽快处理并给出说法。"
        ),
        "product": matter.subject.product,
        "department": matter.subject.department,
    }
    if chance.happens(habits.from_a_regulator):
        due = (centre.now + 6 * DAY).astimezone(centre.span.zone).date()
        reference = f"R-{matter.number}"
        fields |= {"regulator": True, "regulator_reference": reference}
        fields |= {"external_due": due.isoformat()}
    if chance.happens(habits.injury_or_media):
        fields["media"] = True
    if chance.happens(habits.against_a_person):
        others = [one for one in centre.staff.agents if one != matter.agent]
        if others:
            fields["subject_of_complaint"] = chance.one_of(others)
    key = centre.opens(matter.agent, "complaint", matter.customer, fields)
    noted(centre, matter, key, resolved=False)
    yield from complaint_of(centre, matter, key)


def complaint_of(centre: Centre, matter: Matter, key: str) -> Life:
    """A complaint from its registration on, and what becomes of it when it comes back."""
    for _ in range(_MOST_ROUNDS):
        centre.begin(impatience(centre, matter, key))
        yield from _once(centre, matter, key)
        if not matter.chance.happens(centre.habits.comes_back):
            return
        yield Pause(centre.now + matter.chance.around(centre.habits.comes_back_after, 0.8))
        leader = yield Work(centre.staff.of("team_leader"), matter.chance.around(6 * MINUTE))
        centre.must_be(key, "closed")
        reason = centre.words("It has happened again.", "问题再次发生。")
        key = centre.does(ReopenTicket, leader, ticket=key, reason=reason).opened[0]


def _once(centre: Centre, matter: Matter, key: str) -> Life:
    """A complaint from its registration to its end."""
    chance, habits = matter.chance, centre.habits
    yield Pause(centre.now + chance.around(HOUR / 2))
    if chance.happens(habits.complaint_declined):
        yield from _declined(centre, matter, key)
        return
    who = yield Work(centre.unbarred(key, "complaint_handler"), chance.around(6 * MINUTE))
    if chance.happens(habits.complaint_returned):
        yield from _completed(centre, matter, key, who)
        who = yield Work(centre.unbarred(key, "complaint_handler"), chance.around(6 * MINUTE))
    said: dict[str, Any] = {"category": matter.subject.category, "severity": "serious"}
    centre.fires(who, key, "accept", at="registered", **said)
    yield from _first_contact(centre, matter, key)
    while True:
        yield from _investigated(centre, matter, key)
        yield from remedied(centre, matter, key)
        if centre.ticket(key).state != "investigating":
            return


def _declined(centre: Centre, matter: Matter, key: str) -> Life:
    """Have a team leader decline it, and the customer told why by whoever registered it."""
    chance = matter.chance
    leaders = centre.unbarred(key, "team_leader")
    who = yield Work(leaders, chance.around(6 * MINUTE))
    reason = centre.words("Settled before, and nothing is new.", "此前已办结且无新事实。")
    said: dict[str, Any] = {"decline_basis": "already_settled", "decline_reason": reason}
    centre.fires(who, key, "decline", at="registered", **said)
    who = yield Work((centre.ticket(key).opener,), chance.around(4 * MINUTE))
    centre.fires(who, key, "told", at="declining", told_by="phone")


def _completed(centre: Centre, matter: Matter, key: str, who: str) -> Life:
    """Have what is missing filled in by whoever registered it."""
    centre.fires(who, key, "return_data", at="registered", missing_data=["time_and_place"])
    agent = yield Work((centre.ticket(key).opener,), matter.chance.around(5 * MINUTE))
    note = centre.words("Yesterday evening at home.", "昨晚，家中。")
    centre.fires(agent, key, "resubmit", at="data_missing", completion_note=note)


def _first_contact(centre: Centre, matter: Matter, key: str) -> Life:
    """Call the customer until they are reached."""
    for attempt in range(3):
        reached = attempt == 2 or matter.chance.happens(centre.habits.first_contact_reached)
        who = yield from by_handler(centre, key, matter.chance.around(6 * MINUTE))
        centre.must_be(key, "investigating")
        centre.calls_customer(who, key, reached=reached)
        if reached:
            return
        yield Pause(centre.now + matter.chance.around(2 * HOUR))


def _investigated(centre: Centre, matter: Matter, key: str) -> Life:
    """Find out what happened: by orders to departments, by asking the customer, or without either for a reason."""
    chance, habits = matter.chance, centre.habits
    form: dict[str, Any] = {
        "findings": centre.words("The appointment was not passed on.", "预约信息未传达。"),
        "complaint_true": chance.one_of(("true_in_full", "true_in_part", "untrue")),
    }
    if chance.happens(habits.needs_no_order):
        form["no_order_reason"] = centre.words("It is all on the recording.", "录音已可核实。")
    else:
        who = yield from by_handler(centre, key, chance.around(8 * MINUTE))
        if chance.happens(habits.concludes_too_early):
            centre.must_be(key, "investigating")
            said: dict[str, Any] = {"ticket": key, "transition": "conclude", "form": form}
            centre.may_not(_TOO_EARLY, FireTransition, who, **said)
        assisted = chance.happens(habits.assisted)
        yield from dispatched(
            centre, matter, key, at="investigating", who=who, kind=_KIND, assisted=assisted
        )
    if (
        chance.happens(habits.asks_customer)
        and centre.ticket(key).times.get("ask_customer", 0) < 2
    ):
        yield from _asked(centre, matter, key)
        form["no_order_reason"] = centre.words(
            "The customer's papers are enough.", "客户补充材料已足够。"
        )
    who = yield from by_handler(centre, key, chance.around(20 * MINUTE))
    centre.fires(who, key, "conclude", at="investigating", **form)


def _asked(centre: Centre, matter: Matter, key: str) -> Life:
    """Ask the customer for more; five days without an answer are enough for the clock."""
    chance = matter.chance
    who = yield from by_handler(centre, key, chance.around(5 * MINUTE))
    asked_for = centre.words("A photo of the bill.", "账单照片。")
    centre.fires(who, key, "ask_customer", at="investigating", asked_for=asked_for)
    if chance.happens(centre.habits.customer_supplies):
        yield Pause(centre.now + chance.around(2 * DAY))
        agent = yield Work(centre.answering(key), chance.around(4 * MINUTE))
        said: dict[str, Any] = {
            "supplement": centre.words("Sent by mail.", "已发邮件。"),
            "supplied_by": "email",
        }
        if (
            centre.must_be(key, "awaiting_customer", "investigating").state
            == "awaiting_customer"
        ):
            centre.fires(agent, key, "supplemented", at="awaiting_customer", **said)
        return
    while (
        centre.must_be(key, "awaiting_customer", "investigating").state == "awaiting_customer"
    ):
        yield Pause(centre.now + timedelta(hours=12))
