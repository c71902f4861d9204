"""Forms at the terminal: filled in by keys alone, judged as the desk judges, carried out, kept where they are not."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from casewright.commands import EditFields
from casewright.desk import Desk, open_desk
from casewright.model import Ticket
from casewright.queries import GetTicket
from casewright_tui.errands import finding
from casewright_tui.messages import GoTo
from casewright_tui.screens.form import FormScreen

from .forms_centre import centre
from .seated import Seated, seated

pytestmark = pytest.mark.anyio
INQUIRY, COMPLAINT = "INQ-2026-000001", "CMP-2026-000001"


@pytest.fixture(scope="module")
def founded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("forms") / "workspace"
    centre(made, "inquiry", "complaint")
    return made


@pytest.fixture
def root(founded_once: Path, tmp_path: Path) -> Path:
    """A workspace with an inquiry and a complaint, for one test alone."""
    return Path(shutil.copytree(founded_once, tmp_path / "workspace"))


@contextmanager
def beside(root: Path) -> Iterator[Desk]:
    """The desk of the workspace, as a colleague has it meanwhile."""
    from casewright.config import read_config

    with open_desk(read_config(root)) as desk:
        yield desk


def ticket(root: Path, key: str) -> Ticket:
    with beside(root) as desk:
        found: Ticket = desk.ask(GetTicket(actor="ada", ticket=key))
        return found


def keyed(root: Path, workflow: str) -> str:
    from casewright.queries import ListTickets

    with beside(root) as desk:
        page = desk.ask(ListTickets(actor="ada", workflow=workflow))
        return str(page.tickets[0].key)


@asynccontextmanager
async def filling(
    root: Path, workflow: str, name: str, **how: Any
) -> AsyncIterator[tuple[Seated, str]]:
    """Sit at the form of an errand of the workflow's ticket."""
    key = keyed(root, workflow)
    async with seated(root, "ada", **how) as one:
        await at_form(one, key, name)
        yield one, key


async def at_form(one: Seated, key: str, name: str) -> None:
    offered = await finding.of(one.terminal, key)
    errand = next(each for each in offered if each.name == name)
    one.terminal.post_message(GoTo("form", errand=errand))
    async with asyncio.timeout(20):
        while not (isinstance(one.terminal.screen, FormScreen) and one.terminal.focused):
            await asyncio.sleep(0.02)
    await one.settled()


async def left(one: Seated) -> None:
    try:
        async with asyncio.timeout(10):
            while isinstance(one.terminal.screen, FormScreen):
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"the form is still there:\n{one.text}") from None
    await one.settled()


async def test_a_whole_form_is_typed_in_one_burst_and_the_desk_has_what_was_typed(root):
    async with filling(root, "inquiry", "answer", lang="zh", size=(80, 24)) as (one, key):
        await one.press(*"您好，已经恢复", "tab", "tab", *"网速", "enter", "y", "f8")
        await left(one)

    after = ticket(root, key)
    assert after.state == "closed"
    assert after.fields["answer_text"] == "您好，已经恢复"
    assert after.fields["solved"] is True


async def test_the_field_one_types_into_stands_out_from_the_others(root):
    async with filling(root, "inquiry", "answer") as (one, _):
        field = one.terminal.focused
        ground = one.terminal.look.ground

        assert field is not None
        assert field.styles.background.hex.lower() == ground.field_in_use != ground.field


async def test_submitting_what_is_not_right_goes_to_the_first_fault_and_says_so_at_the_field(
    root,
):
    async with filling(root, "inquiry", "answer", lang="en") as (one, key):
        await one.press(*"It is", "f8")

        await one.sees("! choose one of the answers")
        shown: Any = one.terminal.screen
        assert shown._form.where == "category"

    assert ticket(root, key).state == "answering"


async def test_answers_call_for_fields_and_fold_them_away_again(root):
    async with filling(root, "complaint", "edit", lang="en", size=(100, 50)) as (one, _):
        assert "External deadline" not in one.text

        await one.press(*["tab"] * 10, "space")
        await one.sees("External deadline", "Reference of the sender")

        await one.press("space")
        async with asyncio.timeout(20):
            while "External deadline" in one.text:
                await asyncio.sleep(0.02)


@pytest.mark.parametrize("lang", ["en", "zh"])
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
async def test_every_line_is_exactly_as_wide_as_the_screen(root, lang, size):
    from casewright_tui.width import cells

    async with filling(root, "complaint", "edit", lang=lang, size=size) as (one, _):
        await one.press("tab", "f8", *["tab"] * 4, "space")
        await asyncio.sleep(0.2)

        assert len(one.lines) == size[1]
        assert {cells(line) for line in one.lines} == {size[0]}


async def test_escape_keeps_what_was_typed_and_the_same_form_has_it_again(root):
    async with filling(root, "inquiry", "answer", lang="en") as (one, key):
        await one.press(*"Half a thought", "escape")
        await left(one)
        await one.terminal.drafts.settled()
    async with seated(root, "ada", lang="zh") as again:
        await at_form(again, key, "answer")
        await again.sees("Half a thought")
        await again.press(*" and more")
        await again.sees("Half a thought and more")

        await again.press("ctrl+x")
        assert "Half a thought" not in again.text


async def test_a_draft_is_gone_on_with_where_it_was_left_or_where_it_is_wrong(root):
    async with filling(root, "inquiry", "attempt", lang="en") as (one, key):
        await one.press(*"someday", "tab", "tab", *"no answer", "escape")
        await left(one)
        await one.terminal.drafts.settled()
    async with seated(root, "ada", lang="en") as again:
        await at_form(again, key, "attempt")
        await again.sees("someday")
        await again.press("backspace")
        await again.sees("someda", "no answer")
        assert "someday" not in again.text


async def test_somebody_faster_is_shown_beside_ones_own_and_it_is_taken_anew_with_nothing_typed_lost(
    root,
):
    async with filling(root, "inquiry", "answer", lang="en") as (one, key):
        with beside(root) as colleague:
            colleague.execute(
                EditFields(actor="ada", ticket=key, fields={"subject": "Quite another"})
            )
        await one.press(*"All is well", "tab", "tab", *"slow", "enter", "y", "f8")
        await one.sees("What happened meanwhile", "Quite another", "All is well")

        await one.press("f8")
        await one.sees("All is well", "Submit")
        await one.press("f8")
        await left(one)

    assert ticket(root, key).fields["answer_text"] == "All is well"


async def test_no_answer_and_a_reminder_are_recorded_with_one_form(root):
    async with filling(root, "inquiry", "attempt", lang="en") as (one, key):
        await one.press(*"fri 10:00", "f8")
        await left(one)

    after = ticket(root, key)
    assert after.tried.calls == 1
    assert len(after.follow_ups) == 1
