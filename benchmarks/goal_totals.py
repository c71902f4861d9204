"""Goal 10: totals by state over a million tickets, against counting them; and what keeping them costs a command."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

from goal import Bench, Row, shifted
from goal_commands import GROUP, _times
from interleaved import Variant, measure
from job_workspace import Steps, copied, fire, keys_of, make
from seeding import seeded

from casewright.config import Config, Synchronous
from casewright.desk import open_desk
from casewright.store import tallies
from casewright.store.database import Database, open_sqlite

COUNT = (
    "SELECT workflow, bundle, state, count(*), count(*) - count(handler) FROM ticket"
    " GROUP BY workflow, bundle, state"
)
INDEX = "CREATE INDEX benchmark_states ON ticket (workflow, bundle, state, handler)"
TRIGGERS = ("tally_new", "tally_gone", "tally_moved")


def rows(bench: Bench) -> Iterator[Row]:
    """Yield the rows of goal 10."""
    yield _shown(bench)
    config = make(bench.folder / "totals", bench.scale.tickets)
    yield _upkeep(bench, config, "FULL", "one caller, FULL", 1, 0.20)
    yield _upkeep(bench, config, "NORMAL", f"{GROUP} commands a commit", GROUP, 0.08)


def _shown(bench: Bench) -> Row:
    size = bench.scale.queues[1]
    config = seeded(bench.folder / "totals-of-many", size, 50)
    with closing(open_sqlite(config.database)) as plain:
        plain.execute(INDEX)
        database = Database(config.database)

        def kept(times: int) -> None:
            for _ in range(100 * times):
                tallies.kept(database)

        def counted(times: int) -> None:
            for _ in range(times):
                plain.execute(COUNT).fetchall()

        variants = (Variant(name="kept", run=kept), Variant(name="counted", run=counted))
        found = measure(variants, rounds=bench.scale.rounds, operations=4)
        database.close()
    speed = found.speed("kept", base="counted")
    hundredfold = type(speed)(
        median=100 * speed.median, low=100 * speed.low, high=100 * speed.high
    )
    return Row(
        goal="10",
        what=f"totals by state over {size:,} tickets, against COUNT",
        ratio=hundredfold,
        bound=200,
        at_least=True,
        how="the rows that the board is made of, against COUNT along an index that holds all that is asked",
    )


def _upkeep(
    bench: Bench, config: Config, synchronous: Synchronous, what: str, group: int, bound: float
) -> Row:
    with ExitStack() as leaving:
        variants = []
        for name, kept in (("kept", True), ("not", False)):
            own = copied(config, f"{name}-{group}", synchronous)
            if not kept:
                with closing(open_sqlite(own.database)) as plain:
                    for trigger in TRIGGERS:
                        plain.execute(f"DROP TRIGGER {trigger}")
            desk = leaving.enter_context(open_desk(own))
            variants.append(
                Variant(name=name, run=_groups(desk, Steps(keys_of(own), filled=True), group))
            )
        groups = max(2, bench.scale.commands // group)
        found = measure(variants, rounds=bench.scale.rounds, operations=groups)
    return Row(
        goal="10",
        what=f"what keeping them costs: {what}",
        ratio=shifted(found.slowness("kept", base="not"), -1),
        bound=bound,
        at_least=False,
        how="commands that change the state, with the triggers and without them",
    )


def _groups(desk: object, steps: Steps, group: int) -> Callable[[int], None]:
    def once() -> None:
        if group == 1:
            fire(desk, *steps.next())  # type: ignore[arg-type]
            return
        with desk.batch():  # type: ignore[attr-defined]
            _times(lambda: fire(desk, *steps.next()))(group)  # type: ignore[arg-type]

    return _times(once)
