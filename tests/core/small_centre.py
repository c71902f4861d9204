"""A centre as small as a test needs it: one workflow under test, two forms, seven people."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from casewright.clock import SetClock
from casewright.commands import CastVote, FireTransition, OpenTicket, SavePerson
from casewright.config import Config
from casewright.desk import Desk, open_desk, publish
from casewright.model import Event, Receipt, Ticket
from casewright.queries import GetHistory, GetTicket, ListTickets, VerifyAudit

HEAD = """\
workflow: matter
title: {en: Matter, zh: 事项}
prefix: MAT
form: matter
owner: user:olga
handler: opener
start: first
"""
OPEN = "title: {en: Open, zh: 办理中}"
CLOSED = "  closed: {final: true, title: {en: Closed, zh: 已结}}\n"

ERRAND = """\
workflow: errand
title: {en: Errand, zh: 差事}
prefix: ERR
form: matter
owner: [user:olga, user:ben]
handler: user:ben
exclude: "=fields.subject"
start: first
reopen: continue
states:
  first: {title: {en: Open, zh: 办理中}, transitions: {finish: closed}}
  closed: {final: true, title: {en: Closed, zh: 已结}}
"""

MATTER_FORM = """\
x-title: {en: Matter, zh: 事项}
type: object
properties:
  note: {type: string, x-title: {en: Note, zh: 备注}}
  kind: {type: string, x-title: {en: Kind, zh: 类型}}
  count: {type: integer, x-title: {en: Count, zh: 数量}}
  amount: {type: number, x-title: {en: Amount, zh: 金额}}
  urgent: {type: boolean, x-title: {en: Urgent, zh: 紧急}}
  subject: {type: string, x-title: {en: Subject, zh: 对象}}
  other: {type: string, x-title: {en: Other ticket, zh: 其他工单}}
  due: {type: string, format: date, x-title: {en: Due, zh: 期限}}
  tags:
    type: array
    items: {type: string}
    maxItems: 100
    x-title: {en: Tags, zh: 标签}
"""
ANSWER_FORM = """\
x-title: {en: Answer, zh: 答复}
type: object
required: [answer]
properties:
  answer: {type: string, minLength: 2, x-title: {en: Answer, zh: 答复}}
  extra: {type: string, x-title: {en: Extra, zh: 补充}}
  note: {type: string, x-title: {en: Note, zh: 备注}}
"""
PLACES = """\
table: places
title: {en: Places, zh: 地点}
columns: {head: {en: Head, zh: 负责人}}
rows:
  north: {en: North, zh: 北部, head: ben}
  south: {en: South, zh: 南部, head: cleo}
"""
ROLES = """\
roles:
  agent: {title: {en: Agent, zh: 座席}, permissions: [ticket.*, audit.verify]}
  leader: {title: {en: Leader, zh: 班长}, permissions: [ticket.*]}
  head: {title: {en: Head, zh: 负责人}, permissions: [ticket.*]}
  team_leader: {title: {en: Team leader, zh: 组长}, permissions: [ticket.*]}
  reader: {title: {en: Reader, zh: 审计员}, permissions: [ticket.read]}
"""
PEOPLE: Mapping[str, tuple[tuple[str, ...], str]] = {
    "ana": (("agent",), "one"),
    "ben": (("agent",), "one"),
    "cleo": (("agent", "leader"), "two"),
    "dora": (("leader",), "one"),
    "emil": (("head",), "two"),
    "olga": (("head", "team_leader"), "one"),
    "rita": (("reader",), ""),
}


class SmallCentre:
    """A workspace with one workflow of the test's own, published, and its desk."""

    people = PEOPLE

    def __init__(self, root: Path, clock: SetClock, config: Config | None = None) -> None:
        self.root, self.clock = root, clock
        self.config = config or Config(
            root=root,
            database=root / "casewright.db",
            attachments=root / "attachments",
            synchronous="NORMAL",
        )
        self.desk: Desk = open_desk(self.config, clock=clock, create=True)
        files = {"workflows/errand.yaml": ERRAND, "roles.yaml": ROLES}
        files |= {"forms/matter.yaml": MATTER_FORM, "forms/answer.yaml": ANSWER_FORM}
        files |= {"tables/places.yaml": PLACES}
        for name, text in files.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def publish(self, text: str) -> None:
        """Publish `text` as the workflow `matter`; the people come with the first one."""
        self.write("workflows/matter.yaml", text)
        publish(self.desk, self.root, [self.root / "workflows"], actor="system")
        with self.desk.batch():
            for name, (roles, team) in self.people.items():
                person = SavePerson(actor="system", name=name, roles=roles, team=team)
                self.desk.execute_as_system(person)

    def open(self, actor: str = "ana", workflow: str = "matter", **fields: Any) -> str:
        command = OpenTicket(actor=actor, workflow=workflow, fields=fields)
        return self.desk.execute(command).ticket

    def fire(
        self, key: str, transition: str, *, by: str = "ana", reason: str = "", **form: Any
    ) -> Receipt:
        command = FireTransition(
            actor=by, ticket=key, transition=transition, form=form, reason=reason
        )
        return self.desk.execute(command)

    def vote(self, key: str, by: str, grant: bool = True, reason: str = "") -> Receipt:
        command = CastVote(actor=by, ticket=key, grant=grant, reason=reason)
        return self.desk.execute(command)

    def ticket(self, key: str) -> Ticket:
        found: Ticket = self.desk.ask(GetTicket(actor="rita", ticket=key))
        return found

    def history(self, key: str) -> tuple[Event, ...]:
        found: tuple[Event, ...] = self.desk.ask(GetHistory(actor="rita", ticket=key))
        return found

    def last(self, key: str) -> Event:
        return self.history(key)[-1]

    def keys(self, workflow: str) -> list[str]:
        found = self.desk.ask(ListTickets(actor="rita", workflow=workflow, limit=1000)).tickets
        return [ticket.key for ticket in reversed(found)]

    def is_whole(self) -> bool:
        whole: bool = self.desk.ask(VerifyAudit(actor="ana")).ok
        return whole
