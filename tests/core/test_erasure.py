"""Erasing a customer: the values are found nowhere afterwards, everybody else's stay, and the histories are whole."""

import json
import os
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.cli.__main__ import main
from casewright.clock import SetClock
from casewright.commands import (
    AddComment,
    AttachFile,
    EditFields,
    EraseAgain,
    EraseCustomer,
    FireTransition,
    ImportCustomers,
    LogContact,
    MergeCustomers,
    OpenTicket,
    RecordContact,
    SaveCustomer,
    WithdrawTicket,
)
from casewright.desk import open_desk
from casewright.desk.erasing.erasure_ledger import FILE as LEDGER
from casewright.desk.erasing.erasure_ledger import Entry, ErasureLedger
from casewright.errors import (
    CommandRefused,
    CommandReused,
    DatabaseUnusable,
    FileUnreadable,
    NotAllowed,
    NotFound,
)
from casewright.model import SYSTEM, CustomerLine, Identity
from casewright.queries import (
    FindCustomers,
    GetHistory,
    GetTicket,
    ListErasures,
    ListTickets,
    VerifyAudit,
)
from casewright.store import sqlite_statements, traces
from casewright.store.database import Database, library
from casewright.store.search import tokens
from casewright.testing.desk import MOMENT, open_test_desk

from ..founding import demonstration
from .worker_site import WorkerSite

AGENT, LEADER, OFFICER = "chen_jing", "wu_min", "yin_xue"
NAME, PHONE, EMAIL = "Quirina Zellweger", "+8613955512345", "quirina@zellweger.test"
LETTER = b"%PDF the letter of Quirina Zellweger"
COMPLAINT = {
    "subject": "Zerbrochene Wasserpfeife",
    "description": "麒麟瓷瓶碎裂在鹦鹉洲",
    "demand": "Wiedergutmachung",
}
TEXTS = (
    NAME, PHONE, PHONE[3:], EMAIL, *COMPLAINT.values(), "crm-987654321", "Nachbarin Hollunder", "Umzug nach Xanten",
    "hollunder.pdf", "kein Interesse mehr",
)  # fmt: skip


def spelt(value: str) -> set[bytes]:
    """A value as it may stand in a file: in UTF-8, escaped as JSON has it, in small letters, and by its tokens."""
    found = {value, value.casefold(), json.dumps(value)[1:-1], *tokens(value)}
    return {one.encode() for one in found if len(one) > (3 if one.isascii() else 1)}


def found_in(folder: Path, values: tuple[str, ...]) -> list[tuple[str, bytes]]:
    """Where any of the values stands in the files of a folder: database, write-ahead log, attachments, ledger, logs."""
    files = [(path.name, path.read_bytes()) for path in folder.rglob("*") if path.is_file()]
    return [
        (name, spelling)
        for name, content in files
        for value in values
        for spelling in spelt(value)
        if spelling in content
    ]


def folder_of(desk) -> Path:
    return desk._config.database.parent


def known_customer(desk, customer="C1"):
    """A customer with everything that may be known of one, and a complaint with everything that may be in it."""
    desk.execute(
        SaveCustomer(
            actor=AGENT, id=customer, name=NAME, phone=PHONE, email=EMAIL, tags=("Nachbarin Hollunder",),
            tier="vip", known_by=(Identity(kind="crm", value="crm-987654321"),),
        )
    )  # fmt: skip
    desk.execute(
        LogContact(actor=AGENT, customer=customer, channel="call", summary="Umzug nach Xanten")
    )
    key = desk.execute(
        OpenTicket(actor=AGENT, workflow="complaint", customer=customer, fields=COMPLAINT)
    ).ticket
    desk.execute(AddComment(actor=LEADER, ticket=key, text="Nachbarin Hollunder hat angerufen"))
    digest = desk.keep(LETTER)
    desk.execute(
        AttachFile(
            actor=LEADER, ticket=key, filename="hollunder.pdf", digest=digest, size=len(LETTER)
        )
    )
    desk.execute(
        RecordContact(actor=LEADER, ticket=key, kind="supplement", channel="call", text="Umzug nach Xanten",
                      identity_checked=True)
    )  # fmt: skip
    return key


def close(desk, key):
    desk.execute(
        WithdrawTicket(
            actor=LEADER, ticket=key, reason="kein Interesse mehr", identity_checked=True
        )
    )


def erase(desk, customer="C1", **more):
    return desk.execute(
        EraseCustomer(actor=OFFICER, customer=customer, reason="by request", **more)
    )


def is_whole(desk) -> bool:
    return desk.ask_as_system(VerifyAudit(actor=SYSTEM)).ok


def test_after_an_erasure_the_values_and_their_tokens_are_found_nowhere(new_desk):
    desk = new_desk()
    key = known_customer(desk)
    close(desk, key)
    assert {name for name, _ in found_in(folder_of(desk), TEXTS)} & {
        "casewright.db",
        "casewright.db-wal",
    }

    answer = erase(desk).answer

    assert found_in(folder_of(desk), TEXTS) == []
    assert not [path for path in desk._config.attachments.rglob("*") if path.is_file()]
    assert (answer["tickets"], answer["files"]) == ("1", "1")
    assert is_whole(desk)


def test_the_search_for_values_finds_them_where_the_file_is_not_written_anew(
    new_desk, monkeypatch
):
    desk = new_desk()
    close(desk, known_customer(desk))
    monkeypatch.setattr(Database, "rewrite", lambda _: True)

    erase(desk)

    assert found_in(folder_of(desk), (NAME,))


def test_what_was_chosen_and_counted_and_the_id_remain(new_desk):
    desk = new_desk()
    key = known_customer(desk)
    close(desk, key)
    before = desk.ask_as_system(GetHistory(actor=SYSTEM, ticket=key))

    erase(desk)

    ticket = desk.ask_as_system(GetTicket(actor=SYSTEM, ticket=key))
    history = desk.ask_as_system(GetHistory(actor=SYSTEM, ticket=key))
    assert (ticket.customer, ticket.state, ticket.attachments) == ("C1", "withdrawn", 1)
    assert "subject" not in ticket.fields
    assert [event.kind for event in history] == [
        *(event.kind for event in before),
        "TicketErased",
    ]
    assert history[-1].actor == OFFICER
    assert history[-1].facts["values"] > 0
    (customer,) = desk.ask_as_system(FindCustomers(actor=SYSTEM, sought="C1")).customers
    assert (customer.id, customer.tier, customer.name, customer.phone) == ("C1", "vip", "", "")
    assert customer.erased_at is not None
    (noted,) = desk.ask_as_system(ListErasures(actor=SYSTEM))
    assert (noted.customer, noted.actor, noted.reason) == ("C1", OFFICER, "by request")


def test_an_erased_customer_is_not_found_by_what_they_were_known_by(new_desk):
    desk = new_desk()
    close(desk, known_customer(desk))

    erase(desk)

    for sought in (PHONE, EMAIL, "crm-987654321", "Quirina"):
        assert desk.ask_as_system(FindCustomers(actor=SYSTEM, sought=sought)).customers == ()
    assert desk.ask_as_system(ListTickets(actor=SYSTEM, text="Wasserpfeife")).tickets == ()


def test_only_who_may_erase_does_and_says_why(new_desk):
    desk = new_desk()
    close(desk, known_customer(desk))

    with pytest.raises(NotAllowed):
        desk.execute(EraseCustomer(actor=AGENT, customer="C1", reason="by request"))
    with pytest.raises(CommandRefused, match="a reason must be given"):
        desk.execute(EraseCustomer(actor=OFFICER, customer="C1", reason=" "))
    for reason in ("x" * 2_001, "by\x1b[2Jrequest"):
        with pytest.raises(CommandRefused, match="a text"):
            desk.execute(EraseCustomer(actor=OFFICER, customer="C1", reason=reason))
    with pytest.raises(NotFound):
        erase(desk, "C2")

    assert not (folder_of(desk) / LEDGER).exists()
    assert desk.ask_as_system(FindCustomers(actor=SYSTEM, sought=PHONE)).customers


def test_a_customer_with_open_tickets_is_erased_only_with_them(new_desk):
    desk = new_desk()
    key = known_customer(desk)

    with pytest.raises(CommandRefused, match=key):
        erase(desk)
    assert found_in(folder_of(desk), (NAME,))

    erase(desk, also_open=True)
    assert found_in(folder_of(desk), TEXTS) == []
    assert is_whole(desk)


def test_nobody_erases_a_complaint_about_themselves_or_learns_of_it(new_desk):
    desk = new_desk()
    about = {**COMPLAINT, "subject_of_complaint": OFFICER}
    key = desk.execute(
        OpenTicket(actor=AGENT, workflow="complaint", customer="C9", fields=about)
    ).ticket
    desk.execute(SaveCustomer(actor=AGENT, id="C9", name=NAME))

    with pytest.raises(CommandRefused, match="somebody else has to do it") as refused:
        erase(desk, "C9", also_open=True)

    assert key not in str(refused.value)
    assert found_in(folder_of(desk), (NAME,))


def test_all_ids_of_one_customer_are_erased_together(new_desk):
    desk = new_desk()
    close(desk, known_customer(desk, "C0"))
    desk.execute(SaveCustomer(actor=AGENT, id="C1", name="Zora Zellweger"))
    desk.execute(
        MergeCustomers(actor=LEADER, customer="C0", into="C1", reason="Zora ist Quirina")
    )

    erase(desk, "C0")

    assert found_in(folder_of(desk), (*TEXTS, "Zora Zellweger", "Zora ist Quirina")) == []
    assert is_whole(desk)


def test_nothing_more_is_kept_under_an_erased_id(new_desk):
    desk = new_desk()
    close(desk, known_customer(desk))
    erase(desk)

    with pytest.raises(CommandRefused, match="was erased on"):
        desk.execute(SaveCustomer(actor=AGENT, id="C1", name=NAME))
    line = CustomerLine(line=2, id="C1", name=NAME, phone=PHONE)
    done = desk.execute_as_system(
        ImportCustomers(actor=SYSTEM, source="crm.csv", lines=(line,), keys=(), columns={})
    )

    assert done.answer["erased"] == "1"
    assert found_in(folder_of(desk), (NAME, PHONE)) == []


def test_tickets_of_others_that_name_the_customer_are_told(new_desk):
    desk = new_desk()
    close(desk, known_customer(desk))
    fields = {**COMPLAINT, "subject": f"A parcel for {NAME}"}
    other = desk.execute(OpenTicket(actor=AGENT, workflow="complaint", fields=fields)).ticket

    assert erase(desk).answer["elsewhere"] == other


def test_a_file_that_another_ticket_has_too_stays(new_desk):
    desk = new_desk()
    close(desk, known_customer(desk))
    fields = {"subject": "Other", "description": "Something else", "demand": "none"}
    other = desk.execute(OpenTicket(actor=AGENT, workflow="complaint", fields=fields)).ticket
    digest = desk.keep(LETTER)
    desk.execute(
        AttachFile(
            actor=LEADER, ticket=other, filename="a.pdf", digest=digest, size=len(LETTER)
        )
    )

    erase(desk)

    assert [path for path in desk._config.attachments.rglob("*") if path.is_file()]


def test_what_a_command_said_cannot_be_tried_out_by_its_digest(new_desk):
    desk = new_desk()
    said = SaveCustomer(actor=AGENT, id="C1", name=NAME, phone=PHONE)
    desk.execute(said)
    assert desk.execute(said).repeated

    erase(desk)

    with pytest.raises(CommandReused):
        desk.execute(said)


def test_an_older_backup_is_erased_again(new_desk):
    desk = new_desk()
    close(desk, known_customer(desk))
    config = desk._config
    older = config.database.with_suffix(".older")
    with closing(library().connect(config.database)) as connection:
        connection.execute("VACUUM INTO ?", (str(older),))
    erase(desk)
    desk.close()

    for name in ("-wal", "-shm"):
        config.database.with_name(config.database.name + name).unlink(missing_ok=True)
    older.replace(config.database)
    assert found_in(config.database.parent, (NAME,))
    with open_desk(config, clock=SetClock(MOMENT)) as restored:
        answer = restored.execute_as_system(EraseAgain(actor=SYSTEM)).answer
        again = restored.execute_as_system(EraseAgain(actor=SYSTEM)).answer
        assert restored.remove_traces()

        assert (answer["customers"], again["customers"]) == ("1", "0")
        assert found_in(config.database.parent, TEXTS) == []
        assert is_whole(restored)
        (noted,) = restored.ask_as_system(ListErasures(actor=SYSTEM))
        assert (noted.customer, noted.actor) == ("C1", OFFICER)


def test_an_erasure_that_could_not_be_written_is_done_by_the_worker(tmp_path, monkeypatch):
    site = WorkerSite(tmp_path, SetClock(MOMENT))
    site.desk.execute_as_system(SaveCustomer(actor=SYSTEM, id="C1", name=NAME, phone=PHONE))
    monkeypatch.setattr("casewright.desk.carrying.command_journal.write", _full)
    with pytest.raises(DatabaseUnusable):
        site.desk.execute_as_system(EraseCustomer(actor=SYSTEM, customer="C1", reason="asked"))
    monkeypatch.undo()
    assert found_in(tmp_path, (NAME,))

    site.work()

    assert found_in(tmp_path, (NAME, PHONE)) == []
    assert [one.customer for one in site.desk.ask_as_system(ListErasures(actor=SYSTEM))] == [
        "C1"
    ]


def _full(*_: object, **__: object) -> None:
    raise DatabaseUnusable(database="casewright.db", reason="full")


def test_a_file_that_is_attached_to_nothing_is_deleted_after_a_day(tmp_path):
    site = WorkerSite(tmp_path, SetClock(MOMENT))
    key = site.open()
    said = AttachFile(
        actor="ana", ticket=key, filename="a", digest=site.desk.keep(b"a"), size=1
    )
    site.desk.execute(said)
    site.desk.keep(LETTER)
    for path in kept_files(site.desk):
        os.utime(path, (MOMENT.timestamp(), MOMENT.timestamp()))

    site.work()
    assert len(kept_files(site.desk)) == 2
    site.work(days=2)

    assert [path.read_bytes() for path in kept_files(site.desk)] == [b"a"]


def test_a_file_that_nobody_may_attach_is_not_kept(new_desk):
    desk = new_desk()
    key = known_customer(desk)
    before = kept_files(desk)

    for actor, ticket in (("nobody", key), (AGENT, "COM-2000-000001")):
        said = AttachFile(actor=actor, ticket=ticket, filename="a", digest="0" * 64, size=1)
        with pytest.raises((NotAllowed, NotFound)):
            desk.keep(b"a", asked=said)

    assert kept_files(desk) == before


def kept_files(desk) -> list[Path]:
    return [path for path in desk._config.attachments.rglob("*") if path.is_file()]


def test_a_ledger_that_was_changed_is_named_and_nothing_is_erased(new_desk):
    desk = new_desk()
    for customer in ("C1", "C2"):
        desk.execute(SaveCustomer(actor=AGENT, id=customer, name=NAME))
    erase(desk, "C1")
    ledger = folder_of(desk) / LEDGER
    ledger.write_text(ledger.read_text().replace("by request", "by nobody"))

    with pytest.raises(FileUnreadable, match="line 1 is not what was written"):
        erase(desk, "C2")

    assert found_in(folder_of(desk), (NAME,))


def test_a_ledger_that_was_lost_is_written_again_with_the_next_erasure(new_desk):
    desk = new_desk()
    for customer in ("C1", "C2"):
        desk.execute(SaveCustomer(actor=AGENT, id=customer, name=NAME))
    erase(desk, "C1")
    whole = (folder_of(desk) / LEDGER).read_text()
    (folder_of(desk) / LEDGER).unlink()

    erase(desk, "C2")

    assert (folder_of(desk) / LEDGER).read_text().startswith(whole)


def test_who_still_reads_the_old_keeps_traces_until_they_are_removed(new_desk):
    desk = new_desk()
    desk.execute(SaveCustomer(actor=AGENT, id="C1", name=NAME))
    reader = Database(desk._config.database)
    with closing(reader):
        desk._database.execute("PRAGMA busy_timeout=1")
        with reader.read():
            reader.execute("SELECT count(*) FROM customer").fetchone()
            erase(desk)
            assert not desk.remove_traces()
            assert traces.left(desk._database)
        assert desk.remove_traces()

    assert found_in(folder_of(desk), (NAME,)) == []


def test_what_was_sent_and_what_providers_said_is_erased_and_what_waits_is_not_sent(tmp_path):
    site = WorkerSite(tmp_path, SetClock(MOMENT))
    site.desk.execute_as_system(SaveCustomer(actor=SYSTEM, id="C1", name=NAME, phone=PHONE))
    key = site.open(customer="C1")
    site.fire(key, "thank")
    site.work()
    site.fire(key, "thank")
    assert any(one.address == PHONE for one in site.provider.handed)

    site.desk.execute_as_system(
        EraseCustomer(actor=SYSTEM, customer="C1", reason="asked", also_open=True)
    )
    sent = len(site.provider.handed)
    site.work(hours=1)

    assert found_in(tmp_path, (NAME, PHONE)) == []
    assert [one.address for one in site.provider.handed[sent:]].count(PHONE) == 0
    assert site.sms(0).text == ""


def test_neither_the_log_nor_a_later_export_holds_what_was_erased(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    root, email = tmp_path / "centre", "quirina@zellweger.hollunder"

    def cli(*words, actor=AGENT, code=0):
        assert main(["-C", str(root), "--as", actor, *words]) == code, capsys.readouterr().err
        return capsys.readouterr().out

    demonstration(root)
    cli("customer", "add", "C1", "--name", NAME, "--phone", PHONE, "--email", email)
    fields = [f"--set={name}={value}" for name, value in COMPLAINT.items()]
    said = cli("ticket", "open", "complaint", "--customer", "C1", *fields, "--json")
    key = json.loads(said)["ticket"]
    letter = tmp_path / "hollunder.pdf"
    letter.write_bytes(LETTER)
    cli("ticket", "attach", key, str(letter))
    letter.write_bytes(LETTER * 2)
    cli("ticket", "attach", "COM-2000-000001", str(letter), code=REFUSED)
    letter.unlink()
    cli("ticket", "comment", key, "Umzug nach Xanten")
    cli("customer", "find", NAME)
    cli("ticket", "fire", key, NAME, code=REFUSED)
    with monkeypatch.context() as patch:
        patch.setattr("casewright.store.customers.erase", _bug)
        cli(*_ERASE, actor=OFFICER, code=BUG)

    cli(*_ERASE, actor=OFFICER)
    exported = tmp_path / "all.jsonl"
    cli("export", str(exported), "--purpose", "moving house", actor="boss")

    log = (root / "casewright.log").read_text("ascii")
    assert '"event": "incident"' in log
    assert key in exported.read_text("utf-8")
    searched = tuple(one for one in TEXTS if one != EMAIL)
    assert found_in(tmp_path, (*searched, email)) == []


_ERASE = ("customer", "erase", "C1", "--reason", "by request", "--also-open", "--yes")
REFUSED, BUG = 1, 70


def _bug(*_: object) -> None:
    raise KeyError(f"{NAME} {PHONE} {COMPLAINT}")


@st.composite
def people_and_texts(draw) -> list[list[str]]:
    """For each of some customers three texts whose words and characters nobody else has."""
    words = st.lists(st.text("abcdefgh", min_size=4, max_size=8), min_size=1, max_size=3)
    han = st.text([chr(one) for one in range(0x4E00, 0x4E40)], min_size=2, max_size=6)
    said = draw(
        st.lists(
            st.lists(st.one_of(words, han), min_size=3, max_size=3), min_size=2, max_size=4
        )
    )
    return [
        [_own(at, number, text) for number, text in enumerate(texts)]
        for at, texts in enumerate(said)
    ]


def _own(at: int, number: int, text: str | list[str]) -> str:
    if isinstance(text, list):
        return " ".join(f"{word}q{at}x{number}" for word in text)
    return "".join(chr(ord(one) + 0x200 * at + 0x40 * number) for one in text)


@settings(max_examples=10)
@given(said=people_and_texts(), data=st.data())
def test_whoever_is_erased_is_found_nowhere_and_everybody_else_is_as_before(said, data):
    gone = data.draw(st.integers(0, len(said) - 1))
    with TemporaryDirectory() as folder, open_test_desk(Path(folder)) as desk:
        for at, (name, subject, comment) in enumerate(said):
            desk.execute_as_system(SaveCustomer(actor=SYSTEM, id=f"K{at}", name=name))
            opened = OpenTicket(
                actor="ana", workflow="parcel", customer=f"K{at}", fields={"subject": subject}
            )
            key = desk.execute(opened).ticket
            desk.execute(AddComment(actor="ana", ticket=key, text=comment))
            if data.draw(st.booleans()):
                again = {"subject": subject + subject, "pieces": 3}
                desk.execute(EditFields(actor="ana", ticket=key, fields=again, version=1))
            if data.draw(st.booleans()):
                desk.execute(FireTransition(actor="ana", ticket=key, transition="search"))

        desk.execute_as_system(
            EraseCustomer(actor=SYSTEM, customer=f"K{gone}", reason="asked", also_open=True)
        )
        assert desk.remove_traces()

        assert found_in(Path(folder), tuple(said[gone])) == []
        for at, texts in enumerate(said):
            if at != gone:
                assert all(found_in(Path(folder), (one,)) for one in texts)
        assert is_whole(desk)


@pytest.mark.parametrize("page", ["erasure.md", "erasure.zh.md"])
def test_the_page_says_of_every_table_what_an_erasure_does(page):
    said = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")

    assert [name for name in sqlite_statements.TABLES if f"`{name}`" not in said] == []


def test_the_second_place_has_the_ledger_too_and_brings_back_what_the_first_has_lost(tmp_path):
    paths = (tmp_path / "here.jsonl", tmp_path / "there.jsonl")
    ledger = ErasureLedger(paths=paths)
    first, second = (
        Entry(at=MOMENT, actor="ana", customer=name, reason="asked") for name in ("C1", "C2")
    )
    ledger.add(first)
    paths[0].unlink()

    ledger.add(second)

    assert ledger.entries() == (first, second)
    assert paths[0].read_bytes() == paths[1].read_bytes()


@given(cut=st.data())
def test_a_ledger_that_differs_in_one_byte_is_refused(cut):
    with TemporaryDirectory() as folder:
        path = Path(folder) / LEDGER
        ledger = ErasureLedger(paths=(path,))
        for name in ("C1", "C2", "C3"):
            ledger.add(Entry(at=MOMENT, actor="ana", customer=name, reason="asked"))
        whole, entries = path.read_bytes(), ledger.entries()
        at = cut.draw(st.integers(0, len(whole) - 1))
        bit = 1 << cut.draw(st.integers(0, 7))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])

        try:
            assert ledger.entries() == entries
        except FileUnreadable:
            pass
