"""The commands that were about no ticket: each happens once, and together they are one hash chain."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from casewright.answers import Broken
from casewright.clock import to_microseconds
from casewright.compact_json import canonical
from casewright.compact_json import decode as decode_json
from casewright.errors import DatabaseDamaged, Message, message
from casewright.store.codec import chained
from casewright.store.damage import UNREADABLE, as_bytes, reading
from casewright.store.database import Database
from casewright.store.history import BEGINNING

CHAIN = "command"
UNCHAINED = "commands before the chain"


class Carried(NamedTuple):
    """A command that was carried out: the digest of what it said, and what was answered."""

    digest: str
    answer: Mapping[str, str] | None


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
    row = database.execute(
        "SELECT digest, answer FROM command WHERE id = ?", (command_id,)
    ).fetchone()
    if row is None:
        return None
    digest, answer = row
    with reading(message("the answer to the command '{name}'", name=command_id)):
        return Carried(str(digest), None if answer is None else dict(decode_json(answer)))


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
    moment = to_microseconds(at)
    said = None if answer is None else canonical(answer).decode()
    body = _body(command_id, digest, kind, actor, moment, answer)
    number, head = _head(database)
    link = chained(head, body)
    database.execute(
        "INSERT INTO command (id, digest, kind, actor, at, number, answer, body, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (command_id, digest, kind, actor, moment, number + 1, said, body, link),
    )
    database.execute(
        "UPDATE chain SET number = ?, head = ? WHERE name = ?", (number + 1, link, CHAIN)
    )


def verify(database: Database) -> tuple[int, Broken | None]:
    """Return how many commands the chain has, and the first that is not as it was written."""
    count, head = 0, BEGINNING
    for row in database.execute(_LINKS):
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
