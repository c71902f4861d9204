"""`casewright timer`: the moments that tickets wait for."""

from collections.abc import Iterator

from casewright.answers import Timer
from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Noun, Option, Verb
from casewright.cli.output import table
from casewright.cli.reading import Reader
from casewright.cli.refusal import plain
from casewright.cli.session import Session
from casewright.cli.typed import parsed
from casewright.errors import UsageRefused, message
from casewright.queries import LARGEST_PAGE, PAGE, ListTimers
from casewright.telling.time_words import shown
from casewright.texts import text

STATES = {"open": text("open"), "due": text("due"), "failed": text("failed")}


def list_timers(session: Session, given: Given) -> Answer:
    """Answer with timers, the next one first."""
    query = ListTimers(
        actor=session.actor,
        state=given.text("state") or "open",
        ticket=given.text("ticket"),
        limit=limit(given),
    )
    found: tuple[Timer, ...] = session.desk.ask(query)
    documents = [plain(one, session.texts) for one in found]
    return Answer(document={"timers": documents}, lines=_lines(session, found))


def limit(given: Given) -> int:
    """Return how many are asked for."""
    written = given.text("limit")
    count = PAGE if written is None else parsed(written, int, message("a whole number"))
    if not 1 <= count <= LARGEST_PAGE:
        raise UsageRefused(reason=message("a list has 1 to {limit} lines", limit=LARGEST_PAGE))
    return count


def _lines(session: Session, found: tuple[Timer, ...]) -> Iterator[str]:
    texts, reader = session.texts, Reader(session)
    if not found:
        yield texts.text("No timer fits.")
        return
    titles = [texts.text(one) for one in _COLUMNS]
    rows = [
        (
            texts.moment(one.due_at) if texts.zone else shown(one.due_at, one.zone),
            one.ticket,
            _about(session, reader, one),
            texts.text(STATES[one.state]),
            one.attempts or "",
            texts.render(one.error) if one.error else "",
        )
        for one in found
    ]
    yield from table(titles, rows)
    if any(one.state == "failed" for one in found):
        yield texts.text(
            "Failed timers are not tried again by themselves: what they stand for did not happen."
        )


def _about(session: Session, reader: Reader, timer: Timer) -> str:
    """Return what a timer stands for, in the reader's words."""
    texts = session.texts
    kind, _, name = timer.name.partition(":")
    if kind not in ("promise", "after"):
        return texts.text(_KINDS[kind]) if kind in _KINDS else timer.name
    ticket = reader.row(timer.ticket)
    if kind == "after":
        return texts.say("transition {transition}", transition=reader.transition(ticket, name))
    promise = reader.of(ticket).promises.get(name)
    return texts.say(
        "promise {promise}", promise=reader.words(promise.title) if promise else name
    )


_KINDS = {
    "follow_up": text("follow-up"),
    "calendar": text("a new calendar"),
    "undeliverable": text("a notice that reached nobody"),
}
_COLUMNS = (
    text("due at"),
    text("ticket"),
    text("about"),
    text("state"),
    text("attempts"),
    text("why"),
)

NOUNS = (
    Noun(
        name="timer",
        help=text("the moments that tickets wait for"),
        verbs=(
            Verb(
                name="list",
                run=list_timers,
                help=text("list timers, the next one first"),
                options=(
                    Option(
                        name="--state",
                        value="STATE",
                        choices=tuple(STATES),
                        help=text(
                            "open: all that is waited for; due: its moment has come; failed: given up"
                        ),
                    ),
                    Option(name="--ticket", value="KEY", help=text("only this ticket's")),
                    Option(name="--limit", value="COUNT", help=text("at most so many")),
                ),
            ),
        ),
    ),
)
