"""Many processes at one workspace: one winner per version, and nobody is turned away by a lock."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from casewright.commands import FireTransition, OpenTicket, SavePerson
from casewright.config import Config
from casewright.desk import database_status, open_desk, publish
from casewright.errors import Conflict
from casewright.model import SYSTEM
from casewright.queries import GetHistory, GetTicket, VerifyAudit
from casewright.store.database import Cursor, library, open_sqlite

CONTENDER = Path(__file__).with_name("contender.py")
CORE = Path(__file__).resolve().parents[2] / "core"
PROCESSES = 8
TRANSITIONS = 1000
MAKERS = 4
DATABASES = 10

WORKFLOW = """\
workflow: matter
language: 1
title: {en: Matter, zh: 事项}
prefix: MAT
owner: user:ana
start: working
states:
  working:
    title: {en: Working, zh: 办理中}
    transitions:
      note: {by: anyone}
      close: {to: closed, by: anyone}
  closed: {final: true, title: {en: Closed, zh: 已办结}}
"""
ROLES = (
    "roles:\n  agent: {title: {en: Agent, zh: 座席}, permissions: [ticket.*, audit.verify]}\n"
)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A workspace with one ticket, MAT-<year>-000001."""
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows/matter.yaml").write_text(WORKFLOW, encoding="utf-8")
    (tmp_path / "roles.yaml").write_text(ROLES, encoding="utf-8")
    config = Config(
        root=tmp_path, database=tmp_path / "casewright.db", attachments=tmp_path / "files"
    )
    with open_desk(config, create=True) as desk:
        publish(desk, tmp_path, [tmp_path / "workflows"], actor=SYSTEM)
        desk.execute_as_system(SavePerson(actor=SYSTEM, name="ana", roles=("agent",)))
    return config


def opened(config: Config) -> str:
    with open_desk(config) as desk:
        return desk.execute(OpenTicket(actor="ana", workflow="matter")).ticket


def at_once(count: int, rounds: int, *words: str) -> list[Any]:
    """Run `count` contenders, begin each round when all are ready, and return what each of them answers."""
    command = [sys.executable, str(CONTENDER), *words, str(rounds)]
    with ExitStack() as running:
        processes = [running.enter_context(contender(command)) for _ in range(count)]
        for _ in range(rounds):
            for process in processes:
                assert process.stdout is not None
                assert process.stdout.readline() == "ready\n", process.communicate()[1]
            for process in processes:
                assert process.stdin is not None
                process.stdin.write("go\n")
                process.stdin.flush()
        answers = []
        for process in processes:
            answer, complaint = process.communicate()
            assert process.returncode == 0, complaint
            answers.append(json.loads(answer))
    return answers


def contender(command: Sequence[str]) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(CORE)}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment
    )


def test_of_a_thousand_concurrent_transitions_one_wins_per_version_and_all_others_meet_a_conflict(
    config,
):
    key = opened(config)
    rounds = TRANSITIONS // PROCESSES

    answers = at_once(PROCESSES, rounds, "transitions", str(config.database), key)

    became = Counter((version, kind) for answer in answers for kind, version in answer)
    assert became == Counter(
        {(version, "won"): 1 for version in range(1, rounds + 1)}
        | {(version, "conflict"): PROCESSES - 1 for version in range(1, rounds + 1)}
    )
    with open_desk(config) as desk:
        ticket = desk.ask(GetTicket(actor="ana", ticket=key))
        history = desk.ask(GetHistory(actor="ana", ticket=key))
        verified = desk.ask(VerifyAudit(actor="ana"))
    assert ticket.version == rounds + 1
    assert [event.version for event in history] == list(range(1, rounds + 2))
    assert verified.ok


def test_a_transition_decided_on_a_version_that_was_overtaken_meets_a_conflict_every_time(
    config,
):
    key = opened(config)
    with open_desk(config) as ahead, open_desk(config) as behind:
        for _ in range(20):
            read = behind.ask(GetTicket(actor="ana", ticket=key)).version
            note = FireTransition(actor="ana", ticket=key, transition="note", version=read)
            late = FireTransition(actor="ana", ticket=key, transition="note", version=read)

            ahead.execute(note)
            with pytest.raises(Conflict) as refusal:
                behind.execute(late)

            assert (refusal.value.expected, refusal.value.actual) == (read, read + 1)


def test_processes_that_make_new_databases_at_once_all_find_them_made(tmp_path):
    answers = at_once(MAKERS, DATABASES, "migrate", str(tmp_path))

    for number in range(DATABASES):
        database = tmp_path / f"{number}.db"
        status = database_status(Config(root=tmp_path, database=database, attachments=tmp_path))
        assert status.version == status.newest
        assert status.pragmas["journal_mode"] == "wal"
        assert {answer[number] for answer in answers} == {status.newest}


def test_the_lock_that_sqlite_does_not_wait_for_is_waited_for(config):
    met = []

    class Locked:
        """A driver's connection that meets another one on its way to the write-ahead log."""

        def __init__(self, path: Path) -> None:
            self._connection = open_sqlite(path)
            self.close = self._connection.close

        def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Cursor:
            if statement == "PRAGMA journal_mode=WAL" and len(met) < 3:
                met.append(statement)
                raise library().OperationalError("database is locked")
            return self._connection.execute(statement, parameters)

    with open_desk(config, driver=Locked) as desk:
        assert desk.ask(VerifyAudit(actor="ana")).ok

    assert len(met) == 3
