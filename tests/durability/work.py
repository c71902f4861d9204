"""A small centre that works: every kind of write that the store knows, each command acknowledged after it was answered."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

from casewright.clock import SetClock
from casewright.commands import (
    AddComment,
    AssignTicket,
    Command,
    EditFields,
    FireTransition,
    LinkTickets,
    LogContact,
    MergeTickets,
    OpenTicket,
    PublishAnnouncement,
    RemindMe,
    SaveCustomer,
    SavePerson,
    WatchTicket,
)
from casewright.config import Config
from casewright.desk import Desk, open_desk
from casewright.errors import CasewrightError
from casewright.model import Receipt
from casewright.queries import GetTicket, ListTickets
from casewright.store.database import Driver
from casewright.testing.desk import MOMENT, PEOPLE, ROLES, open_test_desk

DATABASE = "desk.db"


def found(folder: Path) -> Config:
    """Make the centre's database in `folder` and close it again; return its settings, which write as carefully as can be."""
    with open_test_desk(folder) as desk:
        may = [*ROLES["agent"]["permissions"], "customer.*", "announcement.publish"]
        roles = {"agent": {**ROLES["agent"], "permissions": may}}
        _let_them(desk, roles)
    return Config(root=folder, database=folder / DATABASE, attachments=folder / "attachments")


def desk_on(config: Config, *, driver: Driver | None = None, synchronous: str = "FULL") -> Desk:
    """Return a desk of the centre whose clock stands."""
    chosen = replace(config, synchronous=synchronous)
    clock = SetClock(MOMENT)
    return (
        open_desk(chosen, clock=clock, driver=driver)
        if driver
        else open_desk(chosen, clock=clock)
    )


def work(
    desk: Desk, many: int, chance: Random, acknowledge: Callable[[Command, Receipt], None]
) -> None:
    """Give so many commands, one after the other; a refused one is not acknowledged."""
    for number, command in zip(range(many), commands(desk, chance), strict=False):
        try:
            receipt = desk.execute(command)
        except CasewrightError as refusal:
            if not _is_the_answer(refusal):
                raise
            continue
        acknowledge(command, receipt)
        if number % 7 == 0 and receipt.ticket:
            desk.ask(GetTicket(actor=command.actor, ticket=receipt.ticket))


def commands(desk: Desk, chance: Random) -> Iterator[Command]:
    """Yield commands that fit what there is now."""
    number = 0
    while True:
        number += 1
        actor = chance.choice(PEOPLE)
        known = [one.key for one in desk.ask(ListTickets(actor=actor, limit=40)).tickets]
        if len(known) < 4 or chance.random() < 0.25:
            text = f"Parcel {number} 包裹迟到 " * chance.randrange(1, 60)
            yield OpenTicket(
                actor=actor,
                workflow="parcel",
                customer=f"c-{number % 5}",
                fields={"subject": text[:190]},
            )
            continue
        yield _about(chance.choice(known), chance.choice(known), actor, number, chance)


def _about(key: str, other: str, actor: str, number: int, chance: Random) -> Command:
    return chance.choice(
        (
            FireTransition(
                actor=actor, ticket=key, transition=chance.choice(("search", "find", "answer"))
            ),
            AddComment(
                actor=actor, ticket=key, text=f"Comment {number} " * chance.randrange(1, 200)
            ),
            EditFields(actor=actor, ticket=key, fields={"pieces": number, "fragile": True}),
            AssignTicket(actor=actor, ticket=key, handler=chance.choice(PEOPLE)),
            WatchTicket(actor=actor, ticket=key, watching=chance.random() < 0.7),
            LinkTickets(actor=actor, ticket=key, other=other),
            MergeTickets(actor=actor, ticket=key, into=other, reason="The same parcel"),
            RemindMe(
                actor=actor, ticket=key, at=MOMENT + timedelta(hours=number), text="Call back"
            ),
            SaveCustomer(
                actor=actor,
                id=f"c-{number % 5}",
                name=f"Customer {number}",
                phone=f"+861380000{number:04d}",
            ),
            LogContact(
                actor=actor, customer=f"c-{number % 5}", channel="call", summary="Asked again"
            ),
            SavePerson(actor=actor, name="cleo", en=f"Cleo {number}", roles=("agent",)),
            PublishAnnouncement(
                actor=actor,
                title={"en": f"News {number}", "zh": f"公告 {number}"},
                text={"en": "Read this", "zh": "请阅读"},
                to=("everybody",),
            ),
        )
    )


def _is_the_answer(refusal: CasewrightError) -> bool:
    return not refusal.code.startswith(("database.", "access."))


def _let_them(desk: Desk, roles: object) -> None:
    from casewright.commands import PublishTables
    from casewright.model import SYSTEM

    desk.execute_as_system(PublishTables(actor=SYSTEM, tables={}, roles=roles))
