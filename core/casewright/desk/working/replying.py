"""What staff answer by message: a notice is taken or refused in the sender's name, and the sender told what came of it."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Literal

from casewright.clock import to_microseconds
from casewright.commands import Command, RefuseNotice, TakeNotice, new_id
from casewright.delivery.channel import Outgoing, ReplySeen
from casewright.delivery.replies import NotUnderstood, RefuseReply, TakeReply, parse_reply
from casewright.desk.working.site import Site
from casewright.errors import CasewrightError, Message, NotFound, message
from casewright.model import Person, Receipt
from casewright.store import deliveries, notices
from casewright.store.database import Database
from casewright.store.notices import StoredNotice
from casewright.swift_dataclass import dataclass

Outcome = Literal["done", "repeated", "refused", "not_understood", "unknown_sender"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """What came of a reply; `person` is empty where nobody on the staff has the number."""

    outcome: Outcome
    person: str = ""


def reply(
    site: Callable[[], Site],
    database: Database,
    execute: Callable[[Command], Receipt],
    seen: ReplySeen,
) -> Replied:
    """Do what the sender asks for, and answer, once; a stranger gets no answer."""
    with database.write():
        here = site()
        person = here.person_by_phone(seen.sender)
        if person is None:
            return Replied(outcome="unknown_sender")
        outcome, answer = _outcome(here, execute, seen, person)
        if answer is not None:
            _answer(here, seen, person, answer)
        return Replied(outcome=outcome, person=person.name)


def _outcome(
    site: Site, execute: Callable[[Command], Receipt], seen: ReplySeen, person: Person
) -> tuple[Outcome, Message | None]:
    asked = parse_reply(seen.text)
    if isinstance(asked, NotUnderstood):
        return "not_understood", asked.answer
    try:
        command, said = _command(site, asked, seen, person)
        if execute(command).repeated:
            return "repeated", None
    except CasewrightError as error:
        return "refused", Message(error.sentence, error.details())
    return "done", said


def _command(
    site: Site, asked: TakeReply | RefuseReply, seen: ReplySeen, person: Person
) -> tuple[Command, Message]:
    """Return what a reply asks for, and what its sender is told when it is done."""
    notice = notices.get(site.database, asked.notice)
    if notice is None or notice.recipient != person.name:
        hint = message(" for you")
        raise NotFound(kind=message("notice"), name=str(asked.notice), hint=hint)
    if isinstance(asked, RefuseReply):
        refusal = RefuseNotice(
            actor=person.name,
            command_id=_identity(seen),
            ticket=notice.ticket,
            notice=notice.id,
            reason=asked.reason,
        )
        return refusal, _said(_REFUSED, notice)
    until = None if asked.until is None else _next(site, notice, asked.until)
    taking = TakeNotice(
        actor=person.name,
        command_id=_identity(seen),
        ticket=notice.ticket,
        notice=notice.id,
        until=None if until is None else until.astimezone(UTC),
    )
    if until is None:
        return taking, _said(_TAKEN, notice)
    return taking, _said(_TAKEN_UNTIL, notice, until=until.strftime("%m-%d %H:%M"))


def _said(sentence: Message, notice: StoredNotice, **values: object) -> Message:
    return Message(sentence.text, {"notice": str(notice.id), "ticket": notice.ticket, **values})


_TAKEN = message("Notice {notice} ({ticket}) is yours.")
_TAKEN_UNTIL = message("Notice {notice} ({ticket}) is yours until {until}.")
_REFUSED = message("Notice {notice} ({ticket}) is refused; the next level is told.")


def _next(site: Site, notice: StoredNotice, at: time) -> datetime:
    """Return when it is next that time of day, where the notice's clock counts."""
    zone: tzinfo = site.zone(site.calendar(notice))
    today = datetime.combine(site.now.astimezone(zone).date(), at, tzinfo=zone)
    if today.astimezone(UTC) > site.now:
        return today
    return datetime.combine(today.date() + timedelta(days=1), at, tzinfo=zone)


def _identity(seen: ReplySeen) -> str:
    """Return the command's id: a message that its provider hands over twice happens once."""
    if not seen.provider_id:
        return new_id()
    said = f"{seen.provider_id}\n{seen.sender}\n{seen.text}"
    digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
    return f"reply:{seen.channel}:{digest[:40]}"


def _answer(site: Site, seen: ReplySeen, person: Person, answer: Message) -> None:
    spoken = person.language or site.language
    outgoing = Outgoing(
        key=new_id(),
        address=person.phone,
        text=site.texts(spoken).render(answer),
        language=spoken,
    )
    deliveries.make(
        site.database,
        key=outgoing.key,
        via=seen.channel,
        recipient=person.name,
        at=to_microseconds(site.now),
        body=asdict(outgoing),
    )
