"""Search: one line for customers and tickets, in both languages, asked on Enter only; and the places it leads to."""

import pytest

from casewright.config import read_config
from casewright.desk import open_desk
from casewright.queries import GetAccessReport
from casewright_tui.pure.contact import sought
from casewright_tui.pure.ticket_numbers import numbers_meant
from casewright_tui.width import cells

from .complaints_centre import AGENT, CUSTOMER, NAME, PHONE, Centre, founded_centre
from .seated import seated

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Centre:
    """A centre with three complaints of one customer."""
    return founded_centre(tmp_path_factory.mktemp("search") / "workspace")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("cust: C-1", ("customer", "C-1")),
        ("电话：139", ("phone", "139")),
        ("ref:CMP-1", ("ticket", "CMP-1")),
        (" 宽带 ", ("", "宽带")),
        ("a:b", ("", "a:b")),
        ("\uff11\uff13\uff19", ("", "139")),
    ],
)
async def test_a_word_before_a_colon_says_where_to_look(typed, found):
    assert sought(typed) == found


async def test_a_text_finds_tickets_and_enter_goes_there(centre):
    async with seated(centre.root, AGENT, size=(80, 24)) as one:
        await one.press("ctrl+f", *"宽带断网", "enter")
        await one.sees("Tickets", centre.in_approval)
        assert {cells(line) for line in one.lines} == {80}
        await one.press("down", "enter")
        await one.sees(f" {centre.in_approval}", "[Matter]")
        await one.press("escape", "escape", "escape")
        assert one.terminal.screen.PLACE == "queue"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("inq-2026-42", ("INQ-2026-000042",)),
        ("INQ-2026-000042", ("INQ-2026-000042",)),
        ("inq42", ("INQ-2026-000042", "INQ-2025-000042")),
        ("2025-42", ("CMP-2025-000042", "INQ-2025-000042")),
        ("0042", ("CMP-2026-000042", "INQ-2026-000042", "CMP-2025-000042", "INQ-2025-000042")),
        ("13900010086", ("13900010086",)),
        ("a-b", ("A-B",)),
    ],
)
async def test_a_part_of_a_number_means_the_tickets_of_that_number(typed, meant):
    assert numbers_meant(typed, ("INQ", "CMP"), 2026) == meant


async def test_a_ticket_is_found_by_the_digits_of_its_number(centre):
    digits = centre.in_approval.rsplit("-", 1)[1].lstrip("0")
    async with seated(centre.root, AGENT) as one:
        for typed in (digits, f"cmp-{digits}"):
            await one.press("ctrl+f", *typed, "enter")
            await one.sees("Tickets", centre.in_approval)
            await one.press("escape", "escape")


async def test_a_customer_is_found_by_whatever_is_known_of_them(centre):
    async with seated(centre.root, AGENT, lang="zh") as one:
        for typed in (PHONE, "13900010086", NAME, CUSTOMER, "电话:13900010086"):
            await one.press("ctrl+f", *typed, "enter")
            await one.sees(f"{NAME} ({CUSTOMER})")
            await one.press("escape", "escape")
            assert one.terminal.screen.PLACE == "queue"
        await one.press("ctrl+f", *PHONE, "enter", "enter")
        await one.sees("未结事项", centre.in_approval, "近期已结", centre.closed)


async def test_a_matter_is_opened_for_a_caller_whom_nobody_knows(centre):
    async with seated(centre.root, AGENT) as one:
        await one.press("plus", *"13000000000", "enter")
        await one.sees(
            "Nobody is known by this", "A new matter can be opened without a customer"
        )
        await one.press("f7")
        await one.sees("find one first")
        await one.press("f6", *"inquiry", "enter")
        await one.sees("Subject")


async def test_what_is_not_there_is_said_and_nothing_is_sought_before_enter(centre):
    def searches() -> int:
        with open_desk(read_config(centre.root)) as desk:
            page = desk.ask(
                GetAccessReport(actor="yin_xue", person=AGENT, kind="search", limit=500)
            )
        return len(page.rows)

    before = searches()
    async with seated(centre.root, AGENT) as one:
        await one.press("ctrl+f", *"zzzzqq")
        assert searches() == before
        await one.press("enter")
        await one.sees("Nothing is found.")
    assert searches() - before == 2, "one for customers and one for tickets"
