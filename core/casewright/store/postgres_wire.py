"""Statements sent to PostgreSQL behind one another: the way to the server is gone when somebody reads an answer, for all that were said.

It speaks through psycopg's own libpq (`psycopg.pq`) and reads and writes values with psycopg's adapters (`psycopg.adapt`).
`docs/decisions/0040` has the reason and the figures.
"""

import select
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any, NamedTuple

import psycopg
from psycopg import pq
from psycopg.abc import Transformer as AbstractTransformer
from psycopg.adapt import PyFormat, Transformer

PREPARED_FROM = 3
"""The server plans a statement anew until it was said so often."""
MOST_PREPARED = 300
MOST_WAITING = 256
"""So many statements wait at most to be sent; then they are."""
_SHAPES_CHANGE = (b"ALTER", b"DROP")
_PLAN_IS_OLD = (b"0A000", b"26000")
_DIVIDED_BY_NOTHING = b"22012"
_READ, _WRITE = select.POLLIN, select.POLLOUT
_LOST = "the connection is gone"
_NOT_DONE = "a statement before this one has failed"


_Key = tuple[bytes, tuple[int, ...]]
"""What the server plans once: a statement, and the types of its values."""


class Answer:
    """What a statement will have found or done; reading it sends the statement, with those before it."""

    __slots__ = (
        "_place", "_rows", "_wire", "formats", "otherwise", "parameters", "result", "sql", "types",
    )  # fmt: skip

    def __init__(
        self,
        wire: "Wire",
        sql: bytes,
        adapter: "AbstractTransformer",
        parameters: Sequence[Any],
    ) -> None:
        self._wire, self.sql = wire, sql
        self.parameters = adapter.dump_sequence(parameters, [PyFormat.AUTO] * len(parameters))
        self.types, self.formats = adapter.types or (), adapter.formats
        self.result: pq.abc.PGresult | None = None
        self.otherwise: Callable[[], Exception] | None = None
        """Makes what is raised where the statement divides by the rows it changed, and changed none."""
        self._rows: list[Any] | None = None
        self._place = 0

    def _found(self) -> "pq.abc.PGresult":
        if self.result is None:
            self._wire.settle()
        if self.result is None:
            raise psycopg.errors.InFailedSqlTransaction(_NOT_DONE)
        return self.result

    def fetchall(self) -> list[Any]:
        """Return the rows that were not fetched yet."""
        if self._rows is None:
            self._rows = self._wire.rows(self._found())
        rows = self._rows[self._place :] if self._place else self._rows
        self._place = len(self._rows)
        return rows

    def fetchone(self) -> Any:
        """Return the next row or None."""
        if self._rows is None:
            self._rows = self._wire.rows(self._found())
        if self._place >= len(self._rows):
            return None
        self._place += 1
        return self._rows[self._place - 1]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchall())

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        found = self._found().command_tuples
        return -1 if found is None else found

    @property
    def lastrowid(self) -> int | None:
        """The number that was given last to a row by itself; it is asked for only where somebody wants to know."""
        row = self._wire.say(b"SELECT lastval()", ()).fetchone()
        return None if row is None else int(row[0])

    def close(self) -> None:
        """Let go of the rows that nobody fetched."""
        self._rows = None


class _Sent(NamedTuple):
    """Statements that were sent together; those with a key are planned for good with it. Some end what somebody did."""

    answers: Sequence[Answer]
    prepared: Sequence[_Key | None]
    is_end: bool


class Wire:
    """The statements of one connection: those that wait to be sent, and those that the server has planned."""

    def __init__(self, made: "psycopg.Connection[Any]") -> None:
        self._made, self._pq = made, made.pgconn
        self._adapter = Transformer(made)
        self._waiting: list[Answer] = []
        self._under_way: list[_Sent] = []
        self._said: OrderedDict[_Key, int] = OrderedDict()
        self._names: dict[_Key, bytes] = {}
        self._numbers = count(1)
        self._poll = select.poll()
        self._poll.register(self._pq.socket, _READ)

    def say(self, sql: bytes, parameters: Sequence[Any]) -> Answer:
        """Let a statement be sent with the next one whose answer is read; psycopg.DataError where a value cannot be."""
        answer = Answer(self, sql, self._adapter, parameters)
        self._waiting.append(answer)
        if len(self._waiting) > MOST_WAITING:
            self.start()
        return answer

    def waits(self, answer: Answer) -> bool:
        """Return whether a statement was not sent yet."""
        return answer in self._waiting

    def forget(self, since: Answer | None = None) -> None:
        """Do not send what was said since then, and was not sent yet."""
        del self._waiting[0 if since is None else self._waiting.index(since) :]

    def start(self, *, is_end: bool = False) -> None:
        """Send what waits, and do not wait for what becomes of it: whoever settles next is told; where it `is_end`, that is another."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        with self._or_closed():
            if not self._under_way:
                self._pq.enter_pipeline_mode()
            sent = _Sent(waiting, [self._send(one) for one in waiting], is_end)
            self._pq.pipeline_sync()
            self._flush()
        self._under_way.append(sent)

    def settle(self, *, late: bool = True) -> None:
        """Send what waits, and wait for what becomes of all that is under way; what failed first is raised, the rest is not done.

        What somebody before has ended fails as psycopg.errors.InFailedSqlTransaction, for whoever is told did not say it, unless
        it is not `late` for that. Where it is not known what became of it, the connection is closed.
        """
        self.start()
        if not self._under_way:
            return
        under_way, self._under_way = self._under_way, []
        with self._or_closed():
            failures = [self._take(one) for one in under_way]
            self._pq.exit_pipeline_mode()
        for place, failed in enumerate(failures):
            if failed is None:
                continue
            if late and any(one.is_end for one in under_way[place:]):
                raise psycopg.errors.InFailedSqlTransaction(_NOT_DONE) from failed
            raise failed

    @contextmanager
    def _or_closed(self) -> Iterator[None]:
        """Close the connection where it is not known what became of that which is under way."""
        try:
            yield
        except BaseException:
            self._under_way.clear()
            self._made.close()
            raise

    def rows(self, result: "pq.abc.PGresult") -> list[Any]:
        """Return the rows of a result; none where it has no rows to give."""
        if not result.nfields:
            return []
        self._adapter.set_pgresult(result)
        return self._adapter.load_rows(0, result.ntuples, tuple)

    def _send(self, one: Answer) -> _Key | None:
        """Send a statement; return its key where the server is to plan it for good."""
        key = (one.sql, one.types)
        name = self._names.get(key)
        if name is not None:
            self._said.move_to_end(key)
            self._pq.send_query_prepared(name, one.parameters, one.formats)
            return None
        times = self._said.pop(key, 0) + 1
        self._said[key] = times
        if times < PREPARED_FROM:
            self._make_room()
            self._pq.send_query_params(one.sql, one.parameters, one.types, one.formats)
            return None
        self._names[key] = name = b"s%d" % next(self._numbers)
        self._pq.send_prepare(name, one.sql, one.types)
        self._pq.send_query_prepared(name, one.parameters, one.formats)
        return key

    def _make_room(self) -> None:
        """Forget the statement that was not said for the longest time, where there are too many."""
        if len(self._said) > MOST_PREPARED:
            key, _ = self._said.popitem(last=False)
            name = self._names.pop(key, None)
            if name is not None:
                self._waiting.append(Answer(self, b"DEALLOCATE " + name, self._adapter, ()))

    def _take(self, sent: "_Sent") -> Exception | None:
        """Give each statement its answer; return what failed first."""
        failed: Exception | None = None
        for one, key in zip(sent.answers, sent.prepared, strict=True):
            if key is not None:
                planned = self._result_of_one()
                if planned.status != pq.ExecStatus.COMMAND_OK:
                    self._names.pop(key, None)
                    failed = failed or self._failure(planned)
            result = self._result_of_one()
            if result.status not in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
                failed = failed or self._failure(result, one.otherwise)
                continue
            one.result = result
            if (result.command_status or b"").startswith(_SHAPES_CHANGE):
                self._plan_anew()
        self._next_result()
        return failed

    def _failure(
        self, result: "pq.abc.PGresult", otherwise: Callable[[], Exception] | None = None
    ) -> Exception:
        state = result.error_field(pq.DiagnosticField.SQLSTATE)
        if state in _PLAN_IS_OLD:
            self._plan_anew()
        if otherwise is not None and state == _DIVIDED_BY_NOTHING:
            return otherwise()
        return psycopg.errors.error_from_result(result)

    def _plan_anew(self) -> None:
        """Let the server plan every statement again: tables have other shapes than when it did."""
        self._names.clear()
        self._said.clear()

    def _flush(self) -> None:
        """Bring everything on its way, reading meanwhile what the server says, so that neither waits for the other."""
        while self._pq.flush():
            self._poll.modify(self._pq.socket, _READ | _WRITE)
            for _, ready in self._poll.poll():
                if ready & ~_WRITE:
                    self._pq.consume_input()
            self._poll.modify(self._pq.socket, _READ)

    def _result_of_one(self) -> Any:
        """Return the one result of a statement."""
        found = self._next_result()
        self._next_result()
        return found

    def _next_result(self) -> Any:
        """Return the next result, or None at the end of a statement's; psycopg.OperationalError where the connection is gone."""
        while self._pq.is_busy():
            self._poll.poll()
            self._pq.consume_input()
        found = self._pq.get_result()
        if found is None and self._pq.status == pq.ConnStatus.BAD:
            raise psycopg.OperationalError(_LOST)
        return found
