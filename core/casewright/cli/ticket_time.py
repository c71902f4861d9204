"""What people do about a ticket's time on the command line: have it explained, ask for more, grant it, answer for it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from casewright import commands
from casewright.cli.answer import Answer
from casewright.cli.grammar import AGAIN, REASON, TICKET, Given, Option, Verb
from casewright.cli.reading import Reader
from casewright.cli.receipts import execute
from casewright.cli.session import Session
from casewright.cli.ticket_sheet import pairs
from casewright.cli.ticket_time_documents import account_document, standing_document
from casewright.cli.typed import go_by, moment, parsed
from casewright.errors import Message, NotFound, TicketRefused, UsageRefused, message
from casewright.nearest import hint
from casewright.queries import GetClocks, GetLedger, GetTicket
from casewright.telling.clocks import clock_pairs
from casewright.texts import text

if TYPE_CHECKING:
    from casewright.sla.standing import Standing


def explain(session: Session, given: Given) -> Answer:
    """Answer with the ledger of a ticket's promises, or of one."""
    from casewright.cli.ticket_ledger import account_lines

    key, run = given.needed("ticket"), given.text("run")
    go_by(session, key)
    query = GetLedger(
        actor=session.actor,
        ticket=key,
        promise=given.text("promise"),
        run=None if run is None else parsed(run, int, message("a whole number")),
        at=moment(session, given, "at"),
    )
    if query.run is not None and query.promise is None:
        raise UsageRefused(reason=message("--run needs --promise: whose run"))
    accounts = session.desk.ask(query)
    ticket = session.desk.ask(GetTicket(actor=session.actor, ticket=key))
    reader, every = Reader(session), given.flag("every")
    lines: list[str] = []
    for account in accounts:
        lines += ["", *account_lines(reader, session.texts, ticket, account, every=every)]
    return Answer(
        document={
            "ticket": key,
            "promises": [account_document(one, session.texts) for one in accounts],
        },
        lines=lines[1:] or [session.texts.text("Nothing has been promised on this ticket.")],
    )


def extend(session: Session, given: Given) -> Answer:
    """Ask for more time."""
    nothing = message("no promise of it that still runs may be extended")
    one = _promise(session, given, lambda found: found.extendable, nothing)
    command = commands.AskExtension(
        **_about(session, given),
        promise=one.clock.promise,
        by=given.text("by") or "",
        until=moment(session, given, "until"),
        reason=given.text("reason") or "",
    )
    said = text("More time for '{promise}' of {ticket} is asked for.")
    return _done(session, command, said, one)


def grant(session: Session, given: Given) -> Answer:
    """Grant what was asked."""
    return _decide(session, given, granted=True)


def deny(session: Session, given: Given) -> Answer:
    """Deny what was asked."""
    return _decide(session, given, granted=False)


def answer_supervision(session: Session, given: Given) -> Answer:
    """Answer a supervision order."""
    command = commands.AnswerSupervision(**_about(session, given), text=given.needed("text"))
    said = text("The supervision order on {ticket} is answered; the monitor is told.")
    return execute(session, command, said)


def _decide(session: Session, given: Given, *, granted: bool) -> Answer:
    nothing = message("no extension was asked for")
    one = _promise(session, given, lambda found: found.clock.request is not None, nothing)
    command = commands.DecideExtension(
        **_about(session, given),
        promise=one.clock.promise,
        grant=granted,
        reason=given.text("reason") or "",
    )
    said = (
        text("More time for '{promise}' of {ticket} is granted.")
        if granted
        else text("More time for '{promise}' of {ticket} is denied.")
    )
    return _done(session, command, said, one)


def _done(session: Session, command: commands.Command, said: str, one: "Standing") -> Answer:
    """Carry the command out and answer with how the promise stands then."""
    done = execute(session, command, said, promise=one.title)
    key = done.document["ticket"]
    time = session.desk.ask(GetClocks(actor=session.actor, ticket=key))
    found = [now for now in time.clocks if now.clock.promise == one.clock.promise]
    shown = pairs(list(clock_pairs(Reader(session), session.texts, found)))
    document = {
        **done.document,
        "clocks": {now.clock.promise: standing_document(now, session.texts) for now in found},
    }
    return Answer(document=document, lines=[*done.lines, *shown], notes=done.notes)


def _promise(
    session: Session, given: Given, fits: "Callable[[Standing], bool]", nothing: Message
) -> "Standing":
    """Return the promise that is named, or the only one that fits; `nothing` says that none does."""
    key, name = given.needed("ticket"), given.text("promise")
    time = session.desk.ask(GetClocks(actor=session.actor, ticket=key))
    session.tell_times_in(time.zone)
    clocks: dict[str, Standing] = {one.clock.promise: one for one in time.clocks}
    if name is not None:
        if name not in clocks:
            raise NotFound(kind=message("promise"), name=name[:80], hint=hint(name, clocks))
        return clocks[name]
    fitting = [one for one in clocks.values() if fits(one)]
    if not fitting:
        raise TicketRefused(ticket=key, reason=nothing)
    if len(fitting) > 1:
        names = [one.clock.promise for one in fitting]
        template = "say which promise: --promise NAME, one of: {names}"
        raise UsageRefused(reason=message(template, names=names))
    return fitting[0]


def _about(session: Session, given: Given) -> dict[str, Any]:
    named = given.text("id")
    return {
        "actor": session.actor,
        "command_id": named or commands.new_id(),
        "ticket": given.needed("ticket"),
    }


_PROMISE = Option(
    name="--promise",
    value="NAME",
    help=text("which promise, as `casewright ticket show` names it"),
)

VERBS = (
    Verb(
        name="explain",
        run=explain,
        help=text(
            "tell why a ticket is due when it is: what counted, what did not, and whose time it was"
        ),
        options=(
            TICKET,
            Option(name="--promise", value="NAME", help=text("only this promise")),
            Option(name="--run", value="NUMBER", help=text("an earlier run of the promise")),
            Option(name="--at", value="TIME", help=text("as of then (default: now)")),
            Option(name="--every", help=text("every interval, not a line a day or month")),
        ),
    ),
    Verb(
        name="extend",
        run=extend,
        help=text("ask for more time, before it is due, with --reason"),
        options=(
            TICKET,
            _PROMISE,
            Option(name="--by", value="LENGTH", help=text("how much more, such as '2 days'")),
            Option(name="--until", value="TIME", help=text("or until when")),
            REASON,
            AGAIN,
        ),
    ),
    Verb(
        name="grant-extension",
        run=grant,
        help=text("grant the extension that was asked for"),
        options=(TICKET, _PROMISE, REASON, AGAIN),
    ),
    Verb(
        name="deny-extension",
        run=deny,
        help=text("deny the extension that was asked for, with --reason"),
        options=(TICKET, _PROMISE, REASON, AGAIN),
    ),
    Verb(
        name="answer-supervision",
        run=answer_supervision,
        help=text("answer a supervision order"),
        options=(
            TICKET,
            Option(name="TEXT", needed=True, help=text("the answer, in quotes")),
            AGAIN,
        ),
    ),
)
