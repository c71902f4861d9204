"""Stored text that somebody or something has spoilt: found where it is read, and named."""

from collections.abc import Iterator
from contextlib import contextmanager

from casewright.errors import DatabaseDamaged, Message

UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)
"""What reading a stored value that is not as it was written may raise."""


@contextmanager
def reading(what: Message) -> Iterator[None]:
    """Turn a failure to read `what` into DatabaseDamaged."""
    try:
        yield
    except UNREADABLE as error:
        raise DatabaseDamaged(what=what) from error


def as_bytes(column: str) -> str:
    """Return SQL for a column's stored bytes: those that are no UTF-8 any more must not stop the reading of what stands beside them."""
    return f"CASE typeof({column}) WHEN 'text' THEN CAST({column} AS BLOB) ELSE {column} END"
