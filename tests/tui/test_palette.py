"""The palette and the help: all that can be done, found by name in either language or by key, and done at the place beneath."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casewright.commands import SavePreference
from casewright.config import read_config
from casewright.desk import open_desk
from casewright.queries import ListPreferences
from casewright_tui.themes import LIGHT
from casewright_tui.width import cells

from .frame_centre import centre
from .seated import seated

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return centre(tmp_path_factory.mktemp("frame") / "workspace")


@pytest.fixture(autouse=True)
def nothing_kept(workspace: Path) -> None:
    with open_desk(read_config(workspace)) as desk:
        for name in preferences(workspace):
            desk.execute(SavePreference(actor="ada", name=name))


def keep(workspace: Path, name: str, value: Any) -> None:
    with open_desk(read_config(workspace)) as desk:
        desk.execute(SavePreference(actor="ada", name=name, value=value))


def preferences(workspace: Path) -> Mapping[str, Any]:
    with open_desk(read_config(workspace)) as desk:
        kept: Mapping[str, Any] = desk.ask(ListPreferences(actor="ada"))
        return kept


@pytest.mark.parametrize("typed", ["mark all", "全部标记", "qbbj", "*"])
async def test_a_command_is_found_by_either_name_by_initials_and_by_key_and_done(
    workspace, typed
):
    async with seated(workspace, "ada") as one:
        await one.press("f4", *typed, "enter")
        await one.sees("Mine 3/3●")


async def test_the_help_finds_a_key_by_what_it_does_and_what_it_does_by_the_key(workspace):
    async with seated(workspace, "ada", size=(80, 24)) as one:
        await one.press("f1", *"f3")
        assert "Filter" in one.text
        assert "Mark all" not in one.text
        await one.press(*["backspace"] * 2, *"filter")
        assert "F3 /" in one.text
        await one.press("escape")
        await one.sees("Roaming abroad")


async def test_the_help_is_everywhere_and_under_what_an_input_method_sends(workspace):
    async with seated(workspace, "ada", lang="zh") as one:
        for key in ("f1", "fullwidth_question_mark"):
            await one.press(key)
            await one.sees("F1 ?", "F2 a")
            await one.press("escape")
        await one.press("enter", "f1")
        assert one.terminal.screen.PLACE == "help"


async def test_what_somebody_may_not_do_is_not_offered(workspace):
    async with seated(workspace, "ada") as one:
        terminal = one.terminal
        await one.press("f4", *"Dead letters")
        assert "place.letters" in {
            line.id for line in terminal.screen.query_one("#items").lines
        }
        await one.press("escape")
        permissions = {
            name: scopes
            for name, scopes in terminal.myself.permissions.items()
            if name != "webhook.manage"
        }
        terminal.myself = replace(terminal.myself, permissions=permissions)
        await one.press("f4", *"Dead letters")
        assert "place.letters" not in {
            line.id for line in terminal.screen.query_one("#items").lines
        }


async def test_a_theme_is_worn_at_once_and_kept(workspace):
    async with seated(workspace, "ada") as one:
        await one.press("f4", *"light", "enter")
        assert one.terminal.look.name == LIGHT.name
        assert one.terminal.theme == "casewright-light"
    assert preferences(workspace)["theme"] == "light"

    async with seated(workspace, "ada") as one:
        assert one.terminal.look.name == LIGHT.name


async def test_plain_characters_draw_the_whole_queue_in_ascii(workspace):
    async with seated(workspace, "ada") as one:
        await one.press("f4", *"ascii", "enter")
        await one.sees(">")
        assert "▶" not in one.text


async def test_another_language_keeps_the_place_the_cursor_and_what_is_typed(workspace):
    async with seated(workspace, "ada") as one:
        await one.press("down", "f4", *"中文", "enter")
        await one.sees("我的")
        assert one.terminal.screen.table.row.key == "INQ-2026-000002"


async def test_a_language_is_kept_for_the_next_sitting_unless_another_is_asked_for_this_once(
    workspace,
):
    async with seated(workspace, "ada", lang="") as one:
        await one.press("f4", *"中文", "enter")
        await one.sees("我的")
    async with seated(workspace, "ada", lang="") as one:
        await one.sees("我的")
    async with seated(workspace, "ada", lang="en") as one:
        await one.sees("Mine")


async def test_other_keys_work_are_shown_and_are_kept(workspace):
    keep(workspace, "keys", {"queue.mark_all": ["ctrl+o"]})
    async with seated(workspace, "ada") as one:
        await one.press("ctrl+o")
        await one.sees("Mine 3/3●")
        await one.press("f1", *"mark all")
        await one.sees("Ctrl+O")


async def test_keys_that_cannot_be_are_said_at_the_beginning_and_not_applied(workspace):
    keep(workspace, "keys", {"queue.mark_all": ["ctrl+q"]})
    async with seated(workspace, "ada") as one:
        await one.sees("! ctrl+q cannot be the key of queue.mark_all")
        await one.press("asterisk")
        await one.sees("Mine 3/3●")
        await one.press("ctrl+l")
        await one.sees("everywhere.quit")


async def test_keys_are_set_in_the_settings_and_refused_with_the_reason(workspace):
    async with seated(workspace, "ada") as one:
        for keys, told in (("ctrl+b", "terminals take it"), ("ctrl+o", "Kept")):
            await one.press(
                "ctrl+t", *"queue.mark_all", "enter", *["backspace"] * 20, *keys, "enter"
            )
            await one.sees(told)
    assert preferences(workspace)["keys"] == {"queue.mark_all": ["ctrl+o"]}


SIZES = ((80, 24), (100, 30), (132, 43), (200, 60))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.soak
async def test_every_line_of_what_is_the_same_everywhere_fits(workspace, lang):
    async with seated(workspace, "ada", lang=lang) as one:
        for key in ("f4", "f1", "ctrl+t", "ctrl+l", "ctrl+e", "ctrl+k"):
            await one.press(key)
            for size in SIZES:
                await one.pilot.resize_terminal(*size)
                await one.pilot.pause()
                assert {cells(line) for line in one.lines} == {size[0]}, one.text
                assert len(one.lines) == size[1]
                assert "F1" in one.lines[-1] or key == "ctrl+k"
            await one.press("enter" if key == "ctrl+k" else "escape")
