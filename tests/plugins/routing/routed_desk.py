"""A small centre whose tickets are routed: a desk with the plugin, two workflows, and short words for what people do."""

from datetime import datetime, timedelta
from pathlib import Path
from threading import Event as Stop
from typing import Any

from casewright.answers import Notice
from casewright.clock import SetClock
from casewright.commands import (
    AssignTicket,
    FireTransition,
    OpenTicket,
    ReopenTicket,
    SaveCustomer,
    SavePerson,
    SetAbsence,
)
from casewright.desk import Desk, publish
from casewright.model import SYSTEM, Event, Identity, Ticket
from casewright.queries import GetHistory, GetTicket, ListNotices, VerifyAudit
from casewright.testing.plugged_desk import plugin_desk, run_jobs
from casewright.worker.loop import Worker
from casewright_routing.answers import (
    AgentStanding,
    CallAdvice,
    Decision,
    QueueStanding,
    RouteStory,
)
from casewright_routing.commands import SetAvailability, TakeNext
from casewright_routing.queries import AdviseCall, ExplainRoute, GetAgents, GetQueues

ROUTING = """\
order: [urgent, vip, high, normal, low]
rise_after: 3
capacity: 2
vip: {tiers: [vip], skills: {vip: 1}, overflow: [senior]}
skills:
  refunds: {en: Refunds, zh: 退款}
  english: {en: English, zh: 英语}
  vip: {en: VIP service, zh: VIP服务}
  senior: {en: Senior agent, zh: 高级客服员}
  many: {en: Many languages, zh: 多语种}
groups:
  senior: {title: {en: Senior agents, zh: 高级客服员}, skills: {senior: 1}}
  many: {title: {en: Multi-language group, zh: 多语种组}, skills: {many: 1}, stands_for: [english]}
asks:
  - {when: {customer.language: en}, skills: {english: 1}}
leaves_alone: [{workflow: matter, state: parked}]
queues:
  refunds:
    title: {en: Refunds, zh: 退款}
    accepts: [{fields.kind: refund}]
    skills: {refunds: 1}
    strategy: least_loaded
    never: earlier_handlers_of_lineage
    overflow: [{after: 10 minutes, to: many}]
  general:
    title: {en: General, zh: 综合}
    accepts: [{workflow: matter, fields.kind: [question, change]}, {channel: phone}]
    sticky: previous_handler
    overflow: [many]
agents:
  ana: {skills: {refunds: 1}}
  ben: {skills: {refunds: 2, english: 1}}
  cleo: {skills: {vip: 1}}
  dora: {skills: {senior: 1, refunds: 1}, capacity: 1}
  emil: {skills: {many: 1, refunds: 1}, capacity: 1}
"""
"""Two queues; VIPs to cleo, then to dora; the English to ben, then to emil."""

WORKFLOW = """\
workflow: matter
title: {en: Matter, zh: 事项}
prefix: MAT
form: matter
owner: user:olga
exclude: ["=fields.about"]
priority:
  - {set: urgent, when: "fields.kind == 'change'"}
  - {set: normal}
reopen: {policy: new ticket, within: 90 days, by: anyone}
start: open
states:
  open:
    title: {en: Open, zh: 办理中}
    transitions:
      go_on: {title: {en: Go on, zh: 继续}, to: second, by: anyone}
      park: {title: {en: Park, zh: 搁置}, to: parked, by: anyone}
      finish: {title: {en: Finish, zh: 办结}, to: closed, by: anyone}
  second:
    title: {en: Second, zh: 第二步}
    transitions:
      finish: {title: {en: Finish, zh: 办结}, to: closed, by: anyone}
  parked:
    title: {en: Parked, zh: 搁置}
    transitions:
      back: {title: {en: Back, zh: 恢复}, to: open, by: anyone}
  closed: {title: {en: Closed, zh: 已结}, final: true}
"""
FORM = """\
x-title: {en: Matter, zh: 事项}
type: object
properties:
  kind: {type: string, maxLength: 20, x-title: {en: Kind, zh: 类型}}
  about: {type: string, maxLength: 20, x-title: {en: About, zh: 对象}}
"""
ROLES = """\
roles:
  agent: {title: {en: Agent, zh: 座席}, permissions: [ticket.*, routing.read, routing.take, routing.available, routing.call]}
  head: {title: {en: Head, zh: 负责人}, permissions: [ticket.*, customer.*, audit.verify, routing.*]}
  guest: {title: {en: Guest, zh: 访客}, permissions: [ticket.read]}
"""
FILES = {
    "routing.yaml": ROUTING,
    "workflows/matter.yaml": WORKFLOW,
    "forms/matter.yaml": FORM,
    "roles.yaml": ROLES,
}
AGENTS = ("ana", "ben", "cleo", "dora", "emil")
NINE = datetime.fromisoformat("2026-03-02T09:00+00:00")


class RoutedDesk:
    """The desk, its clock, and what people do there."""

    def __init__(
        self, folder: Path, *, push: bool = False, strict: bool = False, **files: str
    ) -> None:
        self.root, self.clock = folder / "workspace", SetClock(NINE)
        said = f"push = {str(push).lower()}\nstrict = {str(strict).lower()}"
        self.desk: Desk = plugin_desk(
            folder,
            plugins=("routing",),
            files={**FILES, **files},
            settings=f"[plugin.routing]\n{said}\n",
            clock=self.clock,
        )
        with self.desk.batch():
            for name in AGENTS:
                self.person(name, "agent")
            self.person("olga", "head")
            self.person("gus", "guest")

    def person(self, name: str, *roles: str, **more: Any) -> None:
        self.desk.execute_as_system(SavePerson(actor=SYSTEM, name=name, roles=roles, **more))

    def customer(
        self,
        identity: str,
        *,
        tier: str = "",
        language: str = "",
        brand: str = "",
        phone: str = "",
        known_by: tuple[Identity, ...] = (),
    ) -> str:
        command = SaveCustomer(
            actor="olga",
            id=identity,
            name=identity.title(),
            tier=tier,
            language=language,
            brand=brand,
            phone=phone,
            known_by=known_by,
        )
        self.desk.execute(command)
        return identity

    def open(self, kind: str = "question", *, by: str = "olga", **more: Any) -> str:
        fields = {"kind": kind, **more.pop("fields", {})}
        command = OpenTicket(actor=by, workflow="matter", fields=fields, **more)
        return self.desk.execute(command).ticket

    def fire(self, key: str, transition: str, by: str = "olga") -> None:
        self.desk.execute(FireTransition(actor=by, ticket=key, transition=transition))

    def assign(self, key: str, handler: str | None, by: str = "olga") -> None:
        self.desk.execute(AssignTicket(actor=by, ticket=key, handler=handler))

    def reopen(self, key: str) -> str:
        receipt = self.desk.execute(ReopenTicket(actor="olga", ticket=key, reason="again"))
        return receipt.opened[0] if receipt.opened else receipt.ticket

    def next(self, agent: str) -> str:
        """Take the next ticket."""
        answer = self.desk.execute(TakeNext(actor=agent)).answer
        assert answer is not None
        return answer["ticket"]

    def busy(self, agent: str, reason: str = "training") -> None:
        self.desk.execute(SetAvailability(actor=agent, available=False, reason=reason))

    def back(self, agent: str) -> None:
        self.desk.execute(SetAvailability(actor=agent, available=True))

    def away(self, agent: str) -> None:
        self.desk.execute(SetAbsence(actor=agent, name=agent))

    def wait(self, **length: float) -> None:
        self.clock.advance(timedelta(**length))

    def publish(self) -> None:
        publish(self.desk, self.root, [self.root / "workflows"], actor=SYSTEM)

    def run(self) -> None:
        """Let the scheduled work be done now."""
        run_jobs(self.desk, "routing")

    def work(self, **later: float) -> None:
        """Let a worker do all there is to do, after so much time."""
        self.wait(**later)
        worker = Worker(
            self.desk.working(), {}, holder="one", tell=lambda line: None, stop=Stop()
        )
        worker.run(once=True)

    def ticket(self, key: str) -> Ticket:
        found: Ticket = self.desk.ask(GetTicket(actor="gus", ticket=key))
        return found

    def handler(self, key: str) -> str | None:
        return self.ticket(key).handler

    def history(self, key: str) -> tuple[Event, ...]:
        found: tuple[Event, ...] = self.desk.ask(GetHistory(actor="gus", ticket=key))
        return found

    def explain(self, key: str, by: str = "olga") -> RouteStory:
        found: RouteStory = self.desk.ask(ExplainRoute(actor=by, ticket=key))
        return found

    def due(self, key: str) -> str:
        """To whom the ticket goes now; "" while it waits on."""
        now = self.explain(key).now
        return "" if now is None or now.match is None else now.match.agent

    def why_not(self, key: str, agent: str) -> str:
        now = self.explain(key).now
        assert now is not None
        return next(str(one.reason) for one in now.candidates if one.agent == agent)

    def decisions(self, key: str) -> tuple[Decision, ...]:
        return self.explain(key).decisions

    def queues(self, by: str = "olga") -> dict[str, QueueStanding]:
        found: tuple[QueueStanding, ...] = self.desk.ask(GetQueues(actor=by))
        return {one.queue: one for one in found}

    def agents(self) -> dict[str, AgentStanding]:
        found: tuple[AgentStanding, ...] = self.desk.ask(GetAgents(actor="olga"))
        return {one.agent: one for one in found}

    def call(self, number: str) -> CallAdvice:
        found: CallAdvice = self.desk.ask(AdviseCall(actor="ana", number=number))
        return found

    def told(self, key: str) -> list[Notice]:
        """The notices of routing about a ticket, oldest first."""
        page = self.desk.ask(ListNotices(actor="olga", ticket=key, limit=1000))
        return [one for one in reversed(page.notices) if one.reason == "unrouted"]

    def is_whole(self) -> bool:
        whole: bool = self.desk.ask(VerifyAudit(actor="olga")).ok
        return whole
