"""What every command asks of the database before it does anything, known beforehand, so that a server is asked once for all of it."""

from collections.abc import Sequence

from casewright.commands import Command, TicketCommand
from casewright.store import sqlite_statements as sql
from casewright.store.command_journal import DIGEST_OF
from casewright.store.configuration import VERSION
from casewright.store.database import Database
from casewright.store.put_off import Asked
from casewright.store.reaching import PLACES_OF


def asked_first(database: Database, command: Command) -> Sequence[Asked]:
    """Return what `command` will ask first, where it is worth knowing."""
    if database.is_file:
        return ()
    id_ = (command.command_id,)
    asked: list[Asked] = [VERSION, (sql.COMMAND_EVENT, id_), (DIGEST_OF, id_)]
    if isinstance(command, TicketCommand):
        key = (command.ticket,)
        asked += [(PLACES_OF, key), (sql.TICKET_BY_KEY, key)]
    return asked
