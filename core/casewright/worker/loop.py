"""The worker's loop: one thread owns the desk and does, turn by turn, what is due; it never sleeps for long."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from queue import Empty, Queue
from threading import Event

from casewright.delivery.channel import (
    Accepted,
    Answer,
    Channel,
    Delivered,
    Failed,
    ReceiptSeen,
    Rejected,
    ReplySeen,
    Unknown,
)
from casewright.delivery.sayings import OWN
from casewright.desk.working.back_door import LEASE, Working
from casewright.desk.working.firing import FIRED_AT_ONCE, SWEPT_AT_ONCE
from casewright.desk.working.telling_others import Call
from casewright.errors import (
    CasewrightError,
    DatabaseBusy,
    DatabaseUnusable,
    Message,
    WorkerBusy,
    message,
)
from casewright.worker.bringing import bring
from casewright.worker.fetching import Came, Fetchers
from casewright.worker.journal import Line, Tell, line
from casewright.worker.pulse import Pulse
from casewright.worker.senders import Answered, Arrived, Senders, Woken
from casewright.worker.tally import Tally

MOST_BATCHES = 20
"""Batches of timers that one turn fires before it looks at what else there is."""
BATCHES_A_SWEEP = SWEPT_AT_ONCE // FIRED_AT_ONCE
MOST_ARRIVED = 500
LAST_WORDS = 10.0
"""Seconds that a worker which was told to stop waits for the answers to what it has begun."""
SET_BACK = timedelta(seconds=1)
"""A clock that goes back by less is merely being corrected."""
LONGEST_SLEEP, SHORTEST_SLEEP = 1.0, 0.05
TRY_EVERY = timedelta(seconds=2)
"""Where several are at work, one that does not lead tries to so often."""


class Worker:
    """Works until it is told to stop, or until nothing is left to do now."""

    def __init__(
        self,
        working: Working,
        channels: Mapping[str, Channel],
        *,
        holder: str,
        tell: Tell,
        stop: Event,
        arrived: "Queue[Arrived] | None" = None,
        pulse: Pulse | None = None,
    ) -> None:
        self.tally = Tally()
        self._working, self._holder, self._tell, self._stop = working, holder, tell, stop
        self._arrived: Queue[Arrived] = Queue() if arrived is None else arrived
        self._channels, self._pulse = channels, pulse
        self._poll = min(max(working.config.worker.poll, SHORTEST_SLEEP), LONGEST_SLEEP)
        self._held_at = self._seen_at = working.now()
        self._sealed_at: datetime | None = None
        self._leads = False

    def run(self, *, once: bool = False) -> Tally:
        """Work; `once` ends when everything due is done and answered for. WorkerBusy while another works here.

        Where several may be at work, all fire what is due, and one of them leads: it sends, fetches and keeps the rest.
        """
        others = self._working.telling.open()
        backend = self._working.backend
        if not backend.shared:
            self._working.hold(self._holder)
        senders = Senders(self._channels, self._arrived)
        self._others = Senders(others, self._arrived)
        self._fetchers = self._fetching(once=once)
        try:
            self._lead()
            self._seen_at = self._working.now()
            backend.start(lambda: self._arrived.put(Woken()))
            self._work(senders, once=once)
        finally:
            backend.stop()
            self._fetchers.stop()
            self._end(senders)
        return self.tally

    def _lead(self) -> None:
        """Lead from now on, or go on leading; where several may be at work, another one may do it."""
        try:
            self._working.hold(self._holder)
        except WorkerBusy:
            if not self._working.backend.shared:
                raise
            if self._leads:
                self._leads = False
                self._fetchers.stop()
                self._fetchers = self._fetching(once=False)
            return
        finally:
            self._held_at = self._working.now()
        if not self._leads:
            self._leads = True
            self._working.take_over()
            self._fetchers.start()

    def _fetching(self, *, once: bool) -> Fetchers:
        working = self._working
        return Fetchers(
            working.config, self._arrived, keep=working.keep, now=working.now, once=once
        )

    def _work(self, senders: Senders, *, once: bool) -> None:
        while not self._stop.is_set():
            try:
                if self._pulse is not None:
                    self._pulse.beat(self.tally)
                if self._turn(senders) or self._stop.is_set():
                    continue
                if once and self._is_done(senders):
                    return
                self._sleep()
            except (DatabaseBusy, DatabaseUnusable) as error:
                if once:
                    raise
                # Nothing is lost by waiting: what was not committed is still there to be done.
                self._tell(line("database", message("{error}", error=error), grade="warning"))
                self._stop.wait(LONGEST_SLEEP)

    def _is_done(self, senders: Senders) -> bool:
        """Return whether no answer is waited for, and nobody has anything to tell."""
        if senders.busy or self._others.busy or self._fetchers.busy:
            return False
        senders.collect()
        return self._arrived.empty()

    def _turn(self, senders: Senders) -> bool:
        """Do what there is to do now; return whether there may be more at once."""
        self._keep_time()
        worked = self._take_in()
        if self._leads:
            worked += self._retain()
            self._seal()
        if not self._working.is_due(leading=self._leads):
            return bool(worked)
        worked += self._fire()
        return self._send(senders, worked) if self._leads else bool(worked)

    def _send(self, senders: Senders, worked: int) -> bool:
        """Do what only the leading one does; return whether there may be more at once."""
        worked += self._run_jobs() + self._tell_others()
        gathered = self._working.gather()
        self.tally.add(
            deliveries=gathered.deliveries,
            notices=gathered.bundled,
            held=gathered.held,
            given_up=gathered.given_up,
        )
        tasks = self._working.begin(senders.free())
        for task in tasks:
            senders.send(task)
        self.tally.add(attempts=len(tasks))
        return bool(worked or gathered.notices or tasks)

    def _tell_others(self) -> int:
        """Look at new events for other systems, and begin to tell them; return how much it was."""
        looked = self._working.telling.gather()
        calls = self._working.telling.begin(self._others.free())
        for call in calls:
            self._others.send(call)
        self.tally.add(calls=len(calls))
        return looked + len(calls)

    def _keep_time(self) -> None:
        """Renew the lease in good time, and notice when the clock was put back."""
        now = self._working.now()
        if now < self._seen_at - SET_BACK:
            back = message(
                "the clock went back from {before} to {now}", before=self._seen_at, now=now
            )
            self._tell(line("clock_set_back", back, grade="warning"))
            self._working.set_back()
        self._seen_at = now
        often = LEASE / 3 if self._leads else TRY_EVERY
        if not self._held_at <= now < self._held_at + often:
            self._lead()

    def _fire(self) -> int:
        """Fire what is due, in order; return how many timers there were."""
        count = 0
        for batch in range(MOST_BATCHES):
            if self._stop.is_set():
                break
            if batch % BATCHES_A_SWEEP == 0:
                self._working.sweep()
            fired = self._working.fire()
            if not len(fired):
                break
            count += len(fired)
            self.tally.lags.add(fired.lags)
            final = [one for one in fired.troubles if one.final]
            self.tally.add(
                fired=len(fired.lags),
                stale=fired.stale,
                troubles=len(fired.troubles),
                failed=len(final),
            )
            for trouble in fired.troubles:
                said = message(
                    "{ticket}: timer '{timer}' could not be fired: {error}",
                    ticket=trouble.ticket,
                    timer=trouble.timer,
                    error=_told(trouble.error),
                )
                self._tell(line("timer_failed", said, grade="warning", bug=_bug(trouble.error)))
        return count

    def _run_jobs(self) -> int:
        """Run what plugins have scheduled; return how much it was."""
        runs = self._working.run_jobs()
        for one in runs:
            if one.error is not None:
                template = "the job '{job}' of the plugin '{plugin}' failed: {error}"
                said = message(template, job=one.job, plugin=one.plugin, error=_told(one.error))
                self._tell(line("job_failed", said, grade="warning"))
        self.tally.add(jobs=len(runs))
        return len(runs)

    def _retain(self) -> int:
        """Erase what is over, once a day; return how much it was."""
        if not self._working.retaining.due():
            return 0
        done = self._working.retaining.round()
        if done.tickets:
            said = message(
                "what was personal in closed tickets was erased, for their time is over: {count}",
                count=done.tickets,
            )
            self._tell(line("retention", said))
        if done.again:
            said = message("customers were erased again: {count}", count=done.again)
            self._tell(line("erased_again", said))
        for ticket, error in done.troubles:
            template = "{ticket} could not be erased: {error}" if ticket else "{error}"
            said = message(template, ticket=ticket, error=_told(error))
            self._tell(line("erasing_failed", said, grade="warning"))
        return done.tickets + done.again

    def _seal(self) -> None:
        """Make a checkpoint every so often; where it cannot be made that is told, and the work goes on."""
        if not self._working.sealing.due(self._sealed_at):
            return
        self._sealed_at = self._working.now()
        try:
            made = self._working.sealing.round()
        except (DatabaseBusy, DatabaseUnusable):
            raise
        except CasewrightError as error:
            said = message(
                "no checkpoint was made or taken outside: {error}", error=_told(error)
            )
            self._tell(line("checkpoint_failed", said, grade="warning"))
            return
        if made:
            self._tell(line("checkpoint", message("checkpoint {number} was made", number=made)))

    def _take_in(self) -> int:
        """Record what other threads have told; return how much it was."""
        for count in range(MOST_ARRIVED):
            try:
                self._record(self._arrived.get_nowait())
            except Empty:
                return count
        return MOST_ARRIVED

    def _record(self, arrived: Arrived) -> None:
        try:
            self._note(arrived)
        except (DatabaseBusy, DatabaseUnusable):
            self._arrived.put(arrived)
            raise

    def _note(self, arrived: Arrived) -> None:
        if isinstance(arrived, Answered):
            self._conclude(arrived)
        elif isinstance(arrived, ReceiptSeen):
            self._receive(arrived)
        elif isinstance(arrived, Came):
            bring(self._working, arrived, self._tell, self.tally)
        elif isinstance(arrived, Line):
            self._tell(arrived)
        elif isinstance(arrived, Woken):
            return
        else:
            self._reply(arrived)

    def _conclude(self, arrived: Answered) -> None:
        if isinstance(arrived.task, Call):
            self._conclude_call(arrived.task, arrived.answer)
            return
        if not self._working.conclude(arrived.task, arrived.answer):
            return
        self.tally.add(**{_COUNTED[type(arrived.answer)]: 1})
        reason = getattr(arrived.answer, "reason", "")
        if reason:
            said = message(
                "delivery {delivery} over '{via}', attempt {attempt}: {reason}",
                delivery=str(arrived.task.delivery),
                via=arrived.task.via,
                attempt=arrived.task.attempt,
                reason=OWN.get(reason, reason),
            )
            self._tell(line("not_sent", said, grade="warning"))

    def _conclude_call(self, call: Call, answer: Answer) -> None:
        if not self._working.telling.conclude(call, answer):
            return
        self.tally.add(**{"told" if isinstance(answer, Delivered) else "not_told": 1})
        reason = getattr(answer, "reason", "")
        if reason:
            said = message(
                "webhook '{name}', event {event}, attempt {attempt}: {reason}",
                name=call.via,
                event=call.outgoing.id,
                attempt=call.attempt,
                reason=OWN.get(reason, reason),
            )
            self._tell(line("not_told", said, grade="warning"))

    def _receive(self, receipt: ReceiptSeen) -> None:
        self.tally.add(receipts=1)
        if self._working.receive(receipt):
            return
        self.tally.add(unknown_receipts=1)
        said = message(
            "a receipt over '{channel}' is about '{id}', which is not known yet",
            channel=receipt.channel,
            id=receipt.provider_id,
        )
        self._tell(line("unknown_receipt", said, grade="warning"))

    def _reply(self, seen: ReplySeen) -> None:
        self.tally.add(replies=1)
        done = self._working.reply(seen)
        template = "a reply over '{channel}': {outcome}"
        told = message(template, channel=seen.channel, outcome=_REPLIED[done.outcome])
        fields = {"channel": seen.channel, "outcome": done.outcome}
        self._tell(Line(event="reply", sentence=told, fields=fields))

    def _sleep(self) -> None:
        """Wait until something may be due, or somebody tells something, but never long: the clock may jump."""
        moment = self._working.next_moment(leading=self._leads)
        seconds = self._poll
        if moment is not None:
            left = (moment - self._working.now()).total_seconds()
            seconds = min(max(left, SHORTEST_SLEEP), seconds)
        with suppress(Empty):
            self._record(self._arrived.get(timeout=seconds))

    def _end(self, senders: Senders) -> None:
        """Record the answers to what was begun, let the channels go, and give the lease back."""
        waited = 0.0
        while (senders.busy or self._others.busy) and waited < LAST_WORDS:
            with suppress(Empty):
                self._record(self._arrived.get(timeout=0.1))
            waited += 0.1
        while self._take_in():
            pass
        senders.close()
        self._others.close()
        self._working.let_go(self._holder)


def _told(error: Exception) -> Message:
    """Return an error so that a reader is told it in their language; of a bug no more than its kind."""
    if isinstance(error, CasewrightError):
        return Message(error.sentence, error.details())
    return message("something in casewright itself went wrong ({kind})", kind=_kind(error))


def _bug(error: Exception) -> Exception | None:
    return None if isinstance(error, CasewrightError) else error


def _kind(error: Exception) -> str:
    return type(error).__name__


_REPLIED: Mapping[str, Message] = {
    "done": message("it was done"),
    "repeated": message("said before; nothing was done again"),
    "refused": message("it was refused"),
    "not_understood": message("not understood"),
    "unknown_sender": message("nobody on the staff has this number"),
}
_COUNTED = {
    Accepted: "accepted",
    Unknown: "unknown",
    Delivered: "delivered",
    Rejected: "rejected",
    Failed: "unanswered",
}
