"""The complaint of the demonstration's story: its orders, its approval, its answer, and how it comes back."""

from casewright.cli.demo_order import work_order
from casewright.cli.demo_teller import Teller
from casewright.commands import (
    CastVote,
    FireTransition,
    OpenTicket,
    RecordContact,
    ReopenTicket,
)

CUSTOMER = "C-10086"


def complaint_is_registered(teller: Teller) -> str:
    """Register the complaint, accept it, and answer a query; return its key."""
    teller.chapter("A complaint", "一件投诉")
    teller.later(hours=1)
    key = teller.does(
        "zhou_qiang",
        OpenTicket,
        "{who} registers {ticket}: three days offline, and nobody came.",
        "{who}登记 {ticket}：断网三天，预约维修两次无人上门。",
        workflow="complaint",
        customer=CUSTOMER,
        channel="call",
        fields={
            "subject": teller.words("Three days without broadband", "宽带断网三天无人维修"),
            "description": teller.words(
                "Two appointments were made; nobody came to either.", "两次预约上门均无人到场。"
            ),
            "demand": teller.words("Repair today, and compensation.", "当天修复并赔偿。"),
            "product": "fibre_300",
            "service_number": "02887654321",
            "department": "field_service",
        },
    ).ticket
    teller.later(minutes=12)
    teller.does(
        "zhao_lei",
        FireTransition,
        "{who} accepts it and becomes its handler.",
        "{who}受理，成为办理人。",
        ticket=key,
        transition="accept",
        form={"category": "broadband_repair_late", "severity": "serious"},
    )
    teller.later(minutes=5)
    teller.does(
        "zhao_lei",
        RecordContact,
        "{who} calls the customer and reaches her.",
        "{who}首次联系客户，已接通。",
        ticket=key,
        kind="attempt",
        channel="call",
        reached=True,
    )
    teller.later(hours=1)
    asked = teller.does(
        "li_na",
        RecordContact,
        "The customer calls again and asks how it stands; {who} records the query, no new ticket.",
        "客户再次来电查询进度，{who}登记投诉查询，不另立工单。",
        ticket=key,
        kind="query",
    )
    answer = (asked.answer or {}).get(teller.words("en", "zh"), "")
    teller.notes("The answer: “{answer}”.", "答复客户：“{answer}”。", answer=answer)
    return key


def orders_are_worked(teller: Teller, complaint: str) -> None:
    """Send two work orders, have them worked, and conclude the investigation."""
    teller.chapter("Its work orders", "处理工单")
    sent = teller.does(
        "zhao_lei",
        FireTransition,
        "{who} sends a work order to the repair service, and one to the network to assist.",
        "{who}派单：装维服务部主办，网络运行维护部协办。",
        ticket=complaint,
        transition="dispatch",
        form={
            "lead_department": "field_service",
            "assisting_departments": ["network_operations"],
            "order_kind": "investigation",
            "instructions": teller.words(
                "Repair, and find out why nobody came.", "请修复故障并查明未上门原因。"
            ),
        },
    )
    lead, assisting = sent.opened
    teller.may_not(
        "zhao_lei",
        FireTransition,
        "{who} would like to conclude at once, but the orders are open:",
        "{who}想直接结束调查，但处理工单未办结：",
        ticket=complaint,
        transition="conclude",
        form=_findings(teller),
    )
    work_order(teller, lead, "tang_yong", "staff", passes="zhao_lei")
    work_order(teller, assisting, "lin_tao", "network", passes="zhao_lei")
    teller.does(
        "zhao_lei",
        FireTransition,
        "{who} concludes the investigation.",
        "{who}调查完毕。",
        ticket=complaint,
        transition="conclude",
        form=_findings(teller),
    )


def remedy_is_approved(teller: Teller, complaint: str) -> None:
    """Submit a remedy and have it approved in two steps."""
    teller.chapter("The approval", "逐级审批")
    teller.next_morning()
    teller.does(
        "zhao_lei",
        FireTransition,
        "{who} submits a remedy: apology and 800 CNY.",
        "{who}提交处理方案：致歉并赔偿 800 元。",
        ticket=complaint,
        transition="submit",
        form={
            "liability": "full",
            "liable_department": "field_service",
            "cause": "staff_error",
            "remedies": ["apology", "compensation"],
            "amount": 800,
            "remedy_text": teller.words(
                "We apologise, and credit 800 CNY to the account.",
                "致歉，并向账户补偿 800 元。",
            ),
        },
    )
    teller.may_not(
        "zhao_lei",
        CastVote,
        "{who} may not approve the remedy:",
        "{who}不得审批自己的方案：",
        ticket=complaint,
        grant=True,
    )
    teller.later(minutes=40)
    teller.does(
        "liang_chen",
        CastVote,
        "{who}, team leader, agrees.",
        "班长{who}同意。",
        ticket=complaint,
        grant=True,
    )
    teller.later(hours=1)
    teller.does(
        "feng_yun",
        CastVote,
        "{who}, complaint manager, agrees, since it is over 500 CNY.",
        "超过 500 元，投诉经理{who}同意。",
        ticket=complaint,
        grant=True,
    )


def customer_is_answered(teller: Teller, complaint: str) -> None:
    """Answer the customer, carry the remedy out, call back, and close."""
    teller.chapter("The answer", "答复客户")
    teller.later(minutes=30)
    teller.does(
        "zhao_lei",
        FireTransition,
        "{who} offers it, and the customer agrees.",
        "{who}答复客户，客户认可。",
        ticket=complaint,
        transition="agreed",
        form={"answered_by": "phone"},
    )
    teller.next_morning()
    teller.does(
        "zhao_lei",
        FireTransition,
        "{who} has it carried out.",
        "{who}落实方案，执行完毕。",
        ticket=complaint,
        transition="done",
        form={
            "carried_out": teller.words("800 CNY credited.", "800 元已到账。"),
            "voucher": "V-20260213-07",
        },
    )
    teller.later(hours=3)
    teller.does(
        "xie_fang",
        FireTransition,
        "{who} calls back: solved and satisfied. {ticket} is closed.",
        "{who}回访：已解决，满意。{ticket} 结案。",
        ticket=complaint,
        transition="satisfied",
        form={"solved": True, "satisfaction": "satisfied"},
    )


def complaint_comes_back(teller: Teller, complaint: str) -> str:
    """Reopen the matter as a re-complaint for other people; return its key."""
    teller.chapter("The re-complaint", "再投诉")
    teller.next_morning()
    again = teller.does(
        "wu_min",
        ReopenTicket,
        "The line is down again. Team leader {who} confirms that it is the same matter.",
        "宽带再次中断，班长{who}确认为同一事项，立为再投诉。",
        ticket=complaint,
        reason=teller.words("Offline again since this morning.", "今晨起再次断网。"),
    ).opened[0]
    ticket = teller.ticket(again)
    teller.notes(
        "{again}: round {round} of the lineage, level {level}, priority {priority}.",
        "{again}：历次投诉第 {round} 次，升级至第 {level} 级，优先级提高。",
        again=again,
        round=ticket.round,
        level=ticket.level,
        priority=ticket.priority,
    )
    teller.may_not(
        "zhao_lei",
        FireTransition,
        "{who}, who handled it before, would take it on:",
        "原办理人{who}想再次受理：",
        ticket=again,
        transition="accept",
        form={"category": "broadband_fault_no_connection", "severity": "serious"},
    )
    teller.later(minutes=9)
    teller.does(
        "qian_mei",
        FireTransition,
        "{who} accepts {ticket} instead.",
        "改由{who}受理 {ticket}。",
        ticket=again,
        transition="accept",
        form={"category": "broadband_fault_no_connection", "severity": "serious"},
    )
    teller.later(minutes=5)
    teller.does(
        "qian_mei",
        RecordContact,
        "{who} calls the customer and reaches her.",
        "{who}首次联系客户，已接通。",
        ticket=again,
        kind="attempt",
        channel="call",
        reached=True,
    )
    return again


def _findings(teller: Teller) -> dict[str, str]:
    return {
        "findings": teller.words(
            "Both appointments were lost between systems.", "两次预约在系统间传递时丢失。"
        ),
        "complaint_true": "true_in_full",
    }
