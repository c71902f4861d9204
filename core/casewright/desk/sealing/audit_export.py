"""The histories as a file for an auditor, and its proof, which needs neither our database nor our key.

JSON Lines: first `{"casewright": "audit", "format": 1}`; then an object for each `event`, `command` and `checkpoint`.
What each says, and how it is verified by other means, stands in docs/audit.md.
"""

import hashlib
import json
import os
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from casewright.answers import AuditExport, Broken, Verification
from casewright.clock import from_microseconds
from casewright.compact_json import encode as encode_json
from casewright.errors import FileUnreadable, Message, message
from casewright.store import checkpoints, command_journal, merkle
from casewright.store.checkpoints import Statement, Stored, statement_of
from casewright.store.codec import chained
from casewright.store.damage import UNREADABLE
from casewright.store.database import Database
from casewright.store.history import BEGINNING
from casewright.store.sealing import CHECKPOINT

FORMAT = 1
LONGEST_LINE = 16 * 1024 * 1024


def must_be_new(path: Path) -> None:
    """Raise FileUnreadable where a file cannot be written, as far as that can be said before."""
    if path.exists():
        raise FileUnreadable(file=str(path), reason=message("it is there already"))
    if not path.parent.is_dir():
        raise FileUnreadable(file=str(path), reason=message("there is no such directory"))


def write(database: Database, path: Path) -> AuditExport:
    """Write all events and commands with their hashes, and the checkpoints, to a new file, whole or not at all."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        must_be_new(path)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            counts = _write(database, file)
            file.flush()
            os.fsync(file.fileno())
        os.link(new, path)
    except OSError as error:
        reason = message("{detail}", detail=error.strerror or str(error))
        raise FileUnreadable(file=str(path), reason=reason) from None
    finally:
        new.unlink(missing_ok=True)
    return AuditExport(
        events=counts["event"], commands=counts["command"], checkpoints=counts[CHECKPOINT]
    )


def _write(database: Database, file: BinaryIO) -> Mapping[str, int]:
    counts = {"event": 0, "command": 0, CHECKPOINT: 0}
    file.write(_line({"casewright": "audit", "format": FORMAT}))
    for name, lines in (
        ("event", _events(database)),
        ("command", _commands(database)),
        (CHECKPOINT, _checkpoints(database)),
    ):
        for one in lines:
            counts[name] += 1
            file.write(_line({name: one}))
    return counts


def _line(said: Mapping[str, Any]) -> bytes:
    return encode_json(said).encode() + b"\n"


def _events(database: Database) -> Iterator[Mapping[str, Any]]:
    rows = database.execute(
        "SELECT event.id, ticket_id, ticket.key, event.sequence, body, hash FROM event"
        " JOIN ticket ON ticket.id = ticket_id ORDER BY event.id"
    )
    for number, ticket, key, sequence, body, digest in rows:
        yield {
            "number": number,
            "ticket": ticket,
            "key": key,
            "sequence": sequence,
            "body": body,
            "hash": digest.hex(),
        }


def _commands(database: Database) -> Iterator[Mapping[str, Any]]:
    rows = database.execute(
        "SELECT number, digest, kind, actor, body, hash FROM command WHERE number IS NOT NULL ORDER BY number"
    )
    for number, _, _, _, body, digest in rows:
        yield {"number": number, "body": body, "hash": digest.hex()}


def _checkpoints(database: Database) -> Iterator[Mapping[str, Any]]:
    for one in checkpoints.stored(database):
        yield {"statement": one.body.decode(), "signature": one.signature.hex()}


def verify(path: Path, keys: frozenset[str]) -> Verification:
    """Return whether an exported file is whole and as its checkpoints sealed it, signed with one of `keys`; FileUnreadable.

    Without `keys` it is said with which key the checkpoints are signed: whose it is must be known from elsewhere.
    """
    proof = _Proof(keys)
    try:
        with path.open("rb") as file:
            for said in _lines(path, file):
                proof.take(said)
    except FileNotFoundError:
        reason = message("there is no such file")
        raise FileUnreadable(file=str(path), reason=reason) from None
    except OSError as error:
        reason = message("{detail}", detail=error.strerror or str(error))
        raise FileUnreadable(file=str(path), reason=reason) from None
    except UNREADABLE:
        reason = message("this is no export of an audit, or it is damaged")
        raise FileUnreadable(file=str(path), reason=reason) from None
    return proof.verdict()


def _lines(path: Path, file: BinaryIO) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE), b"")):
        said = json.loads(line)
        if number == 0:
            if said != {"casewright": "audit", "format": FORMAT}:
                raise ValueError("no export")
            continue
        yield said


class _Heads:
    """The heads of the histories as they stood after so many events, and the root over them."""

    def __init__(self) -> None:
        self.events = 0
        self._tickets: list[int] = []
        self._leaves: list[bytes] = []
        self._tree: merkle.Tree | None = merkle.Tree()

    @property
    def root(self) -> bytes:
        """The root over the heads, in the order of the tickets' numbers."""
        if self._tree is None:
            self._tree = merkle.Tree()
            for place, one in enumerate(self._leaves):
                self._tree.put(place, one)
        return self._tree.root

    def take(self, ticket: int, key: str, sequence: int, head: bytes) -> None:
        """Take in the next event."""
        self.events += 1
        new = merkle.leaf(ticket, key, sequence, head)
        place, known = bisect_left(self._tickets, ticket), len(self._tickets)
        if place == known:
            self._tickets.append(ticket)
            self._leaves.append(new)
        elif self._tickets[place] == ticket:
            self._leaves[place] = new
        else:
            # A ticket began that stands before others, which hardly ever is so: the tree is built again.
            self._tickets.insert(place, ticket)
            self._leaves.insert(place, new)
            self._tree = None
        if self._tree is not None:
            self._tree.put(place, new)


class _Proof:
    """What was read so far of an export."""

    def __init__(self, keys: frozenset[str]) -> None:
        self._keys = keys
        self._heads: dict[int, tuple[str, int, bytes]] = {}
        self._events: list[tuple[int, int, int, bytes]] = []
        self._numbers: list[int] = []
        self._sealed_heads = _Heads()
        self._commands: list[bytes] = [BEGINNING]
        self._statements: list[Statement] = []
        self._newest: Stored | None = None
        self._broken: Broken | None = None

    def take(self, said: Mapping[str, Any]) -> None:
        """Take in a line."""
        ((kind, one),) = said.items()
        {"event": self._event, "command": self._command, CHECKPOINT: self._checkpoint}[kind](
            one
        )

    def _event(self, one: Mapping[str, Any]) -> None:
        ticket, key, sequence = one["ticket"], one["key"], one["sequence"]
        known, count, head = self._heads.get(ticket, (key, 0, BEGINNING))
        digest, body = bytes.fromhex(one["hash"]), json.loads(one["body"])
        last = self._events[-1][0] if self._events else 0
        fault = None
        if sequence != count + 1 or known != key:
            fault = message("it is missing")
            sequence = count + 1
        elif chained(head, one["body"]) != digest:
            fault = message("its content is not what was written")
        elif (body["ticket"], body["sequence"]) != (key, sequence) or one["number"] <= last:
            fault = message("it stands in the wrong place")
        self._heads[ticket] = (known, sequence, digest)
        self._events.append((one["number"], ticket, sequence, digest))
        self._numbers.append(one["number"])
        self._find(known, sequence, fault)

    def _command(self, one: Mapping[str, Any]) -> None:
        digest, number = bytes.fromhex(one["hash"]), len(self._commands)
        fault = None
        if one["number"] != number:
            fault = message("it is missing")
        elif chained(self._commands[-1], one["body"]) != digest:
            fault = message("its content is not what was written")
        self._commands.append(digest)
        self._find("", number, fault, command_journal.CHAIN)

    def _checkpoint(self, one: Mapping[str, Any]) -> None:
        from casewright.desk.sealing.signing_keys import signed

        body, signature = one["statement"].encode(), bytes.fromhex(one["signature"])
        said = statement_of(body)
        if said is None:
            raise ValueError("no statement")
        before = checkpoints.NOTHING if self._newest is None else self._newest.digest
        fault = None
        if not signed(said.key, signature, body):
            fault = message("its signature is not one under this statement")
        elif self._keys and said.key not in self._keys:
            fault = message("it is signed with a key that was never used here")
        elif said.previous != before:
            fault = message("it does not follow the one before it")
        self._newest = Stored(said.number, body, signature)
        self._statements.append(said)
        self._find("", said.number, fault or self._sealed(said), CHECKPOINT)

    def _sealed(self, said: Statement) -> Message | None:
        """Return in what the events and commands are not those that a statement names."""
        first, after = (bisect_right(self._numbers, one) for one in (said.first, said.last))
        own = self._events[first:after]
        if hashlib.sha256(b"".join(one[3] for one in own)).hexdigest() != said.sealed:
            return message("the events are not those that it sealed")
        number, head = said.commands
        if number >= len(self._commands) or self._commands[number].hex() != head:
            return message("the commands are not those that it sealed")
        if after < self._sealed_heads.events:
            self._sealed_heads = _Heads()
        for _, ticket, sequence, digest in self._events[self._sealed_heads.events : after]:
            self._sealed_heads.take(ticket, self._heads[ticket][0], sequence, digest)
        if self._sealed_heads.root.hex() != said.root:
            return message("the heads of the histories are not those that it sealed")
        return None

    def _find(self, ticket: str, number: int, fault: Message | None, chain: str = "") -> None:
        if fault is not None and self._broken is None:
            self._broken = Broken(ticket=ticket, sequence=number, reason=fault, chain=chain)

    def verdict(self) -> Verification:
        """Return what the file came to."""
        last = self._statements[-1] if self._statements else None
        sealed = 0 if last is None else last.last
        return Verification(
            ok=self._broken is None,
            tickets=len(self._heads),
            events=len(self._events),
            commands=len(self._commands) - 1,
            first_broken=self._broken,
            checkpoints=len(self._statements),
            sealed_at=None if last is None else from_microseconds(last.at),
            unsealed=sum(one[0] > sealed for one in self._events),
            remarks=tuple(self._remarks()),
        )

    def _remarks(self) -> Iterator[Message]:
        if not self._statements:
            yield message(
                "there is no checkpoint in it, so that all of it could have been rewritten"
            )
        elif not self._keys:
            yield message(
                "its checkpoints are signed with the key {key}: ask whom they are of whether it is theirs",
                key=self._statements[-1].key,
            )
