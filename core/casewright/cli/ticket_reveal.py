"""`casewright ticket reveal`: personal fields in the clear, for a purpose."""

from collections.abc import Iterator, Mapping
from typing import Any

from casewright.cli.answer import Answer
from casewright.cli.grammar import TICKET, Given, Option, Verb
from casewright.cli.reading import Reader
from casewright.cli.refusal import plain
from casewright.cli.session import Session
from casewright.cli.ticket_sheet import pairs
from casewright.queries import RevealFields
from casewright.texts import text


def reveal(session: Session, given: Given) -> Answer:
    """Answer with personal fields in the clear; that, and what for, is on record by then."""
    key = given.needed("ticket")
    query = RevealFields(
        actor=session.actor,
        ticket=key,
        fields=given.all("field"),
        purpose=given.needed("purpose"),
    )
    found: Mapping[str, Any] = session.desk.ask(query)
    return Answer(
        document={"ticket": key, "fields": plain(found, session.texts)},
        lines=list(_lines(session, key, found)),
    )


def _lines(session: Session, key: str, found: Mapping[str, Any]) -> Iterator[str]:
    if not found:
        yield session.texts.say("{ticket} has no personal fields that are filled.", ticket=key)
        return
    reader = Reader(session)
    ticket = reader.row(key)
    fields = [(reader.field(ticket, name), name, value) for name, value in found.items()]
    yield from pairs(
        [
            (reader.words(one.title) if one else name, reader.value(one, value))
            for one, name, value in fields
        ]
    )


VERB = Verb(
    name="reveal",
    run=reveal,
    help=text("show personal fields in the clear; that you did, and what for, goes on record"),
    options=(
        TICKET,
        Option(
            name="--field",
            value="NAME",
            many=True,
            help=text("only this field; may be repeated (default: all personal ones)"),
        ),
        Option(
            name="--purpose",
            value="TEXT",
            needed=True,
            help=text("what you need it for, such as 'to call back'"),
        ),
    ),
)
