"""A large workspace looked at as people do: `python benchmarks/large.py WORKSPACE --as NAME`, beside a file or on a server.

Medians on the clock of one process that asks the desk itself, each question a few times after one that is not counted. `seeding.py`
makes such a workspace, and `casewright db copy` brings it to a server.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from casewright.config import read_config
from casewright.desk import Desk, open_desk
from casewright.model import SYSTEM
from casewright.queries import (
    GetActions,
    GetBoard,
    GetHistory,
    GetSummary,
    GetTicket,
    GetWallboard,
    ListQueue,
    ListTickets,
    Query,
)

TIMES = 15
PAGE = 50
FAR = 15_000


def looked(desk: Desk, who: str) -> Iterator[tuple[str, float, float]]:
    """Yield what was asked, and its median and worst in milliseconds."""
    place = desk.ask(ListQueue(actor=who, skip=FAR, limit=1)).rows[-1].position
    key = desk.ask(ListQueue(actor=who, skip=FAR // 2, limit=1)).rows[-1].key
    asked: dict[str, Query] = {
        "first page of a queue": ListQueue(actor=who, limit=PAGE),
        f"page after row {FAR:,}": ListQueue(actor=who, after=place, limit=PAGE),
        "a ticket": GetTicket(actor=who, ticket=key),
        "its history": GetHistory(actor=who, ticket=key),
        "what may be done with it": GetActions(actor=who, ticket=key),
        "search: two words": ListTickets(actor=who, text="fibre Tariff", limit=PAGE),
        "search: Han": ListTickets(actor=who, text="移机预约", limit=PAGE),
        "totals by state": GetBoard(actor=who),
        "one's own summary": GetSummary(actor=who),
        "the wallboard": GetWallboard(actor=who),
    }
    for name, query in asked.items():
        yield (name, *_timed(lambda query=query: desk.ask(query)))  # type: ignore[misc]
    working = desk.working()
    yield ("when the next timer is due", *_timed(working.next_moment))
    yield ("a sweep that finds nothing", *_timed(working.sweep))


def _timed(ask: Callable[[], object]) -> tuple[float, float]:
    ask()
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        ask()
        taken.append(1_000 * (time.perf_counter() - began))
    return statistics.median(taken), max(taken)


def main() -> None:
    """Look, and print a line for each question."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--as", dest="who", default="root")
    options = parser.parse_args()
    with open_desk(read_config(options.workspace)) as desk:
        board = desk.ask_as_system(GetBoard(actor=SYSTEM))
        print(f"{sum(one.tickets for one in board):,} tickets")
        for name, median, worst in looked(desk, options.who):
            print(f"{name:32} {median:9.2f} ms  worst {worst:9.2f} ms", flush=True)


if __name__ == "__main__":
    main()
