"""Plugins' scheduled work: laid down in the database, run when it is due, each run as one command."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from casewright.clock import from_microseconds, to_microseconds
from casewright.commands import Command, RunJob
from casewright.contributions import Job
from casewright.desk.plugging.plugged import Plugged
from casewright.errors import CasewrightError, DatabaseBusy, DatabaseUnusable
from casewright.model import WORKER, Receipt
from casewright.plugins.host import Plugins
from casewright.settings.channels import ChannelSettings
from casewright.store import details, plugin_jobs
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass

MOST_AT_ONCE = 20
PAUSE = timedelta(minutes=1)
"""A job that failed is tried again after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """One run of a job, and what went wrong with it, or None."""

    plugin: str
    job: str
    error: CasewrightError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """The jobs of the plugins that are there; `execute` carries a command out as the system, `deliver` has one send."""

    database: Database
    plugins: Plugins
    plugged: Plugged
    deliver: Callable[[ChannelSettings, Any], Any]
    execute: Callable[[Command], Receipt]
    now: Callable[[], datetime]

    def lay_down(self) -> None:
        """Give each job that has a rhythm its next time, unless it has one."""
        now = self.now()
        with self.database.write():
            for plugin in self.plugins.actives:
                plugin_jobs.keep_only(
                    self.database, plugin.name, [one.name for one in plugin.jobs]
                )
                for job in plugin.jobs:
                    self._lay_down(plugin.name, job, now)

    def _lay_down(self, plugin: str, job: Job, now: datetime) -> None:
        """A job whose calendar is not there is tried now, which says so."""
        try:
            due = self.plugged.next_due(job, now)
        except CasewrightError:
            due = to_microseconds(now)
        plugin_jobs.schedule(self.database, plugin, job.name, due)

    def run(self) -> list[JobRun]:
        """Run what is due; those of plugins that are not there wait."""
        due = plugin_jobs.due(
            self.database, to_microseconds(self.now()), MOST_AT_ONCE, self._active
        )
        return [self._run(one.plugin, one.name, one.due_at) for one in due]

    def next_at(self) -> int | None:
        """Return the moment at which the next one is due, or None."""
        return plugin_jobs.next_at(self.database, self._active)

    @property
    def _active(self) -> list[str]:
        return [one.name for one in self.plugins.actives]

    def _run(self, plugin: str, job: str, due_at: int) -> JobRun:
        command = RunJob(actor=WORKER, plugin=plugin, job=job, due_at=from_microseconds(due_at))
        try:
            self.execute(command)
        except (DatabaseBusy, DatabaseUnusable):
            raise
        except CasewrightError as error:
            self._put_off(plugin, job, error)
            return JobRun(plugin=plugin, job=job, error=error)
        return JobRun(plugin=plugin, job=job)

    def _put_off(self, plugin: str, job: str, error: CasewrightError) -> None:
        with self.database.write():
            plugin_jobs.failed(
                self.database,
                plugin,
                job,
                next_due=to_microseconds(self.now() + PAUSE),
                error=details.of_error(error),
            )
