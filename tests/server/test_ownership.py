"""One server owns a workspace: whoever else comes goes through it, or is told where it is, and nothing is left of one that died."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from casewright.cli import desk_here
from casewright.cli.__main__ import main
from casewright.clock import SystemClock
from casewright.commands import OpenTicket
from casewright.config import Config, read_config
from casewright.desk import open_desk
from casewright.desk.door import Door
from casewright.errors import (
    ConfigRefused,
    FileUnreadable,
    ServerUnreachable,
    WorkspaceInUse,
    WorkspaceOwned,
    message,
)
from casewright.ownership import file_of, next_door, owned, owner_of
from casewright.queries import ListTickets
from casewright.remote.desk import RemoteDesk
from casewright.remote.transport import Reaching
from casewright.server.listening import socket_path, sockets_of, unix_socket
from casewright.server.streams import Streams
from casewright.settings.server import ServerSettings

from ..contract.remote_site import serving
from ..founding import demonstration

HOLDER = """
import sys
from pathlib import Path
from casewright.ownership import owned
with owned(Path(sys.argv[1]), "unix:/nowhere.sock"):
    print("owned", flush=True)
    sys.stdin.read()
"""


@dataclass(frozen=True, kw_only=True)
class Centre:
    """A workspace of the demonstration, without a ticket."""

    config: Config

    def cli(self, *words: str) -> int:
        """Run a command line in this process."""
        return main(["-C", str(self.config.root), "--as", "admin", *words])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("owned") / "centre"
    return demonstration(folder, admin="admin")


@pytest.fixture
def centre(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    root = shutil.copytree(made, tmp_path / "centre")
    return Centre(config=read_config(root, {}))


@pytest.fixture
def held(centre: Centre) -> Iterator["subprocess.Popen[str]"]:
    """A process that owns the workspace, as a server does, and answers nobody."""
    command = [sys.executable, "-c", HOLDER, str(centre.config.database)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "owned\n"
    yield process
    process.kill()
    process.communicate()


# --- who owns it ---------------------------------------------------------------------------------


def test_a_second_server_is_refused_with_the_address_of_the_first(centre, held):
    with pytest.raises(WorkspaceOwned) as refusal, owned(centre.config.database, "unix:second"):
        pass

    assert (refusal.value.address, refusal.value.process) == ("unix:/nowhere.sock", held.pid)


def test_a_desk_of_ones_own_is_refused_beside_a_server(centre, held):
    with pytest.raises(WorkspaceOwned) as refusal:
        open_desk(centre.config)

    assert refusal.value.address == "unix:/nowhere.sock"


def test_no_server_takes_the_door_of_another_workspace(centre, tmp_path):
    door = str(tmp_path / "s")
    first, second = (
        replace(centre.config, database=tmp_path / name, server=ServerSettings(socket=door))
        for name in ("first.db", "second.db")
    )
    with sockets_of(first, {}), pytest.raises(ConfigRefused, match="already listens"):
        unix_socket(socket_path(second), second)

    unix_socket(
        socket_path(first), first
    ).close()  # and leaves its file behind, as one that is killed does
    with sockets_of(second, {}) as found:
        assert found[0].getsockname() == door


def test_no_server_clears_away_what_another_is_still_making(centre):
    beside = centre.config.database.parent
    left, made = beside / ".casewright-made-left", beside / ".casewright-made-now"
    left.mkdir()
    made.mkdir()
    with subprocess.Popen(
        ["flock", str(made), "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        other.stdin.write(b"holds\n")
        other.stdin.flush()
        assert other.stdout.readline() == b"holds\n"

        Streams(centre.config, None, None)

        other.stdin.close()
    assert made.exists()
    assert not left.exists()


def test_a_server_is_refused_beside_whoever_works_there_and_told_their_processes(centre):
    command = [sys.executable, "-m", "casewright.cli", "-C", str(centre.config.root), "serve"]
    with open_desk(centre.config):
        done = subprocess.run([*command, "--json"], capture_output=True, text=True, timeout=60)

    said = json.loads(done.stdout)["error"]
    assert said["code"] == "workspace.in_use"
    if Path("/proc/locks").exists():
        assert str(os.getpid()) in said["message"]


def test_nothing_has_to_be_tidied_up_after_a_server_that_was_killed(centre, held):
    held.send_signal(signal.SIGKILL)
    held.wait()

    assert owner_of(centre.config.database) is None
    assert file_of(centre.config.database).read_text()
    with open_desk(centre.config, door=Door(actor="admin")) as desk:
        desk.ask(ListTickets(actor="admin"))
    with owned(centre.config.database, "unix:next"):
        assert owner_of(centre.config.database).address == "unix:next"


def test_what_a_server_that_died_has_written_is_not_taken_for_an_owner(centre, held):
    held.kill()
    held.wait()

    with open_desk(centre.config), pytest.raises(WorkspaceInUse):
        with owned(centre.config.database, "unix:next"):
            pass


def test_a_folder_that_can_only_be_read_is_worked_in_without_a_lock(centre, monkeypatch):
    file_of(centre.config.database).unlink(missing_ok=True)

    def refuse(path, *flags):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("casewright.ownership.os.open", refuse)
    assert owner_of(centre.config.database) is None
    with open_desk(centre.config, door=Door(actor="admin")) as desk:
        monkeypatch.undo()
        desk.ask(ListTickets(actor="admin"))


def test_the_lock_is_for_whoever_may_write_the_database_and_for_nobody_else(centre):
    database = centre.config.database
    found = []
    for mode in (0o600, 0o644, 0o660):
        file_of(database).unlink(missing_ok=True)
        database.chmod(mode)
        with open_desk(centre.config):
            found.append(file_of(database).stat().st_mode & 0o777)

    assert found == [0o600, 0o600, 0o660]


def test_a_link_in_the_place_of_the_lock_is_not_followed(centre, tmp_path):
    file_of(centre.config.database).unlink(missing_ok=True)
    (tmp_path / "other").write_text("of somebody else")
    file_of(centre.config.database).symlink_to(tmp_path / "other")

    with pytest.raises(FileUnreadable), owned(centre.config.database, "unix:second"):
        pass
    with pytest.raises(FileUnreadable, match="remove it"):
        open_desk(centre.config)

    assert (tmp_path / "other").read_text() == "of somebody else"


def test_who_comes_while_a_server_begins_and_ends_works_at_a_desk_of_their_own(
    centre, monkeypatch, capsys
):
    own, begun = desk_here._own, []

    def beaten_once(config, door):
        if not begun:
            begun.append(1)
            raise WorkspaceOwned(address="?", process=0, reason=message(""))
        return own(config, door)

    monkeypatch.setattr(desk_here, "_own", beaten_once)

    assert centre.cli("ticket", "list") == 0


# --- another account of the machine ----------------------------------------------------------------


@pytest.fixture
def stranger(centre, monkeypatch):
    """Another account, for which the files of the workspace are closed."""
    closed = {centre.config.database, file_of(centre.config.database)}
    access, opened = os.access, os.open

    def refuse(path, *how, **more):
        if path in closed:
            raise PermissionError(13, "Permission denied")
        return opened(path, *how, **more)

    monkeypatch.setattr(os, "access", lambda at, how: at not in closed and access(at, how))
    monkeypatch.setattr("casewright.ownership.os.open", refuse)


def test_an_account_that_may_use_the_socket_finds_it(centre, monkeypatch, capsys, request):
    settings = centre.config.root / "casewright.toml"
    settings.write_text(settings.read_text() + '[server]\nsocket = "gate.sock"\n')
    with serving(centre.config, SystemClock()):
        request.getfixturevalue("stranger")

        assert centre.cli("ticket", "list") == 0


def test_an_account_that_may_not_open_the_workspace_is_told_that_no_server_is_there(
    centre, stranger, capsys
):
    assert centre.cli("ticket", "list", "--json") == 1

    said = json.loads(capsys.readouterr().out)["error"]
    assert said["code"] == "server.unreachable"
    assert "this account may not open the workspace" in said["message"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to others")
def test_a_door_that_somebody_else_has_made_is_not_gone_through(centre, tmp_path):
    door = tmp_path / "door"
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(door))
        theirs = next_door(centre.config.database, door)
        os.chown(centre.config.database, 1, 1)
        os.chown(door, 2, 2)
        strangers = next_door(centre.config.database, door)

    assert theirs is not None
    assert theirs.address == f"unix:{door}"
    assert strangers is None


# --- the command line beside a server -------------------------------------------------------------


@pytest.mark.parametrize("words", [("worker", "--once"), ("db", "migrate")])
def test_what_no_server_does_for_others_is_refused_with_its_address(
    centre, held, capsys, words
):
    assert centre.cli(*words, "--json") == 1

    said = json.loads(capsys.readouterr().out)["error"]
    assert (said["code"], said["address"]) == ("workspace.owned", "unix:/nowhere.sock")


def test_nothing_is_restored_over_a_workspace_that_a_server_owns(centre, tmp_path, capsys):
    backup = str(tmp_path / "backup")
    assert centre.cli("backup", backup) == 0
    with serving(centre.config, SystemClock()):
        capsys.readouterr()

        assert centre.cli("restore", backup, "--replace", "--json") == 1

    assert json.loads(capsys.readouterr().out)["error"]["code"] == "workspace.owned"


def test_the_doctor_names_the_server_and_says_when_it_does_not_answer(centre, held, capsys):
    centre.cli("doctor", "--json")

    (found,) = [one for one in _checks(capsys) if one["name"] == "server"]
    assert found["finding"] == "problem"
    assert str(held.pid) in found["message"]
    assert "unix:/nowhere.sock" in found["message"]


def test_the_doctor_is_content_with_a_server_that_answers(centre, capsys):
    with serving(centre.config, SystemClock()) as address:
        centre.cli("doctor", "--json")

    (found,) = [one for one in _checks(capsys) if one["name"] == "server"]
    assert found["finding"] == "well"
    assert address in found["message"]


def _checks(capsys):
    return json.loads(capsys.readouterr().out)["checks"]


def test_through_a_server_the_command_line_loads_neither_a_store_nor_the_engine(centre):
    with serving(centre.config, SystemClock()):
        said = (
            "import sys; from casewright.cli.__main__ import main; main(sys.argv[1:]);"
            "print(sorted({name.split('.')[0] for name in sys.modules} & {'sqlite3', 'sqlalchemy', 'sqlmodel'}),"
            "sorted(one for one in sys.modules if one.startswith(('casewright.store', 'casewright.engine'))))"
        )
        words = ["-C", str(centre.config.root), "--as", "admin", "ticket", "list"]
        done = subprocess.run(
            [sys.executable, "-c", said, *words], capture_output=True, text=True, timeout=60
        )

    assert done.stdout.splitlines()[-1] == "[] []", done.stdout + done.stderr


# --- a connection that is lost -------------------------------------------------------------------


def test_a_caller_goes_on_where_a_server_was_started_again(centre):
    database = centre.config.database

    def find() -> str:
        found = owner_of(database)
        return found.address if found else ""

    with serving(centre.config, SystemClock()):
        desk = RemoteDesk(Reaching(find=find))
        command = OpenTicket(
            actor="admin",
            workflow="inquiry",
            fields={"subject": "first", "question": "when"},
            command_id="once",
        )
        with desk.through(Door(actor="admin")):
            first = desk.execute(command)
    with serving(centre.config, SystemClock()), desk, desk.through(Door(actor="admin")):
        again = desk.execute(command)

        assert (again.ticket, again.repeated) == (first.ticket, True)


def test_a_server_that_stays_away_is_given_up_and_named(centre):
    told = []
    reaching = Reaching(
        find=lambda: "unix:/nowhere.sock", longest=2.5, tell=lambda: told.append(1)
    )

    with RemoteDesk(reaching) as desk, pytest.raises(ServerUnreachable) as refusal:
        desk.ask(ListTickets(actor="admin"))

    assert refusal.value.address == "unix:/nowhere.sock"
    assert told == [1]


# --- a server of another machine -------------------------------------------------------------------


def test_a_server_that_the_environment_names_needs_no_workspace_here(
    centre, tmp_path, monkeypatch, capsys
):
    opening = ("inquiry", "--set", "subject=first", "--set", "question=when", "--id", "o1")
    assert centre.cli("ticket", "open", *opening, "--json") == 0
    key = json.loads(capsys.readouterr().out)["ticket"]
    assert centre.cli("user", "token", "make", "--only", "ticket.read") == 0
    token = capsys.readouterr().out.strip()
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    with serving(centre.config, SystemClock()) as address:
        monkeypatch.setenv("CASEWRIGHT_SERVER", address)
        monkeypatch.setenv("CASEWRIGHT_TOKEN", token)

        found = [
            main([one.format(key=key) for one in (*words, "--lang", "en")])
            for words in ELSEWHERE
        ]

    said = capsys.readouterr()
    assert found == [0, 0, 1, 1]
    assert key in said.out
    assert "may not do this" in said.err
    assert address in said.err
    assert list(empty.iterdir()) == []


ELSEWHERE = (
    ("ticket", "list"),
    ("ticket", "show", "{key}"),
    ("ticket", "comment", "{key}", "x"),
    ("worker", "--once"),
)


NO_ADDRESSES = (
    "desk.example.org", "https://", "https://a b", "https://a:port", "https://a/b", "https://u:p@a", "unix:there",
    "http://desk.example.org", "ftp://a",
)  # fmt: skip


@pytest.mark.parametrize("named", NO_ADDRESSES)
def test_what_is_no_safe_address_is_refused_before_anybody_is_asked(monkeypatch, capsys, named):
    monkeypatch.setenv("CASEWRIGHT_SERVER", named)

    assert main(["ticket", "list", "--lang", "en"]) == 2

    assert "https://" in capsys.readouterr().err
