"""A shift in which everything breaks: the server ends in mid-sentence and comes back, the terminal is killed; the draft is there."""

from pathlib import Path

from casewright.queries import ListDrafts

from ...server.served import served
from .centre import AGENT, opened
from .day import at_work, beside, history, told_in, until

SAID = "客户abc说：晚上八点后网速很慢"


@told_in("en")
def test_the_connection_is_lost_and_what_was_typed_is_sent_when_it_is_back(
    root: Path, lang: str
):
    with beside(root) as desk:
        key = opened(desk, "inquiry", f"断线 {lang}")
    with served(root, "--no-worker") as first, at_work(root, AGENT, lang) as her:
        her.open(key)
        her.press("F7")
        her.sees(("The customer may see it", "对客户可见"))
        her.type(SAID)
        her.sees(SAID)
        first.process.kill()
        first.process.wait(60)
        her.press("F8")
        her.sees(("No connection. What", "连接中断，"), SAID)
        with served(root, "--no-worker"):
            her.sees_no_more(("no connection since", "起连接中断"))
            her.press("F8")
            her.sees(("the note is kept", "备注已保存"))
            her.screen.keys("C-q")
            her.screen.sees("[left 0]")

    with beside(root) as desk:
        assert not desk.ask(ListDrafts(actor=AGENT))
    assert comments(root, key) == [SAID], "once, however often it was sent"


@told_in("zh")
def test_a_terminal_that_is_killed_leaves_its_draft_to_the_next_one(root: Path, lang: str):
    with beside(root) as desk:
        key = opened(desk, "inquiry", f"断电 {lang}")
    with at_work(root, AGENT, lang) as her:
        her.open(key)
        her.press("F7")
        her.sees(("The customer may see it", "对客户可见"))
        her.type(SAID)
        her.sees(SAID)
        until(lambda: drafts(root) == [SAID])
        her.crash()
        her.screen.sees("[left ")
    assert comments(root, key) == []

    with at_work(root, AGENT, lang) as her:
        her.open(key)
        her.press("F7")
        her.sees(SAID)
        her.press("F8")
        her.sees(("the note is kept", "备注已保存"))
    assert comments(root, key) == [SAID]
    assert drafts(root) == []


def drafts(root: Path) -> list[str]:
    """Return the texts of the drafts that the store keeps."""
    with beside(root) as desk:
        return [str(one.values.get("text", "")) for one in desk.ask(ListDrafts(actor=AGENT))]


def comments(root: Path, key: str) -> list[str]:
    """Return the comments about a ticket, as the store has them."""
    found = history(root, key, actor=AGENT)
    return [str(one.private["comment"]) for one in found if one.kind == "CommentAdded"]
