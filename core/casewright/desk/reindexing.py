"""The index of what tickets are found by, made anew: after a migration, or when tables say other things than before."""

from collections.abc import Collection
from datetime import datetime

from casewright.desk.library import Library
from casewright.desk.transaction import situation
from casewright.engine import reach
from casewright.engine.situation import Compiled
from casewright.errors import DatabaseDamaged, NotFound
from casewright.model import SYSTEM, SYSTEM_PEOPLE
from casewright.store import configuration, reaching
from casewright.store.database import Database

_BATCH = 500


def reindex(database: Database, library: Library, now: datetime) -> None:
    """Make the index of all tickets anew, some at a time so that others can go on."""
    after: int | None = 0
    while after is not None:
        with database.write():
            library.refreshed()
            after = _some(database, library, now, after, None)
    with database.write():
        reaching.made(database)


def tables_changed(database: Database, library: Library, now: datetime) -> None:
    """Make the index anew, in the transaction that is open, of tickets whose workflow asks tables where they are."""
    asking = _asking_tables(database, library)
    after: int | None = 0 if asking else None
    while after is not None:
        after = _some(database, library, now, after, asking)


def _some(
    database: Database,
    library: Library,
    now: datetime,
    after: int,
    bundles: Collection[str] | None,
) -> int | None:
    """Go on after a ticket's number; return the number to go on after, or None when all are done."""
    found = reaching.some_after(database, after, _BATCH, bundles)
    seen, tickets = situation(database, library, actor=SYSTEM_PEOPLE[SYSTEM], now=now)
    for number, key in found:
        try:
            places = reach.places(tickets.get(key), seen)
        except (DatabaseDamaged, NotFound):
            # What cannot be read stays where it was found before.
            continue
        reaching.write(database, number, places)
        if bundles is None:
            tickets.index_anew(number, tickets.get(key))
    return found[-1][0] if len(found) == _BATCH else None


def _asking_tables(database: Database, library: Library) -> set[str]:
    return {
        row.digest
        for row in configuration.published(database)
        if _asks_tables(library.pinned(row.digest))
    }


def _asks_tables(compiled: Compiled) -> bool:
    return any("tables" in compiled.guards.reads(one) for _, one in reach.expressions(compiled))
