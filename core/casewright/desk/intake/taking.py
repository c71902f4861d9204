"""Taking in what came from outside: kept first, judged after, and nothing of it ever lost."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from casewright import compact_json
from casewright.clock import to_microseconds
from casewright.commands import Command, ReceiptArrived, SortArrival, TakeIn, TakeInRow
from casewright.config import Config
from casewright.desk.intake import attaching, sorting
from casewright.desk.intake.confirming import confirm, own_addresses
from casewright.desk.intake.opening import open_ticket
from casewright.desk.intake.rows import arrival_of_row
from casewright.desk.intake.senders import Sender, sender_of
from casewright.desk.intake.site import Place
from casewright.desk.intake.threading import belonging, joined
from casewright.desk.library import Library
from casewright.errors import (
    CasewrightError,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseUnusable,
    Message,
    message,
)
from casewright.intake.arrival import Arrival, Outcome
from casewright.intake.judging import is_own, rule_for
from casewright.intake.remarks import REMARKS
from casewright.intake.rules import Rule
from casewright.model import Receipt, Ticket
from casewright.store import arrivals, deliveries, details, threads
from casewright.store.arrivals import DROPPED, SORTED, UNSORTED, StoredArrival
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass
from casewright.wire.codec import written

AN_HOUR = timedelta(hours=1)
NEEDS_EYES = ("unreadable", "no_sender", "too_large", "too_many_parts")
"""Remarks on mail of which no rule may make a ticket before somebody has looked at it."""
PAST_JUDGING = (DatabaseBusy, DatabaseUnusable, DatabaseDamaged)
"""What says nothing of the arrival: it is taken in again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Takes in and sorts at one desk; `execute` carries out what follows from it in the same transaction."""

    database: Database
    library: Library
    config: Config
    execute: Callable[[Command], Receipt]

    def handles(self, kind: type[Command]) -> bool:
        """Return whether commands of this kind are carried out here."""
        return kind in (TakeIn, TakeInRow, SortArrival)

    def carry_out(self, command: Command, now: datetime) -> Mapping[str, str]:
        """Carry one of these commands out in the transaction that is open; return what its receipt answers."""
        if isinstance(command, SortArrival):
            return sorting.sort(self, command, now)
        if isinstance(command, TakeInRow):
            arrival = arrival_of_row(self.library, command, now)
        else:
            assert isinstance(command, TakeIn)
            arrival = command.arrival
        if arrival.kind == "form":
            # Later than every ticket that it may be added to: by that its link knows whose matter it is.
            arrival = replace(arrival, at=now)
        number = self._kept(arrival)
        if number is None:
            return self._repeated(arrival)
        return _Taking(self.place(command, arrival, number, now)).judged()

    def place(self, command: Command, arrival: Arrival, number: int, now: datetime) -> Place:
        """Return what the arrival of this number is worked on with."""
        return Place(
            database=self.database,
            library=self.library,
            config=self.config,
            execute=self.execute,
            actor=command.actor,
            now=now,
            number=number,
            arrival=arrival,
            step=command.command_id,
        )

    def _kept(self, arrival: Arrival) -> int | None:
        return arrivals.insert(
            self.database,
            channel=arrival.channel,
            key=arrival.id,
            kind=arrival.kind,
            at=to_microseconds(arrival.at),
            sender=next(iter(arrival.addresses), ""),
            verdict=arrival.verdict,
            record=compact_json.encode(written(arrival, Arrival)),
        )

    def _repeated(self, arrival: Arrival) -> Mapping[str, str]:
        before = arrivals.find(self.database, arrival.channel, arrival.id)
        assert before is not None, "it could not be kept because it is there"
        differs = before.record and not _says_the_same(arrival, sorting.arrival_of(before))
        return {**told("repeated", before), **({"differs": "yes"} if differs else {})}


def told(outcome: Outcome, stored: StoredArrival) -> Mapping[str, str]:
    """Return what a receipt answers of an arrival."""
    return {
        "outcome": outcome,
        "arrival": str(stored.id),
        "reference": stored.reference,
        **({"ticket": stored.ticket} if stored.ticket else {}),
    }


@dataclass(frozen=True, slots=True)
class _Taking:
    """One arrival that was just kept."""

    place: Place

    def judged(self) -> Mapping[str, str]:
        """Judge it and answer what became of it; where that is refused it waits, with the reason."""
        place = self.place
        sender = sender_of(place.database, place.library, place.arrival)
        try:
            with place.database.write():
                outcome = self._became(sender)
        except PAST_JUDGING:
            raise
        except CasewrightError as error:
            outcome = self._waits(details.of_error(error))
        stored = arrivals.get(place.database, place.number)
        assert stored is not None
        return told(outcome, stored)

    def _became(self, sender: Sender) -> Outcome:
        arrival = self.place.arrival
        if remark := self._loops():
            return self._drop(REMARKS[remark])
        if arrival.verdict == "bounce":
            return self._bounced()
        if self._is_too_much(sender):
            return self._waits(REMARKS["too_many"])
        found = belonging(self.place, sender)
        if found.ticket is not None:
            return self._added(sender, found.ticket)
        if arrival.verdict == "auto_reply":
            return self._drop(REMARKS["automatic"])
        if arrival.verdict == "bulk":
            drops = self.place.channel.bulk == "drop"
            return self._drop(_BULK) if drops else self._waits(_BULK)
        odd = next((one for one in NEEDS_EYES if one in arrival.remarks), "")
        if remark := found.remark or odd:
            return self._waits(REMARKS[remark])
        return self._new(sender)

    def _new(self, sender: Sender) -> Outcome:
        place = self.place
        rule = rule_for(place.channel, place.arrival, sender.customer)
        if rule is None:
            return self._waits(message("no rule of the channel says what becomes of it"))
        if rule.drop:
            return self._drop(message("{detail}", detail=rule.drop))
        if rule.wait:
            return self._waits(message("{detail}", detail=rule.wait))
        same = joined(place, sender, rule.open)
        return self._added(sender, same) if same is not None else self._opened(sender, rule)

    def _opened(self, sender: Sender, rule: Rule, *, after: Ticket | None = None) -> Outcome:
        place = self.place
        key, shortened = open_ticket(place, sender, rule.open, rule.fields)
        attaching.complete(place, key)
        if after is not None:
            attaching.link(place, key, after.key)
        reason = REMARKS["shortened"] if shortened else None
        self._settle(SORTED, ticket=key, reason=reason, reference=key)
        confirm(place, sender, key)
        return "opened"

    def _added(self, sender: Sender, ticket: Ticket) -> Outcome:
        place = self.place
        if not ticket.open and place.channel.closed == "new" and not place.arrival.verdict:
            rule = rule_for(place.channel, place.arrival, sender.customer)
            if rule is not None and rule.open:
                return self._opened(sender, rule, after=ticket)
        key = attaching.add(place, ticket)
        attaching.complete(place, key)
        self._settle(SORTED, ticket=key, reference=key)
        return "attached"

    def _bounced(self) -> Outcome:
        """Note that mails of ours were not delivered; of what else did not arrive nobody needs to know."""
        place, ids = self.place, self.place.arrival.failed
        mails = [one for one in threads.known(place.database, ids) if one.direction == "out"]
        for number, (via, one) in enumerate(self._parts(ids)):
            receipt = ReceiptArrived(
                actor=place.actor,
                command_id=place.named(f"receipt{number}"),
                channel=via,
                provider_id=one,
                state="undelivered",
            )
            place.execute(receipt)
        if not mails:
            return self._drop(REMARKS["bounce_of_nothing"])
        key = mails[0].ticket
        self._settle(SORTED, ticket=key, reason=REMARKS["not_delivered"], reference=key)
        return "attached"

    def _parts(self, ids: tuple[str, ...]) -> list[tuple[str, str]]:
        database, channels = self.place.database, self.place.config.channels
        return [
            (via, one) for one in ids for via in channels if deliveries.part(database, via, one)
        ]

    def _loops(self) -> str:
        """Return the remark that says why it is a mail of ours, or ""."""
        place, arrival = self.place, self.place.arrival
        own = own_addresses(place)
        if any(is_own(one, own) for one in arrival.passed):
            return "came_back"
        if arrival.kind == "mail" and any(is_own(one, own) for one in arrival.addresses):
            return "our_own"
        mails = threads.known(place.database, (arrival.message_id,))
        return "came_back" if any(one.direction == "out" for one in mails) else ""

    def _is_too_much(self, sender: Sender) -> bool:
        if self.place.arrival.kind != "mail":
            return False
        since = to_microseconds(self.place.now - AN_HOUR)
        sent = arrivals.count(self.place.database, sender.address, since)
        return sent > self.place.channel.most_per_hour

    def _waits(self, reason: Message) -> Outcome:
        self._settle(UNSORTED, reason=reason, reference=reference_of(self.place.number))
        return "unsorted"

    def _drop(self, reason: Message) -> Outcome:
        self._settle(DROPPED, reason=reason, reference=reference_of(self.place.number))
        return "dropped"

    def _settle(
        self, state: str, *, ticket: str = "", reason: Message | None = None, reference: str
    ) -> None:
        arrivals.settle(
            self.place.database,
            self.place.number,
            state,
            ticket=ticket,
            reason=details.written(reason),
            reference=reference,
        )


def _says_the_same(arrival: Arrival, before: Arrival) -> bool:
    """Return whether something says what was taken in before under its id."""
    return all(getattr(arrival, name) == getattr(before, name) for name in _SAID)


_SAID = ("subject", "text", "fields", "sender", "name", "attachments")
_BULK = message("it is a mass mailing")


def reference_of(number: int) -> str:
    """Return the number that a sender is told whose matter has no ticket yet."""
    return f"IN-{number:06d}"
