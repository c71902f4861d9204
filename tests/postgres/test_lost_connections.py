"""Connections are killed while people work: nothing that was answered is lost, nothing is done twice, nobody is told."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from casewright.commands import AddComment, OpenTicket
from casewright.desk import open_desk
from casewright.desk.shared_desk import open_shared_desk
from casewright.errors import DatabaseUnusable
from casewright.queries import GetHistory, ListTickets, VerifyAudit

from .own_server import Server, running
from .test_store import config_of, made_desk

SEED = 20261123


@pytest.fixture
def address(server: Server) -> str:
    return server.address(f"s{uuid4().hex}")


@contextmanager
def killing(address: str, kills: int) -> Iterator[list[int]]:
    """Kill connections of people at work, at random moments, so many as the test asks.

    Yields how many there were, and how many answers: where the machine is slow the next one waits until somebody was
    answered, so that it is not the pace of the kills by which a command is out of luck.
    """
    done, ended = [0, 0], threading.Event()
    chance = random.Random(SEED)

    def kill() -> None:
        with psycopg.connect(address, autocommit=True) as other:
            while not ended.is_set() and done[0] < kills:
                seen, until = done[1], time.monotonic() + 2
                time.sleep(chance.uniform(0.002, 0.02))
                while done[1] == seen and time.monotonic() < until and not ended.is_set():
                    time.sleep(0.001)
                row = other.execute(
                    "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity"
                    " WHERE application_name = 'casewright' AND query NOT LIKE 'SET %' ORDER BY random() LIMIT 1) AS one"
                ).fetchone()
                done[0] += int(row[0]) if row else 0

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield done
    finally:
        ended.set()
        killer.join()


def comments(folder: Path, address: str, ticket: str) -> Counter[str]:
    with open_desk(config_of(folder, address)) as desk:
        history = desk.ask(GetHistory(actor="ana", ticket=ticket))
        assert desk.ask(VerifyAudit(actor="ana")).ok
    return Counter(one.private["comment"] for one in history if one.kind == "CommentAdded")


def worked(
    callers: int, say: Callable[[int, str], None], done: list[int], kills: int
) -> tuple[set[str], list[Exception]]:
    """Let callers speak until there were enough kills; return what was answered, and what went wrong."""
    answered, wrong = set[str](), list[Exception]()

    def work(caller: int) -> None:
        for number in range(100_000):
            text = f"{caller} says {number}"
            try:
                say(caller, text)
                answered.add(text)
                done[1] += 1
            except Exception as error:  # noqa: BLE001 (looked at by the test)
                wrong.append(error)
            if done[0] >= kills:
                return

    threads = [threading.Thread(target=work, args=(one,)) for one in range(callers)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return answered, wrong


KILLS = [50, pytest.param(500, marks=[pytest.mark.soak, pytest.mark.timeout(600)])]


@pytest.mark.parametrize("kills", KILLS)
def test_desks_whose_connections_are_killed_answer_and_lose_nothing(tmp_path, address, kills):
    with made_desk(tmp_path, address) as desk:
        ticket = desk.execute(OpenTicket(actor="ana", workflow="parcel")).ticket
    desks = [open_desk(config_of(tmp_path, address)) for _ in range(3)]

    def say(caller: int, text: str) -> None:
        desks[caller].execute(AddComment(actor="ana", ticket=ticket, text=text))
        assert desks[caller].ask(ListTickets(actor="ana")).tickets

    with killing(address, kills) as done:
        answered, wrong = worked(3, say, done, kills)
    for one in desks:
        one.close()

    found = comments(tmp_path, address, ticket)
    assert done[0] >= kills
    assert wrong == []
    assert set(found) == answered
    assert set(found.values()) == {1}


@pytest.mark.parametrize("kills", KILLS)
def test_those_who_share_a_commit_are_answered_each_and_lose_nothing(tmp_path, address, kills):
    with made_desk(tmp_path, address) as desk:
        ticket = desk.execute(OpenTicket(actor="ana", workflow="parcel")).ticket

    with open_shared_desk(config_of(tmp_path, address)) as shared:

        def say(caller: int, text: str) -> None:
            shared.execute(AddComment(actor="ana", ticket=ticket, text=text))

        with killing(address, kills) as done:
            answered, wrong = worked(6, say, done, kills)

    found = comments(tmp_path, address, ticket)
    assert wrong == []
    assert set(found) == answered
    assert set(found.values()) == {1}


def test_who_is_not_asked_again_is_found_out(tmp_path, address, monkeypatch):
    """The harness sees what it is for: without asking again somebody is told that the connection was lost."""
    monkeypatch.setattr("casewright.desk.settling.WITHIN", -1.0)
    with made_desk(tmp_path, address) as desk:
        ticket = desk.execute(OpenTicket(actor="ana", workflow="parcel")).ticket

        def say(_: int, text: str) -> None:
            desk.execute(AddComment(actor="ana", ticket=ticket, text=text))

        with killing(address, 50) as done:
            _, wrong = worked(1, say, done, 50)

    assert wrong
    assert {type(one) for one in wrong} == {DatabaseUnusable}


@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_a_server_that_is_started_anew_is_noticed_by_nobody(tmp_path, how):
    with running() as own:
        address = own.address("w")
        with made_desk(tmp_path, address) as desk:
            ticket = desk.execute(OpenTicket(actor="ana", workflow="parcel")).ticket
        desks = [open_desk(config_of(tmp_path, address)) for _ in range(2)]
        done = [0, 0]

        def say(caller: int, text: str) -> None:
            desks[caller].execute(AddComment(actor="ana", ticket=ticket, text=text))

        def start_anew() -> None:
            for _ in range(2):
                time.sleep(0.3)
                own.stop(how)
                own.start()
            time.sleep(0.3)
            done[0] = 1

        restarting = threading.Thread(target=start_anew)
        restarting.start()
        answered, wrong = worked(2, say, done, 1)
        restarting.join()
        for one in desks:
            one.close()

        assert wrong == []
        found = comments(tmp_path, address, ticket)
        assert answered == set(found)
        assert set(found.values()) == {1}
