"""A workspace is moved from its file to a server: all of it, while people work, whatever ends the copy in the midst."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from casewright.cli.__main__ import main
from casewright.commands import AddComment, OpenTicket
from casewright.config import read_config
from casewright.desk import open_desk, wrong_tallies
from casewright.desk.moving import move, settings_with
from casewright.errors import MoveRefused, WorkspaceInUse
from casewright.plugins.marks import Marks
from casewright.queries import ListTickets, VerifyAudit
from casewright.store import moving
from casewright.store.database import Database

from ..founding import demonstration
from .own_server import Server

QUESTION = {"subject": "宽带 No signal", "question": "Why?"}
Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def address(server: Server) -> str:
    return server.address(f"s{uuid4().hex}")


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    """A workspace beside a file, with tickets, customers, what a worker has done, and what a plugin has kept."""
    root = tmp_path / "w"
    demonstration(root)
    for number in range(12):
        opened(root, number)
    assert main(["-C", str(root), "worker", "--once"]) == 0
    assert main(["-C", str(root), "--as", "chen_jing", "route", "available"]) == 0
    return root


def opened(root: Path, number: int) -> str:
    with open_desk(read_config(root)) as desk:
        fields = {**QUESTION, "subject": f"宽带 No signal {number}"}
        key = desk.execute(
            OpenTicket(actor="han_lei", workflow="inquiry", fields=fields)
        ).ticket
        desk.execute(
            AddComment(actor="han_lei", ticket=key, text=f"called back {number} 已回电")
        )
        return key


@pytest.fixture
def cli(centre: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str, who: str = "han_lei") -> tuple[int, Any]:
        capsys.readouterr()
        code = main(["-C", str(centre), "--as", who, "--lang", "en", *words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run


def told(cli: Run) -> dict[str, Any]:
    """What people see of a workspace."""
    keys = [one["key"] for one in cli("ticket", "list")[1]["tickets"]]
    audit = cli("audit", "verify", who="boss")[1]
    return {
        "tickets": {key: cli("ticket", "history", key)[1] for key in keys[:3]},
        "list": cli("ticket", "list")[1],
        "found": cli("ticket", "list", "--text", "宽带 sign")[1],
        "board": cli("board")[1],
        "timers": cli("timer", "list")[1],
        "audit": {name: audit[name] for name in ("ok", "tickets")},
        "customers": cli("customer", "list", who="boss")[1],
        "people": cli("user", "list", who="boss")[1],
    }


def test_what_people_see_is_the_same_before_and_after(cli, centre, address):
    before = told(cli)

    code, moved = cli("db", "copy", "--to", address)

    assert code == 0, moved
    config = read_config(centre)
    assert config.postgres == address
    after = told(cli)
    assert after == before
    assert wrong_tallies(config) == 0
    assert cli("doctor", who="boss")[1]["ok"]
    opened(centre, 99)
    assert len(cli("ticket", "list")[1]["tickets"]) == len(before["list"]["tickets"]) + 1


def test_the_file_is_as_it_was_and_is_gone_back_to_by_its_name(cli, centre, address):
    settings = (centre / "casewright.toml").read_text(encoding="utf-8")
    before = told(cli)
    assert cli("db", "copy", "--to", address)[0] == 0

    (centre / "casewright.toml").write_text(settings, encoding="utf-8")

    assert told(cli) == before


def test_while_somebody_works_it_is_copied_and_then_refused_and_goes_on_later(centre, address):
    config = read_config(centre)
    with open_desk(config) as desk:
        desk.ask(ListTickets(actor="han_lei"))
        with pytest.raises(WorkspaceInUse):
            move(config, address)
        key = desk.execute(
            OpenTicket(actor="han_lei", workflow="inquiry", fields=QUESTION)
        ).ticket
        desk.execute(AddComment(actor="han_lei", ticket=key, text="meanwhile"))

    moved = move(config, address)

    assert 0 < moved.ranges < 40
    assert moved.rows["ticket"] == 13


def test_killed_at_any_moment_it_goes_on_where_it_was(centre, address, tmp_path):
    config, chance = read_config(centre), random.Random(8)
    command = [
        sys.executable,
        "-m",
        "casewright.cli",
        "-C",
        str(centre),
        "db",
        "copy",
        "--to",
        address,
    ]
    for _ in range(4):
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            time.sleep(chance.uniform(0.4, 1.1))
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
        if read_config(centre).postgres:
            break

    if not read_config(centre).postgres:
        assert move(config, address).rows["ticket"] == 12
    with closing(Database(config.database)) as source, psycopg.connect(address) as other:
        for table in moving.all_tables():
            sql, _ = table.between(None, None)
            here = source.execute(sql).fetchall()
            there = other.execute(sql.encode()).fetchall()
            assert [tuple(one) for one in here] == [tuple(one) for one in there], table.name


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET body = replace(body, 'han_lei', 'chen_jing') WHERE id = 3",
        "DELETE FROM timer WHERE due_at = (SELECT min(due_at) FROM timer)",
        "DELETE FROM event_value WHERE sequence = 2",
        "INSERT INTO lease VALUES ('x', 'y', 1); INSERT INTO preference VALUES ('a', 'b', 'c', 1)",
    ],
)
def test_what_is_not_there_as_it_is_here_is_found_and_nothing_is_said_to_be_moved(
    centre, address, change, monkeypatch
):
    config = read_config(centre)
    differing = moving.Moving.differing

    def spoilt(self: moving.Moving) -> Any:
        with psycopg.connect(address, autocommit=True) as other:
            other.execute(change.encode())
        return differing(self)

    monkeypatch.setattr(moving.Moving, "differing", spoilt)
    with pytest.raises(MoveRefused):
        move(config, address)
    assert not read_config(centre).postgres
    with open_desk(config) as desk:
        assert desk.ask(VerifyAudit(actor="boss")).ok


def test_what_was_taken_away_since_is_taken_away_there(centre, address):
    config = read_config(centre)
    with open_desk(config), pytest.raises(WorkspaceInUse):
        move(config, address)
    with closing(Database(config.database)) as database, database.write():
        database.execute("DELETE FROM timer")
        database.execute("DELETE FROM ticket_reach WHERE kind = 'party'")

    assert move(config, address).rows["timer"] == 0


def test_where_there_is_another_workspace_nothing_is_copied(centre, address, tmp_path):
    assert main(["init", str(tmp_path / "other"), "--database", address]) == 0

    with pytest.raises(MoveRefused, match="there is a workspace already"):
        move(read_config(centre), address)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mysql://x", "begins with postgresql://"),
        ("postgresql://u:secret@h/d", "leave the password out"),
        ("postgresql://h/d?password=secret", "leave the password out"),
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_before_anything_is_done(
    centre, address, said
):
    with pytest.raises(MoveRefused, match=said):
        move(read_config(centre), address)


def test_what_a_plugin_has_kept_goes_along_and_it_goes_on_there(centre, address, cli):
    assert main(["-C", str(centre), "db", "copy", "--to", address]) == 0

    assert read_config(centre).postgres
    assert cli("route", "agents")[0] == 0
    assert cli("route", "busy", "training", who="chen_jing")[0] == 0
    assert "training" in json.dumps(cli("route", "agents")[1])
    assert cli("route", "choice", "13800138000", "--language", "en")[0] == 0
    assert cli("route", "call", "13800138000")[0] == 0


def test_a_plugin_whose_tables_nobody_can_make_there_is_named_and_nothing_is_copied(
    centre, address
):
    settings = centre / "casewright.toml"
    text = settings.read_text(encoding="utf-8")
    assert 'load = ["routing"]' in text
    settings.write_text(text.replace('load = ["routing"]', "load = []"), encoding="utf-8")

    with pytest.raises(MoveRefused, match="routing"):
        move(read_config(centre), address)


DIES = """\
import os, sys
from pathlib import Path
from casewright.plugins.marks import Marks, folder_of, written
noted = Marks(folder_of(Path(sys.argv[1])))
with noted.slot() as slot:
    noted.put(slot, written("routing", "load"))
    os._exit(9)
"""


def test_a_plugin_that_is_left_out_is_named_with_why(centre, address):
    subprocess.run([sys.executable, "-c", DIES, str(centre / "casewright.db")], check=False)

    with pytest.raises(MoveRefused, match=r"'routing' .* left out: a process ended"):
        move(read_config(centre), address)


def test_whoever_kills_a_copy_makes_no_plugin_guilty(centre, address, monkeypatch):
    def killed(*_: Any) -> None:
        raise AssertionError("a plugin's call was marked")

    monkeypatch.setattr(Marks, "put", killed)

    assert move(read_config(centre), address).rows["ticket"] == 12


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('zone = "x"\n', 'database = "a"\nzone = "x"\n'),
        (
            '# database = "casewright.db"   # 数据库\nzone = "x"\n',
            'database = "a"\nzone = "x"\n',
        ),
        ("database = 'own.db'\n[plugins]\n", 'database = "a"\n[plugins]\n'),
    ],
)
def test_the_settings_keep_all_else_as_it_was_written(before, after):
    assert settings_with(before, "a") == after
