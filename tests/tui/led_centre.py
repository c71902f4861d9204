"""A centre on a Wednesday morning, for those who lead: what is due before noon and after it, and a complaint long overdue."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

from casewright.commands import AssignTicket, FireTransition, OpenTicket
from casewright.config import read_config
from casewright.delivery.channel import Answer, Outgoing, Rejected, Seen
from casewright.desk import open_desk
from casewright.desk.embedded import Desk
from casewright.worker.loop import Worker

from ..server.served import ADMIN, founded
from .busy_centre import standing

MORNING = datetime(2026, 3, 4, 1, 35, tzinfo=UTC)
"""Five past half past nine in Shanghai."""
AGENT, DEPUTY, FRONT_LEADER = "chen_jing", "bai_lin", "wu_min"
HANDLER, LEADER = "zhao_lei", "liang_chen"
BEFORE_NOON, LATER = 5, 2


class Refusing:
    """A provider that takes no message, for good."""

    def send(self, outgoing: Outgoing) -> Answer:
        """Say no."""
        return Rejected(reason="blocked", permanent=True)

    def receipts(self) -> Iterable[Seen]:
        """Nothing is heard of what was never sent."""
        return ()

    def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True, kw_only=True)
class Led:
    """Where it is; the inquiries that are due before noon, all others' keys, and the complaints that are overdue."""

    root: Path
    before_noon: tuple[str, ...]
    later: tuple[str, ...]
    overdue: tuple[str, ...]


def founded_led(root: Path) -> Led:
    """Make the workspace; whoever is to be warned was warned."""
    with standing(MORNING - timedelta(days=6)):
        config = founded(root, people=True)
        with open_desk(config) as desk:
            overdue = tuple(_accepted(desk, number) for number in range(3))
    with standing(MORNING - timedelta(minutes=5)), open_desk(config) as desk:
        # A chat is answered within half an hour, a call within two days.
        before_noon = tuple(_inquiry(desk, "chat", one) for one in range(BEFORE_NOON))
        later = tuple(_inquiry(desk, "call", one) for one in range(LATER))
    with standing(MORNING), open_desk(config) as desk:
        worker = Worker(
            desk.working(),
            {"sms": Refusing()},
            holder="led",
            tell=lambda line: None,
            stop=Event(),
        )
        worker.run(once=True)
    return Led(root=root, before_noon=before_noon, later=later, overdue=overdue)


@contextmanager
def beside(led: Led) -> Iterator[Any]:
    """Open the store beside the terminals."""
    with open_desk(read_config(led.root)) as desk:
        yield desk


def _inquiry(desk: Desk, channel: str, number: int) -> str:
    fields = {"subject": f"{channel} {number}", "question": "What is to be done about it?"}
    command = OpenTicket(actor=ADMIN, workflow="inquiry", channel=channel, fields=fields)
    key = desk.execute(command).ticket
    desk.execute(AssignTicket(actor=ADMIN, ticket=key, handler=AGENT))
    return key


def _accepted(desk: Desk, number: int) -> str:
    fields = {"subject": f"Bill {number}", "description": "It is wrong.", "demand": "Refund"}
    command = OpenTicket(
        actor="zhou_qiang", workflow="complaint", channel="call", fields=fields
    )
    key = desk.execute(command).ticket
    form = {"category": "broadband_repair_late", "severity": "serious"}
    desk.execute(FireTransition(actor=HANDLER, ticket=key, transition="accept", form=form))
    return key
