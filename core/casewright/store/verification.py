"""Verifying what is on record: every chain, commitment and fold worked out again from the stored bytes.

What is stored may be anything here, so it is read as bytes, and what cannot be read is a finding.
"""

import hashlib
from dataclasses import replace
from typing import NamedTuple

from casewright.answers import Broken, Verification
from casewright.errors import message
from casewright.store import access_log, command_journal, share_process, shares
from casewright.store.database import Database
from casewright.store.shares import Share

WORTH_SHARING = 40_000
"""Fewer events than this are verified sooner than other processes would have begun."""


class Found(NamedTuple):
    """What the records came to by themselves, and the leaves of the tree as of the event that was asked for."""

    verification: Verification
    leaves: bytes


def verify(database: Database, key: str | None = None) -> Verification:
    """Return whether every history, or that of one ticket, is whole in itself; it names the first that is not.

    Where no ticket is named, what is about none is verified too: workflow versions, the chain of commands and the
    access log. What a checkpoint sealed is compared by `sealing.compare`.
    """
    if key is not None:
        found = shares.verify_one(database.execute, key)
        return _verification(found, found.broken)
    return verify_all(database, sealed=0).verification


def verify_all(database: Database, *, sealed: int) -> Found:
    """Return what all records come to, and the heads as of the event `sealed`."""
    found = _histories(database, sealed)
    broken = found.broken or _stray(database) or _lost_version(database)
    commands = looks = 0
    if broken is None:
        commands, broken = command_journal.verify(database)
        broken = broken and replace(broken, chain=command_journal.CHAIN)
    if broken is None:
        looks, broken = access_log.verify(database)
        broken = broken and replace(broken, chain=access_log.CHAIN)
    return Found(_verification(found, broken, commands, looks), found.leaves)


def _verification(
    found: Share, broken: Broken | None, commands: int = 0, looks: int = 0
) -> Verification:
    return Verification(
        ok=broken is None,
        tickets=found.tickets,
        events=found.events,
        commands=commands,
        first_broken=broken,
        looks=looks,
    )


def _histories(database: Database, sealed: int) -> Share:
    first, last, events = database.execute(
        "SELECT min(id), max(id), (SELECT max(id) FROM event) FROM ticket"
    ).fetchone()
    if last is None:
        return Share()
    processes = share_process.processors()
    if (
        first < 1
        or processes < 2
        or (events or 0) < WORTH_SHARING
        or database.writing
        or not database.is_file
    ):
        return shares.verify(database.execute, first, last, sealed=sealed)
    return share_process.verify(
        database.execute, database.path, last, sealed=sealed, processes=processes
    )


def _stray(database: Database) -> Broken | None:
    """Return the first event, or kept value of one, that belongs to nothing."""
    row = database.execute(
        "SELECT ticket_id, sequence FROM event WHERE NOT EXISTS (SELECT 1 FROM ticket WHERE ticket.id = event.ticket_id) LIMIT 1"
    ).fetchone()
    if row is not None:
        return Broken(
            ticket=f"#{row[0]}", sequence=row[1], reason=message("its ticket is missing")
        )
    row = database.execute(_STRAY_VALUE).fetchone()
    if row is None:
        return None
    return Broken(ticket=f"#{row[0]}", sequence=row[1], reason=message("its event is missing"))


def _lost_version(database: Database) -> Broken | None:
    """Return the first workflow version that is not what its digest names, or that a ticket names and is not there.

    It is told as event 0 of the workflow.
    """
    for workflow, digest, content in database.execute(
        "SELECT workflow, digest, CAST(content AS BLOB) FROM bundle"
    ):
        if hashlib.sha256(bytes(content)).hexdigest() != digest:
            reason = message(
                "the workflow version {digest} is not what was published", digest=digest[:12]
            )
            return Broken(ticket=str(workflow), sequence=0, reason=reason)
    row = database.execute(
        "SELECT workflow, bundle FROM ticket WHERE NOT EXISTS (SELECT 1 FROM bundle WHERE bundle.digest = ticket.bundle) LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    reason = message("the workflow version {digest} is missing", digest=str(row[1])[:12])
    return Broken(ticket=str(row[0]), sequence=0, reason=reason)


_STRAY_VALUE = (
    "SELECT ticket_id, sequence FROM event_value WHERE NOT EXISTS (SELECT 1 FROM event WHERE"
    " event.ticket_id = event_value.ticket_id AND event.sequence = event_value.sequence) LIMIT 1"
)
