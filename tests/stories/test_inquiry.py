"""Stories of inquiries: answered at once, by an expert or a department, or turned into something else."""

import pytest

from casewright.errors import FormRefused, TicketRefused, TransitionRefused

from .centre import DISPATCH, Centre

QUESTION = {"subject": "套餐资费", "question": "59 元套餐含多少流量？"}
CATEGORY = "mobile_data_usage_disputed"
ANSWER = {"answer_text": "含 30GB 流量。", "category": CATEGORY, "solved": True}
EXPERT = {"expert_question": "请解答漫游资费规则"}
ORDER = {**DISPATCH, "order_kind": "answer", "lead_department": "billing"}


def asked(centre: Centre, **fields) -> str:
    return centre.open("chen_jing", "inquiry", {**QUESTION, **fields}, channel="phone")


def researched(centre: Centre) -> str:
    key = asked(centre)
    centre.fire("chen_jing", key, "ask_expert", EXPERT)
    return key


def to_reply(centre: Centre) -> str:
    key = researched(centre)
    expert = centre.ticket(key).handler
    centre.fire(expert, key, "replied", {"expert_answer": "境外漫游按天计费。"})
    return key


def awaiting_customer(centre: Centre) -> str:
    key = to_reply(centre)
    centre.fire("chen_jing", key, "reply", {**ANSWER, "solved": False})
    return key


def test_the_agent_answers_while_the_customer_is_on_the_line(centre):
    key = asked(centre)

    assert (centre.ticket(key).handler, centre.ticket(key).owner) == ("chen_jing", "chen_jing")
    with pytest.raises(FormRefused) as refusal:
        centre.fire("chen_jing", key, "answer", {"answer_text": "含 30GB 流量。"})
    assert {field for field, _ in refusal.value.faults} == {"category", "solved"}

    assert centre.fire("chen_jing", key, "answer", ANSWER).state == "closed"


def test_an_experts_answer_goes_back_to_the_first_contact_who_replies(centre):
    key = researched(centre)
    expert = centre.ticket(key).handler
    assert expert in ("zhou_qiang", "he_ping")
    assert centre.told(key) == {expert}

    centre.fire(expert, key, "replied", {"expert_answer": "境外漫游按天计费。"})
    assert (centre.ticket(key).handler, centre.told(key)) == ("chen_jing", {"chen_jing"})
    with pytest.raises(
        TransitionRefused, match="only the first-contact owner, the team leader"
    ):
        centre.fire(expert, key, "reply", ANSWER)

    assert centre.fire("chen_jing", key, "reply", ANSWER).state == "closed"


def test_the_team_leader_replies_in_the_first_contacts_place(centre):
    key = to_reply(centre)

    with pytest.raises(TransitionRefused):
        centre.fire("sun_wei", key, "reply", ANSWER)  # leads the other team

    assert centre.fire("wu_min", key, "reply", ANSWER).state == "closed"


def test_an_unclear_answer_goes_back_to_an_expert(centre):
    key = to_reply(centre)

    back = centre.fire("chen_jing", key, "unclear", EXPERT)

    assert back.state == "researching"
    assert centre.ticket(key).handler in ("zhou_qiang", "he_ping")


def test_a_customer_who_is_not_content_is_heard_again(centre):
    key = awaiting_customer(centre)
    answered = {"solved": False, "response": "还是不明白"}

    assert centre.ticket(key).state == "awaiting_customer"
    assert centre.fire("li_na", key, "replied", answered).state == "answering"
    centre.fire("chen_jing", key, "ask_expert", EXPERT)
    centre.fire(centre.ticket(key).handler, key, "replied", {"expert_answer": "按天计费。"})
    centre.fire("chen_jing", key, "reply", {**ANSWER, "solved": False})

    assert centre.fire("li_na", key, "replied", {"solved": True}).state == "closed"


def test_silence_after_an_answer_closes(centre):
    key = awaiting_customer(centre)

    with pytest.raises(TransitionRefused, match="only the clock"):
        centre.fire("chen_jing", key, "no_response")

    assert centre.clock_fires(key, "no_response").state == "closed"


def test_a_department_looks_into_it_twice(centre):
    key = asked(centre, category=CATEGORY)

    sent = centre.fire(
        "chen_jing", key, "dispatch", {**ORDER, "assisting_departments": ["finance"]}
    )
    lead, assisting = sent.opened
    assert (sent.state, centre.ticket(key).handler) == ("researching", "chen_jing")
    centre.work_off(lead, "jiang_li")
    with pytest.raises(TransitionRefused, match="a work order is still open"):
        centre.fire("chen_jing", key, "replied", {"expert_answer": "账单无误。"})
    centre.withdraw("chen_jing", assisting)
    (again,) = centre.fire("chen_jing", key, "dispatch", ORDER).opened
    centre.work_off(again, "jiang_li")

    answered = centre.fire("chen_jing", key, "replied", {"expert_answer": "账单无误。"})
    assert answered.state == "to_reply"


def test_a_dispatch_may_go_to_several_assisting_departments_from_research_as_well(centre):
    key = researched(centre)
    expert = centre.ticket(key).handler

    sent = centre.fire(
        expert, key, "dispatch", {**ORDER, "assisting_departments": ["finance", "legal"]}
    )

    departments = [centre.ticket(one).fields["department"] for one in sent.opened]
    assert departments == ["billing", "finance", "legal"]


def test_an_inquiry_becomes_a_service_request(centre):
    key = asked(centre, customer_name="李先生")

    sent = centre.fire(
        "chen_jing",
        key,
        "to_service",
        {"service": "plan_change", "category": "mobile_data_usage_disputed"},
    )

    (child,) = sent.opened
    request = centre.ticket(child)
    assert (sent.state, centre.ticket(key).open) == ("forwarded", False)
    assert (request.workflow, request.parent, request.role) == (
        "service_request",
        key,
        "service_request",
    )
    assert request.fields["service"] == "plan_change"
    assert request.fields["customer_name"] == "李****"
    words = centre.contact("li_na", key, "query").answer
    assert words["zh"] == "已转新工单办理中"


def test_an_inquiry_becomes_a_complaint(centre):
    key = asked(centre)

    sent = centre.fire(
        "chen_jing",
        key,
        "to_complaint",
        {"demand": "退还多扣费用", "category": CATEGORY, "department": "billing"},
    )

    (child,) = sent.opened
    complaint = centre.ticket(child)
    assert (complaint.workflow, complaint.owner) == ("complaint", "cheng_hui")
    assert complaint.fields["description"] == QUESTION["question"]


def test_a_suggestion_is_forwarded_and_answered(centre):
    key = asked(centre)

    sent = centre.fire(
        "chen_jing",
        key,
        "to_suggestion",
        {"suggestion": "建议增设夜间服务", "department": "marketing", "category": CATEGORY},
    )
    (order,) = sent.opened

    assert (sent.state, centre.ticket(order).priority) == ("researching", "low")
    centre.work_off(order, "ye_qing")
    centre.fire("chen_jing", key, "replied", {"expert_answer": "建议已采纳。"})
    assert centre.fire("chen_jing", key, "reply", ANSWER).state == "closed"


def test_an_invalid_call_is_closed_as_such(centre):
    key = asked(centre)

    closed = centre.fire(
        "chen_jing",
        key,
        "invalid",
        {"invalid_reason": "silent", "category": "other_contact_invalid"},
    )

    assert closed.state == "closed"


def test_the_same_question_within_a_week_goes_on_as_the_same_inquiry(centre):
    key = asked(centre)
    centre.fire("chen_jing", key, "answer", ANSWER)
    centre.wait(days=7)

    again = centre.reopen("li_na", key)
    assert (again.ticket, again.state, again.opened) == (key, "answering", ())
    centre.fire("chen_jing", key, "answer", ANSWER)
    centre.wait(days=7, seconds=1)

    with pytest.raises(TicketRefused):
        centre.reopen("li_na", key)


def test_inquiries_are_withdrawn_and_merged_like_any_ticket(centre):
    withdrawn, doubled, kept = asked(centre), asked(centre), asked(centre)

    assert centre.withdraw("li_na", withdrawn).state == "withdrawn"
    assert centre.merge("wu_min", doubled, kept).state == "merged"
