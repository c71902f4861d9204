"""The situations of the day at the terminal, with their key presses counted: typed text apart, a choice by typing counts one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from casewright.commands import AttachFile, FireTransition, OpenTicket
from casewright.config import read_config
from casewright.desk import open_desk
from casewright.queries import GetHistory, GetTicket, ListContacts, ListTickets
from casewright_tui.preferences import AFTERWARDS

from ..server.served import founded
from .complaints_centre import AGENT, CUSTOMER, HANDLER, LEADER, PHONE, Centre, founded_centre
from .counted import Counted
from .seated import seated

pytestmark = pytest.mark.anyio
FIELD_SERVICE = "tang_yong"


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Centre:
    """A centre with three complaints of one customer."""
    return founded_centre(tmp_path_factory.mktemp("situations") / "workspace")


@contextmanager
def desk_of(centre: Centre) -> Iterator[Any]:
    """Open the store beside the terminal."""
    with open_desk(read_config(centre.root)) as desk:
        yield desk


def last_event(centre: Centre, ticket: str, kind: str) -> Any:
    """Return the newest event of a kind of a ticket."""
    with desk_of(centre) as desk:
        events = desk.ask(GetHistory(actor="feng_yun", ticket=ticket))
    return [one for one in events if one.kind == kind][-1]


async def test_an_incoming_call_shows_the_open_matters_within_two_keys(centre):
    async with seated(centre.root, AGENT) as one:
        her = Counted(one)
        await her.press("plus")
        await her.type(PHONE)
        await her.press("enter")
        await one.sees(CUSTOMER, centre.in_approval, centre.accepted)
        assert her.keys <= 2


async def test_the_status_of_an_open_complaint_is_told_and_recorded_within_four_keys(centre):
    async with seated(centre.root, AGENT) as one:
        her = Counted(one)
        await her.press("plus")
        await her.type(PHONE)
        await her.press("enter", "q")
        await one.sees("Query by the customer")
        await her.type("How does it stand?")
        await her.press("f8")
        await one.sees("the contact is recorded")
        assert her.keys <= 4
    assert last_event(centre, centre.accepted, "ContactRecorded").facts["contact"] == "query"


async def test_a_chase_is_recorded_within_four_keys_of_the_call(centre):
    async with seated(centre.root, AGENT) as one:
        her = Counted(one)
        await her.press("plus")
        await her.type(PHONE)
        await her.press("enter", "c")
        await one.sees("Identity checked", "Ctrl+Y")
        await her.type("Nobody has called")
        await her.press("ctrl+y")
        await one.sees("the contact is recorded")
        assert her.keys <= 4
    assert last_event(centre, centre.accepted, "ContactRecorded").facts["contact"] == "chase"


async def test_submitting_alone_never_says_that_the_identity_was_checked(centre):
    before = chases(centre)
    async with seated(centre.root, AGENT) as one:
        await one.press("ctrl+f", *centre.accepted, "enter", "enter", "c")
        await one.sees("Identity checked")
        await one.press("f8")
        await one.sees("choose one of the answers")
        assert chases(centre) == before
        her = Counted(one)
        await her.press("space", "f8")
        await one.sees("the contact is recorded")
    assert chases(centre) == before + 1


def chases(centre: Centre) -> int:
    """Return how often the complaint was chased."""
    with desk_of(centre) as desk:
        found = desk.ask(GetTicket(actor="feng_yun", ticket=centre.accepted)).contacts
        return int(found.get("chase", 0))


async def test_a_recomplaint_finds_its_lineage_within_five_keys(tmp_path):
    centre = founded_centre(tmp_path / "workspace")
    async with seated(centre.root, LEADER) as one:
        her = Counted(one)
        await her.press("plus")
        await her.type(PHONE)
        await her.press("enter")
        await one.sees("Closed of late", centre.closed)
        await her.press("r")
        await one.sees("Reopen")
        await her.type("Again too high")
        await her.press("f8")
        await one.sees("is open again")
        assert her.keys <= 5
    with desk_of(centre) as desk:
        opened = last_event(centre, centre.closed, "TicketReopened").facts["opened"][0]
        again = desk.ask(GetTicket(actor="feng_yun", ticket=opened))
    assert (again.round, again.lineage) == (2, centre.closed)


async def test_no_answer_and_a_reminder_on_friday_take_three_keys(centre):
    async with seated(centre.root, HANDLER) as one:
        await one.press("ctrl+f", *centre.accepted, "enter", "enter")
        her = Counted(one)
        await her.press("t")
        await one.sees("Remind me")
        await her.type("fri 10:00")
        await her.press("f8")
        await one.sees("the contact is recorded")
        assert her.keys <= 3
    assert last_event(centre, centre.accepted, "ReminderSet").facts["remind_at"]


async def test_a_remedy_is_decided_from_one_summary_within_two_keys(centre):
    async with seated(centre.root, LEADER) as one:
        await one.press("ctrl+f", *centre.in_approval, "enter", "enter")
        await one.sees("Remedy in approval")
        her = Counted(one)
        await her.press("y")
        await one.sees("F8")
        await her.press("f8")
        await one.sees("Customer to be answered")
        assert her.keys <= 2
    with desk_of(centre) as desk:
        assert (
            desk.ask(GetTicket(actor="feng_yun", ticket=centre.in_approval)).state
            == "informing"
        )


async def test_an_extension_is_asked_for_within_four_keys(centre):
    async with seated(centre.root, HANDLER) as one:
        her = Counted(one)
        await one.press("ctrl+f", *centre.accepted, "enter", "enter")
        await her.press("f2")
        await her.chooses("more time")
        await one.sees("Ask for more time")
        await her.type("+10d 10:00")
        await her.press("tab")
        await her.type("The shop has not answered")
        await her.press("f8")
        await one.settled()
        assert her.keys <= 4
    assert last_event(centre, centre.accepted, "ExtensionAsked").facts["promise"]


async def test_a_contact_about_no_matter_is_logged(centre):
    async with seated(centre.root, AGENT, lang="zh") as one:
        await one.press("plus", *PHONE, "enter", "f7")
        await one.sees("登记联络")
        await one.type("问营业时间")
        await one.press("f8")
        await one.sees("联络已登记")
    with desk_of(centre) as desk:
        page = desk.ask(ListContacts(actor=AGENT, customer=CUSTOMER))
    assert page.contacts[0].summary == "问营业时间"


async def test_an_order_is_sent_back_with_its_reason_within_four_keys(centre):
    order = ordered(centre)
    async with seated(centre.root, FIELD_SERVICE) as one:
        await one.press("ctrl+f", *order, "enter", "enter")
        her = Counted(one)
        await her.press("b")
        await one.sees("F8", "Return")
        await her.chooses("wrong")
        await her.type("The line belongs to another company.")
        await her.press("f8")
        await one.sees("Return")
        assert her.keys <= 4
    with desk_of(centre) as desk:
        assert desk.ask(GetTicket(actor=LEADER, ticket=order)).state == "return_review"


def ordered(centre: Centre) -> str:
    """Send an order to field service, which keeps a proof that it is not theirs; return the order."""
    form = {
        "lead_department": "field_service",
        "assisting_departments": [],
        "order_kind": "investigation",
        "instructions": "Find out why the bill is so high.",
    }
    proof = b"not ours"
    with desk_of(centre) as desk:
        dispatch = FireTransition(
            actor=HANDLER, ticket=centre.accepted, transition="dispatch", form=form
        )
        order = str(desk.execute(dispatch).opened[0])
        attach = AttachFile(
            actor=FIELD_SERVICE,
            ticket=order,
            digest=desk.keep(proof),
            filename="proof.txt",
            size=len(proof),
        )
        desk.execute(attach)
    return order


async def test_the_next_ticket_is_claimed_by_one_key_and_nobody_else_gets_the_same_one(centre):
    with desk_of(centre) as desk:
        fields = {"subject": "No signal", "description": "Since Monday.", "demand": "A signal."}
        for _ in range(2):
            desk.execute(OpenTicket(actor="zhou_qiang", workflow="complaint", fields=fields))
    taken = []
    for person in (HANDLER, "qian_mei"):
        before = handled(centre, person)
        async with seated(centre.root, person) as one:
            her = Counted(one)
            await her.press("f9")
            await one.sees("[Matter]")
            assert her.keys == 1
            (key,) = handled(centre, person) - before
            await one.sees(f" {key}")
        taken.append(key)
    assert len(set(taken)) == 2


def handled(centre: Centre, person: str) -> set[str]:
    """Return the open complaints that somebody handles."""
    with desk_of(centre) as desk:
        query = ListTickets(actor="feng_yun", workflow="complaint", open=True, limit=100)
        return {one.key for one in desk.ask(query).tickets if one.handler == person}


@pytest.mark.parametrize("goes_on_by_itself", [True, False])
async def test_a_ticket_is_finished_and_the_next_that_is_due_is_there_within_two_keys(
    tmp_path, goes_on_by_itself
):
    root = tmp_path / "workspace"
    inquiries(root, "ada", 3)
    async with seated(root, "ada") as one:
        if goes_on_by_itself:
            await one.terminal.preferences.keep("ada", AFTERWARDS, "next")
        await one.press("enter", "a")
        await one.sees("Answer now")
        await one.press(*"It is repaired", "tab", "tab", *"slow", "enter", "y")
        her = Counted(one)
        await her.press("f8")
        if not goes_on_by_itself:
            await one.sees("Archived")
            await her.press("right_square_bracket")
        await one.sees(" INQ-2026-000002", "[Matter]")
        assert her.keys <= 2
    with open_desk(read_config(root)) as desk:
        states = [
            desk.ask(GetTicket(actor="ada", ticket=f"INQ-2026-00000{one}")).state
            for one in (1, 2)
        ]
    assert states == ["closed", "answering"]


def inquiries(root: Path, person: str, number: int) -> None:
    """Make a workspace in which somebody has inquiries."""
    with open_desk(founded(root, people=True)) as desk:
        for one in range(number):
            fields = {"subject": f"Slow {one}", "question": "What is to be done about it?"}
            desk.execute(OpenTicket(actor=person, workflow="inquiry", fields=fields))
