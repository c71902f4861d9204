"""The answer to what has changed: the events after a number, of the tickets that the asker may see."""

from typing import TYPE_CHECKING

from casewright.answers import Change, ChangePage
from casewright.clock import from_microseconds
from casewright.queries import LARGEST_PAGE, ListChanges
from casewright.store import changes as stored
from casewright.store.changes import Happened

if TYPE_CHECKING:
    from casewright.desk.asking import Asking

READ_AT_ONCE = 10_000
"""So many events are looked through for one answer, whoever may see how many of them."""


def changes(asking: "Asking", query: ListChanges) -> ChangePage:
    """Return what happened after the number that the asker had last."""
    known = stored.numbers(asking.database)
    if query.since is None or query.since > known.newest:
        return _page(known, (), until=known.newest)
    since, limit = max(0, query.since), max(1, min(query.limit, LARGEST_PAGE))
    until = min(known.newest, since + READ_AT_ONCE)
    seen = asking.actor.among(query.permission)
    found = stored.after(asking.database, since, until, seen, limit)
    if len(found) == limit:
        until = found[-1].number
    return _page(known, tuple(map(_change, found)), until=until)


def _page(known: stored.Numbers, found: tuple[Change, ...], *, until: int) -> ChangePage:
    return ChangePage(
        changes=found,
        until=until,
        newest=known.newest,
        more=until < known.newest,
        configuration=known.configuration,
        announcements=known.announcements,
    )


def _change(happened: Happened) -> Change:
    body = happened.body
    return Change(
        number=happened.number,
        ticket=body["ticket"],
        sequence=body["sequence"],
        kind=body["kind"],
        at=from_microseconds(body["at"]),
        actor=body["actor"],
        version=body["version"],
    )
