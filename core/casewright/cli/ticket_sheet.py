"""One ticket on one sheet: where it stands, its fields, its relations, and what may be done with it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from casewright.answers import ActionOffer, Notice
from casewright.cli.answer import Heading
from casewright.cli.output import clean, columns_here, pad, width, wrap
from casewright.cli.reading import Reader
from casewright.cli.session import Session
from casewright.model import Ticket
from casewright.telling.clocks import clock_pairs, waiting_lines
from casewright.telling.kinds import CONTACTS, LINKS, NOTICE_STATES
from casewright.telling.time_words import times_in
from casewright.texts import Texts, text

if TYPE_CHECKING:
    from casewright.sla.standing import TicketTime

_NARROWEST = 24


def sheet(
    session: Session,
    ticket: Ticket,
    children: Sequence[Ticket],
    offers: Sequence[ActionOffer],
    files: Sequence[str],
    time: "TicketTime",
    replies: Sequence[Notice] = (),
) -> Iterator[str]:
    """Yield the whole sheet."""
    reader, texts = Reader(session), session.texts
    title = reader.words(reader.of(ticket).title)
    yield Heading(
        texts.say(
            "{key}  {title}: {state}", key=ticket.key, title=title, state=reader.state(ticket)
        )
    )
    yield from pairs(
        [
            (texts.text(name), value)
            for name, value in _facts(session, reader, ticket, files)
            if value
        ]
    )
    yield from _time(session, reader, ticket, time)
    if ticket.fields:
        yield ""
        yield Heading(texts.text("Fields"))
        fields = [
            (reader.field(ticket, name), name, value) for name, value in ticket.fields.items()
        ]
        yield from pairs(
            [
                (reader.words(one.title) if one else name, reader.value(one, value))
                for one, name, value in fields
            ]
        )
        if masked_fields(reader, ticket):
            yield from _how_to_reveal(texts, ticket)
    if replies:
        yield ""
        yield Heading(texts.text("Answers to the customer"))
        yield from (f"  {line}" for line in _replies(texts, replies))
    related = [*_children(reader, session, children), *_links(session, ticket)]
    if related:
        yield ""
        yield Heading(texts.text("Other tickets"))
        yield from (f"  {line}" for line in related)
    yield ""
    yield from offer_lines(reader, session, ticket, offers)


def _replies(texts: Texts, replies: Sequence[Notice]) -> Iterator[str]:
    """Yield the answers that the customer was sent, and whether they arrived."""
    for one in replies:
        yield texts.say(
            "{moment}  over '{channel}': {state} (notice {number})",
            moment=one.created_at,
            channel=one.via,
            state=texts.text(NOTICE_STATES.get(one.state, one.state)),
            number=str(one.number),
        )


def masked_fields(reader: Reader, ticket: Ticket) -> list[str]:
    """Return the names of the ticket's fields that are shown masked."""
    known = ((name, reader.field(ticket, name)) for name in ticket.fields)
    return [name for name, field in known if field is not None and field.personal]


def _how_to_reveal(texts: Texts, ticket: Ticket) -> Iterator[str]:
    command = f"casewright ticket reveal {ticket.key} --purpose TEXT"
    said = texts.say("Personal fields are masked; `{command}` shows them.", command=command)
    yield from (f"  {line}" for line in wrap(said, (columns_here() or 80) - 2))


def _time(
    session: Session, reader: Reader, ticket: Ticket, time: "TicketTime"
) -> Iterator[str]:
    texts = session.texts
    if time.clocks:
        yield ""
        yield Heading(texts.text("Promises"))
        yield from pairs(list(clock_pairs(reader, texts, time.clocks)))
    waiting = list(waiting_lines(reader, texts, ticket, time))
    if waiting:
        yield ""
        yield Heading(texts.text("What comes by itself"))
        yield from pairs([("", line) for line in waiting])


def _facts(
    session: Session, reader: Reader, ticket: Ticket, files: Sequence[str]
) -> Iterator[tuple[str, str]]:
    texts = session.texts
    yield text("handler"), reader.person(ticket.handler)
    yield text("owner"), reader.person(ticket.owner)
    yield text("priority"), reader.priority(ticket.priority)
    yield text("level"), str(ticket.level) if reader.of(ticket).levels else ""
    yield (
        text("round"),
        texts.say("{round} of {lineage}", round=ticket.round, lineage=ticket.lineage)
        if ticket.round > 1
        else "",
    )
    yield text("customer"), ticket.customer or ""
    yield text("channel"), ticket.channel
    yield (
        text("opened"),
        texts.say(
            "{moment} by {person}", moment=ticket.opened_at, person=reader.person(ticket.opener)
        ),
    )
    yield (
        text("received"),
        texts.moment(ticket.received_at) if ticket.received_at != ticket.opened_at else "",
    )
    yield text("in this state since"), texts.moment(ticket.entered_at)
    yield text("closed"), texts.moment(ticket.closed_at) if ticket.closed_at else ""
    yield text("part of"), ticket.parent or ""
    yield text("merged into"), ticket.merged_into or ""
    yield (
        text("contacts"),
        texts.listing(
            f"{texts.text(CONTACTS.get(kind, kind))} {count}"
            for kind, count in ticket.contacts.items()
        ),
    )
    yield text("watched by"), texts.listing(map(reader.calls, ticket.watchers))
    yield text("attachments"), texts.listing(files)
    yield text("times in"), times_in(texts)
    yield (
        text("version"),
        texts.say("{version} (events: {count})", version=ticket.version, count=ticket.sequence),
    )


def _children(reader: Reader, session: Session, children: Sequence[Ticket]) -> Iterator[str]:
    for child in children:
        yield session.texts.say(
            "{key} was opened from it; it is in '{state}', with {handler}",
            key=child.key,
            state=reader.state(child),
            handler=reader.person(child.handler),
        )


def _links(session: Session, ticket: Ticket) -> Iterator[str]:
    for role, key in ticket.links:
        yield session.texts.say(
            "{key} is linked ({role})", key=key, role=session.texts.text(LINKS.get(role, role))
        )


def offer_lines(
    reader: Reader, session: Session, ticket: Ticket, offers: Sequence[ActionOffer]
) -> Iterator[str]:
    """Yield what may be done now, then what may not, with its reason."""
    texts = session.texts
    if not offers:
        yield (
            texts.text("Nothing can be done here: the ticket is closed.")
            if not ticket.open
            else texts.text("No transition leads out of this state.")
        )
        return
    free = [offer for offer in offers if not offer.blocked]
    barred = [offer for offer in offers if offer.blocked]
    wide = max(width(offer.name) for offer in offers) + 2
    if free:
        yield Heading(texts.text("What you can do"))
        yield from pairs(
            [(one.name, _offer(reader, session, ticket, one)) for one in free], wide
        )
    if barred:
        yield Heading(texts.text("What you cannot do now"))
        reasons = [
            texts.say("{title}: {reason}", title=one.title, reason=one.blocked)
            for one in barred
        ]
        yield from pairs(
            [(one.name, said) for one, said in zip(barred, reasons, strict=True)], wide
        )


def _offer(reader: Reader, session: Session, ticket: Ticket, offer: ActionOffer) -> str:
    texts, shown = session.texts, reader.words(offer.title)
    targets = [reader.state(ticket, target) for target in offer.targets]
    if targets:
        shown += " → " + " / ".join(targets)
    wants = [*_form_fields(reader, ticket, offer), *(need for need in offer.needs)]
    return (
        texts.say(
            "{shown}   (asks for: {wants})",
            shown=shown,
            wants=texts.listing(dict.fromkeys(wants)),
        )
        if wants
        else shown
    )


def _form_fields(reader: Reader, ticket: Ticket, offer: ActionOffer) -> list[str]:
    forms = reader.workflow(ticket.workflow, ticket.bundle)[1]
    form = forms.get(offer.form or "")
    return [name for name, field in form.fields.items() if field.required] if form else []


def pairs(given: Sequence[tuple[str, str]], wide: int = 0) -> Iterator[str]:
    """Yield names and beside each, in one column, what they come to; a name may be empty."""
    wide = wide or max((width(name) + 2 for name, _ in given if name), default=0)
    here = columns_here()
    for name, value in given:
        lines = clean(value).split("\n")
        if here is not None:
            room = max(_NARROWEST, here - wide - 2)
            lines = [part for line in lines for part in wrap(line, room)]
        yield f"  {pad(name, wide)}{lines[0]}"
        yield from (" " * (wide + 2) + line for line in lines[1:])
