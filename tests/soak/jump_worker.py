"""A worker that is killed now and then, on a clock that is put forward and back by hours and days while it works.

`python -m soak.jump_worker WORKSPACE [SABOTAGE]` does that and prints, as JSON, what went wrong.
"""

import json
import os
import random
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from .kill_worker import end, listen, say
from .sabotage import SABOTAGES
from .shared_clock import SharedClock
from .time_killer import work

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JUMPS = (HOUR, -HOUR, HOUR, HOUR, -DAY, HOUR, DAY, -HOUR, 3 * HOUR, -DAY, DAY, DAY, -DAY, DAY)
"""What the clock does while the worker works: each for a while, then the next."""
LONGEST_WHILE = 0.25
"""Seconds from a renewal of the lease to the latest moment of the next jump or kill."""


def run(root: Path, sabotage: str) -> list[dict[str, Any]]:
    """Put the clock forward and back, and kill the worker after every other time; return what it said."""
    chance, clock = random.Random(5), SharedClock(root / "clock")
    heard, pipe = os.pipe()
    said: list[dict[str, Any]] = []
    rest = b""
    process = _spawn(root, pipe, sabotage)
    for number, jump in enumerate(JUMPS):
        rest = listen(heard, rest, said, chance.random() * LONGEST_WHILE)
        clock.jump(jump)
        if number % 2:
            rest = listen(heard, rest, said, chance.random() * LONGEST_WHILE)
            end(process)
            process = _spawn(root, pipe, sabotage)
    rest = listen(heard, rest, said, LONGEST_WHILE)
    end(process)
    listen(heard, rest, said, 0)
    return [one for one in said if "crashed" in one]


def _spawn(root: Path, pipe: int, sabotage: str) -> int:
    process = os.fork()
    if process:
        return process
    try:
        SABOTAGES[sabotage]()
        work(root, pipe)
    except BaseException as error:
        say(pipe, {"crashed": repr(error)[:400]})
        raise
    finally:
        os._exit(1)


if __name__ == "__main__":
    workspace, *name = sys.argv[1:]
    json.dump(run(Path(workspace), name[0] if name else ""), sys.stdout)
