"""What forms come to at the desk: once, whole or not at all; and the errands that every ticket has."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest

from casewright.commands import FireTransition, OpenTicket, SaveCustomer, WithdrawTicket
from casewright.queries import GetHistory, ListPeople, ListTickets

from ..server.served import served
from .forms_centre import FIELDS, centre
from .losing import wired
from .seated import Seated, seated
from .test_form_screen import at_form, beside, filling, keyed, left, ticket

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def founded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("errands") / "workspace"
    centre(made, "inquiry", "complaint")
    return made


@pytest.fixture
def root(founded_once: Path, tmp_path: Path) -> Path:
    """A workspace with an inquiry and a complaint, for one test alone."""
    return Path(shutil.copytree(founded_once, tmp_path / "workspace"))


def happened(root: Path, key: str) -> list[str]:
    """Return the kinds of what happened to a ticket."""
    with beside(root) as desk:
        return [one.kind for one in desk.ask(GetHistory(actor="ada", ticket=key))]


# --- all or none, once ---------------------------------------------------------------------------


async def test_of_a_form_that_says_two_things_neither_happens_where_one_is_refused(root):
    async with filling(root, "inquiry", "attempt") as (one, key):
        before = happened(root, key)
        await one.press(*"2020-01-01 10:00", "f8")
        await one.sees("!")
        assert happened(root, key) == before
    assert ticket(root, key).tried.calls == 0


async def test_what_is_submitted_again_after_its_answer_was_lost_on_the_wire_is_in_the_store_once(
    root, tmp_path
):
    key = keyed(root, "inquiry")
    with served(root, "--no-worker") as running, wired(running.config, tmp_path) as wire:
        async with seated(root, "ada") as one:
            await at_form(one, key, "note")
            await one.type("Called back at noon")
            wire.losing.set()
            await one.press("f8")
            await one.sees("What you typed is kept")
            assert wire.lost >= 2, "it was said, and said again, and arrived each time"
            wire.losing.clear()
            await one.press("f8")
            await left(one)
    assert happened(root, key).count("CommentAdded") == 1


async def test_what_was_said_again_under_its_older_id_can_still_be_undone(root, tmp_path):
    key = keyed(root, "complaint")
    basis = {"decline_basis": "in_court", "decline_reason": "It is before a court."}
    with beside(root) as desk:
        declined = FireTransition(actor="wu_min", ticket=key, transition="decline", form=basis)
        desk.execute(declined)
    with served(root, "--no-worker") as running, wired(running.config, tmp_path) as wire:
        async with seated(root, "ada") as one:
            await at_form(one, key, "told")
            await one.press("1")
            wire.losing.set()
            await one.press("f8")
            await one.sees("What you typed is kept")
            wire.losing.clear()
            await one.press("f8")
            await left(one)
            await one.press("ctrl+u")
            await one.sees("undone")
    assert ticket(root, key).state == "declining"


# --- what every ticket has -----------------------------------------------------------------------


async def test_more_time_is_asked_for_by_one_and_granted_by_another(root):
    key = keyed(root, "complaint")
    with beside(root) as desk:
        accept = {"category": "broadband_repair_late", "severity": "serious"}
        desk.execute(
            FireTransition(actor="zhao_lei", ticket=key, transition="accept", form=accept)
        )
    before = ticket(root, key).clocks["resolution"].due_at
    async with seated(root, "zhao_lei") as his:
        await at_form(his, key, "extend:resolution")
        await his.press(*"+20d 10:00", "tab", *"The shop has not answered", "f8")
        await left(his)
    assert ticket(root, key).clocks["resolution"].request is not None
    owner = ticket(root, key).owner
    assert owner not in (None, "zhao_lei")
    async with seated(root, owner, lang="zh") as hers:
        await at_form(hers, key, "decide:resolution")
        await hers.press("y", "f8")
        await left(hers)
    after = ticket(root, key).clocks["resolution"]
    assert after.request is None
    assert after.due_at > before


async def test_a_ticket_is_assigned_with_a_reason(root):
    async with filling(root, "inquiry", "assign", lang="zh") as (one, key):
        await one.press(*"陈静", "enter", *"更熟悉", "f8")
        await left(one)
    assert ticket(root, key).handler == "chen_jing"
    with beside(root) as desk:
        event = desk.ask(GetHistory(actor="ada", ticket=key))[-1]
    assert "更熟悉" in str((event.facts, event.private))


async def test_a_matter_is_merged_into_another_whose_number_is_typed_in_small_letters(root):
    key = keyed(root, "inquiry")
    into = opened(root)
    async with seated(root, "liang_chen") as one:
        await at_form(one, key, "merge")
        await one.press(*into.lower(), "f8")
        await left(one)
    assert ticket(root, key).merged_into == into


def opened(root: Path, **more: Any) -> str:
    """Open another inquiry."""
    command = OpenTicket(actor="ada", workflow="inquiry", fields=FIELDS["inquiry"], **more)
    with beside(root) as desk:
        return str(desk.execute(command).ticket)


async def test_a_closed_matter_is_opened_again_with_what_that_needs(root):
    key = keyed(root, "complaint")
    with beside(root) as desk:
        over = WithdrawTicket(actor="ada", ticket=key, reason="settled", identity_checked=True)
        desk.execute(over)
    async with seated(root, "liang_chen") as one:
        await at_form(one, key, "reopen")
        await one.press(*"It came again", "f8")
        await left(one)
    with beside(root) as desk:
        opened = desk.ask(
            ListTickets(actor="feng_yun", workflow="complaint", open=True)
        ).tickets
    assert [(each.lineage, each.round) for each in opened] == [(key, 2)]


async def test_somebody_notes_that_they_will_be_away_and_who_stands_in(root):
    async with seated(root, "chen_jing") as one:
        await one.press("f4", *"absence", "enter")
        await one.sees("Deputy")
        await one.press(*"bai_lin", "enter", "tab", *"+3d", "f8")
        await left(one)
    with beside(root) as desk:
        people = {each.name: each for each in desk.ask(ListPeople(actor="ada"))}
    assert [away.deputy for away in people["chen_jing"].absences] == ["bai_lin"]


async def test_all_open_work_is_handed_over_out_of_the_palette(root):
    async with seated(root, "ada", lang="zh") as one:
        await one.press("f4", *"交接", "enter")
        await one.sees("接班人")
        await one.press(*"li_na", "enter", "f8")
        await left(one)
    assert ticket(root, keyed(root, "inquiry")).handler == "li_na"


async def test_a_reply_goes_out_to_the_customer(root):
    with beside(root) as desk:
        desk.execute(
            SaveCustomer(actor="ada", id="C-1", name="王秀英", email="wang@example.org")
        )
    key = opened(root, customer="C-1")
    async with seated(root, "ada", size=(132, 43)) as one:
        await at_form(one, key, "reply")
        await one.type("A technician comes on Monday.")
        await one.sees("email to w***")
        await one.press("f8")
        await left(one)
    assert "CustomerAnswered" in happened(root, key)


async def test_a_template_is_picked_by_one_key_and_what_was_typed_stands_in_it(root):
    with beside(root) as desk:
        desk.execute(
            SaveCustomer(actor="ada", id="C-1", name="王秀英", email="wang@example.org")
        )
    key = opened(root, customer="C-1")
    async with seated(root, "ada", size=(132, 43)) as one:
        await at_form(one, key, "reply")
        await one.type("A technician comes on Monday.")
        await one.sees("Ctrl+T")
        await one.press("ctrl+t", *"message to the cust", "enter")
        await one.sees("If you ask after it, please give this")
        await one.press("f8")
        await left(one)
    with beside(root) as desk:
        said = str(desk.ask(GetHistory(actor="ada", ticket=key))[-1].private)
    assert "A technician comes on Monday." in said
    assert "please give this number" in said


async def test_where_no_template_is_picked_its_key_is_what_it_is_everywhere(root):
    async with filling(root, "inquiry", "note") as (one, _):
        assert "Ctrl+T" not in one.text
        await one.press("ctrl+t")
        await one.sees("Settings")


# --- drafts --------------------------------------------------------------------------------------


async def test_what_is_typed_while_the_desk_is_away_is_a_draft_when_it_is_back(root):
    key = keyed(root, "inquiry")
    with served(root, "--no-worker") as running:
        async with seated(root, "ada") as one:
            await at_form(one, key, "note")
            running.process.kill()
            running.process.wait(60)
            await one.sees("no connection since")
            await one.press(*"Typed into nothing", "escape")
            await left(one)
            # It waits here, and is there again although nobody can be asked for it.
            assert (await one.terminal.drafts.of(f"note:{key}"))["text"] == "Typed into nothing"
            with served(root, "--no-worker"):
                await one.sees_no_more("no connection")
                await at_form(one, key, "note")
                await one.sees("Typed into nothing")
                await eventually(one, f"note:{key}")


async def eventually(one: Seated, about: str) -> None:
    """Wait until the desk keeps a draft of this name."""
    async with asyncio.timeout(30):
        while about not in {draft.about for draft in await one.terminal.drafts.all()}:
            await asyncio.sleep(0.05)


async def test_what_nobody_foresaw_while_a_draft_is_kept_ends_the_terminal_and_is_told(root):
    with pytest.raises(ZeroDivisionError):
        await keeps_a_draft_that_breaks(root)


async def keeps_a_draft_that_breaks(root: Path) -> None:
    """Sit where keeping a draft comes upon a bug, until the terminal has ended with it."""
    key = keyed(root, "inquiry")

    async def breaks(command: object) -> None:
        raise ZeroDivisionError

    async with seated(root, "ada") as one:
        one.terminal.drafts._said = breaks  # type: ignore[method-assign, assignment]
        one.terminal.drafts.keep(f"note:{key}", key, {"text": "x"})
        async with asyncio.timeout(30):
            while one.terminal.bug is None:
                await asyncio.sleep(0.02)
