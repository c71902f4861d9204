"""A worker that works on a fast clock until it is ended: `python -m tests.soak.long_worker WORKSPACE`."""

import sys
from pathlib import Path
from threading import Event

from casewright.config import read_config
from casewright.desk import open_desk
from casewright.worker.holders import holder_here
from casewright.worker.loop import Worker

from .shared_clock import SharedClock


def main(root: Path) -> None:
    """Work."""
    with open_desk(read_config(root), clock=SharedClock(root / "clock")) as desk:
        working = desk.working(among_others=True)
        channels = working.open_channels()
        Worker(
            working, channels, holder=holder_here(), tell=lambda line: None, stop=Event()
        ).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
