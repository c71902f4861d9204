"""From notices that wait to deliveries: what waits for one person over one channel goes out as one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from operator import attrgetter

from casewright.clock import from_microseconds, to_microseconds
from casewright.delivery.channel import Outgoing
from casewright.delivery.mail_message import message_id
from casewright.delivery.quiet_hours import may_go
from casewright.desk.working import pace
from casewright.desk.working.recipients import CUSTOMER, Recipient
from casewright.desk.working.site import Site
from casewright.errors import (
    CasewrightError,
    DatabaseBusy,
    DatabaseUnusable,
    Message,
    message,
)
from casewright.store import deliveries, details, notices, threads
from casewright.store.damage import UNREADABLE
from casewright.store.notices import StoredNotice
from casewright.swift_dataclass import dataclass

GATHERED_AT_ONCE = 2_000
"""Notices that one transaction looks at; what is left waits for the next."""
MOST_REFERENCES = 20
"""So many earlier mails are named in one; the newest."""
FOR_ITS_PLUGIN = timedelta(minutes=1)
"""How long a notice is held before it is looked whether the plugin of its channel is there again."""

Word = Callable[[Site, Recipient, Sequence[StoredNotice]], Outgoing]
"""Writes what a delivery of these notices says to this recipient, under a fresh key."""


@dataclass(slots=True, kw_only=True)
class Gathered:
    """What became of notices that waited: how many went into how many deliveries, were held, or were given up."""

    deliveries: int = 0
    bundled: int = 0
    held: int = 0
    given_up: int = 0

    @property
    def notices(self) -> int:
        """How many notices were looked at."""
        return self.bundled + self.held + self.given_up


def gather(site: Site, word: Word) -> Gathered:
    """Look at a batch of notices that may go by now: each is bundled, held, or given up with its reason."""
    waiting = notices.waiting(site.database, to_microseconds(site.now), GATHERED_AT_ONCE)
    bundling = _Bundling(site, word)
    for group in _groups(waiting):
        bundling.try_to_take(group)
    return bundling.done


def _groups(waiting: Sequence[StoredNotice]) -> Iterator[list[StoredNotice]]:
    """Yield what waits for the same person over the same channel; a customer's matters are told one by one."""
    together: dict[tuple[object, ...], list[StoredNotice]] = {}
    for one in waiting:
        own = one.id if one.recipient == CUSTOMER else None
        together.setdefault((one.via, one.recipient, own), []).append(one)
    yield from sorted(together.values(), key=lambda group: group[0].id)


def _threaded(site: Site, outgoing: Outgoing) -> Outgoing:
    """Return it as an answer to the customer's last mail about the ticket, if there was one, and with its moment."""
    dated = replace(outgoing, written_at=to_microseconds(site.now))
    if outgoing.nature == "notice" or not outgoing.topic:
        return dated
    came = threads.of_ticket(site.database, outgoing.topic, direction="in")
    if not came:
        return dated
    before = tuple(
        one for one in threads.of_ticket(site.database, outgoing.topic) if one != came[-1]
    )
    return replace(dated, answers=came[-1], references=before[-MOST_REFERENCES:])


class _Bundling:
    """One transaction's work, group by group."""

    def __init__(self, site: Site, word: Word) -> None:
        self.done = Gathered()
        self._site, self._word = site, word

    def try_to_take(self, group: Sequence[StoredNotice]) -> None:
        """Decide what becomes of a group; one notice that cannot be read or worded spoils no other."""
        try:
            with self._site.database.write():
                self._take(group)
        except (DatabaseBusy, DatabaseUnusable):
            raise
        except (CasewrightError, *UNREADABLE) as error:
            if len(group) > 1:
                for one in group:
                    self.try_to_take([one])
                return
            self._give_up(group, "dead", details.of_error(error))

    def _take(self, group: Sequence[StoredNotice]) -> None:
        """Decide what becomes of the notices of one recipient over one channel."""
        live = [one for one in group if not self._expired(one)]
        if not live:
            return
        if self._is_strange(live[0].via):
            self._hold(live, self._site.now + FOR_ITS_PLUGIN)
            return
        recipient = self._site.recipient(live[0])
        if isinstance(recipient, Message):
            self._give_up(live, "dead", recipient)
            return
        ready = [one for one in live if not self._quiet(one)]
        if not ready:
            return
        via = ready[0].via
        moment = pace.earliest(self._site, recipient=recipient.name, via=via)
        if moment > self._site.now:
            self._hold(ready, moment)
            return
        self._deliver(recipient, ready)

    def _deliver(self, recipient: Recipient, ready: Sequence[StoredNotice]) -> None:
        """Word the notices once; every attempt will hand over the same."""
        outgoing = _threaded(self._site, self._word(self._site, recipient, ready))
        number = deliveries.make(
            self._site.database,
            key=outgoing.key,
            via=ready[0].via,
            recipient=recipient.name,
            at=to_microseconds(self._site.now),
            body=asdict(outgoing),
        )
        self._note_mail(outgoing, ready[0])
        notices.put_into(self._site.database, number, (one.id for one in ready))
        self.done.deliveries += 1
        self.done.bundled += len(ready)

    def _note_mail(self, outgoing: Outgoing, notice: StoredNotice) -> None:
        """Note what a mail to a customer is called, so that what answers it finds its ticket; staff answer otherwise."""
        channel = self._site.channel(notice.via)
        if channel is None or channel.driver != "smtp" or notice.recipient != CUSTOMER:
            return
        called = message_id(outgoing.key, outgoing.topic, channel.text("from"))
        at = to_microseconds(self._site.now)
        threads.note(self._site.database, called, outgoing.topic, direction="out", at=at)

    def _is_strange(self, via: str) -> bool:
        """Return whether nobody knows what the channel can send before its plugin is there."""
        channel = self._site.channel(via)
        return channel is not None and channel.strange

    def _expired(self, notice: StoredNotice) -> bool:
        """Give up a notice that has waited too long to be of use."""
        limit = to_microseconds(self._site.now - self._site.config.worker.notice_within)
        if notice.created_at > limit:
            return False
        if notices.queued_at(self._site.database, notice) > limit:
            return False
        self._give_up([notice], "expired", message("it waited too long"))
        return True

    def _give_up(self, group: Sequence[StoredNotice], state: str, reason: Message) -> None:
        now = to_microseconds(self._site.now)
        for one in group:
            notices.advance(self._site.database, one, state, now, reason)
        self.done.given_up += len(group)

    def _quiet(self, notice: StoredNotice) -> bool:
        """Hold a notice that has time until working hours; return whether it is held."""
        moment = self._may_go(notice)
        if moment <= self._site.now:
            return False
        self._hold([notice], moment)
        return True

    def _may_go(self, notice: StoredNotice) -> datetime:
        quiet = self._site.config.quiet_hours
        if quiet is None:
            return self._site.now
        calendar = self._site.calendar(notice)
        return may_go(
            self._site.now,
            quiet=quiet,
            zone=self._site.zone(calendar),
            next_working=calendar.next_working,
            due=None if notice.due_at is None else from_microseconds(notice.due_at),
        )

    def _hold(self, group: Sequence[StoredNotice], until: datetime) -> None:
        numbers = map(attrgetter("id"), group)
        notices.hold(self._site.database, numbers, to_microseconds(until))
        self.done.held += len(group)
