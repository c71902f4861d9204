"""The workspace of the shifts: a customer, and what happened to her tickets before a shift begins."""

from collections.abc import Mapping
from pathlib import Path

from casewright.commands import AssignTicket, FireTransition, OpenTicket, SaveCustomer
from casewright.desk import Desk, open_desk

from ...server.served import ADMIN, founded

CUSTOMER, NAME = "C-10086", "王秀英"
PHONE, TYPED_PHONE = "+8613900010086", "13900010086"
AGENT, COLLEAGUE, AGENTS_LEADER = "li_na", "chen_jing", "wu_min"
HANDLER, LEADER, MANAGER = "zhao_lei", "liang_chen", "feng_yun"
FIELD_SERVICE, BILLING = "tang_yong", "jiang_li"
FIELDS: Mapping[str, Mapping[str, object]] = {
    "inquiry": {"question": "为什么晚上网速慢？"},
    "complaint": {"description": "约好两次都没有人来。", "demand": "当天修复并赔偿。"},
}
REPEATED = {"category": "broadband_repair_late", "severity": "serious"}


def made(root: Path) -> Path:
    """Make the workspace, with its customer."""
    with open_desk(founded(root, people=True)) as desk:
        desk.execute(SaveCustomer(actor=ADMIN, id=CUSTOMER, name=NAME, phone=PHONE, tier="vip"))
    return root


def opened(desk: Desk, workflow: str, subject: str, *, actor: str = AGENT) -> str:
    """Open a ticket of the customer."""
    fields = {"subject": subject, **FIELDS[workflow]}
    command = OpenTicket(
        actor=actor, workflow=workflow, customer=CUSTOMER, channel="call", fields=fields
    )
    return desk.execute(command).ticket


def accepted(desk: Desk, subject: str) -> str:
    """Open a complaint that its handler has accepted."""
    key = opened(desk, "complaint", subject)
    fired(desk, HANDLER, key, "accept", REPEATED)
    return key


def given(desk: Desk, key: str, handler: str) -> str:
    """Give a ticket to somebody."""
    desk.execute(AssignTicket(actor=ADMIN, ticket=key, handler=handler))
    return key


def fired(
    desk: Desk, actor: str, key: str, transition: str, form: Mapping[str, object]
) -> None:
    """Do an action of a workflow."""
    command = FireTransition(actor=actor, ticket=key, transition=transition, form=dict(form))
    desk.execute(command)
