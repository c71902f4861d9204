"""Goal 5: commands on PostgreSQL against psycopg running the same statements one by one, on a server of the benchmark's own."""

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
from bare import Bare, Texts, texts
from goal import Bench, Row
from goal_commands import _own, _times
from interleaved import Variant, measure
from job_workspace import Steps, fire, make

from casewright.config import Config
from casewright.desk import open_desk
from casewright.desk.shared_desk import open_shared_desk
from casewright.store.postgres_dialect import translated

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.postgres.own_server import Server, missing, running

CALLERS = 32
DURABLE = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "autovacuum": "on",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
}
_HOW = "the desk against psycopg 3 running the same statements one by one, prepared, synchronous_commit on"
_WHAT = (
    ("command, 1 caller", 1.0, "desk"),
    (f"{CALLERS} callers on one connection", 5.0, "callers"),
)


def rows(bench: Bench) -> Iterator[Row]:
    """Yield the rows of goal 5; without a server they say why there are none."""
    why = missing()
    if why:
        for what, bound, _ in _WHAT:
            yield _row(what, None, bound, why)
        return
    with running(**DURABLE) as server:
        found = _compared(bench, server)
    for what, bound, name in _WHAT:
        yield _row(what, found.speed(name, base="plain"), bound)


def _row(what: str, ratio: Any, bound: float, why: str = "") -> Row:
    return Row(
        goal="5", what=f"PostgreSQL: {what}", ratio=ratio, bound=bound, at_least=True, how=_HOW,
        why=why,
    )  # fmt: skip


def _compared(bench: Bench, server: Server) -> Any:
    sample = make(bench.folder / "sample", 2)
    steps = texts(sample)
    made = make(bench.folder / "served", bench.scale.tickets, postgres=server.address())
    keys = [row[0] for row in _asked(made, 'SELECT "key" FROM ticket ORDER BY id')]
    others = [_copied(made, name) for name in ("plain", "callers")]
    with ExitStack() as closing:
        desk = closing.enter_context(open_desk(made))
        plain = Plain(others[0], steps)
        closing.callback(plain.close)
        shared = closing.enter_context(open_shared_desk(others[1]))
        mine, theirs = Steps(keys, filled=True), Steps(keys, filled=True)
        each = _own(keys, CALLERS)
        pool = closing.enter_context(ThreadPoolExecutor(CALLERS))

        def together(commands: int) -> None:
            share = commands // CALLERS
            list(pool.map(lambda own: _times(lambda: fire(shared, *own.next()))(share), each))

        variants = (
            Variant(name="desk", run=_times(lambda: fire(desk, *mine.next()))),
            Variant(name="plain", run=_times(lambda: plain.committed(*theirs.next()))),
            Variant(name="callers", run=together),
        )
        operations = max(CALLERS, bench.scale.commands // CALLERS * CALLERS)
        return measure(variants, rounds=bench.scale.rounds, operations=operations)


class Plain(Bare):
    """The same steps by bare statements on one connection to the server."""

    def __init__(self, config: Config, steps: dict[tuple[str, int], Texts]) -> None:
        self._made = psycopg.connect(
            config.postgres, autocommit=True, cursor_factory=psycopg.RawCursor
        )
        super().__init__(config, steps, driver=lambda _: self)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Run a statement of the store's; SQLite's pragmas mean nothing here."""
        if sql.startswith("PRAGMA"):
            return None
        return self._made.execute(translated(sql), parameters)

    def committed(self, key: str, transition: str, note: int) -> None:
        """Write what one command writes, and commit it."""
        self.execute("BEGIN")
        self.step(key, transition, note)
        self.execute("COMMIT")

    def close(self) -> None:
        """Close the connection."""
        self._made.close()


def _copied(config: Config, name: str) -> Config:
    """Return the settings of a copy of the workspace, in a database of its own beside it."""
    with psycopg.connect(config.postgres, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = 'postgres'"
        )
    apart = config.postgres.replace("/postgres?", "/template1?", 1)
    with psycopg.connect(apart, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE postgres'.encode())
    return replace(config, postgres=config.postgres.replace("/postgres?", f"/{name}?", 1))


def _asked(config: Config, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(config.postgres) as connection:
        return connection.execute(sql.encode()).fetchall()
