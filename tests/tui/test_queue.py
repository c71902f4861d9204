"""The queue as somebody works it: views by digits, a filter typed, marks, a refresh that moves nothing, the next ticket taken."""

import asyncio
from pathlib import Path

import pytest

from casewright.commands import AddComment, AssignTicket, OpenTicket
from casewright.config import Config
from casewright.desk import open_desk
from casewright.queries import GetTicket
from casewright_tui.screens.queue import QueueScreen
from casewright_tui.width import cells

from ..server.served import ADMIN, founded
from . import on_tmux
from .seated import Seated, seated

pytestmark = pytest.mark.anyio
OPENED = 40


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A workspace with forty inquiries of the administrator, the first of them about broadband."""
    config = founded(tmp_path_factory.mktemp("queue") / "workspace", people=True)
    with open_desk(config) as desk:
        for number in range(1, OPENED + 1):
            subject = "宽带很慢" if number == 1 else f"Matter {number}"
            fields = {"subject": subject, "question": "What is to be done about it?"}
            desk.execute(OpenTicket(actor=ADMIN, workflow="inquiry", fields=fields))
    return config


@pytest.fixture
def centre(config: Config) -> Path:
    """Where it is."""
    return config.root


async def _no_claim() -> None:
    return None


def queue(one: Seated) -> QueueScreen:
    screen = one.terminal.screen
    assert isinstance(screen, QueueScreen)
    return screen


def where(one: Seated) -> tuple[str, int]:
    """Return the ticket under the cursor and its line on the screen."""
    sight = queue(one).table.sight
    assert sight.row is not None
    return sight.row.key, sight.line


async def test_digits_show_views_and_each_tab_tells_how_many_it_holds(centre):
    async with seated(centre, ADMIN) as one:
        await one.sees("1 Mine 40", "INQ-2026-000001")
        await one.press("4")
        await one.sees("no tickets here")
        await one.press("fullwidth_digit_two")
        await one.sees("INQ-2026-000001", "Being ans")


@pytest.mark.parametrize(
    "size",
    [
        (80, 24),
        *(
            pytest.param(one, marks=pytest.mark.soak)
            for one in ((100, 30), (132, 43), (200, 60))
        ),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_every_line_is_exactly_as_wide_as_the_screen(centre, size, lang):
    async with seated(centre, ADMIN, lang=lang, size=size) as one:
        for keys in ((), ("end",), ("f3",), ("escape", "v")):
            await one.press(*keys)
            assert {cells(line) for line in one.lines} == {size[0]}
            assert len(one.lines) == size[1]
            assert "F1" in one.lines[-1]


async def test_end_and_home_reach_both_ends_and_pages_what_lies_between(centre):
    async with seated(centre, ADMIN, size=(80, 24)) as one:
        await one.press("end")
        assert where(one) == ("INQ-2026-000040", 19)
        await one.press("pageup", "pageup", "up")
        assert where(one)[0] == "INQ-2026-000001"
        await one.press("pagedown", "down")
        assert where(one)[0] == "INQ-2026-000021"
        await one.press("home")
        assert where(one) == ("INQ-2026-000001", 0)


async def test_the_line_filters_as_it_is_typed_and_escape_takes_it_back(centre):
    async with seated(centre, ADMIN) as one:
        await one.press("2", "f3")
        await one.type("办理人：无人")
        await one.sees("no tickets here")
        await one.press("escape")
        await one.sees("Matter 2")

        await one.press("slash", *"broadbnd:x", "enter")
        await one.sees("nothing is called 'broadbnd:'")
        await one.press("escape")
        await one.press("f3")
        await one.type("宽带")
        await one.press("enter")
        await one.sees("/ 宽带", "宽带很慢")
        assert "Matter 2" not in one.text
        await one.press("escape")
        await one.sees("Matter 2")


async def test_tab_takes_what_is_offered_and_up_brings_back_what_was_asked(centre):
    async with seated(centre, ADMIN, lang="zh") as one:
        await one.press("2", "f3")
        await one.type("办")
        await one.sees("Tab 办理人:")
        await one.press("tab")
        await one.type("无")
        await one.press("tab", "enter")
        await one.sees("/ 办理人:无人", "这里没有工单")
        await one.press("escape", "f3", "up")
        await one.sees("办理人:无人")


async def test_marks_stay_on_their_tickets_and_their_number_is_told(centre):
    async with seated(centre, ADMIN) as one:
        await one.press("space", "space", "down", "shift+down", "shift+down", "shift+up")
        await one.sees("40/4●")
        assert queue(one).marked_keys() == tuple(
            f"INQ-2026-00000{number}" for number in (1, 2, 4, 5)
        )
        await one.press("end", "home", "f5")
        await one.sees("●INQ-2026-000001", "40/4●")
        await one.press("asterisk")
        await one.sees("40/40●")
        await one.press("escape")
        assert queue(one).marked_keys() == ()


async def test_what_others_do_shows_without_moving_the_cursor(config):
    async with seated(config.root, ADMIN) as one:
        await one.press("2", *["down"] * 10)
        before = where(one)
        with open_desk(config) as desk:
            desk.execute(AssignTicket(actor=ADMIN, ticket="INQ-2026-000003", handler="li_na"))
        await one.sees("Li Na")
        assert where(one) == before

        await one.press("1")
        await one.press(*["down"] * 5)
        key, line = where(one)
        with open_desk(config) as desk:
            desk.execute(AssignTicket(actor=ADMIN, ticket=key, handler="li_na"))
        await one.sees(f"{key} is no longer in this view")
        assert where(one)[1] == line
        with open_desk(config) as desk:
            desk.execute(AssignTicket(actor=ADMIN, ticket=key, handler=ADMIN))
            desk.execute(AssignTicket(actor=ADMIN, ticket="INQ-2026-000003", handler=ADMIN))


async def test_held_still_nothing_changes_until_it_may(config):
    async with seated(config.root, ADMIN) as one:
        await one.press("2", "full_stop")
        await one.sees("held still")
        with open_desk(config) as desk:
            desk.execute(AssignTicket(actor=ADMIN, ticket="INQ-2026-000004", handler="li_na"))
        async with asyncio.timeout(20):
            while not queue(one)._stale:
                await asyncio.sleep(0.02)
        assert "Li Na" not in one.text
        await one.press("full_stop")
        await one.sees("Li Na")
        with open_desk(config) as desk:
            desk.execute(AssignTicket(actor=ADMIN, ticket="INQ-2026-000004", handler=ADMIN))


async def test_the_next_ticket_is_one_key_and_there_may_be_none(config):
    with open_desk(config) as desk:
        desk.execute(AssignTicket(actor=ADMIN, ticket="INQ-2026-000007", handler=None))
    async with seated(config.root, ADMIN) as one:
        one.terminal.claim = _no_claim  # A site whose plugins hand out no tickets.
        await one.press("f9")
        await one.sees("INQ-2026-000007")
        await one.press("escape", "f9")
        await one.sees("Nothing waits that you could take")
    with open_desk(config) as desk:
        assert desk.ask(GetTicket(actor=ADMIN, ticket="INQ-2026-000007")).handler == ADMIN


async def test_the_language_is_switched_without_moving_anything(centre):
    async with seated(centre, ADMIN) as one:
        await one.press(*["down"] * 6)
        before = where(one)
        one.terminal.texts = one.terminal.sitting.texts("zh")
        one.terminal.framed()
        await one.sees("我的", "工单", "答复中")
        assert where(one) == before


def test_the_terminals_own_cursor_stands_on_the_row(centre):
    with on_tmux.screen(centre, ADMIN, lang="zh") as one:
        one.sees("INQ-2026-000006")
        one.keys("Down", "Down", "Down")
        shown = one.sees("▶ INQ-2026-000004")
        row = next(number for number, line in enumerate(shown.split("\n")) if "▶" in line)
        assert one.caret[1] == row


async def test_tickets_that_others_take_away_elsewhere_on_the_screen_are_counted_in_one_sentence(
    config,
):
    away = [f"INQ-2026-0000{number}" for number in (12, 14, 15)]
    async with seated(config.root, ADMIN) as one:
        before = where(one)
        with open_desk(config) as desk:
            for key in away:
                desk.execute(AssignTicket(actor=ADMIN, ticket=key, handler="li_na"))
        await one.sees("no longer in this view")
        told = [said.sentence for said in one.terminal.speech.kept]
        while sum(_gone(sentence) for sentence in told) < len(away):
            await asyncio.sleep(0.1)
            told = [said.sentence for said in one.terminal.speech.kept]
        assert sum(_gone(sentence) for sentence in told) == len(away)
        assert len([sentence for sentence in told if _gone(sentence)]) <= 2
        assert where(one) == before

    with open_desk(config) as desk:
        for key in away:
            desk.execute(AssignTicket(actor=ADMIN, ticket=key, handler=ADMIN))


async def test_a_ticket_that_only_moves_in_the_order_is_not_told_as_gone(config):
    async with seated(config.root, ADMIN, size=(100, 20)) as one:
        await one.press("2", "s", *"updated", "enter")
        await one.press("down")
        seen = queue(one).table.sight.shown
        with open_desk(config) as desk:
            desk.execute(AddComment(actor=ADMIN, ticket=seen[5], text="It moves to the end."))
        async with asyncio.timeout(20):
            while seen[5] in queue(one).table.sight.shown:
                await asyncio.sleep(0.02)
        await one.settled()
        assert not any(_gone(said.sentence) for said in one.terminal.speech.kept)


def _gone(sentence: str) -> int:
    """Return how many tickets a sentence says have gone."""
    if "no longer in this view" not in sentence:
        return 0
    first = sentence.split()[0]
    return int(first) if first.isdigit() else 1
