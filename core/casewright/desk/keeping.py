"""What people keep for themselves alone, on no record: drafts and preferences, each within limits that are said."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from casewright import compact_json
from casewright.answers import SavedDraft
from casewright.clock import from_microseconds, to_microseconds
from casewright.commands import Command, DiscardDraft, SaveDraft, SavePreference
from casewright.errors import CommandRefused, message
from casewright.queries import ListDrafts, ListPreferences
from casewright.store import keeping
from casewright.store.damage import reading
from casewright.store.database import Database

if TYPE_CHECKING:
    from casewright.desk.asking import Asking

KEPT_FOR = timedelta(days=30)
"""So long a draft is kept after it was kept last."""
MOST_BYTES = 64 * 1024
MOST_DRAFTS, MOST_PREFERENCES = 200, 50
LONGEST_NAME = 200


def handles(kind: type[Command]) -> bool:
    """Return whether commands of this kind are carried out here."""
    return kind in _PARTS


def carry_out(database: Database, command: Command, now: datetime) -> None:
    """Carry out one of these commands in the transaction that is open; said again it comes to the same."""
    _PARTS[type(command)](database, command, now)


def list_drafts(asking: "Asking", query: ListDrafts) -> tuple[SavedDraft, ...]:
    """The asker's drafts, the newest first."""
    since = to_microseconds(asking.now - KEPT_FOR)
    with reading(message("the drafts of {person}", person=asking.asker.name)):
        return tuple(
            SavedDraft(
                about=one.about,
                ticket=one.ticket,
                values=compact_json.decode(one.body),
                at=from_microseconds(one.at),
            )
            for one in keeping.drafts(asking.database, asking.asker.name, since)
        )


def list_preferences(asking: "Asking", query: ListPreferences) -> Mapping[str, Any]:
    """The asker's preferences, by name."""
    with reading(message("the preferences of {person}", person=asking.asker.name)):
        found = keeping.preferences(asking.database, asking.asker.name)
        return {name: compact_json.decode(body) for name, body in found.items()}


def forget_old(database: Database, now: datetime) -> None:
    """Keep drafts no more that nobody has kept again for long; in a transaction of its own."""
    before = to_microseconds(now - KEPT_FOR)
    with database.read():
        if not keeping.has_drafts(database, before):
            return
    with database.write():
        keeping.forget_drafts(database, before)


def _save_draft(database: Database, command: SaveDraft, now: datetime) -> None:
    _must_be_named(command.about)
    body = _written(dict(command.values))
    keeping.forget_drafts(database, to_microseconds(now - KEPT_FOR))
    known = {one.about for one in keeping.drafts(database, command.actor, 0)}
    if command.about not in known and len(known) >= MOST_DRAFTS:
        template = "{count} drafts are kept for you, which is the most: submit or discard some"
        raise CommandRefused(reason=message(template, count=len(known)))
    draft = keeping.Draft(command.about, command.ticket, body, to_microseconds(now))
    keeping.save_draft(database, command.actor, draft)


def _discard_draft(database: Database, command: DiscardDraft, now: datetime) -> None:
    keeping.discard(database, command.actor, command.about)


def _save_preference(database: Database, command: SavePreference, now: datetime) -> None:
    if command.value is None:
        keeping.forget_preference(database, command.actor, command.name)
        return
    _must_be_named(command.name)
    body = _written(command.value)
    known = keeping.preferences(database, command.actor)
    if command.name not in known and len(known) >= MOST_PREFERENCES:
        template = "{count} preferences are kept for you, which is the most: forget some"
        raise CommandRefused(reason=message(template, count=len(known)))
    moment = to_microseconds(now)
    keeping.save_preference(database, command.actor, command.name, body, moment)


def _must_be_named(name: str) -> None:
    if not name.strip() or len(name) > LONGEST_NAME:
        template = "what is kept needs a name of 1 to {most} characters"
        raise CommandRefused(reason=message(template, most=LONGEST_NAME))


def _written(value: Any) -> str:
    try:
        body = compact_json.encode(value)
        size = len(body.encode())
    except (TypeError, ValueError, RecursionError):
        raise CommandRefused(reason=message("what is kept must be plain data")) from None
    if size > MOST_BYTES:
        template = "it is {size} bytes, and at most {most} are kept"
        raise CommandRefused(reason=message(template, size=size, most=MOST_BYTES))
    return body


_PARTS: Mapping[type[Command], Callable[[Database, Any, datetime], None]] = {
    SaveDraft: _save_draft,
    DiscardDraft: _discard_draft,
    SavePreference: _save_preference,
}
