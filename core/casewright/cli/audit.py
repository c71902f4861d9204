"""`casewright audit`: the proof that no history was changed."""

from casewright.answers import Verification
from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Noun, Option, Verb
from casewright.cli.session import Session
from casewright.queries import VerifyAudit
from casewright.texts import Texts, text


def verify(session: Session, given: Given) -> Answer:
    """Answer with the outcome; not done when a history is broken."""
    found: Verification = session.desk.ask(
        VerifyAudit(actor=session.actor, ticket=given.text("ticket"))
    )
    return Answer(
        document=verification_document(found, session.texts),
        lines=[verdict(found, session.texts)],
        done=found.ok,
    )


def verification_document(found: Verification, texts: Texts) -> dict[str, object]:
    """Return the agreed keys: ok, tickets, events, commands, first_broken; its ticket is null for a command about none."""
    broken = found.first_broken
    return {
        "ok": found.ok,
        "tickets": found.tickets,
        "events": found.events,
        "commands": found.commands,
        "first_broken": broken
        and {
            "ticket": broken.ticket or None,
            "sequence": broken.sequence,
            "reason": texts.render(broken.reason),
        },
    }


def verdict(found: Verification, texts: Texts) -> str:
    """Return the outcome in a sentence."""
    broken = found.first_broken
    if broken is None:
        return texts.say(
            "The histories are as they were written (tickets: {tickets}, events: {events},"
            " commands about no ticket: {commands}).",
            events=found.events,
            tickets=found.tickets,
            commands=found.commands,
        )
    if not broken.ticket:
        return texts.say(
            "Command {number} of those about no ticket is not as it was written: {reason}.",
            number=broken.sequence,
            reason=broken.reason,
        )
    return texts.say(
        "{ticket}: event {sequence} is not as it was written: {reason}.",
        ticket=broken.ticket,
        sequence=broken.sequence,
        reason=broken.reason,
    )


NOUNS = (
    Noun(
        name="audit",
        help=text("prove that histories are whole"),
        verbs=(
            Verb(
                name="verify",
                run=verify,
                help=text("verify every history and name the first broken event"),
                options=(
                    Option(name="--ticket", value="KEY", help=text("only this ticket's")),
                ),
            ),
        ),
    ),
)
