"""The terminal needs nobody else's machine: no address is looked up, nothing is connected to, nothing is there that would."""

import functools
import operator
import re
import socket
import tomllib
from pathlib import Path
from typing import Any

import pytest

from .busy_centre import founded_busy
from .seated import seated
from .walking import walked

ROOT = Path(__file__).resolve().parents[2]
NOT_WANTED = {"plotext", "textual-plotext", "pyarrow", "pytest-textual-snapshot", "syrupy"}
PLACES = ("queue", "ticket", "wallboard")


@pytest.mark.anyio
async def test_nothing_is_looked_up_and_nobody_is_connected_to(tmp_path, monkeypatch):
    asked: list[Any] = []

    def refused(*words: Any, **more: Any) -> None:
        asked.append(words)
        raise OSError("there is no network")

    monkeypatch.setattr(socket, "getaddrinfo", refused)
    monkeypatch.setattr(socket.socket, "connect", refused)
    busy = founded_busy(tmp_path / "workspace", tickets=3)
    async with seated(busy.root, "ada") as one:
        assert [place async for place in walked(one, busy, PLACES)] == list(PLACES)
    assert asked == []


def test_what_draws_wrongly_or_asks_others_is_no_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = [
        *project["dependencies"],
        *functools.reduce(operator.iadd, project.get("optional-dependencies", {}).values(), []),
    ]
    assert {
        re.split(r"[\s\[<>=!~;]", one, maxsplit=1)[0].lower() for one in named
    } & NOT_WANTED == set()
    constraints = (ROOT / "constraints.txt").read_text("utf-8")
    assert {
        line.partition("==")[0].strip().lower() for line in constraints.splitlines()
    } & NOT_WANTED == set()
