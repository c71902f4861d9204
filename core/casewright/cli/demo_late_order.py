"""The last chapter of the demonstration's story: an order nobody works on, and who is told of it when."""

from itertools import groupby

from casewright.answers import Notice
from casewright.cli.demo_teller import Teller
from casewright.commands import FireTransition

_STEPS = {
    "50%": ("Half of the time has passed", "时限过半"),
    "4 hours before": ("Four hours are left", "距到期还有 4 小时"),
    "80%": ("80 % of the time has passed", "时限已用 80%"),
    "untaken": ("What was to be done by 17:30 is not done", "约定的 17:30 已过，仍未办结"),
    "100%": ("The time is over", "时限已到"),
}


def order_runs_late(teller: Teller, complaint: str) -> str:
    """Send an order out, let its time run out, and have it completed late; return its key."""
    teller.chapter("A promise", "办理时限")
    teller.later(minutes=11)
    order = teller.does(
        "qian_mei",
        FireTransition,
        "{who} has the contact centre listen to the call. One working day, and the clock runs.",
        "{who}派单给客服中心调听录音。办理时限 1 个工作日，自派单起计时。",
        ticket=complaint,
        transition="dispatch",
        form={
            "lead_department": "contact_centre",
            "order_kind": "call_check",
            "instructions": teller.words(
                "Was a visit promised on the phone?", "核实电话中是否承诺上门。"
            ),
        },
    ).opened[0]
    teller.later(minutes=10)
    _goes_to_li_na(teller, order)
    teller.news(order)
    teller.later(hours=7, minutes=10)
    warned = _told(teller, order)
    teller.replies(
        "li_na",
        f"1 {warned.number} 17:30",
        f"{{who}} answers “1 {warned.number} 17:30”: hers, done by then. She is left alone.",
        f"{{who}}回复“1 {warned.number} 17:30”：由其接手，17:30 前办结；其间不再提醒。",
    )
    teller.next_morning()
    teller.later(minutes=40)
    _told(teller, order)
    _is_completed(teller, order)
    return order


def _goes_to_li_na(teller: Teller, order: str) -> None:
    teller.does(
        "wu_min",
        FireTransition,
        "Team leader {who} signs for {ticket} ...",
        "班长{who}签收 {ticket}，",
        ticket=order,
        transition="sign",
    )
    teller.does(
        "wu_min",
        FireTransition,
        "... and gives it to Li Na, who has other things to do.",
        "并转派给李娜；李娜正忙。",
        ticket=order,
        transition="reassign",
        form={
            "assignee": "li_na",
            "reassign_reason": teller.words("She knows the caller.", "由首接座席核实。"),
        },
    )


def _told(teller: Teller, order: str) -> Notice:
    """Tell who heard of the order at which step, and what the last SMS to its handler said; return that notice."""
    news = [one for one in teller.news(order) if one[0].threshold]
    for (moment, threshold), group in groupby(
        news, lambda one: (one[0].created_at, one[0].threshold)
    ):
        told = [notice for notice, _ in group]
        by_sms = any(one.via == "sms" for one in told)
        en, zh = _STEPS.get(threshold, (threshold, threshold))
        teller.happens_at(
            moment,
            f"{en}; told {'on screen and by SMS' if by_sms else 'on screen'}: {{names}}.",
            f"{zh}，{'屏幕通知和短信' if by_sms else '屏幕通知'}：{{names}}。",
            names=teller.calls(*dict.fromkeys(one.recipient for one in told)),
        )
    warned, said = next(
        one for one in reversed(news) if one[0].via == "sms" and one[0].recipient == "li_na"
    )
    teller.notes("SMS: {said}", "短信：{said}", said=said)
    return warned


def _is_completed(teller: Teller, order: str) -> None:
    teller.does(
        "li_na",
        FireTransition,
        "{who} completes {ticket}, late, and that stays on record.",
        "{who}办结 {ticket}；已超时，并记录在案。",
        ticket=order,
        transition="complete",
        form={
            "result": teller.words("Yes, for both days.", "两次均已承诺。"),
            "solved": True,
            "order_cause": "staff",
            "category": "broadband_repair_late",
        },
    )
