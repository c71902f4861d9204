"""What whoever leads sets right at the terminal: notices, readers, spreading, illness, retry, proposals, routing's next ticket."""

import re
from contextlib import contextmanager

import pytest

from casewright.commands import SavePerson
from casewright.config import read_config
from casewright.desk import open_desk
from casewright.desk.setting_up.workspace_files import bundles_of, proposal_of
from casewright.model import SYSTEM
from casewright.queries import (
    GetPublication,
    ListPeople,
    ListPublications,
    ListTickets,
    ListWorkflows,
)
from casewright_tui.messages import GoTo

from ..server.served import ADMIN
from .busy_centre import founded_busy
from .seated import seated

pytestmark = pytest.mark.anyio
OWNER = "olga"


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


def proposed(busy, says: str) -> int:
    """Propose to publish another title of the inquiry; return the number of the proposal."""
    root = busy.root
    path = root / "workflows" / "inquiry.yaml"
    written = path.read_text("utf-8")
    changed = re.sub(
        r"^title: .*$", f"title: {{en: {says}, zh: {says}}}", written, count=1, flags=re.M
    )
    assert changed != written
    path.write_text(changed, "utf-8")
    with beside(busy) as desk:
        desk.execute(proposal_of(root, bundles_of(root, [path]), ADMIN, says))
        return max(one.number for one in desk.ask(ListPublications(actor=ADMIN)))


@pytest.mark.parametrize(
    ("key", "typed", "state"), [("f9", "", "published"), ("minus", "Not now", "refused")]
)
async def test_what_was_proposed_is_approved_or_refused_with_a_reason_by_somebody_else(
    busy, key, typed, state
):
    says = f"Enquiry {key}"
    number = proposed(busy, says)
    with beside(busy) as desk:
        desk.execute_as_system(SavePerson(actor=SYSTEM, name=OWNER, roles=("administrator",)))
    async with seated(busy.root, OWNER, size=(132, 43)) as one:
        await one.press("percent_sign")
        await one.sees(says)
        await one.terminal.went(GoTo("publication", number=number))
        await one.sees(f"Proposal {number}", says)
        await one.press(key, *typed, "f8")
        await one.settled()
    with beside(busy) as desk:
        found = desk.ask(GetPublication(actor=ADMIN, publication=number))
        titles = [
            each.title.en for each in desk.ask(ListWorkflows(actor=ADMIN)) if each.current
        ]
    assert found.state == state
    assert (says in titles) == (state == "published")


async def test_an_administrator_who_may_see_no_ticket_sits_there_with_a_connection(busy):
    with beside(busy) as desk:
        desk.execute_as_system(SavePerson(actor=SYSTEM, name=OWNER, roles=("administrator",)))
    async with seated(busy.root, OWNER) as one:
        await one.press("percent_sign")
        await one.sees("Published workflows", "complaint")
        assert "no connection" not in one.text
