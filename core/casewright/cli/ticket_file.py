"""`casewright ticket file`: a file that is attached to a ticket, put where it is wanted."""

import os
from pathlib import Path

from casewright.answers import AttachedFile
from casewright.cli.answer import Answer
from casewright.cli.grammar import TICKET, Given, Option, Verb
from casewright.cli.session import Session
from casewright.cli.typed import parsed
from casewright.errors import FileUnreadable, message
from casewright.queries import GetFile
from casewright.texts import text


def file(session: Session, given: Given) -> Answer:
    """Write an attached file to a new file that only its owner may read; FileUnreadable, NotFound."""
    number = parsed(given.needed("number"), int, message("a whole number"))
    place = Path(given.needed("file")).absolute()
    found: AttachedFile = session.desk.ask(
        GetFile(actor=session.actor, ticket=given.needed("ticket"), number=number)
    )
    _write(place, found.content)
    said = session.texts.say(
        "{file}: {count} bytes, attached as {name}.",
        file=str(place),
        count=len(found.content),
        name=found.filename,
    )
    document = {
        "file": str(place),
        "filename": found.filename,
        "bytes": len(found.content),
    }
    return Answer(document=document, lines=[said])


def _write(place: Path, content: bytes) -> None:
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise FileUnreadable(file=str(place), reason=message("it is there already")) from None
    except OSError as error:
        raise _refused(place, error) from None
    try:
        with os.fdopen(handle, "wb") as written:
            written.write(content)
    except OSError as error:
        place.unlink(missing_ok=True)
        raise _refused(place, error) from None


def _refused(place: Path, error: OSError) -> FileUnreadable:
    template = "it cannot be written ({problem})"
    reason = message(template, problem=error.strerror or "")
    return FileUnreadable(file=str(place), reason=reason)


VERB = Verb(
    name="file",
    run=file,
    help=text("put an attached file where you want it; that you looked goes on record"),
    options=(
        TICKET,
        Option(
            name="NUMBER",
            needed=True,
            help=text("which one: 1 is the file that was attached first"),
        ),
        Option(name="FILE", needed=True, help=text("a file that is not there yet")),
    ),
)
