"""Several people at the same work: many tickets given to somebody else, two refused; and somebody else who was faster."""

from pathlib import Path

from casewright.commands import EditFields, FireTransition

from ...server.served import ADMIN
from .centre import AGENT, COLLEAGUE, opened
from .day import at_work, beside, history, ticket, told_in

ANSWER = {"answer_text": "已答复。", "category": "broadband_fault_slow", "solved": True}


@told_in("en")
def test_six_tickets_are_given_to_a_colleague_and_the_two_that_cannot_be_are_told(
    root: Path, lang: str
):
    with beside(root) as desk:
        keys = [opened(desk, "inquiry", f"bulk {lang} {n}", actor=ADMIN) for n in range(6)]
    with at_work(root, ADMIN, lang, size=(132, 43)) as her:
        her.press("/")
        her.type(f"bulk {lang}")
        her.press("Enter")
        her.sees(*keys)
        her.press("*")
        her.sees("6●")
        # Meanwhile two of them are finished by somebody else; the marks stay.
        with beside(root) as desk:
            for key in keys[:2]:
                command = FireTransition(
                    actor=ADMIN, ticket=key, transition="answer", form=ANSWER
                )
                desk.execute(command)
        her.press("F2")
        her.sees(("6 tickets", "6 张工单"))
        her.choose(("assign", "指派"))
        her.sees(("Handler", "办理人"))
        her.choose(COLLEAGUE)
        her.press("F8")
        her.sees(("4 of 6 can be done", "6 张中 4 张可以办理"), *keys[:2])
        her.press("Enter")
        her.sees(("4 of 6 are done", "6 张中 4 张已完成"))

    after = [ticket(root, key, actor=ADMIN) for key in keys]
    assert [one.state for one in after] == ["closed"] * 2 + ["answering"] * 4
    assert [one.handler for one in after] == [ADMIN] * 2 + [COLLEAGUE] * 4
    kinds = [one.kind for one in history(root, keys[0], actor=ADMIN)]
    assert "TicketAssigned" not in kinds[1:]


@told_in("zh")
def test_somebody_else_was_faster_and_nothing_that_was_typed_is_lost(root: Path, lang: str):
    said = "端口已重置，晚上不会再慢。"
    with beside(root) as desk:
        key = opened(desk, "inquiry", f"冲突 {lang}")
    with at_work(root, AGENT, lang) as her:
        her.open(key)
        her.press("a")
        her.sees(("Article", "知识条目编号"))
        her.type(said)
        with beside(root) as desk:
            desk.execute(
                EditFields(actor=COLLEAGUE, ticket=key, fields={"subject": "另一个主题"})
            )
        her.press("Tab", "Tab")
        her.choose(("slow", "网速慢"))
        her.type("1")
        her.press("F8")
        her.sees(
            ("What happened meanwhile", "期间发生的变化"),
            "另一个主题",
            ("What you had filled in", "您填写的内容"),
            said,
        )
        her.press("F8")
        her.sees(("Answer now", "当场答复"), said)
        her.press("F8")
        her.sees(("◉ Archived", "◉ 已归档"))

    after = ticket(root, key, actor=AGENT)
    assert (after.state, after.fields["subject"]) == ("closed", "另一个主题")
    assert after.fields["answer_text"] == said
    assert [one.actor for one in history(root, key, actor=AGENT)][-1] == AGENT
