"""Inquiries: most are answered on the phone; some need an expert, a department, or become something else."""

from typing import Any

from casewright.simulating.centre import Centre, Life, Pause, Work
from casewright.simulating.life_complaints import complaint_of
from casewright.simulating.life_orders import dispatched, orders
from casewright.simulating.life_services import service_of
from casewright.simulating.matters import DAY, HOUR, MINUTE, Matter, by_handler, noted


def inquiry(centre: Centre, matter: Matter) -> Life:
    """A question, by the agent who took the call."""
    words = matter.subject.words.of(centre.lang)
    fields = {"subject": words, "question": words, "product": matter.subject.product}
    key = centre.opens(matter.agent, "inquiry", matter.customer, fields)
    way = matter.chance.by_weight(centre.habits.inquiries)
    noted(centre, matter, key, resolved=way == "answer")
    if way == "answer":
        solved = matter.chance.happens(centre.habits.answered_solved)
        centre.fires(
            matter.agent, key, "answer", at="answering", **_answer(centre, matter, solved)
        )
    elif way == "invalid":
        said: dict[str, Any] = {
            "invalid_reason": "dropped",
            "category": "other_contact_invalid",
        }
        centre.fires(matter.agent, key, "invalid", at="answering", **said)
    elif way == "ask_expert":
        yield from _asked(centre, matter, key)
    elif way == "dispatch":
        who = matter.agent
        yield from dispatched(centre, matter, key, at="answering", who=who, kind="answer")
        yield from _answered_by_expert(centre, matter, key)
    else:
        yield from _forwarded(centre, matter, key, way)


def _answer(centre: Centre, matter: Matter, solved: bool) -> dict[str, Any]:
    text = centre.words("Explained on the phone.", "已电话解答。")
    return {"answer_text": text, "category": matter.subject.category, "solved": solved}


def _asked(centre: Centre, matter: Matter, key: str) -> Life:
    question = matter.subject.words.of(centre.lang)
    centre.fires(matter.agent, key, "ask_expert", at="answering", expert_question=question)
    yield Pause(centre.now + matter.chance.around(HOUR))
    yield from _answered_by_expert(centre, matter, key)


def _answered_by_expert(centre: Centre, matter: Matter, key: str) -> Life:
    """Have the handler find the answer and the first-contact owner tell the customer."""
    chance = matter.chance
    who = yield from by_handler(centre, key, chance.around(8 * MINUTE))
    answer = centre.words("As in the price list.", "以资费表为准。")
    centre.fires(who, key, "replied", at="researching", expert_answer=answer)
    who = yield Work((matter.agent,), chance.around(4 * MINUTE))
    solved = chance.happens(centre.habits.reply_solved)
    centre.fires(who, key, "reply", at="to_reply", **_answer(centre, matter, solved))
    if solved or not chance.happens(centre.habits.responds):
        return  # silence closes it
    yield Pause(centre.now + chance.around(DAY))
    who = yield Work(centre.staff.agents, chance.around(4 * MINUTE))
    centre.fires(who, key, "replied", at="awaiting_customer", solved=True)


def _forwarded(centre: Centre, matter: Matter, key: str, way: str) -> Life:
    """Make it a service request, a complaint, or a suggestion to a department."""
    agent, subject = matter.agent, matter.subject
    if way == "to_suggestion":
        text = centre.words("Say it in the bill.", "建议在账单中注明。")
        said: dict[str, Any] = {
            "suggestion": text,
            "department": subject.department,
            "category": subject.category,
        }
        sent = centre.fires(agent, key, way, at="answering", **said)
        for one in orders(centre, matter, sent, agent):
            yield from one
        yield from _answered_by_expert(centre, matter, key)
        return
    if way == "to_service":
        said = {"service": subject.service, "category": subject.category}
        sent = centre.fires(agent, key, way, at="answering", **said)
        yield from service_of(centre, matter, sent.opened[0])
        return
    said = {
        "demand": centre.words("An explanation.", "要求说明。"),
        "category": subject.category,
    }
    sent = centre.fires(agent, key, way, at="answering", **said)
    yield from complaint_of(centre, matter, sent.opened[0])
