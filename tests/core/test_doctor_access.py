"""What the doctor finds of secrets in files, of who may read what, of the clock, and of who gets in."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casewright.cli import doctor_clock
from casewright.cli.__main__ import main
from casewright.cli.doctor_clock import record_checks
from casewright.cli.doctor_files import mode_checks
from casewright.cli.doctor_secrets import suspects
from casewright.config import Config, read_config

from ..founding import demonstration

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TOKEN = "ghp_" + "q7Rk2Vn9Zx4Lm8Tb3Wc6"
SECRETS = {
    "a setting": ("casewright.toml", 'password = "hunter2"'),
    "a setting in a comment": ("casewright.toml", '# hmac_key = "correct"'),
    "a header": ("casewright.toml", 'headers = {Authorization = "Bearer 8f3b"}'),
    "an address": ("casewright.toml", 'url = "mailtos://desk:hunter2@mail.example.com"'),
    "a token of a service": ("workflows/a.yaml", f"note: {TOKEN}"),
    "a key of a cloud": ("tables/a.yaml", "note: LTAI5tKq8Wn3Zx7Rb2Vc"),
    "a robot's address": (
        "tables/a.csv",
        "https://oapi.example.com/robot/send?access_token=" + "0a1b" * 8,
    ),
    "a private key": ("forms/a.yaml", "x: |\n  -----BEGIN PRIVATE KEY-----\n  MIIE"),
    "a hash": (
        "people.yaml",
        "hash: $argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNo",
    ),
    "a web token": ("tables/a.json", '{"x": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"}'),
    "an assignment": ("workflows/a.yaml", "api_key: 'a1b2c3d4e5'"),
    "something random": ("workflows/a.yaml", "note: q7Rk2Vn9Zx4Lm8Tb3Wc6Hd5Jf1"),
}
HARMLESS = {
    "a reference": ("casewright.toml", 'password = "secret://smpp_password"'),
    "a variable": ("casewright.toml", 'headers = {Authorization = "env:SMS_TOKEN"}'),
    "an address without a password": (
        "casewright.toml",
        'url = "https://sms.example.com/send?to={to}"',
    ),
    "a field of that name": (
        "forms/a.yaml",
        "properties:\n  token: {type: string, maxLength: 80}",
    ),
    "a title": ("forms/a.yaml", "title: {en: Password forgotten, zh: 忘记密码}"),
    "a category": ("tables/a.yaml", "password_reset: {en: 'Password reset', zh: 重置密码}"),
    "a digest": ("workflows/a.yaml", "digest: " + "0123456789abcdef" * 4),
    "a long name": ("workflows/a.yaml", "after: complaint_acceptance_within_two_working_days"),
    "a path": ("tables/a.yaml", "file: Documents/Complaints2026/FormularOfTheDepartment1"),
}


@pytest.fixture
def config(workspace) -> Config:
    for folder in ("workflows", "forms", "tables"):
        (workspace / folder).mkdir()
    (workspace / "casewright.toml").touch()
    return read_config(workspace, {})


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_in_a_file_is_found_by_its_place_and_never_shown(config, name, capsys):
    file, line = SECRETS[name]
    (config.root / file).write_text(f"# first\n\n{line}\n", "utf-8")

    (found,) = suspects(config)
    main(["-C", str(config.root), "doctor", "--json", "--lang", "en"])

    assert (found.file, found.line) == (file, 4 if name == "a private key" else 3)
    printed = capsys.readouterr().out
    for part in (
        "hunter2",
        "correct",
        "8f3b",
        TOKEN,
        "LTAI5",
        "0a1b",
        "MIIE",
        "aGFza",
        "c2ln",
        "a1b2",
        "q7Rk2",
    ):
        assert part not in printed


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_no_secret_is_left_alone(config, name):
    file, line = HARMLESS[name]
    (config.root / file).write_text(f"{line}\n", "utf-8")

    assert list(suspects(config)) == []


def test_the_shipped_files_hold_no_secret():
    assert list(suspects(read_config(ROOT, {}))) == []


def test_each_secret_is_told_with_file_line_and_what_to_do(config, capsys):
    (config.root / "casewright.toml").write_text(
        '[worker]\nsecret = "correct horse"\n', "utf-8"
    )

    (check,) = (one for one in doctor(config, capsys) if one["name"] == "secrets")

    assert check["finding"] == "problem"
    assert "casewright.toml:2" in check["message"]
    assert "secret://" in check["message"]
    assert "correct" not in check["message"]


# --- modes ---------------------------------------------------------------------------------------


@pytest.fixture
def open_folders(monkeypatch):
    """Take the folders above as open to everybody: the tests' own are not."""
    monkeypatch.setattr("casewright.cli.doctor_files._within_reach", lambda path, bits: True)
    monkeypatch.setattr("casewright.cli.doctor_files._own_folders", lambda: ())


@pytest.mark.parametrize(
    ("mode", "finding"),
    [(0o600, "well"), (0o660, "well"), (0o640, "well"), (0o644, "problem"), (0o606, "problem")],
)
def test_a_database_that_strangers_may_read_is_found(config, open_folders, mode, finding):
    config.database.touch()
    config.database.chmod(mode)

    (check,) = mode_checks(config)

    assert check.finding == finding
    assert finding == "well" or str(config.database) in str(check.message)


@pytest.mark.parametrize(
    ("mode", "finding"), [(0o600, "well"), (0o640, "problem"), (0o604, "problem")]
)
def test_a_secret_that_anybody_else_may_read_is_found(
    config, open_folders, tmp_path, monkeypatch, mode, finding
):
    file = tmp_path / "token"
    file.write_text("x", "utf-8")
    file.chmod(mode)
    monkeypatch.setenv("CASEWRIGHT_SECRET_SMS_TOKEN_FILE", str(file))

    assert [one.finding for one in mode_checks(config)] == [finding]


def test_a_closed_folder_protects_what_is_in_it(config, monkeypatch):
    monkeypatch.setattr("casewright.cli.doctor_files._own_folders", lambda: ())
    config.database.touch()
    config.database.chmod(0o666)
    config.root.chmod(0o700)

    assert [one.finding for one in mode_checks(config)] == ["well"]


# --- the clock -----------------------------------------------------------------------------------


def test_a_clock_behind_what_was_recorded_is_found(tmp_path):
    (check,) = record_checks(
        datetime.now(UTC) + timedelta(hours=1), tmp_path, datetime.now(UTC)
    )

    assert check.finding == "problem"
    assert list(record_checks(datetime.now(UTC), tmp_path, datetime.now(UTC))) == []
    assert list(record_checks(None, tmp_path, datetime.now(UTC))) == []


def test_a_disk_whose_time_is_another_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor_clock, "_apart", lambda folder: timedelta(seconds=-90))

    (check,) = record_checks(None, tmp_path, NOW)

    assert (check.finding, "-90" in str(check.message)) == ("warning", True)


def test_looking_at_the_clock_leaves_nothing_behind(tmp_path):
    list(record_checks(None, tmp_path, NOW))

    assert list(tmp_path.iterdir()) == []


# --- who gets in ---------------------------------------------------------------------------------


def test_taking_everybody_at_their_word_is_a_problem_once_there_are_customers(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    root = tmp_path / "centre"
    demonstration(root)
    config = read_config(root)

    before = finding(config, capsys, "sign_in")
    assert (
        main(["-C", str(root), "--as", "boss", "customer", "add", "C-1", "--name", "Wang Wei"])
        == 0
    )
    after = finding(config, capsys, "sign_in")

    assert (before, after) == ("warning", "problem")
    assert finding(config, capsys, "checkpoints") == "warning"


def finding(config, capsys, name):
    return next(one["finding"] for one in doctor(config, capsys) if one["name"] == name)


def doctor(config, capsys):
    capsys.readouterr()
    main(["-C", str(config.root), "--as", "boss", "doctor", "--json", "--lang", "en"])
    return json.loads(capsys.readouterr().out)["checks"]


def test_the_own_folders_of_whoever_runs_casewright_are_looked_at(
    tmp_path, monkeypatch, config
):
    monkeypatch.setattr("casewright.cli.doctor_files._within_reach", lambda path, bits: True)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    session = tmp_path / "state" / "casewright" / "sessions" / "one"
    session.parent.mkdir(parents=True)
    os.chmod(session.parent.parent, 0o700)
    session.touch(0o644)

    assert [str(session) in str(one.message) for one in mode_checks(config)] == [True]
