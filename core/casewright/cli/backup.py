"""`casewright backup` and `casewright restore`: the whole workspace in one file, and back."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casewright.answers import Contents, Resumed
from casewright.cli.answer import Answer
from casewright.cli.at_the_door import UNKNOWN, os_login
from casewright.cli.grammar import Given, Noun, Option, Verb
from casewright.cli.replay import progress_bar
from casewright.cli.session import Session
from casewright.config import FILE as SETTINGS
from casewright.errors import (
    DatabaseDamaged,
    DatabaseMissing,
    DatabaseOutdated,
    DatabaseUnusable,
)
from casewright.queries import PrepareBackup
from casewright.texts import Texts, text

if TYPE_CHECKING:
    from casewright.exchange.backup import BackupMade
    from casewright.exchange.restore import Restored

MOST_NAMED = 5
_BEYOND_ASKING = (DatabaseDamaged, DatabaseMissing, DatabaseOutdated, DatabaseUnusable)
"""Why a workspace is restored over that cannot say any more who may."""
_MEGABYTE = 1_000_000


def backup(session: Session, given: Given) -> Answer:
    """Back the workspace up while it is at work; not done where attachments are missing."""
    from casewright.cli.copying import backed_up

    with progress_bar(session.texts.text("backing up")) as progress:
        made = backed_up(
            session,
            Path(given.needed("file")).absolute(),
            replace=given.flag("replace"),
            progress=progress,
        )
    return Answer(
        document={
            "file": made.file,
            "taken_at": made.taken_at.isoformat(),
            "bytes": made.bytes,
            "seconds": round(made.seconds, 3),
            "attachments": made.attachments,
            "missing": list(made.missing),
            **contents_document(made.contents),
        },
        lines=_made_lines(session.texts, made),
        done=not made.missing,
    )


def restore(session: Session, given: Given) -> Answer:
    """Make a workspace of a backup and say what was put to rest in it."""
    from casewright.clock import SystemClock
    from casewright.exchange.restore import restore as restore_backup

    place = where(session, given)
    by = _who_restores(session, given, place)
    with progress_bar(session.texts.text("restoring")) as progress:
        found = restore_backup(
            Path(given.needed("file")).absolute(),
            place,
            by=by,
            clock=SystemClock(),
            over=given.flag("replace"),
            ledgers=[Path(one).absolute() for one in given.all("erasures")],
            progress=progress,
        )
    return Answer(
        document={
            "workspace": found.workspace,
            "database": found.database,
            "taken_at": found.taken_at.isoformat(),
            "taken_by": found.taken_by,
            "schema": {"from": found.migrated[0], "to": found.migrated[1]},
            "attachments": found.attachments,
            "missing": found.missing,
            "kept_aside": list(found.aside),
            **contents_document(found.contents),
            **resumed_document(found.resumed),
        },
        lines=_restored_lines(session.texts, found),
    )


def where(session: Session, given: Given) -> Path:
    """Return the folder that is named, or the workspace we are in."""
    from casewright.config import find_workspace

    named = given.text("dir")
    if named is not None:
        return Path(named)
    return find_workspace(session.folder) if given.flag("replace") else session.folder


def _who_restores(session: Session, given: Given, place: Path) -> str:
    """Return who restores: over a workspace somebody who may copy it, elsewhere whoever the machine knows.

    That it is restored over goes on its record, which is kept aside. NotSignedIn, NotAllowed.
    """
    if given.flag("replace") and (place / SETTINGS).is_file():
        with session.elsewhere(place) as former, suppress(*_BEYOND_ASKING):
            query = PrepareBackup(actor=former.actor, purpose="restore --replace")
            former.own_desk.ask(query)
            return query.actor
    return os_login() or UNKNOWN


def contents_document(found: Contents) -> dict[str, Any]:
    """Return what a database holds as a document."""
    return {
        "tickets": found.rows.get("ticket", 0),
        "events": found.rows.get("event", 0),
        "customers": found.rows.get("customer", 0),
        "checkpoint": found.checkpoint,
    }


def resumed_document(found: Resumed) -> dict[str, Any]:
    """Return what was put to rest as a document."""
    return {
        "put_to_rest": {
            "notices_held": found.held,
            "receipts_unknown": found.unknown,
            "leases": found.leases,
            "sessions": found.sessions,
            "tokens": found.tokens,
        },
        "erased_again": found.erased,
    }


def resumed_lines(texts: Texts, found: Resumed) -> Iterator[str]:
    """Yield what was put to rest, and what to do about it."""
    if found.erased:
        yield texts.say(
            "Erased once more, as the ledger says: {count} customer(s).", count=found.erased
        )
    if found.held:
        yield texts.say(
            "Held for review: {count} notice(s); they may have been sent before. Nothing of them goes out by itself.",
            count=found.held,
        )
        yield "  casewright notice list --state held"
        yield "  casewright notice release [--drop]"
    if found.unknown:
        yield texts.say(
            "Sent before, without a receipt: {count} notice(s); nobody waits for theirs any more.",
            count=found.unknown,
        )
    yield texts.say(
        "Ended: {sessions} session(s), {tokens} token(s). Who worked here signs in anew; programs need new tokens.",
        sessions=found.sessions,
        tokens=found.tokens,
    )


def _made_lines(texts: Texts, made: "BackupMade") -> Iterator[str]:
    yield texts.say(
        "The backup is made and verified: {file} ({size} MB, {seconds} s).",
        file=made.file,
        size=f"{made.bytes / _MEGABYTE:.1f}",
        seconds=f"{made.seconds:.1f}",
    )
    yield contents_line(texts, made.contents, made.attachments)
    if made.missing:
        yield texts.say(
            "Attachments that are missing or damaged, and not in it: {count}, such as {digests}.",
            count=len(made.missing),
            digests=texts.listing(made.missing[:MOST_NAMED]),
        )


def contents_line(texts: Texts, found: Contents, attachments: int) -> str:
    """Return what is in a copy of a workspace, in a sentence."""
    return texts.say(
        "In it: {tickets} tickets with {events} events, {customers} customers, {attachments} attachments.",
        tickets=found.rows.get("ticket", 0),
        events=found.rows.get("event", 0),
        customers=found.rows.get("customer", 0),
        attachments=attachments,
    )


def _restored_lines(texts: Texts, found: "Restored") -> Iterator[str]:
    yield texts.say(
        "The workspace {folder} is as it was at {moment}; its histories are whole.",
        folder=found.workspace,
        moment=found.taken_at,
    )
    yield contents_line(texts, found.contents, found.attachments)
    before, after = found.migrated
    if before != after:
        template = "The database went from version {before} to version {after}."
        yield texts.say(template, before=before, after=after)
    if found.missing:
        template = "Attachments that were missing when the backup was taken: {count}."
        yield texts.say(template, count=found.missing)
    yield from resumed_lines(texts, found.resumed)
    if found.contents.checkpoint:
        yield texts.text(
            "Where checkpoints were made since the backup, begin anew after the last of them:"
        )
        yield "  casewright audit checkpoint --restored REASON"
    for path in found.aside:
        yield texts.say("What was here before is kept: {path}", path=path)


FILE = Option(name="FILE", needed=True, help=text("the file"))
REPLACE = Option(name="--replace", help=text("put it in the place of the file that is there"))
ERASURES = Option(
    name="--erasures",
    value="FILE",
    many=True,
    help=text("a further ledger of erasures, such as the one of the second place"),
)

NOUNS = (
    Noun(
        name="backup",
        help=text("back the whole workspace up, while it is at work"),
        verbs=(
            Verb(
                name="",
                run=backup,
                help=text(
                    "put the whole workspace into one file, verified, while it is at work"
                ),
                more=text(
                    "A database in use must not be copied as a file: the copy would be damaged. "
                    "Keys and secrets are not in a backup; keep them elsewhere."
                ),
                options=(
                    FILE,
                    REPLACE,
                    Option(
                        name="--purpose",
                        value="TEXT",
                        help=text("what it is for, for the record"),
                    ),
                ),
            ),
        ),
    ),
    Noun(
        name="restore",
        help=text("make a workspace of a backup"),
        verbs=(
            Verb(
                name="",
                run=restore,
                help=text("make a workspace of a backup, and hold what it would send"),
                more=text(
                    "A damaged backup is refused before anything is touched. What was erased since it was taken is "
                    "erased again; notices that waited are held; sessions and tokens end."
                ),
                options=(
                    FILE,
                    Option(
                        name="DIR",
                        help=text("a new or empty folder (default: the one we are in)"),
                    ),
                    Option(
                        name="--replace",
                        help=text(
                            "restore over the workspace, which must be at rest; it is kept aside"
                        ),
                    ),
                    ERASURES,
                ),
            ),
        ),
    ),
)
