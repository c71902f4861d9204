"""A complaint goes through five people's hands, each at a terminal of their own: accepted, two orders, a remedy, two approvals."""

from pathlib import Path

from casewright.queries import ListTickets

from .centre import BILLING, FIELD_SERVICE, HANDLER, LEADER, MANAGER, opened
from .day import Clerk, at_work, beside, history, ticket, told_in

APPROVAL = ("◉ Remedy in approval", "◉ 审批")


@told_in("zh")
def test_a_complaint_is_accepted_worked_on_by_two_departments_and_its_remedy_approved_twice(
    root: Path, lang: str
):
    with beside(root) as desk:
        key = opened(desk, "complaint", "宽带断网三天无人维修")
    with at_work(root, HANDLER, lang) as his:
        accept(his, key)
        dispatch(his)
        lead, assisting = orders(root, key)
        for person, order in ((FIELD_SERVICE, lead), (BILLING, assisting)):
            with at_work(root, person, lang) as theirs:
                work_off(theirs, order)
        for order in (lead, assisting):
            his.open(order)
            his.press("v")
            his.sees("F8", ("Pass", "审核通过"))
            his.press("F8")
            his.sees(("◉ Archived", "◉ 已归档"))
            his.press("Escape", "Escape", "Escape")
        remedy(his, key)
        for person in (LEADER, MANAGER):
            with at_work(root, person, lang) as theirs:
                theirs.open(key)
                theirs.sees(APPROVAL)
                before = theirs.keys
                theirs.press("y")
                theirs.sees("F8")
                theirs.press("F8")
                theirs.sees_no_more(("F8 Submit", "F8 提交"))
                assert theirs.keys - before <= 2
        his.sees(("◉ Customer to be answered", "◉ 待答复客户"))

    after = ticket(root, key)
    assert (after.state, after.handler) == ("informing", HANDLER)
    assert after.fields["amount"] == 800
    assert {ticket(root, one).state for one in (lead, assisting)} == {"closed"}
    votes = [one.actor for one in history(root, key) if one.kind == "VoteCast"]
    assert votes == [LEADER, MANAGER]


def accept(his: Clerk, key: str) -> None:
    """Take the complaint that waits, and accept it."""
    his.press("F9")
    his.sees(f" {key}", ("◉ Registered", "◉ 已登记"))
    assert his.keys == 1, "claim next"
    his.press("a")
    his.sees(("Severity", "严重程度"))
    his.choose(("Repair late", "维修不及时"))
    his.type("2")
    his.press("F8")
    his.sees(("◉ Under investigation", "◉ 调查处理中"))


def dispatch(his: Clerk) -> None:
    """Send an order to a lead department, and one to a department that assists."""
    before = his.keys
    his.press("d")
    his.sees(("Lead department", "主办部门"))
    his.choose(("field", "装维"))
    his.choose(("billing", "计费"))
    his.press("Tab")
    his.choose(("investigation", "投诉调查"))
    his.type("请查明两次预约为何无人上门。")
    his.press("F8")
    his.sees("WO-2026-")
    assert his.keys - before <= 6


def orders(root: Path, key: str) -> tuple[str, str]:
    """Return the two orders that were opened from the complaint."""
    with beside(root) as desk:
        page = desk.ask(ListTickets(actor=MANAGER, workflow="work_order", open=True))
    found = {one.fields["part"]: one.key for one in page.tickets}
    return found["lead"], found["assisting"]


def work_off(theirs: Clerk, order: str) -> None:
    """Sign for an order of one's department, and answer it."""
    theirs.open(order)
    theirs.press("s")
    theirs.sees(("◉ In progress", "◉ 办理中"))
    theirs.press("e")
    theirs.sees(("Result", "办理结果"))
    theirs.type("预约没有传到班组，现已修复。")
    theirs.press("Tab")
    theirs.type("1")
    theirs.press("Tab")
    theirs.choose(("Repair late", "维修不及时"))
    theirs.type("2")
    theirs.press("F8")
    theirs.sees(("◉ Answer to be checked", "◉ 待审核"))


def remedy(his: Clerk, key: str) -> None:
    """Conclude the investigation, and propose a remedy that costs something."""
    his.open(key)
    his.press("f")
    his.sees(("What was found", "调查情况"))
    his.type("两次预约在系统间传递时丢失。")
    his.press("Tab")
    his.type("1")
    his.press("F8")
    his.sees(("◉ Remedy being drawn up", "◉ 拟定方案"))
    his.press("s")
    his.sees(("Liability", "责任认定"))
    his.type("1")
    his.press("Tab")
    his.choose(("field", "装维"))
    his.choose(("process", "流程"))
    his.type("25")
    his.press("Tab")
    his.type("800")
    his.press("Tab")
    his.type("致歉，并向账户补偿 800 元。")
    his.press("Tab", "Tab")
    his.type("预约须由系统直接传到班组。")
    his.press("F8")
    his.sees(APPROVAL)
