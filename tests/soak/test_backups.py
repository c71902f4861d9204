"""Backups of a workspace that is written to all the while: each is restored, and nothing acknowledged before it is missing.

A sabotage shows that the test would say otherwise: a copy of the file, taken as a file, does not hold.
"""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from casewright.clock import SystemClock
from casewright.commands import SavePerson
from casewright.desk import open_desk, publish
from casewright.exchange.backup import back_up
from casewright.exchange.restore import restore
from casewright.model import SYSTEM

from .kill_worker import PEOPLE, settings
from .test_kill import CORE, FILES

WRITER = Path(__file__).with_name("backup_writer.py")
WRITERS = 3
KEEPER = "  keeper: {title: {en: Keeper, zh: 保管员}, permissions: [workspace.backup]}\n"
SETTINGS = 'attachments = "files"\n[plugins]\nload = []\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A backup that was taken and restored: what was acknowledged before it began, and what of it is missing there."""

    acknowledged: int
    missing: int
    events: int
    seconds: float
    bytes: int


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace that clients may write to and a keeper may back up."""
    made = tmp_path / "busy"
    for name, content in {**FILES, "casewright.toml": SETTINGS}.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(content + (KEEPER if name == "roles.yaml" else ""), "utf-8")
    with open_desk(settings(made), create=True) as desk:
        publish(desk, made, [made / "workflows"], actor=SYSTEM)
        for name in PEOPLE:
            desk.execute_as_system(SavePerson(actor=SYSTEM, name=name, roles=("agent",)))
        desk.execute_as_system(SavePerson(actor=SYSTEM, name="kim", roles=("keeper",)))
    return made


@contextmanager
def writing(root: Path) -> Iterator[Path]:
    """Keep clients writing meanwhile; yield the file of what they say, once all have been answered."""
    said = root.parent / "said"
    environment = {**os.environ, "PYTHONPATH": str(CORE)}
    clients = [
        subprocess.Popen(
            [sys.executable, str(WRITER), str(root), str(seed), str(said)], env=environment
        )
        for seed in range(WRITERS)
    ]
    try:
        while len(acknowledged(said)) < 20 * WRITERS:
            assert all(one.poll() is None for one in clients), "a client died"
            time.sleep(0.05)
        yield said
        assert all(one.poll() is None for one in clients), "a client died"
    finally:
        for one in clients:
            one.kill()
            one.wait()


def acknowledged(said: Path) -> set[str]:
    """The ids of the commands that were acknowledged so far."""
    lines = said.read_bytes().split(b"\n")[:-1] if said.exists() else []
    return {one["done"] for one in map(json.loads, lines) if "done" in one}


def kept(database: Path) -> set[str]:
    """The ids of the commands that a database has."""
    with closing(sqlite3.connect(database)) as direct:
        rows = direct.execute("SELECT command_id FROM event WHERE command_id IS NOT NULL")
        return {name for (name,) in rows}


def take(root: Path, said: Path, number: int) -> Taken:
    """Take a backup and restore it, both of which verify it."""
    before = acknowledged(said)
    path, place = root.parent / f"{number}.backup", root.parent / f"restored {number}"
    with open_desk(settings(root)) as desk:
        made = back_up(desk, path, actor="kim")
    restore(path, place, by="root", clock=SystemClock(), environment={})
    path.unlink()
    return Taken(
        acknowledged=len(before),
        missing=len(before - kept(place / "casewright.db")),
        events=made.contents.rows["event"],
        seconds=made.seconds,
        bytes=made.bytes,
    )


def all_hold(root: Path, count: int) -> list[Taken]:
    with writing(root) as said:
        taken = [take(root, said, number) for number in range(count)]

    assert [one.missing for one in taken] == [0] * count
    assert taken[-1].acknowledged > taken[0].acknowledged, "nobody wrote meanwhile"
    return taken


def test_3_backups_under_load_hold_all_that_was_acknowledged(root):
    all_hold(root, 3)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_20_backups_under_load_hold_all_that_was_acknowledged(root):
    taken = all_hold(root, 20)

    slowest = max(one.seconds for one in taken)
    print(
        f"\n20 backups under the load of {WRITERS} writers, each restored and verified:"
        f" {taken[0].acknowledged} to {taken[-1].acknowledged} acknowledged commands,"
        f" {taken[0].events} to {taken[-1].events} events, 0 missing;"
        f" slowest {slowest:.2f} s, largest {taken[-1].bytes / 1e6:.1f} MB"
    )


def test_a_file_that_is_copied_while_it_is_written_lacks_what_was_acknowledged(root):
    with writing(root) as said:
        before = acknowledged(said)
        copied = root.parent / "copied.db"
        copied.write_bytes((root / "casewright.db").read_bytes())

    assert lacks(copied, before)


def lacks(copied: Path, wanted: set[str]) -> bool:
    """Whether a copy is damaged, or lacks what was in the log beside it."""
    try:
        return bool(wanted - kept(copied))
    except sqlite3.DatabaseError:
        return True
