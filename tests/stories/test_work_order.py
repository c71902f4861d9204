"""Stories of work orders: dispatched, returned, transferred, assisted, suspended, checked."""

import pytest

from casewright.commands import AssignTicket, AttachFile, SuperviseTicket
from casewright.errors import (
    NotAllowed,
    NotFound,
    TicketRefused,
    TransitionRefused,
    VoteRefused,
)

from .centre import COMPLETION, Centre

ORDER = {
    "subject": "光缆中断",
    "description": "请修复小区光缆。",
    "kind": "fault_repair",
    "category": "broadband_fault_no_connection",
}
RETURN = {
    "return_code": "other_department",
    "proposed_department": "field_service",
    "return_proof": "经核实不属于我部门",
}
SUSPENSION = {
    "suspend_code": "customer_appointment",
    "suspended_until": "2026-03-12",
    "suspend_note": "客户约定下周上门",
}


def opened(centre: Centre, **fields) -> str:
    return centre.open("zhao_lei", "work_order", {**ORDER, **fields})


def dispatched(centre: Centre, department: str = "network_operations") -> str:
    key = opened(centre)
    centre.fire("zhu_yan", key, "dispatch", {"department": department})
    return key


def in_progress(centre: Centre) -> str:
    key = dispatched(centre)
    centre.fire("lin_tao", key, "sign")
    return key


def attach_proof(centre: Centre, actor: str, key: str) -> None:
    content = "退单凭证".encode()
    digest = centre.desk.keep(content)
    command = AttachFile(
        actor=actor, ticket=key, digest=digest, filename="proof.txt", size=len(content)
    )
    centre.desk.execute(command)


def returned(centre: Centre, key: str, handler: str = "lin_tao") -> str:
    attach_proof(centre, handler, key)
    centre.fire(handler, key, "return", RETURN)
    return key


def test_an_order_is_dispatched_signed_worked_and_passed(centre):
    key = opened(centre)
    assert centre.ticket(key).owner in ("zhu_yan", "hu_bo")

    # without a department it cannot go out
    with pytest.raises(TransitionRefused, match="department"):
        centre.fire("zhu_yan", key, "dispatch")
    sent = centre.fire("zhu_yan", key, "dispatch", {"department": "network_operations"})
    assert (sent.state, centre.ticket(key).handler) == ("dispatched", None)
    assert centre.told(key) == {"lin_tao"}

    # somebody of the department signs; another department does not even see it
    with pytest.raises(NotFound):
        centre.fire("tang_yong", key, "sign")
    centre.fire("lin_tao", key, "sign")
    assert centre.ticket(key).handler == "lin_tao"
    centre.fire("lin_tao", key, "feedback", {"progress": "已派人到现场"})
    assert centre.told(key) == {"zhao_lei", centre.ticket(key).owner}
    assert centre.fire("lin_tao", key, "complete", COMPLETION).state == "verifying"

    # who did the work does not check it
    with pytest.raises(TransitionRefused):
        centre.fire("lin_tao", key, "pass")
    assert centre.fire("zhao_lei", key, "pass").state == "closed"


def test_an_order_that_names_its_department_goes_out_at_once(centre):
    named, unnamed = opened(centre, department="billing"), opened(centre)

    assert (centre.ticket(named).state, centre.ticket(named).handler) == ("dispatched", None)
    assert centre.told(named) == {"jiang_li"}
    assert centre.ticket(named).owner == "cheng_hui"
    assert centre.ticket(unnamed).state == "to_dispatch"


def test_whoever_heads_the_department_answers_for_the_order_wherever_it_goes(centre):
    key = opened(centre, department="billing")
    assert centre.ticket(key).owner == "cheng_hui"

    # returned: a dispatcher answers for it until another department has it
    returned(centre, key, "jiang_li")
    centre.fire("zhu_yan", key, "grant")
    assert centre.ticket(key).owner in ("zhu_yan", "hu_bo")
    centre.fire("zhu_yan", key, "dispatch", {"department": "finance"})
    assert (centre.ticket(key).owner, centre.told(key)) == ("deng_hong", {"fan_xue"})

    # transferred
    centre.fire("fan_xue", key, "sign")
    centre.fire("fan_xue", key, "transfer", {"department": "legal"}, reason="属于法务")
    assert (centre.ticket(key).owner, centre.told(key)) == ("shi_yan", {"bai_lin"})


def test_an_order_nobody_signs_goes_to_the_departments_contact(centre):
    key = dispatched(centre)

    assert centre.clock_fires(key, "sign_by_itself").state == "in_progress"

    assert centre.ticket(key).handler == "lin_tao"
    assert centre.told(key) >= {"lin_tao"}


def test_a_department_returns_an_order_with_proof_and_the_dispatcher_chooses_afresh(centre):
    key = dispatched(centre)

    with pytest.raises(TransitionRefused, match="it needs attachment"):
        centre.fire("lin_tao", key, "return", RETURN)
    returned(centre, key)
    assert centre.ticket(key).state == "return_review"
    assert centre.told(key) == {"zhu_yan", "hu_bo"}
    granted = centre.fire("zhu_yan", key, "grant")

    assert granted.state == "to_dispatch"
    assert "department" not in centre.ticket(key).fields


def test_after_a_refused_return_the_department_keeps_it(centre):
    key = returned(centre, dispatched(centre))

    refused = centre.fire("zhu_yan", key, "refuse", reason="属于你部门职责")
    assert refused.state == "dispatched"

    with pytest.raises(TransitionRefused, match="within the time for it"):
        centre.fire("lin_tao", key, "return", RETURN)
    assert centre.fire("lin_tao", key, "sign").state == "in_progress"


def test_after_the_time_for_it_an_order_cannot_be_returned(centre):
    key = dispatched(centre)
    attach_proof(centre, "lin_tao", key)

    centre.clock_fires(key, "close_return")

    with pytest.raises(TransitionRefused, match="within the time for it"):
        centre.fire("lin_tao", key, "return", RETURN)
    # the next department has its own time again
    centre.fire("lin_tao", key, "sign")
    centre.fire("lin_tao", key, "transfer", {"department": "billing"}, reason="属于账务")
    centre.fire("jiang_li", key, "return", {**RETURN, "proposed_department": "finance"})
    assert centre.ticket(key).state == "return_review"


def test_at_the_third_department_the_monitor_rules(centre):
    key = returned(centre, dispatched(centre))
    centre.fire("zhu_yan", key, "grant")
    for department, handler in (("field_service", "tang_yong"), ("construction", "peng_bo")):
        with pytest.raises(TransitionRefused):
            centre.fire("guo_rui", key, "rule", {"department": department}, reason="裁定")
        centre.fire("zhu_yan", key, "dispatch", {"department": department})
        centre.fire(handler, key, "return", {**RETURN, "proposed_department": "billing"})
        if department == "field_service":
            centre.fire("hu_bo", key, "grant")

    # no fourth department by the dispatcher
    with pytest.raises(TransitionRefused, match="which is the limit"):
        centre.fire("zhu_yan", key, "grant")
    ruled = centre.fire("guo_rui", key, "rule", {"department": "construction"}, reason="裁定")
    assert (ruled.state, centre.ticket(key).owner) == ("dispatched", "cao_gang")
    with pytest.raises(TransitionRefused, match="not after a refusal or a ruling"):
        centre.fire("peng_bo", key, "return", RETURN)


def test_an_order_is_reassigned_within_the_department(centre):
    key = in_progress(centre)
    form = {"assignee": "gao_jian", "reassign_reason": "换人办理"}

    centre.fire("lin_tao", key, "reassign", form)
    assert (centre.ticket(key).handler, centre.told(key)) == ("gao_jian", {"gao_jian"})
    with pytest.raises(TransitionRefused, match="nobody can be made its handler"):
        centre.fire("gao_jian", key, "reassign", {**form, "assignee": "nobody_here"})
    with pytest.raises(NotFound):
        centre.fire("ma_chao", key, "reassign", form)

    assert centre.ticket(key).state == "in_progress"


def test_an_order_is_transferred_at_most_twice(centre):
    key = in_progress(centre)

    for department, handler in (("billing", "jiang_li"), ("finance", "fan_xue")):
        by = centre.ticket(key).handler
        moved = centre.fire(by, key, "transfer", {"department": department}, reason="转派")
        assert (moved.state, centre.ticket(key).handler) == ("dispatched", None)
        centre.fire(handler, key, "sign")

    with pytest.raises(TransitionRefused, match="which is the limit"):
        centre.fire("fan_xue", key, "transfer", {"department": "legal"}, reason="转派")


def test_an_order_waits_for_the_departments_it_asked_to_assist(centre):
    key = in_progress(centre)

    sent = centre.fire(
        "lin_tao",
        key,
        "assist",
        {
            "assisting_departments": ["field_service", "construction"],
            "instructions": "请协助勘察",
        },
    )
    assert centre.ticket(key).state == "in_progress"
    for order, handler in zip(sent.opened, ("tang_yong", "peng_bo"), strict=True):
        with pytest.raises(TransitionRefused):
            centre.fire("lin_tao", key, "complete", COMPLETION)
        centre.work_off(order, handler)

    assert centre.fire("lin_tao", key, "complete", COMPLETION).state == "verifying"


def test_a_suspension_is_granted_by_somebody_else_and_at_most_twice(centre):
    key = in_progress(centre)

    assert centre.fire("lin_tao", key, "suspend", SUSPENSION).state == "suspend_review"
    with pytest.raises(VoteRefused):
        centre.grant("gao_jian", key)
    assert centre.grant("guo_rui", key).state == "suspended"
    assert centre.fire("lin_tao", key, "resume").state == "in_progress"
    centre.fire("lin_tao", key, "suspend", SUSPENSION)
    assert centre.refuse("zhu_yan", key).state == "in_progress"

    with pytest.raises(TransitionRefused, match="which is the limit"):
        centre.fire("lin_tao", key, "suspend", SUSPENSION)


def test_the_clock_may_resume_a_suspended_order(centre):
    key = in_progress(centre)
    centre.fire("lin_tao", key, "suspend", SUSPENSION)
    centre.grant("zhu_yan", key)

    assert centre.clock_fires(key, "resume").state == "in_progress"

    assert centre.told(key) == {"lin_tao"}


def test_an_answer_that_is_not_good_enough_comes_back(centre):
    key = in_progress(centre)
    centre.fire("lin_tao", key, "complete", COMPLETION)

    back = centre.fire("zhao_lei", key, "rework", reason="未附照片")

    assert (back.state, centre.ticket(key).handler) == ("in_progress", "lin_tao")
    assert "lin_tao" in centre.told(key)


def test_an_order_is_archived_only_with_category_and_result(centre):
    key = centre.open("zhao_lei", "work_order", {**ORDER, "department": "network_operations"})
    uncategorised = {name: value for name, value in ORDER.items() if name != "category"}
    bare = centre.open(
        "zhao_lei", "work_order", {**uncategorised, "department": "network_operations"}
    )
    for one in (key, bare):
        centre.fire("lin_tao", one, "sign")
        centre.fire("lin_tao", one, "complete", COMPLETION)

    assert centre.fire("zhu_yan", key, "pass").state == "closed"
    with pytest.raises(TransitionRefused, match="category"):
        centre.fire("zhu_yan", bare, "pass")


def test_an_archived_order_goes_on_within_thirty_days(centre):
    key = in_progress(centre)
    centre.fire("lin_tao", key, "complete", COMPLETION)
    centre.fire("zhu_yan", key, "pass")
    centre.wait(days=30)

    with pytest.raises(
        TicketRefused, match="only the first-contact owner, Dispatcher, Work-order monitor"
    ):
        centre.reopen("sun_wei", key)
    again = centre.reopen("zhao_lei", key)
    assert (again.ticket, again.state) == (key, "in_progress")
    assert centre.ticket(key).handler == "lin_tao"
    centre.fire("lin_tao", key, "complete", COMPLETION)
    centre.fire("zhu_yan", key, "pass")
    centre.wait(days=30, seconds=1)

    with pytest.raises(TicketRefused, match="open a new ticket"):
        centre.reopen("zhao_lei", key)


def test_a_reopened_order_makes_the_ticket_that_sent_it_wait_again(centre):
    parent = in_progress(centre)
    (key,) = centre.fire(
        "lin_tao",
        parent,
        "assist",
        {"assisting_departments": ["field_service"], "instructions": "请协助勘察"},
    ).opened
    centre.work_off(key, "tang_yong")
    assert centre.ticket(parent).children_open == 0

    centre.reopen("zhu_yan", key)

    assert centre.ticket(parent).children_open == 1
    with pytest.raises(TransitionRefused):
        centre.fire("lin_tao", parent, "complete", COMPLETION)
    centre.fire("tang_yong", key, "complete", COMPLETION)
    centre.fire("zhu_yan", key, "pass")
    assert centre.fire("lin_tao", parent, "complete", COMPLETION).state == "verifying"
    assert centre.is_whole()


def test_a_supervision_order_tells_handler_and_owner(centre):
    key = in_progress(centre)
    due = centre.clock.now().replace(hour=9)
    order = SuperviseTicket(actor="guo_rui", ticket=key, reason="超时", answer_due=due)

    with pytest.raises(NotAllowed):
        centre.desk.execute(SuperviseTicket(actor="lin_tao", ticket=key, reason="超时"))
    centre.desk.execute(order)

    assert centre.told(key) >= {"lin_tao"}
    assert centre.ticket(key).state == "in_progress"
    assert centre.history(key)[-1].facts["answer_due"] == due.isoformat()


def test_orders_are_withdrawn_and_merged_like_any_ticket(centre):
    withdrawn, doubled, kept = opened(centre), opened(centre), opened(centre)

    assert centre.withdraw("zhu_yan", withdrawn).state == "withdrawn"
    assert centre.merge("zhu_yan", doubled, kept).state == "merged"

    with pytest.raises(TicketRefused):
        centre.desk.execute(AssignTicket(actor="zhu_yan", ticket=doubled, handler="lin_tao"))
