"""`casewright export` and `casewright import`: all that a workspace holds as JSON Lines, and back."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from casewright.cli.answer import Answer
from casewright.cli.at_the_door import UNKNOWN, os_login
from casewright.cli.backup import (
    ERASURES,
    FILE,
    MOST_NAMED,
    REPLACE,
    contents_document,
    contents_line,
    resumed_document,
    resumed_lines,
)
from casewright.cli.grammar import Given, Noun, Option, Verb
from casewright.cli.replay import progress_bar
from casewright.cli.session import Session
from casewright.texts import Texts, text

if TYPE_CHECKING:
    from casewright.exchange.whole_export import ExportMade
    from casewright.exchange.whole_import import Imported


def export(session: Session, given: Given) -> Answer:
    """Tell all that the workspace holds; not done where attachments that were asked for are missing."""
    from casewright.cli.copying import exported_whole

    with progress_bar(session.texts.text("exporting")) as progress:
        made = exported_whole(
            session,
            Path(given.needed("file")).absolute(),
            purpose=given.needed("purpose"),
            with_attachments=given.flag("with_attachments"),
            replace=given.flag("replace"),
            progress=progress,
        )
    return Answer(
        document={
            "file": made.file,
            "lines": made.lines,
            "bytes": made.bytes,
            "attachments": made.attachments,
            "missing": list(made.missing),
            **contents_document(made.contents),
        },
        lines=_exported_lines(session.texts, made),
        done=not made.missing,
    )


def import_(session: Session, given: Given) -> Answer:
    """Make a workspace of an export and say what was put to rest in it."""
    from casewright.clock import SystemClock
    from casewright.exchange.whole_import import import_workspace

    with progress_bar(session.texts.text("importing")) as progress:
        found = import_workspace(
            Path(given.needed("file")).absolute(),
            Path(given.needed("dir")),
            by=os_login() or UNKNOWN,
            clock=SystemClock(),
            ledgers=[Path(one).absolute() for one in given.all("erasures")],
            progress=progress,
        )
    return Answer(
        document={
            "workspace": found.workspace,
            "taken_at": found.taken_at.isoformat(),
            "lines": found.lines,
            "attachments": found.attachments,
            **contents_document(found.contents),
            **resumed_document(found.resumed),
        },
        lines=_imported_lines(session.texts, found),
    )


def _exported_lines(texts: Texts, made: "ExportMade") -> Iterator[str]:
    yield texts.say(
        "All is told: {file} ({lines} lines), with personal data in the clear. Keep it as safe as the database.",
        file=made.file,
        lines=made.lines,
    )
    yield contents_line(texts, made.contents, made.attachments)
    yield texts.text("Passwords, second factors, sessions and tokens are not in it.")
    if made.missing:
        yield texts.say(
            "Attachments that are missing or damaged, and not in it: {count}, such as {digests}.",
            count=len(made.missing),
            digests=texts.listing(made.missing[:MOST_NAMED]),
        )


def _imported_lines(texts: Texts, found: "Imported") -> Iterator[str]:
    yield texts.say(
        "The workspace {folder} is as it was at {moment}; its histories are whole.",
        folder=found.workspace,
        moment=found.taken_at,
    )
    yield contents_line(texts, found.contents, found.attachments)
    yield from resumed_lines(texts, found.resumed)
    yield texts.text("Everybody needs a new password: casewright user passwd NAME")


NOUNS = (
    Noun(
        name="export",
        help=text("tell all that the workspace holds as JSON Lines"),
        verbs=(
            Verb(
                name="",
                run=export,
                help=text(
                    "write all that the workspace holds as JSON Lines, for another system"
                ),
                more=text(
                    "It is as of one moment, while the workspace is at work. That it was made, by whom and what for, "
                    "goes on record."
                ),
                options=(
                    FILE,
                    Option(
                        name="--purpose",
                        value="TEXT",
                        needed=True,
                        help=text("what it is for, for the record"),
                    ),
                    Option(name="--with-attachments", help=text("with the attached files")),
                    REPLACE,
                ),
            ),
        ),
    ),
    Noun(
        name="import",
        help=text("make a workspace of such an export"),
        verbs=(
            Verb(
                name="",
                run=import_,
                help=text("make a workspace of an export: all of it, or nothing"),
                more=text(
                    "Each line is checked, and the histories are verified, before anything is there. "
                    "Notices that waited are held."
                ),
                options=(
                    FILE,
                    Option(name="DIR", needed=True, help=text("a new or empty folder")),
                    ERASURES,
                ),
            ),
        ),
    ),
)
