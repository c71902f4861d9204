"""A database that was restored, put to rest before anybody works with it: nothing is sent, nobody is signed in."""

from datetime import datetime

from casewright.answers import Resumed
from casewright.clock import to_microseconds
from casewright.store import command_journal, held, webhooks
from casewright.store.database import Database

KIND = "RestoreWorkspace"
"""What the chain of commands calls it."""


def put_to_rest(database: Database, at: datetime) -> Resumed:
    """Hold what waits to be sent, and end the leases, sessions, tokens and SSH keys of the system that is gone."""
    moment = to_microseconds(at)
    held.note_restored(database, moment)
    webhooks.put_to_rest(database, moment, held.REASON)
    return Resumed(
        held=held.hold_all(database, moment),
        unknown=held.await_no_receipt(database, moment),
        leases=database.execute("DELETE FROM lease").rowcount,
        sessions=_sessions(database),
        tokens=_tokens(database, moment),
    )


def note(
    database: Database, *, command_id: str, digest: str, actor: str, at: datetime, taken: str
) -> None:
    """Note in the chain of commands that the workspace was restored, from what, and of when that was."""
    command_journal.write(
        database,
        command_id=command_id,
        digest=digest,
        kind=KIND,
        actor=actor,
        at=at,
        answer={"taken_at": taken},
    )


def _sessions(database: Database) -> int:
    database.execute("DELETE FROM sign_in_failure")
    # A key that was removed since the backup was taken would let its owner in again.
    database.execute("DELETE FROM ssh_key")
    return database.execute("DELETE FROM session").rowcount


def _tokens(database: Database, moment: int) -> int:
    return database.execute(
        "UPDATE token SET revoked_at = ? WHERE revoked_at IS NULL", (moment,)
    ).rowcount
