"""How soon one person may be sent something again over one channel, counting all that was handed over before."""

from datetime import datetime, timedelta

from casewright.clock import from_microseconds, to_microseconds
from casewright.delivery import pacing
from casewright.desk.working.site import Site
from casewright.store import deliveries

OLDEST_DELIVERY = timedelta(days=7)
"""No attempt is made for a delivery that is older."""


def earliest(site: Site, *, recipient: str, via: str, but: int | None = None) -> datetime:
    """Return when the next may go: now, or when the channel's limits allow it; `but` is a delivery not to be counted.

    What lies in the future, because the clock has gone back, is not counted.
    """
    limits = site.config.limits.get(via, ())
    if not limits:
        return site.now
    since = site.now - max(one.within for one in limits)
    sent = deliveries.sent_since(
        site.database,
        recipient=recipient,
        via=via,
        since=to_microseconds(since),
        older=to_microseconds(since - OLDEST_DELIVERY),
        but=but,
    )
    moments = (from_microseconds(one) for one in sent)
    return pacing.earliest(limits, [one for one in moments if one <= site.now], site.now)
