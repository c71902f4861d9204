"""`login`, `logout`, `whoami` and who acts at the command line, in each way of signing in."""

import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casewright.cli import at_the_door, signed_in
from casewright.cli.__main__ import main
from casewright.config import read_config
from casewright.desk import open_desk
from casewright.model import SYSTEM
from casewright.queries import GetAccessReport

CORE = Path(__file__).resolve().parents[2] / "core"
PASSWORD = "four words make one"


@pytest.fixture
def state(tmp_path, monkeypatch):
    """Where sessions are kept, apart from those of whoever runs the tests."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in (
        "CASEWRIGHT_LANG",
        "CASEWRIGHT_USER",
        "CASEWRIGHT_WORKSPACE",
        "CASEWRIGHT_TOKEN",
    ):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "state"


@pytest.fixture
def password_file(tmp_path):
    path = tmp_path / "password"
    path.write_text(PASSWORD + "\n")
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A workspace whose administrator Olga has a password, and an agent Pat who has one too."""
    home = tmp_path_factory.mktemp("login")
    folder, password = home / "centre", home / "password"
    password.write_text(PASSWORD)
    given = ["--password-file", str(password)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_STATE_HOME", str(home / "state"))
        assert main(["init", str(folder), "--admin", "olga", *given]) == 0
        for words in (
            ["login", "olga", *given],
            ["user", "add", "pat", "--role", "agent"],
            ["user", "passwd", "pat", *given],
            ["logout", "olga"],
        ):
            assert main(["-C", str(folder), *words]) == 0
    return folder


@pytest.fixture
def centre(made, tmp_path, state):
    """A copy of that workspace for the test alone."""
    return shutil.copytree(made, tmp_path / "centre")


@pytest.fixture
def cli(centre, capsys):
    """Return a function that runs a command line with --json and returns its code and document."""

    def run(*words):
        capsys.readouterr()
        code = main(["-C", str(centre), *map(str, words), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def login(cli, password_file):
    """Return a function that signs somebody in."""

    def run(name):
        code, said = cli("login", name, "--password-file", password_file)
        assert code == 0, said

    return run


def refused(said):
    return said[1]["error"]["code"]


def set_sign_in(centre, how):
    path = centre / "casewright.toml"
    text, count = re.subn(r"(?m)^sign_in = .*$", f'sign_in = "{how}"', path.read_text("utf-8"))
    assert count == 1
    path.write_text(text, "utf-8")


# --- sessions --------------------------------------------------------------------------------------


def test_nobody_acts_before_they_sign_in_whatever_they_say(cli, monkeypatch):
    monkeypatch.setenv("LOGNAME", "olga")
    monkeypatch.setenv("USER", "olga")

    assert refused(cli("user", "list")) == "not_signed_in"
    assert refused(cli("user", "list", "--as", "olga")) == "not_signed_in"
    monkeypatch.setenv("CASEWRIGHT_USER", "olga")
    assert refused(cli("user", "list")) == "not_signed_in"


def test_who_signed_in_acts_until_they_sign_out(cli, login):
    login("olga")
    code, said = cli("whoami")

    assert (code, said["user"], said["door"], said["sign_in"]) == (
        0,
        "olga",
        "command line",
        "password",
    )
    assert said["permissions"]["people.edit"] == ["all"]
    assert cli("user", "list")[0] == 0
    assert cli("logout")[1] == {"user": "olga", "sessions": 1, "tokens": 0}
    assert refused(cli("whoami")) == "not_signed_in"


def test_several_people_are_signed_in_at_one_account_and_as_chooses(cli, login):
    login("olga")
    login("pat")

    assert cli("whoami")[1]["user"] == "pat"
    assert cli("whoami", "--as", "olga")[1]["user"] == "olga"
    assert refused(cli("whoami", "--as", "boss")) == "not_signed_in"
    assert refused(cli("user", "add", "eve")) == "not_allowed"
    assert cli("user", "add", "eve", "--as", "olga")[0] == 0


def test_signing_out_everywhere_ends_what_other_accounts_hold(cli, login, centre, monkeypatch):
    login("pat")
    monkeypatch.setenv("XDG_STATE_HOME", str(centre.parent / "another"))
    login("pat")

    cli("user", "token", "make", "--only", "ticket.read")
    assert cli("logout", "--everywhere")[1] == {"user": "pat", "sessions": 2, "tokens": 1}

    monkeypatch.undo()
    monkeypatch.setenv("XDG_STATE_HOME", str(centre.parent / "state"))
    assert refused(cli("whoami")) == "not_signed_in"


def test_a_wrong_password_says_so_calmly_and_keeps_nothing(cli, centre, tmp_path, state):
    wrong = tmp_path / "wrong"
    wrong.write_text("four words make two")

    code, said = cli("login", "pat", "--password-file", wrong)

    assert (code, said["error"]["code"]) == (1, "sign_in.refused")
    assert signed_in.tokens(centre / "casewright.db") == {}


def test_the_sessions_are_kept_where_only_their_owner_reads_them(cli, login, centre):
    login("pat")
    path = signed_in.file_of(centre / "casewright.db")

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("how", ["readable", "a link", "nonsense", "a folder"])
def test_a_file_of_sessions_that_is_not_as_it_was_made_lets_nobody_in(cli, login, centre, how):
    login("pat")
    path = signed_in.file_of(centre / "casewright.db")
    if how == "readable":
        path.chmod(0o644)
    elif how == "nonsense":
        path.write_text('{"sessions": [[[')
    else:
        path.rename(path.with_name("moved"))
        if how == "a link":
            path.symlink_to("moved")
        else:
            path.mkdir(mode=0o700)

    assert refused(cli("whoami")) in ("not_signed_in", "file.unreadable")


def test_the_session_of_one_workspace_is_none_of_another(cli, login, tmp_path, password_file):
    login("pat")
    other = tmp_path / "other"
    given = ["--admin", "pat", "--password-file", str(password_file)]
    assert main(["init", str(other), *given]) == 0

    assert main(["-C", str(other), "user", "list"]) == 1


# --- tokens ----------------------------------------------------------------------------------------


def test_a_program_acts_by_a_token_alone(cli, login, monkeypatch):
    login("olga")
    made = cli("user", "token", "make", "--only", "people.*", "--days", "7", "--label", "sync")[
        1
    ]
    cli("logout")
    monkeypatch.setenv("CASEWRIGHT_TOKEN", made["token"])

    assert cli("user", "add", "eve")[0] == 0
    assert cli("whoami")[1]["only"] == ["people.*"]
    assert refused(cli("board")) == "not_allowed"
    assert refused(cli("whoami", "--as", "pat")) == "not_signed_in"
    assert refused(cli("logout")) == "command.refused"
    assert refused(cli("user", "token", "revoke", made["number"])) == "not_allowed"
    monkeypatch.setenv("CASEWRIGHT_TOKEN", made["token"][:-1])
    assert refused(cli("whoami")) == "not_signed_in"


def test_tokens_are_listed_without_being_shown_and_revoked_by_number(cli, login):
    login("pat")
    made = cli("user", "token", "make", "--only", "ticket.read")[1]
    (listed,) = cli("user", "token", "list")[1]["tokens"]

    assert made["token"] not in json.dumps(listed)
    assert cli("user", "token", "revoke", listed["number"])[0] == 0
    assert cli("user", "token", "list")[1]["tokens"][0]["revoked_at"]


@pytest.mark.parametrize(
    "words", [["make", "--days", "0"], ["make", "--days", "x" * 9], ["revoke"], ["revoke", "x"]]
)
def test_what_makes_no_token_is_wrong_usage(cli, login, words):
    login("pat")

    assert cli("user", "token", *words, "--only", "ticket.read")[0] == 2


def test_the_purpose_of_a_run_goes_on_record_with_its_looks(cli, login, centre):
    login("pat")

    cli("customer", "find", "+8613800000000", "--purpose", "to call back")

    with open_desk(read_config(centre, {})) as desk:
        rows = desk.ask_as_system(GetAccessReport(actor=SYSTEM, kind="search")).rows
    assert [(one.actor, one.door, one.purpose) for one in rows] == [
        ("pat", "command line", "to call back")
    ]


# --- other ways of signing in ----------------------------------------------------------------------


def test_the_machines_user_is_who_they_are_by_the_machine_not_by_the_environment(
    cli, login, centre, monkeypatch
):
    set_sign_in(centre, "os_user")
    login_name = at_the_door.os_login()
    monkeypatch.setenv("LOGNAME", "olga")
    assert refused(cli("whoami")) == "not_signed_in"

    login("olga")
    cli("user", "add", login_name, "--role", "agent")
    cli("logout", "olga")

    assert cli("whoami")[1]["user"] == login_name
    assert refused(cli("whoami", "--as", "olga")) == "not_signed_in"
    login("olga")
    assert cli("whoami", "--as", "olga")[1]["user"] == "olga"
    cli("user", "disable", login_name, "--as", "olga")
    assert cli("whoami")[1]["user"] == "olga"


def test_a_trusted_workspace_takes_everybody_at_their_word(cli, centre):
    set_sign_in(centre, "trusted")

    assert cli("whoami", "--as", "pat")[1]["user"] == "pat"
    assert cli("whoami", "--as", "olga")[1]["user"] == "olga"


def test_a_workspace_that_says_nothing_asks_for_a_password(cli, centre):
    path = centre / "casewright.toml"
    path.write_text(path.read_text("utf-8").replace("[access]", "").replace("sign_in =", "# "))

    assert refused(cli("whoami", "--as", "olga")) == "not_signed_in"


# --- the first hour --------------------------------------------------------------------------------


def test_a_new_workspace_is_closed_and_its_database_is_for_nobody_else(centre):
    assert 'sign_in = "password"' in (centre / "casewright.toml").read_text("utf-8")
    for name, mode in (("casewright.db", 0o600), ("attachments", 0o700), ("notices", 0o700)):
        assert (centre / name).stat().st_mode & 0o777 == mode


def test_without_a_terminal_the_first_password_is_set_afterwards(
    state, tmp_path, capsys, password_file
):
    folder = tmp_path / "fresh"
    assert main(["init", str(folder), "--admin", "olga", "--lang", "en"]) == 0
    steps = capsys.readouterr().out
    here = ["-C", str(folder)]

    assert "casewright user passwd olga" in steps
    given = ["--password-file", str(password_file)]
    assert main([*here, "user", "passwd", "pat", *given]) == 1
    assert main([*here, "user", "passwd", "olga", *given]) == 0
    assert main([*here, "user", "passwd", "olga", *given]) == 1
    assert main([*here, "login", "olga", *given]) == 0


def test_a_password_that_cannot_be_one_leaves_no_workspace(state, tmp_path):
    short = tmp_path / "short"
    short.write_text("short")

    given = ["--admin", "olga", "--password-file", str(short)]
    assert main(["init", str(tmp_path / "fresh"), *given]) == 1
    assert not (tmp_path / "fresh").exists()


def test_without_a_terminal_it_is_said_how_a_password_is_given(centre, capsys):
    assert main(["-C", str(centre), "login", "olga", "--lang", "en"]) == 2

    assert "--password-file" in capsys.readouterr().err


def test_a_demonstration_has_people_who_act_at_their_word(state, tmp_path, capsys):
    folder = tmp_path / "demo"
    assert main(["init", str(folder), "--demo", "--admin", "boss"]) == 0

    assert main(["-C", str(folder), "whoami", "--as", "chen_jing"]) == 0
    assert "Never with real customers" in (folder / "casewright.toml").read_text("utf-8")


class Terminal:
    """A command line at a terminal of its own, as somebody sits at it."""

    def __init__(self, *words, state):
        self._near, far = pty.openpty()
        # A leader of a session that opens a terminal has it: `getpass` asks there, whatever standard input is.
        begin = (
            "import os, sys; os.close(os.open(os.ttyname(0), os.O_RDWR));"
            "os.execv(sys.executable, [sys.executable, '-m', 'casewright.cli', *sys.argv[1:]])"
        )
        environment = {
            **os.environ,
            "PYTHONPATH": str(CORE),
            "XDG_STATE_HOME": str(state),
            "CASEWRIGHT_LANG": "en",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-c", begin, *map(str, words)],
            stdin=far,
            stdout=far,
            stderr=far,
            env=environment,
            start_new_session=True,
        )
        os.close(far)
        self.seen = ""

    def sees(self, words):
        while words not in self.seen[self._read :] and self._more():
            pass
        assert words in self.seen[self._read :], self.seen
        self._read = len(self.seen)

    _read = 0

    def types(self, words):
        os.write(self._near, words.encode() + b"\n")

    def ends(self):
        while self._more():
            pass
        os.close(self._near)
        return self._process.wait(60)

    def _more(self):
        ready, _, _ = select.select([self._near], [], [], 60)
        try:
            found = os.read(self._near, 4096) if ready else b""
        except OSError:
            found = b""
        self.seen += found.decode()
        return bool(found)


def test_at_a_terminal_passwords_are_asked_for_and_never_shown(state, tmp_path):
    folder = tmp_path / "typed"
    begun = Terminal("init", folder, "--admin", "olga", state=state)
    for question in ("New password for olga", "once more"):
        begun.sees(question)
        begun.types(PASSWORD)
    assert begun.ends() == 0

    again = Terminal("-C", folder, "login", "olga", state=state)
    again.sees("Password of olga")
    again.types(PASSWORD)
    again.sees("olga is signed in until")
    assert again.ends() == 0

    assert PASSWORD not in begun.seen + again.seen


def test_a_slip_at_the_terminal_changes_nothing(state, tmp_path):
    folder = tmp_path / "typed"
    begun = Terminal("init", folder, "--admin", "olga", state=state)
    for question, typed in (("New password", PASSWORD), ("once more", PASSWORD + "x")):
        begun.sees(question)
        begun.types(typed)

    assert begun.ends() == 2
    assert "not the same" in begun.seen
    assert not folder.exists()


def test_the_names_of_files_and_moments_are_told_in_the_readers_language(
    cli, login, centre, capsys
):
    login("pat")
    capsys.readouterr()

    assert main(["-C", str(centre), "whoami", "--lang", "zh"]) == 0

    said = capsys.readouterr().out
    assert "座席" in said
    assert str(datetime.now(UTC).year) in said
