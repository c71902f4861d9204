"""`backup`, `restore`, `export`, `import` and `notice release` on the command line, in both languages."""

import json
import sqlite3
from contextlib import closing

import pytest

from casewright.cli.__main__ import main
from casewright.cli.at_the_door import os_login

from .kept_site import KeptSite

TRUSTED = '\n[access]\nsign_in = "trusted"\n'


@pytest.fixture
def root(workspace, clock):
    """A workspace with a ticket and a notice that waits."""
    site = KeptSite(workspace, clock)
    site.fire(site.open(), "call")
    settings = workspace / "casewright.toml"
    settings.write_text(settings.read_text("utf-8") + TRUSTED, "utf-8")
    site.desk.close()
    return workspace


@pytest.fixture
def cli(root, capsys, monkeypatch):
    """Return a function that runs a command line in a workspace and returns code, output and messages."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def run(*words, actor="kim", at=root):
        capsys.readouterr()
        code = main(["-C", str(at), "--as", actor, *map(str, words)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def test_a_backup_and_its_restoring_are_told_calmly(cli, tmp_path):
    code, made, _ = cli("backup", tmp_path / "one.backup")
    again, restored, _ = cli("restore", tmp_path / "one.backup", tmp_path / "new")

    assert (code, again) == (0, 0)
    assert "made and verified" in made
    assert "1 tickets with 2 events" in made
    assert "its histories are whole" in restored
    assert "Held for review: 1 notice" in restored


def test_what_is_held_is_listed_and_released(cli, tmp_path):
    cli("backup", tmp_path / "one.backup")
    cli("restore", tmp_path / "one.backup", tmp_path / "new")

    _, listed, _ = cli(
        "notice", "list", "--state", "held", "--json", actor="olga", at=tmp_path / "new"
    )
    code, released, _ = cli("notice", "release", actor="olga", at=tmp_path / "new")
    _, after, _ = cli(
        "notice", "list", "--state", "held", "--json", actor="olga", at=tmp_path / "new"
    )

    assert len(json.loads(listed)["notices"]) == 1
    assert code == 0
    assert "Released: 1 notice" in released
    assert json.loads(after)["notices"] == []


def test_programs_are_told_in_one_document(cli, tmp_path):
    _, made, _ = cli("backup", tmp_path / "one.backup", "--json")
    _, restored, _ = cli("restore", tmp_path / "one.backup", tmp_path / "new", "--json")

    assert json.loads(made)["tickets"] == 1
    assert json.loads(restored)["put_to_rest"]["notices_held"] == 1
    assert json.loads(restored)["erased_again"] == 0


def test_an_export_is_imported(cli, tmp_path):
    code, told, _ = cli("export", tmp_path / "all.jsonl", "--purpose", "moving house")
    again, imported, _ = cli("import", tmp_path / "all.jsonl", tmp_path / "new")

    assert (code, again) == (0, 0)
    assert "personal data in the clear" in told
    assert "its histories are whole" in imported


def test_an_export_needs_a_purpose(cli, tmp_path):
    code, _, said = cli("export", tmp_path / "all.jsonl")

    assert code == 2
    assert "--purpose" in said


def test_a_damaged_backup_is_refused_in_a_sentence(cli, tmp_path):
    (tmp_path / "one.backup").write_bytes(b"no backup" * 1000)

    code, _, said = cli("restore", tmp_path / "one.backup", tmp_path / "new")

    assert code == 1
    assert "damaged or cut short" in said


def test_all_of_it_is_told_in_chinese(cli, tmp_path):
    _, made, _ = cli("backup", tmp_path / "one.backup", "--lang", "zh")
    _, restored, _ = cli("restore", tmp_path / "one.backup", tmp_path / "new", "--lang", "zh")
    _, told, _ = cli("export", tmp_path / "all", "--purpose", "x", "--lang", "zh")
    _, imported, _ = cli("import", tmp_path / "all", tmp_path / "other", "--lang", "zh")

    for said in (made, restored, told, imported):
        lines = [one for one in said.splitlines() if "casewright " not in one]
        assert all(any("\u4e00" <= one <= "\u9fff" for one in line) for line in lines), said


def who_restored(root):
    """Return who is named in the chain of commands as whoever put the database to rest."""
    with closing(sqlite3.connect(root / "casewright.db")) as database:
        (actor,) = database.execute(
            "SELECT actor FROM command ORDER BY id DESC LIMIT 1"
        ).fetchone()
        return actor


@pytest.mark.parametrize("verb", ["restore", "import"])
def test_who_restores_into_a_new_folder_is_who_the_machine_knows(
    cli, tmp_path, monkeypatch, verb
):
    if verb == "restore":
        cli("backup", tmp_path / "kept")
    else:
        cli("export", tmp_path / "kept", "--purpose", "moving house")
    monkeypatch.setenv("LOGNAME", "olga")
    monkeypatch.setenv("USER", "olga")

    assert cli(verb, tmp_path / "kept", tmp_path / "new", actor="olga")[0] == 0

    assert who_restored(tmp_path / "new") == (os_login() or "unknown")


def test_over_a_workspace_only_those_restore_who_may_copy_it(cli, root, tmp_path):
    cli("backup", tmp_path / "one.backup")

    code, _, said = cli(
        "restore", tmp_path / "one.backup", root, "--replace", actor="olga", at=tmp_path
    )
    assert code == 1
    assert "workspace.backup" in said
    assert not (root / "casewright.db.before-restore").exists()

    code, _, _ = cli("restore", tmp_path / "one.backup", "--replace")
    assert (code, who_restored(root)) == (0, "kim")
    with closing(sqlite3.connect(root / "casewright.db.before-restore")) as former:
        noted = former.execute("SELECT actor, body FROM access ORDER BY number").fetchall()
    assert noted[-1][0] == "kim"
    assert "restore --replace" in noted[-1][1]


def test_nobody_restores_over_a_workspace_before_they_sign_in(cli, root, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    cli("backup", tmp_path / "one.backup")
    settings = root / "casewright.toml"
    settings.write_text(settings.read_text("utf-8").replace('"trusted"', '"password"'), "utf-8")

    code, _, said = cli("restore", tmp_path / "one.backup", "--replace")

    assert (code, "casewright login" in said) == (1, True)
    assert not (root / "casewright.db.before-restore").exists()


def test_a_workspace_that_cannot_say_who_may_is_restored_over(cli, root, tmp_path):
    cli("backup", tmp_path / "one.backup")
    (root / "casewright.db").write_bytes(b"no database at all" * 1000)

    code, _, said = cli("restore", tmp_path / "one.backup", "--replace", actor="olga")

    assert (code, said) == (0, "")
    assert who_restored(root) == (os_login() or "unknown")
