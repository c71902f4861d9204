"""Locked and signed in: nobody sees or does anything before they have proved who they are, and nothing typed is lost."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual import events

from casewright.clock import SetClock
from casewright_tui.messages import GoTo, Told

from .frame_centre import PASSWORD, centre
from .seated import seated

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return centre(tmp_path_factory.mktemp("frame") / "workspace")


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace where people sign in by a password."""
    return centre(tmp_path_factory.mktemp("guarded") / "workspace", sign_in="password")


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that is kept is kept in a home of this test's own."""
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))


async def test_the_lock_covers_everything_and_no_key_reaches_what_is_beneath(workspace):
    async with seated(workspace, "ada") as one:
        await one.press(
            "ctrl+k",
            "asterisk",
            "f9",
            "plus",
            "exclamation_mark",
            "ctrl+f",
            "ctrl+t",
            "escape",
        )
        text = await one.sees("Locked: ada works here.")
        assert "Roaming" not in text
        assert one.terminal.screen.PLACE == "lock"
        await one.press("enter")
        await one.sees("Mine 3 ", "Roaming abroad")


async def test_what_something_beneath_asks_for_waits_until_it_is_unlocked(workspace):
    async with seated(workspace, "ada") as one:
        await one.press("ctrl+k")
        one.terminal.post_message(GoTo("ticket", ticket="INQ-2026-000002"))
        await one.settled()
        assert one.terminal.screen.PLACE == "lock"
        await one.press("enter")
        await one.sees("What is to be done about it?")


async def test_without_a_key_for_as_long_as_is_set_it_locks_by_itself(workspace):
    clock = SetClock(datetime.now(UTC))
    async with seated(workspace, "ada", clock=clock) as one:
        clock.advance(timedelta(minutes=14))
        await one.terminal._tick()
        assert one.terminal.screen.PLACE == "queue"
        one.terminal.post_message(events.Key("down", None))
        await one.pilot.pause()
        clock.advance(timedelta(minutes=14))
        await one.terminal._tick()
        assert one.terminal.screen.PLACE == "queue"
        clock.advance(timedelta(minutes=1))
        await one.terminal._tick()
        await one.sees("Locked: ada works here.")


async def test_one_signs_in_by_name_and_password_and_a_wrong_one_is_said(guarded):
    async with seated(guarded, "ada") as one:
        await one.sees("Sign in to casewright.")
        await one.press(*"wrong", "enter")
        await one.sees("! You are not signed in")
        await one.press("f4")
        await one.sees("密码")
        await one.press("f4", *PASSWORD, "enter")
        await one.sees("Mine 0")


async def test_where_there_is_a_password_it_unlocks_and_nothing_else_does(guarded):
    async with seated(guarded, "ada") as one:
        await one.press(*PASSWORD, "enter")
        await one.sees("Mine 0")
        await one.press("ctrl+k", "enter", *"wrong", "enter")
        await one.sees("! You are not signed in")
        assert PASSWORD not in one.text
        await one.press(*PASSWORD, "enter")
        await one.sees("Mine 0")


async def test_what_was_said_is_marked_with_more_than_a_colour_and_can_be_read_again(workspace):
    long = "A sentence that is far too long for one line of eighty cells, " * 3
    async with seated(workspace, "ada", size=(80, 24)) as one:
        one.terminal.on_told(Told(long, bad=True))
        await one.sees("! A sentence", "Ctrl+L")
        await one.press("ctrl+l")
        text = await one.sees("Messages so far")
        assert "".join(text.split()).count("Asentencethat") == 3
