"""What a worker may ask of the desk: hold the lease, fire what is due, hand over what is to be sent, take what comes back."""

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from casewright.clock import from_microseconds, to_microseconds
from casewright.commands import Command, ReceiptArrived, TakeIn, TakeInRow
from casewright.config import Config
from casewright.delivery.channel import Answer, Channel, ReceiptSeen, ReplySeen
from casewright.delivery.channels import open_channel
from casewright.delivery.plugin_channel import PluginChannel
from casewright.delivery.retry import LONGEST_WAIT
from casewright.desk import attachments
from casewright.desk.library import Library
from casewright.desk.working import bundling, firing, receiving, replying, sending
from casewright.desk.working.bundling import Gathered
from casewright.desk.working.firing import Fired, Firing
from casewright.desk.working.jobs import JobRun, Jobs
from casewright.desk.working.replying import Replied
from casewright.desk.working.retaining import Retaining
from casewright.desk.working.sealing import Sealing
from casewright.desk.working.sending import Task
from casewright.desk.working.site import Site
from casewright.desk.working.telling_others import TellingOthers
from casewright.desk.working.wording import Words
from casewright.errors import WorkerBusy
from casewright.intake.arrival import Arrival
from casewright.jobs.backend import JobBackend
from casewright.model import INTAKE, WORKER, Receipt
from casewright.settings.channels import ChannelSettings, with_secrets
from casewright.store import deliveries, health, inbox, lease, notices
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass

LEASE = timedelta(seconds=30)
"""A worker that says nothing for so long is taken for dead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """The desk's back door, for its worker; used by the thread that owns the desk.

    `execute` carries a command out as the system, `execute_for` as the person it names.
    """

    database: Database
    library: Library
    config: Config
    now: Callable[[], datetime]
    execute: Callable[[Command], Receipt]
    execute_for: Callable[[Command], Receipt]
    batch: Callable[[], AbstractContextManager[None]]
    words: Words
    jobs: Callable[[], Jobs]
    retaining: Retaining
    sealing: Sealing
    telling: TellingOthers
    backend: JobBackend

    def hold(self, holder: str) -> None:
        """Take the worker's lease, or renew it; WorkerBusy while somebody else has it."""
        with self.database.write():
            other = lease.take(
                self.database,
                lease.WORKER,
                holder=holder,
                now=self._microseconds(),
                length=_length(LEASE),
            )
        if other is not None:
            raise WorkerBusy(holder=other.holder, until=from_microseconds(other.until))

    def inherit(self, is_dead: Callable[[str], bool]) -> None:
        """End the lease of a worker that died; for a server's own worker, beside which nobody else can be at work."""
        with self.database.write():
            found = health.worker(self.database, self._microseconds())
            if found is not None and is_dead(found.holder):
                lease.release(self.database, lease.WORKER, holder=found.holder)

    def let_go(self, holder: str) -> None:
        """Give the lease back."""
        with self.database.write():
            lease.release(self.database, lease.WORKER, holder=holder)

    def take_over(self) -> None:
        """Begin where another worker ended: its attempts without an answer are made again, with the same keys."""
        with self.database.write():
            deliveries.orphan(self.database, self._microseconds())
        self.telling.take_over()
        self.jobs().lay_down()
        self.set_back()

    def set_back(self) -> None:
        """Look anew at what waits for a moment that cannot have been meant: the clock has gone back since."""
        now = self._microseconds()
        with self.database.write():
            deliveries.hurry(
                self.database,
                now,
                retry=_length(2 * LONGEST_WAIT),
                receipt=_length(self.config.worker.receipt_within),
            )
            inbox.hurry(self.database, now)
            notices.hurry(self.database, now)
        self.telling.set_back()

    def sweep(self) -> int:
        """Move a batch of due timers into the inbox, and hand out what is due in it; return how many were moved."""
        return firing.sweep(self.database, self.backend, self.now())

    def fire(self) -> Fired:
        """Fire a batch of what is in the inbox."""
        return Firing(
            database=self.database,
            backend=self.backend,
            execute=self.execute,
            batch=self.batch,
            now=self.now,
        ).fire()

    def open_channels(self) -> Mapping[str, Channel]:
        """Return the workspace's channels, opened; ConfigRefused before anything is sent where one cannot be."""
        return {name: self._opened(one) for name, one in self.config.channels.items()}

    def _opened(self, settings: ChannelSettings) -> Channel:
        if settings.strange:
            return PluginChannel(settings, self.jobs().deliver)
        if settings.plugin:
            known = with_secrets(settings, os.environ)
            return PluginChannel(known, self.jobs().deliver)
        return open_channel(settings)

    def run_jobs(self) -> list[JobRun]:
        """Run the scheduled work of plugins that is due."""
        return self.jobs().run()

    def gather(self) -> Gathered:
        """Make deliveries of a batch of notices that wait."""
        with self.database.write():
            return bundling.gather(self._site(), self.words.word)

    def begin(self, free: Mapping[str, int]) -> list[Task]:
        """Return the attempts to make now, noted durably, at most so many for each channel.

        What is to be sent over a channel whose plugin is not there waits.
        """
        able = self._able(free)
        with self.database.write():
            return sending.begin(self._site(), able)

    def _able(self, free: Mapping[str, int]) -> Mapping[str, int]:
        own = {
            one.name: one.plugin
            for one in self.config.channels.values()
            if one.plugin or one.strange
        }
        if not own:
            return free
        active = {one.name for one in self.jobs().plugins.actives}
        return {
            name: 0 if name in own and own[name] not in active else number
            for name, number in free.items()
        }

    def conclude(self, task: Task, answer: Answer) -> bool:
        """Note what came of an attempt; return False when that was noted before."""
        with self.database.write():
            return sending.conclude(self._site(), (task.delivery, task.attempt), answer)

    def receive(self, seen: ReceiptSeen) -> bool:
        """Take a receipt in; return False when it is about nothing that is known, which may still come."""
        command = ReceiptArrived(
            actor=WORKER,
            channel=seen.channel,
            provider_id=seen.provider_id,
            state=seen.state,
            at=seen.at,
            detail=seen.detail,
        )
        self.execute(command)
        with self.database.read():
            return receiving.is_known(self.database, seen.channel, seen.provider_id)

    def keep(self, content: bytes) -> str:
        """Keep a file durably and return its digest; in any thread."""
        return attachments.keep(self.config.attachments, content)

    def take_in(self, arrival: Arrival) -> str:
        """Take in what came from outside; return what became of it, once that is durable."""
        command: Command = TakeIn(actor=INTAKE, arrival=arrival)
        if arrival.kind == "csv":
            command = TakeInRow(
                actor=INTAKE,
                channel=arrival.channel,
                row=arrival.id,
                cells=arrival.fields,
                raw=arrival.raw,
            )
        answer = self.execute(command).answer or {}
        return answer["outcome"]

    def reply(self, seen: ReplySeen) -> Replied:
        """Do what a person asks for by a message sent back, and answer it."""
        return replying.reply(self._site, self.database, self.execute_for, seen)

    def is_due(self, *, leading: bool = True) -> bool:
        """Return whether there is something to do by now: for whoever leads, or for one who only fires what is due."""
        if self.backend.ready:
            return True
        moment = self.next_moment(leading=leading)
        return moment is not None and moment <= self.now()

    def next_moment(self, *, leading: bool = True) -> datetime | None:
        """Return the moment at which there is something to do, or None."""
        with self.database.read():
            found = [inbox.next_at(self.database)]
            if leading:
                found += [
                    notices.next_at(self.database),
                    deliveries.next_at(self.database),
                    self.jobs().next_at(),
                ]
        if leading:
            found.append(self.telling.next_at())
        known = [one for one in found if one is not None]
        return from_microseconds(min(known)) if known else None

    def _site(self) -> Site:
        return Site(self.database, self.library, self.config, self.now())

    def _microseconds(self) -> int:
        return to_microseconds(self.now())


def _length(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
