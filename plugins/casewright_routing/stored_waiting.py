"""The table of what waits: for each open ticket that nobody handles, where it stands and what that was judged by."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from casewright import Store
from casewright_routing.moments import moment_of, number_of
from casewright_routing.waiting import Waiting

NO_QUEUE = ""
"""The queue of a ticket that routing leaves alone."""
_COLUMNS = 'ticket, stamp, rules, queue, "rank", since, vip, asked, overtaken, previous, earlier, excluded, owner, told'
_NAMES = _COLUMNS.split(", ")
_MARKS = ", ".join("?" * len(_NAMES))
_ANEW = ", ".join(f"{one} = excluded.{one}" for one in _NAMES if one != "ticket")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A ticket that waits, the `stamp` it had and the `rules` there were when that was judged.

    `owner` answers for it; `told` whether the owner heard, since it came into this queue, that nobody can take it.
    """

    ticket: Waiting
    stamp: str
    rules: str
    owner: str
    told: bool = False


def read(store: Store) -> dict[str, Entry]:
    """Return what was stored, by ticket."""
    rows = store.execute(f"SELECT {_COLUMNS} FROM routing_waiting")
    return {row[0]: _entry(row) for row in rows}


def save(store: Store, entries: Iterable[Entry]) -> None:
    """Store entries, over those of the same tickets."""
    sql = f"INSERT INTO routing_waiting ({_COLUMNS}) VALUES ({_MARKS}) ON CONFLICT (ticket) DO UPDATE SET {_ANEW}"
    store.execute_many(sql, [_row(one) for one in entries])


def drop(store: Store, tickets: Iterable[str]) -> None:
    """Forget tickets that no longer wait."""
    store.execute_many(
        "DELETE FROM routing_waiting WHERE ticket = ?", [(key,) for key in tickets]
    )


def _row(entry: Entry) -> list[Any]:
    one = entry.ticket
    return [
        one.key,
        entry.stamp,
        entry.rules,
        one.queue,
        one.rank,
        number_of(one.since),
        int(one.vip),
        json.dumps(one.asked) if one.asked else "",
        one.overtaken,
        one.previous,
        _names(one.earlier_handlers),
        _names(one.excluded),
        entry.owner,
        int(entry.told),
    ]


def _entry(row: tuple[Any, ...]) -> Entry:
    ticket, stamp, rules, queue, rank, since, vip, asked, overtaken, previous, *rest = row
    earlier, excluded, owner, told = rest
    waiting = Waiting(
        key=ticket,
        queue=queue,
        rank=rank,
        since=moment_of(since),
        vip=bool(vip),
        asked=tuple((skill, level) for skill, level in json.loads(asked)) if asked else (),
        overtaken=overtaken,
        previous=previous,
        earlier_handlers=_named(earlier),
        excluded=_named(excluded),
    )
    return Entry(ticket=waiting, stamp=stamp, rules=rules, owner=owner, told=bool(told))


def _names(names: frozenset[str]) -> str:
    return json.dumps(sorted(names)) if names else ""


def _named(text: str) -> frozenset[str]:
    return frozenset(json.loads(text)) if text else _NOBODY


_NOBODY: frozenset[str] = frozenset()
