"""What is on record compared with what checkpoints sealed; the first event that is another is named."""

from collections.abc import Callable, Sequence, Set
from hashlib import sha256
from itertools import zip_longest
from typing import Any

from casewright.answers import Broken
from casewright.errors import Message, message
from casewright.store import access_log, command_journal, merkle
from casewright.store.checkpoints import Statement, is_sealed_by, sealed_events
from casewright.store.damage import as_bytes
from casewright.store.database import Database

CHECKPOINT = "checkpoint"
SealsOf = Callable[[Statement], bytes | None]
"""Returns the seals that a statement names, or None where nobody has kept them."""


def compare(
    database: Database,
    statements: Sequence[Statement],
    leaves: bytes | None,
    seals_of: SealsOf,
) -> Broken | None:
    """Return the first event, link or head that is not as `statements` say.

    `leaves` are as of the last of them; None where not all histories could be followed.
    """
    if not statements:
        return None
    broken = _events(database, statements, seals_of) or _links(database, statements)
    if broken is not None or leaves is None:
        return broken
    last = statements[-1]
    heads = [leaves[at : at + 32] for at in range(0, len(leaves), 32)]
    if merkle.root(heads).hex() == last.root and len(heads) == last.tickets:
        return None
    return _checkpoint(last, message("the heads of the histories are not those that it sealed"))


def _events(
    database: Database, statements: Sequence[Statement], seals_of: SealsOf
) -> Broken | None:
    early = database.execute("SELECT ticket_id, sequence FROM event WHERE id < 1").fetchone()
    if early is not None:
        return _event(database, early, message("it was not there at the checkpoint"))
    for said in statements:
        if _digest(database, said) != said.sealed:
            return _first_changed(database, said, seals_of(said))
    return None


def _digest(database: Database, said: Statement) -> str | None:
    """Return the SHA-256 of the events' hashes; None where one is none."""
    found = sha256()
    rows = database.stream(
        "SELECT hash FROM event WHERE id > ? AND id <= ? ORDER BY id", (said.first, said.last)
    )
    try:
        for (digest,) in rows:
            found.update(digest)
    except TypeError:
        return None
    return found.hexdigest()


def _first_changed(database: Database, said: Statement, seals: bytes | None) -> Broken:
    if seals is None:
        reason = message(
            "the events after number {first} up to {last} are not those that it sealed; its seals are gone, so none can be named",
            first=said.first,
            last=said.last,
        )
        return _checkpoint(said, reason)
    rows = database.stream(
        "SELECT ticket_id, sequence, hash FROM event WHERE id > ? AND id <= ? ORDER BY id",
        (said.first, said.last),
    )
    sealed = list(sealed_events(seals))
    places = {(ticket, sequence) for ticket, sequence, _ in sealed}
    for expected, found in zip_longest(sealed, rows):
        if expected is not None and found is not None and _same(expected, found):
            continue
        return _changed(database, expected, found, places)
    return _checkpoint(said, message("the events are not those that it sealed"))


Sealed = tuple[int, int, bytes]


def _same(expected: Sealed, found: tuple[Any, ...]) -> bool:
    return found[:2] == expected[:2] and is_sealed_by(found[2], expected[2])


def _changed(
    database: Database,
    expected: Sealed | None,
    found: tuple[Any, ...] | None,
    places: Set[tuple[int, int]],
) -> Broken:
    """Return what is wrong where one event was sealed and another, or none, is found; `places` are all that were sealed."""
    foreign = message("it was not there at the checkpoint")
    if expected is None:
        return _event(database, (found or ())[:2], foreign)
    place, beginning = expected[:2], expected[2]
    row = database.execute(
        "SELECT hash FROM event WHERE ticket_id = ? AND sequence = ?", place
    ).fetchone()
    if row is None:
        return _event(database, place, message("it is missing"))
    if not is_sealed_by(row[0], beginning):
        return _event(database, place, message("it is not what the checkpoint sealed"))
    if found is None or found[:2] in places:
        return _event(database, place, message("it stands in the wrong place"))
    return _event(database, found[:2], foreign)


def _links(database: Database, statements: Sequence[Statement]) -> Broken | None:
    """Return the first link of another chain that is not the one that a checkpoint names."""
    for chain, table in ((command_journal.CHAIN, "command"), (access_log.CHAIN, "access")):
        known = 0
        for said in statements:
            number, head = said.commands if chain == command_journal.CHAIN else said.access
            row = database.execute(
                f"SELECT hash FROM {table} WHERE number = ?", (number,)
            ).fetchone()
            if number and (row is None or row[0] != bytes.fromhex(head)):
                reason = message(
                    "one from here to number {number} is not what checkpoint {checkpoint} sealed",
                    number=number,
                    checkpoint=said.number,
                )
                return Broken(ticket="", sequence=known + 1, reason=reason, chain=chain)
            known = number
    return None


def _event(database: Database, place: tuple[Any, ...], reason: Message) -> Broken:
    ticket, sequence = place
    row = database.execute(
        f"SELECT {as_bytes('key')} FROM ticket WHERE id = ?", (ticket,)
    ).fetchone()
    key = f"#{ticket}" if row is None else row[0].decode("utf-8", "backslashreplace")
    return Broken(ticket=key, sequence=sequence, reason=reason)


def _checkpoint(said: Statement, reason: Message) -> Broken:
    return Broken(ticket="", sequence=said.number, reason=reason, chain=CHECKPOINT)
