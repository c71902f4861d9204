"""The channels of demonstrations: what was printed or written is delivered, what was not is not."""

import json

from casewright.config import read_config
from casewright.delivery.channel import Delivered, Failed, Outgoing
from casewright.delivery.channels import open_channel

SETTINGS = '[channels.sms]\ndriver = "console"\n\n[channels.email]\ndriver = "file"\npath = "sent.jsonl"\nkind = "email"\n'
HELLO = Outgoing(key="k-1", address="+8613800138000", text="您好\n\x1b[2J再见", subject="x")


def opened(folder, name):
    (folder / "casewright.toml").write_text(SETTINGS, encoding="utf-8")
    return open_channel(read_config(folder, {}).channels[name], {})


def test_the_console_shows_a_message_and_nothing_that_moves_the_terminal(tmp_path, capsys):
    assert opened(tmp_path, "sms").send(HELLO) == Delivered()

    assert capsys.readouterr().out == "[sms] +8613800138000: 您好\n\t�[2J再见\n"


def test_the_file_is_in_the_workspace_and_has_a_line_for_each_message(tmp_path):
    channel = opened(tmp_path, "email")

    assert [channel.send(HELLO) for _ in range(2)] == [Delivered(), Delivered()]

    lines = (tmp_path / "sent.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["text"] for line in lines] == [HELLO.text, HELLO.text]
    assert (tmp_path / "sent.jsonl").stat().st_mode & 0o077 == 0


def test_a_file_that_cannot_be_written_delivers_nothing(tmp_path):
    (tmp_path / "sent.jsonl").mkdir()

    assert isinstance(opened(tmp_path, "email").send(HELLO), Failed)


def test_a_channel_says_what_its_messages_are_like(tmp_path):
    (tmp_path / "casewright.toml").write_text(SETTINGS, encoding="utf-8")
    config = read_config(tmp_path, {})

    assert (config.channels["sms"].kind, config.channels["email"].kind) == ("sms", "email")
    assert config.limits["sms"]
    assert not config.limits["email"]
