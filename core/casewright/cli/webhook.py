"""`casewright webhook`: how other systems are told of events, which could not be told, and telling them again."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from casewright.answers import DeadLetter, DeadLetterPage, WebhookStanding
from casewright.cli.answer import Answer
from casewright.cli.grammar import AGAIN, Given, Noun, Option, Verb
from casewright.cli.output import table
from casewright.cli.receipts import receipt_document
from casewright.cli.refusal import plain
from casewright.cli.session import Session
from casewright.cli.timer import limit
from casewright.cli.typed import parsed
from casewright.clock import SystemClock
from casewright.commands import RetryWebhook, new_id
from casewright.delivery.channel import Delivered
from casewright.errors import NotFound, message
from casewright.nearest import hint
from casewright.queries import ListDeadLetters, ListWebhooks
from casewright.texts import text


def listing(session: Session, given: Given) -> Answer:
    """Answer with how each stands."""
    found = _standings(session)
    named = session.config.webhooks
    new = [name for name in sorted(named) if name not in {one.name for one in found}]
    documents = [
        {**plain(one, session.texts), "configured": one.name in named} for one in found
    ]
    return Answer(
        document={"webhooks": documents, "not_begun": new},
        lines=_lines(session, found, new),
    )


def dead(session: Session, given: Given) -> Answer:
    """Answer with a page of the events that were given up."""
    after, name = given.text("after"), given.text("name") or ""
    if name:
        _must_be_known(session, name)
    query = ListDeadLetters(
        actor=session.actor,
        webhook=name,
        after=0 if after is None else _number(after),
        limit=limit(given),
    )
    page: DeadLetterPage = session.desk.ask(query)
    more = (
        [session.texts.say("There are more: --after {key}", key=str(page.after))]
        if page.after
        else []
    )
    return Answer(
        document={
            "letters": [plain(one, session.texts) for one in page.letters],
            "after": page.after,
        },
        lines=_letters(session, page.letters),
        notes=more,
    )


def retry(session: Session, given: Given) -> Answer:
    """Let dead letters be told anew."""
    command = RetryWebhook(
        actor=session.actor,
        command_id=given.text("id") or new_id(),
        webhook=given.needed("name"),
        events=tuple(_number(one) for one in given.all("event")),
    )
    receipt = session.desk.execute(command)
    count = (receipt.answer or {}).get("events", "0")
    said = session.texts.say("Events that will be told anew: {count}.", count=count)
    return Answer(document=receipt_document(receipt), lines=[said])


def test(session: Session, given: Given) -> Answer:
    """Post a test event from here, now, and answer with what came of it."""
    from casewright.delivery.webhook import Post, open_webhook

    _standings(session)  # whoever may not see them may not try them
    name = given.needed("name")
    settings = session.config.webhooks.get(name)
    if settings is None:
        near = hint(name, session.config.webhooks)
        raise NotFound(kind=message("webhook"), name=name, hint=near)
    now = SystemClock().now()
    identity = f"test-{new_id()}"
    body = {"id": identity, "events": ["test"], "at": now.isoformat()}
    post = Post(id=identity, at=int(now.timestamp()), body=json.dumps(body).encode())
    answer = open_webhook(settings).send(post)
    reason = getattr(answer, "reason", "")
    taken = isinstance(answer, Delivered)
    said = (
        text("'{name}' took the test event.")
        if taken
        else text("'{name}' did not take the test event: {reason}")
    )
    return Answer(
        document={"webhook": name, "taken": taken, "reason": reason},
        lines=[session.texts.say(said, name=name, reason=_told(session, reason))],
    )


def _must_be_known(session: Session, name: str) -> None:
    """Raise NotFound for a system that is neither configured nor has ever been told."""
    known = {one.name for one in _standings(session)} | set(session.config.webhooks)
    if name not in known:
        raise NotFound(kind=message("webhook"), name=name, hint=hint(name, known))


def _told(session: Session, reason: str) -> str:
    from casewright.delivery.sayings import OWN

    return session.texts.render(OWN[reason]) if reason in OWN else reason


def _standings(session: Session) -> tuple[WebhookStanding, ...]:
    found: tuple[WebhookStanding, ...] = session.desk.ask(ListWebhooks(actor=session.actor))
    return found


def _lines(
    session: Session, found: Sequence[WebhookStanding], new: Sequence[str]
) -> Iterator[str]:
    texts, named = session.texts, session.config.webhooks
    if not found and not new:
        yield texts.text(
            "No other system is told of events; see [webhooks.NAME] in docs/settings.md."
        )
        return
    rows = [
        (
            one.name
            if one.name in named
            else texts.say("{name} (no longer configured)", name=one.name),
            one.waiting + one.behind,
            _moment(session, one.waiting_since),
            one.dead,
            _moment(session, one.delivered_at),
            texts.render(one.error) if one.error else "",
        )
        for one in found
    ]
    rows += [
        (name, 0, "", 0, "", texts.text("begins with the next start of the worker"))
        for name in new
    ]
    yield from table([texts.text(one) for one in _COLUMNS], rows)


def _letters(session: Session, found: Sequence[DeadLetter]) -> Iterator[str]:
    texts = session.texts
    if not found:
        yield texts.text("No dead letters.")
        return
    rows = [
        (
            one.event,
            one.webhook,
            one.ticket,
            texts.moment(one.at),
            one.attempts,
            texts.render(one.error) if one.error else "",
        )
        for one in found
    ]
    yield from table([texts.text(one) for one in _LETTERS], rows)


def _moment(session: Session, moment: datetime | None) -> str:
    return session.texts.moment(moment) if moment is not None else ""


def _number(written: str) -> int:
    return parsed(written, int, message("a whole number"))


_COLUMNS = (
    text("webhook"),
    text("waiting"),
    text("waiting since"),
    text("given up"),
    text("last told"),
    text("why the last attempt failed"),
)
_LETTERS = (
    text("event"),
    text("webhook"),
    text("ticket"),
    text("happened"),
    text("attempts"),
    text("why the last attempt failed"),
)
_NAME = Option(name="NAME", needed=True, help=text("its name in casewright.toml"))

NOUNS = (
    Noun(
        name="webhook",
        help=text("other systems that are told of events"),
        verbs=(
            Verb(
                name="list",
                run=listing,
                help=text("how each stands: what waits, what was given up, and why"),
            ),
            Verb(
                name="dead",
                run=dead,
                help=text("the events of which a system could not be told"),
                options=(
                    Option(name="NAME", help=text("of this one (default: of all)")),
                    Option(
                        name="--limit",
                        value="COUNT",
                        help=text("how many on a page, at most 1000 (default: 50)"),
                    ),
                    Option(
                        name="--after",
                        value="NUMBER",
                        help=text("the page that follows this event"),
                    ),
                ),
            ),
            Verb(
                name="retry",
                run=retry,
                help=text("tell a system anew of what was given up"),
                options=(
                    _NAME,
                    Option(
                        name="--event",
                        value="NUMBER",
                        many=True,
                        help=text("only this event; may be repeated (default: all)"),
                    ),
                    AGAIN,
                ),
            ),
            Verb(
                name="test",
                run=test,
                help=text("post a signed test event from here, and say what came of it"),
                options=(_NAME,),
            ),
        ),
    ),
)
