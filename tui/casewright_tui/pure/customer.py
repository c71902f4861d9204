"""A customer as somebody should know them when the contact begins: the gravest first, nothing that has nothing to say."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from casewright.answers import BrokenPromise, ChurnRisk, Contact, CustomerView
from casewright.model import Customer, Ticket
from casewright.telling.kinds import (
    CHANNELS,
    CONTACTS,
    IDENTITIES,
    KINDS,
    LEVELS,
    RESOLVED,
    WAYS,
)
from casewright.telling.names import Names
from casewright.texts import Texts, text
from casewright_tui.lines import Line, line, piece
from casewright_tui.pure.children import TICKET
from casewright_tui.pure.sheet import Row, heading, joined, labelled, told

CUSTOMER = "customer:"


def pane(
    names: Names,
    view: CustomerView,
    now: datetime,
    width: int,
    *,
    closed: Sequence[Ticket] = (),
) -> list[Line]:
    """Return the pane: who it is, what is open, what was broken, what was said; `closed` matters where they are asked for."""
    texts, more = names.texts, view.more
    lines = [line(piece(called(view.customer), "strong"))]
    lines += _part(
        texts,
        text("Open matters"),
        _matters(names, view.open_matters, now, width),
        more.get("open_matters", 0),
    ) or told(texts.text("Nothing is open."), width, tone="dim")
    lines += _part(texts, text("Closed of late"), _matters(names, closed, now, width), 0)
    lines += _part(
        texts,
        text("Promises broken"),
        _broken(texts, view.broken, width),
        more.get("broken", 0),
    )
    lines += _part(
        texts,
        text("Unresolved contacts"),
        _contacts(names, view.unresolved, width),
        more.get("unresolved", 0),
    )
    lines += _part(
        texts,
        text("Matters that came back"),
        _lineages(names, view, width),
        more.get("lineages", 0),
    )
    lines += [Line(), *labelled(_facts(texts, view), width)]
    lines += _part(
        texts,
        text("Past contacts"),
        _contacts(names, view.contacts, width),
        more.get("contacts", 0),
    )
    if view.older:
        said = texts.say("{count} older ticket(s) are not looked at here.", count=view.older)
        lines += [Line(), *told(said, width, tone="dim")]
    return lines


def refused(why: str, width: int) -> list[Line]:
    """Return the pane of a customer whom the reader may not see."""
    return told(why, width, tone="dim")


def called(one: Customer) -> str:
    """Return what a customer is called, with the id."""
    return f"{one.name} ({one.id})" if one.name else one.id


def known_by(one: Customer, texts: Texts) -> str:
    """Return what a customer is known by, one after the other."""
    return "\n".join(
        f"{texts.text(IDENTITIES.get(id.kind, id.kind))} {id.value}" for id in one.known_by
    )


def matter(names: Names, ticket: Ticket) -> str:
    """Return in a sentence what a ticket is and how it stands."""
    texts = names.texts
    said = texts.say(
        "{title}: {state}, with {handler}",
        title=names.words(names.of(ticket).title),
        state=names.state(ticket),
        handler=names.calls(ticket.handler),
    )
    if ticket.round > 1:
        said = texts.say("{said}; round {round}", said=said, round=ticket.round)
    return said


def _part(texts: Texts, title: str, lines: Sequence[Line], more: int) -> list[Line]:
    if not lines:
        return []
    found = [*heading(texts.text(title)), *lines]
    if more:
        found.append(line(piece(texts.say("  and {count} more", count=more), "dim")))
    return found


def _matters(names: Names, tickets: Sequence[Ticket], now: datetime, width: int) -> list[Line]:
    found: list[Line] = []
    for one in tickets:
        said = matter(names, one)
        ended = one.closed_at or one.opened_at
        since = names.texts.say("{said}, since {moment}", said=said, moment=ended)
        found += told(f"{one.key}  {since}", width, id=TICKET + one.key)
    return found


def _broken(texts: Texts, broken: Sequence[BrokenPromise], width: int) -> list[Line]:
    templates = {
        True: text("{promise}: was due {moment}, and is open still"),
        False: text("{promise}: was due {moment}"),
    }
    found: list[Line] = []
    for one in broken:
        said = texts.say(templates[one.open], promise=one.title, moment=one.due)
        tone = "bad" if one.open else ""
        found += told(f"{one.ticket}  {said}", width, tone=tone, id=TICKET + one.ticket)  # type: ignore[arg-type]
    return found


def _lineages(names: Names, view: CustomerView, width: int) -> list[Line]:
    found: list[Line] = []
    for came in view.lineages:
        for one in came.rounds:
            said = names.texts.say(
                "round {round}: {state}", round=str(one.round), state=names.state(one)
            )
            found += told(f"{one.key}  {said}", width, id=TICKET + one.key)
    return found


def _contacts(names: Names, contacts: Sequence[Contact], width: int) -> list[Line]:
    found: list[Line] = []
    for one in contacts:
        found += told(contact(names, one), width)
    return found


def contact(names: Names, one: Contact) -> str:
    """Return one contact in a line: when, how, with whom, and what it was about."""
    texts = names.texts
    parts = [
        texts.moment(one.at),
        texts.text(CHANNELS.get(one.channel, one.channel)),
        texts.text(WAYS[one.direction]),
        names.calls(one.agent),
        texts.text(CONTACTS[one.kind]) if one.kind in CONTACTS else "",
        one.summary,
        texts.listing(one.tickets),
        texts.text(RESOLVED[one.resolved]),
    ]
    return joined(texts, parts)


def _facts(texts: Texts, view: CustomerView) -> Iterator[Row]:
    one, survey = view.customer, view.survey
    yield texts.text("Churn risk"), _risk(texts, view.churn) if view.churn else ""
    yield texts.text("Side"), _side(texts, view)
    yield texts.text("Tier"), one.tier
    yield texts.text("Brand"), one.brand
    yield texts.text("Language"), one.language
    yield texts.text("Known by"), known_by(one, texts)
    yield texts.text("Tags"), texts.listing(one.tags)
    yield texts.text("Formerly"), texts.listing(view.merged)
    yield texts.text("Erased"), texts.moment(one.erased_at) if one.erased_at else ""
    if survey is not None:
        yield (
            texts.text("Last survey"),
            texts.say(
                "{answer} ({points} of 5), {moment}, {ticket}",
                answer=survey.title,
                points=survey.points,
                moment=survey.at,
                ticket=survey.ticket,
            ),
        )


def _side(texts: Texts, view: CustomerView) -> str:
    side = texts.text(KINDS[view.customer.kind])
    if view.client is not None:
        return texts.say("{side} of {client}", side=side, client=called(view.client))
    if view.end_customers:
        template = text("{side} with {count} end customer(s)")
        return texts.say(template, side=side, count=view.end_customers)
    return side


def _risk(texts: Texts, risk: ChurnRisk) -> str:
    level = texts.text(LEVELS[risk.level])
    said = [texts.say("{level} ({points} points)", level=level, points=risk.points)]
    said += [f"{one.points:+d}  {one.title.of(texts.lang)}" for one in risk.reasons]
    return "\n".join(said)
