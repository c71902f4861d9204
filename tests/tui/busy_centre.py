"""A centre with something in every place of the terminal: many tickets, long texts in two languages, one moment of time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from casewright.clock import SystemClock
from casewright.commands import (
    AddComment,
    AssignTicket,
    AttachFile,
    OpenTicket,
    PublishAnnouncement,
    SaveCustomer,
    SaveDraft,
    SavePerson,
)
from casewright.config import Config, read_config
from casewright.desk import Desk, open_desk
from casewright.desk.setting_up.workspace_files import bundles_of, proposal_of
from casewright.model import SYSTEM
from casewright.queries import ListAnnouncements

from ..server.served import ADMIN
from .complaints_centre import CUSTOMER, HANDLER, PHONE, founded_centre

NOW = datetime(2026, 3, 4, 3, 30, tzinfo=UTC)
"""Half past eleven on a Wednesday in Shanghai."""
ROLES = ("administrator", "centre_manager", "complaint_manager", "privacy_officer", "auditor")
LONG = (
    "The line has been dead since Monday; the fitter came twice, measured something and left. "
    "客户反映：自周一起宽带中断，师傅上门两次，测量后即离开，未作任何说明，也没有人再与其联系。"
)
SUBJECTS = (
    "套餐变更未生效，客户要求立即恢复原套餐并退还本月多收的费用，同时书面说明原因",
    "Address change / 地址变更",
    "Roaming charges of the journey to Japan, although the package was booked before",
    "宽带很慢",
    "📶 no signal 没有信号 in the 地下室 since the new antenna",
)
Saying = Callable[[int], str]
"""What somebody writes the nth time that they write anything."""


def said_by_people(number: int) -> str:
    """Return a subject as people write them."""
    return SUBJECTS[number % len(SUBJECTS)]


@dataclass(frozen=True, kw_only=True)
class Busy:
    """Where it is, and what its places are about."""

    root: Path
    ticket: str
    inquiries: tuple[str, ...]
    announcement: int
    customer: str = CUSTOMER
    phone: str = PHONE


@contextmanager
def standing(now: datetime = NOW) -> Iterator[None]:
    """Let no time pass meanwhile, at any desk in this process and at the terminal."""
    with mock.patch.object(SystemClock, "now", return_value=now):
        yield


def founded_busy(
    root: Path, says: Saying = said_by_people, *, tickets: int = 40, now: datetime = NOW
) -> Busy:
    """Make the workspace and all that happened in it, up to now."""
    with standing(now - timedelta(hours=3)):
        complaints = founded_centre(root)
    config = read_config(root)
    with standing(now - timedelta(hours=2)), open_desk(config) as desk:
        _people(desk, says)
        inquiries = tuple(_inquiry(desk, says, number) for number in range(tickets))
    with standing(now - timedelta(hours=1)), open_desk(config) as desk:
        _written(desk, says, (complaints.accepted, *inquiries[:3]))
        announcement = _announced(desk, says)
        _proposed(desk, config, says)
    return Busy(
        root=root,
        ticket=complaints.accepted,
        inquiries=inquiries,
        announcement=announcement,
    )


def _people(desk: Desk, says: Saying) -> None:
    named = (
        {"en": "Ada", "zh": "艾达"}
        if says is said_by_people
        else {"en": says(1), "zh": says(2)}
    )
    desk.execute_as_system(SavePerson(actor=SYSTEM, name=ADMIN, roles=ROLES, **named))
    if says is not said_by_people:
        desk.execute(SavePerson(actor=ADMIN, name=HANDLER, en=says(3), zh=says(4)))
        for number in range(5, 12):
            desk.execute(
                SavePerson(
                    actor=ADMIN,
                    name=f"h{number}",
                    en=says(number),
                    zh=says(number),
                    roles=("agent",),
                )
            )
        desk.execute(SaveCustomer(actor=ADMIN, id=CUSTOMER, name=says(5), tags=(says(6)[:20],)))


def _inquiry(desk: Desk, says: Saying, number: int) -> str:
    fields = {
        "subject": says(number)[:80],
        "question": f"{LONG}\n\n{says(number)}",
        "customer_name": says(number)[:60],
    }
    command = OpenTicket(
        actor=ADMIN,
        workflow="inquiry",
        fields=fields,
        customer=CUSTOMER if number % 3 == 0 else None,
    )
    key = desk.execute(command).ticket
    handler = ("", "chen_jing", "li_na", "")[number % 4]
    if handler:
        desk.execute(
            AssignTicket(actor=ADMIN, ticket=key, handler=handler, reason=says(number))
        )
    return key


def _written(desk: Desk, says: Saying, keys: tuple[str, ...]) -> None:
    content = b"a file"
    for number, key in enumerate(keys):
        desk.execute(AddComment(actor=ADMIN, ticket=key, text=f"{LONG}\n{says(number)}"))
        digest = desk.keep(content)
        desk.execute(
            AttachFile(
                actor=ADMIN,
                ticket=key,
                digest=digest,
                filename=f"{says(number)}.pdf",
                size=len(content),
            )
        )
    draft = {"subject": says(0), "question": says(1)}
    desk.execute(SaveDraft(actor=ADMIN, about=f"open:inquiry:{CUSTOMER}", values=draft))


def _announced(desk: Desk, says: Saying) -> int:
    text = {"en": f"{LONG}\n{says(7)}", "zh": f"{LONG}\n{says(8)}"}
    title = {"en": says(9), "zh": says(10)}
    said = PublishAnnouncement(
        actor=ADMIN, title=title, text=text, to=("everybody",), pinned=True
    )
    desk.execute(said)
    return int(desk.ask(ListAnnouncements(actor=ADMIN))[0].number)


def _proposed(desk: Desk, config: Config, says: Saying) -> None:
    path = config.root / "workflows" / "inquiry.yaml"
    written = path.read_text("utf-8")
    path.write_text(written.replace("en: Inquiry", "en: Enquiry", 1), "utf-8")
    made = bundles_of(config.root, [path])
    desk.execute(proposal_of(config.root, made, ADMIN, says(11)))
