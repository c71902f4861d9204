"""Statements that are put off come to the same as those run at once, whatever parts of the transaction are undone."""

from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.store import database as store
from casewright.store.database import Database
from casewright.store.put_off import PutOff

_NAMES = st.sampled_from("abcd")
_STEPS = st.deferred(
    lambda: st.lists(
        st.one_of(
            st.tuples(st.just("put"), _NAMES, st.integers(0, 99)),
            st.tuples(st.just("look"), st.none(), st.none()),
            st.tuples(st.just("part"), st.booleans(), _STEPS),
        ),
        max_size=6,
    )
)
_SET = "INSERT INTO said (name, number) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET number = excluded.number"


class _Undone(Exception):
    pass


@settings(max_examples=150, deadline=None)
@given(steps=_STEPS, most=st.integers(1, 5))
def test_what_is_put_off_comes_to_what_was_said_at_once(tmp_path_factory, steps, most):
    assert _differences(tmp_path_factory.mktemp("said"), steps, most) == []


def test_parts_that_take_nothing_back_are_found_out(tmp_path, monkeypatch):
    monkeypatch.setattr(PutOff, "back_to", lambda self, mark: None)

    assert _differences(tmp_path, [("part", True, [("put", "a", 1)])], 5)


def test_statements_run_within_a_part_that_is_undone_are_run_again(tmp_path):
    steps = [("put", "a", 1), ("part", True, [("look", None, None)])]

    assert _differences(tmp_path, steps, 5) == []


def test_statements_that_are_forgotten_when_their_part_is_undone_are_found_out(
    tmp_path, monkeypatch
):
    def forgetful(self: PutOff) -> Any:
        waiting, self._waiting = self._waiting, {}
        for statements in waiting.values():
            yield from statements

    monkeypatch.setattr(PutOff, "taken", forgetful)

    assert _differences(tmp_path, [("put", "a", 1), ("part", True, [("look", None, None)])], 5)


def _differences(folder: Any, steps: list[Any], most: int) -> list[Any]:
    """Return what two databases hold of the steps, one putting off and one not, wherever they differ."""
    store.MOST_PUT_OFF, before = most, store.MOST_PUT_OFF
    try:
        with (
            closing(_made(folder / "later.db")) as later,
            closing(_made(folder / "now.db")) as now,
        ):
            put_off = _walked(later, steps, lambda name, *said: later.put_off(name, said))
            at_once = _walked(now, steps, lambda name, sql, values: now.execute(sql, values))
    finally:
        store.MOST_PUT_OFF = before
    return [pair for pair in zip(put_off, at_once, strict=True) if pair[0] != pair[1]]


def _made(path: Any) -> Database:
    database = Database(path, synchronous="OFF")
    database.execute("CREATE TABLE said (name TEXT PRIMARY KEY, number INTEGER)")
    return database


def _walked(database: Database, steps: list[Any], say: Callable[..., Any]) -> list[Any]:
    """Return what is seen at each look, and in the end."""
    seen: list[Any] = []
    with database.write():
        _walk(database, steps, say, seen)
    return [*seen, _all(database)]


def _walk(
    database: Database, steps: list[Any], say: Callable[..., Any], seen: list[Any]
) -> None:
    for kind, name, value in steps:
        if kind == "put":
            say(name, _SET, (name, value))
        elif kind == "look":
            database.catch_up()
            seen.append(_all(database))
        else:
            with suppress(_Undone), database.write():
                _walk(database, value, say, seen)
                if name:
                    raise _Undone


def _all(database: Database) -> list[Any]:
    return database.execute("SELECT name, number FROM said ORDER BY name").fetchall()
