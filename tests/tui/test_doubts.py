"""A command whose answer was lost: said again in the same words it is the same command, and happens once."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casewright.commands import AddComment, OpenTicket
from casewright.config import read_config
from casewright.desk import open_desk
from casewright.errors import Message, ServerUnreachable
from casewright.front_door import CameIn
from casewright.queries import GetHistory
from casewright_tui.desk_link import DeskLink

from ..server.served import founded
from .seated import seat

pytestmark = pytest.mark.anyio


class LosesAnswers:
    """A desk that does what it is told, and whose first answers are lost on the way."""

    def __init__(self, desk: Any, losses: list[bool]) -> None:
        self._desk, self._losses = desk, losses

    def execute(self, command: Any) -> Any:
        lost = self._losses.pop(0) if self._losses else None
        if lost is False:
            raise _away(arrived=False)
        receipt = self._desk.execute(command)
        if lost:
            raise _away(arrived=True)
        return receipt

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk, name)


def _away(*, arrived: bool) -> ServerUnreachable:
    return ServerUnreachable(address="unix:/away", reason=Message("gone", {}), arrived=arrived)


@pytest.fixture
def ticket(tmp_path: Path) -> tuple[Path, str]:
    root = tmp_path / "workspace"
    fields = {"subject": "Price", "question": "How much?"}
    with open_desk(founded(root)) as desk:
        opening = OpenTicket(actor="ada", workflow="inquiry", fields=fields)
        return root, desk.execute(opening).ticket


@contextmanager
def linked(root: Path, losses: list[bool]) -> Iterator[DeskLink]:
    """The terminal's link to a desk of which answers are lost: True after the command arrived, False before."""
    come_in = seat(root, "ada").come_in

    @contextmanager
    def come_in_there() -> Iterator[CameIn]:
        with come_in() as came:
            yield replace(came, desk=LosesAnswers(came.desk, losses))  # type: ignore[arg-type]

    link = DeskLink(come_in_there)
    try:
        yield link
    finally:
        link.close()


async def is_answered(link: DeskLink, ticket: str, text: str) -> bool:
    """Say a comment as somebody does who submits a form; return whether an answer came."""
    outcome: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    link.say([AddComment(actor="ada", ticket=ticket, text=text)], outcome)
    try:
        await outcome
    except ServerUnreachable:
        return False
    return True


def comments(root: Path, ticket: str) -> int:
    with open_desk(read_config(root)) as desk:
        events = desk.ask_as_system(GetHistory(actor="system", ticket=ticket))
    return [one.kind for one in events].count("CommentAdded")


@pytest.mark.parametrize("losses", [[True], [True, True], [True, False], [False]])
async def test_what_is_said_until_it_is_answered_happens_once(ticket, losses):
    root, key = ticket
    with linked(root, list(losses)) as link:
        for _ in losses:
            assert not await is_answered(link, key, "Called the customer")
        assert await is_answered(link, key, "Called the customer")
        # Once that is known, the same words are another comment.
        assert await is_answered(link, key, "Called the customer")

    assert comments(root, key) == 2


async def test_other_words_meanwhile_are_another_command(ticket):
    root, key = ticket
    with linked(root, [True]) as link:
        assert not await is_answered(link, key, "one")
        assert await is_answered(link, key, "two")
        assert await is_answered(link, key, "one")

    assert comments(root, key) == 2
