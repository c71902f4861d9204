"""Goal 9: pages of queues, over ten thousand tickets and over a million."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from goal import Bench, Row
from interleaved import Ratio, Variant, measure
from seeding import seeded

from casewright.config import Config
from casewright.desk import Desk, open_desk
from casewright.queries import ListQueue
from casewright.store.database import Connection, Cursor, open_sqlite

PAGE = 50
FAR = 15_000
ASKER = "root"


class Listening:
    """A connection that keeps the last statement that it was given, and what with."""

    def __init__(self, path: Path) -> None:
        self._connection = open_sqlite(path)
        self.close, self.said = self._connection.close, [("", ())]

    def execute(self, statement: str, parameters: Sequence[Any] = (), /) -> Cursor:
        """Keep the statement and run it."""
        self.said.append((statement, tuple(parameters)))
        return self._connection.execute(statement, parameters)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return bool(self._connection.in_transaction)  # type: ignore[attr-defined]


def rows(bench: Bench) -> Iterator[Row]:
    """Yield the rows of goal 9."""
    small, large = (
        seeded(bench.folder / f"queue-{size}", size, 50) for size in bench.scale.queues
    )
    with ExitStack() as closing:
        few, many = (closing.enter_context(open_desk(one)) for one in (small, large))
        variants = [
            Variant(name="few", run=_first(few)),
            Variant(name="many", run=_first(many)),
            Variant(name="far", run=_far(many, min(FAR, bench.scale.queues[1] // 4))),
            Variant(name="raw", run=_raw(large)),
        ]
        found = measure(variants, rounds=bench.scale.rounds, operations=10)
    few_many = "{:,} tickets against {:,}".format(*reversed(bench.scale.queues))
    how = f"ListQueue of {PAGE} at the desk, every ticket in sight"
    yield _row("9", f"first page: {few_many}", found.slowness("many", base="few"), 1.3, how)
    yield _row(
        "9", "page far down against the first", found.slowness("far", base="many"), 1.3, how
    )
    yield _row(
        "9", "first page against its bare SQL", found.slowness("many", base="raw"), 2.0, how
    )


def _row(goal: str, what: str, ratio: Ratio, bound: float, how: str) -> Row:
    return Row(goal=goal, what=what, ratio=ratio, bound=bound, at_least=False, how=how)


def _first(desk: Desk) -> Callable[[int], None]:
    return _pages(desk, ListQueue(actor=ASKER, limit=PAGE))


def _far(desk: Desk, row: int) -> Callable[[int], None]:
    place = desk.ask(ListQueue(actor=ASKER, skip=row, limit=1)).rows[-1].position
    return _pages(desk, ListQueue(actor=ASKER, after=place, limit=PAGE))


def _pages(desk: Desk, query: ListQueue) -> Callable[[int], None]:
    def run(pages: int) -> None:
        for _ in range(pages):
            assert len(desk.ask(query).rows) == PAGE

    return run


def _raw(config: Config) -> Callable[[int], None]:
    """Return the statements of a first page as the desk says them, run on a bare connection."""
    heard: list[Listening] = []

    def driver(path: Path) -> Connection:
        heard.append(Listening(path))
        return heard[-1]

    with open_desk(config, driver=driver) as desk:
        query = ListQueue(actor=ASKER, limit=PAGE)
        desk.ask(query)
        heard[0].said.clear()
        desk.ask(query)
        said = [one for one in heard[0].said if "FROM ticket" in one[0]]
    connection = open_sqlite(config.database)

    def run(pages: int) -> None:
        for _ in range(pages):
            for statement, parameters in said:
                connection.execute(statement, parameters).fetchall()

    return run
