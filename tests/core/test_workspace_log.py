"""The log of a workspace: lines that nobody's words can forge, without secrets and without what is somebody's own."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright import logs, secrets
from casewright.clock import SetClock
from casewright.errors import Place
from casewright.logs import About, Log
from casewright.redaction import NUMBER, SECRET, redacted

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def log(tmp_path):
    return Log(tmp_path / "casewright.log", clock=SetClock(NOW))


def lines(log):
    return [json.loads(line) for line in log.path.read_text("ascii").splitlines()]


def test_a_line_says_when_how_grave_and_what(log):
    log.write("started", door="worker")

    (line,) = lines(log)
    assert line == {
        "at": "2026-03-02T01:00:00Z",
        "level": "info",
        "event": "started",
        "process": os.getpid(),
        "door": "worker",
    }


@pytest.mark.parametrize(
    "text",
    [
        'a\n{"event": "forged"}',
        "a\r\nb",
        "a\u2028b",
        "a\x85b",
        "\x1b[2J",
        "\u202eb",
        "\ud800",
        "a\0b",
    ],
)
def test_no_text_forges_a_line_or_reaches_a_terminal_unescaped(log, text):
    log.write("reply", channel=text, event="forged", at="forged", level="forged")

    (line,) = lines(log)
    assert (line["event"], line["level"], line["channel"]) == ("reply", "info", text)
    assert log.path.read_bytes().isascii()


def test_what_is_less_grave_than_asked_for_is_left_out(tmp_path):
    log = Log(tmp_path / "casewright.log", level="warning")

    log.write("detail")
    log.write("matter", grade="warning")

    assert [one["event"] for one in lines(log)] == ["matter"]


@pytest.mark.parametrize(
    "text",
    [
        "+86 139 1234 5678",
        "13912345678",
        "139 1234 5678",
        "010-12345678",
        "11010519491231002X",
        "6222021234567890123",
        "zhang.wei@example.com",
        "smtp://desk:hunter2@mail.example.com",
        "Authorization: Bearer abc.def-ghi",
        "password=hunter2",
        '{"api_key": "hunter2"}',
        "cw_hunter2hunter2hunter2hunter2",
        "-----BEGIN PRIVATE KEY-----\nhunter2",
        "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$hunter2hunter2hunter2",
    ],
)
def test_what_has_the_shape_of_a_secret_or_of_an_address_is_masked(log, text):
    log.write("not_sent", reason=f"the gateway says: {text}.")

    written = log.path.read_text("ascii")
    for part in ("1234", "hunter2", "zhang", "abc.def", "0519"):
        assert part not in written


@pytest.mark.parametrize(
    "text",
    ["CMP-2026-000042", "2026-02-13 09:30", "delivery 12 of 4711", "127.0.0.1:8091", "3.14"],
)
def test_what_one_needs_to_know_is_not_masked(log, text):
    log.write("note", said=text)

    assert lines(log)[0]["said"] == text


@pytest.mark.parametrize(
    "name",
    ["password", "api_key", "hmac_key_token", "Authorization", "phone", "email", "fields"],
)
def test_what_is_called_a_secret_or_somebodys_own_is_masked_whatever_it_looks_like(name):
    assert "x" not in str(redacted({name: {"x": "x"}})[name]).replace("text", "")


def test_a_secret_that_was_looked_up_appears_in_no_line(log):
    secrets.resolve("env:X", Place("x"), {"X": "correct horse"})

    log.write("not_sent", reason="401 for correct horse at gate")

    assert lines(log)[0]["reason"] == f"401 for {SECRET} at gate"


@given(
    st.recursive(
        st.text() | st.integers() | st.none() | st.booleans(),
        lambda one: st.lists(one) | st.dictionaries(st.text(), one),
    )
)
def test_whatever_is_logged_makes_one_line(tmp_path_factory, value):
    log = Log(tmp_path_factory.mktemp("log") / "casewright.log")

    assert log.write("any", value=value)

    assert len(lines(log)) == 1


def test_an_incident_tells_where_it_happened_and_nothing_that_people_entered(log):
    def bug():
        with About(command="OpenTicket", ticket="CMP-2026-000042", door="command line"):
            try:
                {}["王伟"]
            except KeyError as error:
                raise ValueError("it can't be '王伟', 张伟 or 'Zhang': 'state'") from error

    with pytest.raises(ValueError, match="can't") as raised:
        bug()
    incident = log.incident(raised.value)

    (line,) = lines(log)
    assert (line["id"], line["ticket"], line["door"]) == (
        incident.id,
        "CMP-2026-000042",
        "command line",
    )
    assert incident.file == log.path
    assert any("test_workspace_log.py" in one for one in line["trace"])
    assert (
        "builtins.ValueError: it can't be '[text]', [text] or '[text]': 'state'"
        in line["trace"]
    )
    assert "Zhang" not in str(line)


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path):
    log = Log(tmp_path / "nowhere" / "casewright.log")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    assert not log.write("started")
    assert log.incident(ValueError()).file is None
    assert not Log(pipe).write("started")


def test_the_log_is_its_owners_alone_and_is_put_aside_before_it_grows_too_large(
    log, monkeypatch
):
    monkeypatch.setattr(logs, "LARGEST", 2_000)

    for number in range(200):
        log.write("turn", number=number)

    kept = sorted(log.path.parent.iterdir())
    assert [one.name for one in kept] == [
        "casewright.log",
        *(f"casewright.log.{number}" for number in range(1, logs.KEPT + 1)),
    ]
    assert all(one.stat().st_size < 2_200 for one in kept)
    assert {stat.S_IMODE(one.stat().st_mode) for one in kept} == {0o600}
    assert lines(log)[-1]["number"] == 199


def test_several_who_write_at_once_lose_no_line_and_mix_none(log, monkeypatch):
    monkeypatch.setattr(logs, "LARGEST", 20_000)

    def write(writer):
        mine = Log(log.path, clock=SetClock(NOW))
        for number in range(100):
            mine.write("turn", writer=writer, number=number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))

    read = [
        json.loads(line)
        for file in log.path.parent.iterdir()
        for line in file.read_text("ascii").splitlines()
    ]
    assert len({(one["writer"], one["number"]) for one in read}) == len(read) == 800


def test_long_texts_are_cut(log):
    log.write("note", said="x" * 100_000)

    assert log.path.stat().st_size < 5_000


def test_numbers_inside_words_of_ours_stay(log):
    log.write("note", count=13912345678, said="13912345678")

    assert lines(log)[0]["count"] == 13912345678
    assert lines(log)[0]["said"] == NUMBER
