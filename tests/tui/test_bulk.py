"""Many tickets at once: filled in once, tried first, the refused told by reason, the rest done, and the cursor where it was."""

import pytest

from casewright.commands import AssignTicket, OpenTicket
from casewright.config import Config
from casewright.desk import open_desk
from casewright.queries import GetHistory, GetTicket

from ..server.served import ADMIN, founded
from .seated import seated

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A workspace with six inquiries of the administrator."""
    config = founded(tmp_path_factory.mktemp("bulk") / "workspace", people=True)
    with open_desk(config) as desk:
        for number in range(1, 7):
            fields = {"subject": f"Matter {number}", "question": "What is to be done about it?"}
            desk.execute(OpenTicket(actor=ADMIN, workflow="inquiry", fields=fields))
    return config


async def test_a_note_about_three_tickets_is_written_once(config):
    async with seated(config.root, ADMIN) as one:
        await one.press("space", "space", "space", "f7")
        await one.sees("3 tickets")
        await one.type("told the customer")
        await one.press("ctrl+s")
        await one.sees("3 of 3 can be done", "Enter does it for the 3")
        await one.press("enter")
        await one.sees("3 of 3 are done", "INQ-2026-000003")
        await one.press("enter")
        await one.sees("▶ INQ-2026-000004")
        assert "●" not in one.text
    with open_desk(config) as desk:
        for number in (1, 2, 3):
            history = desk.ask(GetHistory(actor=ADMIN, ticket=f"INQ-2026-00000{number}"))
            assert "told the customer" in str(history[-1].private)


async def test_what_would_be_refused_is_told_before_anything_is_done(config):
    with open_desk(config) as desk:
        desk.execute(AssignTicket(actor=ADMIN, ticket="INQ-2026-000002", handler="li_na"))
    async with seated(config.root, ADMIN, lang="zh") as one:
        await one.press("2", "asterisk", "f2")
        await one.sees("6 张工单")
        await one.type("指派")
        await one.press("enter")
        await one.sees("办理人 *")
        await one.type("li_na")
        await one.press("enter", "ctrl+s")
        await one.sees("6 张中 5 张可以办理", "1 张被拒绝", "INQ-2026-000002")
        await one.press("enter")
        await one.sees("6 张中 5 张已完成")
        await one.press("escape")
        await one.sees("INQ-2026-000001")
    with open_desk(config) as desk:
        handlers = {
            desk.ask(GetTicket(actor=ADMIN, ticket=f"INQ-2026-00000{number}")).handler
            for number in range(1, 7)
        }
    assert handlers == {"li_na"}


async def test_who_took_a_ticket_meanwhile_keeps_it(config):
    async with seated(config.root, ADMIN) as one:
        await one.press("2", "space", "space", "f2")
        await one.sees("2 tickets")
        with open_desk(config) as desk:
            desk.execute(
                AssignTicket(actor=ADMIN, ticket="INQ-2026-000001", handler="zhao_lei")
            )
        await one.type("assign")
        await one.press("enter")
        await one.type("bai_lin")
        await one.press("enter", "ctrl+s")
        await one.sees("1 of 2", "INQ-2026-000001")
        await one.press("enter")
        await one.sees("1 of 2 are done")
    with open_desk(config) as desk:
        first = desk.ask(GetTicket(actor=ADMIN, ticket="INQ-2026-000001"))
    assert first.handler == "zhao_lei"


async def test_escape_does_nothing_with_any_of_them(config):
    async with seated(config.root, ADMIN) as one:
        await one.press("2", "asterisk", "f7")
        await one.type("nothing of this")
        await one.press("f8")
        await one.sees("6 of 6 can be done")
        await one.press("escape")
        await one.sees("INQ-2026-000001", "6●")
    with open_desk(config) as desk:
        history = desk.ask(GetHistory(actor=ADMIN, ticket="INQ-2026-000001"))
    assert "nothing of this" not in str(history)
