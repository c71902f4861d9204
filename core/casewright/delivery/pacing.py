"""How often one person may be told over one channel: the earliest moment that keeps within all limits."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from casewright.settings.delivering import Limit


def earliest(limits: Sequence[Limit], others: Iterable[datetime], now: datetime) -> datetime:
    """Return the first moment from `now` on at which one more may go, between and after `others`.

    `others` are the moments of all other sends to this person over this channel, those already
    settled for later included; their order does not matter. Some moment is always found.
    """
    sent = sorted(others)
    moment = now
    for start, end in sorted(_closed(limits, sent)):
        if start < moment < end:
            moment = end
    return moment


def _closed(
    limits: Sequence[Limit], sent: Sequence[datetime]
) -> Iterator[tuple[datetime, datetime]]:
    """Return the open intervals in which one more would be the one too many."""
    for limit in limits:
        for first, last in zip(sent, sent[limit.count - 1 :], strict=False):
            if last - first < limit.within:
                yield last - limit.within, first + limit.within
