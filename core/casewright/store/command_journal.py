"""The commands that were about no ticket: each happens once, and together they are one hash chain."""

import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from casewright.answers import Broken
from casewright.clock import from_microseconds, to_microseconds
from casewright.compact_json import canonical
from casewright.compact_json import decode as decode_json
from casewright.errors import DatabaseDamaged, Message, message
from casewright.store.codec import SALT_BYTES, chained, salted
from casewright.store.damage import UNREADABLE, as_bytes, reading
from casewright.store.database import Database
from casewright.store.history import BEGINNING

CHAIN = "command"
DIGEST_OF = "SELECT digest, salt, answer FROM command WHERE id = ?"
_FORGOTTEN = ""
"""A salt that was forgotten."""
UNCHAINED = "commands before the chain"


class Carried(NamedTuple):
    """A command that was carried out: the digest of what it said, what that is salted with, and what was answered."""

    digest: str
    salt: str | None
    answer: Mapping[str, str] | None

    def was(self, digest: str) -> bool:
        """Return whether the command said what `digest` is of; nobody can tell any more once its salt is gone.

        Those of before there were salts have None.
        """
        if self.salt is None:
            return digest == self.digest
        return self.salt != _FORGOTTEN and salted(digest, self.salt) == self.digest


class Link(NamedTuple):
    """A row of the chain as it is stored, with bytes for text."""

    number: Any
    id: Any
    digest: Any
    kind: Any
    actor: Any
    at: Any
    answer: Any
    body: Any
    hash: Any


def find(database: Database, command_id: str) -> Carried | None:
    """Return what became of a command that was about no ticket, or None when it is new."""
    row = database.execute(DIGEST_OF, (command_id,)).fetchone()
    if row is None:
        return None
    digest, salt, answer = row
    with reading(message("the answer to the command '{name}'", name=command_id)):
        kept = None if answer is None else dict(decode_json(answer))
        return Carried(str(digest), salt, kept)


def write(
    database: Database,
    *,
    command_id: str,
    digest: str,
    kind: str,
    actor: str,
    at: datetime,
    answer: Mapping[str, str] | None = None,
) -> None:
    """Note that a command that was about no ticket has happened, as the next link of the chain."""
    moment, salt = to_microseconds(at), os.urandom(SALT_BYTES).hex()
    digest = salted(digest, salt)
    said = None if answer is None else canonical(answer).decode()
    body = _body(command_id, digest, kind, actor, moment, answer)
    number, head = _head(database)
    link = chained(head, body)
    database.execute(
        "INSERT INTO command (id, digest, salt, kind, actor, at, number, answer, body, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (command_id, digest, salt, kind, actor, moment, number + 1, said, body, link),
    )
    database.execute(
        "UPDATE chain SET number = ?, head = ? WHERE name = ?", (number + 1, link, CHAIN)
    )


def answers_since(
    database: Database, kind: str, since: datetime
) -> tuple[tuple[datetime, Mapping[str, str]], ...]:
    """Return when commands of a kind answered something since a moment, and what, oldest first."""
    rows = database.execute(
        "SELECT at, answer FROM command WHERE kind = ? AND at >= ? AND answer IS NOT NULL ORDER BY number",
        (kind, to_microseconds(since)),
    )
    with reading(message("the answers to commands")):
        return tuple((from_microseconds(at), decode_json(answer)) for at, answer in rows)


def forget_salts(database: Database, before: datetime) -> None:
    """Forget with what the digests of commands before a moment are salted: what these said cannot be tried out any more.

    Their ids stay known; said again they are refused, even if they say the same.
    """
    database.execute(
        "UPDATE command SET salt = ? WHERE at < ? AND salt <> ''",
        (_FORGOTTEN, to_microseconds(before)),
    )


def verify(database: Database) -> tuple[int, Broken | None]:
    """Return how many commands the chain has, and the first that is not as it was written."""
    count, head = 0, BEGINNING
    for row in database.stream(_LINKS):
        count += 1
        fault, head = _follow(Link._make(row), count, head)
        if fault is not None:
            return count, _broken(count, fault)
    return count, _end_fault(database, count, head)


def _head(database: Database) -> tuple[int, bytes]:
    row = database.execute("SELECT number, head FROM chain WHERE name = ?", (CHAIN,)).fetchone()
    if row is None:
        raise DatabaseDamaged(what=message("the chain of commands"))
    return int(row[0]), bytes(row[1])


def _body(command_id: str, digest: str, kind: str, actor: str, at: int, answer: object) -> str:
    body = {
        "id": command_id,
        "digest": digest,
        "kind": kind,
        "actor": actor,
        "at": at,
        "answer": answer,
    }
    return canonical(body).decode()


def _follow(link: Link, count: int, head: bytes) -> tuple[Message | None, bytes]:
    """Return what is wrong with a link, or the hash that the next one follows."""
    if link.number != count:
        return message("it is missing"), head
    try:
        body = bytes(link.body).decode()
        if chained(head, body) != link.hash:
            return message("its content is not what was written"), head
        answer = None if link.answer is None else decode_json(bytes(link.answer))
        identity, digest, kind, actor = (bytes(one).decode() for one in link[1:5])
        if _body(identity, digest, kind, actor, link.at, answer) != body:
            return message("what stands beside its content is not what was written"), head
    except UNREADABLE:
        return message("it cannot be read"), head
    return None, link.hash


def _end_fault(database: Database, count: int, head: bytes) -> Broken | None:
    row = database.execute("SELECT number, head FROM chain WHERE name = ?", (CHAIN,)).fetchone()
    known = database.execute("SELECT value FROM meta WHERE name = ?", (UNCHAINED,)).fetchone()
    before = database.execute("SELECT count(*) FROM command WHERE number IS NULL").fetchone()
    if row is None or not isinstance(row[0], int):
        return _broken(count, message("the head of the chain cannot be read"))
    if count < row[0]:
        return _broken(count + 1, message("it is missing"))
    if count > row[0]:
        return _broken(row[0] + 1, message("it came after the last command of the chain"))
    if head != row[1]:
        return _broken(count, message("its hash is not the one that the chain ends with"))
    if known != before:
        reason = message("one of before the chain was added or is missing")
        return _broken(0, reason)
    return None


def _broken(number: int, reason: Message) -> Broken:
    return Broken(ticket="", sequence=number, reason=reason)


_TEXTS = ", ".join(map(as_bytes, ("id", "digest", "kind", "actor")))
_LINKS = (
    f"SELECT number, {_TEXTS}, at, {as_bytes('answer')}, {as_bytes('body')}, hash"
    " FROM command WHERE number IS NOT NULL ORDER BY number"
)
