"""The workspace in which time is put to the test: promises of minutes, timed transitions, and an SMS provider."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from casewright.clock import Clock
from casewright.commands import SavePerson
from casewright.config import Config, read_config
from casewright.desk import Desk, open_desk, publish
from casewright.model import SYSTEM

BEGINNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
OWNER = "olga"
HANDLERS = ("ana", "ben", "eva", "fei", "guo", "hua")
PHONES = {name: f"+86138000000{number:02d}" for number, name in enumerate((OWNER, *HANDLERS))}

MATTER = """\
workflow: matter
language: 1
title: {en: Matter, zh: 事项}
prefix: MAT
form: matter
calendar: always
process_owner: user:olga
owner: user:olga
handler: opener
start: open
states:
  open:
    title: {en: Open, zh: 办理中}
    transitions:
      touch: {title: {en: Touch, zh: 触碰}, to: open}
      wait: {title: {en: Wait, zh: 等待}, to: waiting}
      finish: {title: {en: Finish, zh: 办结}, to: closed}
      expire: {title: {en: Expire, zh: 逾期}, by: timer, to: late}
    after: {6 minutes: expire}
  waiting:
    title: {en: Waiting, zh: 等待中}
    transitions:
      resume: {title: {en: Resume, zh: 恢复}, to: open}
  late:
    title: {en: Late, zh: 已逾期}
    transitions:
      drop: {title: {en: Drop, zh: 作废}, by: timer, to: closed}
    after: {2 minutes: drop}
  closed: {title: {en: Closed, zh: 已结}, final: true}
promises:
  answer:
    title: {en: Answer, zh: 答复}
    from: open
    until: closed
    within: 4 minutes
    pauses: waiting
ladder:
  answer:
    - {at: 50%, tell: [handler, owner], via: [notice, sms]}
    - {at: 100%, tell: [handler, owner], via: [notice, sms]}
    - {at: 1 minute after, tell: [handler, owner], via: [notice, sms]}
"""
ALONE: Mapping[str, timedelta] = {
    "50%": timedelta(minutes=2),
    "100%": timedelta(minutes=4),
    "+1m": timedelta(minutes=5),
    "expire": timedelta(minutes=6),
    "drop": timedelta(minutes=8),
}
"""What happens to a matter that nobody touches, and how long after it was opened."""
ERRAND = """\
workflow: errand
language: 1
title: {en: Errand, zh: 跑腿}
prefix: ERR
form: matter
calendar: always
process_owner: user:olga
owner: user:olga
handler: opener
start: open
states:
  open:
    title: {en: Open, zh: 办理中}
    transitions:
      lapse:
        title: {en: Lapse, zh: 失效}
        by: timer
        to: closed
        do: [{tell: handler, via: [notice, sms]}]
    after: {2 hours: lapse}
  closed: {title: {en: Closed, zh: 已结}, final: true}
"""
ERRAND_LASTS = timedelta(hours=2)
RUSH = """\
workflow: rush
language: 1
title: {en: Rush, zh: 急件}
prefix: RSH
form: matter
calendar: always
process_owner: user:olga
owner: user:olga
handler: opener
start: open
states:
  open:
    title: {en: Open, zh: 办理中}
    transitions:
      finish: {title: {en: Finish, zh: 办结}, to: closed}
  closed: {title: {en: Closed, zh: 已结}, final: true}
promises:
  answer:
    title: {en: Answer, zh: 答复}
    from: open
    until: closed
    within: 10 hours
ladder:
  answer:
    - {at: 100%, tell: [handler, owner], via: [notice, sms]}
"""
RUSH_WITHIN = timedelta(hours=10)
FORM = """\
x-title: {en: Matter, zh: 事项}
type: object
required: [subject]
properties:
  subject: {type: string, maxLength: 80, x-title: {en: Subject, zh: 主题}}
"""
ROLES = """\
roles:
  agent: {title: {en: Agent, zh: 座席}, permissions: [ticket.*, audit.verify]}
"""
FILES = {
    "workflows/matter.yaml": MATTER,
    "workflows/errand.yaml": ERRAND,
    "workflows/rush.yaml": RUSH,
    "forms/matter.yaml": FORM,
    "roles.yaml": ROLES,
}
# A killed process cannot see whether a commit was flushed to the disk; without the flushes it gets more done.
SETTINGS = """\
synchronous = "NORMAL"
[channels.sms]
driver = "http"
url = "http://127.0.0.1:{port}/send"
timeout = 5
[worker]
poll = 0.05
[limits]
sms = "{limits}"
"""
NO_LIMIT = ""


def make(root: Path, clock: Clock, *, port: int, limits: str = NO_LIMIT) -> None:
    """Make the workspace, with its people and its workflows."""
    for name, text in FILES.items():
        (root / name).parent.mkdir(exist_ok=True, parents=True)
        (root / name).write_text(text, encoding="utf-8")
    written = SETTINGS.format(port=port, limits=limits)
    (root / "casewright.toml").write_text(written, encoding="utf-8")
    with open_desk(settings(root), clock=clock, create=True) as desk:
        publish(desk, root, [root / "workflows"], actor=SYSTEM)
        hire(desk)


def settings(root: Path) -> Config:
    """The settings of the workspace."""
    return read_config(root)


def hire(desk: Desk) -> None:
    """Take on everybody who works there."""
    for name, phone in PHONES.items():
        person = SavePerson(
            actor=SYSTEM, name=name, roles=("agent",), phone=phone, language="en"
        )
        desk.execute_as_system(person)
