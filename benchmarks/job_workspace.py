"""The workspace that benchmarks work in: one small workflow, one person, and tickets made by the desk itself."""

import random
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from casewright.commands import FireTransition, OpenTicket, SavePerson
from casewright.config import Config, Synchronous
from casewright.desk import Desk, open_desk, publish
from casewright.model import SYSTEM
from casewright.store.database import open_sqlite

ACTOR = "ana"
OWNER = "leo"
PER_COMMIT = 500

WORKFLOW = """\
workflow: job
language: 1
title: {en: Job, zh: 任务}
prefix: JOB
form: job
owner: user:leo
handler: user:ana
start: working
states:
  working:
    title: {en: Working, zh: 办理中}
    transitions:
      report: {to: checking, form: progress, when: "fields.amount <= 5000 && fields.kind != 'refused'"}
      pass_on: {to: checking}
      note: {}
      close: {to: closed}
  checking:
    title: {en: Checking, zh: 审核中}
    transitions:
      resume: {to: working, form: progress, when: "fields.amount <= 5000 && fields.kind != 'refused'", do: [{tell: owner}]}
      take_back: {to: working}
      note: {}
  closed: {final: true, title: {en: Closed, zh: 已办结}}
"""

_FIELDS = """\
  subject: {type: string, minLength: 2, maxLength: 80, x-title: {en: Subject, zh: 主题}}
  kind:
    type: string
    enum: [repair, move, refused]
    x-title: {en: Kind, zh: 类型}
    x-labels: {repair: {en: Repair, zh: 维修}, move: {en: Move, zh: 移机}, refused: {en: Refused, zh: 拒绝}}
  amount: {type: number, minimum: 0, x-title: {en: Amount, zh: 金额}}
  site: {type: string, pattern: '^[0-9A-Z-]{3,12}$', x-title: {en: Site, zh: 站点}}
  urgent: {type: boolean, x-title: {en: Urgent, zh: 紧急}}
  note: {type: string, maxLength: 400, x-title: {en: Note, zh: 备注}}
"""

FILES = {
    "workflows/job.yaml": WORKFLOW,
    "forms/job.yaml": f"x-title: {{en: Job, zh: 任务}}\ntype: object\nrequired: [subject]\nproperties:\n{_FIELDS}",
    "forms/progress.yaml": f"x-title: {{en: Progress, zh: 进展}}\ntype: object\nrequired: [note]\nproperties:\n{_FIELDS}",
    "roles.yaml": "roles:\n  agent: {title: {en: Agent, zh: 座席}, permissions: [ticket.*]}\n",
}

NOTES = tuple(
    f"Line {line:02d} measured again, the loss is {line % 7} dB; 用户家中光猫已更换，等待回访确认。"
    for line in range(64)
)
"""What the progress form says; a number that never comes twice follows, so that no text is met again."""


def form(note: int) -> dict[str, Any]:
    """Return the six values of the progress form, with the note of that number."""
    return {
        "subject": "No signal in the living room 客厅无信号",
        "kind": "repair",
        "amount": 120.5 + note,
        "site": f"HQ-3-{100 + note}",
        "urgent": False,
        "note": f"{NOTES[note]} #{random.randrange(10**9):09}",
    }


def make(root: Path, tickets: int, *, postgres: str = "") -> Config:
    """Make the workspace, on a server where its address is given, and open `tickets` in it, all through the desk."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    config = Config(
        root=root,
        database=root / ("casewright.db-server" if postgres else "casewright.db"),
        postgres=postgres,
        attachments=root / "attachments",
    )
    with open_desk(config, create=True) as desk:
        publish(desk, root, [root / "workflows"], actor=SYSTEM)
        for name in (ACTOR, OWNER):
            desk.execute_as_system(SavePerson(actor=SYSTEM, name=name, roles=("agent",)))
        numbers = range(tickets)
        for begin in range(0, tickets, PER_COMMIT):
            with desk.batch():
                for number in numbers[begin : begin + PER_COMMIT]:
                    _open(desk, number)
    return config


def _open(desk: Desk, number: int) -> None:
    """Open a ticket; every other one is brought on to `checking`, so that half of the commands tell somebody."""
    opened = desk.execute(
        OpenTicket(actor=ACTOR, workflow="job", fields=form(0), customer=f"C-{number % 997}")
    )
    if number % 2:
        desk.execute(
            FireTransition(actor=ACTOR, ticket=opened.ticket, transition="report", form=form(0))
        )


def copied(config: Config, name: str, synchronous: Synchronous) -> Config:
    """Return the settings of a copy of the workspace's database, which nothing may have open."""
    target = config.root / f"{name}.db"
    shutil.copyfile(config.database, target)
    return replace(config, database=target, synchronous=synchronous)


def keys_of(config: Config) -> list[str]:
    """Return the keys of all tickets, oldest first."""
    connection = open_sqlite(config.database)
    keys = [row[0] for row in connection.execute("SELECT key FROM ticket ORDER BY id")]
    connection.close()
    return keys


class Steps:
    """What to do next: the same sequence for everyone who asks with the same seed, over random tickets."""

    def __init__(self, keys: Sequence[str], *, filled: bool, seed: int = 1) -> None:
        self._keys = keys
        self._filled = filled
        self._random = random.Random(seed)
        self._checking = {key: bool(number % 2) for number, key in enumerate(keys)}
        self._said: dict[str, int] = {}

    def next(self) -> tuple[str, str, int]:
        """Return a ticket's key, the transition it can take, and a note that it does not have yet (-1: no form)."""
        key = self._keys[int(self._random.random() * len(self._keys))]
        if not self._filled:
            return key, "note", -1
        checking = self._checking[key]
        self._checking[key] = not checking
        note = (
            self._said.get(key, 0) + 1 + int(self._random.random() * (len(NOTES) - 1))
        ) % len(NOTES)
        self._said[key] = note
        return key, "resume" if checking else "report", note


class Moves(Steps):
    """As `Steps`, where nothing but the state is moved: no form, no notice."""

    def __init__(self, keys: Sequence[str], *, seed: int = 1) -> None:
        super().__init__(keys, filled=True, seed=seed)

    def next(self) -> tuple[str, str, int]:
        """Return a ticket's key and the transition that moves it, without a form."""
        key, transition, _ = super().next()
        return key, "pass_on" if transition == "report" else "take_back", -1


def fire(desk: Desk, key: str, transition: str, note: int) -> None:
    """Take `transition` with the form filled in, or without a form where `note` is -1."""
    values = form(note) if note >= 0 else {}
    desk.execute(FireTransition(actor=ACTOR, ticket=key, transition=transition, form=values))
