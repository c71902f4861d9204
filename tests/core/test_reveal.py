"""Revealing: personal fields in the clear for a purpose, on the command line and behind it; what the sheets say of it."""

import json

import pytest

from casewright.cli.__main__ import main
from casewright.cli.output import width
from casewright.commands import OpenTicket
from casewright.errors import CommandRefused, NotAllowed, NotFound
from casewright.queries import RevealFields

from .private_centre import PRIVATE


@pytest.fixture
def key(private):
    command = OpenTicket(actor="ana", workflow="matter", fields={**PRIVATE, "note": "open"})
    return private.desk.execute(command).ticket


def reveal(private, key, *fields, purpose="to call back", actor="ana"):
    query = RevealFields(actor=actor, ticket=key, fields=fields, purpose=purpose)
    return dict(private.desk.ask(query))


def test_personal_fields_are_revealed_all_or_those_named(private, key):
    assert reveal(private, key) == PRIVATE
    assert reveal(private, key, "phone") == {"phone": PRIVATE["phone"]}
    assert reveal(private, key, "children") == {}

    assert [one.fields for one in private.rows()] == [
        ("born", "phone", "subject"),
        ("phone",),
        (),
    ]


@pytest.mark.parametrize("purpose", ["", "   ", "x" * 201, "two\nlines", "a\x1b[1mb", "\ud800"])
def test_without_a_purpose_that_can_be_read_nothing_is_revealed(private, key, purpose):
    with pytest.raises(CommandRefused, match="what the look is for"):
        reveal(private, key, purpose=purpose)

    assert private.rows() == ()


def test_only_personal_fields_are_revealed(private, key):
    with pytest.raises(
        CommandRefused, match="'phon' is no personal field; did you mean 'phone'"
    ):
        reveal(private, key, "phon")
    with pytest.raises(CommandRefused, match="'note' is no personal field"):
        reveal(private, key, "note")


def test_whoever_may_not_reveal_is_refused_and_that_is_on_record(private, key):
    with pytest.raises(NotAllowed):
        reveal(private, key, actor="rita")
    with pytest.raises(NotFound):
        reveal(private, "MAT-2026-000099")

    assert [(one.actor, one.kind, one.permission) for one in private.rows()] == [
        ("rita", "denied", "ticket.reveal"),
        ("ana", "denied", "ticket.reveal"),
    ]


@pytest.fixture
def cli(private, key, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    private.write("casewright.toml", 'language = "en"\n[access]\nsign_in = "trusted"\n')

    def run(*words, actor="ana"):
        capsys.readouterr()
        code = main(["-C", str(private.root), "--as", actor, *words])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def test_the_sheet_says_that_fields_are_masked_and_how_to_reveal_them(cli, key, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = cli("--lang", "en", "ticket", "show", key)

    assert code == 0
    assert "王****" in out
    assert "王小明" not in out
    assert f"casewright ticket reveal {key}" in " ".join(out.split())
    assert max(map(width, out.splitlines())) <= 80


def test_json_is_masked_and_names_what_is(cli, key):
    shown = json.loads(cli("ticket", "show", key, "--json")[1])
    told = cli("ticket", "history", key, "--json")[1]
    listed = cli("ticket", "list", "--json")[1]

    assert sorted(shown["masked"]) == ["born", "phone", "subject"]
    assert shown["fields"]["phone"] == "****0001"
    for value in PRIVATE.values():
        assert value not in json.dumps(shown, ensure_ascii=False) + told + listed


def test_the_command_reveals_and_the_report_tells_in_both_languages(cli, key, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = cli(
        "--lang", "en", "ticket", "reveal", key, "--field", "phone", "--purpose", "to call back"
    )
    assert (code, "+8613900000001" in out, "王小明" in out) == (0, True, False)

    code, english, _ = cli("--lang", "en", "access", "report", "--ticket", key, actor="oscar")
    _, chinese, _ = cli("--lang", "zh", "access", "report", "--ticket", key, actor="oscar")
    report = json.loads(cli("access", "report", "--kind", "reveal", "--json", actor="oscar")[1])

    assert code == 0
    assert "revealed phone" in english
    assert "查看明文：phone" in chinese
    assert "查看本记录" in chinese
    assert max(map(width, (english + chinese).splitlines())) <= 80
    (row,) = report["rows"]
    assert (row["actor"], row["fields"], row["purpose"]) == ("ana", ["phone"], "to call back")
    assert row["door"] == "command line"


def test_a_reveal_without_a_purpose_is_not_understood(cli, key):
    code, _, err = cli("--lang", "en", "ticket", "reveal", key)

    assert code == 2
    assert "--purpose" in err


def test_whoever_may_not_ask_for_the_report_is_told(cli):
    code, _, err = cli("--lang", "en", "access", "report")

    assert code == 1
    assert "access.read" in err
