"""The customer view on one sheet: calm, the gravest first, and nothing that has nothing to say."""

from collections.abc import Iterator, Sequence

from casewright.answers import ChurnRisk, Contact, CustomerView
from casewright.cli.answer import Heading
from casewright.cli.output import clean
from casewright.cli.reading import Reader
from casewright.cli.session import Session
from casewright.cli.ticket_sheet import pairs
from casewright.clock import SystemClock
from casewright.model import Customer, Ticket
from casewright.telling.kinds import CHANNELS, CONTACTS, KINDS, LEVELS, RESOLVED, WAYS
from casewright.texts import Texts, text


def sheet(session: Session, view: CustomerView) -> Iterator[str]:
    """Yield the whole sheet."""
    reader, texts, one = Reader(session), session.texts, view.customer
    yield Heading(
        texts.say("{number}  {title}", number=one.id, title=one.name) if one.name else one.id
    )
    if view.asked != one.id:
        yield texts.say("{id} was merged into {into}.", id=view.asked, into=one.id)
    yield from pairs(
        [(texts.text(name), value) for name, value in _facts(texts, view) if value]
    )
    yield from _part(
        texts,
        text("Open matters"),
        [_matter(session, reader, ticket) for ticket in view.open_matters],
        view.more.get("open_matters", 0),
        f"casewright ticket list --open --customer {one.id}",
    )
    yield from _part(
        texts, text("Promises broken"), _broken(texts, view), view.more.get("broken", 0)
    )
    yield from _contacts_part(
        reader, texts, text("Unresolved contacts"), view.unresolved, view, "unresolved"
    )
    yield from _part(
        texts,
        text("Matters that came back"),
        [
            ("", " → ".join(_round(reader, ticket) for ticket in came.rounds))
            for came in view.lineages
        ],
        view.more.get("lineages", 0),
    )
    yield from _contacts_part(
        reader, texts, text("Past contacts"), view.contacts, view, "contacts"
    )
    if view.older:
        yield ""
        yield texts.say("{count} older ticket(s) are not looked at here.", count=view.older)


def kind_of(texts: Texts, kind: str) -> str:
    """Return which of the two sides a customer is on, in the reader's language."""
    return texts.text(KINDS[kind])


def contact_lines(reader: Reader, texts: Texts, found: Sequence[Contact]) -> Iterator[str]:
    """Yield a line for each contact: when, how, with whom, and what it was about."""
    yield from pairs([_contact(reader, texts, one) for one in found])


def _facts(texts: Texts, view: CustomerView) -> Iterator[tuple[str, str]]:
    one = view.customer
    yield text("side"), _side(texts, view)
    yield text("tier"), one.tier
    yield text("brand"), one.brand
    yield text("language"), one.language
    yield text("known by"), "\n".join(f"{id.kind} {clean(id.value)}" for id in one.known_by)
    yield text("tags"), texts.listing(one.tags)
    yield text("formerly"), texts.listing(view.merged)
    yield text("erased"), texts.moment(one.erased_at) if one.erased_at else ""
    yield text("churn risk"), _risk(texts, view.churn) if view.churn else ""
    survey = view.survey
    yield (
        text("last survey"),
        texts.say(
            "{answer} ({points} of 5), {moment}, {ticket}",
            answer=survey.title,
            points=survey.points,
            moment=survey.at,
            ticket=survey.ticket,
        )
        if survey
        else "",
    )


def _side(texts: Texts, view: CustomerView) -> str:
    one, client = view.customer, view.client
    if client is not None:
        return texts.say(
            "{side} of {client}", side=kind_of(texts, one.kind), client=_called(client)
        )
    if view.end_customers:
        template = "{side} with {count} end customer(s)"
        return texts.say(template, side=kind_of(texts, one.kind), count=view.end_customers)
    return kind_of(texts, one.kind)


def _risk(texts: Texts, risk: ChurnRisk) -> str:
    level = texts.text(LEVELS[risk.level])
    lines = [texts.say("{level} ({points} points)", level=level, points=risk.points)]
    lines += [f"{one.points:+d}  {one.title.of(texts.lang)}" for one in risk.reasons]
    return "\n".join(lines)


def _matter(session: Session, reader: Reader, ticket: Ticket) -> tuple[str, str]:
    texts = session.texts
    said = texts.say(
        "{title}: {state}, with {handler}, since {age}",
        title=reader.words(reader.of(ticket).title),
        state=reader.state(ticket),
        handler=reader.calls(ticket.handler),
        age=session.ago(SystemClock().now() - ticket.opened_at),
    )
    if ticket.round > 1:
        said = texts.say("{said}; round {round}", said=said, round=ticket.round)
    return ticket.key, said


def _broken(texts: Texts, view: CustomerView) -> list[tuple[str, str]]:
    templates = {
        True: text("{promise}: was due {moment}, and is open still"),
        False: text("{promise}: was due {moment}"),
    }
    return [
        (one.ticket, texts.say(templates[one.open], promise=one.title, moment=one.due))
        for one in view.broken
    ]


def _round(reader: Reader, ticket: Ticket) -> str:
    return f"{ticket.key} ({reader.state(ticket)})"


def _contacts_part(
    reader: Reader,
    texts: Texts,
    title: str,
    found: Sequence[Contact],
    view: CustomerView,
    name: str,
) -> Iterator[str]:
    more = f"casewright customer contacts {view.customer.id}"
    lines = [_contact(reader, texts, one) for one in found]
    yield from _part(texts, title, lines, view.more.get(name, 0), more)


def _contact(reader: Reader, texts: Texts, one: Contact) -> tuple[str, str]:
    channel = texts.text(CHANNELS.get(one.channel, one.channel))
    way, person = texts.text(WAYS[one.direction]), reader.calls(one.agent)
    details = [
        texts.listing((channel, way, person)),
        texts.text(CONTACTS[one.kind]) if one.kind in CONTACTS else "",
        one.summary,
        texts.listing(one.tickets),
        texts.text(RESOLVED[one.resolved]),
    ]
    when = f"#{one.number}  {texts.moment(one.at)}"
    return when, clean("; ".join(filter(None, details))).replace("\n", " ")


def _part(
    texts: Texts, title: str, found: Sequence[tuple[str, str]], more: int, where: str = ""
) -> Iterator[str]:
    if not found:
        return
    yield ""
    yield Heading(texts.text(title))
    yield from pairs(list(found))
    if more and where:
        yield texts.say("  and {count} more: {command}", count=more, command=where)
    elif more:
        yield texts.say("  and {count} more", count=more)


def _called(one: Customer) -> str:
    return f"{one.name} ({one.id})" if one.name else one.id
