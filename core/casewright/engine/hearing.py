"""What comes in about a ticket without anybody on the staff: it is written down, and those who answer for it may be told."""

from casewright.commands import NoteArrival
from casewright.engine import entries, telling
from casewright.engine.draft import Work
from casewright.engine.recording import HANDLER, OWNER


def hear(work: Work, command: NoteArrival) -> None:
    """Write down what came in about a ticket, open or closed, whose clocks it does not touch."""
    entries.must_be_a_word(command.channel)
    draft = work.draft(command.ticket, "ArrivalNoted")
    draft.facts.update(
        arrival=command.arrival, channel=command.channel, verdict=command.verdict
    )
    if command.text:
        draft.private["text"] = command.text
    if command.tell:
        nearest = HANDLER if draft.ticket.handler is not None else OWNER
        telling.tell(work, draft, (nearest,), reason="supplement")
