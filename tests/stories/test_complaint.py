"""Stories of complaints: from registration to closing, with avoidance, approval by amount and re-complaints."""

import pytest

from casewright.commands import (
    AddComment,
    AssignTicket,
    EditFields,
    EscalateLevel,
    LinkTickets,
    OpenTicket,
    ReopenTicket,
    WatchTicket,
    WithdrawTicket,
)
from casewright.errors import (
    AssignmentRefused,
    FormRefused,
    IdentityUnchecked,
    NotAllowed,
    NotFound,
    TicketRefused,
    TransitionRefused,
    VoteRefused,
)
from casewright.queries import GetTicket, ListTickets

from .centre import (
    ACCEPTANCE,
    BROKEN_LINE,
    CALLBACK,
    CLOSING,
    DISPATCH,
    FINDINGS,
    UNSOLVED,
    Centre,
    remedy,
)

ANSWERED = {"answered_by": "phone"}


def registered(centre: Centre, **fields) -> str:
    return centre.open("chen_jing", "complaint", {**BROKEN_LINE, **fields}, customer="c-1001")


def investigating(centre: Centre, **fields) -> str:
    key = registered(centre, **fields)
    centre.fire("zhao_lei", key, "accept", ACCEPTANCE)
    return key


def proposing(centre: Centre, **fields) -> str:
    key = investigating(centre, **fields)
    centre.fire("zhao_lei", key, "conclude", {**FINDINGS, "no_order_reason": "录音即可查明"})
    return key


def in_approval(centre: Centre, amount: float, **fields) -> str:
    key = proposing(centre, **fields)
    centre.fire("zhao_lei", key, "submit", remedy(amount))
    return key


def informing(centre: Centre, **fields) -> str:
    key = proposing(centre, **fields)
    centre.fire("zhao_lei", key, "submit", remedy(0))
    return key


def in_callback(centre: Centre) -> str:
    key = informing(centre)
    centre.fire("zhao_lei", key, "agreed", ANSWERED)
    centre.fire("zhao_lei", key, "done", {"carried_out": "费用已减免"})
    return key


def closed(centre: Centre) -> str:
    key = in_callback(centre)
    centre.fire("xie_fang", key, "satisfied", CALLBACK)
    return key


# --- the whole life ----------------------------------------------------------------------------


def test_a_complaint_goes_from_the_phone_to_the_callback_with_orders_to_three_departments(
    centre,
):
    key = investigating(centre)

    # the handler dispatches to a lead department and two assisting ones, and must wait for all
    sent = centre.fire(
        "zhao_lei",
        key,
        "dispatch",
        {**DISPATCH, "assisting_departments": ["field_service", "construction"]},
    )
    lead, first, second = sent.opened
    parts = [centre.ticket(order).fields["part"] for order in sent.opened]
    assert parts == ["lead", "assisting", "assisting"]
    assert [centre.ticket(order).role for order in sent.opened] == [
        "lead_order",
        "assisting_order",
        "assisting_order",
    ]
    assert [centre.ticket(order).owner for order in sent.opened] == [
        "gao_jian",
        "ma_chao",
        "cao_gang",
    ]
    assert centre.ticket(key).children_open == 3

    centre.work_off(lead)
    centre.work_off(first, "tang_yong")
    with pytest.raises(TransitionRefused) as refusal:
        centre.fire("zhao_lei", key, "conclude", FINDINGS)
    assert refusal.value.transition == "conclude"
    centre.work_off(second, "peng_bo")
    assert centre.ticket(key).children_open == 0

    # with the last answer the join opens
    assert centre.fire("zhao_lei", key, "conclude", FINDINGS).state == "proposing"
    assert centre.fire("zhao_lei", key, "submit", remedy(200)).state == "approval"
    assert centre.grant("liang_chen", key).state == "informing"
    assert centre.fire("zhao_lei", key, "agreed", ANSWERED).state == "fulfilling"
    done = centre.fire("zhao_lei", key, "done", {"carried_out": "费用已减免"})
    assert done.state == "callback"
    assert centre.fire("xie_fang", key, "satisfied", CALLBACK).state == "closed"
    ticket = centre.ticket(key)
    assert not ticket.open
    assert (ticket.children_count, ticket.customer) == (3, "c-1001")
    assert centre.is_whole()


def test_missing_data_goes_back_to_the_first_contact(centre):
    key = registered(centre)

    back = centre.fire("zhao_lei", key, "return_data", {"missing_data": ["service_number"]})
    assert (back.state, centre.told(key)) == ("data_missing", {"chen_jing"})
    again = centre.fire("chen_jing", key, "resubmit", {"completion_note": "业务号码已补充"})

    assert again.state == "registered"


def test_only_a_team_leader_declines_and_only_on_a_basis(centre):
    key = registered(centre)
    grounds = {"decline_basis": "in_court", "decline_reason": "已进入诉讼程序"}

    with pytest.raises(TransitionRefused, match="only Team leader"):
        centre.fire("zhao_lei", key, "decline", grounds)
    with pytest.raises(FormRefused) as refusal:
        centre.fire("wu_min", key, "decline", {"decline_reason": "已进入诉讼程序"})
    assert [field for field, _ in refusal.value.faults] == ["decline_basis"]
    assert centre.fire("wu_min", key, "decline", grounds).state == "declining"

    # it is over only when the customer was told
    told = centre.fire("chen_jing", key, "told", {"told_by": "phone"})
    assert (told.state, centre.ticket(key).open) == ("declined", False)


def test_the_customer_is_asked_at_most_twice(centre):
    key = investigating(centre)
    question = {"asked_for": "请提供缴费凭证"}
    supplement = {"supplement": "凭证已提供", "supplied_by": "phone"}

    assert centre.fire("zhao_lei", key, "ask_customer", question).state == "awaiting_customer"
    supplied = centre.fire("li_na", key, "supplemented", supplement)
    assert (supplied.state, centre.told(key)) == ("investigating", {"zhao_lei"})
    centre.fire("zhao_lei", key, "ask_customer", question)
    centre.clock_fires(key, "waiting_over")

    with pytest.raises(TransitionRefused, match="2 time"):
        centre.fire("zhao_lei", key, "ask_customer", question)


def test_no_reply_needs_three_calls_on_two_days_and_a_message(centre):
    key = investigating(centre)
    centre.fire("zhao_lei", key, "ask_customer", {"asked_for": "请提供缴费凭证"})
    centre.contact("zhao_lei", key, "attempt")
    centre.contact("zhao_lei", key, "attempt")
    centre.contact("zhao_lei", key, "attempt")
    centre.contact("zhao_lei", key, "attempt", channel="sms")

    # three calls on one day are not enough
    with pytest.raises(TransitionRefused, match="contact attempts are missing"):
        centre.fire("zhao_lei", key, "no_reply")
    centre.wait(days=1)
    centre.contact("zhao_lei", key, "attempt")
    assert centre.fire("zhao_lei", key, "no_reply").state == "investigating"

    # and the next time they are counted afresh
    centre.fire("zhao_lei", key, "ask_customer", {"asked_for": "请提供身份证件"})
    with pytest.raises(TransitionRefused, match="contact attempts are missing"):
        centre.fire("zhao_lei", key, "no_reply")


def test_an_unsolved_complaint_is_reworked_with_an_order_or_a_reason_of_its_own(centre):
    key = in_callback(centre)

    back = centre.fire("xie_fang", key, "unsolved", UNSOLVED)
    assert (back.state, centre.told(key)) == ("investigating", {"zhao_lei", "gao_jian"})
    assert centre.ticket(key).priority == "high"
    # the first round's reason is no reason for the second
    with pytest.raises(TransitionRefused):
        centre.fire("zhao_lei", key, "conclude", FINDINGS)
    (order,) = centre.fire("zhao_lei", key, "dispatch", DISPATCH).opened
    centre.work_off(order)

    assert centre.fire("zhao_lei", key, "conclude", FINDINGS).state == "proposing"


def test_the_callback_is_made_by_somebody_else_and_ends_without_the_customer_after_attempts(
    centre,
):
    key = in_callback(centre)

    with pytest.raises(TransitionRefused):
        centre.fire("zhao_lei", key, "satisfied", CALLBACK)
    # satisfied and unsolved exclude each other
    with pytest.raises(TransitionRefused, match="says that it is not solved"):
        centre.fire("xie_fang", key, "satisfied", UNSOLVED)
    centre.try_in_vain("jin_hua", key)

    assert centre.fire("jin_hua", key, "unreachable", CLOSING).state == "closed"


def test_whoever_handles_a_complaint_makes_no_callback_about_it(centre):
    key = in_callback(centre)
    centre.desk.execute(AssignTicket(actor="wu_min", ticket=key, handler="xie_fang"))

    with pytest.raises(TransitionRefused, match="Xie Fang may not be the one"):
        centre.fire("xie_fang", key, "satisfied", CALLBACK)

    assert centre.fire("jin_hua", key, "satisfied", CALLBACK).state == "closed"


# --- answering the customer --------------------------------------------------------------------


def test_the_second_rejection_raises_the_level(centre):
    key = informing(centre)
    refusal = {"answered_by": "phone", "customer_opinion": "补偿太少"}

    centre.fire("zhao_lei", key, "rejected", refusal, reason="客户不认可")
    assert centre.ticket(key).level == 1
    centre.fire("zhao_lei", key, "submit", remedy(0))
    centre.fire("zhao_lei", key, "rejected", refusal, reason="客户仍不认可")

    assert centre.ticket(key).level == 2
    assert {"gao_jian", "feng_yun", "shen_li"} == centre.told(key)
    # from level 2 on even a remedy without money goes to the complaint manager
    assert centre.fire("zhao_lei", key, "submit", remedy(0)).state == "approval"
    assert centre.grant("feng_yun", key).state == "informing"


def test_a_rejection_needs_a_reason(centre):
    key = informing(centre)

    with pytest.raises(TransitionRefused, match="it needs reason"):
        centre.fire("zhao_lei", key, "rejected", ANSWERED)
    with pytest.raises(TransitionRefused, match="it needs reason"):
        centre.fire("zhao_lei", key, "rejected", ANSWERED, reason="   ")


def test_only_the_complaint_manager_ends_it_without_an_agreement(centre):
    key = informing(centre)

    with pytest.raises(TransitionRefused, match="only Complaint manager"):
        centre.fire("zhao_lei", key, "no_agreement", CLOSING, reason="分歧过大")
    ended = centre.fire("feng_yun", key, "no_agreement", CLOSING, reason="分歧过大")

    assert ended.state == "closed"


def test_a_customer_who_cannot_be_reached_with_the_answer_ends_it_after_attempts(centre):
    key = informing(centre)

    with pytest.raises(TransitionRefused, match="contact attempts are missing"):
        centre.fire("zhao_lei", key, "unreachable", CLOSING)
    centre.try_in_vain("zhao_lei", key)

    assert centre.fire("zhao_lei", key, "unreachable", CLOSING).state == "closed"


def test_a_disputed_remedy_and_its_fulfilment_may_need_orders_of_their_own(centre):
    key = proposing(centre, external_due="2026-03-09")
    (order,) = centre.fire("zhao_lei", key, "dispatch", DISPATCH).opened
    assert centre.ticket(order).fields["external_due"] == "2026-03-09"
    with pytest.raises(TransitionRefused):
        centre.fire("zhao_lei", key, "submit", remedy(0))
    centre.work_off(order)
    centre.fire("zhao_lei", key, "submit", remedy(0))
    centre.fire("zhao_lei", key, "agreed", ANSWERED)

    # the deadline was the answer's, not that of carrying out what was promised
    (order,) = centre.fire("zhao_lei", key, "dispatch", DISPATCH).opened
    assert "external_due" not in centre.ticket(order).fields
    with pytest.raises(TransitionRefused):
        centre.fire("zhao_lei", key, "done", {"carried_out": "费用已减免"})
    centre.work_off(order)

    done = centre.fire("zhao_lei", key, "done", {"carried_out": "费用已减免"})
    assert done.state == "callback"


# --- approval ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "voters"),
    [
        (200, ["liang_chen"]),
        (501, ["liang_chen", "feng_yun"]),
        (5001, ["liang_chen", "feng_yun", "han_lei"]),
    ],
)
def test_the_higher_the_amount_the_more_steps_approve_it(centre, amount, voters):
    key = in_approval(centre, amount)

    for voter in voters:
        assert centre.ticket(key).state == "approval"
        centre.grant(voter, key)

    assert centre.ticket(key).state == "informing"
    assert centre.ticket(key).approvers == tuple(voters)


def test_a_step_waits_for_its_own_voters(centre):
    key = in_approval(centre, 5001)

    with pytest.raises(VoteRefused, match="only Team leader"):
        centre.grant("feng_yun", key)
    centre.grant("liang_chen", key)
    with pytest.raises(VoteRefused, match="Complaint manager"):
        centre.grant("liang_chen", key)


@pytest.mark.parametrize("granting", [[], ["liang_chen"], ["liang_chen", "feng_yun"]])
def test_one_refusal_at_any_step_sends_the_remedy_back(centre, granting):
    key = in_approval(centre, 9000)
    for voter in granting:
        centre.grant(voter, key)
    refusing = ["liang_chen", "feng_yun", "han_lei"][len(granting)]

    with pytest.raises(VoteRefused, match="a refusal needs a reason"):
        centre.refuse(refusing, key, reason="")
    assert centre.refuse(refusing, key).state == "proposing"

    # submitted again it begins at the first step
    centre.fire("zhao_lei", key, "submit", remedy(9000))
    assert centre.ticket(key).ballot.step == 1


def test_nobody_approves_their_own_remedy(centre):
    key = proposing(centre)
    centre.desk.execute(AssignTicket(actor="wu_min", ticket=key, handler="wu_min"))
    centre.fire("wu_min", key, "submit", remedy(200))

    # not as the handler, and not as the submitter after giving it away
    with pytest.raises(VoteRefused, match="Wu Min may not be the one"):
        centre.grant("wu_min", key)
    centre.desk.execute(AssignTicket(actor="sun_wei", ticket=key, handler="zhao_lei"))
    with pytest.raises(VoteRefused, match="Wu Min may not be the one"):
        centre.grant("wu_min", key)

    assert centre.grant("liang_chen", key).state == "informing"


def test_a_submitter_recalls_a_remedy_and_earlier_votes_are_void(centre):
    key = in_approval(centre, 600)
    centre.grant("liang_chen", key)

    with pytest.raises(TransitionRefused, match="only the submitter"):
        centre.fire("qian_mei", key, "recall", reason="金额有误")
    assert centre.fire("zhao_lei", key, "recall", reason="金额有误").state == "proposing"
    with pytest.raises(VoteRefused, match="nothing waits for approval"):
        centre.grant("feng_yun", key)
    centre.fire("zhao_lei", key, "submit", remedy(600))

    assert centre.ticket(key).ballot.granted == ()
    assert centre.ticket(key).ballot.step == 1


# --- avoidance ---------------------------------------------------------------------------------


def test_the_subject_of_a_complaint_neither_sees_nor_handles_nor_approves_it(centre):
    key = in_approval(centre, 200, subject_of_complaint="wu_min")

    with pytest.raises(NotFound):
        centre.desk.ask(GetTicket(actor="wu_min", ticket=key))
    for command in (
        AddComment(actor="wu_min", ticket=key, text="与我无关"),
        AssignTicket(actor="wu_min", ticket=key, handler="wu_min"),
        WatchTicket(actor="wu_min", ticket=key),
        EditFields(actor="wu_min", ticket=key, fields={"subject_of_complaint": None}),
    ):
        with pytest.raises(NotFound):
            centre.desk.execute(command)
    with pytest.raises(NotFound):
        centre.grant("wu_min", key)
    with pytest.raises(AssignmentRefused, match="rules of avoidance"):
        centre.desk.execute(AssignTicket(actor="sun_wei", ticket=key, handler="wu_min"))


def test_the_subject_finds_a_complaint_in_no_list_and_in_no_hint(centre):
    key = registered(centre, subject_of_complaint="wu_min")

    listed = centre.desk.ask(ListTickets(actor="wu_min", workflow="complaint")).tickets
    hint = OpenTicket(
        actor="wu_min", workflow="complaint", fields=BROKEN_LINE, customer="c-1001"
    )
    duplicates = centre.desk.execute(hint).duplicates

    assert listed == ()
    assert duplicates == ()
    assert key in {one.key for one in centre.tickets(workflow="complaint")}


def test_the_subject_is_told_nothing_although_a_role_of_theirs_is(centre):
    # feng_yun answers at level 2, where a second rejection goes
    key = informing(centre, subject_of_complaint="feng_yun")
    centre.fire("zhao_lei", key, "rejected", ANSWERED, reason="客户不认可")
    centre.fire("zhao_lei", key, "submit", remedy(0))

    centre.fire("zhao_lei", key, "rejected", ANSWERED, reason="客户不认可")

    assert centre.told(key) == {"gao_jian", "shen_li"}


def test_the_subject_does_not_own_the_complaint_not_even_by_name(centre):
    fields = {**BROKEN_LINE, "subject_of_complaint": "gao_jian"}

    key = centre.open("chen_jing", "complaint", fields)
    assert centre.ticket(key).owner == "lin_tao"  # the deputy
    with pytest.raises(AssignmentRefused, match="rules of avoidance"):
        centre.open("chen_jing", "complaint", fields, owner="gao_jian", reason="指定")


def test_who_turns_out_to_be_the_subject_gives_the_complaint_up(centre):
    key = investigating(centre)

    centre.desk.execute(
        EditFields(actor="wu_min", ticket=key, fields={"subject_of_complaint": "zhao_lei"})
    )

    assert centre.ticket(key).handler is None
    with pytest.raises(NotFound):
        centre.fire("zhao_lei", key, "dispatch", DISPATCH)
    centre.desk.execute(
        EditFields(actor="wu_min", ticket=key, fields={"subject_of_complaint": "gao_jian"})
    )
    assert centre.ticket(key).owner == "lin_tao"


def test_a_department_sees_its_order_and_not_the_complaint(centre):
    key = investigating(centre)
    (order,) = centre.fire("zhao_lei", key, "dispatch", DISPATCH).opened

    for person in ("lin_tao", "gao_jian"):
        assert centre.desk.ask(GetTicket(actor=person, ticket=order)).key == order
    # the head answers for it by name; nobody else of the department has a part in it
    assert centre.ticket(key).owner == "gao_jian"
    assert centre.desk.ask(GetTicket(actor="gao_jian", ticket=key)).key == key
    listed = centre.desk.ask(ListTickets(actor="lin_tao", limit=1000)).tickets
    assert [one.key for one in listed] == [order]
    for ask in (
        GetTicket(actor="lin_tao", ticket=key),
        GetTicket(actor="jiang_li", ticket=order),
    ):
        with pytest.raises(NotFound):
            centre.desk.ask(ask)


def test_a_complaint_is_worked_by_those_who_serve_its_queue_and_seen_by_whoever_is_called_about_it(
    centre,
):
    key = registered(centre)

    assert centre.desk.ask(GetTicket(actor="he_ping", ticket=key)).key == key
    with pytest.raises(NotAllowed):
        centre.fire("huang_ying", key, "accept", ACCEPTANCE)
    assert centre.fire("qian_mei", key, "accept", ACCEPTANCE).state == "investigating"


def test_a_client_representative_sees_what_they_opened_and_no_other(centre):
    own, other = centre.open("kong_yi", "complaint", BROKEN_LINE), registered(centre)

    listed = centre.desk.ask(ListTickets(actor="kong_yi", limit=1000)).tickets

    assert [one.key for one in listed] == [own]
    with pytest.raises(NotFound):
        centre.desk.ask(GetTicket(actor="kong_yi", ticket=other))


def test_avoidance_goes_with_the_work_orders(centre):
    key = investigating(centre, subject_of_complaint="lin_tao")

    (order,) = centre.fire("zhao_lei", key, "dispatch", DISPATCH).opened

    with pytest.raises(NotFound):
        centre.fire("lin_tao", order, "sign")
    assert centre.told(order) == {"gao_jian"}
    assert centre.fire("gao_jian", order, "sign").state == "in_progress"


# --- re-complaints -----------------------------------------------------------------------------


def test_a_re_complaint_is_a_new_round_at_the_next_level_for_other_people(centre):
    first = closed(centre)
    centre.wait(days=89)

    with pytest.raises(TicketRefused, match="only Team leader"):
        centre.reopen("chen_jing", first)
    receipt = centre.reopen("wu_min", first, description="又断网了，上次没有修好。")
    (second,) = receipt.opened
    ticket = centre.ticket(second)

    assert (ticket.round, ticket.level, ticket.lineage) == (2, 2, first)
    assert ticket.priority == "high"
    assert ticket.fields["description"] == "又断网了，上次没有修好。"
    assert ticket.fields["subject"] == BROKEN_LINE["subject"]
    assert (ticket.customer, ticket.opener) == ("c-1001", "wu_min")
    assert ticket.lineage_handlers == ("zhao_lei",)
    assert not centre.ticket(first).open
    assert ("lineage", second) in centre.ticket(first).links
    assert ("lineage", first) in ticket.links


def test_earlier_handlers_and_approvers_of_the_lineage_stay_out(centre):
    first = in_approval(centre, 200)
    centre.grant("liang_chen", first)
    centre.fire("zhao_lei", first, "agreed", ANSWERED)
    centre.fire("zhao_lei", first, "done", {"carried_out": "费用已减免"})
    centre.fire("xie_fang", first, "satisfied", CALLBACK)
    (second,) = centre.reopen("wu_min", first).opened

    with pytest.raises(TransitionRefused, match="avoidance keep Zhao Lei out"):
        centre.fire("zhao_lei", second, "accept", ACCEPTANCE)
    with pytest.raises(AssignmentRefused, match="rules of avoidance"):
        centre.desk.execute(AssignTicket(actor="wu_min", ticket=second, handler="zhao_lei"))
    centre.fire("qian_mei", second, "accept", ACCEPTANCE)
    centre.fire("qian_mei", second, "conclude", {**FINDINGS, "no_order_reason": "与上一轮相同"})
    centre.fire("qian_mei", second, "submit", remedy(200))
    with pytest.raises(VoteRefused, match="avoidance keep Liang Chen out"):
        centre.grant("liang_chen", second)
    centre.grant("wu_min", second)
    centre.grant("shen_li", second)

    # a third round excludes the people of both
    centre.withdraw("qian_mei", second)
    (third,) = centre.reopen("tao_jing", second).opened
    ticket = centre.ticket(third)
    assert (ticket.round, ticket.level, ticket.lineage) == (3, 3, first)
    assert ticket.lineage_handlers == ("zhao_lei", "qian_mei")
    assert ticket.lineage_approvers == ("liang_chen", "wu_min", "shen_li")


def test_a_re_complaint_counts_on_from_the_newest_round(centre):
    first = closed(centre)
    (second,) = centre.reopen("wu_min", first).opened

    with pytest.raises(TicketRefused, match=f"open already as {second}"):
        centre.reopen("wu_min", first)
    centre.withdraw("chen_jing", second)
    (third,) = centre.reopen("wu_min", first).opened

    assert centre.ticket(third).round == 3


def test_after_ninety_days_it_is_a_new_matter(centre):
    first = closed(centre)
    centre.wait(days=90, seconds=1)

    with pytest.raises(TicketRefused, match="open a new ticket"):
        centre.reopen("wu_min", first)

    assert centre.ticket(registered(centre)).round == 1


def test_a_re_complaint_needs_a_reason_and_takes_no_field_that_its_form_does_not_know(centre):
    first = closed(centre)

    with pytest.raises(TicketRefused, match="reason"):
        centre.desk.execute(ReopenTicket(actor="wu_min", ticket=first))
    with pytest.raises(FormRefused) as refusal:
        centre.reopen("wu_min", first, demmand="赔偿")

    assert [field for field, _ in refusal.value.faults] == ["demmand"]


# --- contacts about an open complaint ----------------------------------------------------------


def test_a_query_is_answered_in_the_customers_words_and_opens_nothing(centre):
    key = registered(centre)
    before = centre.tickets()

    answers = [centre.contact("li_na", key, "query").answer["zh"]]
    centre.fire("zhao_lei", key, "accept", ACCEPTANCE)
    answers.append(centre.contact("li_na", key, "query").answer["zh"])
    centre.fire("zhao_lei", key, "ask_customer", {"asked_for": "请提供缴费凭证"})
    answers.append(centre.contact("li_na", key, "query").answer["zh"])
    centre.withdraw("li_na", key)
    answers.append(centre.contact("li_na", key, "query").answer["zh"])

    assert answers == ["已受理", "办理中", "待您补充", "您已撤诉"]
    assert [one.key for one in centre.tickets()] == [one.key for one in before]
    assert centre.ticket(key).contacts == {"query": 4}


def test_the_second_chase_tells_the_owner_and_the_monitor(centre):
    key = investigating(centre)

    centre.contact("li_na", key, "chase", identity_checked=True)
    first = centre.told(key)
    centre.contact("li_na", key, "chase", identity_checked=True)

    assert first == {"zhao_lei"}
    assert centre.told(key) == {"zhao_lei", "gao_jian", "guo_rui"}


def test_a_chase_before_anybody_handles_it_reaches_the_owner(centre):
    key = registered(centre)

    centre.contact("li_na", key, "chase", identity_checked=True)

    assert centre.told(key) == {"gao_jian"}


@pytest.mark.parametrize("kind", ["chase", "supplement"])
def test_chase_and_supplement_come_after_an_identity_check(centre, kind):
    key = registered(centre)

    with pytest.raises(IdentityUnchecked):
        centre.contact("li_na", key, kind)

    assert centre.ticket(key).contacts == {}


def test_a_late_entry_keeps_the_true_time_of_receipt(centre):
    received = centre.clock.now()
    centre.wait(days=2)

    key = centre.open("chen_jing", "complaint", BROKEN_LINE, received_at=received)

    ticket = centre.ticket(key)
    assert (ticket.received_at, ticket.opened_at) == (received, centre.clock.now())


def test_injury_or_media_jumps_to_the_centre_manager_and_a_regulator_to_the_manager(centre):
    supervised = {
        "regulator": True,
        "regulator_reference": "12300-77",
        "external_due": "2026-03-09",
    }

    levels = [
        centre.ticket(registered(centre, **fields)).level
        for fields in ({}, supervised, {"injury": True}, {"media": True, **supervised})
    ]

    assert levels == [1, 2, 3, 3]


def test_escalation_stops_at_the_highest_level(centre):
    key = registered(centre)
    escalate = EscalateLevel(actor="chen_jing", ticket=key, reason="客户要求领导处理")

    centre.desk.execute(escalate)
    assert centre.told(key) == {"feng_yun", "shen_li"}
    centre.desk.execute(EscalateLevel(actor="chen_jing", ticket=key, reason="仍不满意"))
    with pytest.raises(TicketRefused, match="highest level"):
        centre.desk.execute(EscalateLevel(actor="chen_jing", ticket=key, reason="仍不满意"))

    assert centre.ticket(key).level == 3


# --- withdrawing and merging -------------------------------------------------------------------


def test_a_withdrawal_takes_the_open_orders_with_it(centre):
    key = investigating(centre)
    sent = centre.fire(
        "zhao_lei", key, "dispatch", {**DISPATCH, "assisting_departments": ["field_service"]}
    )
    answered, at_work = sent.opened
    centre.work_off(answered)
    centre.fire("tang_yong", at_work, "sign")
    (deep,) = centre.fire(
        "tang_yong",
        at_work,
        "assist",
        {"assisting_departments": ["construction"], "instructions": "请协助勘察线路"},
    ).opened

    with pytest.raises(IdentityUnchecked):
        centre.desk.execute(WithdrawTicket(actor="li_na", ticket=key, reason="客户撤诉"))
    centre.withdraw("li_na", key)

    states = [centre.ticket(one).state for one in (key, answered, at_work, deep)]
    assert states == ["withdrawn", "closed", "withdrawn", "withdrawn"]
    assert centre.ticket(key).children_open == 0
    assert centre.ticket(at_work).children_open == 0
    assert centre.is_whole()


def test_a_withdrawal_in_approval_leaves_no_ballot(centre):
    key = in_approval(centre, 200)

    centre.withdraw("li_na", key)

    assert centre.ticket(key).ballot.step == 0
    with pytest.raises(VoteRefused):
        centre.grant("liang_chen", key)


def test_a_merge_loses_neither_children_nor_watchers_nor_links_nor_notices(centre):
    doubled, kept = investigating(centre), investigating(centre)
    other = registered(centre)
    (order,) = centre.fire("zhao_lei", doubled, "dispatch", DISPATCH).opened
    (own,) = centre.fire("zhao_lei", kept, "dispatch", DISPATCH).opened
    centre.work_off(own)
    centre.desk.execute(WatchTicket(actor="li_na", ticket=doubled))
    centre.desk.execute(WatchTicket(actor="he_ping", ticket=kept))
    centre.desk.execute(LinkTickets(actor="li_na", ticket=doubled, other=other))

    centre.merge("zhao_lei", doubled, kept)

    gone, left = centre.ticket(doubled), centre.ticket(kept)
    assert (gone.state, gone.merged_into, gone.children_open) == ("merged", kept, 0)
    assert (left.children_open, left.children_count) == (1, 2)
    assert centre.ticket(order).parent == kept
    assert set(left.watchers) == {"li_na", "he_ping"}
    assert {("related", other), ("merged", doubled)} <= set(left.links)
    assert ("related", kept) in centre.ticket(other).links
    # the order that went over joins at the complaint that is left
    with pytest.raises(TransitionRefused):
        centre.fire("zhao_lei", kept, "conclude", FINDINGS)
    centre.work_off(order)
    assert centre.fire("zhao_lei", kept, "conclude", FINDINGS).state == "proposing"
    assert centre.is_whole()


def test_a_merged_complaint_comes_back_only_as_the_one_it_was_merged_into(centre):
    doubled, kept = investigating(centre), investigating(centre)
    centre.merge("zhao_lei", doubled, kept)

    with pytest.raises(TicketRefused, match=f"reopen {kept} instead"):
        centre.reopen("wu_min", doubled)
    with pytest.raises(TicketRefused, match="the ticket is closed"):
        centre.merge("zhao_lei", doubled, kept)


# --- the close-guard ---------------------------------------------------------------------------


def test_no_way_leads_into_closed_without_liability_cause_and_category(centre):
    # a complaint that nobody gave a category, and no remedy with liability and cause
    key = investigating(centre)
    centre.desk.execute(EditFields(actor="zhao_lei", ticket=key, fields={"category": None}))
    centre.fire("zhao_lei", key, "conclude", {**FINDINGS, "no_order_reason": "录音即可查明"})
    centre.fire("zhao_lei", key, "submit", remedy(0))
    centre.try_in_vain("zhao_lei", key)

    for way, actor in (("no_agreement", "feng_yun"), ("unreachable", "zhao_lei")):
        with pytest.raises(TransitionRefused, match="category"):
            centre.fire(actor, key, way, CLOSING, reason="结案")
    centre.fire("zhao_lei", key, "agreed", ANSWERED)
    centre.fire("zhao_lei", key, "done", {"carried_out": "费用已减免"})
    with pytest.raises(TransitionRefused, match="category"):
        centre.fire("xie_fang", key, "satisfied", CALLBACK)

    # and filling it opens the way
    centre.desk.execute(
        EditFields(actor="zhao_lei", ticket=key, fields={"category": BROKEN_LINE["category"]})
    )
    assert centre.fire("xie_fang", key, "satisfied", CALLBACK).state == "closed"
