"""The situations of the day at the terminal, with their key presses counted: typed text apart, a choice by typing counts one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from casewright.config import read_config
from casewright.desk import open_desk
from casewright.queries import GetHistory, GetTicket, ListContacts

from .complaints_centre import AGENT, CUSTOMER, HANDLER, LEADER, PHONE, Centre, founded_centre
from .seated import Seated, seated

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Centre:
    """A centre with three complaints of one customer."""
    return founded_centre(tmp_path_factory.mktemp("situations") / "workspace")


class Counted:
    """Somebody at the terminal whose keys are counted."""

    def __init__(self, one: Seated) -> None:
        self.one, self.keys = one, 0

    async def press(self, *keys: str) -> None:
        """Press keys that count."""
        self.keys += len(keys)
        await self.one.press(*keys)

    async def type(self, text: str) -> None:
        """Type text, which does not count."""
        await self.one.type(text)

    async def chooses(self, text: str) -> None:
        """Choose out of a menu by typing: one."""
        self.keys += 1
        await self.one.type(text)
        await self.one.press("enter")


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


async def test_a_chase_is_recorded_within_four_keys(centre):
    async with seated(centre.root, AGENT) as one:
        her = Counted(one)
        await her.press("plus")
        await her.type(PHONE)
        await her.press("enter", "c")
        await one.sees("Identity checked")
        await her.press("f8")
        await one.sees("Identity checked")
        with desk_of(centre) as desk:
            before = desk.ask(GetTicket(actor="feng_yun", ticket=centre.accepted)).contacts
        assert "chase" not in before, "nobody has said that the caller's identity was checked"
    async with seated(centre.root, AGENT) as one:
        her = Counted(one)
        await one.press("ctrl+f", *centre.accepted, "enter", "enter")
        await her.press("c")
        await one.sees("Identity checked")
        await her.press("space", "f8")
        await one.sees("the contact is recorded")
        assert her.keys <= 4
    assert last_event(centre, centre.accepted, "ContactRecorded").facts["contact"] == "chase"


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
