"""A server keeps its parts alive, replaces them without refusing anybody, and leaves nothing behind."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from casewright.commands import AddComment, OpenTicket
from casewright.desk import open_desk
from casewright.errors import WorkspaceOwned
from casewright.model import Receipt
from casewright.ownership import owner_of
from casewright.queries import GetHistory, ListTickets
from casewright.remote.desk import RemoteDesk
from casewright.server import child, door_secret
from casewright.worker.holders import holder_here, is_dead

from .served import ADMIN, PATIENCE, Served, eventually, founded, kill, runs, served, started

QUESTION = {"subject": "No signal", "question": "Why?"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("site") / "w"
    founded(root)
    with served(root) as serving:
        yield serving


def _open(desk: RemoteDesk) -> Receipt:
    return desk.execute(OpenTicket(actor=ADMIN, workflow="inquiry", fields=QUESTION))


def _at(site: Served) -> RemoteDesk:
    desk = RemoteDesk(site.address)
    desk.transport.headers["Casewright-Actor"] = ADMIN
    return desk


def test_a_part_that_dies_is_started_again_and_whoever_asks_meanwhile_is_answered(
    site: Served,
) -> None:
    with _at(site) as desk:
        ticket = _open(desk).ticket
        before = site.part()

        kill(before)
        desk.execute(AddComment(actor=ADMIN, ticket=ticket, text="after the crash"))

        assert site.part() != before
        assert _comments(desk, ticket) == ["after the crash"]
    assert "the part 'http' ended (status -9) and is started again" in site.log


def test_a_worker_that_dies_is_at_work_again_at_once(site: Served) -> None:
    before = site.part("worker")
    eventually(lambda: _keeps_time(site) == before)

    kill(before)

    eventually(lambda: _keeps_time(site) not in (0, before))
    assert "the part 'worker' ended (status 1)" not in site.log


def test_of_a_worker_elsewhere_nobody_knows_whether_it_is_dead() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()

    assert is_dead(f"{socket.gethostname()}:{gone.pid}")
    assert not is_dead(f"elsewhere.{socket.gethostname()}:{gone.pid}")
    assert not is_dead(holder_here())


def test_a_part_that_is_never_ready_is_taken_for_hanging(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with _idle() as waiting:
        assert not waiting.hangs

        monkeypatch.setattr(child, "READY_WITHIN", -1.0)

        assert waiting.hangs


def test_only_the_parts_that_are_given_it_know_the_secret_of_the_doors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(door_secret.NAME, "inherited")

    with _idle() as other, _idle({door_secret.NAME: "given"}) as door:
        assert _surroundings(other).get(door_secret.NAME) is None
        assert _surroundings(door).get(door_secret.NAME) == "given"


def test_replaced_under_load_nobody_is_refused_and_no_command_is_lost(site: Served) -> None:
    with _at(site) as desk:
        ticket = _open(desk).ticket
    before, stop, done = site.part(), threading.Event(), list[str]()

    def work(caller: int) -> None:
        with _at(site) as own:
            number = 0
            while not stop.is_set():
                text = f"{caller}/{number}"
                own.execute(AddComment(actor=ADMIN, ticket=ticket, text=text))
                done.append(text)
                number += 1

    threads = [threading.Thread(target=work, args=(caller,)) for caller in range(3)]
    for thread in threads:
        thread.start()
    os.kill(site.process.pid, signal.SIGHUP)
    eventually(lambda: not runs(before))
    seen = len(done)
    eventually(lambda: len(done) > seen + 3)
    stop.set()
    for thread in threads:
        thread.join(PATIENCE)

    with _at(site) as desk:
        assert sorted(_comments(desk, ticket)) == sorted(done)


def test_told_twice_it_replaces_twice_and_rests_while_somebody_takes_long_to_leave(
    tmp_path: Path,
) -> None:
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager,
        served(founded(tmp_path / "w").root, environment=_told_at(manager, tmp_path)) as site,
    ):
        _heard(manager, b"READY=1")
        first, worker = site.part(), site.part("worker")
        os.kill(worker, signal.SIGSTOP)  # It is told to stop, and does not.
        worked = _seconds_of_work(site.process.pid)

        os.kill(site.process.pid, signal.SIGHUP)
        _heard(manager, b"RELOADING=1")
        os.kill(site.process.pid, signal.SIGHUP)
        eventually(lambda: site.log.count("the part 'http' was replaced") == 2)
        worked = _seconds_of_work(site.process.pid) - worked
        os.kill(worker, signal.SIGCONT)

        _heard(manager, b"READY=1")
        assert site.part() != first
        assert worked < 1


def test_two_servers_cannot_own_one_workspace(site: Served) -> None:
    second = started(site.config.root)

    assert second.wait(PATIENCE) == 1

    assert f"A server owns this workspace ({site.address}" in site.log
    with pytest.raises(WorkspaceOwned):
        open_desk(site.config)


def test_health_says_that_it_is_there_and_ready_that_it_can_work(site: Served) -> None:
    ready = _get(site, "/ready")

    assert _get(site, "/health") == {"status": "ok"}
    assert ready["ready"] is ready["writable"] is True
    assert ready["commands_waiting"] == 0
    assert not {"actor", "token", "folder"} & set(ready)


def test_metrics_count_commands_by_what_came_of_them(site: Served) -> None:
    before = _figure(site, 'casewright_commands_total{outcome="done"}')
    with _at(site) as desk:
        _open(desk)

    assert _figure(site, 'casewright_commands_total{outcome="done"}') == before + 1
    assert _figure(site, "casewright_commit_commands_count") > 0


def test_when_all_is_killed_at_once_nothing_of_it_is_left_and_another_server_may_begin(
    tmp_path: Path,
) -> None:
    config = founded(tmp_path / "w")
    with served(config.root) as first:
        parts = [first.part("http"), first.part("worker")]
        kill(first.process.pid)
        eventually(lambda: not any(map(runs, parts)))
        assert owner_of(config.database) is None

        with served(config.root, "--no-worker") as second, _at(second) as desk:
            assert desk.ask(ListTickets(actor=ADMIN)).tickets == ()


def test_a_server_that_cannot_begin_says_why_and_ends(tmp_path: Path) -> None:
    config = founded(tmp_path / "w")
    with sqlite3.connect(config.database) as database:
        database.execute(
            "INSERT INTO migration (number, name, applied_at) VALUES (9999, 'x', 0)"
        )

    process = started(config.root)

    assert process.wait(PATIENCE) == 1
    told = (config.root / "served.log").read_text()
    assert "made by a newer casewright" in told
    assert "could not be started" in told


def test_systemd_is_told_when_it_is_ready_and_its_sockets_are_taken(tmp_path: Path) -> None:
    config = founded(tmp_path / "w")
    path = config.root / "casewright.sock"
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager,
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as held,
    ):
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(PATIENCE)
        held.bind(str(path))
        held.listen()
        server = _under_systemd(config.root, held, tmp_path / "notify")
        said = [manager.recv(200)]
        while b"READY=1" not in said:
            said.append(manager.recv(200))
        with RemoteDesk(f"unix:{path}") as desk:
            assert desk.transport.get("/health") == {"status": "ok"}
        server.terminate()
        while b"STOPPING=1" not in said:
            said.append(manager.recv(200))

        assert server.wait(PATIENCE) == 0
        assert b"WATCHDOG=1" in said
        assert path.exists()
    assert owner_of(config.database) is None


def _under_systemd(root: Path, held: socket.socket, notify: Path) -> "subprocess.Popen[bytes]":
    """Start a server as systemd does: with a socket as its third descriptor, and somebody who wants to hear of it."""
    serve = [sys.executable, "-m", "casewright.cli", "serve", "--no-worker", "-C", str(root)]
    begin = (
        f"import os, sys; os.dup2({held.fileno()}, 3);"
        "os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1'); os.execv(sys.argv[1], sys.argv[1:])"
    )
    environment = {**os.environ, "NOTIFY_SOCKET": str(notify), "WATCHDOG_USEC": "1000000"}
    return subprocess.Popen(
        [sys.executable, "-c", begin, *serve], env=environment, pass_fds=[held.fileno()]
    )


def _told_at(manager: socket.socket, folder: Path) -> dict[str, str]:
    """Listen as systemd does; return what makes a server tell."""
    manager.bind(str(folder / "notify"))
    manager.settimeout(PATIENCE)
    return {"NOTIFY_SOCKET": str(folder / "notify")}


def _heard(manager: socket.socket, what: bytes) -> None:
    while not manager.recv(200).startswith(what):
        pass


def _seconds_of_work(process: int) -> float:
    """Return for how long a process has had a processor."""
    words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _idle(surroundings: Mapping[str, str] | None = None) -> Iterator[child.Child]:
    """A part that answers nothing and never is ready."""
    command = (sys.executable, "-c", "import time; time.sleep(60)")
    with socket.socket() as listening:
        part = child.Part(
            name="idle",
            command=command,
            sockets=(listening,),
            surroundings=surroundings or {},
        )
        made = child.Child(part, 0)
        try:
            yield made
        finally:
            made.kill()
            made.close()


def _surroundings(of: child.Child) -> dict[str, str]:
    environ = Path(f"/proc/{of.number}/environ")
    eventually(lambda: bool(environ.read_bytes()))  # empty while the program is being loaded
    words = environ.read_text().split("\0")
    return {name: value for name, _, value in (one.partition("=") for one in words)}


def _keeps_time(site: Served) -> int:
    """Return the number of the worker that holds the lease, or 0."""
    with closing(sqlite3.connect(site.config.database)) as database:
        row = database.execute("SELECT holder FROM lease").fetchone()
    return int(row[0].rpartition(":")[2]) if row else 0


def _comments(desk: RemoteDesk, ticket: str) -> list[str]:
    history = desk.ask(GetHistory(actor=ADMIN, ticket=ticket))
    return [one.private["comment"] for one in history if one.kind == "CommentAdded"]


def _get(site: Served, path: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(_body(site, path))
    return found


def _figure(site: Served, name: str) -> float:
    line = next(
        one for one in _body(site, "/metrics").splitlines() if one.startswith(f"{name} ")
    )
    return float(line.split()[-1])


def _body(site: Served, path: str) -> str:
    with RemoteDesk(site.address) as desk, desk.transport.answer("GET", path) as response:
        return response.read().decode()
