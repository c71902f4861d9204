"""A small workspace with a worker: one workflow with a promise, two people with phones, a provider that answers as told."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from queue import Queue
from threading import Event
from typing import Any

from casewright.answers import Notice, NoticeStory, Timer
from casewright.clock import SetClock
from casewright.commands import FireTransition, OpenTicket, SavePerson
from casewright.config import Config
from casewright.delivery.channel import Accepted, Answer, Outgoing, Seen
from casewright.desk import Desk, open_desk, publish
from casewright.queries import GetNotice, ListNotices, ListTimers
from casewright.settings.channels import ChannelSettings
from casewright.settings.delivering import Limit, QuietHours, WorkerSettings
from casewright.worker.journal import Line
from casewright.worker.loop import Worker
from casewright.worker.tally import Tally

ROLES = """\
roles:
  agent: {title: {en: Agent, zh: 座席}, permissions: [ticket.*, audit.verify]}
  head: {title: {en: Head, zh: 负责人}, permissions: [ticket.*, notice.retry, people.edit]}
"""
WORKFLOW = """\
workflow: matter
title: {en: Matter, zh: 事项}
prefix: MAT
calendar: always
process_owner: user:olga
owner: user:olga
handler: opener
start: open
states:
  open:
    title: {en: Open, zh: 办理中}
    transitions:
      call: {title: {en: Call, zh: 呼叫}, to: open, do: [{tell: user:olga, via: [sms]}]}
      thank: {title: {en: Thank, zh: 致谢}, to: open, do: [{tell: customer, via: [sms], message: {en: Thank you., zh: 谢谢。}}]}
      finish: {title: {en: Finish, zh: 办结}, to: closed}
  closed: {title: {en: Closed, zh: 已结}, final: true}
promises:
  answer:
    title: {en: Answer, zh: 答复}
    from: open
    until: finish
    within: 10 hours
ladder:
  answer:
    - {at: 50%, tell: [handler], via: [notice, sms]}
    - {at: 100%, tell: [handler, owner], via: [notice, sms]}
"""
PHONES = {"ana": "+8613800000001", "olga": "+8613800000002"}
SMS = ChannelSettings(name="sms", driver="console", options={"kind": "sms"})


class Provider:
    """An SMS provider: answers as it is told to, and keeps what it was handed; it knows a key again."""

    def __init__(self, clock: SetClock) -> None:
        self.clock = clock
        self.handed: list[Outgoing] = []
        self.handed_at: list[datetime] = []
        self.answers: list[Answer] = []
        self.answer: Callable[[Outgoing], Answer] = lambda one: Accepted(
            provider_ids=(one.key,)
        )
        self.waiting: list[Seen] = []

    def send(self, outgoing: Outgoing) -> Answer:
        self.handed.append(outgoing)
        self.handed_at.append(self.clock.now())
        return self.answers.pop(0) if self.answers else self.answer(outgoing)

    def receipts(self) -> Iterable[Seen]:
        seen, self.waiting = self.waiting, []
        return seen

    def close(self) -> None:
        pass

    @property
    def messages(self) -> Counter[str]:
        """How often each key was handed over."""
        return Counter(one.key for one in self.handed)

    def to(self, name: str) -> list[str]:
        """The texts that one person was sent."""
        return [one.text for one in self.handed if one.address == PHONES[name]]


class WorkerSite:
    """The workspace, its desk on a clock that is set, and its provider."""

    def __init__(
        self, root: Path, clock: SetClock, workflow: str = WORKFLOW, *, postgres: str = ""
    ) -> None:
        self.clock, self.provider, self.lines = clock, Provider(clock), list[Line]()
        self.config = Config(
            root=root,
            database=root / ("casewright.db-server" if postgres else "casewright.db"),
            postgres=postgres,
            attachments=root / "attachments",
            synchronous="NORMAL",
            channels={"sms": SMS},
            worker=WorkerSettings(poll=0.05),
        )
        known = self.config.database.exists()
        self.desk: Desk = open_desk(self.config, clock=clock, create=not known)
        if not known:
            self._furnish(root, workflow)

    def _furnish(self, root: Path, workflow: str) -> None:
        (root / "workflows").mkdir(parents=True)
        (root / "workflows" / "matter.yaml").write_text(workflow, "utf-8")
        (root / "roles.yaml").write_text(ROLES, "utf-8")
        publish(self.desk, root, [root / "workflows"], actor="system")
        self.person("ana", "agent")
        self.person("olga", "head")

    def person(self, name: str, role: str = "agent", **more: Any) -> None:
        given = {"phone": PHONES.get(name, ""), "language": "en", **more}
        person = SavePerson(actor="system", name=name, roles=(role,), **given)
        self.desk.execute_as_system(person)

    def configure(
        self,
        *,
        limits: tuple[Limit, ...] = (),
        quiet: QuietHours | None = None,
        **worker: Any,
    ) -> None:
        """Go on with other settings."""
        self.desk.close()
        self.config = replace(
            self.config,
            limits={"sms": limits},
            quiet_hours=quiet,
            worker=replace(self.config.worker, **worker),
        )
        self.desk = open_desk(self.config, clock=self.clock)

    def open(self, by: str = "ana", **more: Any) -> str:
        return self.desk.execute(OpenTicket(actor=by, workflow="matter", **more)).ticket

    def fire(self, key: str, transition: str, by: str = "ana") -> None:
        self.desk.execute(FireTransition(actor=by, ticket=key, transition=transition))

    def worker(
        self, *, holder: str = "first", stop: Event | None = None, arrived: Any = None
    ) -> Worker:
        return Worker(
            self.desk.working(),
            {"sms": self.provider},
            holder=holder,
            tell=self.lines.append,
            stop=stop or Event(),
            arrived=arrived,
        )

    def work(self, *seen: Seen, **later: float) -> Tally:
        """Do everything there is to do now, or after so much time; `seen` has come in meanwhile."""
        if later:
            self.clock.advance(timedelta(**later))
        arrived: Queue[Any] = Queue()
        for one in seen:
            arrived.put(one)
        return self.worker(arrived=arrived).run(once=True)

    def notices(self, **fitting: Any) -> list[Notice]:
        """All notices that fit, the oldest first."""
        page = self.desk.ask(ListNotices(actor="olga", limit=1000, **fitting))
        return list(reversed(page.notices))

    def sms(self, number: int = -1) -> NoticeStory:
        """What became of one of the notices over SMS, the newest if none is named."""
        found = [one for one in self.notices() if one.via == "sms"][number]
        story: NoticeStory = self.desk.ask(GetNotice(actor="olga", notice=found.number))
        return story

    def timers(self, state: str = "open") -> tuple[Timer, ...]:
        found: tuple[Timer, ...] = self.desk.ask(
            ListTimers(actor="olga", state=state, limit=1000)
        )
        return found


def way(story: NoticeStory) -> list[str]:
    """The states that a notice went through."""
    return [hop.state for hop in story.hops]
