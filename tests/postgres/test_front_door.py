"""A day in a workspace on a server, through the command line: everything is as it is beside a file, or says that it is not."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from casewright.cli.__main__ import main
from casewright.config import read_config
from casewright.desk import wrong_tallies

from ..server.served import served
from .own_server import Server

Said = Callable[..., Any]
OPENED = (
    "ticket",
    "open",
    "inquiry",
    "--set",
    "subject=No signal 没有信号",
    "--set",
    "question=Why?",
)


@pytest.fixture(scope="module")
def centre(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the people of the demonstration."""
    root = tmp_path_factory.mktemp("centre") / "w"
    assert (
        main(["init", str(root), "--demo", "--database", server.address(f"s{uuid4().hex}")])
        == 0
    )
    return root


@pytest.fixture
def said(centre: Path, capsys: pytest.CaptureFixture[str]) -> Said:
    """Return what says something in the workspace, and returns what was answered; it must be done."""

    def say(*words: str, who: str = "han_lei", code: int = 0) -> Any:
        capsys.readouterr()
        ended = main(["-C", str(centre), "--as", who, "--lang", "en", *words, "--json"])
        answered = capsys.readouterr()
        assert ended == code, answered.out + answered.err
        return json.loads(answered.out)

    return say


def test_a_ticket_is_opened_found_moved_on_and_counted(said, centre):
    key = said(*OPENED)["ticket"]
    said("ticket", "comment", key, "called back 已回电")

    assert [one["key"] for one in said("ticket", "list", "--text", "没有信号")["tickets"]] == [
        key
    ]
    assert [one["key"] for one in said("ticket", "list", "--text", "sign")["tickets"]] == [key]
    said("ticket", "fire", key, "ask_expert", "--set", "expert_question=What is it?")
    history = said("ticket", "history", key)
    assert [one["kind"] for one in history["events"]][:2] == ["TicketOpened", "CommentAdded"]
    board = said("board")
    assert sum(one["tickets"] for one in board["board"]) == 1
    assert wrong_tallies(read_config(centre)) == 0


def test_routing_gives_the_next_ticket_to_whoever_asks(said):
    question = ["--set", "subject=宽带", "--set", "question=No signal"]
    said("ticket", "open", "inquiry", *question, who="zheng_kai")
    assert said("route", "queues", who="chen_jing")["queues"]
    assert said("route", "available", who="chen_jing")["repeated"] is False
    assert said("route", "agents", who="chen_jing")["agents"]


def test_a_worker_keeps_time_and_histories_are_whole(said):
    said(*OPENED)
    said("worker", "--once")

    assert said("timer", "list")["timers"]
    verified = said("audit", "verify", who="root")
    assert verified["ok"]
    assert said("doctor", who="root")["ok"]
    status = said("db", "status")
    assert status["version"] == status["newest"]
    assert status["vitals"]["load"]["workers"] == 0


def test_a_customer_is_kept_and_erased(said):
    said("customer", "add", "C-1", "--name", "Wang", "--phone", "+8613900010001", who="root")
    said(*OPENED, "--customer", "C-1")

    assert said("customer", "show", "C-1", who="root")["customer"]["name"] == "Wang"
    said("customer", "erase", "C-1", "--reason", "asked", "--also-open", "--yes", who="yin_xue")
    assert said("customer", "show", "C-1", who="root")["customer"]["name"] != "Wang"
    assert said("audit", "verify", who="root")["ok"]


def test_a_server_answers_the_command_line(centre, said):
    with served(centre) as serving:
        key = said(*OPENED)["ticket"]
        assert said("ticket", "show", key)["key"] == key
        assert serving.part("worker")


@pytest.mark.parametrize(
    "words", [("backup", "copy"), ("export", "all.jsonl", "--purpose", "to move")]
)
def test_what_a_file_alone_can_do_is_refused_and_says_what_to_do_instead(said, tmp_path, words):
    verb, target, *more = words

    refused = said(verb, str(tmp_path / target), *more, who="root", code=1)

    assert "its own tools" in refused["error"]["message"]


def test_the_line_mode_of_the_terminal_works(centre):
    command = [
        sys.executable,
        "-m",
        "casewright.cli",
        "-C",
        str(centre),
        "--as",
        "han_lei",
        "--lang",
        "en",
        "tui",
        "--plain",
    ]
    done = subprocess.run(
        command, input="queue\nquit\n", capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert "No signal" in done.stdout


def test_a_day_of_a_whole_centre_is_played_there(server, tmp_path, capsys):
    root = tmp_path / "w"
    assert (
        main(["init", str(root), "--demo", "--database", server.address(f"s{uuid4().hex}")])
        == 0
    )
    words = ["simulate", "--agents", "4", "--days", "1", "--seed", "3"]
    assert main(["-C", str(root), "--as", "root", *words]) == 0
    capsys.readouterr()
    assert main(["-C", str(root), "--as", "root", "audit", "verify"]) == 0
