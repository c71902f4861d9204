"""What comes back from providers: receipts, matched to the delivery they are about, whenever they come."""

from datetime import datetime

from casewright.clock import to_microseconds
from casewright.commands import ReceiptArrived
from casewright.desk.library import Library
from casewright.desk.working import sending
from casewright.errors import CommandRefused, message
from casewright.store import deliveries
from casewright.store.database import Database

STATES = ("delivered", "undelivered", "expired", "rejected")
LONGEST_ID = 200


def receive(
    database: Database, library: Library, command: ReceiptArrived, now: datetime
) -> None:
    """Note what a receipt says of a part; one of a part that nobody spoke of yet is kept until somebody does.

    The first receipt of a part holds; but what did arrive, arrived.
    """
    if command.state not in STATES or not 0 < len(command.provider_id) <= LONGEST_ID:
        reason = message("a receipt names a message and one of: {states}", states=STATES)
        raise CommandRefused(reason=reason)
    known = deliveries.part(database, command.channel, command.provider_id)
    if known is not None and known[1] not in ("accepted", "expired"):
        return
    deliveries.note_part(
        database,
        command.channel,
        command.provider_id,
        command.state,
        to_microseconds(now),
    )
    if known is not None and known[0] is not None:
        sending.settle(database, deliveries.get(database, known[0]), now)


def is_known(database: Database, channel: str, provider_id: str) -> bool:
    """Return whether the part is one of ours."""
    known = deliveries.part(database, channel, provider_id)
    return known is not None and known[0] is not None
