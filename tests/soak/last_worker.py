"""The worker that comes when everybody else is dead, and does what is left."""

from datetime import timedelta
from pathlib import Path
from threading import Event

from casewright.delivery.channels import open_channel
from casewright.desk import Desk
from casewright.worker.loop import Worker

from . import time_site
from .shared_clock import SharedClock


def finish(desk: Desk, root: Path, clock: SharedClock) -> int:
    """Let a worker do everything that is left, in steps of half a minute; return how many timers there were."""
    working, fired = desk.working(), 0
    channels = {
        name: open_channel(one) for name, one in time_site.settings(root).channels.items()
    }
    clock.jump(timedelta(minutes=1))
    for _ in range(1000):
        last = Worker(
            working, channels, holder="the last", tell=lambda line: None, stop=Event()
        )
        fired += last.run(once=True).counts["fired"]
        moment = working.next_moment()
        if moment is None:
            return fired
        clock.set(max(moment, clock.now() + timedelta(seconds=30)))
    raise AssertionError("there is no end to it")
