"""The sections of `casewright.toml`: channels, worker, quiet hours, limits; what is refused, and where."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from casewright.config import Config, read_config
from casewright.delivery.channels import _OPENERS
from casewright.errors import ConfigRefused
from casewright.settings.delivering import Limit, QuietHours
from casewright.settings.drivers import DRIVERS

WHOLE = """
language = "zh"

[channels.sms]
driver = "http"
url = "https://sms.example/send"
timeout = 5
headers = { Authorization = "env:SMS_TOKEN" }

[channels.sms.body]
to = "{to}"

[channels.centre]
driver = "smpp"
host = "smsc.example"
system_id = "desk"
tls = true

[worker]
listen = "127.0.0.1:8091"
secret = "env:LISTENER_SECRET"
receipt_within = "2 hours"

[quiet_hours]
from = "22:00"
until = "08:00"

[limits]
sms = "1 in 1 minute, 3 in 2 hours"
"""


def read(folder: Path, text: str) -> Config:
    (folder / "casewright.toml").write_text(text, encoding="utf-8")
    return read_config(folder, {})


def test_channels_are_read_with_what_was_left_out_filled_in(tmp_path):
    config = read(tmp_path, WHOLE)

    sms, centre = config.channels["sms"], config.channels["centre"]
    assert (sms.driver, sms.text("url"), sms.number("timeout")) == (
        "http",
        "https://sms.example/send",
        5,
    )
    assert sms.table("body") == {"to": "{to}"}
    assert (sms.text("method"), sms.yes("allow_plaintext"), sms.short) == ("POST", False, True)
    assert (centre.number("port"), centre.yes("tls")) == (2775, True)
    assert centre.place.line == 13


def test_secrets_are_not_looked_up_before_a_channel_is_opened_nor_shown(tmp_path):
    config = read(tmp_path, WHOLE)

    assert config.channels["sms"].table("headers") == {"Authorization": "env:SMS_TOKEN"}
    assert "SECRET" not in repr(config)
    assert "TOKEN" not in repr(config)


def test_the_worker_the_quiet_hours_and_the_limits_are_read(tmp_path):
    config = read(tmp_path, WHOLE)

    assert (config.worker.host, config.worker.port) == ("127.0.0.1", 8091)
    assert config.worker.receipt_within == timedelta(hours=2)
    assert config.worker.notice_within == timedelta(days=3)
    assert config.quiet_hours == QuietHours(start=time(22), until=time(8))
    assert config.limits["sms"] == (
        Limit(count=1, within=timedelta(minutes=1)),
        Limit(count=3, within=timedelta(hours=2)),
    )


def test_an_sms_channel_has_the_usual_limits_unless_told_otherwise(tmp_path):
    config = read(tmp_path, WHOLE)

    assert [(limit.count, limit.within) for limit in config.limits["centre"]] == [
        (1, timedelta(minutes=1)),
        (5, timedelta(minutes=15)),
        (11, timedelta(hours=1)),
        (21, timedelta(hours=3)),
    ]


def test_without_sections_nothing_goes_out_and_nothing_listens(tmp_path):
    config = read(tmp_path, "")

    assert (config.channels, config.limits, config.quiet_hours) == ({}, {}, None)
    assert (config.worker.host, config.worker.poll) == ("", 0.5)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[chanels.sms]\ndriver = "http"\n', 1, "did you mean 'channels'"),
        ('channels = "sms"\n', 1, "write channels as sections"),
        ("[channels]\nsms = 1\n", 1, "write channels as sections"),
        ("[channels.sms]\n", 1, "name the channel's 'driver'"),
        ('\n[channels.sms]\n  driver = "htpp"\n', 3, "did you mean 'http'"),
        ('[channels.notice]\ndriver = "http"\n', 1, "the inbox"),
        ('[channels."a/b"]\ndriver = "http"\n', 1, "a channel's name is made of"),
        ('[channels.sms]\ndriver = "http"\n', 1, "'url' is missing"),
        ('[channels.sms]\ndriver = "http"\nurl = ""\n', 3, "'url' must not be empty"),
        ('[channels.sms]\ndriver = "http"\nurl = "https://a"\nmetod = "PUT"\n', 4, "'method'"),
        (
            '[channels.sms]\ndriver = "http"\nurl = "https://a"\nmethod = "put"\n',
            4,
            "one of: POST",
        ),
        (
            '[channels.sms]\ndriver = "http"\nurl = "https://a"\ntimeout = 0\n',
            4,
            "number above 0",
        ),
        ('[channels.a]\ndriver = "smpp"\nhost = "a"\nsystem_id = "b"\ntls = 1\n', 5, "true or"),
        ('[channels.sms]\ndriver = "http"\nurl = "https://a"\nheaders = ""\n', 4, "a table"),
        ('[channels.sms]\ndriver = "http"\nurl = "https://a\\u0007"\n', 3, "one line of plain"),
        ('[worker]\nlisten = "8091"\n', 2, "'127.0.0.1:8091'"),
        ('[worker]\nlisten = "localhost:99999"\n', 2, "'127.0.0.1:8091'"),
        ('[worker]\nreceipt_within = "soon"\n', 2, "write a whole number and a unit"),
        ("worker = 1\n", 1, "is a section"),
        ('[quiet_hours]\nfrom = "22:00"\n', 1, "'until' is missing"),
        ('[quiet_hours]\nfrom = "10 pm"\nuntil = "08:00"\n', 2, "'22:00'"),
        ('[quiet_hours]\nfrom = "22:00"\nuntil = "22:00"\n', 1, "cannot end when they begin"),
        ('[limits]\nsms = "1 in 1 minute"\n', 2, "there is no channel 'sms'"),
        (
            '[channels.sms]\ndriver = "http"\nurl = "https://a"\n[limits]\nsms = "1 a minute"\n',
            5,
            "write limits as",
        ),
        (
            '[channels.sms]\ndriver = "http"\nurl = "https://a"\n[limits]\nsms = "0 in 1 hour"\n',
            5,
            "write limits as",
        ),
    ],
)
def test_what_is_wrong_is_refused_at_its_line(tmp_path, text, line, said):
    with pytest.raises(ConfigRefused) as refused:
        read(tmp_path, text)

    assert said in str(refused.value)
    assert refused.value.place.line == line


def test_every_driver_that_can_be_named_can_be_opened():
    assert set(DRIVERS) == set(_OPENERS)


def test_the_url_of_the_server_is_what_browsers_say_it_is(tmp_path):
    said = {
        "https://desk.example.org:443/": "https://desk.example.org",
        "http://desk.example.org:80": "http://desk.example.org",
        "https://desk.example.org:8443": "https://desk.example.org:8443",
        "https://[::1]:443": "https://[::1]",
    }
    for written, url in said.items():
        assert read(tmp_path, f'[server]\nurl = "{written}"\n').server.url == url


def test_a_number_that_has_no_end_is_refused(tmp_path):
    for number in ("inf", "nan", "-1", "0"):
        with pytest.raises(ConfigRefused, match="above 0"):
            read(tmp_path, f"[server]\nconnections = {number}\n")
