"""An answer to the customer: written into the history with every word, and promised to be sent in the same step."""

from casewright.commands import ReplyToCustomer
from casewright.effects import Notify
from casewright.engine.draft import Work
from casewright.engine.telling import CUSTOMER

ANSWERED = "CustomerAnswered"
"""The event of an answer; its private values are the words that go out."""
REPLIED = "customer_answered"
"""The reason of the notice that carries the words."""


def reply(work: Work, command: ReplyToCustomer) -> None:
    """Write to the customer. CommandRefused or NotFound where it cannot go out as it is asked for."""
    draft = work.draft(command.ticket, ANSWERED)
    worded = work.situation.reply(command)
    draft.facts.update(via=worded.via, language=worded.language)
    if command.template:
        draft.facts["template"] = command.template
    if command.attachments:
        draft.facts["attachments"] = list(command.attachments)
    draft.private["text"] = worded.text
    if worded.subject:
        draft.private["subject"] = worded.subject
    if worded.registered:
        draft.private["registered"] = dict(worded.registered)
    draft.happen("event", "answered")
    work.effects.append(
        Notify(ticket=draft.ticket.key, to=CUSTOMER, via=worded.via, reason=REPLIED)
    )
