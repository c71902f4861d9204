"""Secrets: where they are looked for, what is refused, and that nothing repeats them."""

import os

import pytest

from casewright import secrets
from casewright.cli.__main__ import main
from casewright.config import read_config
from casewright.delivery.channels import open_channel
from casewright.errors import ConfigRefused, Place, SecretMissing

PLACE = Place("casewright.toml", 3, 1)
NAME = "CASEWRIGHT_SECRET_SMS_TOKEN"


@pytest.fixture
def places(tmp_path, monkeypatch):
    """An environment, and the two folders that it may name; the keyring is one of the test's own."""
    kept = {}
    monkeypatch.setattr("keyring.get_password", lambda service, name: kept.get((service, name)))
    credentials, files = tmp_path / "credentials", tmp_path / "files"
    credentials.mkdir()
    files.mkdir()
    return {}, credentials, files, kept


def test_a_secret_is_looked_for_in_four_places_each_before_the_next(places):
    environment, credentials, files, kept = places

    environment[NAME] = "of the environment"
    assert secrets.resolve("secret://sms_token", PLACE, environment) == "of the environment"
    kept["casewright", "sms_token"] = "of the keyring"
    assert secrets.resolve("secret://sms_token", PLACE, environment) == "of the keyring"
    (files / "token").write_text("of a file\n", "utf-8")
    environment[f"{NAME}_FILE"] = str(files / "token")
    assert secrets.resolve("secret://sms_token", PLACE, environment) == "of a file"
    environment["CREDENTIALS_DIRECTORY"] = str(credentials)
    assert secrets.resolve("secret://sms_token", PLACE, environment) == "of a file"
    (credentials / "sms_token").write_text("of systemd\r\n", "utf-8")
    assert secrets.resolve("secret://sms_token", PLACE, environment) == "of systemd"


def test_a_secret_that_is_nowhere_is_refused_with_its_place_and_where_it_was_looked_for(places):
    environment, credentials, *_ = places
    environment["CREDENTIALS_DIRECTORY"] = str(credentials)

    with pytest.raises(SecretMissing) as refusal:
        secrets.resolve("secret://sms_token", PLACE, environment)

    said = str(refusal.value)
    assert said.startswith("casewright.toml:3:1: there is no secret 'sms_token'")
    for place in (
        str(credentials / "sms_token"),
        f"{NAME}_FILE",
        "keyring",
        f"{NAME} is not set",
    ):
        assert place in said


def test_what_is_no_reference_is_taken_as_it_is_written():
    assert secrets.resolve("plain", PLACE, {}) == "plain"
    assert secrets.resolve("env:X", PLACE, {"X": "y"}) == "y"
    with pytest.raises(ConfigRefused, match="no variable 'X'"):
        secrets.resolve("env:X", PLACE, {})


@pytest.mark.parametrize("name", ["", "A", "../x", "a b", "x_file", "a" * 65, "a\0"])
def test_a_name_that_could_lead_elsewhere_is_refused(name, places):
    environment, credentials, *_ = places
    environment["CREDENTIALS_DIRECTORY"] = str(credentials)

    with pytest.raises(SecretMissing, match="a secret's name"):
        secrets.resolve(f"secret://{name}", PLACE, environment)


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"a\0b", b"\xff\xfe", b"x" * (secrets.LONGEST + 1)]
)
def test_a_file_that_holds_no_secret_is_refused_and_nothing_else_is_tried(content, places):
    environment, _, files, _ = places
    environment[NAME] = "of the environment"
    environment[f"{NAME}_FILE"] = str(files / "token")
    (files / "token").write_bytes(content)

    with pytest.raises(SecretMissing):
        secrets.resolve("secret://sms_token", PLACE, environment)


def test_a_pipe_in_a_secrets_place_holds_nobody_up(places):
    environment, credentials, *_ = places
    environment["CREDENTIALS_DIRECTORY"] = str(credentials)
    os.mkfifo(credentials / "sms_token")

    with pytest.raises(SecretMissing, match="regular file"):
        secrets.resolve("secret://sms_token", PLACE, environment)


def test_a_keyring_that_fails_is_one_place_less(places, monkeypatch):
    def locked(*_):
        raise RuntimeError("locked")

    monkeypatch.setattr("keyring.get_password", locked)

    with pytest.raises(SecretMissing, match="does not answer"):
        secrets.resolve("secret://sms_token", PLACE, {})
    assert secrets.resolve("secret://sms_token", PLACE, {NAME: "x" * 20}) == "x" * 20


def test_a_channel_gets_its_secrets_when_it_is_opened_and_its_settings_never_show_them(
    workspace,
):
    (workspace / "casewright.toml").write_text(
        '[channels.sms]\ndriver = "http"\nurl = "https://sms.example.com"\n'
        'headers = {Authorization = "secret://sms_token"}\n',
        "utf-8",
    )
    settings = read_config(workspace, {}).channels["sms"]

    with pytest.raises(SecretMissing, match=r"casewright\.toml:1"):
        open_channel(settings, {})
    open_channel(settings, {NAME: "k3y-of-the-gateway"}).close()
    assert "k3y" not in repr(settings)


def test_nothing_that_the_command_line_prints_repeats_a_secret(workspace, capsys, monkeypatch):
    monkeypatch.setenv("CASEWRIGHT_SECRET_LISTENER", "short")
    (workspace / "casewright.toml").write_text(
        '[worker]\nlisten = "127.0.0.1:0"\nsecret = "secret://listener"\n', "utf-8"
    )

    main(["-C", str(workspace), "doctor", "--lang", "en"])

    printed = capsys.readouterr()
    assert "short" not in printed.out + printed.err
