"""A workspace with its server, as processes of its own, for tests that go through a door of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from casewright.config import Config, read_config
from casewright.ownership import owner_of

from ..founding import founded as _founded
from ..ports import answers

PATIENCE = 60.0
ADMIN = "ada"


@dataclass(frozen=True, kw_only=True)
class Served:
    """A workspace that is being served."""

    config: Config
    process: "subprocess.Popen[bytes]"
    address: str

    def part(self, name: str = "http") -> int:
        """The number of the process that does a part's work now."""
        found = list(_children(self.process.pid, name))
        eventually(lambda: bool(found or found.extend(_children(self.process.pid, name))))
        return found[0]

    @property
    def log(self) -> str:
        """What the server has told so far."""
        return (self.config.root / "served.log").read_text(encoding="utf-8")


def founded(root: Path, *, sign_in: str = "trusted", people: bool = False) -> Config:
    """Make a workspace in which whoever says so is ADMIN, or somebody of the demonstration."""
    return _founded(root, admin=ADMIN, language="en", people=people, sign_in=sign_in)  # type: ignore[arg-type]


@contextmanager
def served(
    root: Path, *options: str, environment: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """Serve the workspace at `root` meanwhile; it is told to stop at the end and must do so."""
    config, process = read_config(root), started(root, *options, environment=environment)
    try:
        address = _address(config, process, root / "served.log")
        yield Served(config=config, process=process, address=address)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def started(
    root: Path, *options: str, environment: Mapping[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    """Start a server, and do not wait for it."""
    command = [sys.executable, "-m", "casewright.cli", "serve", "-C", str(root), *options]
    with (root / "served.log").open("ab") as written:
        return subprocess.Popen(
            command, stdout=written, stderr=written, env={**os.environ, **(environment or {})}
        )


def eventually(holds: Callable[[], bool], within: float = PATIENCE) -> None:
    """Wait until something holds; AssertionError when it does not for long."""
    until = time.monotonic() + within
    while not holds():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.02)


def runs(process: int) -> bool:
    """Return whether a process is there, and is more than the memory of one that ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def kill(process: int) -> None:
    """End a process so that it can do nothing about it."""
    os.kill(process, signal.SIGKILL)


def _children(parent: int, part: str) -> Iterator[int]:
    """Yield the processes that a server has started for a part."""
    for entry in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        try:
            words = Path(f"/proc/{entry}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"casewright.cli.part" in words and part.encode() in words and runs(int(entry)):
            yield int(entry)


def _address(config: Config, process: "subprocess.Popen[bytes]", log: Path) -> str:
    """Return where it is, once all its sockets take connections: whose the workspace is, is told before that."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        owner = owner_of(config.database)
        if owner is not None and (not config.server.port or answers(config.server.port)):
            return owner.address
        if process.poll() is not None:
            break
        time.sleep(0.02)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")
