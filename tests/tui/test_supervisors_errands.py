"""What whoever leads sets right at the terminal: notices, readers, spreading, illness, retry, proposals, routing's next ticket."""

from contextlib import contextmanager

import pytest

from casewright.config import read_config
from casewright.desk import open_desk
from casewright.queries import (
    ListPeople,
    ListTickets,
)

from ..server.served import ADMIN
from .busy_centre import founded_busy
from .seated import seated

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory):
    """A centre in which Chen Jing and Li Na have work, something is announced and proposed."""
    return founded_busy(tmp_path_factory.mktemp("leading") / "workspace", tickets=12)


@contextmanager
def beside(busy):
    with open_desk(read_config(busy.root)) as desk:
        yield desk


def held(busy) -> dict[str, int]:
    with beside(busy) as desk:
        tickets = desk.ask(ListTickets(actor=ADMIN, limit=100)).tickets
    found: dict[str, int] = {}
    for one in tickets:
        found[one.handler or ""] = found.get(one.handler or "", 0) + 1
    return found


async def test_marked_tickets_are_spread_over_the_team(busy):
    before = held(busy)
    async with seated(busy.root, ADMIN, size=(132, 43)) as one:
        await one.press("at", "slash", *"chen_jing", "enter", "enter")
        await one.press("space", "space", "ctrl+d")
        await one.sees("Enter does it")
        await one.press("enter")
        await one.sees("2 of 2 are done")
    assert held(busy)["chen_jing"] == before["chen_jing"] - 2


async def test_somebody_ill_is_noted_and_all_their_open_work_goes_to_the_deputy(busy):
    before = held(busy)
    async with seated(busy.root, ADMIN, size=(132, 43), lang="zh") as one:
        await one.press("at", "slash", *"li_na", "enter", "minus")
        await one.sees("代理人")
        await one.type("bai_lin")
        await one.press("enter", "f8")
        await one.sees("在办工单")
        await one.settled()
    after = held(busy)
    assert after.get("li_na", 0) == 0
    assert after["bai_lin"] == before.get("bai_lin", 0) + before["li_na"]
    with beside(busy) as desk:
        people = {one.name: one for one in desk.ask(ListPeople(actor=ADMIN))}
    assert [away.deputy for away in people["li_na"].absences] == ["bai_lin"]


async def test_the_next_ticket_is_claimed_or_it_is_told_why_there_is_none(busy):
    before = held(busy)
    async with seated(busy.root, "chen_jing", size=(100, 30)) as one:
        await one.press("f9")
        await one.settled()
        said = one.text
    after = held(busy)
    assert after == before or after["chen_jing"] == before["chen_jing"] + 1, said
