"""What tests of simulations share: a workspace played through the command line, and the digest of its histories."""

import hashlib
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import fields
from datetime import date
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

from casewright.cli.__main__ import main
from casewright.config import read_config
from casewright.desk import open_desk
from casewright.model import SYSTEM, Event
from casewright.queries import GetHistory, ListQueue
from casewright.simulating.intents import Span

ZONE = ZoneInfo("Asia/Shanghai")
START = "2026-03-02"


def span(agents: int = 3, days: int = 2, seed: int = 7, start: str = START) -> Span:
    return Span(agents=agents, days=days, seed=seed, start=date.fromisoformat(start), zone=ZONE)


def said(*words: str) -> tuple[int, str, str]:
    """Return the code, the output and the messages of a command line."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(list(words))
    return code, out.getvalue(), err.getvalue()


def play(root: Path, *, agents: int = 3, days: int = 2, seed: int = 7) -> dict:
    """Simulate through the command line in a workspace that is made for it; return the document."""
    code, out, err = said(*_words(root, agents=agents, days=days, seed=seed))
    assert code == 0, out + err
    return json.loads(out)


def play_elsewhere(root: Path, *, agents: int = 3, days: int = 2, seed: int = 7) -> dict:
    """Simulate in a process of its own, in which sets are in another order than here."""
    words = _words(root, agents=agents, days=days, seed=seed)
    done = subprocess.run(
        [sys.executable, "-m", "casewright.cli", *words],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def _words(root: Path, **numbers: int) -> tuple[str, ...]:
    given = [word for name, one in numbers.items() for word in (f"--{name}", str(one))]
    return ("--json", "--as", "boss", "simulate", *given, "--start", START, "--into", str(root))


def histories(root: Path) -> dict[str, list[str]]:
    """Return every ticket's history, all that the desk answers but the salted digests of commands."""
    names = [one.name for one in fields(Event) if one.name != "digest"]
    with open_desk(read_config(root)) as desk:
        rows, after = [], None
        while True:
            query = ListQueue(actor=SYSTEM, open=None, order="opened", after=after, limit=500)
            page = desk.ask_as_system(query)
            rows += page.rows
            if not page.later:
                break
            after = page.rows[-1].position
        return {
            one.key: [
                repr([getattr(event, name) for name in names])
                for event in desk.ask_as_system(GetHistory(actor=SYSTEM, ticket=one.key))
            ]
            for one in rows
        }


def digest(told: dict[str, list[str]]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
