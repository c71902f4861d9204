"""Goals 6 to 8: finding and sweeping due timers, however many are open."""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import timers as sweeping
from goal import Bench, Row, scaled
from interleaved import Ratio, Variant, measure

from casewright.clock import to_microseconds
from casewright.store.database import open_sqlite

FIND = (
    "SELECT due_at, ticket_id, name FROM timer WHERE due_at <= ?"
    " ORDER BY due_at, ticket_id, name LIMIT ?"
)


def rows(bench: Bench) -> Iterator[Row]:
    """Yield the rows of goals 6 to 8."""
    yield from _finding(bench)
    yield from _sweeping(bench, "natural")
    yield from _sweeping(bench, "shuffled")


class _Options:
    """What `timers.compare` is asked for."""

    synchronous = "FULL"
    no_command = False

    def __init__(self, bench: Bench) -> None:
        self.rounds, self.sizes = bench.scale.rounds, list(bench.scale.timers[:2])


def _finding(bench: Bench) -> Iterator[Row]:
    """Measure the store's search for what is due, on databases of each size, which it leaves as they are."""

    class Sizes(_Options):
        def __init__(self) -> None:
            super().__init__(bench)
            self.sizes = list(bench.scale.timers)

    made = list(sweeping._sizes(_folder(bench, "finding"), Sizes(), "natural"))[::2]
    variants = []
    for one in made:
        now, connection = to_microseconds(one.now), open_sqlite(one.config.database)
        variants.append(Variant(name=f"find {one.open}", run=_find(connection, now)))
        variants.append(Variant(name=f"idle {one.open}", run=_find(connection, 0)))
    found = measure(variants, rounds=bench.scale.rounds, operations=20)
    sizes = [one.open for one in made]
    for before, after in itertools.pairwise(sizes):
        for name in ("find", "idle"):
            what = "find 1,000 due timers" if name == "find" else "look when nothing is due"
            ratio = found.slowness(f"{name} {after}", base=f"{name} {before}")
            yield _row(
                "6",
                f"{what}: {after:,} open against {before:,}",
                ratio,
                1.2,
                "the store's index",
            )


def _find(connection: object, now: int) -> object:
    def run(looks: int) -> None:
        for _ in range(looks):
            connection.execute(FIND, (now, sweeping.DUE)).fetchall()  # type: ignore[attr-defined]

    return run


def _folder(bench: Bench, name: str) -> Path:
    path = bench.folder / name
    path.mkdir()
    return path


def _row(
    goal: str, what: str, ratio: Ratio, bound: float, how: str, *, least: bool = False
) -> Row:
    return Row(goal=goal, what=what, ratio=ratio, bound=bound, at_least=least, how=how)


def _sweeping(bench: Bench, order: str) -> Iterator[Row]:
    options = _Options(bench)
    found = sweeping.compare(_folder(bench, order), options, order)
    largest = found["sizes"][-1]
    smallest, most = options.sizes[0], options.sizes[-1]
    how = f"1,000 due, the worker's sweep, FULL, timers armed in {order} order"
    bound = 1.3 if order == "natural" else 6
    if order == "shuffled":
        how += "; what is armed anew comes in order, so this is not the worst case of the goal"
    what = f"sweep, {order}: {most:,} open against {smallest:,}"
    yield _row("7", what, _ratio(largest["to_smallest"]), bound, how)
    if order == "shuffled":
        return
    share = _ratio(largest["timer_to_bare_command"])
    yield _row("8", "a fired timer against a bare command", share, 0.10, how)
    speed = _ratio(largest["speed_to_bare_sql"])
    yield _row("8", "sweep against the same moves by bare SQL", speed, 0.5, how, least=True)


def _ratio(values: Sequence[float]) -> Ratio:
    return scaled(Ratio(median=values[0], low=values[1], high=values[2]), 1.0)
