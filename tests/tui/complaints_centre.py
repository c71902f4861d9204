"""A centre with one customer who complains a lot: a complaint with a remedy in approval, one just accepted, one closed."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from casewright.commands import (
    AddComment,
    AttachFile,
    Command,
    FireTransition,
    OpenTicket,
    RecordContact,
    SaveCustomer,
    WithdrawTicket,
)
from casewright.desk import open_desk
from casewright.desk.embedded import Desk

from ..server.served import founded

CUSTOMER, PHONE, NAME = "C-10086", "+8613900010086", "王秀英"
HANDLER, LEADER, AGENT = "zhao_lei", "liang_chen", "li_na"
LETTER = "账单为何这么高？".encode()
SUBJECT = "宽带断网三天无人维修"


@dataclass(frozen=True, kw_only=True)
class Centre:
    """Where it is, and the keys of its tickets."""

    root: Path
    in_approval: str
    accepted: str
    closed: str


def founded_centre(root: Path) -> Centre:
    """Make the workspace and all that happened in it."""
    with open_desk(founded(root, people=True)) as desk:
        desk.execute(
            SaveCustomer(
                actor="ada", id=CUSTOMER, name=NAME, phone=PHONE, tier="vip",
                email="wang@example.org",
            )
        )  # fmt: skip
        found = Centre(
            root=root,
            in_approval=_in_approval(desk),
            accepted=_accepted(desk, "Roaming abroad cost too much"),
            closed=_closed(desk),
        )
        _attached(desk, found.accepted)
        return found


def _opened(desk: Desk, subject: str) -> str:
    fields = {
        "subject": subject,
        "description": "Two appointments were made; nobody came to either.",
        "demand": "当天修复并赔偿。",
        "customer_name": NAME,
        "customer_phone": "13900010086",
    }
    command = OpenTicket(
        actor="zhou_qiang",
        workflow="complaint",
        customer=CUSTOMER,
        channel="call",
        fields=fields,
    )
    return desk.execute(command).ticket


def _accepted(desk: Desk, subject: str) -> str:
    key = _opened(desk, subject)
    form = {"category": "broadband_repair_late", "severity": "serious"}
    _fire(desk, HANDLER, key, "accept", form)
    called = RecordContact(
        actor=HANDLER,
        ticket=key,
        kind="attempt",
        channel="call",
        reached=True,
        text="已告知客户",
    )
    _does(desk, called, AddComment(actor=HANDLER, ticket=key, text="Ask field service first."))
    return key


def _attached(desk: Desk, key: str) -> None:
    command = AttachFile(
        actor=HANDLER,
        ticket=key,
        digest=sha256(LETTER).hexdigest(),
        filename="../brief\x1b[31m.txt",
        size=len(LETTER),
    )
    desk.keep(LETTER, asked=command)
    _does(desk, command)


def _in_approval(desk: Desk) -> str:
    key = _accepted(desk, SUBJECT)
    orders = _dispatched(desk, key)
    for order in orders:
        _order_done(desk, order)
    found = {"findings": "两次预约在系统间传递时丢失。", "complaint_true": "true_in_full"}
    _fire(desk, HANDLER, key, "conclude", found)
    remedy = {
        "liability": "full", "liable_department": "field_service", "cause": "staff_error",
        "remedies": ["apology", "compensation"], "amount": 400,
        "remedy_text": "致歉，并向账户补偿 400 元。",
    }  # fmt: skip
    _fire(desk, HANDLER, key, "submit", remedy)
    return key


def _dispatched(desk: Desk, key: str) -> tuple[str, ...]:
    form = {
        "lead_department": "field_service",
        "assisting_departments": [],
        "order_kind": "investigation",
        "instructions": "Repair, and find out why nobody came.",
    }
    command = FireTransition(actor=HANDLER, ticket=key, transition="dispatch", form=form)
    return desk.execute(command).opened


def _order_done(desk: Desk, key: str) -> None:
    _fire(desk, "tang_yong", key, "sign", {})
    result = {
        "result": "Repaired. The appointments were not passed on.",
        "solved": True,
        "order_cause": "staff",
        "category": "broadband_repair_late",
    }
    _fire(desk, "tang_yong", key, "complete", result)
    _fire(desk, HANDLER, key, "pass", {})


def _closed(desk: Desk) -> str:
    key = _opened(desk, "Bill too high")
    _does(
        desk,
        WithdrawTicket(
            actor="zhou_qiang", ticket=key, reason="说清楚了", identity_checked=True
        ),
    )
    return key


def _fire(desk: Desk, actor: str, key: str, transition: str, form: dict[str, object]) -> None:
    _does(desk, FireTransition(actor=actor, ticket=key, transition=transition, form=form))


def _does(desk: Desk, *commands: Command) -> None:
    for one in commands:
        desk.execute(one)
