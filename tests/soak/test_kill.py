"""Clients killed under mixed load: nothing that was acknowledged is lost, nothing is half-written.

The test says so through the desk's front door, and two sabotages show that it would say otherwise: one
acknowledges too early, the other writes a ticket and its event in two transactions.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from casewright.answers import Verification
from casewright.commands import (
    AddComment,
    CastVote,
    Command,
    FireTransition,
    LinkTickets,
    MergeTickets,
    OpenTicket,
    SavePerson,
)
from casewright.desk import Desk, open_desk, publish
from casewright.errors import CasewrightError
from casewright.model import SYSTEM, Event, Ticket
from casewright.queries import GetHistory, ListTickets, VerifyAudit

from .kill_worker import PEOPLE, answer, read, settings

WORKER = Path(__file__).with_name("kill_worker.py")
CORE = Path(__file__).resolve().parents[2] / "core"

MATTER = """\
workflow: matter
language: 1
title: {en: Matter, zh: 事项}
prefix: MAT
form: matter
owner: user:ana
start: registered
reopen: {policy: continue, within: 30 days, by: anyone, to: parted}
states:
  registered:
    title: {en: Registered, zh: 已登记}
    transitions:
      split:
        by: anyone
        to: parted
        do:
          - {open: task, as: first, fields: {subject: "=fields.subject"}}
          - {open: task, as: second, fields: {subject: "=fields.subject"}}
  parted:
    title: {en: In parts, zh: 已拆分}
    transitions:
      more: {by: anyone, do: [{open: task, as: further, fields: {subject: "=fields.subject"}}, {tell: owner}]}
      submit: {by: anyone, to: approving, when: "children.open <= 2"}
  approving:
    title: {en: Approving, zh: 审批中}
    approve: {voters: role:agent, votes: "2", granted: done, denied: parted}
  done: {final: true, title: {en: Done, zh: 已办结}}
"""
TASK = """\
workflow: task
language: 1
title: {en: Task, zh: 任务}
prefix: TSK
form: matter
owner: user:ana
start: open
states:
  open:
    title: {en: Open, zh: 待办}
    transitions:
      finish: {by: anyone, to: done}
  done: {final: true, title: {en: Done, zh: 已完成}}
"""
FORM = """\
x-title: {en: Matter, zh: 事项}
type: object
required: [subject]
properties:
  subject: {type: string, maxLength: 80, x-title: {en: Subject, zh: 主题}}
"""
ROLES = (
    "roles:\n  agent: {title: {en: Agent, zh: 座席}, permissions: [ticket.*, audit.verify]}\n"
)
FILES = {
    "workflows/matter.yaml": MATTER,
    "workflows/task.yaml": TASK,
    "forms/matter.yaml": FORM,
    "roles.yaml": ROLES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What the clients said: the commands they began, the answers to those that were done, the refused ones."""

    began: Mapping[str, Command]
    done: Mapping[str, list[Any] | None]
    refused: frozenset[str]
    crashed: tuple[str, ...]

    @property
    def unanswered(self) -> list[Command]:
        """The commands of which nobody knows what became of them."""
        return [
            one
            for key, one in self.began.items()
            if key not in self.done and key not in self.refused
        ]


def load(root: Path, kills: int, *, seed: int, sabotage: str = "") -> Load:
    """Make a workspace, let clients work in it, and kill them `kills` times."""
    for name, text in FILES.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    with open_desk(settings(root), create=True) as desk:
        publish(desk, root, [root / "workflows"], actor=SYSTEM)
        for name in PEOPLE:
            desk.execute_as_system(SavePerson(actor=SYSTEM, name=name, roles=("agent",)))
    ran = subprocess.run(
        [sys.executable, str(WORKER), str(root), str(kills), str(seed), sabotage],
        env={**os.environ, "PYTHONPATH": str(CORE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    return Load(
        began={
            one["began"]["command_id"]: read(one["began"]) for one in said if "began" in one
        },
        done={one["done"]: one["answer"] for one in said if "done" in one},
        refused=frozenset(one["refused"] for one in said if "refused" in one),
        crashed=tuple(one["crashed"] for one in said if "crashed" in one),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The workspace as it was left: tickets and histories by key, and how often each command id is in them."""

    tickets: Mapping[str, Ticket]
    events: Mapping[str, tuple[Event, ...]]
    times: Counter[str]
    verified: Verification

    def halves(self) -> Iterator[str]:
        """Say which tickets have only a part of what one command does to several."""
        for key, ticket in self.tickets.items():
            children = [one for one in self.tickets.values() if one.parent == key]
            if ticket.children_count != len(children):
                yield f"{key} counts {ticket.children_count} children, there are {len(children)}"
            if ticket.children_open != sum(child.open for child in children):
                yield f"{key} counts {ticket.children_open} open children"
            for role, other in ticket.links:
                if (role, key) not in self.tickets[other].links:
                    yield f"{key} is linked with {other}, which knows nothing of it"
            if (
                ticket.merged_into is not None
                and ("merged", key) not in self.tickets[ticket.merged_into].links
            ):
                yield f"{key} was merged into {ticket.merged_into}, which knows nothing of it"
            for event in self.events[key]:
                yield from (
                    f"{key} opened {one}"
                    for one in event.facts.get("opened", ())
                    if one not in self.tickets
                )


def findings(desk: Desk) -> Findings:
    tickets: dict[str, Ticket] = {}
    after = None
    while True:
        page = desk.ask(ListTickets(actor="ana", limit=1000, after=after))
        tickets |= {ticket.key: ticket for ticket in page.tickets}
        after = page.after
        if after is None:
            break
    events = {key: desk.ask(GetHistory(actor="ana", ticket=key)) for key in tickets}
    ids = (event.command_id for history in events.values() for event in history)
    times = Counter(one for one in ids if one is not None)
    return Findings(
        tickets=tickets, events=events, times=times, verified=desk.ask(VerifyAudit(actor="ana"))
    )


def nothing_is_lost_or_halved(
    root: Path, kills: int, *, seed: int, kinds: set[type[Command]]
) -> None:
    given = load(root, kills, seed=seed)

    with open_desk(settings(root)) as desk:
        found = findings(desk)
        answers_again = {key: answer(desk.execute(given.began[key])) for key in given.done}
        repeated = [repeat(desk, command) for command in given.unanswered]
        after = findings(desk)

    assert given.crashed == ()
    assert len(given.done) > kills, "the clients hardly worked"
    assert len(given.unanswered) > kills / 5, "hardly a client was killed at work"
    assert {type(given.began[key]) for key in given.done} >= kinds
    assert [key for key in given.done if found.times[key] != 1] == []
    assert answers_again == given.done
    assert found.verified.ok, found.verified.first_broken
    assert list(found.halves()) == []
    assert all(first == second for first, second in repeated)
    assert max(after.times.values()) == 1
    assert after.verified.ok, after.verified.first_broken
    assert list(after.halves()) == []


KINDS = {
    "OpenTicket",
    "FireTransition",
    "AddComment",
    "LinkTickets",
    "MergeTickets",
    "CastVote",
}


def repeat(desk: Desk, command: Command) -> tuple[Any, Any]:
    """Give a command twice more; return what it came to each time."""
    return result(desk, command), result(desk, command)


def result(desk: Desk, command: Command) -> Any:
    try:
        return answer(desk.execute(command))
    except CasewrightError as refusal:
        return refusal.code


def test_25_kills_lose_no_acknowledged_command_and_leave_no_half_written_ticket(tmp_path):
    nothing_is_lost_or_halved(tmp_path, 25, seed=1, kinds={OpenTicket, FireTransition})


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_500_kills_lose_no_acknowledged_command_and_leave_no_half_written_ticket(tmp_path):
    kinds = {OpenTicket, FireTransition, AddComment, LinkTickets, MergeTickets, CastVote}

    nothing_is_lost_or_halved(tmp_path, 500, seed=2, kinds=kinds)


def test_an_acknowledgement_before_the_commit_is_found_out(tmp_path):
    given = load(tmp_path, 25, seed=3, sabotage="early")

    with open_desk(settings(tmp_path)) as desk:
        found = findings(desk)

    lost = [key for key in given.done if key not in given.refused and found.times[key] != 1]
    assert lost


def test_a_ticket_and_its_event_in_two_transactions_are_found_out(tmp_path):
    assert any(_is_torn(tmp_path / str(seed), seed) for seed in range(4, 12))


def _is_torn(root, seed):
    """Return whether 25 kills came between the two; on a busy machine none of them may."""
    root.mkdir()
    load(root, 25, seed=seed, sabotage="torn")
    with open_desk(settings(root)) as desk:
        return not desk.ask(VerifyAudit(actor="ana")).ok
