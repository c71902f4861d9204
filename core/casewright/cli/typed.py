"""What people type on the command line for a moment or a number, and whose time a moment is that names no zone."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from casewright.cli.grammar import Given
from casewright.cli.session import Session
from casewright.errors import Message, UsageRefused, message
from casewright.queries import GetClocks

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

Parsed = TypeVar("Parsed")
_A_TIME = message("a time such as 2026-02-13T09:30")


def go_by(session: Session, ticket: str) -> None:
    """Read and tell times from here on as those of a ticket are told."""
    clocks = session.desk.ask(GetClocks(actor=session.actor, ticket=ticket))
    session.tell_times_in(clocks.zone)


def moment(
    session: Session, given: Given, key: str, wanted: Message = _A_TIME
) -> datetime | None:
    """Return a moment written in ISO 8601; the site's time where it names no zone."""
    written = given.text(key)
    if written is None:
        return None
    return parsed(written, partial(_local, zone=session.texts.timezone), wanted)


def parsed(written: str, kind: Callable[[str], Parsed], wanted: object) -> Parsed:
    """Return what `kind` makes of the text, or refuse the text as not being what is wanted."""
    try:
        return kind(written)
    except ValueError:
        raise UsageRefused(
            reason=message("'{written}' is not {wanted}", written=written, wanted=wanted)
        ) from None


def _local(written: str, zone: "ZoneInfo | None") -> datetime:
    """Return a moment of the site; ValueError where it is none, or one beyond all calendars."""
    from casewright.sla.local_time import moment_of

    try:
        found = datetime.fromisoformat(written.strip())
        if zone is not None and found.tzinfo is None:
            return moment_of(found, zone)
        return found.astimezone(UTC)
    except OverflowError:
        raise ValueError(written) from None
