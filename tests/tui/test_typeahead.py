"""Keys in the order in which they were typed, and macros that are played through the same queue."""

from pathlib import Path
from typing import ClassVar

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Input

from casewright.config import read_config
from casewright.desk import open_desk
from casewright.queries import GetHistory, ListPreferences
from casewright_tui.messages import Told
from casewright_tui.typeahead import TypeAhead

from .frame_centre import centre
from .seated import seated

pytestmark = pytest.mark.anyio
BURST = ("n", *"客户张三", "tab", *"abc", "enter")


class Form(Screen[None]):
    """Two fields; Enter submits them."""

    BINDINGS: ClassVar = [("enter", "submit")]

    def compose(self) -> ComposeResult:
        yield Input()
        yield Input()

    def on_input_submitted(self) -> None:
        self.app.submitted.append(tuple(one.value for one in self.query(Input)))  # type: ignore[attr-defined]
        self.dismiss()


class Clerk:
    """An application in which `n` opens the form."""

    def __init__(self) -> None:
        super().__init__()
        self.submitted: list[tuple[str, ...]] = []

    def action_open(self) -> None:
        self.push_screen(Form())  # type: ignore[attr-defined]


class Ordered(Clerk, TypeAhead):
    BINDINGS: ClassVar = [("n", "open")]


class Stock(Clerk, App[int]):
    BINDINGS: ClassVar = [("n", "open")]


async def burst(app: App[int], times: int) -> list[tuple[str, ...]]:
    """Return what arrives when so many forms are filled in without waiting for the screen."""
    from textual.keys import _character_to_key

    async with app.run_test() as pilot:
        for _ in range(times):
            for key in BURST:
                name = _character_to_key(key) if len(key) == 1 else key
                app.post_message(events.Key(name, key if len(key) == 1 else None))
            if isinstance(app, TypeAhead):
                await pilot.pause()
                await app.all_handed_on()
            else:
                await pilot.pause(0.2)
        return app.submitted  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("times", [20, pytest.param(100, marks=pytest.mark.soak)])
async def test_a_burst_that_opens_fills_in_and_submits_a_form_arrives_whole_each_time(times):
    assert await burst(Ordered(), times) == [("客户张三", "abc")] * times


async def test_the_harness_would_see_keys_that_are_lost():
    assert await burst(Stock(), 3) != [("客户张三", "abc")] * 3


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return centre(tmp_path / "workspace")


@pytest.mark.parametrize("times", [10, pytest.param(100, marks=pytest.mark.soak)])
async def test_notes_that_are_typed_ahead_of_the_screen_are_all_kept_whole_and_in_order(
    workspace, times
):
    async with seated(workspace, "ada") as one:
        burst = [("f7", *f"第{number}次 call", "tab", "space", "f8") for number in range(times)]
        await one.press(*(key for keys in burst for key in keys))
        await one.sees("▶ INQ-2026-000001")
    said = comments(workspace, "INQ-2026-000001")
    assert said == [(f"第{number}次 call", False) for number in range(times)]


async def recorded(one, name: str, *keys: str) -> None:
    await one.press("ctrl+r")
    await one.press(*keys, "ctrl+r", *name, "enter")
    await one.sees(f"The macro {name} is kept")


async def test_a_macro_is_recorded_named_kept_and_played_as_if_it_were_typed(workspace):
    async with seated(workspace, "ada") as one:
        await recorded(one, "first", "space", "down")
        await one.press("escape", "home", "ctrl+e", "enter")
        await one.sees("first was played")
        assert one.terminal.screen.marked_keys() == ("INQ-2026-000001",)
        assert one.terminal.screen.table.row.key == "INQ-2026-000003"
    with open_desk(read_config(workspace)) as desk:
        assert list(desk.ask(ListPreferences(actor="ada"))["macros"]) == ["first"]


async def test_what_stops_the_recording_in_the_palette_is_no_part_of_it(workspace):
    async with seated(workspace, "ada") as one:
        await one.press("ctrl+r", "down", "f4", *"record", "enter", *"short", "enter")
        await one.sees("The macro short is kept")
    with open_desk(read_config(workspace)) as desk:
        assert desk.ask(ListPreferences(actor="ada"))["macros"] == {"short": [["down", None]]}


async def test_a_macro_is_played_once_for_each_marked_ticket(workspace):
    async with seated(workspace, "ada") as one:
        opened = []
        one.terminal.screen.action_open = lambda: opened.append(
            one.terminal.screen.table.row.key
        )
        await recorded(one, "open", "enter")
        opened.clear()
        await one.press("home", "space", "down", "space", "ctrl+e", "enter")
        await one.sees("rounds: 2")
        assert opened == ["INQ-2026-000001", "INQ-2026-000003"]


async def test_a_macro_that_fills_in_a_form_leaves_in_the_store_what_the_typed_run_left(
    workspace,
):
    async with seated(workspace, "ada") as one:
        await recorded(
            one, "note", "enter", "f7", *"已回电 called", "tab", "space", "f8", "escape"
        )
        await one.press("home", "down", "space", "space", "ctrl+e", "enter")
        await one.sees("rounds: 2")
    said = [comments(workspace, f"INQ-2026-00000{number}") for number in (1, 2, 3)]
    assert said[0] == [("已回电 called", False)]
    assert said == [said[0]] * 3


def comments(workspace: Path, ticket: str) -> list[tuple[str, bool]]:
    """Return the comments of a ticket, and whether each is internal."""
    with open_desk(read_config(workspace)) as desk:
        events = desk.ask(GetHistory(actor="ada", ticket=ticket))
    found = [one for one in events if one.kind == "CommentAdded"]
    return [(one.private["comment"], one.facts["internal"]) for one in found]


async def test_a_macro_stops_at_the_first_thing_that_is_refused(workspace):
    async with seated(workspace, "ada") as one:
        queue = one.terminal.screen
        await recorded(one, "open", "enter")
        await one.press("escape", "home", "space", "space", "space")
        opened = []

        def refuse() -> None:
            opened.append(queue.table.row.key)
            queue.post_message(Told("Somebody was faster.", bad=True))

        queue.action_open = refuse
        await one.press("ctrl+e", "enter")
        await one.sees("stopped after 0 of 3: Somebody was faster.")
        assert opened == ["INQ-2026-000001"]


async def test_a_key_that_is_pressed_stops_a_macro_and_does_nothing_else(workspace):
    async with seated(workspace, "ada") as one:
        terminal = one.terminal
        terminal.player.runs = True
        assert terminal.taken_note_of(events.Key("ctrl+q", None))
        assert terminal.player._stopped == "a key was pressed"
        terminal.player.runs = False
        assert not terminal.taken_note_of(events.Key("down", None))


async def test_a_password_is_never_recorded(workspace):
    async with seated(workspace, "ada") as one:
        await one.press("ctrl+r", "ctrl+k", *"secret", "enter", "ctrl+r", *"x", "enter")
        await one.sees("The macro x is kept")
    with open_desk(read_config(workspace)) as desk:
        assert desk.ask(ListPreferences(actor="ada"))["macros"] == {"x": [["ctrl+k", None]]}
