"""Every way to change a sealed history of twelve events: each is found, and the first bad event is named.

Bits are turned in the rows as they are read, some of them in the database too; the long run turns all of them there.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from casewright.answers import Broken
from casewright.commands import (
    AddComment,
    AssignTicket,
    EditFields,
    LinkTickets,
    MakeCheckpoint,
    RecordContact,
    WatchTicket,
)
from casewright.compact_json import decode, encode
from casewright.desk.sealing.checkpoint_places import home_of
from casewright.desk.sealing.checkpointing import Checkpointing
from casewright.desk.sealing.signing_keys import make_key, signer
from casewright.model import born, evolve
from casewright.settings.access import AuditSettings
from casewright.store import checkpoints, codec, shares, verification
from casewright.store import sqlite_statements as sql
from casewright.store.checkpoints import Stored
from casewright.store.database import Database, library
from casewright.store.following import BEGINNING

from .small_centre import CLOSED, HEAD, OPEN, SmallCentre

WORKFLOW = (
    f"{HEAD}states:\n  first: {{{OPEN}, transitions: {{send: {{to: sent, form: answer}}}}}}\n"
    f"  sent: {{{OPEN}, transitions: {{back: {{to: first}}, close: closed}}}}\n{CLOSED}"
)
KEY = "MAT-2026-000002"
EVENTS = 12
SAMPLE = 499
"""One of so many bits is turned in the database too."""


class Sealed:
    """A database with a sealed history of twelve events among others; what is done to it is undone again."""

    def __init__(self, centre: SmallCentre) -> None:
        self.database = Database(centre.config.database, synchronous="OFF")
        self.database.execute("PRAGMA foreign_keys=OFF")
        self.checkpointing = Checkpointing(config=centre.config, database=self.database)
        self.ticket = int(self.one("SELECT id FROM ticket WHERE key = ?", KEY))
        self.found: Counter[str] = Counter()

    def one(self, statement: str, *values: object) -> Any:
        return self.database.execute(statement, values).fetchone()[0]

    def after(
        self, change: Callable[[], None], *, sealing: bool = True, key: str | None = None
    ) -> Broken | None:
        """Return what verifying finds after a change."""
        broken: Broken | None = None
        with suppress(_Undo), self.database.write():
            change()
            if sealing:
                broken = self.checkpointing.verify().first_broken
            else:
                broken = verification.verify(self.database, key).first_broken
            raise _Undo
        return broken

    def must_name(
        self, kind: str, change: Callable[[], None], *sequences: int, key: str = KEY
    ) -> None:
        broken = self.after(change)
        assert broken is not None, kind
        assert broken.ticket == key, (kind, broken)
        assert broken.sequence in sequences, (kind, broken, sequences)
        self.found[kind] += 1

    def execute(self, statement: str, *values: object) -> None:
        assert self.database.execute(statement, values).rowcount > 0, statement

    def events(self) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
        """The history as values: what each event says, and what its commitments stand for."""
        stored = self.database.execute(
            "SELECT event.body, event_value.body FROM event LEFT JOIN event_value USING (ticket_id, sequence)"
            " WHERE ticket_id = ? ORDER BY sequence",
            (self.ticket,),
        ).fetchall()
        return [(decode(body), None if kept is None else decode(kept)) for body, kept in stored]

    def write(self, events: list[tuple[dict[str, Any], dict[str, Any] | None]]) -> None:
        """Make this the history, whole in itself: numbers, hashes, the ticket's row and its head."""
        numbers = [
            row[0]
            for row in self.database.execute(
                "SELECT id FROM event WHERE ticket_id = ? ORDER BY sequence", (self.ticket,)
            )
        ]
        self.execute("DELETE FROM event WHERE ticket_id = ?", self.ticket)
        self.execute("DELETE FROM event_value WHERE ticket_id = ?", self.ticket)
        head, ticket = BEGINNING, None
        for sequence, (number, (said, kept)) in enumerate(
            zip(numbers, events, strict=False), 1
        ):
            body = encode({**said, "sequence": sequence})
            values = None if kept is None else encode(kept)
            head = codec.chained(head, body)
            event = codec.unseal(body, values)
            ticket = born(event) if ticket is None else evolve(ticket, event)
            self.execute(
                "INSERT INTO event (id, ticket_id, sequence, command_id, body, hash) VALUES (?, ?, ?, ?, ?, ?)",
                number,
                self.ticket,
                sequence,
                said.get("command"),
                body,
                head,
            )
            if values is not None:
                self.execute(
                    "INSERT INTO event_value VALUES (?, ?, ?)", self.ticket, sequence, values
                )
        assert ticket is not None
        columns = {
            name: codec.encode(name, getattr(ticket, name))
            for name in sql.TICKET_COLUMNS
            if name not in ("id", "head", "record", "fields")
        }
        columns |= {
            "head": head,
            "record": codec.record_of(ticket),
            "fields": codec.fields_text(ticket),
        }
        assignments = ", ".join(f"{name} = ?" for name in columns)
        self.execute(
            f"UPDATE ticket SET {assignments} WHERE id = ?", *columns.values(), self.ticket
        )


class _Undo(Exception):
    pass


@pytest.fixture
def sealed(workspace, clock, tmp_path) -> Iterator[Sealed]:
    second = tmp_path / "second"
    second.mkdir()
    centre = SmallCentre(workspace, clock)
    centre.config = replace(centre.config, audit=AuditSettings(second_place=str(second)))
    centre.publish(WORKFLOW)
    _write_history(centre)
    centre.desk.close()
    made = Sealed(centre)
    with made.database.write():
        made.checkpointing.make(MakeCheckpoint(actor="system"), clock.now())
    made.checkpointing.write_out()
    assert made.checkpointing.verify().ok
    yield made
    made.database.close()


def _write_history(centre: SmallCentre) -> None:
    """Twelve events of eight kinds, with private values in most, between those of other tickets."""
    other = centre.open(note="before")
    key = centre.open(note="私人\t内容", count=3, amount=1e16, urgent=True, tags=["a", "b"])
    desk = centre.desk
    desk.execute(AddComment(actor="ben", ticket=key, text='he said "hello"\nand left'))
    centre.fire(key, "send", answer="yes", reason="because")
    desk.execute(AssignTicket(actor="ana", ticket=key, handler="cleo", reason="she knows it"))
    desk.execute(RecordContact(actor="ben", ticket=key, kind="attempt"))
    centre.open()
    desk.execute(LinkTickets(actor="ben", ticket=key, other=other))
    centre.fire(key, "back", by="cleo")
    desk.execute(EditFields(actor="ana", ticket=key, fields={"note": "又一", "count": None}))
    desk.execute(WatchTicket(actor="ana", ticket=key))
    desk.execute(
        RecordContact(
            actor="ben", ticket=key, kind="chase", text="where is it?", identity_checked=True
        )
    )
    centre.fire(key, "send", by="cleo", answer="again", extra="more")
    desk.execute(AddComment(actor="ana", ticket=key, text="the end"))
    assert key == KEY
    assert len(centre.history(key)) == EVENTS


def _flipped(value: Any) -> Iterator[Any]:
    """Yield a stored value with each of its bits turned: of bytes, and of the 64 bits of a whole number."""
    if isinstance(value, int):
        for bit in range(64):
            changed = (value & (2**64 - 1)) ^ (1 << bit)
            yield changed - 2**64 if changed >= 2**63 else changed
        return
    for at, byte in enumerate(value or b""):
        for bit in range(8):
            yield value[:at] + bytes([byte ^ (1 << bit)]) + value[at + 1 :]


class _Rows(list[tuple[Any, ...]]):
    """Rows in memory, read as a cursor is."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self)


class _Memory:
    """The rows of the ticket and its events as verifying reads them, with one of them changed."""

    def __init__(self, sealed: Sealed) -> None:
        number = sealed.ticket
        execute = sealed.database.execute
        self.ticket = execute(shares._RANGE, (number, number)).fetchall()[0]
        self.events = execute(shares._EVENTS, (number, number)).fetchall()
        assert len(self.events) == EVENTS
        self.number = number

    def found(self, ticket: tuple[Any, ...], events: list[tuple[Any, ...]]) -> Broken | None:
        def execute(statement: str, range_: tuple[int, int]) -> _Rows:
            if statement == shares._RANGE:
                return _Rows([ticket] if range_[0] <= self.number else [])
            return _Rows(events)

        return shares.verify(execute, self.number, self.number, sealed=0).broken  # type: ignore[arg-type]


EVENT_COLUMNS = {"body": 2, "hash": 3, "command_id": 4, "values": 6}
TABLES = {"values": ("event_value", "body")}


@pytest.mark.parametrize(
    "sample", [SAMPLE, pytest.param(1, marks=(pytest.mark.soak, pytest.mark.timeout(3600)))]
)
def test_every_bit_of_every_event_turned_is_found_at_that_event(sealed, sample):
    memory, count = _Memory(sealed), 0
    for at, row in enumerate(memory.events):
        for name, column in EVENT_COLUMNS.items():
            for changed in _flipped(row[column]):
                count += 1
                events = list(memory.events)
                events[at] = (*row[:column], changed, *row[column + 1 :])
                broken = memory.found(memory.ticket, events)
                assert broken is not None, (at + 1, name, changed)
                assert (broken.ticket, broken.sequence) == (KEY, at + 1), (name, changed)
                sealed.found["bit of an event"] += 1
                if count % sample == 0:
                    _through_the_database(sealed, at + 1, name, changed)
    print(f"\n{dict(sealed.found)}")
    assert sealed.found["bit of an event"] > 40_000


def _through_the_database(sealed: Sealed, sequence: int, name: str, changed: bytes) -> None:
    table, column = TABLES.get(name, ("event", name))
    value = "?" if name == "hash" else "CAST(? AS TEXT)"

    def change() -> None:
        sealed.execute(
            f"UPDATE {table} SET {column} = {value} WHERE ticket_id = ? AND sequence = ?",
            changed,
            sealed.ticket,
            sequence,
        )

    sealed.must_name("bit of an event, in the database", change, sequence)


def test_every_bit_of_the_ticket_turned_is_found_at_its_last_event(sealed):
    memory, count = _Memory(sealed), 0
    for column, name in enumerate(sql.TICKET_COLUMNS):
        if name == "id":
            continue
        for changed in _flipped(memory.ticket[column]):
            count += 1
            ticket = (*memory.ticket[:column], changed, *memory.ticket[column + 1 :])
            broken = memory.found(ticket, memory.events)
            assert broken is not None, (name, changed)
            named = (
                {1}
                if name == "key"
                else {EVENTS, EVENTS + 1}
                if name == "sequence"
                else {EVENTS}
            )
            assert broken.sequence in named, (name, changed, broken)
            sealed.found["bit of the ticket"] += 1
            if count % SAMPLE == 0 and name != "key":
                text = isinstance(changed, bytes) and name != "head"
                value = "CAST(? AS TEXT)" if text else "?"

                def change(name: str = name, value: str = value, new: Any = changed) -> None:
                    sealed.execute(
                        f"UPDATE ticket SET {name} = {value} WHERE key = ?", new, KEY
                    )

                sealed.must_name("bit of the ticket, in the database", change, *named)
    print(f"\n{dict(sealed.found)}")
    assert sealed.found["bit of the ticket"] > 4_000


def test_every_bit_of_a_number_by_which_an_event_is_found_is_found(sealed):
    for sequence in range(1, EVENTS + 1):
        number = sealed.one(
            "SELECT id FROM event WHERE ticket_id = ? AND sequence = ?", sealed.ticket, sequence
        )
        for column, value in (
            ("sequence", sequence),
            ("ticket_id", sealed.ticket),
            ("id", number),
        ):
            for changed in _flipped(value):

                def change(
                    column: str = column, changed: int = changed, at: int = number
                ) -> None:
                    sealed.execute(f"UPDATE event SET {column} = ? WHERE id = ?", changed, at)

                others = _homes_of_strays(sealed, column, changed)
                try:
                    broken = sealed.after(change)
                except library().IntegrityError:
                    # Two events of one number in a history: the database itself refuses that.
                    continue
                assert broken is not None, (column, sequence, changed)
                first = 1 if column == "sequence" and changed < 1 else sequence
                named = (broken.ticket, broken.sequence)
                assert named == (KEY, first) or broken.ticket in others, (
                    column,
                    changed,
                    broken,
                )
                sealed.found[f"bit of {column}"] += 1
    print(f"\n{dict(sealed.found)}")


def _homes_of_strays(sealed: Sealed, column: str, changed: int) -> set[str]:
    """The ticket at which an event that was moved shows up, where there is one of that number before ours."""
    if column != "ticket_id" or changed >= sealed.ticket:
        return set()
    row = sealed.database.execute("SELECT key FROM ticket WHERE id = ?", (changed,)).fetchone()
    return set() if row is None else {row[0]}


def _delete(sealed: Sealed, sequence: int) -> None:
    for table in ("event", "event_value"):
        sealed.database.execute(
            f"DELETE FROM {table} WHERE ticket_id = ? AND sequence = ?",
            (sealed.ticket, sequence),
        )


def test_every_deletion_and_truncation_is_found_at_the_first_event_that_is_gone(sealed):
    history = sealed.events()
    for at in range(1, EVENTS + 1):
        left = [one for number, one in enumerate(history, 1) if number != at]
        sealed.must_name("deleted", lambda at=at: _delete(sealed, at), at)
        if at > 1:
            # without the first event there is no ticket to be made whole
            sealed.must_name("deleted, made whole", lambda left=left: sealed.write(left), at)
            cut = history[: at - 1]
            sealed.must_name("cut off, made whole", lambda cut=cut: sealed.write(cut), at)

        def cut_off(first: int = at) -> None:
            for sequence in range(first, EVENTS + 1):
                _delete(sealed, sequence)

        sealed.must_name("cut off", cut_off, at)
    print(f"\n{dict(sealed.found)}")


def test_a_ticket_that_is_gone_with_its_whole_history_is_found(sealed):
    def change() -> None:
        for table, column in (
            ("event", "ticket_id"),
            ("event_value", "ticket_id"),
            ("ticket", "id"),
        ):
            sealed.execute(f"DELETE FROM {table} WHERE {column} = ?", sealed.ticket)

    sealed.must_name("whole ticket deleted", change, 1, key=f"#{sealed.ticket}")


def test_every_swap_is_found_at_the_first_of_the_two(sealed):
    history = sealed.events()
    for first, second in combinations(range(1, EVENTS + 1), 2):

        def swap(first: int = first, second: int = second) -> None:
            for table in ("event", "event_value"):
                for old, new in ((first, -1), (second, first), (-1, second)):
                    sealed.database.execute(
                        f"UPDATE {table} SET sequence = ? WHERE ticket_id = ? AND sequence = ?",
                        (new, sealed.ticket, old),
                    )

        sealed.must_name("swapped", swap, first)
        if first > 1:
            swapped = list(history)
            swapped[first - 1], swapped[second - 1] = swapped[second - 1], swapped[first - 1]
            sealed.must_name(
                "swapped, made whole", lambda swapped=swapped: sealed.write(swapped), first
            )
    print(f"\n{dict(sealed.found)}")


def _rewritings(
    sealed: Sealed,
) -> Iterator[tuple[int, list[tuple[dict[str, Any], dict[str, Any] | None]]]]:
    """Each event said by somebody else, at another time, and with another private value under a new commitment."""
    history = sealed.events()
    for at, (said, kept) in enumerate(history):
        changed: list[tuple[dict[str, Any], dict[str, Any] | None]] = [
            ({**said, "actor": "emil"}, kept),
            ({**said, "at": said["at"] + 1}, kept),
        ]
        for name in kept or {}:
            salt, value = "00" * 16, "forged"
            digest = codec.commitment(salt, value)
            private = {**said["private"], name: digest}
            changed.append(
                ({**said, "private": private}, {**(kept or {}), name: [salt, value]})
            )
        for one in changed:
            yield at + 1, [*history[:at], one, *history[at + 1 :]]


def test_every_rewriting_with_all_its_hashes_is_found_at_the_event_rewritten(sealed, tmp_path):
    forged_key = tmp_path / "forger" / "signing.pem"
    make_key(forged_key)
    forger = signer(
        replace(sealed.checkpointing.config, audit=AuditSettings(key=str(forged_key))), tmp_path
    )
    assert forger is not None
    for at, history in _rewritings(sealed):

        def rewrite(history: Any = history) -> None:
            sealed.write(history)

        def without_checkpoints(history: Any = history) -> None:
            sealed.write(history)
            sealed.execute("DELETE FROM checkpoint")

        def signed_anew(history: Any = history) -> None:
            without_checkpoints(history)
            said = checkpoints.draft(
                sealed.database, number=1, at=1, before=None, key=forger.public
            )
            body = said.body()
            checkpoints.write(sealed.database, Stored(1, body, forger.sign(body)), 1)

        sealed.must_name("rewritten, made whole", rewrite, at)
        sealed.must_name("rewritten, checkpoints deleted", without_checkpoints, at)
        sealed.must_name("rewritten, sealed with another key", signed_anew, at)
    print(f"\n{dict(sealed.found)}")


def test_an_event_added_before_the_checkpoint_is_found(sealed):
    history = sealed.events()
    forged = {**history[-1][0], "command": "forged"}

    def added() -> None:
        body = encode({**forged, "sequence": EVENTS + 1, "private": {}})
        head = hashlib.sha256(
            sealed.one("SELECT head FROM ticket WHERE key = ?", KEY) + body.encode()
        ).digest()
        sealed.execute(
            "INSERT INTO event (id, ticket_id, sequence, command_id, body, hash) VALUES (-7, ?, ?, 'forged', ?, ?)",
            sealed.ticket,
            EVENTS + 1,
            body,
            head,
        )
        sealed.execute(
            "UPDATE ticket SET head = ?, sequence = ? WHERE key = ?", head, EVENTS + 1, KEY
        )

    sealed.must_name("added", added, EVENTS + 1)


def test_without_the_checkpoints_rewriting_with_all_hashes_passes(sealed):
    """The sabotage: what only the checkpoints can find is not found when they are not asked."""
    missed = [
        sealed.after(lambda history=history: sealed.write(history), sealing=False) is None
        for _, history in _rewritings(sealed)
    ]

    assert missed
    assert all(missed)


def test_the_home_of_the_key_is_not_where_the_database_is(sealed):
    home = home_of(sealed.checkpointing.config)

    assert not home.is_relative_to(sealed.checkpointing.config.root)
    with closing(Database(sealed.checkpointing.config.database)) as database:
        assert b"PRIVATE" not in database.path.read_bytes()
    assert json.loads((home / "000001.json").read_text())["signature"]
