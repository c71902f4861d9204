"""Stories of service requests: identity, documents, approval, carrying out, telling, calling back."""

import pytest

from casewright.commands import SaveCustomer
from casewright.errors import FormRefused, TicketRefused, TransitionRefused, VoteRefused

from .centre import CALLBACK, DISPATCH, UNSOLVED, Centre

REQUEST = {
    "subject": "套餐变更",
    "description": "变更为 59 元套餐",
    "service": "plan_change",
    "category": "mobile_data_usage_disputed",
}
IDENTITY = {"identity_method": "sms_code", "identity_verified": True}
PLAN = {"plan": "次月生效", "amount": 0}
TOLD = {"told_by": "phone", "solved": True, "category": "mobile_data_usage_disputed"}
DOCUMENTS = {"missing_documents": ["identity"]}


def registered(centre: Centre, **more) -> str:
    fields = {**REQUEST, **more.pop("fields", {})}
    return centre.open("chen_jing", "service_request", fields, **more)


def in_progress(centre: Centre, **more) -> str:
    key = registered(centre, **more)
    centre.fire("chen_jing", key, "verify_identity", IDENTITY)
    centre.fire("huang_ying", key, "accept")
    return key


def executing(centre: Centre, **more) -> str:
    key = in_progress(centre, **more)
    centre.fire("huang_ying", key, "submit", PLAN)
    return key


def in_callback(centre: Centre) -> str:
    centre.desk.execute(SaveCustomer(actor="chen_jing", id="c-vip", name="赵总", tier="vip"))
    key = executing(centre, customer="c-vip")
    centre.fire("huang_ying", key, "done", {"carried_out": "已变更"})
    centre.fire("huang_ying", key, "told", TOLD)
    return key


def test_a_request_is_accepted_only_after_the_identity_check(centre):
    key = registered(centre)

    with pytest.raises(TransitionRefused, match="identity has not been verified"):
        centre.fire("huang_ying", key, "accept")
    with pytest.raises(FormRefused):
        centre.fire(
            "chen_jing", key, "verify_identity", {**IDENTITY, "identity_verified": False}
        )
    verified = centre.fire("chen_jing", key, "verify_identity", IDENTITY)
    assert verified.state == "registered"  # the ticket stays where it is
    centre.fire("huang_ying", key, "accept")

    assert centre.ticket(key).handler == "huang_ying"
    assert centre.told(key) == {"customer"}


def test_a_request_without_money_is_carried_out_told_and_closed(centre):
    key = executing(centre)

    assert centre.ticket(key).state == "executing"
    done = centre.fire("huang_ying", key, "done", {"carried_out": "已变更"})
    assert done.state == "informing"

    assert centre.fire("li_na", key, "told", TOLD).state == "closed"


def test_one_in_ten_is_called_back(centre):
    keys = [registered(centre) for _ in range(10)]
    for key in keys[8:]:
        centre.fire("chen_jing", key, "verify_identity", IDENTITY)
        centre.fire("huang_ying", key, "accept")
        centre.fire("huang_ying", key, "submit", PLAN)
        centre.fire("huang_ying", key, "done", {"carried_out": "已变更"})
        centre.fire("huang_ying", key, "told", TOLD)

    assert [centre.ticket(key).state for key in keys[8:]] == ["closed", "callback"]


def test_a_vip_is_always_called_back_by_somebody_else(centre):
    key = in_callback(centre)

    assert (centre.ticket(key).state, centre.ticket(key).priority) == ("callback", "high")
    with pytest.raises(TransitionRefused):
        centre.fire("huang_ying", key, "solved", CALLBACK)

    assert centre.fire("xie_fang", key, "solved", CALLBACK).state == "closed"


def test_what_is_not_solved_goes_back_to_the_clerk(centre):
    key = in_callback(centre)

    back = centre.fire("xie_fang", key, "unsolved", UNSOLVED)

    assert (back.state, centre.ticket(key).handler) == ("in_progress", "huang_ying")
    assert "huang_ying" in centre.told(key)


def test_an_unreachable_customer_ends_the_callback_after_attempts(centre):
    key = in_callback(centre)

    with pytest.raises(TransitionRefused, match="contact attempts are missing"):
        centre.fire("xie_fang", key, "unreachable")
    centre.try_in_vain("xie_fang", key)

    assert centre.fire("xie_fang", key, "unreachable").state == "closed"


def test_all_missing_documents_are_told_at_once_and_once(centre):
    key = registered(centre)

    asked = centre.fire("huang_ying", key, "need_documents", DOCUMENTS)
    assert (asked.state, centre.told(key)) == ("awaiting_documents", {"customer"})
    supplied = centre.fire(
        "li_na", key, "supplied", {"supplement": "证件已提交", "supplied_by": "counter"}
    )
    assert supplied.state == "registered"

    with pytest.raises(TransitionRefused, match="which is the limit"):
        centre.fire("huang_ying", key, "need_documents", DOCUMENTS)


def test_a_request_lapses_only_after_attempts_even_by_the_clock(centre):
    key = registered(centre)
    centre.fire("huang_ying", key, "need_documents", DOCUMENTS)
    centre.wait(days=10)

    with pytest.raises(TransitionRefused, match="contact attempts are missing"):
        centre.clock_fires(key, "lapse")
    centre.try_in_vain("huang_ying", key)

    assert centre.clock_fires(key, "lapse").state == "lapsed"


def test_a_request_is_declined_with_a_reason(centre):
    key = registered(centre)

    declined = centre.fire(
        "wu_min",
        key,
        "decline",
        {"decline_basis": "conditions_not_met", "decline_reason": "合约未到期"},
    )

    assert declined.state == "declined"


def test_only_a_team_leader_says_that_it_cannot_be_done(centre):
    key = in_progress(centre)
    form = {
        "impossible_code": "no_resource",
        "impossible_reason": "该地址无端口",
        "category": REQUEST["category"],
    }

    with pytest.raises(TransitionRefused, match="only Team leader"):
        centre.fire("huang_ying", key, "not_possible", form)

    assert centre.fire("luo_xin", key, "not_possible", form).state == "impossible"


@pytest.mark.parametrize(
    ("amount", "voters"), [(100, ["wu_min"]), (501, ["wu_min", "han_lei"])]
)
def test_money_needs_approval_by_amount(centre, amount, voters):
    key = in_progress(centre)
    centre.fire("huang_ying", key, "submit", {**PLAN, "amount": amount})

    for voter in voters:
        assert centre.ticket(key).state == "approval"
        centre.grant(voter, key)

    assert centre.ticket(key).state == "executing"


@pytest.mark.parametrize("granting", [[], ["wu_min"]])
def test_a_refused_request_goes_back_to_the_clerk(centre, granting):
    key = in_progress(centre)
    centre.fire("huang_ying", key, "submit", {**PLAN, "amount": 800})
    for voter in granting:
        centre.grant(voter, key)

    assert centre.refuse(["sun_wei", "du_juan"][len(granting)], key).state == "in_progress"


def test_a_service_marked_so_in_the_table_needs_approval_without_money(centre):
    key = in_progress(centre, fields={"service": "cancellation"})

    centre.fire("huang_ying", key, "submit", PLAN)
    assert centre.ticket(key).state == "approval"
    recalled = centre.fire("huang_ying", key, "recall", reason="材料有误")

    assert recalled.state == "in_progress"


def test_nobody_approves_what_they_submitted(centre):
    key = registered(centre)
    centre.fire("chen_jing", key, "verify_identity", IDENTITY)
    centre.fire("luo_xin", key, "accept")  # a clerk who is a team leader too
    centre.fire("luo_xin", key, "submit", {**PLAN, "amount": 100})

    with pytest.raises(VoteRefused, match="Luo Xin may not be the one"):
        centre.grant("luo_xin", key)


def test_orders_are_sent_before_and_while_it_is_carried_out(centre):
    key = in_progress(centre)
    for state, way, form in (
        ("in_progress", "submit", PLAN),
        ("executing", "done", {"carried_out": "已变更"}),
    ):
        assert centre.ticket(key).state == state
        sent = centre.fire(
            "huang_ying", key, "dispatch", {**DISPATCH, "assisting_departments": ["billing"]}
        )
        with pytest.raises(TransitionRefused, match="a work order is still open"):
            centre.fire("huang_ying", key, way, form)
        for order, handler in zip(sent.opened, ("lin_tao", "jiang_li"), strict=True):
            centre.work_off(order, handler)
        centre.fire("huang_ying", key, way, form)

    assert centre.ticket(key).state == "informing"


def test_a_request_comes_back_within_thirty_days_with_a_reason(centre):
    key = executing(centre)
    centre.fire("huang_ying", key, "done", {"carried_out": "已变更"})
    centre.fire("huang_ying", key, "told", TOLD)

    again = centre.reopen("li_na", key)
    assert (again.state, centre.ticket(key).handler) == ("in_progress", "huang_ying")
    centre.withdraw("li_na", key)
    centre.wait(days=31)

    with pytest.raises(TicketRefused, match="open a new ticket"):
        centre.reopen("li_na", key)


def test_a_request_without_category_is_not_archived(centre):
    fields = {name: value for name, value in REQUEST.items() if name != "category"}
    key = centre.open("chen_jing", "service_request", fields)
    centre.fire("chen_jing", key, "verify_identity", IDENTITY)
    centre.fire("huang_ying", key, "accept")
    centre.fire("huang_ying", key, "submit", PLAN)
    centre.fire("huang_ying", key, "done", {"carried_out": "已变更"})

    with pytest.raises(FormRefused):
        centre.fire("huang_ying", key, "told", {"told_by": "phone", "solved": True})

    assert centre.ticket(key).state == "informing"


def test_requests_are_merged_like_any_ticket(centre):
    doubled, kept = registered(centre), registered(centre)

    assert centre.merge("huang_ying", doubled, kept).state == "merged"
