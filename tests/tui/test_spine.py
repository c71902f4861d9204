"""The terminal as a whole: somebody sits down, sees their tickets, opens one, and leaves."""

from pathlib import Path

import pytest

from casewright.commands import OpenTicket
from casewright.desk import open_desk

from ..server.served import founded
from . import on_tmux
from .seated import seated

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two inquiries of the administrator."""
    root = tmp_path_factory.mktemp("centre") / "workspace"
    config = founded(root)
    with open_desk(config) as desk:
        for subject in ("宽带很慢", "Roaming abroad"):
            fields = {"subject": subject, "question": "What is to be done about it?"}
            desk.execute(OpenTicket(actor="ada", workflow="inquiry", fields=fields))
    return root


async def test_enter_opens_the_ticket_under_the_cursor_and_escape_goes_back(centre):
    async with seated(centre, "ada") as one:
        await one.sees("宽带很慢", "Roaming abroad")
        await one.press("down", "enter")
        await one.sees("What is to be done about it?")
        await one.press("escape")
        await one.sees("宽带很慢", "Roaming abroad")


def test_it_runs_on_a_real_terminal_and_leaves_it_as_it_was(centre):
    with on_tmux.screen(centre, "ada", lang="zh") as one:
        one.sees("宽带很慢")
        one.keys("Enter")
        one.sees("What is to be done about it?")
        one.keys("C-q")
        assert "宽带" not in one.sees("[left 0]")


async def test_a_second_that_passes_while_the_terminal_ends_is_no_bug(centre):
    async with seated(centre, "ada") as one:
        await one.press("down")

    await one.terminal._tick()

    assert one.terminal.bug is None
