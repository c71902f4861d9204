"""Restoring: what comes back, what is refused before anything is touched, and what is put to rest."""

import io
import json
import random
import sqlite3
import tarfile
from contextlib import closing
from dataclasses import asdict, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from casewright.commands import EraseCustomer, ReleaseNotices, SaveCustomer
from casewright.desk.copies import make_database, opened
from casewright.errors import BackupRefused, NoticeRefused, WorkerBusy, WorkspaceRefused
from casewright.exchange.archive import ArchiveWriter
from casewright.exchange.restore import restore
from casewright.queries import GetHistory, GetTicket

from .kept_site import KeptSite, is_whole
from .worker_site import way


@pytest.fixture
def site(workspace, clock):
    made = KeptSite(workspace, clock)
    yield made
    made.desk.close()


@pytest.fixture
def backup(site, tmp_path) -> Path:
    """A backup of a workspace with a ticket, an attachment and a notice that waits."""
    key = site.open()
    site.attach(key, b"a scan")
    site.fire(key, "call")
    site.back_up(tmp_path / "one.backup")
    return tmp_path / "one.backup"


def packed(path: Path, files: list[tuple[str, bytes]]) -> Path:
    """An archive of anything, rightly sealed."""
    with path.open("wb") as target:
        writer = ArchiveWriter(target, at=0, told=lambda count: None)
        for name, content in files:
            writer.add_bytes(name, content)
        writer.seal()
    return path


def unpacked(path: Path) -> list[tuple[str, bytes]]:
    with tarfile.open(path) as tar:
        return [(one.name, tar.extractfile(one).read()) for one in tar if one.name != "seal"]


# --- what comes back --------------------------------------------------------------------------


def test_a_restored_workspace_is_as_it_was(site, backup, tmp_path, clock):
    tickets = ["MAT-2026-000001"]
    before = [site.desk.ask(GetHistory(actor="ana", ticket=key)) for key in tickets]

    found = site.restore(backup, tmp_path / "new")

    again = site.again(tmp_path / "new")
    assert [again.desk.ask(GetHistory(actor="ana", ticket=key)) for key in tickets] == before
    assert (tmp_path / "new/workflows/matter.yaml").read_bytes() == (
        site.root / "workflows/matter.yaml"
    ).read_bytes()
    again.desk.close()
    assert found.attachments == 1
    assert is_whole(tmp_path / "new", clock)


def test_the_attachments_come_back(site, backup, tmp_path):
    site.restore(backup, tmp_path / "new")

    [kept] = [one for one in (tmp_path / "new/attachments").rglob("*") if one.is_file()]
    assert kept.read_bytes() == b"a scan"


def test_a_restored_workspace_goes_on_with_new_tickets(site, backup, tmp_path):
    site.restore(backup, tmp_path / "new")

    again = site.again(tmp_path / "new")
    assert again.open() == "MAT-2026-000002"
    again.desk.close()


def test_a_backup_of_an_older_schema_is_brought_to_the_newest(site, backup, tmp_path, clock):
    older = replace(site.config, database=tmp_path / "older.db")
    make_database(older, schema=5, clock=clock)
    with opened(older.database) as copy:
        contents = asdict(copy.contents())
    files = dict(unpacked(backup))
    files["database.db"] = older.database.read_bytes()
    said = json.loads(files["manifest.json"])
    said["database"] = contents
    said["files"]["database.db"]["sha256"] = sha256(files["database.db"]).hexdigest()
    files["manifest.json"] = json.dumps(said).encode()

    found = site.restore(packed(tmp_path / "x.backup", list(files.items())), tmp_path / "new")

    assert found.migrated[0] == 5
    assert found.migrated[1] > 5
    assert is_whole(tmp_path / "new", clock)


def test_the_chain_of_commands_says_that_the_workspace_was_restored(site, backup, tmp_path):
    site.restore(backup, tmp_path / "new")

    with sqlite3.connect(tmp_path / "new/casewright.db") as direct:
        [(kind, actor)] = direct.execute(
            "SELECT kind, actor FROM command ORDER BY number DESC LIMIT 1"
        ).fetchall()
    assert (kind, actor) == ("RestoreWorkspace", "root")


# --- what is put to rest ----------------------------------------------------------------------


def test_what_waited_to_be_sent_is_held_until_somebody_releases_it(site, backup, tmp_path):
    found = site.restore(backup, tmp_path / "new")
    again = site.again(tmp_path / "new")

    again.work()
    held = way(again.sms())
    again.desk.execute(ReleaseNotices(actor="olga"))
    again.work()

    assert found.resumed.held == 1
    assert held == ["queued", "held"]
    assert way(again.sms()) == ["queued", "held", "queued", "submitted", "accepted"]
    assert len(again.provider.handed) == 1
    again.desk.close()


def test_a_notice_that_is_dropped_is_never_sent(site, backup, tmp_path):
    site.restore(backup, tmp_path / "new")
    again = site.again(tmp_path / "new")

    again.desk.execute(ReleaseNotices(actor="olga", send=False))
    again.work()

    assert way(again.sms()) == ["queued", "held", "cancelled"]
    assert again.provider.handed == []
    again.desk.close()


def test_only_what_is_held_is_released(site, backup):
    with pytest.raises(NoticeRefused, match="not held"):
        site.desk.execute(ReleaseNotices(actor="olga", notices=(1,)))


def test_what_was_sent_and_not_answered_for_is_waited_for_no_more(site, tmp_path):
    key = site.open()
    site.fire(key, "call")
    site.work()
    site.back_up(tmp_path / "one.backup")

    found = site.restore(tmp_path / "one.backup", tmp_path / "new")
    again = site.again(tmp_path / "new")
    again.work(days=10)

    assert found.resumed.unknown == 1
    story = next(one for one in again.notices(state="unknown"))
    assert story.via == "sms"
    assert [one for one in again.notices(state="expired")] == []
    again.desk.close()


def test_deadlines_of_before_the_restore_still_fire_and_tell_nobody_outside(
    site, tmp_path, clock
):
    site.open()
    site.back_up(tmp_path / "one.backup")
    clock.advance(timedelta(hours=20))
    site.restore(tmp_path / "one.backup", tmp_path / "new")
    again = site.again(tmp_path / "new")

    again.work()

    told = again.notices()
    assert {one.state for one in told if one.via == "sms"} == {"held"}
    assert "100%" in {one.threshold for one in told}
    assert again.provider.handed == []
    again.desk.close()


def test_deadlines_of_after_the_restore_are_told_as_ever(site, tmp_path, clock):
    site.open()
    site.back_up(tmp_path / "one.backup")
    site.restore(tmp_path / "one.backup", tmp_path / "new")
    again = site.again(tmp_path / "new")

    again.work(hours=6)

    assert len(again.provider.handed) == 1
    again.desk.close()


def test_a_lease_of_the_system_that_is_gone_binds_nobody(site, tmp_path):
    site.desk.working().hold("elsewhere")
    site.back_up(tmp_path / "one.backup")

    found = site.restore(tmp_path / "one.backup", tmp_path / "new")

    again = site.again(tmp_path / "new")
    again.desk.working().hold("here")
    again.desk.close()
    assert found.resumed.leases == 1


def test_sessions_and_tokens_of_before_serve_no_more(site, tmp_path):
    with sqlite3.connect(site.config.database) as direct:
        direct.execute("INSERT INTO session VALUES ('d', 'ana', 'command line', 1, 1, 9e18)")
        direct.execute(
            "INSERT INTO token (person, label, digest, only, created_at, created_by, expires_at)"
            " VALUES ('ana', 'cron', 'e', '[]', 1, 'ana', 9000000000000000000)"
        )
    site.back_up(tmp_path / "one.backup")

    found = site.restore(tmp_path / "one.backup", tmp_path / "new")

    with sqlite3.connect(tmp_path / "new/casewright.db") as direct:
        sessions = direct.execute("SELECT count(*) FROM session").fetchone()
        revoked = direct.execute("SELECT count(*) FROM token WHERE revoked_at > 0").fetchone()
    assert (sessions, revoked) == ((0,), (1,))
    assert (found.resumed.sessions, found.resumed.tokens) == (1, 1)


# --- what was erased since --------------------------------------------------------------------


@pytest.fixture
def erased_since(site, tmp_path) -> Path:
    """A backup of before a customer was erased."""
    customer = SaveCustomer(actor="system", id="C-1", name="Wilhelmina", phone="+8613912345678")
    site.desk.execute_as_system(customer)
    key = site.open(customer="C-1")
    site.comment(key, "Wilhelmina called about the parcel")
    site.fire(key, "finish")
    site.back_up(tmp_path / "one.backup")
    site.desk.execute_as_system(EraseCustomer(actor="system", customer="C-1", reason="asked"))
    site.desk.close()
    return tmp_path / "one.backup"


def test_restoring_an_older_backup_over_the_workspace_erases_again(site, erased_since, clock):
    found = site.restore(erased_since, site.root, over=True)

    assert found.resumed.erased == 1
    assert b"Wilhelmina" not in (site.root / "casewright.db").read_bytes()
    assert is_whole(site.root, clock)


def test_a_ledger_that_was_kept_elsewhere_is_asked_as_well(site, erased_since, tmp_path):
    found = site.restore(erased_since, tmp_path / "new", ledgers=[site.root / "erasures.jsonl"])

    assert found.resumed.erased == 1
    assert b"Wilhelmina" not in (tmp_path / "new/casewright.db").read_bytes()
    assert (tmp_path / "new/erasures.jsonl").exists()


def test_a_backup_brings_its_own_ledger(site, erased_since, tmp_path):
    again = KeptSite(site.root, site.clock)
    again.back_up(tmp_path / "two.backup")
    again.desk.close()
    site.restore(tmp_path / "two.backup", tmp_path / "new")

    found = site.restore(erased_since, tmp_path / "new", over=True)

    assert found.resumed.erased == 1


# --- over a workspace that is there -----------------------------------------------------------


def test_a_workspace_is_restored_over_and_kept_aside(site, backup, tmp_path, clock):
    site.open()
    (site.root / "workflows" / "later.yaml").write_text("# written since")
    site.desk.close()

    found = site.restore(backup, site.root, over=True)

    assert sorted(Path(one).name for one in found.aside) == [
        ".before-restore",
        "casewright.db.before-restore",
    ]
    assert not (site.root / "workflows/later.yaml").exists()
    assert (site.root / ".before-restore/workflows/later.yaml").exists()
    with sqlite3.connect(site.root / "casewright.db") as direct:
        assert direct.execute("SELECT count(*) FROM ticket").fetchone() == (1,)
    with sqlite3.connect(site.root / "casewright.db.before-restore") as direct:
        assert direct.execute("SELECT count(*) FROM ticket").fetchone() == (2,)
    assert is_whole(site.root, clock)


def test_a_workspace_whose_worker_is_at_work_is_not_restored_over(site, backup):
    site.desk.working().hold("worker")

    with pytest.raises(WorkerBusy):
        site.restore(backup, site.root, over=True)

    assert site.desk.ask(GetTicket(actor="ana", ticket="MAT-2026-000001")).open
    assert not (site.root / ".before-restore").exists()


def test_a_workspace_that_anybody_has_open_is_not_restored_over(site, backup):
    with pytest.raises(WorkspaceRefused, match="stop every casewright"):
        site.restore(backup, site.root, over=True)

    assert site.open() == "MAT-2026-000002"


def test_a_database_too_damaged_to_be_opened_is_restored_over(site, backup, clock):
    site.desk.close()
    site.config.database.write_bytes(b"no database at all" * 1000)

    site.restore(backup, site.root, over=True)

    assert is_whole(site.root, clock)
    assert (site.root / "casewright.db.before-restore").exists()


def test_what_was_kept_before_is_not_overwritten(site, backup):
    site.desk.close()
    site.restore(backup, site.root, over=True)

    with pytest.raises(WorkspaceRefused, match="kept there since a restore before"):
        site.restore(backup, site.root, over=True)


def test_a_folder_that_has_anything_in_it_is_left_alone(site, backup, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "mine").write_text("mine")

    with pytest.raises(WorkspaceRefused):
        site.restore(backup, tmp_path / "new")

    assert [one.name for one in (tmp_path / "new").iterdir()] == ["mine"]


# --- what is refused --------------------------------------------------------------------------


def refused(site: KeptSite, path: Path, tmp_path: Path) -> str:
    """Why a file is not restored; nothing is there then."""
    with pytest.raises(BackupRefused) as found:
        site.restore(path, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert [one for one in tmp_path.iterdir() if one.name.startswith(".new")] == []
    return str(found.value)


def test_a_backup_with_any_bit_flipped_is_refused(site, backup, tmp_path):
    whole, chance = backup.read_bytes(), random.Random(1)
    for _ in range(60):
        spoilt = bytearray(whole)
        spoilt[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        backup.write_bytes(spoilt)

        refused(site, backup, tmp_path)


def test_a_backup_that_is_cut_short_is_refused(site, backup, tmp_path):
    whole, chance = backup.read_bytes(), random.Random(2)
    ends = [0, 1, 511, 512, 10_240, *(chance.randrange(len(whole) - 10_240) for _ in range(20))]
    for end in ends:
        backup.write_bytes(whole[:end])

        refused(site, backup, tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "/etc/cron.d/evil",
        "../evil.yaml",
        "workspace/../../evil.yaml",
        "workspace/workflows/../../evil.yaml",
        "workspace/.ssh/authorized_keys",
        "workspace/workflows/.hidden.yaml",
        "workspace/program.py",
        "workspace/workflows/a\\b.yaml",
        "attachments/ab/short",
        "attachments/../casewright.toml",
        "more.db",
    ],
)
def test_a_file_that_belongs_nowhere_is_refused(site, backup, tmp_path, name):
    made = packed(tmp_path / "evil.backup", [*unpacked(backup), (name, b"evil")])

    assert "does not belong" in refused(site, made, tmp_path)


def test_a_file_that_is_in_it_twice_is_refused(site, backup, tmp_path):
    files = unpacked(backup)

    made = packed(tmp_path / "evil.backup", [*files, files[1]])

    assert "twice" in refused(site, made, tmp_path)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, b"S"])
def test_only_plain_files_are_taken(site, backup, tmp_path, kind):
    whole = unpacked(backup)
    with tarfile.open(tmp_path / "evil.backup", "w") as tar:
        for name, content in whole:
            header = tarfile.TarInfo(name)
            header.size = len(content)
            tar.addfile(header, io.BytesIO(content))
        header = tarfile.TarInfo("workspace/workflows/link.yaml")
        header.type, header.linkname = kind, "/etc/passwd"
        tar.addfile(header)

    refused(site, tmp_path / "evil.backup", tmp_path)


def test_an_archive_that_says_what_is_not_in_it_is_refused(site, backup, tmp_path):
    files = [one for one in unpacked(backup) if one[0] != "workspace/roles.yaml"]

    made = packed(tmp_path / "evil.backup", files)

    assert "not what it says" in refused(site, made, tmp_path)


def test_a_database_that_is_not_the_one_of_the_manifest_is_refused(site, backup, tmp_path):
    files = dict(unpacked(backup))
    other = tmp_path / "other.db"
    other.write_bytes(files["database.db"])
    with closing(sqlite3.connect(other, isolation_level=None)) as direct:
        direct.execute("UPDATE ticket SET state = 'closed'")
    files["database.db"] = other.read_bytes()

    made = packed(tmp_path / "evil.backup", list(files.items()))

    assert "hash" in refused(site, made, tmp_path)


def test_a_backup_of_a_newer_casewright_is_refused(site, backup, tmp_path):
    files = dict(unpacked(backup))
    files["manifest.json"] = files["manifest.json"].replace(b'"format": 1', b'"format": 2')

    made = packed(tmp_path / "newer.backup", list(files.items()))

    assert "newer" in refused(site, made, tmp_path)


def test_settings_that_name_another_place_for_the_database_are_refused(site, tmp_path):
    (site.root / "casewright.toml").write_text(f'database = "{tmp_path}/elsewhere/x.db"\n')
    site.back_up(tmp_path / "one.backup")

    assert "CASEWRIGHT_DATABASE" in refused(site, tmp_path / "one.backup", tmp_path)
    assert not (tmp_path / "elsewhere").exists()


def test_the_database_goes_where_the_environment_says_and_never_over_another(
    site, backup, tmp_path, clock
):
    elsewhere = tmp_path / "disk" / "case.db"
    environment = {"CASEWRIGHT_DATABASE": str(elsewhere)}

    restore(backup, tmp_path / "new", by="root", clock=clock, environment=environment)

    assert elsewhere.exists()
    assert not (tmp_path / "new/casewright.db").exists()
    with pytest.raises(WorkspaceRefused, match="there is a database"):
        restore(backup, tmp_path / "other", by="root", clock=clock, environment=environment)


def test_what_is_no_backup_at_all_is_refused(site, tmp_path):
    (tmp_path / "some.backup").write_bytes(b"hello" * 10_000)

    refused(site, tmp_path / "some.backup", tmp_path)
    refused(site, tmp_path / "nothing.backup", tmp_path)
