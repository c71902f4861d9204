"""A small centre with a mailbox: a workflow of a few lines, rules, two people, and mail that is dropped into its maildir."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from casewright.answers import ArrivalStory
from casewright.clock import SetClock
from casewright.commands import FireTransition, SavePerson
from casewright.config import Config, read_config
from casewright.desk import Desk, open_desk, publish
from casewright.model import Event, Ticket
from casewright.queries import GetArrival, GetHistory, GetTicket, ListArrivals, ListTickets
from casewright.store import deliveries
from casewright.worker.bringing import fetch_once

ROLES = """\
roles:
  agent: {title: {en: Agent, zh: 座席}, permissions: [ticket.*, intake.*, customer.read, customer.erase]}
  reader: {title: {en: Reader, zh: 审计员}, permissions: [ticket.read]}
"""
WORKFLOW = """\
workflow: matter
title: {en: Matter, zh: 事项}
prefix: MAT
form: matter
calendar: always
owner: user:olga
handler: user:ana
start: open
reopen: continue
states:
  open:
    title: {en: Open, zh: 办理中}
    transitions:
      finish: {title: {en: Finish, zh: 办结}, to: closed}
  closed: {title: {en: Closed, zh: 已结}, final: true}
"""
FORM = """\
x-title: {en: Matter, zh: 事项}
type: object
required: [subject, what]
properties:
  subject: {type: string, minLength: 2, maxLength: 40, x-title: {en: Subject, zh: 主题}}
  what: {type: string, maxLength: 200, x-title: {en: What, zh: 内容}}
  who: {type: string, x-title: {en: Who, zh: 姓名}, x-personal: true}
"""
RULES = """\
channels:
  mail:
    own: ["service@centre.example"]
    most_per_hour: 5
    fields: {who: =name}
    confirm:
      via: out
      subject: {en: We have your message, zh: 已收到您的来信}
      text: {en: "Your number is {reference}.", zh: "您的单号是 {reference}。"}
      per_day: 2
    rules:
      - {when: {subject_has: [lottery, 中奖]}, drop: advertising}
      - {when: {sender: "@wait.example"}, wait: somebody must look first}
      - {open: matter, fields: {subject: =subject, what: =text}}
"""
SETTINGS = """\
synchronous = "NORMAL"
[channels.out]
driver = "smtp"
host = "127.0.0.1"
port = {port}
security = "none"
from = "{address}"
[intake.mail]
driver = "maildir"
path = "mail"
address = "{address}"
"""


class MailboxCentre:
    """The centre, its desk on a clock that is set, and its mailbox on the disk."""

    def __init__(
        self,
        root: Path,
        clock: SetClock,
        *,
        rules: str = RULES,
        address: str = "service@centre.example",
        port: int = 1,
    ) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.root, self.clock = root, clock
        for name, text in {
            "roles.yaml": ROLES,
            "workflows/matter.yaml": WORKFLOW,
            "forms/matter.yaml": FORM,
            "intake.yaml": rules,
            "casewright.toml": SETTINGS.format(address=address, port=port),
        }.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        self.config: Config = read_config(root, {})
        self.desk: Desk = open_desk(self.config, clock=clock, create=True)
        publish(self.desk, root, [root / "workflows"], actor="system")
        for name, roles in {"ana": ("agent",), "olga": ("agent",), "rita": ("reader",)}.items():
            self.desk.execute_as_system(
                SavePerson(actor="system", name=name, en=name.title(), zh=name, roles=roles)
            )
        for name in ("new", "cur", "tmp"):
            (root / "mail" / name).mkdir(parents=True, exist_ok=True)
        self._dropped = 0

    def reopen(self, config: Config) -> None:
        """Open the desk again with other settings; the one before is closed."""
        self.config = config
        self.desk = open_desk(config, clock=self.clock)

    def drop(self, octets: bytes) -> None:
        """Deliver a mail, as a mail server does."""
        self._dropped += 1
        (self.root / "mail" / "new" / f"{self._dropped:06d}.test").write_bytes(octets)

    def fetch(self) -> list[str]:
        """Fetch what lies there; return what the fetcher complained of."""
        told: list[str] = []
        fetch_once(self.desk.working(), lambda line: told.append(str(line.sentence)))
        return told

    def receives(self, octets: bytes) -> ArrivalStory:
        """Deliver and fetch one mail; return what became of it."""
        self.drop(octets)
        assert self.fetch() == []
        return self.newest()

    def newest(self) -> ArrivalStory:
        """What came in last."""
        page = self.desk.ask(ListArrivals(actor="ana", limit=1))
        return self.story(page.arrivals[0].number)

    def story(self, number: int) -> ArrivalStory:
        """One thing that came in."""
        found: ArrivalStory = self.desk.ask(GetArrival(actor="ana", arrival=number))
        return found

    def tickets(self) -> tuple[Ticket, ...]:
        """All tickets, the newest first."""
        found: tuple[Ticket, ...] = self.desk.ask(ListTickets(actor="ana")).tickets
        return found

    def ticket(self, key: str) -> Ticket:
        """One ticket."""
        found: Ticket = self.desk.ask(GetTicket(actor="ana", ticket=key))
        return found

    def history(self, key: str) -> tuple[Event, ...]:
        """A ticket's history."""
        found: tuple[Event, ...] = self.desk.ask(GetHistory(actor="ana", ticket=key))
        return found

    def kinds(self, key: str) -> list[str]:
        """The kinds of a ticket's events."""
        return [one.kind for one in self.history(key)]

    def close_ticket(self, key: str) -> None:
        """Bring a ticket to its end."""
        self.desk.execute(FireTransition(actor="ana", ticket=key, transition="finish"))

    def outgoing(self) -> list[Mapping[str, Any]]:
        """What waits to be sent, as the channel would be handed it."""
        with self.desk._database.read():
            found = deliveries.under_way(self.desk._database, 2**61, via="out", limit=1000)
        return [one.handed for one in found]
