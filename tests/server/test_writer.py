"""One thread writes for everybody: what comes together is durable together, and each is answered for itself."""

import asyncio
import os
import socket
import sqlite3
import stat
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from casewright.commands import AddComment, Command, OpenTicket, SavePerson
from casewright.config import Config
from casewright.desk import Desk, open_desk
from casewright.desk.door import Door
from casewright.errors import CasewrightError, DatabaseUnusable, NotFound, ServerRefused
from casewright.logs import Log
from casewright.model import SYSTEM, Receipt
from casewright.queries import GetHistory, ListTickets
from casewright.server import callers, waiting, writer_thread
from casewright.server.frames import framed
from casewright.server.listening import writer_path, writer_socket
from casewright.server.metrics import Metrics
from casewright.server.readers import AT_ONCE, MOST_WAITING, QUICK, Readers
from casewright.server.writer_link import WriterLink
from casewright.server.writer_thread import WriterThread
from casewright.server.writing import _Served
from casewright.store.database import Connection, open_sqlite
from casewright.store.turns import Turn

from .served import ADMIN, PATIENCE, founded

QUESTION = {"subject": "No signal", "question": "Why?"}
DOOR = Door(name="api", actor=ADMIN)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return founded(tmp_path_factory.mktemp("writer") / "w")


@contextmanager
def _writing(
    config: Config, driver: Any = open_sqlite
) -> Iterator[tuple[WriterThread, list[int]]]:
    groups: list[int] = []
    made = WriterThread(
        lambda: open_desk(config, owned=True, driver=driver),
        committed=lambda outcomes: groups.append(len(outcomes)),
    )
    made.start()
    try:
        yield made, groups
    finally:
        made.stop()


def _open() -> OpenTicket:
    return OpenTicket(actor=ADMIN, workflow="inquiry", fields=QUESTION)


def _comment(ticket: str, text: str = "x") -> AddComment:
    return AddComment(actor=ADMIN, ticket=ticket, text=text)


def _all(made: WriterThread, commands: Sequence[Command]) -> list[Any]:
    """Have all wait before the first is carried out; return what came of each."""

    async def said() -> list[Any]:
        asked = [made.execute(one, DOOR) for one in commands]
        return await asyncio.gather(*asked, return_exceptions=True)

    return asyncio.run(said())


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Keeps the writer from beginning until it is set, so that what a test says waits together."""
    go, first = threading.Event(), waiting.Queue.first
    monkeypatch.setattr(writer_thread, "LONGEST_GROUP", 60)
    monkeypatch.setattr(waiting.Queue, "first", lambda self: (go.wait(), first(self))[1])
    return go


def _together(
    made: WriterThread, held: threading.Event, commands: Sequence[Command]
) -> list[Any]:
    async def said() -> list[Any]:
        asked = [asyncio.ensure_future(made.execute(one, DOOR)) for one in commands]
        await asyncio.sleep(0)
        held.set()
        return await asyncio.gather(*asked, return_exceptions=True)

    return asyncio.run(said())


def test_what_waits_together_is_one_commit_and_a_refusal_undoes_only_itself(
    config: Config, held: threading.Event
) -> None:
    with _writing(config) as (made, groups):
        found = _together(made, held, [_open(), _comment("INQ-1999-000001"), _open()])

    assert [type(one) for one in found] == [Receipt, NotFound, Receipt]
    assert groups == [3]
    with open_desk(config) as desk:
        assert {found[0].ticket, found[2].ticket} <= {
            one.key for one in desk.ask(ListTickets(actor=ADMIN)).tickets
        }


def test_what_one_caller_says_is_done_in_the_order_in_which_it_was_said(config: Config) -> None:
    with _writing(config) as (made, _):
        ticket = _all(made, [_open()])[0].ticket
        receipts = _all(made, [_comment(ticket, str(number)) for number in range(20)])

    assert [one.sequence for one in receipts] == sorted(one.sequence for one in receipts)
    with open_desk(config) as desk:
        history = desk.ask(GetHistory(actor=ADMIN, ticket=ticket))
        said = [one.private["comment"] for one in history if one.kind == "CommentAdded"]
    assert said == [str(number) for number in range(20)]


def test_what_changes_how_all_go_on_is_made_durable_alone(
    config: Config, held: threading.Event
) -> None:
    person = SavePerson(actor=ADMIN, name="mia", roles=("agent",))
    with _writing(config) as (made, groups):
        found = _together(made, held, [_open(), person, _open(), _open()])

    assert not any(isinstance(one, BaseException) for one in found)
    assert groups == [1, 1, 2]


def test_a_command_said_again_is_answered_as_it_was(config: Config) -> None:
    with _writing(config) as (made, _):
        command = _open()
        first, again = _all(made, [command, command])

    assert (first.ticket, first.repeated, again.repeated) == (again.ticket, False, True)


class _Failing:
    """A driver's connection whose commits fail when it is told to."""

    def __init__(self, path: Path) -> None:
        self._inner: Any = open_sqlite(path)
        self.failures = 0

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        if sql == "COMMIT" and self.failures:
            self.failures -= 1
            raise sqlite3.OperationalError("disk I/O error")
        return self._inner.execute(sql, parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


@pytest.mark.parametrize(("failures", "durable"), [(1, True), (10, False)])
def test_where_the_commit_fails_everybody_is_told_so_or_is_served_alone(
    config: Config, held: threading.Event, failures: int, durable: bool
) -> None:
    opened: list[_Failing] = []

    def driver(path: Path) -> Connection:
        opened.append(_Failing(path))
        return opened[-1]

    with _writing(config, driver) as (made, _):
        opened[0].failures = failures
        missing = _comment("INQ-1999-000001")
        found = _together(made, held, [_open(), missing, _open(), _open()])

    kinds = [type(one) for one in found]
    outcome = Receipt if durable else DatabaseUnusable
    assert kinds == [outcome, NotFound, outcome, outcome]


def test_commands_said_together_are_all_done_or_none(config: Config) -> None:
    async def said(made: WriterThread, *commands: Command, trial: bool = False) -> Any:
        return await made.together(commands, DOOR, trial=trial)

    with _writing(config) as (made, _):
        ticket = _all(made, [_open()])[0].ticket
        refused = asyncio.run(said(made, _comment(ticket), _comment(ticket, " ")))
        tried = asyncio.run(said(made, _comment(ticket), trial=True))
        done = asyncio.run(said(made, _comment(ticket, "one"), _comment(ticket, "two")))

    assert [isinstance(one, Receipt) for one in refused + tried + done] == [
        True,
        False,
        True,
        True,
        True,
    ]
    with open_desk(config) as desk:
        history = desk.ask(GetHistory(actor=ADMIN, ticket=ticket))
    assert [one.private["comment"] for one in history if one.kind == "CommentAdded"] == [
        "one",
        "two",
    ]


def test_the_product_itself_says_what_nobody_may(config: Config) -> None:
    command = SavePerson(actor=SYSTEM, name="leo", roles=("agent",))
    with _writing(config) as (made, _):
        (refused,) = _all(made, [command])

        assert isinstance(refused, CasewrightError)
        assert asyncio.run(made.execute_as_system(command)) is not None


def test_when_too_many_wait_the_next_is_told_to_come_again(
    config: Config, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_thread, "MOST_WAITING", 2)
    with _writing(config) as (made, _):
        found = _together(made, held, [_open(), _open(), _open()])

    assert [type(one) for one in found] == [Receipt, Receipt, ServerRefused]
    assert (found[2].status, found[2].wait_seconds > 0) == (503, True)


class _Gone(BaseException):
    """What no command answers with."""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_whatever_ends_a_group_everybody_in_it_is_told(
    config: Config, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried_out, inside = list[int](), writer_thread._outcome

    def outcome(desk: Desk, one: waiting.Waiting) -> Any:
        carried_out.append(1)
        if len(carried_out) == 3:
            raise _Gone
        return inside(desk, one)

    monkeypatch.setattr(writer_thread, "_outcome", outcome)
    with _writing(config) as (made, _):
        found = _together(made, held, [_open() for _ in range(4)])

    assert [type(one) for one in found] == [_Gone] * 4


def test_a_connection_on_which_nothing_can_be_taken_is_ended_and_it_is_written_down() -> None:
    ours, theirs = socket.socketpair()
    ours.settimeout(PATIENCE)
    log = Mock(Log)
    with ours, theirs:
        _Served(theirs, Mock(WriterThread), log).thread.start()
        ours.sendall(framed("no command"))

        assert ours.recv(1) == b""
    assert log.incident.call_count == 1


def test_what_another_user_listens_with_is_taken_for_no_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callers, "user_at", lambda opened: os.geteuid() + 1)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "writer"))
        listening.listen()
        link = WriterLink(tmp_path / "writer", Metrics(), lambda: None)

        with pytest.raises(PermissionError):
            asyncio.run(link._connected())


def test_only_its_own_user_may_open_the_writers_socket(config: Config) -> None:
    before = os.umask(0)
    try:
        with writer_socket(config):
            assert stat.S_IMODE(writer_path(config).stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_one_who_went_away_holds_nobody_up(config: Config, held: threading.Event) -> None:
    async def said(made: WriterThread) -> Receipt:
        gone = asyncio.ensure_future(made.execute(_open(), DOOR))
        await asyncio.sleep(0)
        gone.cancel()
        held.set()
        return await made.execute(_open(), DOOR)

    with _writing(config) as (made, _):
        assert asyncio.run(said(made)).ticket


def test_long_questions_do_not_hold_up_short_ones(config: Config) -> None:
    release = threading.Event()
    readers = Readers(lambda: open_desk(config, owned=True), Metrics())

    async def asked() -> Any:
        slow = [
            asyncio.ensure_future(
                readers.at_a_desk(DOOR, lambda desk: release.wait(), lane="long")
            )
            for _ in range(AT_ONCE["long"] + 1)
        ]
        try:
            return await readers.ask(ListTickets(actor=ADMIN), DOOR)
        finally:
            release.set()
            await asyncio.gather(*slow)

    assert asyncio.run(asked()).tickets is not None
    readers.stop()


def test_whoever_asks_without_end_leaves_places_for_others(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOST_WAITING, QUICK, 10)
    readers = Readers(lambda: open_desk(config, owned=True), Metrics())
    release, busy = threading.Event(), AT_ONCE[QUICK]

    async def all_of_them() -> tuple[list[object], object]:
        nobody, other = Door(name="api", actor=""), Door(name="api", actor="ben")
        under_way = [
            asyncio.ensure_future(readers.at_a_desk(nobody, lambda desk: release.wait()))
            for _ in range(busy)
        ]
        await asyncio.sleep(0)
        while readers.waiting:
            await asyncio.sleep(0)
        waiting = [
            asyncio.ensure_future(readers.at_a_desk(DOOR, lambda desk: 1)) for _ in range(4)
        ]
        late = asyncio.ensure_future(readers.at_a_desk(other, lambda desk: 2))
        await asyncio.sleep(0)
        release.set()
        await asyncio.gather(*under_way)
        return await asyncio.gather(*waiting, return_exceptions=True), await late

    found, late = asyncio.run(all_of_them())

    assert found[:2] == [1, 1]
    assert [type(one) for one in found[2:]] == [ServerRefused] * 2
    assert late == 2
    readers.stop()


def test_a_question_that_nobody_waits_for_any_more_is_not_begun(config: Config) -> None:
    release, begun = threading.Event(), list[int]()
    readers = Readers(lambda: open_desk(config, owned=True), Metrics())

    def busy(desk: Desk) -> None:
        release.wait()

    async def asked() -> None:
        held = [
            asyncio.ensure_future(readers.at_a_desk(DOOR, busy)) for _ in range(AT_ONCE[QUICK])
        ]
        late = asyncio.ensure_future(readers.at_a_desk(DOOR, lambda desk: begun.append(1)))
        await asyncio.sleep(0)
        late.cancel()
        await asyncio.gather(late, return_exceptions=True)
        release.set()
        await asyncio.gather(*held)

    asyncio.run(asked())
    readers.stop()
    assert begun == []


def test_a_turn_is_handed_on_in_the_order_in_which_it_was_asked_for(tmp_path: Path) -> None:
    turn, order, waits = Turn(tmp_path / "x"), list[int](), list[threading.Thread]()
    assert turn.take(1)

    def wait(number: int) -> None:
        assert turn.take(30)
        order.append(number)
        turn.give()

    for number in range(5):
        waits.append(threading.Thread(target=wait, args=(number,)))
        waits[-1].start()
        while len(turn._waiting) <= number:
            pass
    turn.give()
    for one in waits:
        one.join()

    assert order == [0, 1, 2, 3, 4]
    assert turn.take(0)
    assert not turn.take(0)
