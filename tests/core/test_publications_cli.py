"""`casewright workflow publish`, `approve`, `refuse`, `withdraw`, `publications`, `publication`."""

import json
import shutil

import pytest

from casewright.cli.__main__ import main

from ..founding import demonstration

FILE = "workflows/inquiry.yaml"


@pytest.fixture(scope="module")
def founded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("publications") / "centre"
    return demonstration(folder)


@pytest.fixture
def centre(founded, tmp_path, monkeypatch):
    for name in ("CASEWRIGHT_LANG", "CASEWRIGHT_USER", "CASEWRIGHT_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "centre"
    shutil.copytree(founded, folder)
    path = folder / FILE
    path.write_text(path.read_text("utf-8").replace("zh: 业务咨询", "zh: 咨询"), "utf-8")
    return folder


@pytest.fixture
def cli(centre, capsys):
    def run(actor, *words, code=0):
        capsys.readouterr()
        assert main(["-C", str(centre), "--as", actor, *words]) == code, capsys.readouterr().err
        printed = capsys.readouterr()
        return printed.err if code else printed.out

    return run


def title(cli):
    return json.loads(cli("mao_ning", "workflow", "show", "inquiry", "--json"))["title"]["zh"]


def test_what_an_author_proposes_is_shown_approved_and_then_in_force(cli):
    proposed = cli("mao_ning", "workflow", "publish", "--note", "shorter title")
    assert "Proposed as publication 2" in proposed
    assert "workflow inquiry: changed" in proposed
    assert title(cli) == "业务咨询"

    assert "shorter title" in cli("feng_yun", "workflow", "publications", "--waiting")
    shown = cli("feng_yun", "workflow", "publication", "2")
    assert "Publication 2: waits for approval" in shown
    assert "workflow inquiry: changed" in shown
    approved = cli("feng_yun", "workflow", "approve", "2")

    assert "Publication 2 is in force." in approved
    assert "inquiry" in approved
    assert title(cli) == "咨询"
    assert "approved by feng_yun" in cli("mao_ning", "workflow", "publication", "2")
    assert "Nothing is proposed." in cli("feng_yun", "workflow", "publications", "--waiting")


def test_what_a_role_may_do_then_is_shown_before_and_as_it_is_approved(cli, centre):
    roles = centre / "roles.yaml"
    written = roles.read_text("utf-8")
    roles.write_text(
        written.replace(
            "ticket.read, workflow.check, workflow.publish]",
            "ticket.read, workflow.check, workflow.publish, people.edit]",
        ),
        "utf-8",
    )
    cli("mao_ning", "workflow", "publish")

    shown = cli("feng_yun", "workflow", "publication", "2")
    document = json.loads(cli("feng_yun", "workflow", "publication", "2", "--json"))
    digest = document["publication"]["digest"]

    assert "+ all: people.edit" in shown
    assert '+ workflow.title.zh: "咨询"' in shown
    assert digest in shown
    refused = cli("feng_yun", "workflow", "approve", "2", "--digest", "0" * 64, code=1)
    assert "look at it again" in refused
    approved = cli("feng_yun", "workflow", "approve", "2", "--digest", digest)
    assert "+ all: people.edit" in approved


def test_many_lines_are_cut_and_all_are_had(cli, centre):
    workflow = (
        (centre / FILE).read_text("utf-8").replace("workflow: inquiry", "workflow: another")
    )
    (centre / "workflows" / "another.yaml").write_text(
        workflow.replace("prefix: INQ", "prefix: ANO"), "utf-8"
    )
    cli("mao_ning", "workflow", "publish")

    cut = cli("feng_yun", "workflow", "publication", "2")
    whole = cli("feng_yun", "workflow", "publication", "2", "--all")

    assert "more lines: --all shows them" in cut
    assert "more lines" not in whole
    assert len(whole.splitlines()) > len(cut.splitlines())


def test_a_refusal_needs_its_reason_and_is_told(cli):
    cli("mao_ning", "workflow", "publish")

    cli("feng_yun", "workflow", "refuse", "2", code=2)
    cli("feng_yun", "workflow", "refuse", "2", "--reason", "标题过短")

    shown = cli("mao_ning", "workflow", "publication", "2", "--lang", "zh")
    assert "标题过短" in shown
    refused = cli("shen_li", "workflow", "approve", "2", code=1)
    assert "decided already, by feng_yun" in refused


def test_one_takes_back_ones_own(cli):
    cli("mao_ning", "workflow", "publish")

    assert "taken back" in cli("mao_ning", "workflow", "withdraw", "2")
    assert "taken back by mao_ning" in cli("feng_yun", "workflow", "publication", "2")
    assert "refused" not in cli("feng_yun", "workflow", "publications")


def test_nobody_approves_their_own_where_others_can(cli):
    cli("gu_min", "user", "edit", "mao_ning", "--role", "author", "--role", "approver")
    cli("mao_ning", "workflow", "publish")

    assert "somebody else has to approve" in cli("mao_ning", "workflow", "approve", "2", code=1)


def test_a_program_reads_all_of_it(cli):
    proposed = json.loads(cli("mao_ning", "workflow", "publish", "--json"))
    shown = json.loads(cli("mao_ning", "workflow", "publication", "2", "--json"))

    assert (proposed["state"], proposed["publication"]) == ("waiting", 2)
    assert proposed["changes"] == [{"kind": "workflow", "name": "inquiry", "change": "changed"}]
    assert shown["publication"]["proposed_by"] == "mao_ning"
    assert shown["publication"]["state"] == "waiting"


def test_a_number_that_is_none_or_not_there_is_refused(cli):
    assert "the number of a publication" in cli("feng_yun", "workflow", "approve", "x", code=2)
    assert "There is no publication '9'" in cli("feng_yun", "workflow", "approve", "9", code=1)


def test_what_an_author_may_not_do_is_refused_with_its_line(cli, centre):
    roles = centre / "roles.yaml"
    roles.write_text(
        roles.read_text("utf-8").replace(
            "own: [ticket.open, ticket.fire, ticket.assign,", "own: [ticket.open, ticket.fire,"
        ),
        "utf-8",
    )
    cli("mao_ning", "workflow", "publish")
    cli("feng_yun", "workflow", "approve", "2")
    path = centre / FILE
    path.write_text(path.read_text("utf-8").replace("zh: 咨询}", "zh: 咨询办理}"), "utf-8")

    said = cli("mao_ning", "workflow", "publish", code=1)

    assert "inquiry.yaml:" in said
    assert "needs the permission 'ticket.assign'" in said


def test_nothing_new_is_nothing_proposed(cli, centre, founded):
    shutil.copy(founded / FILE, centre / FILE)

    assert json.loads(cli("mao_ning", "workflow", "publish", "--json"))["state"] == "unchanged"
