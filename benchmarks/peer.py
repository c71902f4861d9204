"""A peer in an environment and a process of its own."""

import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from interleaved import Variant

HERE = Path(__file__).parent / "peers"
CACHE = Path(__file__).parents[1] / ".bench-peers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """What is compared: `works` are what it can be told to do, with how many steps of a ticket each of them is."""

    name: str
    works: dict[str, int]


PEERS = (
    Peer(name="spiffworkflow", works={"step": 1}),
    Peer(name="dbos", works={"ten_steps": 10}),
    Peer(name="helpdesk", works={"update": 1, "orm": 1}),
    Peer(name="roundup", works={"set_status": 1}),
)


def environment(peer: Peer) -> Path:
    """Return the Python of a peer's environment, which is made when it is not there or asks for something else now."""
    place, wanted = CACHE / peer.name, HERE / f"{peer.name}.txt"
    python, stamp = place / "bin" / "python", place / "made-of.txt"
    if not stamp.exists() or stamp.read_text() != wanted.read_text():
        print(f"making the environment of {peer.name} in {place}", file=sys.stderr)
        venv.create(place, with_pip=True, clear=True)
        install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        subprocess.run([str(python), *install, "-r", str(wanted)], check=True)
        stamp.write_text(wanted.read_text())
    return python


class Running:
    """A peer that waits for lines."""

    def __init__(self, peer: Peer, folder: Path, tickets: int) -> None:
        self.peer = peer
        folder.mkdir()
        with (folder / "said").open("w") as said:
            self._process = subprocess.Popen(
                [str(environment(peer)), str(HERE / f"{peer.name}_peer.py"), str(folder), str(tickets)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True,
                env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8"},
            )  # fmt: skip
        self._said = folder / "said"
        word, self.version, *works = self._answer().split()
        assert (word, works) == ("ready", list(peer.works)), (word, works)

    def variants(self) -> list[Variant]:
        """Return what it does, a step of a ticket each."""
        return [
            Variant(name=f"{self.peer.name} {what}", run=self._runner(what, steps))
            for what, steps in self.peer.works.items()
        ]

    def _runner(self, what: str, steps: int) -> object:
        def run(operations: int) -> None:
            assert self._process.stdin is not None
            self._process.stdin.write(f"run {what} {operations // steps}\n")
            self._process.stdin.flush()
            int(self._answer())

        return run

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._process.wait()
            sys.exit(f"{self.peer.name} failed:\n{self._said.read_text()[-3000:]}")
        return line
