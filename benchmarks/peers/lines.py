"""How a peer is told what to do, over its standard input: `run WHAT N`; it answers with the nanoseconds that it took.

Nothing of casewright is imported here: a peer runs in an environment of its own.
"""

import os
import sys
import time
from collections.abc import Callable, Mapping

_ANSWERS = os.fdopen(os.dup(1), "w", buffering=1)
# What a peer prints by itself, from its first import on, must not come between our lines.
os.dup2(2, 1)


def must_be_durable(ask: Callable[[str], object]) -> None:
    """Stop unless a connection, asked by `ask` for the value of a pragma, is in WAL mode and FULL: else it is no comparison."""
    found = ask("PRAGMA journal_mode"), ask("PRAGMA synchronous")
    if found != ("wal", 2):
        raise SystemExit(f"not durable as the others are: {found}")


def serve(version: str, works: Mapping[str, Callable[[], object]]) -> None:
    """Say what is here, then do as the lines say, until there are no more."""
    print("ready", version, *works, file=_ANSWERS)
    for line in sys.stdin:
        _, what, times = line.split()
        once = works[what]
        begun = time.perf_counter_ns()
        for _ in range(int(times)):
            once()
        print(time.perf_counter_ns() - begun, file=_ANSWERS)
    os._exit(0)  # Some of them keep threads that would not end.
