"""The SSH door with a real client: who gets in, what they may say there, and that nothing of them is left behind."""

import json
import os
import re
import signal
import socket
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from casewright.doors.ssh import MOST_BEFORE_EACH

from ..server.served import eventually, runs
from .door_site import AGENT, CLUMSY, NEWCOMER, OTHER, PASSWORD, DoorSite, talking

TALKATIVE = ("-o", "LogLevel=INFO")
"""The client shows what the door says to whoever is refused."""
QUESTION, CODE = "Password of {name}: ", "Code of the authenticator: "


# --- who gets in ---------------------------------------------------------------------------------


def test_a_key_lets_its_person_in_and_words_are_answered_as_json(site):
    done = site.said("my", "--json")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"tickets": []}
    assert done.stderr == b""


def test_whoever_has_no_second_factor_begins_one_at_the_door_and_is_asked_for_its_codes(site):
    asked = site.ssh("whoami", user=NEWCOMER, key=None, options=TALKATIVE)
    with talking(asked) as client:
        client.until(QUESTION.format(name=NEWCOMER))
        client.type(f"{PASSWORD}\n")
        told = client.until(CODE)
        (site.factors[NEWCOMER],) = re.findall(r"^\s+([A-Z2-7]{32})\s*$", told, re.MULTILINE)
        assert f"otpauth://totp/casewright%20workspace:{NEWCOMER}?secret=" in told
        first = site.code(NEWCOMER)
        client.type(f"{first}\n")
        assert "Bai Lin" in client.rest()

    def asked_for_a_code(code: str) -> str:
        with talking(asked) as client:
            client.until(QUESTION.format(name=NEWCOMER))
            client.type(f"{PASSWORD}\n")
            assert "otpauth" not in client.until(CODE)
            client.type(f"{code}\n")
            return client.rest()

    assert "is not right" in asked_for_a_code(first), "a code serves once"
    assert "Bai Lin" in asked_for_a_code(site.code(NEWCOMER))


def test_a_key_of_nobody_and_a_key_of_somebody_else_are_refused(site, tmp_path):
    stranger = tmp_path / "stranger"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(stranger)], check=True
    )
    others = site.said("whoami", user=CLUMSY)
    unknown = site.said("whoami", key=stranger)

    assert (others.returncode, unknown.returncode) == (255, 255)
    assert b"Permission denied" in others.stderr


def test_five_bad_passwords_slow_down_even_the_right_one(site):
    for _ in range(5):
        with talking(site.ssh("whoami", user=CLUMSY, key=None, options=TALKATIVE)) as client:
            client.until(QUESTION.format(name=CLUMSY))
            client.type("wrong\n")
            assert "not right" in client.rest()

    with talking(site.ssh("whoami", user=CLUMSY, key=None, options=TALKATIVE)) as client:
        client.until(QUESTION.format(name=CLUMSY))
        client.type(f"{PASSWORD}\n")
        said = client.rest()

    assert "too many tries failed; try again in" in said
    assert "Li Na" not in said


def test_whoever_comes_from_an_address_where_too_much_failed_waits_whatever_their_name(site):
    """The addresses are of this machine; so only those are kept waiting who come from the second."""
    elsewhere = ("-b", "127.0.0.2", "-o", "NumberOfPasswordPrompts=5", *TALKATIVE)
    for name in ("nobody_1", "nobody_2"):
        with talking(site.ssh("whoami", user=name, key=None, options=elsewhere)) as client:
            for _ in range(5):
                client.until(QUESTION.format(name=name))
                client.type("wrong\n")
            assert client.rest().count("not right") == 1

    with talking(site.ssh("whoami", user=OTHER, key=None, options=elsewhere)) as client:
        client.until(QUESTION.format(name=OTHER))
        client.type(f"{PASSWORD}\n")
        waits = client.until(QUESTION.format(name=OTHER))
    with talking(site.ssh("whoami", user=OTHER, key=None)) as client:
        client.until(QUESTION.format(name=OTHER))
        client.type(f"{PASSWORD}\n")
        client.until(CODE)

    assert "too many tries failed; try again in" in waits


def test_one_address_holds_so_many_connections_without_signing_in_and_others_come_in(site):
    crowded = "127.0.0.3"

    def comes_in_from(address: str) -> bool:
        return site.said("whoami", options=("-b", address)).returncode == 0

    with ExitStack() as standing:
        for _ in range(MOST_BEFORE_EACH):
            before = socket.create_connection(
                ("127.0.0.1", site.ssh_port), timeout=60, source_address=(crowded, 0)
            )
            assert standing.enter_context(before).recv(8) == b"SSH-2.0-"
        assert not comes_in_from(crowded)
        assert comes_in_from("127.0.0.1")

    eventually(lambda: comes_in_from(crowded))


def test_several_sessions_of_one_connection_are_one_coming_in(site, tmp_path):
    line = ("-S", str(tmp_path / "line"))
    with talking(site.ssh(options=("-M", "-N", *line))) as master:
        eventually((tmp_path / "line").exists)
        before = len(site.rows("signed_in"))
        begun = [
            subprocess.Popen(site.ssh("whoami", options=line), stdout=subprocess.PIPE)
            for _ in range(3)
        ]
        said = [one.communicate(timeout=60)[0] for one in begun]
        assert master.process

    assert all(b"Chen Jing" in one for one in said)
    assert len(site.rows("signed_in")) == before + 1


# --- what may be said ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("cat", "/etc/passwd"),
        ("sh", "-c", "id"),
        ("scp", "-t", "."),
        ("my;", "id"),
        ("init", "x"),
        ("db", "migrate"),
        ("ticket", "list", "--export", "x.csv"),
        ("whoami", "--as", "ada"),
    ],
    ids=" ".join,
)
def test_foreign_commands_and_words_about_the_machine_are_refused(site, words):
    done = site.said(*words)

    assert done.returncode == 2, done
    assert done.stdout == b""
    assert b"Not understood" in done.stderr


def test_no_subsystem_and_nothing_is_forwarded(site):
    sftp = site.said("sftp", options=("-s",))
    through = site.said(options=("-W", "127.0.0.1:22"))
    back = site.said(options=("-o", "ExitOnForwardFailure=yes", "-N", "-R", "0:127.0.0.1:22"))

    assert [one.returncode for one in (sftp, through, back)] == [255, 255, 255]
    assert b"subsystem request failed" in sftp.stderr
    assert b"forwarding failed" in through.stderr
    assert b"forwarding failed" in back.stderr


def test_a_session_has_no_secret_and_no_surroundings_of_the_server(site):
    with talking(site.ssh("-tt")) as client:
        client.until("casewright> ")
        (session,) = site.processes()
        seen = Path(f"/proc/{session}/environ").read_bytes()
        opened = {os.readlink(one) for one in Path(f"/proc/{session}/fd").iterdir()}

    assert b"CASEWRIGHT_DOOR_SECRET" not in seen
    assert not [one for one in opened if ".db" in one or ".sock" in one]


def test_a_key_can_be_sent_and_the_new_one_serves(site, tmp_path):
    key = tmp_path / "second"
    subprocess.run(["ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", str(key)], check=True)

    added = site.said(
        "user", "key", "add", AGENT, "-", "--json", stdin=key.with_suffix(".pub").read_bytes()
    )
    fingerprint = json.loads(added.stdout)["fingerprint"]
    served = site.said("whoami", key=key)
    removed = site.said("user", "key", "remove", AGENT, "--fingerprint", fingerprint)
    after = site.said("whoami", key=key)

    assert served.returncode == 0, served.stderr
    assert removed.returncode == 0, removed.stderr
    assert after.returncode == 255


# --- a terminal ----------------------------------------------------------------------------------


def test_without_words_there_is_a_line_mode_in_the_readers_language(site):
    with talking(site.ssh("-tt", user=OTHER)) as client:
        client.until("casewright> ")
        client.type("whoami\n")
        assert "何萍" in client.until("casewright> ")
        client.type("ticket show 没有\n")
        assert "没有" in client.until("casewright> ")
        client.type("exit\n")
        client.rest()

    eventually(lambda: not site.processes())


SCREEN = {"term": "xterm-256color"}
LEAVE = "\x11"
"""What Ctrl-Q sends."""


def test_on_a_terminal_that_can_draw_there_is_the_desk_in_the_readers_language(site):
    with talking(site.ssh("-tt", user=OTHER), **SCREEN) as client:
        client.until("何萍")
        _resize(client.terminal, client.process, columns=132)
        client.until("\x1b[30;")
        for session in site.processes():
            # As where it writes to a server that has just hung up.
            os.kill(session, signal.SIGPIPE)
        client.type(LEAVE)
        assert "\x1b[?1049l" in client.rest()

    eventually(lambda: not site.processes())
    assert site.rows("session_ended")[0][1].startswith("exit 0")


def test_a_client_that_goes_leaves_no_process_of_the_desk_either(site):
    with talking(site.ssh("-tt"), **SCREEN) as client:
        client.until("Chen Jing")
        left = site.processes()
        os.kill(client.process, signal.SIGKILL)

        assert left
        eventually(lambda: not any(map(runs, left)))


def test_the_plain_mode_serves_who_asks_for_it(site):
    done = site.said("tui", "--plain", stdin=b"list\nquit\n")

    assert done.returncode == 0, done.stderr
    assert "No ticket" in done.stdout.decode()
    assert b"\x1b" not in done.stdout


def test_the_size_of_the_terminal_reaches_the_process(site):
    with talking(site.ssh("-tt"), columns=60) as client:
        client.until("casewright> ")
        client.type("help\n")
        narrow = client.until("Exit codes")
        _resize(client.terminal, client.process, columns=140)
        (session,) = site.processes()
        eventually(lambda: _columns_of(session) == 140)
        client.type("help\n")
        wide = client.until("Exit codes")

    assert max(map(len, narrow.splitlines())) <= 60 < max(map(len, wide.splitlines()))


def test_a_client_that_goes_leaves_no_process(site):
    with talking(site.ssh("-tt")) as client:
        client.until("casewright> ")
        left = site.processes()
        os.kill(client.process, signal.SIGKILL)

        assert left
        eventually(lambda: not any(map(runs, left)))


def test_sessions_begin_and_end_in_the_access_log_with_their_key(site):
    site.said("my")
    eventually(lambda: len(site.rows("session_ended")) >= len(site.rows("session_began")))

    (actor, began, door), (_, ended, _) = (
        site.rows("session_began")[0],
        site.rows("session_ended")[0],
    )
    assert (actor, door) == (AGENT, "ssh")
    assert began.startswith("SHA256:")
    assert began.endswith("127.0.0.1")
    assert ended.endswith(began)


def test_a_door_that_is_killed_leaves_no_session_and_they_are_on_record_as_lost(site):
    with talking(site.ssh("-tt")) as client:
        client.until("casewright> ")
        killed, left = site.door("ssh"), site.processes()
        port = site.ssh_port
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: not any(map(runs, left)))

    eventually(lambda: site.ssh_port != port)
    lost = [row for row in site.rows("session_ended") if row == (AGENT, "lost", "ssh")]
    assert len(lost) == 1
    assert site.said("my").returncode == 0


# --- many ----------------------------------------------------------------------------------------


def test_sessions_at_the_same_time_are_each_their_own(site):
    _at_once(site, 5)


@pytest.mark.soak
def test_fifty_people_at_their_desks(site):
    """The desk itself on fifty terminals: the memory of each, and how soon its rows are there."""
    eventually(lambda: not site.processes())
    took = []
    with ExitStack() as clients:
        for _ in range(50):
            begun = time.perf_counter()
            client = clients.enter_context(talking(site.ssh("-tt"), **SCREEN))
            client.until("Chen Jing")
            took.append(time.perf_counter() - begun)
        sizes = [_pss(one) for one in site.processes()]
        assert len(sizes) == 50
    eventually(lambda: not site.processes())
    took.sort()
    mean = sum(sizes) / len(sizes) / 1024
    print(
        f"\n50 desks over SSH: {mean:.1f} MB PSS each; connect to rows p50 {took[25] * 1000:.0f} ms, p95 {took[47] * 1000:.0f} ms"
    )
    assert mean <= 20


@pytest.mark.soak
def test_fifty_sessions_at_the_same_time(site):
    found = _at_once(site, 50)
    begun = _ratio_of_starting(site)

    print(
        f"\n50 SSH sessions: {found / 1024:.1f} MB PSS each; `my` over SSH / `casewright --version`: {begun:.1f}"
    )


def _at_once(site: DoorSite, count: int) -> float:
    """Have so many sessions in the line mode, each answered; return the mean PSS of one in kB."""
    eventually(lambda: not site.processes())
    with ExitStack() as clients:
        talks = [clients.enter_context(talking(site.ssh("-tt"))) for _ in range(count)]
        for one in talks:
            one.until("casewright> ")
        for one in talks:
            one.type("my\n")
        for one in talks:
            assert "no open ticket" in one.until("casewright> ")
        processes = site.processes()
        assert len(processes) == count
        sizes = [_pss(one) for one in processes]
    eventually(lambda: not site.processes())
    return sum(sizes) / count


def _ratio_of_starting(site: DoorSite, rounds: int = 10) -> float:
    import sys

    version = [sys.executable, "-m", "casewright.cli", "--version"]
    own = over = 0.0
    for _ in range(rounds):
        begun = time.perf_counter()
        subprocess.run(version, capture_output=True, check=True)
        between = time.perf_counter()
        assert site.said("my").returncode == 0
        own, over = own + between - begun, over + time.perf_counter() - between
    return over / own


def _pss(process: int) -> int:
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise AssertionError(process)


def _columns_of(process: int) -> int:
    with open(f"/proc/{process}/fd/0") as terminal:
        return os.get_terminal_size(terminal.fileno()).columns


def _resize(terminal: int, process: int, *, columns: int) -> None:
    import fcntl
    import struct
    import termios

    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
    os.kill(process, signal.SIGWINCH)
