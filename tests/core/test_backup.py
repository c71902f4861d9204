"""Backups: all that was acknowledged is in them, they are verified, and a refused one leaves nothing behind."""

import json
import sqlite3
import stat
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from casewright.desk import open_desk
from casewright.errors import BackupRefused, DatabaseUnusable, NotAllowed
from casewright.exchange.backup import back_up
from casewright.queries import GetAccessReport, GetHistory
from casewright.store.database import Cursor, library, open_sqlite

from .kept_site import KeptSite


@pytest.fixture
def site(workspace, clock):
    made = KeptSite(workspace, clock)
    yield made
    made.desk.close()


def members(path: Path) -> list[str]:
    with tarfile.open(path) as tar:
        return tar.getnames()


def manifest(path: Path) -> dict:
    with tarfile.open(path) as tar:
        return json.load(tar.extractfile("manifest.json"))


def test_a_backup_holds_the_database_the_files_people_wrote_and_the_attachments(site, tmp_path):
    key = site.open()
    digest = site.attach(key, b"a scan")
    (site.root / "notices").mkdir()
    (site.root / "notices" / "sms.jsonl").write_text("told")

    made = site.back_up(tmp_path / "one.backup")

    assert made.contents.rows["ticket"] == 1
    assert members(tmp_path / "one.backup") == [
        "database.db",
        "workspace/casewright.toml",
        "workspace/roles.yaml",
        "workspace/workflows/matter.yaml",
        f"attachments/{digest[:2]}/{digest[2:]}",
        "manifest.json",
        "seal",
    ]


def test_only_the_owner_may_read_a_backup(site, tmp_path):
    site.back_up(tmp_path / "one.backup")

    assert stat.S_IMODE((tmp_path / "one.backup").stat().st_mode) == 0o600


def test_a_backup_says_of_itself_what_is_in_it(site, tmp_path):
    site.open()

    made = site.back_up(tmp_path / "one.backup")

    said = manifest(made.file)
    assert said["taken_by"] == "kim"
    assert said["database"]["rows"]["event"] == made.contents.rows["event"]
    assert said["database"]["heads"]["command"][0] > 0
    assert len(said["files"]["database.db"]["sha256"]) == 64


def test_an_attachment_that_is_gone_or_spoilt_is_named_and_the_rest_is_backed_up(
    site, tmp_path
):
    key = site.open()
    gone, spoilt = site.attach(key, b"first"), site.attach(key, b"second")
    folder = site.config.attachments
    (folder / gone[:2] / gone[2:]).unlink()
    (folder / spoilt[:2] / spoilt[2:]).write_bytes(b"other")

    made = site.back_up(tmp_path / "one.backup")

    assert set(made.missing) == {gone, spoilt}
    assert manifest(made.file)["attachments"]["missing"] == 2


def test_a_damaged_history_is_not_backed_up_and_nothing_is_left_behind(site, tmp_path):
    site.open()
    with sqlite3.connect(site.config.database) as direct:
        direct.execute("UPDATE event SET body = replace(body, 'ana', 'bob')")
    (tmp_path / "backups").mkdir()

    with pytest.raises(BackupRefused, match="event 1 is not as it was written"):
        site.back_up(tmp_path / "backups" / "one.backup")

    assert list((tmp_path / "backups").iterdir()) == []


def test_a_backup_that_is_there_is_replaced_only_when_that_is_said(site, tmp_path):
    path = tmp_path / "one.backup"
    site.back_up(path)
    before = path.read_bytes()
    site.open()

    with pytest.raises(BackupRefused, match="--replace"):
        site.back_up(path)
    untouched = path.read_bytes()
    site.back_up(path, replace=True)

    assert untouched == before
    assert path.read_bytes() != before
    assert [one.name for one in tmp_path.iterdir() if "backup" in one.name] == ["one.backup"]


def test_there_is_no_backup_where_there_is_no_folder_for_it(site, tmp_path):
    with pytest.raises(BackupRefused, match="no folder"):
        site.back_up(tmp_path / "nowhere" / "one.backup")


def test_who_may_not_take_a_backup_gets_none(site, tmp_path):
    with pytest.raises(NotAllowed):
        back_up(site.desk, tmp_path / "one.backup", actor="ana")

    assert not (tmp_path / "one.backup").exists()


def test_a_backup_is_on_record_before_it_is_made(site, tmp_path):
    site.back_up(tmp_path / "one.backup")

    report = site.desk.ask(GetAccessReport(actor="kim", kind="export"))
    assert [(one.actor, one.subject) for one in report.rows] == [("kim", "PrepareBackup")]


def test_work_goes_on_at_the_same_desk_after_a_backup(site, tmp_path):
    key = site.open()
    site.back_up(tmp_path / "one.backup")

    site.comment(key, "later")

    assert len(site.desk.ask(GetHistory(actor="ana", ticket=key))) == 2


class Full:
    """A driver's connection to a disk that is full when a copy has been half written."""

    def __init__(self, path: Path) -> None:
        self._connection = open_sqlite(path)
        self.close = self._connection.close

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Cursor:
        if statement.startswith("VACUUM INTO"):
            Path(parameters[0]).write_bytes(b"half")
            raise library().OperationalError("database or disk is full")
        return self._connection.execute(statement, parameters)

    @property
    def in_transaction(self) -> bool:
        return bool(self._connection.in_transaction)


def test_a_full_disk_is_a_clear_error_that_leaves_nothing_behind(site, tmp_path, clock):
    (tmp_path / "backups").mkdir()
    with open_desk(site.config, clock=clock, driver=Full) as desk:
        with pytest.raises(DatabaseUnusable, match="full"):
            back_up(desk, tmp_path / "backups" / "one.backup", actor="kim")

        assert list((tmp_path / "backups").iterdir()) == []
    assert site.back_up(tmp_path / "backups" / "one.backup").bytes
