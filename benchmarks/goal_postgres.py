"""Goal 5: commands on PostgreSQL; not measured before the store works there."""

from collections.abc import Iterator

from goal import Bench, Row

_WHY = "the store has no PostgreSQL yet"
_HOW = (
    "the desk against psycopg 3 running the same statements one by one, synchronous_commit on"
)


def rows(bench: Bench) -> Iterator[Row]:
    """Yield the rows of goal 5."""
    for what, bound in (("command, 1 caller", 1.0), ("32 callers on one connection", 5.0)):
        yield Row(
            goal="5", what=f"PostgreSQL: {what}", ratio=None, bound=bound, at_least=True, how=_HOW,
            why=_WHY,
        )  # fmt: skip
