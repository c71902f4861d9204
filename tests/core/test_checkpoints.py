"""Checkpoints: made, signed and kept outside the database; what they find that the chains cannot, and what they say openly."""

import json
import os
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from sqlite3 import OperationalError
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright.answers import Checkpoint, Verification
from casewright.commands import AddComment, MakeCheckpoint
from casewright.desk import open_desk
from casewright.desk.sealing.audit_export import verify as verify_export
from casewright.desk.sealing.checkpoint_places import home_of
from casewright.errors import AccessUnrecorded, CheckpointRefused, FileUnreadable, NotAllowed
from casewright.model import SYSTEM
from casewright.queries import ExportAudit, ListCheckpoints, VerifyAudit
from casewright.settings.access import AuditSettings
from casewright.store import merkle, share_process, verification
from casewright.worker.journal import Line
from casewright.worker.loop import Worker

from .small_centre import CLOSED, HEAD, OPEN, SmallCentre
from .test_access_log import Failing
from .test_audit import row_id, rows, tamper

PLAIN = f"{HEAD}states:\n  first: {{{OPEN}, transitions: {{send: {{form: answer}}, close: closed}}}}\n{CLOSED}"
SEALERS = "\n  sealer: {title: {en: Sealer, zh: 封存员}, permissions: [audit.*]}\n"


class SealedCentre(SmallCentre):
    """A small centre with a second place, and somebody who may seal."""

    people = {**SmallCentre.people, "sam": (("sealer",), "")}  # noqa: RUF012 (as its own is)

    def seal(self, **said: object) -> int:
        done = self.desk.execute(MakeCheckpoint(actor="sam", **said))
        return int(done.answer["checkpoint"])

    def verify(self) -> Verification:
        return self.desk.ask(VerifyAudit(actor="sam"))

    def checkpoints(self) -> tuple[Checkpoint, ...]:
        return self.desk.ask(ListCheckpoints(actor="sam"))

    def comment(self, key: str, text: str = "hello") -> None:
        self.desk.execute(AddComment(actor="ben", ticket=key, text=text))


@pytest.fixture
def second(tmp_path) -> Path:
    folder = tmp_path / "second"
    folder.mkdir()
    return folder


@pytest.fixture
def sealed(workspace, clock, second) -> Iterator[SealedCentre]:
    """A centre with four tickets, not sealed yet."""
    made = SealedCentre(workspace, clock)
    config = replace(made.config, audit=AuditSettings(second_place=str(second)))
    made.desk.close()
    made = SealedCentre(workspace, clock, config)
    made.write("roles.yaml", (workspace / "roles.yaml").read_text() + SEALERS)
    made.publish(PLAIN)
    for _ in range(4):
        made.comment(made.open(note="private"))
    yield made
    made.desk.close()


def _copied(source: Path, target: Path) -> None:
    from casewright.store.database import library

    with (
        closing(library().connect(source)) as one,
        closing(library().connect(target)) as other,
    ):
        one.backup(other)


def test_a_checkpoint_seals_all_there_is_and_lies_in_both_places(sealed, second):
    assert sealed.seal() == 1

    found = sealed.verify()
    (made,) = sealed.checkpoints()
    assert (found.ok, found.checkpoints, found.unsealed, found.remarks) == (True, 1, 0, ())
    assert (made.number, made.tickets, made.events) == (1, 4, 8)
    home = home_of(sealed.config)
    assert made.written_to == f"{home}; {second}"
    for folder in (home, second):
        assert {"000001.json", "000001.seals", "trusted"} <= set(os.listdir(folder))
    assert stat.S_IMODE((home / "signing.pem").stat().st_mode) == 0o600


def test_what_lies_after_the_last_checkpoint_is_said(sealed):
    sealed.seal()
    sealed.comment("MAT-2026-000001")
    sealed.open()

    found = sealed.verify()

    assert (found.ok, found.unsealed) == (True, 2)
    assert sealed.seal() == 2
    assert sealed.verify().unsealed == 0


def test_without_a_checkpoint_and_a_second_place_it_is_said_what_is_not_proved(centre):
    centre.publish(PLAIN)
    centre.open()

    found = centre.desk.ask(VerifyAudit(actor="ana"))

    assert found.ok
    assert [str(one)[:30] for one in found.remarks] == [
        "there is no checkpoint yet: wh",
        "checkpoints have no second pla",
    ]


def test_only_who_may_makes_a_checkpoint(sealed):
    with pytest.raises(NotAllowed):
        sealed.desk.execute(MakeCheckpoint(actor="ana"))
    assert sealed.checkpoints() == ()


def _rewrite(centre: SmallCentre, key: str, sequence: int, old: str, new: str) -> None:
    """Rewrite an event, every hash from it on and the ticket's head: whole in itself."""
    import hashlib

    ticket, head = row_id(centre, key), bytes(32)
    for at, body in rows(
        centre, "SELECT sequence, body FROM event WHERE ticket_id = ? ORDER BY sequence", ticket
    ):
        text = body.decode()
        if at == sequence:
            assert old in text
            text = text.replace(old, new)
        head = hashlib.sha256(head + text.encode()).digest()
        where = "UPDATE event SET body = ?, hash = ? WHERE ticket_id = ? AND sequence = ?"
        tamper(centre, where, text, head, ticket, at)
    tamper(centre, "UPDATE ticket SET head = ? WHERE id = ?", head, ticket)


def broken(centre: SealedCentre) -> tuple[str, int, str] | None:
    one = centre.verify().first_broken
    return None if one is None else (one.ticket, one.sequence, one.chain)


def test_a_rewritten_and_rehashed_event_is_named_by_the_checkpoint(sealed):
    sealed.seal()

    _rewrite(sealed, "MAT-2026-000002", 2, '"actor":"ben"', '"actor":"ana"')

    assert broken(sealed) == ("MAT-2026-000002", 2, "")
    # a later checkpoint does not make it good
    sealed.comment("MAT-2026-000001")
    sealed.seal()
    assert broken(sealed) == ("MAT-2026-000002", 2, "")


def test_what_was_rewritten_after_the_last_checkpoint_is_found_once_it_is_sealed(sealed):
    sealed.seal()
    sealed.comment("MAT-2026-000002")
    _rewrite(sealed, "MAT-2026-000002", 3, '"actor":"ben"', '"actor":"ana"')
    assert (broken(sealed), sealed.verify().unsealed) == (None, 1)

    sealed.seal()
    _rewrite(sealed, "MAT-2026-000002", 3, '"actor":"ana"', '"actor":"ben"')

    assert broken(sealed) == ("MAT-2026-000002", 3, "")


def test_without_its_seals_a_rewritten_history_is_found_and_not_named(sealed, second):
    sealed.seal()
    for folder in (second, home_of(sealed.config)):
        (folder / "000001.seals").unlink()

    _rewrite(sealed, "MAT-2026-000002", 2, '"actor":"ben"', '"actor":"ana"')

    assert broken(sealed) == ("", 1, "checkpoint")


def test_a_rewritten_history_is_named_although_the_checkpoints_of_the_database_are_gone(sealed):
    sealed.seal()
    _rewrite(sealed, "MAT-2026-000003", 1, '"actor":"ana"', '"actor":"ben"')
    tamper(sealed, "DELETE FROM checkpoint")

    assert broken(sealed) == ("MAT-2026-000003", 1, "")


def test_a_database_put_back_to_an_older_state_is_found(sealed, second, tmp_path):
    sealed.seal()
    older = tmp_path / "older.db"
    _copied(sealed.config.database, older)
    sealed.comment("MAT-2026-000001")
    sealed.seal()
    sealed.desk.close()
    for name in ("casewright.db-wal", "casewright.db-shm"):
        (sealed.root / name).unlink(missing_ok=True)
    older.replace(sealed.config.database)
    sealed.desk = open_desk(sealed.config, clock=sealed.clock)

    assert broken(sealed) == ("MAT-2026-000001", 3, "")
    assert any("put back to an older state" in str(one) for one in sealed.verify().remarks)
    with pytest.raises(CheckpointRefused, match="--restored REASON"):
        sealed.seal()

    # put back on purpose: the next checkpoint says so, and all is well again
    assert sealed.seal(restored="the disk was lost") == 3
    assert sealed.verify().ok
    said = json.loads(json.loads((second / "000003.json").read_text())["statement"])
    assert (said["restored"], len(said["instead_of"])) == ("the disk was lost", 64)
    assert sealed.seal() == 4
    assert sealed.verify().ok


def test_any_changed_byte_of_a_checkpoint_is_found(sealed):
    sealed.seal()
    (stored, signature) = rows(sealed, "SELECT body, signature FROM checkpoint")[0]

    for at in range(0, len(stored), 7):
        changed = stored[:at] + bytes([stored[at] ^ 4]) + stored[at + 1 :]
        tamper(sealed, "UPDATE checkpoint SET body = CAST(? AS TEXT)", changed)
        assert broken(sealed) == ("", 1, "checkpoint")
    tamper(sealed, "UPDATE checkpoint SET body = CAST(? AS TEXT)", stored)
    for at in range(0, len(signature), 5):
        changed = signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1 :]
        tamper(sealed, "UPDATE checkpoint SET signature = ?", changed)
        assert broken(sealed) == ("", 1, "checkpoint")


def test_checkpoints_signed_with_a_key_of_somebody_else_are_found(sealed, second):
    sealed.seal()
    home = home_of(sealed.config)
    kept = {one.name: one.read_bytes() for one in home.iterdir()}
    # Somebody who may write here begins anew: with a key and checkpoints of their own.
    for one in home.iterdir():
        one.unlink()
    _rewrite(sealed, "MAT-2026-000002", 2, '"actor":"ben"', '"actor":"ana"')
    tamper(sealed, "DELETE FROM checkpoint")
    alone = replace(sealed.config, audit=AuditSettings())
    with open_desk(alone, clock=sealed.clock) as forger:
        forger.execute_as_system(MakeCheckpoint(actor=SYSTEM))
        from casewright.desk.sealing.checkpointing import Checkpointing

        Checkpointing(config=alone, database=forger._database).write_out()

    found = sealed.verify()

    # the second place has pinned the first key, and has what it signed
    assert not found.ok
    assert (found.first_broken.ticket, found.first_broken.sequence) in {
        ("MAT-2026-000002", 2),
        ("", 1),
    }
    with pytest.raises(CheckpointRefused, match="not the key that signed before"):
        sealed.seal()
    assert kept["trusted"] == (second / "trusted").read_bytes()


def test_a_key_that_is_lost_is_followed_by_another_only_where_that_is_meant(sealed, second):
    sealed.seal()
    (home_of(sealed.config) / "signing.pem").unlink()
    with pytest.raises(CheckpointRefused, match="--new-key"):
        sealed.seal()

    assert sealed.seal(new_key=True) == 2

    assert sealed.verify().ok
    assert len((second / "trusted").read_text().split()) == 2


def test_a_key_that_others_can_read_is_refused(sealed):
    sealed.seal()
    (home_of(sealed.config) / "signing.pem").chmod(0o644)

    with pytest.raises(CheckpointRefused, match="chmod 600"):
        sealed.seal()
    assert sealed.verify().ok


@pytest.mark.parametrize("written", ["11" * 32, "pem"])
def test_a_key_can_be_named_as_a_secret(sealed, monkeypatch, written):
    if written == "pem":
        from casewright.desk.sealing.signing_keys import make_key

        path = sealed.root / "own.pem"
        make_key(path)
        written = path.read_text()
    monkeypatch.setenv("CASEWRIGHT_SECRET_AUDIT", written)
    audit = replace(sealed.config.audit, key="secret://audit")
    sealed.desk.close()
    sealed.desk = open_desk(replace(sealed.config, audit=audit), clock=sealed.clock)

    sealed.seal()

    assert sealed.verify().ok
    assert not (home_of(sealed.config) / "signing.pem").exists()


def test_a_key_that_is_none_is_refused_and_nothing_is_made(sealed, monkeypatch):
    monkeypatch.setenv("CASEWRIGHT_SECRET_AUDIT", "not a key")
    audit = replace(sealed.config.audit, key="secret://audit")
    sealed.desk.close()
    sealed.desk = open_desk(replace(sealed.config, audit=audit), clock=sealed.clock)

    with pytest.raises(CheckpointRefused, match="no Ed25519 key"):
        sealed.seal()
    assert rows(sealed, "SELECT count(*) FROM checkpoint") == [(0,)]


def test_a_second_place_that_is_not_there_is_told_and_filled_later(sealed, second):
    away = second.rename(second.with_name("away"))

    with pytest.raises(CheckpointRefused, match="is not there"):
        sealed.seal()
    found = sealed.verify()
    assert (found.ok, found.checkpoints) == (True, 1)
    assert any("is not there" in str(one) for one in found.remarks)

    away.rename(second)
    assert any("lacks 1 checkpoint" in str(one) for one in sealed.verify().remarks)
    sealed.seal()
    assert {"000001.json", "000001.seals", "000002.json"} <= set(os.listdir(second))
    assert sealed.verify().remarks == ()


def test_a_command_forged_into_the_chain_before_a_checkpoint_is_found(sealed):
    sealed.seal()
    (number, head) = rows(sealed, "SELECT number, head FROM chain WHERE name = 'command'")[0]
    tamper(sealed, "DELETE FROM command WHERE number > 2")
    (second_hash,) = rows(sealed, "SELECT hash FROM command WHERE number = 2")[0]
    tamper(sealed, "UPDATE chain SET number = 2, head = ? WHERE name = 'command'", second_hash)

    one = sealed.verify().first_broken

    assert (one.ticket, one.sequence, one.chain) == ("", 1, "command")
    assert (number, head) != (2, second_hash)


def test_the_worker_makes_a_checkpoint_every_so_often_and_only_of_something_new(sealed):
    sealing = sealed.desk.working().sealing

    assert sealing.due(None)
    assert sealing.round() == "1"
    assert sealing.round() == ""
    now = sealed.clock.now()
    assert not sealing.due(now)
    assert not sealing.due(None)
    sealed.comment("MAT-2026-000001")
    sealed.clock.advance(timedelta(minutes=61))
    assert sealing.due(now)
    assert sealing.round() == "2"
    assert sealed.verify().ok


def test_a_worker_that_cannot_make_a_checkpoint_tells_so_and_goes_on(sealed, second):
    second.rmdir()
    lines: list[Line] = []
    worker = Worker(sealed.desk.working(), {}, holder="it", tell=lines.append, stop=Event())

    worker.run(once=True)

    (told,) = [one for one in lines if one.event == "checkpoint_failed"]
    assert "is not there" in str(told.sentence)
    assert told.grade == "warning"
    second.mkdir()
    sealed.clock.advance(timedelta(minutes=61))
    Worker(sealed.desk.working(), {}, holder="it", tell=lines.append, stop=Event()).run(
        once=True
    )
    assert (second / "000001.json").exists()
    assert sealed.verify().ok


def test_an_auditor_verifies_the_export_without_us(sealed, tmp_path):
    sealed.seal()
    sealed.comment("MAT-2026-000001")
    file = tmp_path / "audit.jsonl"

    made = sealed.desk.ask(ExportAudit(actor="sam", file=str(file), purpose="yearly audit"))

    key = sealed.checkpoints()[0].key
    found = verify_export(file, frozenset({key}))
    assert (found.ok, found.events, found.unsealed, found.remarks) == (True, 9, 1, ())
    assert made.events == 9
    assert b"private" not in file.read_bytes().replace(b'\\"private\\"', b"")
    assert b"hello" not in file.read_bytes()
    assert not verify_export(file, frozenset({"00" * 32})).ok
    assert "whom they are of" in str(verify_export(file, frozenset()).remarks[0])
    with pytest.raises(FileUnreadable, match="there already"):
        sealed.desk.ask(ExportAudit(actor="sam", file=str(file)))


def test_the_histories_leave_only_when_that_is_on_record(sealed, tmp_path):
    file = tmp_path / "audit.jsonl"
    driver = partial(Failing, error=OperationalError("database or disk is full"))

    with (
        open_desk(sealed.config, clock=sealed.clock, driver=driver) as desk,
        pytest.raises(AccessUnrecorded),
    ):
        desk.ask(ExportAudit(actor="sam", file=str(file)))

    assert not file.exists()


def test_every_line_of_an_export_that_is_changed_or_left_out_is_found(sealed, tmp_path):
    sealed.seal()
    file, changed = tmp_path / "audit.jsonl", tmp_path / "changed.jsonl"
    sealed.desk.ask(ExportAudit(actor="sam", file=str(file)))
    lines = file.read_text().splitlines(keepends=True)
    key = frozenset({sealed.checkpoints()[0].key})

    def holds(kept: list[str]) -> bool:
        changed.write_text("".join(kept))
        try:
            return verify_export(changed, key).ok
        except FileUnreadable:
            return False

    assert holds(lines)
    # the last command is the one that made the checkpoint: nothing seals it yet
    for at in range(len(lines) - 2):
        assert not holds(lines[:at] + lines[at + 1 :]), at
    for at, line in enumerate(lines[1:], 1):
        assert not holds([*lines[:at], line.replace("1", "2", 1), *lines[at + 1 :]]), line


def test_several_processes_find_what_one_finds(sealed, monkeypatch):
    sealed.seal()
    alone = sealed.verify()
    monkeypatch.setattr(verification, "WORTH_SHARING", 0)
    monkeypatch.setattr(share_process, "processors", lambda: 3)

    assert sealed.verify() == alone

    tamper(sealed, "UPDATE event SET hash = zeroblob(32) WHERE ticket_id = 3 AND sequence = 2")
    found = sealed.verify().first_broken
    assert (found.ticket, found.sequence) == ("MAT-2026-000003", 2)
    assert str(found.reason) == "its content is not what was written"


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=40))
def test_the_tree_is_the_one_of_rfc_6962(leaves):
    from hashlib import sha256

    def as_defined(some: list[bytes]) -> bytes:
        if not some:
            return sha256(b"").digest()
        if len(some) == 1:
            return some[0]
        split = 1 << ((len(some) - 1).bit_length() - 1)
        return sha256(b"\1" + as_defined(some[:split]) + as_defined(some[split:])).digest()

    assert merkle.root(leaves) == as_defined(leaves)


@given(st.lists(st.integers(min_value=0, max_value=40), max_size=60))
def test_a_tree_that_grows_and_changes_has_the_root_of_its_leaves(places):
    tree, leaves = merkle.Tree(), list[bytes]()
    for number, wanted in enumerate(places):
        place, new = min(wanted, len(leaves)), merkle.leaf(number, "A", 1, b"x")
        leaves[place : place + 1] = [new]
        tree.put(place, new)
        assert tree.root == merkle.root(leaves)
    assert len(tree) == len(leaves)


def test_an_export_with_many_checkpoints_over_growing_histories_is_proved(sealed, tmp_path):
    file = tmp_path / "audit.jsonl"
    for _ in range(6):
        sealed.seal()
        sealed.comment("MAT-2026-000001")
        sealed.comment(sealed.open(note="private"))
    sealed.seal()
    sealed.desk.ask(ExportAudit(actor="sam", file=str(file)))

    found = verify_export(file, frozenset({sealed.checkpoints()[0].key}))

    assert (found.ok, found.checkpoints, found.unsealed) == (True, 7, 0)
