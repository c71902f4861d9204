"""The plain mode by a pipe: everything that staff do all day, a line at a time, with not one escape sequence."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from casewright.commands import OpenTicket
from casewright.config import read_config
from casewright.desk import open_desk
from casewright.queries import GetTicket

from ..server.served import founded


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("plain") / "workspace"
    config = founded(root, people=True)
    with open_desk(config) as desk:
        for subject in ("宽带很慢\x1b[31m", "Roaming"):
            fields = {"subject": subject, "question": "How?"}
            desk.execute(OpenTicket(actor="chen_jing", workflow="inquiry", fields=fields))
    return root


def talked(root: Path, *lines: str, lang: str = "en", actor: str = "chen_jing") -> str:
    """What is said to somebody who types these lines."""
    words = ["tui", "--plain", "-C", str(root), "--as", actor, "--lang", lang]
    done = subprocess.run(
        [sys.executable, "-m", "casewright.cli", *words],
        input="".join(f"{one}\n" for one in lines).encode(),
        capture_output=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    assert b"\x1b" not in done.stdout
    return done.stdout.decode()


def test_list_show_act_note_and_search_are_there(centre):
    told = talked(
        centre, "search roaming", "1", "note Called back", "actions", "do answer", "Told her.", "",
        "", "account_plan_advice", "yes", "history", "quit",
    )  # fmt: skip

    assert "Roaming" in told
    assert "The note is kept." in told
    with open_desk(read_config(centre)) as desk:
        (key,) = re.findall(r"(\S+)> note", told)
        ticket = desk.ask_as_system(GetTicket(actor="system", ticket=key))
    assert not ticket.open, told


def test_it_speaks_chinese_and_takes_chinese_words(centre):
    told = talked(centre, "全部", "打开 1", "操作", "帮助", "退出", lang="zh")

    assert "casewright 逐行模式" in told
    assert "宽带很慢" in told
    assert "按工单号或列表序号打开工单" in told


def test_what_is_not_understood_is_said_and_nothing_is_done(centre):
    told = talked(centre, "dance", "do 1", "open INQ-1-1", "take 99", "")

    assert "'dance' is not understood" in told
    assert "open one first" in told
    assert "There is no" in told


def test_nothing_that_was_typed_is_lost_and_what_must_be_said_is_asked_for_at_once(centre):
    told = talked(
        centre, "note", "open 1", "actions", "do answer", "", "Told", "!", "quit"
    )  # fmt: skip

    before, _, after = told.partition("open 1")
    assert "no ticket is open" in before
    assert "Note:" not in before
    assert "This must be filled in; ! gives up." in after
    assert "Given up; nothing was done." in after
