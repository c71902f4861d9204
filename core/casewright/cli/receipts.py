"""What a command came to, told: the receipt as a document and as a sentence or two."""

from collections.abc import Iterator
from typing import Any

from casewright.cli.answer import Answer
from casewright.cli.reading import Reader
from casewright.cli.session import Session
from casewright.commands import Command
from casewright.model import Receipt


def execute(session: Session, command: Command, said: str, **values: object) -> Answer:
    """Execute a command and answer with its receipt; `said` is the sentence for people, already marked."""
    receipt = session.desk.execute(command)
    return Answer(
        document=receipt_document(receipt),
        lines=_lines(session, receipt, said, values),
        notes=_notes(session, receipt),
    )


def receipt_document(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as JSON has it."""
    return {
        "ticket": receipt.ticket,
        "state": receipt.state,
        "version": receipt.version,
        "sequence": receipt.sequence,
        "opened": list(receipt.opened),
        "duplicates": list(receipt.duplicates),
        "answer": dict(receipt.answer) if receipt.answer else None,
        "repeated": receipt.repeated,
    }


def _lines(
    session: Session, receipt: Receipt, said: str, values: dict[str, object]
) -> Iterator[str]:
    reader, texts = Reader(session), session.texts
    ticket = reader.row(receipt.ticket)
    shown = {
        "ticket": receipt.ticket,
        "state": reader.state(ticket),
        "handler": reader.person(ticket.handler),
    }
    yield texts.say(said, **{**shown, **values})
    for key in receipt.opened:
        child = reader.row(key)
        yield texts.say(
            "{ticket} was opened with it; it is in '{state}'.",
            ticket=key,
            state=reader.state(child),
        )
    if receipt.answer:
        yield texts.say(
            "The customer may be told: {answer}", answer=receipt.answer.get(texts.lang, "")
        )


def _notes(session: Session, receipt: Receipt) -> Iterator[str]:
    texts = session.texts
    if receipt.repeated:
        yield texts.text(
            "This command id had been used for this already; nothing was done again."
        )
    if receipt.duplicates:
        keys = texts.listing(receipt.duplicates)
        yield texts.say(
            "Possibly the same matter: {keys}. See `casewright ticket merge --help`.", keys=keys
        )
