"""`worker`, `timer` and `notice` on the command line: from a promise that nears its end to a notice that was taken."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casewright.cli.__main__ import main
from casewright.cli.output import width
from casewright.clock import SetClock

from .worker_site import WorkerSite

CORE = Path(__file__).resolve().parents[2] / "core"
TOML = """\
[channels.sms]
driver = "file"
path = "sms.jsonl"

[access]
sign_in = "trusted"
"""


@pytest.fixture
def root(workspace):
    """A workspace in which ana's promise is half spent since an hour."""
    site = WorkerSite(workspace, SetClock(datetime.now(UTC) - timedelta(hours=6)))
    (workspace / "casewright.toml").write_text(TOML, "utf-8")
    site.open()
    site.desk.close()
    return workspace


@pytest.fixture
def cli(root, capsys, monkeypatch):
    """Return a function that runs a command line in the workspace and returns code, output and messages."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def run(*words, actor="ana"):
        capsys.readouterr()
        code = main(["-C", str(root), "--as", actor, *map(str, words)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def answer(cli):
    def run(*words, actor="ana", code=0):
        got, out, _ = cli(*words, "--json", actor=actor)
        assert got == code
        return json.loads(out)

    return run


@contextmanager
def working(root, *words):
    """Run a worker meanwhile that is watched over; yield the address at which it tells how it does."""
    environment = {**os.environ, "PYTHONPATH": str(CORE), "CASEWRIGHT_USER": "ana"}
    command = [sys.executable, "-m", "casewright.cli", "-C", root, "worker", "--json", *words]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as worker:
        first = json.loads(worker.stderr.readline())
        assert first["event"] == "watched"
        try:
            yield f"http://{first['message'].split()[-1]}"
        finally:
            worker.terminate()
            worker.communicate(timeout=60)


def fetched(address):
    """Return the document at an address, whatever its status."""
    try:
        with urllib.request.urlopen(address, timeout=30) as answered:
            return json.load(answered)
    except urllib.error.HTTPError as error:
        return json.load(error)


def figures(address):
    """Return the figures by name and label."""
    with urllib.request.urlopen(f"{address}/metrics", timeout=30) as answered:
        lines = answered.read().decode().splitlines()
    return {
        name: float(value)
        for name, value in (one.rsplit(" ", 1) for one in lines if not one.startswith("#"))
    }


def wait_for(look, seen):
    """Return what `look` returns once that is as it is to be."""
    until = time.monotonic() + 60
    while not seen(found := look()):
        assert time.monotonic() < until, found
        time.sleep(0.05)
    return found


def sms(root):
    return [json.loads(line) for line in (root / "sms.jsonl").read_text("utf-8").splitlines()]


def test_a_worker_that_runs_once_fires_sends_and_says_how_late_it_was(answer, root):
    done = answer("worker", "--once")

    assert (done["fired"], done["attempts"], done["delivered"]) == (1, 1, 1)
    assert 3600 <= done["lags"]["max"] < 3700
    assert sum(one["count"] for one in done["lags"]["histogram"]) == 1
    assert [one["address"] for one in sms(root)] == ["+8613800000001"]
    again = answer("worker", "--once")
    assert (again["fired"], again["attempts"]) == (0, 0)


def test_the_database_tells_what_is_overdue_since_when_and_what_waits(cli, answer):
    seen = answer("db", "status")["vitals"]
    assert (seen["worker"], seen["overdue"]) == (
        "",
        {"minute": 0, "hour": 0, "day": 1, "longer": 0},
    )
    assert 3600 <= seen["lag"] < 3700
    assert "an hour 0, a day 1" in cli("db", "status")[1]

    answer("worker", "--once")

    seen = answer("db", "status")["vitals"]
    assert (sum(seen["overdue"].values()), seen["lag"], seen["given_up"]) == (0, 0, 0)
    assert "nothing is overdue" in cli("db", "status")[1]


def test_a_worker_is_watched_over_by_its_port(root):
    with working(root, "--metrics", "0") as address:
        assert fetched(f"{address}/health")["status"] == "ok"
        ready = wait_for(lambda: fetched(f"{address}/ready"), lambda one: one["ready"])
        assert ready["writable"]
        told = wait_for(
            lambda: figures(address), lambda one: one["casewright_worker_delivered_total"]
        )
    assert (told["casewright_worker"], told["casewright_worker_fired_total"]) == (1, 1)
    assert told['casewright_timer_lag_seconds_bucket{le="3600.0"}'] == 0
    assert told["casewright_timer_lag_seconds_count"] == 1


@pytest.mark.parametrize("written", ["abc", "70000", "127.0.0.1", "::1"])
def test_a_port_that_is_none_is_refused_before_anything_is_done(cli, root, written):
    code, out, err = cli("worker", "--once", "--metrics", written)

    assert (code, out) == (1, "")
    assert err.startswith("--metrics: write address and port")
    assert not (root / "sms.jsonl").exists()


def test_a_port_that_is_taken_is_refused_before_anything_is_done(cli, root):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, _, err = cli("worker", "--once", "--metrics", taken.getsockname()[1])

    assert (code, "nothing can listen on 127.0.0.1" in err) == (1, True)
    assert not (root / "sms.jsonl").exists()


def test_people_are_shown_the_lags_as_a_histogram(cli):
    code, out, _ = cli("worker", "--once")

    assert code == 0
    assert "Timers fired: 1" in out
    assert "###" in out


def test_a_notice_is_listed_shown_and_taken(cli, answer):
    answer("worker", "--once")
    mine = answer("notice", "list", "--mine")["notices"]
    number = next(one["number"] for one in mine if one["via"] == "sms")

    code, out, _ = cli("notice", "show", number)

    assert code == 0
    assert "Its way" in out
    assert "Attempts" in out
    ways = [hop["state"] for hop in answer("notice", "show", number)["notice"]["hops"]]
    assert ways == ["queued", "submitted", "delivered", "seen"]
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    taken = cli("notice", "take", number, "--until", until)
    assert (taken[0], "is yours until" in taken[1]) == (0, True)
    assert answer("notice", "list", "--state", "taken")["notices"][0]["number"] == number


def test_looking_at_somebody_elses_notice_is_not_seeing_it(answer):
    answer("worker", "--once")
    number = answer("notice", "list")["notices"][0]["number"]

    shown = answer("notice", "show", number, actor="olga")

    assert "seen" not in [hop["state"] for hop in shown["notice"]["hops"]]


def test_a_notice_is_refused_with_a_reason(cli, answer):
    answer("worker", "--once")
    number = answer("notice", "list", "--mine")["notices"][0]["number"]

    assert cli("notice", "refuse", number, "--reason", "on leave")[0] == 0

    assert answer("notice", "list", "--state", "refused")["notices"][0]["number"] == number


def test_what_is_dead_is_listed_and_sent_again_by_whoever_may(cli, answer, root):
    cli("user", "edit", "ana", "--phone", "", actor="olga")
    answer("worker", "--once")
    dead = answer("notice", "list", "--state", "dead")["notices"]
    assert len(dead) == 1
    cli("user", "edit", "ana", "--phone", "+8613800000009", actor="olga")

    assert cli("notice", "retry", dead[0]["number"])[0] == 1
    assert cli("notice", "retry", dead[0]["number"], actor="olga")[0] == 0

    answer("worker", "--once")
    assert [one["address"] for one in sms(root)] == ["+8613800000009"]


def test_timers_are_listed_by_when_they_are_due(answer, cli):
    due = answer("timer", "list", "--state", "due")["timers"]
    assert [one["name"] for one in due] == ["promise:answer"]

    answer("worker", "--once")

    assert answer("timer", "list", "--state", "due")["timers"] == []
    assert answer("timer", "list")["timers"][0]["state"] == "open"
    code, out, _ = cli("timer", "list")
    assert (code, "promise Answer" in out) == (0, True)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_lists_fit_the_terminal_in_both_languages(cli, lang, monkeypatch):
    cli("worker", "--once")
    monkeypatch.setenv("COLUMNS", "80")

    for words in (
        ["timer", "list"],
        ["notice", "list"],
        ["notice", "show", "2"],
        ["worker", "--once"],
    ):
        code, out, _ = cli("--lang", lang, *words)
        assert code == 0
        assert max(map(width, out.splitlines())) <= 80
    assert lang == "en" or "已阅" in out or "定时器" in out


def test_doctor_tells_of_notices_that_reached_nobody(cli, answer):
    cli("user", "edit", "ana", "--phone", "", actor="olga")
    answer("worker", "--once")

    checks = answer("doctor")["checks"]

    assert [one["finding"] for one in checks if one["name"] == "notices"] == ["warning"]


def test_a_second_worker_is_refused_and_a_signal_stops_the_first(root):
    environment = {**os.environ, "PYTHONPATH": str(CORE), "CASEWRIGHT_USER": "ana"}
    command = [sys.executable, "-m", "casewright.cli", "-C", str(root), "worker", "--json"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as worker:
        first = json.loads(worker.stderr.readline())
        assert first["event"] == "started"
        while not (root / "sms.jsonl").exists():
            assert worker.poll() is None
        other = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False
        )
        worker.send_signal(signal.SIGTERM)
        out, _ = worker.communicate(timeout=60)

    assert other.returncode == 1
    assert json.loads(other.stdout)["error"]["code"] == "worker.busy"
    assert other.stderr == ""
    assert worker.returncode == 0
    assert json.loads(out)["fired"] == 1
