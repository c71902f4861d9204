"""One desk for many threads and loops: whoever comes together is durable together, and a lone caller waits for nobody."""

import asyncio
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from casewright.commands import AddComment, OpenTicket, SavePreference
from casewright.config import Config
from casewright.desk.shared_desk import SharedDesk, open_shared_desk
from casewright.errors import DatabaseUnusable, NotFound, ServerRefused
from casewright.model import Receipt
from casewright.queries import GetHistory, VerifyAudit
from casewright.store.database import Connection, Cursor, library, open_for_threads

from ..conftest import ROOT, settings

AGENT = "chen_jing"
PATIENCE = 60


class Watched:
    """A connection that counts what it runs, and does what a test says before a commit."""

    def __init__(self, path: Path) -> None:
        self._connection = open_for_threads(path)
        self.said: list[tuple[str, int]] = []
        self.before_commit: Callable[[], None] = lambda: None
        self.close = self._connection.close

    def execute(self, statement: str, parameters: Sequence[Any] = (), /) -> Cursor:
        word = statement.split()[0]
        if word == "COMMIT":
            self.before_commit()
        self.said.append((word, threading.get_ident()))
        return self._connection.execute(statement, parameters)

    @property
    def in_transaction(self) -> bool:
        return bool(self._connection.in_transaction)  # type: ignore[attr-defined]

    def times(self, word: str) -> int:
        return sum(said == word for said, _ in self.said)


@pytest.fixture
def config(centre_database: Path, tmp_path: Path) -> Config:
    found = settings(ROOT, tmp_path)
    shutil.copyfile(centre_database, found.database)
    return found


@pytest.fixture
def shared(config: Config) -> Iterator[tuple[SharedDesk, Watched]]:
    made: list[Watched] = []

    def driver(path: Path) -> Connection:
        made.append(Watched(path))
        return made[-1]

    with open_shared_desk(config, driver=driver) as desk:
        desk._longest = PATIENCE
        yield desk, made[-1]


def _open(desk: SharedDesk) -> str:
    fields = {"subject": "No signal", "question": "Why?"}
    return desk.execute(OpenTicket(actor=AGENT, workflow="inquiry", fields=fields)).ticket


def _comment(ticket: str, text: str = "seen") -> AddComment:
    return AddComment(actor=AGENT, ticket=ticket, text=text)


class Held:
    """Keeps the first commit from being done until so many others wait for the desk."""

    def __init__(self, desk: SharedDesk, watched: Watched) -> None:
        self.commits, self.go, self.begun = 0, threading.Event(), threading.Event()
        self._desk = desk
        watched.before_commit = self._before

    def _before(self) -> None:
        self.commits += 1
        if self.commits == 1:
            self.begun.set()
            assert self.go.wait(PATIENCE)

    def until_waiting(self, many: int) -> None:
        until = threading.Event()
        for _ in range(PATIENCE * 1000):
            if len(self._desk._waiting) >= many:
                return
            until.wait(0.001)
        raise AssertionError("they do not wait")


def test_a_lone_caller_is_carried_out_in_its_own_thread_without_a_savepoint(
    shared: tuple[SharedDesk, Watched],
) -> None:
    desk, watched = shared
    ticket = _open(desk)
    watched.said.clear()

    desk.execute(_comment(ticket))

    assert {thread for _, thread in watched.said} == {threading.get_ident()}
    assert (watched.times("COMMIT"), watched.times("SAVEPOINT")) == (1, 0)


def test_who_comes_while_somebody_is_carried_out_shares_one_commit_and_is_answered_after_it(
    shared: tuple[SharedDesk, Watched], config: Config
) -> None:
    desk, watched = shared
    ticket = _open(desk)
    held = Held(desk, watched)
    answered: list[Any] = []

    def say(number: int) -> None:
        try:
            answered.append(desk.execute(_comment(ticket, f"line {number}")))
        except NotFound as missing:
            answered.append(missing)

    def say_of_none() -> None:
        with pytest.raises(NotFound):
            desk.execute(_comment("INQ-1999-000001"))

    with ThreadPoolExecutor(32) as threads:
        said = [threads.submit(say, 0)]
        assert held.begun.wait(PATIENCE)
        said += [threads.submit(say, number) for number in range(1, 20)]
        said.append(threads.submit(say_of_none))
        held.until_waiting(20)
        nobody_yet = list(answered)
        held.go.set()
        for one in said:
            one.result(PATIENCE)

    assert nobody_yet == []
    # The first one's, theirs, and the one that keeps on record that somebody was refused.
    assert (len(answered), held.commits) == (20, 3)
    assert all(isinstance(one, Receipt) for one in answered)
    assert len(desk.ask(GetHistory(actor=AGENT, ticket=ticket))) == 21


def test_a_loop_goes_on_while_its_commands_are_carried_out_together(
    shared: tuple[SharedDesk, Watched],
) -> None:
    desk, watched = shared
    ticket = _open(desk)
    held = Held(desk, watched)

    async def said() -> list[Any]:
        asked = [asyncio.ensure_future(desk.execute_soon(_comment(ticket))) for _ in range(16)]
        while len(desk._waiting) < 15:
            await asyncio.sleep(0.001)
        held.go.set()
        refused = desk.execute_soon(_comment("INQ-1999-000001"))
        return await asyncio.gather(*asked, refused, return_exceptions=True)

    found = asyncio.run(said())

    assert [type(one) for one in found] == [Receipt] * 16 + [NotFound]
    assert held.commits <= 4


def test_a_group_whose_commit_fails_is_carried_out_one_by_one(
    shared: tuple[SharedDesk, Watched],
) -> None:
    desk, watched = shared
    ticket = _open(desk)
    held = Held(desk, watched)
    failed: list[int] = []

    def fail_once() -> None:
        if held.go.is_set() and not failed:
            failed.append(1)
            raise library().OperationalError("disk I/O error")
        held._before()

    watched.before_commit = fail_once
    with ThreadPoolExecutor(8) as threads:
        said = [threads.submit(desk.execute, _comment(ticket))]
        assert held.begun.wait(PATIENCE)
        said += [threads.submit(desk.execute, _comment(ticket)) for _ in range(4)]
        held.until_waiting(4)
        held.commits = 1
        watched.before_commit = fail_once
        held.go.set()
        found = [one.result(PATIENCE) for one in said]

    assert failed
    assert len({one.sequence for one in found}) == 5


def test_what_changes_how_all_others_work_is_carried_out_alone(
    shared: tuple[SharedDesk, Watched],
) -> None:
    desk, watched = shared
    ticket = _open(desk)
    held = Held(desk, watched)
    alone = SavePreference(actor=AGENT, name="views", value={"first": "mine"})

    with ThreadPoolExecutor(8) as threads:
        said = [threads.submit(desk.execute, _comment(ticket))]
        assert held.begun.wait(PATIENCE)
        said.append(threads.submit(desk.execute, alone))
        held.until_waiting(1)
        said.append(threads.submit(desk.execute, _comment(ticket)))
        held.until_waiting(2)
        held.go.set()
        assert [one.exception(PATIENCE) for one in said] == [None] * 3

    assert held.commits == 3


def test_who_comes_when_too_many_wait_is_sent_away(
    config: Config, shared: tuple[SharedDesk, Watched]
) -> None:
    desk, watched = shared
    ticket = _open(desk)
    desk._most = 2
    held = Held(desk, watched)

    with ThreadPoolExecutor(4) as threads:
        said = [threads.submit(desk.execute, _comment(ticket))]
        assert held.begun.wait(PATIENCE)
        said += [threads.submit(desk.execute, _comment(ticket)) for _ in range(2)]
        held.until_waiting(2)
        with pytest.raises(ServerRefused):
            desk.execute(_comment(ticket))
        held.go.set()
        assert [one.exception(PATIENCE) for one in said] == [None] * 3


def test_many_threads_leave_every_chain_whole_and_nothing_that_was_answered_is_missing(
    shared: tuple[SharedDesk, Watched], config: Config
) -> None:
    desk, watched = shared
    tickets = [_open(desk) for _ in range(4)]
    before = watched.times("COMMIT")

    def work(number: int) -> int:
        for step in range(10):
            desk.execute(_comment(tickets[(number + step) % 4], f"{number}.{step}"))
        return 10

    with ThreadPoolExecutor(16) as threads:
        done = sum(threads.map(work, range(16)))

    stored = (
        sqlite3.connect(config.database).execute("SELECT count(*) FROM event").fetchone()[0]
    )
    assert (done, stored) == (160, 164)
    assert watched.times("COMMIT") - before < 160
    assert desk._desk.ask_as_system(VerifyAudit(actor="system")).ok


def test_the_next_one_leads_when_who_leads_meets_an_end_that_is_no_answer(
    shared: tuple[SharedDesk, Watched],
) -> None:
    desk, watched = shared
    ticket = _open(desk)
    held = Held(desk, watched)

    def interrupted() -> None:
        held._before()
        watched.before_commit = lambda: None
        raise KeyboardInterrupt

    watched.before_commit = interrupted
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(desk.execute, _comment(ticket))
        assert held.begun.wait(PATIENCE)
        others = [threads.submit(desk.execute, _comment(ticket)) for _ in range(2)]
        held.until_waiting(2)
        held.go.set()
        assert isinstance(first.exception(PATIENCE), KeyboardInterrupt)
        assert [one.exception(PATIENCE) for one in others] == [None, None]
    assert not isinstance(first.exception(), DatabaseUnusable)
