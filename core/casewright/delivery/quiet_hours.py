"""When a notice may go out: neither in quiet hours nor outside of working time, but never too late."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

from casewright.settings.delivering import QuietHours


def may_go(
    now: datetime,
    *,
    quiet: QuietHours | None,
    zone: tzinfo,
    next_working: Callable[[datetime], datetime],
    due: datetime | None,
) -> datetime:
    """Return when a notice that is ready `now` may go: `now`, or the first working moment that is not quiet.

    A notice whose deadline falls before that moment goes now. Quiet hours are those of the wall clock
    in `zone`; `next_working` returns its argument when that is working time, else the start of the
    next. Where quiet hours leave no working time at all, the notice goes now: late at night is better
    than never. A notice on screen is held by nobody, and not asked about here.
    """
    moment = _first_allowed(now, quiet, zone, next_working)
    if moment is None or (due is not None and due <= moment):
        return now
    return moment


def quiet_until(moment: datetime, quiet: QuietHours, zone: tzinfo) -> datetime:
    """Return the end of the quiet hours that `moment` lies in, or `moment` itself when it is not quiet."""
    local = moment.astimezone(zone)
    clock, before_midnight = local.time(), False
    if quiet.until < quiet.start:
        before_midnight = clock >= quiet.start
        is_quiet = before_midnight or clock < quiet.until
    else:
        is_quiet = quiet.start <= clock < quiet.until
    if not is_quiet:
        return moment
    day = local.date() + timedelta(days=before_midnight)
    ends = datetime.combine(day, quiet.until, tzinfo=zone)
    # Where the clock is put back, the end comes twice; from between the two, the second one is meant.
    both = (ends.astimezone(UTC), ends.replace(fold=1).astimezone(UTC))
    return next((end for end in both if end > moment), moment)


_LONGEST_SEARCH = 40
"""So many nights are passed in search; a holiday is one step, whatever its length."""


def _first_allowed(
    now: datetime,
    quiet: QuietHours | None,
    zone: tzinfo,
    next_working: Callable[[datetime], datetime],
) -> datetime | None:
    moment = now
    for _ in range(_LONGEST_SEARCH):
        later = next_working(quiet_until(moment, quiet, zone) if quiet else moment)
        if later == moment:
            return moment
        moment = later
    return None
