"""`casewright ticket file`: a file that is attached to a ticket, put where it is wanted."""

from pathlib import Path

from casewright.answers import AttachedFile
from casewright.cli.answer import Answer
from casewright.cli.grammar import TICKET, Given, Option, Verb
from casewright.cli.session import Session
from casewright.cli.typed import parsed
from casewright.errors import message
from casewright.new_file import write_new
from casewright.queries import GetFile
from casewright.texts import text


def file(session: Session, given: Given) -> Answer:
    """Write an attached file to a new file that only its owner may read; FileUnreadable, NotFound."""
    number = parsed(given.needed("number"), int, message("a whole number"))
    place = Path(given.needed("file")).absolute()
    found: AttachedFile = session.desk.ask(
        GetFile(actor=session.actor, ticket=given.needed("ticket"), number=number)
    )
    write_new(place, found.content)
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
