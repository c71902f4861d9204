"""Procrastinate's one door: it hands out jobs, keeps the heartbeats of workers, and says whose jobs nobody does any more.

A job only says which rows of the inbox are to be done. What is done has left the inbox in its own transaction, so that a job
that is done twice finds nothing the second time. What failed waits in the inbox, not in the queue, which slows down with
every job that is not to be done yet.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Any

from procrastinate import App, PsycopgConnector, RetryDecision, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy

from casewright.errors import message
from casewright.jobs.load import DEAD_AFTER, QUEUE
from casewright.store import details, inbox
from casewright.store.inbox import Due
from casewright.store.postgres import PostgresDatabase

TASK = "casewright.due"
AT_ONCE = 500
"""Rows that are handed out in one transaction."""
IN_ONE = 25
"""Rows of a job: the queue's own statements cost as much as a timer, and with every job that waits a little more."""
IN_HAND = 4
"""Jobs that a worker holds at a time: a commit's worth, and few enough that others get their share."""
HANDED_FOR = 600_000_000
"""Microseconds after which what was handed out is handed out again, should its job have got lost."""
HEARTBEAT = LOOK_EVERY = 1.0
"""Seconds: how often a worker says that it lives, and how often it looks whether others do."""
MOST_RESCUES = 5
"""So many workers may die of a job; after that it stays where it is until somebody looks at it."""
_PAUSE = 0.5
Row = tuple[int, int, str]
"""A row of the inbox: when it was due, its ticket's number, its name."""


class _GivenBack(Exception):
    """The worker ends before it has begun with this."""


class _AtOnce(BaseRetryStrategy):
    """What was given back is there for others at once; anything else that fails is a job nobody can do."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when it is tried again."""
        if isinstance(exception, _GivenBack | asyncio.CancelledError):
            return RetryDecision(retry_in={"seconds": 0})
        return None


class ProcrastinateJobs:
    """Hands jobs out in the desk's own transactions, and takes those that Procrastinate's worker, in a thread, is given."""

    shared = True

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database
        self._handing = App(connector=SyncPsycopgConnector()).job_manager
        self._given, self._taken = _Given(), list[_Job]()
        self._thread: _Thread | None = None

    def start(self, wake: Callable[[], None]) -> None:
        """Let Procrastinate's worker begin."""
        self._given.wake = wake
        self._thread = _Thread(self._database.server, self._given)
        self._thread.start()

    def stop(self) -> None:
        """Let it end; what it was given and nobody has begun is left to others."""
        if self._thread is None:
            return
        for job in self._given.all():
            job.give_back()
        self._thread.end()
        self._thread = None

    def hand_out(self, now: int) -> int:
        """Hand out what is due, a batch of it, in the transaction that is open."""
        found = inbox.free(self._database, now, AT_ONCE)
        if found:
            inbox.hand(self._database, found, now + HANDED_FOR)
            self._defer(in_jobs([one[:3] for one in found]))
        return len(found)

    def _defer(self, jobs: Iterable[Sequence[Row]]) -> None:
        made = [
            Job(
                id=None,
                queue=QUEUE,
                lock=None,
                queueing_lock=None,
                task_name=TASK,
                task_kwargs={"rows": [list(row) for row in rows]},
            )
            for rows in jobs
        ]
        try:
            self._handing.batch_defer_jobs(made, connection=self._database.connection)
        except ConnectorException as error:
            raise error.__cause__ or error from None

    @property
    def ready(self) -> bool:
        """Whether a job waits to be taken."""
        return bool(self._given)

    def take(self, now: int, limit: int) -> Sequence[Due]:
        """Return the rows of the jobs that were given, in order of due time; those that stand no more are done by now."""
        self._taken = self._given.some(limit)
        self._look_at_rescued()
        found = inbox.standing(self._database, [row for job in self._taken for row in job.rows])
        if self._taken and not found:
            self.done()
        return found

    def done(self) -> None:
        """Let the jobs that were taken end."""
        for job in self._taken:
            job.end()
        self._taken = []

    def put_back(self) -> None:
        """Let the jobs that were taken be taken again; the worker lives, so that nobody else does them."""
        self._given.put_back(self._taken)
        self._taken = []

    def _look_at_rescued(self) -> None:
        """Hand out row by row what a worker has died of; leave the one that many died of for somebody to look at."""
        rescued = [job for job in self._taken if job.rescues]
        if not rescued:
            return
        with self._database.write():
            for job in rescued:
                if len(job.rows) > 1:
                    self._defer([row] for row in job.rows)
                elif job.rescues >= MOST_RESCUES:
                    said = message(
                        "{count} workers ended while they were doing this", count=job.rescues
                    )
                    inbox.give_up(self._database, job.rows[0], details.written(said))
        for job in rescued:
            if len(job.rows) > 1:
                job.end()
                self._taken.remove(job)


def in_jobs(rows: Iterable[Row]) -> list[list[Row]]:
    """Return rows in jobs of a handy size, in their order; those of one ticket stand in one job, as they are done in order."""
    by_ticket: dict[int, list[Row]] = {}
    for row in rows:
        by_ticket.setdefault(row[1], []).append(row)
    jobs: list[list[Row]] = []
    for of_one in by_ticket.values():
        if not jobs or len(jobs[-1]) + len(of_one) > IN_ONE:
            jobs.append([])
        jobs[-1] += of_one
    return jobs


class _Job:
    """A job as the desk's thread sees it: its rows, and the end that Procrastinate's worker waits for."""

    def __init__(self, rows: Sequence[Row], rescues: int) -> None:
        self.rows, self.rescues = rows, rescues
        self.ended: Future[None] = Future()

    def end(self) -> None:
        """Let it end well."""
        if self.ended.set_running_or_notify_cancel():
            self.ended.set_result(None)

    def give_back(self) -> None:
        """Leave it to others."""
        if self.ended.set_running_or_notify_cancel():
            self.ended.set_exception(_GivenBack())


class _Given:
    """What Procrastinate has given this worker: put there by its thread, taken by the desk's."""

    def __init__(self) -> None:
        self.wake: Callable[[], None] = _nobody
        self._jobs: deque[_Job] = deque()
        self._guard = Lock()

    def __bool__(self) -> bool:
        return bool(self._jobs)

    def put(self, job: _Job) -> None:
        """Put a job there."""
        with self._guard:
            self._jobs.append(job)
        self.wake()

    def put_back(self, jobs: Sequence[_Job]) -> None:
        """Put jobs there again, before all others."""
        with self._guard:
            self._jobs.extendleft(reversed(jobs))

    def some(self, limit: int) -> list[_Job]:
        """Take jobs of so many rows, or one that has more; those of which the queue has let go meanwhile are left out."""
        taken = list[_Job]()
        with self._guard:
            while self._jobs and (not taken or limit >= len(self._jobs[0].rows)):
                limit -= len(self._jobs[0].rows)
                taken.append(self._jobs.popleft())
        return [job for job in taken if not job.ended.cancelled()]

    def all(self) -> list[_Job]:
        """Take all of them."""
        with self._guard:
            taken = list(self._jobs)
            self._jobs.clear()
        return taken


def _nobody() -> None:
    """Wake nobody: the worker has not begun."""


class _Thread(Thread):
    """Procrastinate's worker, and the watch over workers that died, begun again where the server went away."""

    def __init__(self, server: str, given: _Given) -> None:
        super().__init__(name="procrastinate", daemon=True)
        self._server, self._given, self._ended = server, given, Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._working: asyncio.Task[None] | None = None

    def run(self) -> None:
        """Work until `end`."""
        while not self._ended.is_set():
            with suppress(asyncio.CancelledError):
                try:
                    asyncio.run(self._work())
                except Exception as error:  # noqa: BLE001 (a border: the server may be away in any way)
                    logging.getLogger(__name__).warning("the job queue is away: %s", error)
            self._ended.wait(_PAUSE)

    def end(self) -> None:
        """End: what is under way has been dealt with, or has been given back."""
        self._ended.set()
        loop, working = self._loop, self._working
        if loop is not None and working is not None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(working.cancel)
        self.join(timeout=10)

    async def _work(self) -> None:
        self._loop, self._working = asyncio.get_running_loop(), asyncio.current_task()
        connector = PsycopgConnector(conninfo=self._server, min_size=1, max_size=4, timeout=5)
        app = App(connector=connector)
        app.task(name=TASK, queue=QUEUE, retry=_AtOnce(), pass_context=True)(self._do)
        async with app.open_async():
            watching = asyncio.create_task(self._watch(app))
            try:
                await app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=IN_HAND,
                    install_signal_handlers=False,
                    delete_jobs="successful",
                    fetch_job_polling_interval=1.0,
                    update_heartbeat_interval=HEARTBEAT,
                    stalled_worker_timeout=DEAD_AFTER,
                    shutdown_graceful_timeout=5.0,
                )
            finally:
                watching.cancel()

    async def _do(self, context: Any, *, rows: list[tuple[int, int, str]]) -> None:
        """Give a job to the desk's thread, and end when that has dealt with it."""
        job = _Job(
            [(due_at, ticket, name) for due_at, ticket, name in rows], context.job.attempts
        )
        self._given.put(job)
        await asyncio.wrap_future(job.ended)

    async def _watch(self, app: App) -> None:
        """Let what workers had in hand when they died be done by others."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                stalled = await app.job_manager.get_stalled_jobs(
                    queue=QUEUE, seconds_since_heartbeat=DEAD_AFTER
                )
                for job in stalled:
                    await self._rescue(app, job)
            except ConnectorException as error:
                logging.getLogger(__name__).warning("no look at stalled jobs: %s", error)

    async def _rescue(self, app: App, job: Job) -> None:
        """Let a job be done again; where another worker was faster, it is."""
        with suppress(ConnectorException):
            await app.job_manager.retry_job(job)
