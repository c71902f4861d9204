"""What `audit verify` finds: each way of tampering with a history, at the first event that is not whole."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import closing

import pytest

from casewright.cli.audit import verdict, verification_document
from casewright.commands import (
    AddComment,
    AssignTicket,
    EraseTicket,
    LinkTickets,
    RecordContact,
    SavePerson,
)
from casewright.compact_json import encode
from casewright.config import Config
from casewright.desk.digest import content_digest
from casewright.desk.installing import migrate_database
from casewright.errors import DatabaseDamaged
from casewright.model import RETENTION
from casewright.queries import VerifyAudit
from casewright.store import migrate
from casewright.store.database import library
from casewright.texts import Texts

from .small_centre import CLOSED, HEAD, OPEN, SmallCentre

PLAIN = (
    f"{HEAD}states:\n  first: {{{OPEN}, transitions: {{send: {{form: answer, do: [{{open: errand}}]}}, "
    f"close: closed}}}}\n{CLOSED}"
)


@pytest.fixture
def key(centre) -> str:
    """A ticket of six events, among others."""
    centre.publish(PLAIN)
    centre.open(note="before")
    key = centre.open(note="私人内容", count=3, amount=1.5, urgent=True, tags=["a", "b"])
    centre.desk.execute(AddComment(actor="ben", ticket=key, text="hello"))
    centre.fire(key, "send", answer="yes", reason="because")
    centre.desk.execute(AssignTicket(actor="ana", ticket=key, handler="cleo"))
    centre.desk.execute(RecordContact(actor="ben", ticket=key, kind="attempt"))
    centre.desk.execute(LinkTickets(actor="ben", ticket=key, other=centre.open()))
    return key


def broken(centre: SmallCentre) -> tuple[str, int] | None:
    """Which event is named as the first that is broken."""
    found = centre.desk.ask(VerifyAudit(actor="ana"))
    assert found.ok == (found.first_broken is None)
    return (found.first_broken.ticket, found.first_broken.sequence) if not found.ok else None


def why(centre: SmallCentre) -> str:
    """What is said of the first broken event."""
    return str(centre.desk.ask(VerifyAudit(actor="ana")).first_broken.reason)


# The desk's own SQLite library: two different ones in one process undo each other's locks.


def tamper(centre: SmallCentre, statement: str, *values: object) -> None:
    with closing(library().connect(centre.root / "casewright.db")) as connection, connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        assert connection.execute(statement, values).rowcount > 0


def rows(centre: SmallCentre, statement: str, *values: object) -> list[tuple]:
    with closing(library().connect(centre.root / "casewright.db")) as connection:
        connection.text_factory = bytes
        found: list[tuple] = connection.execute(statement, values).fetchall()
        return found


def row_id(centre: SmallCentre, key: str) -> int:
    return rows(centre, "SELECT id FROM ticket WHERE key = ?", key)[0][0]


def test_a_history_that_nobody_touched_is_whole(centre, key):
    found = centre.desk.ask(VerifyAudit(actor="ana"))

    assert (found.ok, found.tickets, found.events) == (True, 4, 10)
    assert centre.desk.ask(VerifyAudit(actor="ana", ticket=key)).events == 6


def _flips(text: bytes) -> Iterator[bytes]:
    """The text with one byte changed, at some twenty places."""
    for at in range(0, len(text), max(1, len(text) // 20)):
        yield text[:at] + bytes([text[at] ^ 1]) + text[at + 1 :]
    yield text[:-1] + bytes([text[-1] ^ 0xFF])


@pytest.mark.parametrize(("table", "column"), [("event", "body"), ("event", "hash")])
def test_any_byte_of_an_event_changed_is_found_at_that_event(centre, key, table, column):
    ticket = row_id(centre, key)
    where = f"UPDATE {table} SET {column} = {{}} WHERE ticket_id = ? AND sequence = ?"
    for sequence, stored in rows(
        centre, f"SELECT sequence, {column} FROM {table} WHERE ticket_id = ?", ticket
    ):
        value = "CAST(? AS TEXT)" if column == "body" else "?"
        for changed in _flips(stored):
            tamper(centre, where.format(value), changed, ticket, sequence)
            assert broken(centre) == (key, sequence)
        tamper(centre, where.format(value), stored, ticket, sequence)
    assert broken(centre) is None


def test_any_byte_of_a_private_value_changed_is_found_at_its_event(centre, key):
    ticket = row_id(centre, key)
    where = "UPDATE event_value SET body = CAST(? AS TEXT) WHERE ticket_id = ? AND sequence = ?"
    for sequence, stored in rows(
        centre, "SELECT sequence, body FROM event_value WHERE ticket_id = ?", ticket
    ):
        for changed in _flips(stored):
            tamper(centre, where, changed, ticket, sequence)
            assert broken(centre) == (key, sequence), changed
        tamper(centre, where, stored, ticket, sequence)
    tamper(centre, "DELETE FROM event_value WHERE ticket_id = ? AND sequence = 1", ticket)
    assert broken(centre) == (key, 1)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("workflow", "errand"),
        ("bundle", "0" * 64),
        ("opened_at", 1),
        ("handler", "ben"),
        ("handler", None),
        ("owner", "emil"),
        ("customer", "c-9"),
        ("parent", "MAT-2026-000001"),
        ("lineage", "MAT-2026-000001"),
        ("closed_at", 5),
        ("state", "closed"),
        ("priority", "urgent"),
        ("version", 99),
        ("updated_at", 1),
        ("record", "{}"),
        ("record", "[["),
        ("record", '{"nonsense": 1}'),
        ("fields", "{}"),
        ("fields", '{"note": "public"}'),
        ("fields", "\x00"),
        ("opened_at", "yesterday"),
    ],
)
def test_a_ticket_that_is_not_what_its_history_says_is_found_at_its_last_event(
    centre, key, column, value
):
    tamper(centre, f"UPDATE ticket SET {column} = ? WHERE key = ?", value, key)

    assert broken(centre) == (key, 6)


def test_a_byte_that_is_no_text_any_more_is_found_too(centre, key):
    for column in ("owner", "record", "fields", "state"):
        (stored,) = rows(centre, f"SELECT {column} FROM ticket WHERE key = ?", key)[0]
        change = f"UPDATE ticket SET {column} = CAST(? AS TEXT) WHERE key = ?"
        tamper(centre, change, stored[:-2] + b"\xff\xfe", key)
        assert broken(centre) == (key, 6)
        tamper(centre, change, stored, key)


def test_a_renamed_ticket_is_found_at_its_first_event(centre, key):
    tamper(centre, "UPDATE ticket SET key = 'MAT-2026-000077' WHERE key = ?", key)

    assert broken(centre) == ("MAT-2026-000077", 1)


@pytest.mark.parametrize("sequence", [1, 3, 6])
def test_a_deleted_event_is_the_first_that_is_missing(centre, key, sequence):
    ticket = row_id(centre, key)
    tamper(centre, "DELETE FROM event WHERE ticket_id = ? AND sequence = ?", ticket, sequence)

    assert broken(centre) == (key, sequence)
    assert why(centre) == "it is missing"


def test_the_last_event_deleted_with_its_ticket_turned_back_is_found(centre, key):
    ticket = row_id(centre, key)
    tamper(centre, "DELETE FROM event WHERE ticket_id = ? AND sequence = 6", ticket)
    tamper(centre, "UPDATE ticket SET sequence = 5 WHERE key = ?", key)

    assert broken(centre) == (key, 5)


def test_two_events_that_changed_places_are_found_at_the_first_of_them(centre, key):
    ticket = row_id(centre, key)
    for old, new in ((2, -2), (4, 2), (-2, 4)):
        move = "UPDATE event SET sequence = ? WHERE ticket_id = ? AND sequence = ?"
        tamper(centre, move, new, ticket, old)

    assert broken(centre) == (key, 2)


def test_an_event_of_another_ticket_is_found(centre, key):
    ticket, other = row_id(centre, key), row_id(centre, "MAT-2026-000001")
    move = "UPDATE event SET ticket_id = ? WHERE ticket_id = ? AND sequence = 6"
    tamper(
        centre,
        move.replace("ticket_id = ? WHERE", "ticket_id = ?, sequence = 2 WHERE"),
        other,
        ticket,
    )

    assert broken(centre) == ("MAT-2026-000001", 2)


def test_an_event_added_after_the_last_is_found(centre, key):
    ticket = row_id(centre, key)
    body, before = rows(
        centre, "SELECT body, hash FROM event WHERE ticket_id = ? AND sequence = 6", ticket
    )[0]
    forged = {**json.loads(body), "sequence": 7}
    forged.pop("command", None)
    text = json.dumps(forged, ensure_ascii=False, separators=(",", ":"))
    tamper(
        centre,
        "INSERT INTO event (ticket_id, sequence, command_id, body, hash) VALUES (?, 7, NULL, ?, ?)",
        ticket,
        text,
        hashlib.sha256(before + text.encode()).digest(),
    )

    assert broken(centre) == (key, 7)
    assert why(centre) == "it came after the last event that the ticket knows of"


def _rehash(centre: SmallCentre, ticket: int, begin: int, body: str) -> bytes:
    """Rewrite an event and every hash from it on; return the new head."""
    tamper(
        centre,
        "UPDATE event SET body = ? WHERE ticket_id = ? AND sequence = ?",
        body,
        ticket,
        begin,
    )
    head = bytes(32)
    for sequence, text in rows(
        centre, "SELECT sequence, body FROM event WHERE ticket_id = ? ORDER BY sequence", ticket
    ):
        head = hashlib.sha256(head + text).digest()
        change = "UPDATE event SET hash = ? WHERE ticket_id = ? AND sequence = ?"
        tamper(centre, change, head, ticket, sequence)
    return head


def test_a_rewritten_and_rehashed_history_does_not_reach_the_head(centre, key):
    ticket = row_id(centre, key)
    (body,) = rows(
        centre, "SELECT body FROM event WHERE ticket_id = ? AND sequence = 4", ticket
    )[0]
    forged = body.decode().replace('"actor":"ana"', '"actor":"ben"')
    assert forged != body.decode()

    head = _rehash(centre, ticket, 4, forged)
    assert broken(centre) == (key, 6)

    # with the head rewritten as well the chain holds; what it says of the ticket still does not
    tamper(centre, "UPDATE ticket SET head = ? WHERE key = ?", head, key)
    assert broken(centre) is None  # nothing outside the database anchors the head


def test_a_rehashed_history_that_says_something_else_is_found_by_its_ticket(centre, key):
    ticket = row_id(centre, key)
    (body,) = rows(
        centre, "SELECT body FROM event WHERE ticket_id = ? AND sequence = 4", ticket
    )[0]

    for forged, found in (
        (body.decode().replace('"handler":"cleo"', '"handler":"ben"'), 6),
        ("{}", 4),
        ("[" * 100_000, 4),
        (body.decode().replace('"handler"', '"nonsense"'), 4),
    ):
        head = _rehash(centre, ticket, 4, forged)
        tamper(centre, "UPDATE ticket SET head = ? WHERE key = ?", head, key)
        assert broken(centre) == (key, found), forged[:80]


def test_a_command_id_that_was_changed_is_found_at_its_event(centre, key):
    ticket = row_id(centre, key)
    change = "UPDATE event SET command_id = 'other' WHERE ticket_id = ? AND sequence = 3"

    tamper(centre, change, ticket)

    assert broken(centre) == (key, 3)


def test_events_whose_ticket_is_gone_are_found(centre, key):
    ticket = row_id(centre, key)
    tamper(centre, "DELETE FROM ticket WHERE key = ?", key)

    assert broken(centre) == (f"#{ticket}", 1)


def test_a_value_that_is_gone_without_an_erasure_on_record_is_named(centre, key):
    ticket = row_id(centre, key)
    (stored,) = rows(
        centre, "SELECT body FROM event_value WHERE ticket_id = ? AND sequence = 1", ticket
    )[0]
    kept = {**json.loads(stored), "fields.note": None}
    change = "UPDATE event_value SET body = ? WHERE ticket_id = ? AND sequence = 1"
    tamper(centre, change, encode(kept), ticket)
    fields = {
        name: value for name, value in centre.ticket(key).fields.items() if name != "note"
    }
    tamper(centre, "UPDATE ticket SET fields = ? WHERE key = ?", encode(fields), key)

    assert broken(centre) == (key, 1)
    assert "erasures on record" in why(centre)


def test_a_history_is_whole_after_an_erasure_and_what_was_not_erased_is_compared_as_before(
    centre, key
):
    centre.fire(key, "close", by="cleo")
    erased = EraseTicket(actor=RETENTION, ticket=key, reason="retention: 1 day")
    centre.desk.execute_as_system(erased)
    last = len(centre.history(key))

    assert broken(centre) is None
    assert "私人内容" not in str(centre.history(key))
    tamper(centre, "UPDATE ticket SET owner = 'emil' WHERE key = ?", key)
    assert broken(centre) == (key, last)
    tamper(centre, "UPDATE ticket SET owner = 'olga' WHERE key = ?", key)
    assert broken(centre) is None
    tamper(centre, "UPDATE ticket SET priority = 'low' WHERE key = ?", key)
    assert broken(centre) == (key, last)


def test_no_private_text_stands_in_an_event(centre, key):
    bodies = b"".join(body for (body,) in rows(centre, "SELECT body FROM event"))

    for secret in ("私人内容", "hello", "because", '"yes"'):
        assert secret.encode() not in bodies


# --- the chain of commands that are about no ticket -----------------------------------------------


COMMAND_TEXTS = ("id", "digest", "kind", "actor", "answer", "body")


def last_command(centre: SmallCentre) -> int:
    return int(rows(centre, "SELECT number FROM chain WHERE name = 'command'")[0][0])


def forged_after(centre: SmallCentre, number: int, **said: object) -> None:
    """Add a command whose hash follows that of the command `number`."""
    (before,) = rows(centre, "SELECT hash FROM command WHERE number = ?", number)[0]
    row = {"id": "forged", "digest": "", "kind": "SavePerson", "actor": "ana", "at": 1, **said}
    body = json.dumps({**row, "answer": None}, sort_keys=True, separators=(",", ":"))
    tamper(
        centre,
        "INSERT INTO command (id, digest, kind, actor, at, number, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        *row.values(),
        number + 1,
        body,
        hashlib.sha256(before + body.encode()).digest(),
    )


def test_the_commands_about_no_ticket_are_counted_and_whole(centre, key):
    found = centre.desk.ask(VerifyAudit(actor="ana"))

    assert found.commands == last_command(centre) > 7
    assert centre.desk.ask(VerifyAudit(actor="ana", ticket=key)).commands == 0


def test_any_byte_of_a_command_changed_is_found_at_that_command(centre, key):
    where = "UPDATE command SET {} = {} WHERE number = 3"
    for column in (*COMMAND_TEXTS, "hash"):
        (stored,) = rows(centre, f"SELECT {column} FROM command WHERE number = 3")[0]
        value = "?" if column == "hash" else "CAST(? AS TEXT)"
        for changed in _flips(stored or b"{}"):
            tamper(centre, where.format(column, value), changed)
            assert broken(centre) == ("", 3), column
        tamper(centre, where.format(column, value), stored)
    tamper(centre, "UPDATE command SET at = at + 1 WHERE number = 3")
    assert broken(centre) == ("", 3)
    assert why(centre) == "what stands beside its content is not what was written"


@pytest.mark.parametrize("column", ["body", "hash", "number"])
def test_a_command_whose_part_in_the_chain_is_emptied_is_found(centre, key, column):
    tamper(centre, f"UPDATE command SET {column} = NULL WHERE number = 3")

    assert broken(centre) == ("", 3)


def test_a_deleted_command_is_the_first_that_is_missing(centre, key):
    last = last_command(centre)

    for number in (last, 4, 1):
        tamper(centre, "DELETE FROM command WHERE number = ?", number)
        assert broken(centre) == ("", number)
        assert why(centre) == "it is missing"


def test_a_chain_of_commands_that_was_cut_off_is_found_although_its_number_was_turned_back(
    centre, key
):
    last = last_command(centre)
    tamper(centre, "DELETE FROM command WHERE number = ?", last)
    tamper(centre, "UPDATE chain SET number = ? WHERE name = 'command'", last - 1)

    assert broken(centre) == ("", last - 1)
    assert why(centre) == "its hash is not the one that the chain ends with"


def test_a_command_forged_after_the_last_is_found(centre, key):
    last = last_command(centre)
    forged_after(centre, last)

    assert broken(centre) == ("", last + 1)
    assert why(centre) == "it came after the last command of the chain"
    # with the number moved on as well its hash is not the one that the chain ends with
    tamper(centre, "UPDATE chain SET number = ? WHERE name = 'command'", last + 1)
    assert broken(centre) == ("", last + 1)


def test_a_command_forged_in_the_place_of_another_breaks_the_next(centre, key):
    tamper(centre, "DELETE FROM command WHERE number = 4")
    forged_after(centre, 3)

    assert broken(centre) == ("", 5)


def test_a_command_forged_as_one_of_before_the_chain_is_found(centre, key):
    tamper(
        centre,
        "INSERT INTO command (id, digest, kind, actor, at) VALUES ('forged', '', 'SavePerson', 'ana', 1)",
    )

    assert broken(centre) == ("", 0)


def test_two_commands_that_changed_places_are_found_at_the_first_of_them(centre, key):
    for old, new in ((2, -2), (4, 2), (-2, 4)):
        tamper(centre, "UPDATE command SET number = ? WHERE number = ?", new, old)

    assert broken(centre) == ("", 2)


@pytest.mark.parametrize(
    "change", ["UPDATE chain SET head = zeroblob(32)", "UPDATE chain SET number = 'x'"]
)
def test_a_head_of_the_chain_that_was_changed_is_found_at_the_last_command(centre, key, change):
    last = last_command(centre)
    tamper(centre, change)

    assert broken(centre) == ("", last)


def test_the_verdict_on_a_command_is_told_in_both_languages(centre, key):
    tamper(centre, "DELETE FROM command WHERE number = 4")
    found = centre.desk.ask(VerifyAudit(actor="ana"))

    assert verdict(found, Texts("en")) == (
        "Command 4 of those about no ticket is not as it was written: it is missing."
    )
    assert "不涉及工单的第 4 条命令与写入时不符" in verdict(found, Texts("zh"))
    assert verification_document(found, Texts("en"))["first_broken"] == {
        "ticket": None,
        "sequence": 4,
        "chain": "command",
        "reason": "it is missing",
    }


def test_a_chain_whose_head_is_gone_is_found_and_takes_no_more_commands(centre, key):
    tamper(centre, "DELETE FROM chain")

    assert not centre.desk.ask(VerifyAudit(actor="ana")).ok
    with pytest.raises(DatabaseDamaged, match="the chain of commands"):
        centre.desk.execute_as_system(SavePerson(actor="system", name="nell"))


def test_commands_of_before_the_chain_are_kept_counted_and_known_again(
    workspace, clock, monkeypatch
):
    before_the_chain = [one for one in migrate.migrations() if one.number < 5]
    config = Config(
        root=workspace,
        database=workspace / "casewright.db",
        attachments=workspace / "attachments",
        synchronous="NORMAL",
    )
    with monkeypatch.context() as patched:
        patched.setattr(migrate, "migrations", lambda **_: before_the_chain)
        migrate_database(config, clock=clock)
    old = SavePerson(actor="system", name="ben", roles=("agent",))
    with closing(library().connect(config.database)) as connection, connection:
        row = (old.command_id, content_digest(old), "SavePerson", "system", 1)
        connection.execute("INSERT INTO command VALUES (?, ?, ?, ?, ?)", row)

    centre = SmallCentre(workspace, clock)
    centre.publish(PLAIN)

    with closing(centre.desk):
        assert centre.desk.execute_as_system(old).repeated
        assert broken(centre) is None
        tamper(centre, "DELETE FROM command WHERE number IS NULL")
        assert broken(centre) == ("", 0)
        assert why(centre) == "one of before the chain was added or is missing"
