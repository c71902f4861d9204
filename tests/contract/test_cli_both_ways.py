"""The command line says the same whether it works in the workspace itself or goes through the server that owns it."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from casewright.cli.__main__ import main
from casewright.clock import SystemClock
from casewright.config import read_config
from casewright.store import database

from .remote_site import serving

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
BY_CHANCE = re.compile(
    r"\b[0-9a-f]{8,64}\b|cws?_[\w-]+|\d+\.\d s\b|\"seconds\": [\d.]+|\d+\.\d MB|\"bytes\": \d+"
)
"""Digests, tokens, and how long and large it came out."""
INQUIRY = "ticket open inquiry --set subject=修机器 --set question=几点"
ROLES = "administrator agent auditor privacy_officer centre_manager author".split()
BEGINNING = (
    "user edit admin " + " ".join(f"--role {one}" for one in ROLES),
    f"{INQUIRY} --set customer_phone=13900000001 --id first",
)
READ = (
    "whoami", "board", "ticket list", "ticket list --workflow inquiry --json", "ticket list --text 修机器",
    "ticket show INQ-2026-000001", "ticket show INQ-2026-000001 --json", "ticket show INQ-2026-999999",
    "ticket actions INQ-2026-000001", "ticket history INQ-2026-000001", "ticket explain INQ-2026-000001",
    "ticket nonsense", "ticket list --limit 0", "ticket list --after x", "user list", "user show gao_li --json",
    "user show nobody", "user token list", "customer list", "customer show K9", "workflow list",
    "workflow show inquiry", "workflow publications", "workflow check", "form show inquiry", "notice list",
    "timer list", "announcement list", "audit verify", "plugin list", "plugin describe routing",
    "access report --person admin --limit 2", "route queues", "route agents",
)  # fmt: skip
DONE = (
    f"{INQUIRY} --id o1", f"{INQUIRY} --id o1", f"{INQUIRY}了 --id o1", "ticket open nothing", "ticket open inquiry",
    "ticket comment INQ-2026-000001 你好 --id c1", "ticket comment INQ-2026-000001 again --id c1",
    "ticket attach INQ-2026-000001 {file} --id a1", "ticket file INQ-2026-000001 1 {out}",
    "ticket file INQ-2026-000001 1 {out}", "ticket file INQ-2026-000001 7 {out}2",
    "ticket fire INQ-2026-000001 nonsense", "ticket edit INQ-2026-000001 --set subject=换机器 --expect 9 --id e2",
    "ticket watch INQ-2026-000001 --id w1", "ticket reveal INQ-2026-000001 --purpose 回访",
    "customer add K1 --name 王小明 --phone 13900000001 --id k1", "customer find 13900000001 --purpose 回访",
    "customer show K1", "customer erasures",
    "user add newcomer --role agent --id u1", "user add newcomer --role agent", "user disable newcomer --id u2",
    "user absent gao_li --id u3", "user absent gao_li --hand-over --deputy lin_mei --id u4",
    "user absent gao_li --hand-over --deputy nobody", "user back gao_li --id u5", "user import {staff} --dry-run",
    "user import {bad}", "user import {staff}", "user show one --json", "user token make --only ticket.read --id t1",
    "user token revoke 1 --id t2", "workflow publish", "audit checkpoint", "plugin disable routing --reason trying --id p1",
    "plugin enable routing --id p2", "backup {out}.backup", "backup {out}.backup", "export {out}.jsonl --purpose 试试",
    "audit export {out}.audit", "audit verify --export {out}.audit", "login --password-file {file}", "logout",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a command line printed, and its exit code."""

    code: int
    out: str
    err: str


USAGE = 2
Run = Callable[..., Said]


@pytest.fixture(scope="module")
def stopped_clock() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(SystemClock, "now", lambda self: NOON)
        yield


@pytest.fixture(scope="module")
def places(
    tmp_path_factory: pytest.TempPathFactory, stopped_clock: None
) -> Iterator[dict[str, Path]]:
    """The same workspace twice; a server owns the second."""
    folder = tmp_path_factory.mktemp("cli")
    with ExitStack() as closing:
        patched = closing.enter_context(pytest.MonkeyPatch.context())
        for name, value in (("XDG_STATE_HOME", "state"), ("XDG_CONFIG_HOME", "config")):
            patched.setenv(name, str(folder / value))
        patched.setenv("LC_ALL", "C.UTF-8")
        made = folder / "made"
        assert main(["init", str(made), "--demo", "--admin", "admin"]) == 0
        for line in BEGINNING:
            assert main(["-C", str(made), "--as", "admin", *line.split()]) == 0, line
        (folder / "file").write_text("correct horse battery", encoding="utf-8")
        (folder / "staff").write_text("name,roles\none,agent\ntwo,agent\n", encoding="utf-8")
        (folder / "bad").write_text("name,phone\nthree,\nfour,x\n", encoding="utf-8")
        both = {name: folder / name / "centre" for name in ("here", "there")}
        for place in both.values():
            shutil.copytree(made, place)
        closing.enter_context(serving(read_config(both["there"], {}), SystemClock()))
        yield both


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], places: dict[str, Path]) -> Run:
    """A function that runs a command line in one of the places, and takes out what is there by chance."""

    def go(where: str, line: str, *more: str) -> Said:
        place = places[where]
        given = {name: place.parent.parent / name for name in ("file", "staff", "bad")}
        words = [one.format(**given, out=place.parent / "out") for one in line.split()]
        capsys.readouterr()
        code = main(["-C", str(place), "--as", "admin", *words, *more])
        printed = capsys.readouterr()
        return Said(code=code, out=_plain(printed.out, place), err=_plain(printed.err, place))

    return go


def _plain(printed: str, place: Path) -> str:
    return BY_CHANCE.sub("#", printed.replace(str(place.parent), "/there"))


def _in_turn() -> Iterator[Any]:
    """Each line in one language, the next one in the other; in the long run each in both."""
    for place, line in enumerate(READ):
        first, second = ("en", "zh") if place % 2 else ("zh", "en")
        yield pytest.param(line, first)
        yield pytest.param(line, second, marks=pytest.mark.soak)


@pytest.mark.parametrize(("line", "lang"), [*_in_turn()])
def test_what_is_asked_is_answered_the_same(run: Run, line: str, lang: str) -> None:
    here, there = (run(where, line, "--lang", lang) for where in ("here", "there"))

    assert there == here


@pytest.mark.parametrize("first", ["en", pytest.param("zh", marks=pytest.mark.soak)])
def test_what_is_done_and_refused_is_told_the_same(run: Run, first: str) -> None:
    second = "zh" if first == "en" else "en"
    for place, line in enumerate(DONE):
        lang = second if place % 2 else first
        here, there = (run(where, line, "--lang", lang) for where in ("here", "there"))

        assert there == here, line
        assert here.code != USAGE, here


@pytest.mark.parametrize("read_meanwhile", [False, True], ids=["at once", "later"])
def test_an_erasure_says_whether_files_still_hold_something(
    run: Run, places: dict[str, Path], read_meanwhile: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT_FOR_READERS_MS", 10)
    name = f"erased{read_meanwhile}"
    for where in ("here", "there"):
        assert run(where, f"customer add {name} --name 欧阳修").code == 0
    with ExitStack() as reading:
        for place in places.values() if read_meanwhile else ():
            reading.enter_context(_reader_of(place))

        here, there = (
            run(where, f"customer erase {name} --reason asked --yes --lang en")
            for where in ("here", "there")
        )
        held = ["欧阳修".encode() in _files_of(one) for one in places.values()]

    assert there == here
    assert here.code == 0
    assert ("the worker rewrites its file" in here.out) is read_meanwhile
    assert held == [read_meanwhile, read_meanwhile]


@contextmanager
def _reader_of(place: Path) -> Iterator[None]:
    """Hold what the database of a workspace has in it now, as somebody does who is still reading it."""
    with closing(database.Database(place / "casewright.db")) as reader, reader.read():
        reader.execute("SELECT count(*) FROM ticket").fetchone()
        yield


def _files_of(place: Path) -> bytes:
    return b"".join(one.read_bytes() for one in place.glob("casewright.db*") if one.is_file())
