"""What an administrator says about other systems that are told of events: tell them again."""

from collections.abc import Mapping
from datetime import datetime

from casewright.clock import to_microseconds
from casewright.commands import RetryWebhook
from casewright.desk.library import Library
from casewright.errors import CommandRefused, NotFound, message
from casewright.nearest import hint
from casewright.store import webhooks
from casewright.store.database import Database


def retry_webhook(
    database: Database, library: Library, command: RetryWebhook, now: datetime
) -> Mapping[str, str]:
    """Let dead letters be told anew; NotFound where no worker has begun to tell that system."""
    known = webhooks.names(database)
    if command.webhook not in known:
        near = hint(command.webhook, known)
        raise NotFound(kind=message("webhook"), name=command.webhook, hint=near)
    count = webhooks.revive(database, command.webhook, command.events, to_microseconds(now))
    if command.events and count < len(set(command.events)):
        raise CommandRefused(reason=message("not all of these events are dead letters of it"))
    return {"events": str(count)}
