"""What changes is told to those who follow: at once, in order, and no more than they may see."""

import threading
from collections.abc import Iterator
from http.client import HTTPResponse
from typing import Any

import pytest

from casewright.commands import AddComment, OpenTicket, SavePerson
from casewright.desk import open_desk
from casewright.model import SYSTEM
from casewright.queries import ListChanges
from casewright.remote.desk import RemoteDesk

from .served import ADMIN, Served, eventually, founded, served

QUESTION = {"subject": "No signal", "question": "Why?"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("site") / "w"
    config = founded(root)
    with open_desk(config) as desk:
        for name in ("ned", "zoe"):
            desk.execute_as_system(
                SavePerson(actor=SYSTEM, name=name, roles=("client_representative",))
            )
    with served(root, "--no-worker") as serving:
        yield serving


def _as(site: Served, name: str) -> RemoteDesk:
    desk = RemoteDesk(site.address)
    desk.transport.headers["Casewright-Actor"] = name
    return desk


def _open(desk: RemoteDesk, name: str = ADMIN) -> str:
    opening = OpenTicket(actor=name, workflow="inquiry", fields=QUESTION)
    return desk.execute(opening).ticket


def _newest(desk: RemoteDesk, name: str = ADMIN) -> int:
    newest: int = desk.ask(ListChanges(actor=name)).until
    return newest


def test_whoever_begins_is_told_where_and_then_what_happened_since(site: Served) -> None:
    with _as(site, ADMIN) as desk:
        begin = _newest(desk)
        ticket = _open(desk)
        desk.execute(AddComment(actor=ADMIN, ticket=ticket, text="one"))

        page = desk.ask(ListChanges(actor=ADMIN, since=begin))

    assert [(one.ticket, one.sequence, one.kind) for one in page.changes][-1] == (
        ticket,
        page.changes[-1].sequence,
        "CommentAdded",
    )
    assert [one.number for one in page.changes] == sorted(one.number for one in page.changes)
    assert page.until == page.newest == page.changes[-1].number
    assert not page.more


def test_pages_go_on_where_the_last_one_ended(site: Served) -> None:
    with _as(site, ADMIN) as desk:
        begin = _newest(desk)
        for _ in range(3):
            _open(desk)
        whole = desk.ask(ListChanges(actor=ADMIN, since=begin)).changes
        found, since, more = [], begin, True
        while more:
            page = desk.ask(ListChanges(actor=ADMIN, since=since, limit=2))
            found += page.changes
            since, more = page.until, page.more

    assert tuple(found) == whole


def test_nobody_is_told_of_a_ticket_that_they_may_not_see(site: Served) -> None:
    with _as(site, ADMIN) as ada, _as(site, "ned") as ned:
        begin = _newest(ned, "ned")
        _open(ada)
        own = _open(ned, "ned")

        page = ned.ask(ListChanges(actor="ned", since=begin))

    assert {one.ticket for one in page.changes} == {own}
    assert page.until == page.newest


def test_a_number_of_a_workspace_that_was_put_back_is_answered_with_where_it_stands(
    site: Served,
) -> None:
    with _as(site, ADMIN) as desk:
        page = desk.ask(ListChanges(actor=ADMIN, since=10**9))

        assert (page.changes, page.until) == ((), page.newest)


def test_whoever_waits_is_woken_by_what_another_caller_does(site: Served) -> None:
    with _as(site, ADMIN) as desk, _as(site, ADMIN) as other:
        begin = _newest(desk)
        found = _waiting(desk, begin)
        eventually(lambda: _followers(other) == 1)

        ticket = _open(other)

        assert {one.ticket for one in found().changes} == {ticket}


def test_whoever_waits_is_woken_by_what_another_process_does(site: Served) -> None:
    with _as(site, ADMIN) as desk, _as(site, ADMIN) as other:
        begin = _newest(desk)
        found = _waiting(desk, begin)
        eventually(lambda: _followers(other) == 1)

        with open_desk(site.config, owned=True) as worker:
            opening = OpenTicket(actor=ADMIN, workflow="inquiry", fields=QUESTION)
            ticket = worker.execute(opening).ticket

        assert {one.ticket for one in found().changes} == {ticket}


def test_whoever_waits_is_not_woken_by_what_they_may_not_see(site: Served) -> None:
    with _as(site, "zoe") as zoe, _as(site, ADMIN) as ada:
        begin = _newest(zoe, "zoe")
        found = _waiting(zoe, begin)
        eventually(lambda: _followers(ada) == 1)

        _open(ada)
        own = _open_as(site, "zoe")

        assert {one.ticket for one in found().changes} == {own}


def test_a_stream_says_each_change_by_its_number_and_goes_on_where_it_was_cut(
    site: Served,
) -> None:
    with _as(site, ADMIN) as desk:
        begin = _newest(desk)
        tickets = [_open(desk) for _ in range(3)]
        first = _stream(site, {"since": str(begin)}, until=tickets[0])
        rest = _stream(site, {}, until=tickets[-1], last=first[-1]["id"])

    numbers = [int(one["id"]) for one in first + rest if one.get("event") == "change"]
    assert numbers == list(range(begin + 1, begin + 1 + len(numbers)))


def test_a_stream_tells_where_it_begins(site: Served) -> None:
    with _as(site, ADMIN) as desk:
        newest = _newest(desk)

    (begin,) = _stream(site, {}, until='"until"')

    assert (begin["event"], int(begin["id"])) == ("begin", newest)


@pytest.mark.parametrize(
    "said", ["since=-1", "since=x", "wait=-1", "wait=nan", "wait=61", "limit=x"]
)
def test_what_is_no_number_is_refused(site: Served, said: str) -> None:
    with _as(site, ADMIN) as desk, pytest.raises(Exception, match=r"no whole number|wait from"):
        desk.transport.get(f"/v1/changes?{said}")


def _open_as(site: Served, name: str) -> str:
    with _as(site, name) as desk:
        return _open(desk, name)


def _waiting(desk: RemoteDesk, since: int) -> Any:
    """Begin to wait for changes in a thread; return what returns what came."""
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(desk.changes(since, wait=30)))
    thread.start()

    def found() -> Any:
        thread.join()
        return answers[0]

    return found


def _followers(desk: RemoteDesk) -> float:
    with desk.transport.answer("GET", "/metrics") as response:
        lines = response.read().decode().splitlines()
    return next(
        float(one.split()[1]) for one in lines if one.startswith("casewright_followers ")
    )


def _stream(
    site: Served, said: dict[str, str], *, until: str, last: str = ""
) -> list[dict[str, str]]:
    """Return the events of a stream, up to the one whose data has `until` in it."""
    query = "&".join(f"{name}={value}" for name, value in said.items())
    headers = {"Accept": "text/event-stream", **({"Last-Event-ID": last} if last else {})}
    with (
        _as(site, ADMIN) as desk,
        desk.transport.answer("GET", f"/v1/changes?{query}", None, headers) as response,
    ):
        events = []
        for event in _events(response):
            if "data" in event:
                events.append(event)
            if until in event.get("data", ""):
                return events
    raise AssertionError("the stream ended")


def _events(response: HTTPResponse) -> Iterator[dict[str, str]]:
    event: dict[str, str] = {}
    for line in response:
        text = line.decode().rstrip("\n")
        if not text:
            yield event
            event = {}
        else:
            name, _, value = text.partition(": ")
            event[name] = value
