"""What happened on a stage, read back from its histories and notices as anybody could read them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter

from casewright.answers import NoticeStory
from casewright.bilingual import Bilingual
from casewright.model import SYSTEM, Event, Ticket
from casewright.queries import GetClocks, GetHistory, GetNotice, ListNotices
from casewright.rehearse.play import Play
from casewright.rehearse.report import PromiseRun, Refusal, Row, RowKind, Told
from casewright.timekeeping import PromiseClock

_ARRIVED = ("delivered", "accepted", "unknown")
_GIVEN_UP = ("dead", "rejected", "expired", "cancelled")
_ANSWERS = ("NoticeTaken", "NoticeRefused")
_PAGE = 500


def notices_told(play: Play) -> list[Told]:
    """Return every notice there is, the oldest first."""
    found: list[Told] = []
    after: int | None = None
    while True:
        query = ListNotices(actor=SYSTEM, after=after, limit=_PAGE)
        page = play.stage.desk.ask_as_system(query)
        found += [_told(play, one.number) for one in page.notices]
        after = page.after
        if after is None:
            return found[::-1]


def histories(play: Play, tickets: Iterable[Ticket]) -> dict[str, Sequence[Event]]:
    """Return the events of each ticket by its key."""
    desk = play.stage.desk
    return {
        one.key: desk.ask_as_system(GetHistory(actor=SYSTEM, ticket=one.key)) for one in tickets
    }


def rows(
    events: Iterable[Event], told: Iterable[Told], refused: Iterable[Refusal]
) -> list[Row]:
    """Return everything that happened in its order: at one moment what was done, then who was told."""
    found = [Row(at=one.at, kind=_kind(one), ticket=one.ticket, happened=one) for one in events]
    found += [
        Row(at=one.at, kind="refusal", ticket=one.ticket, happened=one) for one in refused
    ]
    found += [_notice_row(one) for one in told]
    return sorted(found, key=lambda one: (one.at, _order(one)))


def _order(row: Row) -> int:
    """What was done comes first, then who was told of it, then who answered that."""
    answered = isinstance(row.happened, Event) and row.happened.kind in _ANSWERS
    return 2 if answered else int(row.kind == "notice")


def promise_runs(
    play: Play, ticket: Ticket, events: Sequence[Event], told: Sequence[Told]
) -> Iterator[PromiseRun]:
    """Yield how each run of each promise went, in the order of their beginnings."""
    query = GetClocks(actor=SYSTEM, ticket=ticket.key)
    standings = play.stage.desk.ask_as_system(query).clocks
    titles = {one.clock.promise: one.title for one in standings}
    now = {one.clock.promise: one.clock for one in standings}
    for clock in sorted(_runs(events), key=attrgetter("started_at")):
        last = now.get(clock.promise)
        shown = last if last is not None and last.run == clock.run else clock
        mine = [one for one in told if _is_of(one, ticket, clock)]
        yield PromiseRun(
            ticket=ticket.key,
            promise=clock.promise,
            title=titles.get(clock.promise, Bilingual(en=clock.promise, zh=clock.promise)),
            run=clock.run,
            state=shown.state,
            started_at=clock.started_at,
            due_at=shown.due_at,
            breached_at=shown.breached_at,
            ended_at=shown.ended_at,
            warned=tuple(one for one in mine if _before(one, shown)),
            told=tuple(one for one in mine if not _before(one, shown)),
        )


def _runs(events: Sequence[Event]) -> Iterable[PromiseClock]:
    """Return each run as it was last; one that was begun anew while it ran ended then."""
    found: dict[tuple[str, int], PromiseClock] = {}
    for event in events:
        for name, clock in event.changes.get("clocks", {}).items():
            for one in [
                at for at in found if at[0] == name and (clock is None or at[1] > clock.run)
            ]:
                del found[one]
            if clock is None:
                continue
            before = found.get((name, clock.run - 1))
            if before is not None and before.open:
                ended = replace(before, ended_at=event.at, end="cancelled")
                found[name, before.run] = ended
            found[name, clock.run] = clock
    return found.values()


def _before(told: Told, clock: PromiseClock) -> bool:
    """Whether a notice was promised while the clock could still be kept."""
    return clock.breached_at is None or told.notice.created_at < clock.breached_at


def _is_of(told: Told, ticket: Ticket, clock: PromiseClock) -> bool:
    notice = told.notice
    return (notice.ticket, notice.promise, notice.run) == (
        ticket.key,
        clock.promise,
        clock.run,
    )


def _told(play: Play, number: int) -> Told:
    story: NoticeStory = play.stage.desk.ask_as_system(GetNotice(actor=SYSTEM, notice=number))
    hops = story.hops
    arrived = next((one.at for one in hops if one.state in _ARRIVED), None)
    detail = next((one.detail for one in reversed(hops) if one.detail is not None), None)
    return Told(story=story, arrived_at=arrived, detail=detail)


def _notice_row(told: Told) -> Row:
    hops = told.story.hops
    given_up = next((one.at for one in hops if one.state in _GIVEN_UP), told.notice.created_at)
    at = told.arrived_at or given_up
    return Row(at=at, kind="notice", ticket=told.notice.ticket, happened=told)


def _kind(event: Event) -> RowKind:
    if "timer" in event.facts:
        return "timer"
    moved = "state" in event.changes or event.kind in ("TransitionFired", "VoteCast")
    return "transition" if moved else "event"
