"""The shift of those who lead: a deadline warning out of the inbox, the wallboard, and a workflow file that fails its check."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

from casewright.clock import SetClock
from casewright.config import read_config
from casewright.desk import open_desk
from casewright.queries import ListNotices, ListWorkflows
from casewright.worker.loop import Worker

from ...server.served import ADMIN
from .centre import COLLEAGUE, HANDLER, accepted, given, opened
from .day import at_work, beside, history, ticket, told_in


@told_in("zh")
def test_a_deadline_warning_is_taken_out_of_the_inbox_with_a_time(root: Path, lang: str):
    key = overdue(root, f"快到期 {lang}")
    with at_work(root, HANDLER, lang) as his:
        his.press("!")
        his.sees(key)
        before = his.keys
        his.press("F9")
        his.sees(("Done by", "承诺完成时间"))
        his.type("+2h")
        his.press("F8")
        his.sees(("taken", "已认领"))
        assert his.keys - before <= 2

    with beside(root) as desk:
        found = desk.ask(ListNotices(actor=HANDLER, mine=True, limit=50)).notices
    assert "taken" in [one.state for one in found if one.ticket == key]
    assert "NoticeTaken" in [one.kind for one in history(root, key)]


@told_in("en")
def test_a_supervisor_goes_from_the_wallboard_to_the_queue_behind_it_and_gives_a_ticket_away(
    root: Path, lang: str
):
    with beside(root) as desk:
        mine = [
            given(desk, opened(desk, "inquiry", f"board {lang} {n}", actor=ADMIN), COLLEAGUE)
            for n in range(2)
        ]
    with at_work(root, ADMIN, lang, size=(132, 43)) as her:
        her.press("=")
        her.sees(("Being answered", "答复中"))
        her.press("Enter")
        her.sees(*mine)
        her.press("/")
        her.type(f"board {lang}")
        her.press("Enter")
        her.sees("▶", mine[0])
        her.press("*", "F2")
        her.sees(("2 tickets", "2 张工单"))
        her.choose(("assign", "指派"))
        her.sees(("Handler", "办理人"))
        her.choose("li_na")
        her.press("F8")
        her.sees(("2 of 2 can be done", "2 张中 2 张可以办理"))
        her.press("Enter")
        her.sees(("2 of 2 are done", "2 张中 2 张已完成"))

    assert {ticket(root, key, actor=ADMIN).handler for key in mine} == {"li_na"}


@told_in("zh")
def test_a_process_owner_goes_from_the_failing_check_to_the_faulty_line_and_the_change_in_words(
    root: Path, lang: str
):
    before, file = published(root), root / "workflows" / "inquiry.yaml"
    written = file.read_text("utf-8")
    said = ("Archived for good", "永久归档")
    changed = written.replace(
        "title: {en: Archived, zh: 已归档}", f"title: {{en: {said[0]}, zh: {said[1]}}}"
    )
    assert changed != written
    try:
        file.write_text(changed + "nonsense: 1\n", "utf-8")
        with at_work(root, ADMIN, lang) as her:
            her.press("%")
            her.sees("workflows/inquiry.yaml")
            her.press("Enter")
            her.sees("nonsense: 1", "^")
            file.write_text(changed, "utf-8")
            her.press("F5")
            her.sees_no_more("nonsense: 1")
            her.press("Tab")
            her.sees(said)
            assert her.keys <= 4
    finally:
        file.write_text(written, "utf-8")

    # Looking publishes nothing.
    assert published(root) == before


def published(root: Path) -> list[str]:
    """Return the digests of the versions that are in force."""
    with beside(root) as desk:
        return sorted(one.digest for one in desk.ask(ListWorkflows(actor=ADMIN)) if one.current)


def overdue(root: Path, subject: str) -> str:
    """Return a complaint that was accepted long ago, whose handler the worker has warned."""
    long_ago = SetClock(datetime.now(UTC) - timedelta(days=15))
    with open_desk(read_config(root), clock=long_ago) as desk:
        key = accepted(desk, subject)
    with beside(root) as desk:
        Worker(desk.working(), {}, holder="shift", tell=lambda line: None, stop=Event()).run(
            once=True
        )
    return key
