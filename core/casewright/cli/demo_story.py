"""The story of the demonstration: an inquiry, a move, a complaint that comes back, and an order that is late."""

from casewright.cli.demo_complaint import (
    CUSTOMER,
    complaint_comes_back,
    complaint_is_registered,
    customer_is_answered,
    orders_are_worked,
    remedy_is_approved,
)
from casewright.cli.demo_late_order import order_runs_late
from casewright.cli.demo_order import work_order
from casewright.cli.demo_teller import Teller
from casewright.commands import FireTransition, OpenTicket, SaveCustomer

VIP = "C-20001"


def tell(teller: Teller) -> tuple[str, str, str]:
    """Let the story happen; return the keys of the complaint, of the re-complaint and of the late order."""
    for key, name, tier, phone in (
        (CUSTOMER, "王秀兰 / Wang Xiulan", "", "+8613800000101"),
        (VIP, "李宏 / Li Hong", "vip", "+8613800000102"),
    ):
        known = SaveCustomer(actor="chen_jing", id=key, name=name, tier=tier, phone=phone)
        teller.desk.execute(known)
    _inquiry(teller)
    _service_request(teller)
    complaint = complaint_is_registered(teller)
    orders_are_worked(teller, complaint)
    remedy_is_approved(teller, complaint)
    customer_is_answered(teller, complaint)
    again = complaint_comes_back(teller, complaint)
    return complaint, again, order_runs_late(teller, again)


def _inquiry(teller: Teller) -> None:
    teller.chapter("An inquiry", "一件业务咨询")
    opened = teller.does(
        "chen_jing",
        OpenTicket,
        "{who} takes a call and opens {ticket}: what does a faster line cost?",
        "{who}接到来电，登记 {ticket}：宽带提速怎么收费？",
        workflow="inquiry",
        customer=VIP,
        channel="call",
        fields={
            "subject": teller.words("Price of 1000 Mbit/s", "千兆宽带资费"),
            "question": teller.words(
                "What does Fibre 1000 cost for existing customers?",
                "老客户升级千兆宽带怎么收费？",
            ),
            "product": "fibre_1000",
        },
    )
    teller.later(minutes=6)
    teller.does(
        "chen_jing",
        FireTransition,
        "{who} answers at once; {ticket} is closed.",
        "{who}当场答复，{ticket} 已归档。",
        ticket=opened.ticket,
        transition="answer",
        form={
            "answer_text": teller.words(
                "30 CNY a month more, no fee for the change.", "每月加 30 元，免变更手续费。"
            ),
            "category": "account_plan_advice",
            "solved": True,
        },
    )


def _service_request(teller: Teller) -> None:
    teller.chapter("A service request", "一件业务受理")
    teller.later(minutes=20)
    key = teller.does(
        "li_na",
        OpenTicket,
        "{who} registers {ticket}: the line is to move to a new flat.",
        "{who}登记 {ticket}：客户申请移机。",
        workflow="service_request",
        customer=VIP,
        channel="call",
        fields={
            "subject": teller.words("Move of the line", "宽带移机"),
            "description": teller.words("Line to be moved to the new flat.", "宽带移到新居。"),
            "service": "move",
            "product": "fibre_300",
            "new_address": teller.words("12 Lakeside Road, flat 501", "湖滨路 12 号 501 室"),
        },
    ).ticket
    teller.does(
        "li_na",
        FireTransition,
        "{who} verifies the customer's identity.",
        "{who}核验客户身份。",
        ticket=key,
        transition="verify_identity",
        form={"identity_method": "sms_code", "identity_verified": True},
    )
    teller.later(minutes=15)
    teller.does(
        "huang_ying",
        FireTransition,
        "{who} accepts it.",
        "{who}受理。",
        ticket=key,
        transition="accept",
    )
    order = teller.does(
        "huang_ying",
        FireTransition,
        "{who} sends a work order to the installers.",
        "{who}派单给装维服务部。",
        ticket=key,
        transition="dispatch",
        form={
            "lead_department": "field_service",
            "order_kind": "installation",
            "instructions": teller.words(
                "Move the line to the new address.", "请上门移机至新址。"
            ),
        },
    ).opened[0]
    work_order(teller, order, "tang_yong", "installation", passes="huang_ying")
    teller.does(
        "huang_ying",
        FireTransition,
        "{who} submits {ticket}: no money, so it needs no approval.",
        "{who}提交办理 {ticket}：不涉及费用，无须审批。",
        ticket=key,
        transition="submit",
        form={
            "plan": teller.words("Moved by the field service.", "装维已上门移机。"),
            "amount": 0,
        },
    )
    teller.does(
        "huang_ying",
        FireTransition,
        "{who} notes what was done.",
        "{who}填写办理情况。",
        ticket=key,
        transition="done",
        form={
            "carried_out": teller.words("Line works at the new address.", "新址宽带已开通。")
        },
    )
    teller.does(
        "li_na",
        FireTransition,
        "{who} tells the customer; a VIP is called back, so {ticket} waits for the callback.",
        "{who}告知客户；贵宾客户须回访，{ticket} 待回访。",
        ticket=key,
        transition="told",
        form={"told_by": "phone", "solved": True, "category": "broadband_installation_move"},
    )
