"""Events told to other systems: looked at in their order, each kept until it was told, and told in the order of its ticket."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from casewright import compact_json
from casewright.clock import from_microseconds, to_microseconds
from casewright.delivery.channel import Answer, Delivered, Failed, Rejected
from casewright.delivery.retry import LONGEST_WAIT, next_within
from casewright.delivery.sayings import OWN
from casewright.delivery.webhook import Post, Webhook, open_webhook
from casewright.desk.library import Library
from casewright.engine.replying import ANSWERED
from casewright.engine.taking_back import UNDONE, UNTIL, held_until
from casewright.errors import DatabaseDamaged, Message, NotFound, message
from casewright.model import Event
from casewright.settings.webhooks import WebhookSettings
from casewright.store import codec, details, history, webhooks
from casewright.store.damage import UNREADABLE
from casewright.store.database import Database
from casewright.store.following import ERASED
from casewright.store.tickets import Tickets
from casewright.swift_dataclass import dataclass

LOOKED_AT_ONCE = 500
ANSWER_WITHIN = timedelta(minutes=2)
"""An attempt of which nothing was heard for so long is made again; a webhook's own limit is shorter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One attempt that is to be made now: which system, which event, and what is handed over."""

    via: str
    event: int
    attempt: int
    outgoing: Post


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingOthers:
    """Tells the systems that `hooks` name; used by the thread that owns the desk."""

    database: Database
    library: Library
    hooks: Mapping[str, WebhookSettings]
    now: Callable[[], datetime]

    def open(self) -> Mapping[str, Webhook]:
        """Return what tells each; ConfigRefused or SecretMissing before anything is told where one cannot be."""
        return {name: open_webhook(one) for name, one in self.hooks.items()}

    def take_over(self) -> None:
        """Begin with systems that are new, and make attempts again whose answer nobody waits for any more."""
        with self.database.write():
            now = to_microseconds(self.now())
            for name in self.hooks:
                webhooks.begin(self.database, name, now)
            webhooks.orphan(self.database, now)

    def set_back(self) -> None:
        """Wait for no moment that cannot have been meant: the clock has gone back."""
        with self.database.write():
            longest = 2 * LONGEST_WAIT // timedelta(microseconds=1)
            webhooks.hurry(self.database, to_microseconds(self.now()), longest=longest)

    def gather(self) -> int:
        """Look at the next events for each system; return how many there were."""
        return sum(self._look(hook) for hook in self.hooks.values())

    def begin(self, free: Mapping[str, int]) -> list[Call]:
        """Return the attempts to make now, noted durably, at most so many for each system."""
        if self.next_at() is None:
            return []
        with self.database.write():
            self.library.refreshed()
            return [
                call
                for name, hook in self.hooks.items()
                for call in self._calls(hook, free.get(name, 0))
            ]

    def conclude(self, call: Call, answer: Answer) -> bool:
        """Note what came of an attempt; return False when that was noted before, or a later one is under way."""
        with self.database.write():
            where = (self.database, call.via, call.event)
            if not webhooks.is_waited_for(*where, call.attempt):
                return False
            self._conclude(call, answer)
            return True

    def next_at(self) -> int | None:
        """Return the moment at which there is something to tell or to look at, in microseconds, or None."""
        if not self.hooks:
            return None
        with self.database.read():
            if any(webhooks.is_behind(self.database, name) for name in self.hooks):
                return to_microseconds(self.now())
            return webhooks.next_at(self.database, self.hooks)

    def _look(self, hook: WebhookSettings) -> int:
        with self.database.read():
            if not webhooks.is_behind(self.database, hook.name):
                return 0
        with self.database.write():
            found = webhooks.ahead(self.database, hook.name, LOOKED_AT_ONCE)
            if not found:
                return 0
            now = to_microseconds(self.now())
            wanted = [
                (one.event, one.ticket_id, max(now, _held_until(one.body)))
                for one in found
                if _is_told(hook, one.workflow, one.body)
            ]
            webhooks.look(self.database, hook.name, found[-1].event, wanted)
            return len(found)

    def _calls(self, hook: WebhookSettings, free: int) -> list[Call]:
        now = self.now()
        lease = to_microseconds(now + ANSWER_WITHIN)
        due = webhooks.due(self.database, hook.name, to_microseconds(now), free) if free else []
        return [
            Call(
                via=hook.name,
                event=one.event,
                attempt=webhooks.start(self.database, one, lease),
                outgoing=Post(
                    id=event_id(one.event, one.hash), at=int(now.timestamp()), body=body
                ),
            )
            for one in due
            if not self._taken_back(hook, one)
            and (body := self._readable(hook, one)) is not None
        ]

    def _taken_back(self, hook: WebhookSettings, one: webhooks.Waiting) -> bool:
        """Return whether an event was taken back while it was held; then nobody is told."""
        if not _held_until(one.body) or not history.is_taken_back(self.database, one.event):
            return False
        now = to_microseconds(self.now())
        webhooks.drop(self.database, hook.name, one.event, now)
        return True

    def _readable(self, hook: WebhookSettings, one: webhooks.Waiting) -> bytes | None:
        """Return what is told; None where it is spoilt: that event is given up, and holds nothing else up."""
        try:
            return self._body(hook, one)
        except (*UNREADABLE, StopIteration, DatabaseDamaged, NotFound):
            now = to_microseconds(self.now())
            webhooks.bury(self.database, hook.name, one.event, now, _SPOILT)
            return None

    def _body(self, hook: WebhookSettings, one: webhooks.Waiting) -> bytes:
        """Return what is told: what the history says in the clear, and the fields that are named and not personal."""
        event = codec.unseal(one.body, None)
        ticket = Tickets(self.database, self.now()).get(one.ticket)
        personal = self.library.personal(ticket.bundle)
        fields = {
            name: ticket.fields[name]
            for name in hook.fields
            if name in ticket.fields and name not in personal
        }
        told: dict[str, Any] = {
            "id": event_id(one.event, one.hash),
            "events": sorted(kinds_of(event) & hook.events),
            "at": event.at.isoformat(),
            "ticket": event.ticket,
            "workflow": ticket.workflow,
            "sequence": event.sequence,
            "version": event.version,
            "state": history.state_after(self.database, event),
        }
        return compact_json.encode(told | ({"fields": fields} if fields else {})).encode()

    def _conclude(self, call: Call, answer: Answer) -> None:
        now = self.now()
        where = (self.database, call.via, call.event)
        if isinstance(answer, Delivered):
            webhooks.done(*where, to_microseconds(now))
            return
        why = _why(answer)
        moment = None
        if not (isinstance(answer, Rejected) and answer.permanent):
            moment = next_within(
                call.outgoing.id,
                attempt=call.attempt,
                at=now,
                begun=from_microseconds(webhooks.begun_at(*where)),
                longest=self.hooks[call.via].give_up_after,
            )
        if moment is None:
            webhooks.bury(*where, to_microseconds(now), why)
        else:
            webhooks.again(*where, to_microseconds(moment), why)


def event_id(number: int, digest: bytes) -> str:
    """Return the id under which an event is told: its number, and its hash, since a restored workspace numbers others so."""
    return f"{number}-{digest.hex()[:16]}"


def kinds_of(event: Event) -> frozenset[str]:
    """Return what an event is called outside; nothing for what is of no concern there."""
    found = set[str]()
    changes = event.changes
    if event.kind == UNDONE:  # Nobody outside has heard of what it takes back.
        return frozenset()
    if event.kind in _KINDS:
        found.add(_KINDS[event.kind])
    if "state" in changes and event.kind != "TicketOpened":
        found.add("moved")
    if "closed_at" in changes:
        found.add("closed" if changes["closed_at"] is not None else "reopened")
    if "handler" in changes:
        found.add("assigned")
    return frozenset(found)


_KINDS = {
    "TicketOpened": "opened",
    "FieldsEdited": "edited",
    ANSWERED: "answered",
    "CommentAdded": "commented",
    "FileAttached": "attached",
    "ContactRecorded": "contacted",
    "LevelRaised": "escalated",
    "TicketReopened": "reopened",
    ERASED: "erased",
}


def _is_told(hook: WebhookSettings, workflow: str, body: str) -> bool:
    if hook.workflows and workflow not in hook.workflows:
        return False
    try:
        return not hook.events.isdisjoint(kinds_of(codec.unseal(body, None)))
    except UNREADABLE:
        return True  # nobody knows that it is not; telling it fails in the open


def _held_until(body: str) -> int:
    """Return until when nobody is told of an event because it can be taken back; 0 where it cannot."""
    if UNTIL not in body:  # Most cannot, and need not be read.
        return 0
    try:
        until = held_until(codec.unseal(body, None))
    except UNREADABLE:
        return 0  # Telling it fails in the open.
    return 0 if until is None else to_microseconds(until)


_SPOILT = message("what was to be sent is not in the database as it was written")


def _why(answer: Answer) -> Message:
    if isinstance(answer, Rejected | Failed):
        return OWN.get(answer.reason) or details.said_by_others(answer.reason)
    return message("no answer")
