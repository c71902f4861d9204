"""A ticket's place: its panes at every size, its letters, its ledger, what is masked, and that looks go on record once."""

import gc
import re
import weakref
from dataclasses import replace
from pathlib import Path

import pytest

from casewright.commands import AddComment
from casewright.config import read_config
from casewright.desk import open_desk
from casewright.queries import GetAccessReport
from casewright_tui.widgets.caret_input import CaretInput
from casewright_tui.width import cells

from .complaints_centre import AGENT, HANDLER, LETTER, PHONE, SUBJECT, Centre, founded_centre
from .seated import Seated, seated

pytestmark = pytest.mark.anyio
PLACES = [((80, 24), "zh"), ((132, 43), "en"), ((200, 60), "zh")]


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Centre:
    """A centre with three complaints of one customer."""
    return founded_centre(tmp_path_factory.mktemp("ticket") / "workspace")


async def at_ticket(one: Seated, key: str) -> None:
    """Go to a ticket by search."""
    await one.press("ctrl+f", *key, "enter", "enter")
    await one.sees(f" {key}")


@pytest.mark.parametrize(
    ("size", "lang"),
    [
        pytest.param(size, lang, marks=[] if size[0] == 80 else pytest.mark.soak)
        for size, lang in PLACES
    ],
)
async def test_every_line_of_every_pane_is_as_wide_as_the_screen(centre, lang, size):
    async with seated(centre.root, HANDLER, lang=lang, size=size) as one:
        await at_ticket(one, centre.in_approval)
        for keys in ((), ("f6",), ("f6",), ("backslash",), ("percent_sign",)):
            await one.press(*keys)
            assert {cells(line) for line in one.lines} == {size[0]}
            assert "F1" in one.lines[-1]


async def test_panes_stand_beside_each_other_where_there_is_room(centre):
    async with seated(centre.root, HANDLER, size=(80, 24)) as one:
        await at_ticket(one, centre.in_approval)
        assert "Submit the remedy" not in one.text
        await one.press("tab")
        await one.sees("[Timeline]", "Submit the remedy")
    async with seated(centre.root, HANDLER, size=(160, 43)) as one:
        await at_ticket(one, centre.in_approval)
        await one.sees(SUBJECT, "Submit the remedy", "Open matters")


async def test_the_timeline_is_newest_first_and_filtered_by_kind(centre):
    async with seated(centre.root, HANDLER, size=(160, 43)) as one:
        await at_ticket(one, centre.accepted)
        text = await one.sees("wrote a comment", "recorded a contact")
        assert text.index("wrote a comment") < text.index("recorded a contact")
        await one.press("f3")
        text = await one.sees("[Notes]", "Ask field service first.")
        assert "recorded a contact" not in text
        await one.press("f3")
        text = await one.sees("[Contacts]", "recorded a contact")
        assert "wrote a comment" not in text


async def test_of_tickets_that_were_left_no_more_than_the_last_stays_in_memory(centre):
    async with seated(centre.root, HANDLER) as one:
        await at_ticket(one, centre.in_approval)
        held = [
            weakref.ref(part)
            for each in one.terminal.screen.query("*")
            for part in (each, each._styles_cache)
        ]
        assert len(held) > 10
        await one.press("escape", "escape")
        await at_ticket(one, centre.in_approval)
        gc.collect()
        assert not [part() for part in held if part() is not None]


async def test_enter_on_a_due_time_opens_its_ledger(centre):
    async with seated(centre.root, HANDLER) as one:
        await at_ticket(one, centre.accepted)
        await one.press("shift+tab", "enter")
        await one.sees("Run 1; times in", "so far", "With Zhao Lei")
        await one.press("escape")
        await one.sees("[Matter]")


async def test_what_is_personal_is_shown_for_a_purpose_only_and_goes_on_record(centre):
    async with seated(centre.root, HANDLER, size=(100, 43)) as one:
        await at_ticket(one, centre.accepted)
        text = await one.sees("王****")
        assert "13900010086" not in text
        await one.press("enter", *"callback", "enter")
        await one.sees("13900010086")
        await one.press("escape")
    with open_desk(read_config(centre.root)) as desk:
        page = desk.ask(GetAccessReport(actor="yin_xue", ticket=centre.accepted, kind="reveal"))
    assert page.rows[0].purpose == "callback"


async def test_a_letter_does_what_the_workflow_says_and_full_width_ones_too(centre):
    async with seated(centre.root, HANDLER) as one:
        await at_ticket(one, centre.in_approval)
        for key in ("r", "\uff52"):
            await one.press(key)
            await one.sees("Recall the remedy", "F8")
            await one.press("escape")
            await one.sees("[Matter]")


async def test_the_menu_names_everything_and_says_why_something_is_blocked(centre):
    async with seated(centre.root, HANDLER, size=(132, 43)) as one:
        await at_ticket(one, centre.accepted)
        await one.press("f2")
        await one.sees("Conclude the investigation", "Note", "Chase")


async def test_a_note_says_who_reads_it_and_that_nobody_is_told(centre):
    async with seated(centre.root, HANDLER, size=(132, 43)) as one:
        await at_ticket(one, centre.accepted)
        await one.press("f7")
        await one.sees(
            "What will happen", "The customer does not see it.", "Nobody is told of it."
        )
        await one.press("tab", "space")
        await one.sees("The customer can read it on their status")
        await one.sees_no_more("The customer does not see it.")


async def test_a_deadline_of_another_day_keeps_its_date_in_eighty_cells(centre):
    async with seated(centre.root, HANDLER, size=(80, 24)) as one:
        await at_ticket(one, centre.in_approval)
        promised = next(line for line in one.lines if "Answer " in line and "due 2" in line)
        assert re.search(r"due 20\d\d-\d\d-\d\d \d\d:\d\d", promised)


async def test_the_actions_at_a_new_contact_name_the_ticket_that_they_are_about(centre):
    async with seated(centre.root, AGENT, size=(100, 30)) as one:
        await one.press("plus", *PHONE, "enter")
        await one.sees("CMP-2026-000001")
        await one.press("f2")
        await one.sees("type a part of it")
        under = one.lines[1]
        assert "CMP-2026-" in under, one.text


async def test_what_somebody_else_does_appears_and_is_one_look_more_at_most(centre):
    before = _looks(centre)
    async with seated(centre.root, HANDLER, size=(160, 43)) as one:
        await at_ticket(one, centre.accepted)
        with open_desk(read_config(centre.root)) as desk:
            desk.execute(AddComment(actor="liang_chen", ticket=centre.accepted, text="快一点"))
        await one.sees("快一点")
        await one.press("down", "up")
        await one.settled()
    assert _looks(centre) - before == 2


async def test_the_queue_goes_on_from_the_ticket(centre):
    async with seated(centre.root, HANDLER) as one:
        await one.press("enter")
        first = one.terminal.screen.titled()
        await one.press("right_square_bracket")
        assert one.terminal.screen.titled() != first
        await one.press("left_square_bracket")
        assert one.terminal.screen.titled() == first


async def test_the_language_can_be_another_while_a_ticket_is_open(centre):
    async with seated(centre.root, HANDLER, size=(100, 30)) as one:
        await at_ticket(one, centre.in_approval)
        await one.terminal.habits.speak("zh")
        await one.sees("[事项]", "投诉", "办理人")


async def test_an_attached_file_is_put_where_one_says_and_never_over_another(centre, tmp_path):
    async with seated(centre.root, HANDLER, size=(100, 43)) as one:
        await at_ticket(one, centre.accepted)
        place = tmp_path / "letter.txt"
        await _to_line(one, "matter", "file:")
        for written in (False, True):
            await one.press("enter")
            await one.sees("Where is the file to be put?", "brief")
            offered = one.terminal.screen.query_one(CaretInput).value
            assert "../" not in offered
            await one.press(*["backspace"] * len(offered), *str(place), "enter")
            await one.sees("[Matter]")
            expected = b"mine" if written else LETTER
            assert place.read_bytes() == expected, "nothing is written over a file"
            place.write_bytes(b"mine")
        assert place.read_bytes() == b"mine"


async def test_a_file_is_not_put_on_the_machine_of_a_door(centre):
    async with seated(centre.root, HANDLER, size=(132, 43)) as one:
        one.terminal.sitting = replace(one.terminal.sitting, door="ssh")
        await at_ticket(one, centre.accepted)
        await _to_line(one, "matter", "file:")
        await one.press("enter")
        await one.sees(f"casewright ticket file {centre.accepted} 1")
        assert one.terminal.screen.PLACE == "ticket"


async def test_a_workflow_without_a_ticket_counts_what_stands_where_and_leads_there(centre):
    async with seated(centre.root, HANDLER, lang="zh", size=(100, 43)) as one:
        await one.press("percent_sign", "ctrl+d")
        text = await one.sees("审批  1 张")
        assert "◉" not in text, "no ticket stands anywhere in a workflow by itself"
        await _to_line(one, "body", "state:approval")
        await one.press("enter")
        await one.sees(centre.in_approval)
        assert centre.accepted not in one.text


async def _to_line(one: Seated, view: str, id: str) -> None:
    """Go down to the line with this id."""
    for _ in range(60):
        chosen = one.terminal.screen.query_one(f"#{view}").chosen
        if chosen is not None and chosen.id.startswith(id):
            return
        await one.press("down")
    raise AssertionError(f"no line {id}:\n{one.text}")


def _looks(centre: Centre) -> int:
    with open_desk(read_config(Path(centre.root))) as desk:
        page = desk.ask(
            GetAccessReport(actor="yin_xue", ticket=centre.accepted, kind="look", limit=500)
        )
    return sum(row.subject == "GetTicket" for row in page.rows)
