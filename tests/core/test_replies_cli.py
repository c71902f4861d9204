"""`ticket reply` and `webhook` on the command line: what goes out is seen before, and its way afterwards."""

import json
from datetime import UTC, datetime

import pytest

from casewright.cli.__main__ import main
from casewright.clock import SetClock
from casewright.commands import AttachFile, SaveCustomer

from ..wires.receiver import SECRET, Receiver
from .worker_site import WorkerSite

TOML = """\
language = "en"
[channels.sms]
driver = "file"
path = "out.jsonl"
[channels.mail]
driver = "file"
path = "out.jsonl"
kind = "email"
[access]
sign_in = "trusted"
"""
HOOK = """\
[webhooks]
hosts = ["localhost"]
[webhooks.crm]
url = "{url}"
secret = "{secret}"
events = ["opened", "answered"]
networks = ["127.0.0.0/8"]
"""
ROLE = """\
roles:
  agent: {title: {en: Agent, zh: 座席}, permissions: [ticket.*, audit.verify]}
  head: {title: {en: Head, zh: 负责人}, permissions: [ticket.*, notice.retry, people.edit, webhook.manage]}
"""


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def root(workspace, receiver, monkeypatch):
    """A workspace with a customer's ticket, a file with it, and another system that is told."""
    monkeypatch.setattr("tests.core.worker_site.ROLES", ROLE)
    site = WorkerSite(workspace, SetClock(datetime.now(UTC)))
    written = TOML + HOOK.format(url=receiver.url, secret=SECRET)
    (workspace / "casewright.toml").write_text(written, "utf-8")
    saved = SaveCustomer(
        actor="system", id="C1", phone="+8613900000001", email="wang@example.org"
    )
    site.desk.execute_as_system(saved)
    key = site.open(customer="C1")
    digest = site.desk.keep(b"a bill")
    site.desk.execute(
        AttachFile(actor="ana", ticket=key, digest=digest, filename="bill.pdf", size=6)
    )
    site.desk.close()
    return workspace


@pytest.fixture
def cli(root, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def run(*words, actor="ana"):
        capsys.readouterr()
        code = main(["-C", str(root), "--as", actor, *words])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


KEY = f"MAT-{datetime.now(UTC).year}-000001"


def test_what_would_go_out_is_shown_and_then_sent_to_the_letter(cli, root):
    words = ("--text", "It is paid.\nThank you.", "--subject", "Your bill", "--attach", "1")

    code, shown, _ = cli("ticket", "reply", KEY, *words, "--preview")
    assert code == 0
    assert not (root / "out.jsonl").exists()
    assert cli("ticket", "reply", KEY, *words)[0] == 0
    cli("worker", "--once", actor="olga")

    (sent,) = map(json.loads, (root / "out.jsonl").read_text("utf-8").splitlines())
    assert (sent["address"], sent["files"]) == ("wang@example.org", ["bill.pdf"])
    assert sent["subject"] == f"Your bill [{KEY}]"
    assert sent["subject"] in shown
    assert "wang@example.org" not in shown
    assert all(line in shown.splitlines() for line in sent["text"].splitlines())


def test_an_sms_is_counted_before_it_is_sent(cli):
    words = ("ticket", "reply", KEY, "--text", "字" * 80, "--via", "sms", "--preview")

    shown = json.loads(cli(*words, "--json")[1])["preview"]

    assert (shown["kind"], shown["parts"], shown["units"]) == ("sms", 2, 80)
    assert "80 characters in 2 parts" in cli(*words)[1]


def test_words_come_from_a_file_and_from_one_place_only(cli, root, monkeypatch):
    (root / "words.txt").write_text("\ufeff从文件来\n", "utf-8")
    (root / "bad.txt").write_bytes(b"\xff\xfe\x00")
    name = str(root / "words.txt")

    assert "从文件来" in cli("ticket", "reply", KEY, "--text-file", name, "--preview")[1]
    code, _, said = cli("ticket", "reply", KEY, "--text-file", name, "--text", "x")
    assert code == 2
    assert "exclude each other" in said
    assert "not UTF-8" in cli("ticket", "reply", KEY, "--text-file", str(root / "bad.txt"))[2]


def test_the_ticket_and_its_history_say_what_was_answered_and_how_it_went(cli):
    cli("ticket", "reply", KEY, "--text", "It is paid.")

    assert "queued" in cli("ticket", "show", KEY)[1]
    cli("worker", "--once", actor="olga")

    shown, story = cli("ticket", "show", KEY)[1], cli("ticket", "history", KEY)[1]
    (one,) = json.loads(cli("ticket", "show", KEY, "--json")[1])["replies"]
    assert (one["via"], one["state"]) == ("mail", "delivered")
    assert "over 'mail': delivered" in shown
    assert "wrote to the customer over 'mail'" in story
    assert "It is paid." in story


def test_another_system_is_tried_told_and_told_again_from_the_command_line(cli, receiver):
    assert "begins with the next start" in cli("webhook", "list", actor="olga")[1]
    cli("worker", "--once", actor="olga")
    assert "took the test event" in cli("webhook", "test", "crm", actor="olga")[1]
    receiver.answers = [410]
    cli("ticket", "reply", KEY, "--text", "It is paid.")
    code, out, said = cli("worker", "--once", actor="olga")
    assert code == 0
    assert "not told: 1" in out
    assert "410" in said

    (one,) = json.loads(cli("webhook", "list", "--json", actor="olga")[1])["webhooks"]
    (dead,) = json.loads(cli("webhook", "dead", "--json", actor="olga")[1])["letters"]
    assert (one["dead"], one["waiting"], one["configured"]) == (1, 0, True)
    assert (dead["ticket"], dead["attempts"]) == (KEY, 1)
    assert KEY in cli("webhook", "dead", "crm", actor="olga")[1]
    assert "events that 'crm' could not be told of: 1" in cli("doctor", actor="olga")[1]

    assert "1" in cli("webhook", "retry", "crm", "--event", str(dead["event"]), actor="olga")[1]
    cli("worker", "--once", actor="olga")
    assert "No dead letters." in cli("webhook", "dead", actor="olga")[1]
    assert [one.said["events"] for one in receiver.told] == [
        ["test"],
        ["answered"],
        ["answered"],
    ]
    assert all(one.verified for one in receiver.told)


def test_who_may_not_manage_them_neither_sees_nor_tries_other_systems(cli, receiver):
    for words in (("list",), ("dead",), ("test", "crm"), ("retry", "crm")):
        assert cli("webhook", *words)[0] != 0

    assert receiver.told == []


def test_a_system_that_nobody_named_is_answered_with_the_one_that_was_meant(cli):
    for verb in ("test", "dead"):
        code, _, said = cli("webhook", verb, "crn", actor="olga")

        assert code != 0
        assert "did you mean 'crm'" in said
