"""A workspace that is served with its SSH and its web door, and a real `ssh` client in front of it."""

import os
import pty
import re
import select
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from casewright.access import passwords, second_factor
from casewright.clock import SetClock
from casewright.commands import AddKey, SavePerson, SetPassword, SetSecondFactor
from casewright.config import Config
from casewright.desk import open_desk
from casewright.model import SYSTEM

from ..server.served import PATIENCE, Served, eventually, founded, served

PASSWORD = "correct horse battery"
AGENT, OTHER, CLUMSY, NEWCOMER = "chen_jing", "he_ping", "li_na", "bai_lin"
"""OTHER reads Chinese; AGENT and OTHER have a second factor, which is asked of everybody, and a key."""
HOST = "desk"
"""What the client calls the door, which has another port whenever it is opened."""
_SSH = r"ssh: 127\.0\.0\.1:(\d+),"
SETTINGS = """
[ssh]
listen = "127.0.0.1:0"
sessions = 60
sessions_each = 60

[web]
listen = "127.0.0.1:0"
"""


@dataclass(frozen=True, kw_only=True)
class DoorSite:
    """The workspace, where its doors are, a key of the agent's, and the second factors by name."""

    served: Served
    home: Path
    web: str
    key: Path
    factors: dict[str, str]
    _steps: dict[str, int] = field(default_factory=dict)

    @property
    def ssh_port(self) -> int:
        """Where the SSH door listens since it was opened last."""
        return int(re.findall(_SSH, self.served.log)[-1])

    def code(self, name: str) -> str:
        """A code of somebody's authenticator that did not serve yet; there are two at a time."""
        import pyotp

        here = second_factor.step_at(datetime.now(UTC))
        self._steps[name] = max(here, self._steps.get(name, 0) + 1)
        assert self._steps[name] <= here + second_factor.DRIFT
        return str(pyotp.TOTP(self.factors[name]).generate_otp(self._steps[name]))

    def ssh(
        self,
        *words: str,
        user: str = AGENT,
        options: Sequence[str] = (),
        key: Path | str | None = "own",
    ) -> list[str]:
        """The command line of a client that knows this door and nothing else of the machine; without a key it is asked."""
        own = self.key if key == "own" else key
        way = (
            ["-o", "PreferredAuthentications=keyboard-interactive"]
            if own is None
            else ["-i", str(own), "-o", "PreferredAuthentications=publickey"]
        )
        return [
            "ssh", "-F", "none", *options, *way, "-o", "IdentitiesOnly=yes", "-p", str(self.ssh_port), "-l", user,
            "-o", f"UserKnownHostsFile={self.home / 'known_hosts'}", "-o", "StrictHostKeyChecking=yes",
            "-o", f"HostKeyAlias={HOST}", "-o", "NumberOfPasswordPrompts=1", "-o", "LogLevel=ERROR", "127.0.0.1", *words,
        ]  # fmt: skip

    def said(
        self, *words: str, stdin: bytes = b"", **more: object
    ) -> "subprocess.CompletedProcess[bytes]":
        """What came of words that were said over SSH."""
        command = self.ssh(*words, **more)  # type: ignore[arg-type]
        return subprocess.run(command, input=stdin, capture_output=True, timeout=PATIENCE)

    def processes(self) -> set[int]:
        """The processes that the door's nursery has forked and that still run."""
        return {
            one for nursery in self._below(self.door("ssh")) for one in self._below(nursery)
        }

    def door(self, name: str) -> int:
        """The process of a door."""
        for one in self._below(self.served.process.pid):
            if f"casewright.doors.{name}".encode() in Path(
                f"/proc/{one}/cmdline"
            ).read_bytes().split(b"\0"):
                return one
        raise AssertionError(name)

    def rows(self, kind: str) -> list[tuple[str, str, str]]:
        """Actor, subject and door of the access log's rows of a kind, newest first."""
        import sqlite3

        with sqlite3.connect(
            f"file:{self.served.config.database}?mode=ro", uri=True
        ) as database:
            found = database.execute(
                "SELECT body FROM access WHERE kind = ? ORDER BY number DESC", (kind,)
            ).fetchall()
        from casewright.compact_json import decode

        bodies = [decode(body) for (body,) in found]
        return [(one["actor"], one["subject"], one["door"]) for one in bodies]

    @staticmethod
    def _below(process: int) -> list[int]:
        try:
            listed = Path(f"/proc/{process}/task/{process}/children").read_text()
        except OSError:
            return []
        return [int(one) for one in listed.split()]


@dataclass(slots=True)
class Talk:
    """A client in a terminal of its own: what is typed into it, and what it shows."""

    process: int
    terminal: int
    shown: str = field(default="")

    def type(self, line: str) -> None:
        """Type a line, without its end."""
        os.write(self.terminal, line.encode())

    def until(self, text: str) -> str:
        """Read until `text` is shown; return all that was shown since the last time."""
        end = time.monotonic() + PATIENCE
        while text not in self.shown:
            assert time.monotonic() < end, self.shown
            if not self._read():
                raise AssertionError(self.shown)
        before, _, self.shown = self.shown.partition(text)
        return before + text

    def rest(self) -> str:
        """Read until the client ends."""
        end = time.monotonic() + PATIENCE
        while self._read():
            assert time.monotonic() < end, self.shown
        return self.shown

    def _read(self) -> bool:
        ready, _, _ = select.select([self.terminal], [], [], 1)
        if not ready:
            return True
        try:
            octets = os.read(self.terminal, 65536)
        except OSError:
            return False
        self.shown += octets.decode("utf-8", "replace")
        return bool(octets)


@contextmanager
def talking(
    command: Sequence[str], *, columns: int = 100, term: str = "dumb"
) -> Iterator[Talk]:
    """Run a client in a terminal meanwhile: one that only writes lines, or one on which something can be drawn."""
    import fcntl
    import struct
    import termios

    process, terminal = pty.fork()
    if process == 0:
        os.environ["TERM"] = term
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
        os.execvp(command[0], list(command))
    try:
        yield Talk(process, terminal)
    finally:
        os.close(terminal)
        try:
            os.kill(process, 15)
        except ProcessLookupError:
            pass
        os.waitpid(process, 0)


@contextmanager
def opened(home: Path) -> Iterator[DoorSite]:
    """Serve a workspace with both doors meanwhile."""
    root = home / "workspace"
    config = founded(root, people=True)
    file = root / "casewright.toml"
    written = file.read_text(encoding="utf-8")
    asking = written.replace("# second_factor = true", "second_factor = true")
    assert asking != written
    file.write_text(asking + SETTINGS, encoding="utf-8")
    key = _key(home, "agent")
    factors = _enrol(config, key)
    with served(root, "--no-worker", "--ssh", "--web") as running:
        _told(running, _SSH)
        web = _told(running, r"web: (\S+)")
        host = (root / "casewright-ssh-host-key").read_bytes()
        (home / "known_hosts").write_text(f"{HOST} {_public(home, host)}\n")
        yield DoorSite(served=running, home=home, web=web, key=key, factors=factors)


def has_ssh() -> bool:
    """Whether a real client is here."""
    return shutil.which("ssh") is not None and shutil.which("ssh-keygen") is not None


def _key(home: Path, name: str, kind: str = "ed25519") -> Path:
    path = home / name
    subprocess.run(
        ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", name, "-f", str(path)], check=True
    )
    return path


def _public(home: Path, private: bytes) -> str:
    """The public part of the host's key, as its owner reads it on the machine."""
    copy = home / "host"
    copy.write_bytes(private)
    copy.chmod(0o600)
    told = subprocess.run(
        ["ssh-keygen", "-y", "-f", str(copy)], capture_output=True, check=True, text=True
    )
    return told.stdout.strip()


def _enrol(config: Config, key: Path) -> dict[str, str]:
    """Give people passwords and keys, and return the second factors of those who have one.

    They have them for a while: the code by which one is begun counts as used.
    """
    factors = {name: second_factor.new_secret() for name in (AGENT, OTHER)}
    verifier = passwords.hashed(PASSWORD)
    public = key.with_suffix(".pub").read_text()
    said = [
        *(
            SetPassword(actor=SYSTEM, name=name, verifier=verifier)
            for name in (AGENT, OTHER, CLUMSY, NEWCOMER)
        ),
        *(AddKey(actor=SYSTEM, name=name, key=public) for name in factors),
        SavePerson(actor=SYSTEM, name=OTHER, language="zh"),
    ]
    with open_desk(config) as desk:
        for one in said:
            desk.execute_as_system(one)
    with open_desk(config, clock=SetClock(datetime.now(UTC) - timedelta(minutes=5))) as desk:
        for name, secret in factors.items():
            desk.execute(SetSecondFactor(actor=name, name=name, secret=secret))
    return factors


def _told(running: Served, pattern: str) -> str:
    eventually(lambda: re.search(pattern, running.log) is not None)
    found = re.search(pattern, running.log)
    assert found is not None
    return found[1]
