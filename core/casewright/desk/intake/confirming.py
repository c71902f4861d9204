"""The confirmation that a sender gets: at most once for a matter and a few times a day, never to a machine."""

from dataclasses import asdict
from datetime import timedelta

from casewright.addresses import email_fault
from casewright.clock import to_microseconds
from casewright.commands import new_id
from casewright.delivery.channel import Outgoing
from casewright.desk.intake.senders import Sender
from casewright.desk.intake.site import Place
from casewright.desk.status_link import with_link
from casewright.intake.judging import is_own
from casewright.intake.rules import FILE, REFERENCE, Confirm
from casewright.store import arrivals, deliveries, threads

A_DAY = timedelta(days=1)
SMTP = "smtp"


def confirm(place: Place, sender: Sender, ticket: str) -> None:
    """Promise the sender the number of a ticket that was just opened, if the channel's rules say so."""
    said = place.channel.confirm
    channel = place.config.channels.get(said.via) if said is not None else None
    if (
        said is None
        or channel is None
        or channel.kind != "email"
        or not _may(place, sender, said)
    ):
        return
    outgoing = _worded(place, sender, said, ticket)
    deliveries.make(
        place.database,
        key=outgoing.key,
        via=said.via,
        recipient=f"customer:{ticket}",
        at=to_microseconds(place.now),
        body=asdict(outgoing),
    )
    arrivals.confirm(place.database, place.number, outgoing.key)
    if channel.driver == SMTP:
        from casewright.delivery.mail_message import message_id

        named = message_id(outgoing.key, ticket, channel.text("from"))
        threads.note(
            place.database, named, ticket, direction="out", at=to_microseconds(place.now)
        )


def own_addresses(place: Place) -> tuple[str, ...]:
    """Return the addresses that mail of ours comes from."""
    sending = (one for one in place.config.channels.values() if one.driver == SMTP)
    named = [one.text(word) for one in sending for word in ("from", "reply_to", "envelope")]
    read = [one.address for one in place.config.intake.values() if one.address]
    return (*place.channel.own, *filter(None, named), *read)


def _may(place: Place, sender: Sender, said: Confirm) -> bool:
    arrival = place.arrival
    address = arrival.answerable.lower()
    if arrival.verdict or not address or email_fault(address) is not None:
        return False
    if is_own(address, own_addresses(place)):
        return False
    since = to_microseconds(place.now - A_DAY)
    return arrivals.count(place.database, address, since, confirmed=True) < said.per_day


def _worded(place: Place, sender: Sender, said: Confirm, ticket: str) -> Outgoing:
    language = _language(place, sender)
    subject = said.subject.of(language).replace(REFERENCE, ticket)
    return Outgoing(
        key=new_id(),
        address=place.arrival.answerable,
        text=with_link(
            said.text.of(language).replace(REFERENCE, ticket),
            place.config,
            place.library.configuration().files.get(FILE),
            place.tickets.get(ticket),
            language=language,
            now=place.now,
        ),
        subject=subject if ticket in subject else f"{subject} [{ticket}]",
        language=language,
        nature="confirmation",
        topic=ticket,
        answers=place.arrival.message_id,
        written_at=to_microseconds(place.now),
    )


def _language(place: Place, sender: Sender) -> str:
    known = sender.customer.language if sender.customer is not None else ""
    spoken = known or place.arrival.language
    if not spoken:
        said = f"{place.arrival.subject} {place.arrival.text[:2000]}"
        spoken = "zh" if any("\u4e00" <= one <= "\u9fff" for one in said) else "en"
    return "zh" if spoken.lower().startswith("zh") else "en"
