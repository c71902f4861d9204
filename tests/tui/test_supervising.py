"""What whoever leads does at the terminal: the inbox, the wallboard, people and their work, a failing check, the queues."""

from pathlib import Path

import pytest

from casewright.commands import AssignTicket, OpenTicket, PublishAnnouncement
from casewright.desk import open_desk
from casewright.queries import GetAnnouncement, ListAnnouncements, ListTickets

from ..server.served import founded
from .seated import seated

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory):
    """A workspace in which Chen Jing has six inquiries and something is announced."""
    config = founded(tmp_path_factory.mktemp("led") / "workspace", people=True)
    with open_desk(config) as desk:
        for number in range(6):
            fields = {
                "subject": f"宽带很慢 {number}",
                "question": "What is to be done about it?",
            }
            key = desk.execute(
                OpenTicket(actor="ada", workflow="inquiry", fields=fields)
            ).ticket
            desk.execute(AssignTicket(actor="ada", ticket=key, handler="chen_jing"))
        said = {"en": "New tariff", "zh": "新资费"}
        desk.execute(PublishAnnouncement(actor="ada", title=said, text=said, to=("everybody",)))
    return config


def handlers(config) -> list[str]:
    with open_desk(config) as desk:
        return sorted(one.handler or "" for one in desk.ask(ListTickets(actor="ada")).tickets)


async def test_the_wallboard_leads_to_the_queue_behind_a_tile(centre):
    async with seated(centre.root, "ada", lang="zh", size=(132, 43)) as one:
        await one.press("equals_sign")
        await one.sees("陈静")
        assert {len(line) > 0 for line in one.lines} == {True}
        await one.press("enter")
        await one.sees("宽带很慢 5")


async def test_all_work_that_is_due_is_given_to_somebody_else_in_seven_keys(centre: Path):
    async with seated(centre.root, "ada", size=(132, 43)) as one:
        await one.press("at", "4")
        await one.sees("Chen Jing", "宽带很慢")
        await one.press("enter", "space", "space", "f9")
        await one.sees("Give to")
        await one.type("bai_lin")
        await one.press("enter")
        await one.sees("Bai Lin", "Enter does it")
        await one.press("enter")
        await one.sees("2 of 2 are done")
    assert handlers(centre).count("bai_lin") == 2


async def test_an_announcement_is_confirmed_by_enter(centre):
    async with seated(centre.root, "ada") as one:
        await one.press("exclamation_mark", "2")
        await one.sees("New tariff")
        await one.press("enter")
        await one.sees("Enter confirms")
        await one.press("enter")
    with open_desk(centre) as desk:
        number = desk.ask(ListAnnouncements(actor="ada"))[0].number
        assert desk.ask(GetAnnouncement(actor="ada", number=number)).read_at is not None


async def test_from_a_failing_check_to_the_faulty_line_to_the_change_in_words(centre):
    faulty = centre.root / "workflows" / "inquiry.yaml"
    written = faulty.read_text("utf-8")
    faulty.write_text(written + "nonsense: 1\n", "utf-8")
    async with seated(centre.root, "ada", size=(132, 43)) as one:
        await one.press("percent_sign")
        await one.sees("Files with problems", "inquiry.yaml")
        await one.press("enter")
        await one.sees("nonsense: 1", "^")
        await one.press("tab")
        await one.sees("workflows/inquiry.yaml")
    faulty.write_text(written, "utf-8")


async def test_views_keep_their_digits_where_one_came_from_the_wallboard(centre):
    async with seated(centre.root, "ada", size=(132, 43)) as one:
        await one.sees("1 Mine", "2 All")
        await one.press("equals_sign", "enter")
        await one.sees("1 Mine", "2 All", "6 open")
        await one.press("1")
        await one.sees("no tickets here")


async def test_a_queue_that_was_come_to_from_the_wallboard_is_called_in_the_language_of_now(
    centre,
):
    async with seated(centre.root, "ada", size=(132, 43)) as one:
        await one.press("equals_sign", "enter")
        await one.sees("6 open")
        await one.terminal.habits.speak("zh", keep=False)
        await one.sees("6 在办")


async def test_what_was_given_up_the_looks_and_the_histories_are_there_for_whoever_may(centre):
    async with seated(centre.root, "ada") as one:
        for place, seen in (
            ("letters", "Other systems"),
            ("access", "Who looked"),
            ("audit", "F9 verifies"),
        ):
            await one.terminal.action_go(place)
            await one.sees(seen)
        await one.press("f9")
        await one.sees("Every history is whole.")
