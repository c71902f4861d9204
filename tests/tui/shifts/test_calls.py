"""The shift of an agent on the phone: a call is taken and answered; the same customer complains again about the same thing."""

from pathlib import Path

from casewright.commands import WithdrawTicket
from casewright.queries import ListTickets

from .centre import AGENT, CUSTOMER, LEADER, NAME, TYPED_PHONE, opened
from .day import at_work, beside, history, ticket, told_in, until

NEW = ("New: Inquiry", "新建业务咨询")
KNOWN, CLOSED = ("churn risk", "流失风险"), ("Closed of late", "近期已结")
REOPEN, MENU = ("Reopen", "重新打开"), ("type a part of it", "输入其中一部分")


@told_in("zh")
def test_a_call_is_taken_and_an_inquiry_answered_while_the_customer_is_on_the_line(
    root: Path, lang: str
):
    subject = f"网速慢 {lang}"
    with at_work(root, AGENT, lang) as her:
        her.press("+")
        her.type(TYPED_PHONE)
        her.press("Enter")
        her.sees(NAME, KNOWN)
        assert her.keys <= 2, "an incoming call is registered, with the open matters"

        her.press("F6")
        her.choose(("inquiry", "咨询"))
        her.sees(NEW)
        her.type(subject)
        her.press("Tab")
        her.type("为什么晚上网速慢？")
        her.press("F8")
        her.sees(subject, ("is opened", "已开立"), ("[Matter]", "[事项]"))

        before = her.keys
        her.press("a")
        her.sees(("Answer now", "当场答复"), ("Article", "知识条目编号"))
        her.type("您好，已为您重置端口。")
        her.press("Tab")
        her.type("KB-12")
        her.press("Tab")
        her.choose(("slow", "网速慢"))
        her.type("1")
        her.press("F8")
        her.sees(("◉ Archived", "◉ 已归档"), "KB-12")
        assert her.keys - before <= 8, "answer from an article, category, close"
        her.press("Escape")
        her.sees(NAME, KNOWN)

    with beside(root) as desk:
        page = desk.ask(ListTickets(actor=AGENT, workflow="inquiry", open=False))
        key = next(one.key for one in page.tickets if one.fields["subject"] == subject)
    after = ticket(root, key, actor=AGENT)
    assert (after.state, after.customer) == ("closed", CUSTOMER)
    assert after.fields["answer_text"] == "您好，已为您重置端口。"
    assert after.fields["category"] == "broadband_fault_slow"
    assert after.fields["solved"] is True


@told_in("en")
def test_a_complaint_that_comes_again_finds_its_lineage(root: Path, lang: str):
    with beside(root) as desk:
        first = opened(desk, "complaint", f"Bill too high ({lang})")
        desk.execute(
            WithdrawTicket(actor=AGENT, ticket=first, reason="说清楚了", identity_checked=True)
        )
    with at_work(root, LEADER, lang) as her:
        her.press("+")
        her.type(TYPED_PHONE)
        her.press("Enter")
        her.sees(CLOSED, first)
        her.press("r")
        # One matter that was closed of late is taken at once; of several, one is chosen.
        form, menu = her.said(REOPEN), her.said(MENU)
        until(lambda: form in her.screen.text or menu in her.screen.text)
        if menu in her.screen.text:
            her.choose(first)
        her.sees(REOPEN)
        her.type("还是多收了钱")
        her.press("F8")
        her.sees(("is open again", "已重新"))
        assert her.keys <= 5

    again = history(root, first)[-1]
    assert again.kind == "TicketReopened"
    second = ticket(root, again.facts["opened"][0])
    assert (second.round, second.lineage, second.state) == (2, first, "registered")
