"""What a caller makes of a server that is slow, busy, gone, or not what it should be."""

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from casewright.cli.refusal import refusal_lines
from casewright.commands import AddComment
from casewright.errors import CommandRefused, ServerRefused, ServerUnreachable
from casewright.exchange.fetched import fetch_backup
from casewright.queries import ListPeople
from casewright.remote import connecting, transport
from casewright.remote.desk import RemoteDesk
from casewright.remote.transport import Reaching
from casewright.texts import Texts

from .certificates import made

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]"
BUSY = b"HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 2\r\n\r\n{}"
TOO_MANY = b"HTTP/1.1 429 Too Many\r\nRetry-After: 1\r\nContent-Length: 2\r\n\r\n{}"
RECEIPT = b'{"ticket":"A-1","answer":null}'
BROKEN_OFF = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{"bytes": 100}\n'
CUT_OFF = b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[{"name":'
A_PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"
STAFF = ListPeople(actor="ana")


@dataclass
class Scripted:
    """A server that answers each request with the next octets of its script; None is to hang up, and silence to say nothing."""

    path: str
    script: list[bytes | None]
    asked: list[bytes] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def serve(self, listening: socket.socket) -> None:
        """Answer until the listening socket is closed."""
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while request := _request(connection):
                if b"/health" in request:
                    self.asked.append(b"health")
                    connection.sendall(OK)
                    continue
                self.asked.append(request)
                answer = self.script.pop(0)
                if answer is None:
                    return
                if answer == SILENCE:
                    self.done.wait(60)
                    answer = OK
                connection.sendall(answer)
                if answer == BROKEN_OFF or answer.endswith(CUT_OFF[-9:]):
                    return


def _request(connection: socket.socket) -> bytes:
    """Return a whole request, which may come in pieces; nothing where there is no more."""
    came = b""
    while True:
        head, end, body = came.partition(b"\r\n\r\n")
        length = re.search(rb"Content-Length: (\d+)", head)
        if end and len(body) >= int(length.group(1) if length else 0):
            return came
        piece = connection.recv(1 << 16)
        if not piece:
            return b""
        came += piece


SILENCE = b"silence"
Start = Callable[..., tuple[Scripted, RemoteDesk]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a server with a script; return it, and a desk that talks to it."""
    with TemporaryDirectory(prefix="cw-") as folder, socket.socket(socket.AF_UNIX) as listening:
        path = str(Path(folder) / "s")
        listening.bind(path)
        listening.listen()
        made: list[Scripted] = []
        threads: list[threading.Thread] = []

        def starting(*script: bytes | None, **reaching: float) -> tuple[Scripted, RemoteDesk]:
            server = Scripted(path=path, script=list(script))
            made.append(server)
            threads.append(threading.Thread(target=server.serve, args=(listening,)))
            threads[-1].start()
            at = Reaching(find=lambda: f"unix:{path}", **{"longest": 5.0, **reaching})
            return server, RemoteDesk(at)

        yield starting
        for one in made:
            one.done.set()
        # Closed while somebody accepts, its number would be the next socket's, and the thread take that one's callers.
        listening.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()


def test_what_was_lost_is_said_again_with_the_same_command_id(start: Start) -> None:
    receipt = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(RECEIPT) + RECEIPT
    server, desk = start(None, None, receipt)

    assert desk.execute(AddComment(actor="ana", ticket="A-1", text="x")).ticket == "A-1"

    said = [one.rpartition(b"\r\n\r\n")[2] for one in server.asked]
    assert len(said) == 3
    assert len({*said}) == 1


def test_an_answer_that_breaks_off_in_the_middle_is_asked_for_again(start: Start) -> None:
    server, desk = start(CUT_OFF, OK)

    assert desk.ask(STAFF) == ()
    assert len(server.asked) == 2


def test_a_refusal_that_breaks_off_in_the_middle_is_asked_for_again(start: Start) -> None:
    _, desk = start(CUT_OFF.replace(b"200 OK", b"404 Not Found"), OK)

    assert desk.ask(STAFF) == ()


def test_something_else_that_answers_is_not_taken_for_a_server(start: Start) -> None:
    _, desk = start(A_PAGE)

    with pytest.raises(ServerUnreachable, match="no casewright server"):
        desk.ask(STAFF)


def test_who_asked_for_a_command_is_told_the_id_under_which_it_can_be_said_again(
    start: Start,
) -> None:
    _, desk = start(None, None, None, longest=0.04)
    command = AddComment(actor="ana", ticket="A-1", text="x")

    with pytest.raises(ServerUnreachable) as lost:
        desk.execute(command)

    assert lost.value.command_id == command.command_id
    told = [[*refusal_lines(lost.value, Texts(lang))][-1] for lang in ("en", "zh")]
    assert all(f"--id {command.command_id}" in one for one in told)


def test_of_a_command_that_cannot_have_arrived_nobody_says_that_it_may_have_happened() -> None:
    desk = RemoteDesk(Reaching(find=lambda: "unix:/nowhere.sock", longest=0))

    with pytest.raises(ServerUnreachable) as lost:
        desk.execute(AddComment(actor="ana", ticket="A-1", text="x"))

    assert (lost.value.arrived, lost.value.command_id) == (False, "")


def test_a_busy_server_is_asked_again(start: Start) -> None:
    server, desk = start(BUSY, BUSY, OK)

    assert desk.ask(STAFF) == ()
    assert len(server.asked) == 3


def test_a_refusal_is_not_said_again(start: Start) -> None:
    server, desk = start(TOO_MANY, OK)

    with pytest.raises(ServerRefused) as refusal:
        desk.ask(STAFF)

    assert refusal.value.status == 429
    assert len(server.asked) == 1


def test_a_sign_in_is_not_said_twice_where_it_may_have_arrived(start: Start) -> None:
    server, desk = start(None, OK)

    with pytest.raises(ServerUnreachable):
        desk.entrance.sign_in("ana", "secret")

    assert len(server.asked) == 1


def test_a_long_answer_is_waited_for_as_long_as_the_server_lives(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "QUIET", 0.1)
    server, desk = start(SILENCE)
    threading.Thread(target=_release_after_health, args=(server,), daemon=True).start()

    assert desk.ask(STAFF) == ()
    assert server.asked.count(b"health") >= 3


def _release_after_health(server: Scripted) -> None:
    while server.asked.count(b"health") < 3:
        server.done.wait(0.01)
    server.done.set()


def test_a_server_that_takes_connections_and_says_nothing_is_given_up(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "QUIET", 0.1)
    monkeypatch.setattr(transport, "HEALTH", "/deaf")
    _, desk = start(*[SILENCE] * 20, longest=0.3)

    with pytest.raises(ServerUnreachable, match="does not answer"):
        desk.ask(STAFF)


def test_a_copy_that_breaks_off_leaves_no_file(start: Start, tmp_path: Path) -> None:
    _, desk = start(BROKEN_OFF)

    with pytest.raises(ServerUnreachable, match="broke off"):
        fetch_backup(desk, tmp_path / "backup")

    assert list(tmp_path.iterdir()) == []


def test_a_copy_that_breaks_off_before_it_has_begun_leaves_no_file(
    start: Start, tmp_path: Path
) -> None:
    _, desk = start(CUT_OFF)

    with pytest.raises(ServerUnreachable, match="broke off"):
        fetch_backup(desk, tmp_path / "backup")

    assert list(tmp_path.iterdir()) == []


def test_over_tls_too_an_answer_may_be_long_in_the_making(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "READ_WITHIN", 0.05)
    chain, key = made(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            with context.wrap_socket(listening.accept()[0], server_side=True) as connection:
                assert _request(connection)
                threading.Event().wait(0.3)
                connection.sendall(OK)

        thread = threading.Thread(target=answer)
        thread.start()
        address = f"https://localhost:{listening.getsockname()[1]}"
        reaching = Reaching(find=lambda: address, authorities=str(chain), longest=0)
        with RemoteDesk(reaching) as desk:
            assert desk.ask(STAFF) == ()
        thread.join()


def test_a_refusal_of_another_kind_is_told_in_its_own_words(start: Start) -> None:
    body = b'{"detail": "The proxy says no."}'
    head = b"HTTP/1.1 403 Forbidden\r\nContent-Length: %d\r\n\r\n" % len(body)
    _, desk = start(head + body)

    with pytest.raises(ServerRefused, match="The proxy says no") as refusal:
        desk.ask(STAFF)

    assert not isinstance(refusal.value, CommandRefused)
