"""`casewright access`: who looked at whose data, and who was refused."""

from collections.abc import Iterator, Sequence

from casewright.answers import AccessPage, AccessRow
from casewright.cli.answer import Answer
from casewright.cli.exporting import EXPORT, exported, pages, wanted
from casewright.cli.grammar import Given, Noun, Option, Verb
from casewright.cli.refusal import plain
from casewright.cli.session import Session
from casewright.cli.ticket_sheet import pairs
from casewright.cli.timer import limit
from casewright.cli.typed import moment, parsed
from casewright.errors import message
from casewright.queries import ExportAccess, GetAccessReport
from casewright.telling.access import DOORS, KINDS, OPENED, how
from casewright.texts import text

MOST_NAMED = 2
"""So many customers of a row are named; the others are counted."""


def report(session: Session, given: Given) -> Answer:
    """Answer with a page of the access log, newest first, or write all of it into a file."""
    after = given.text("after")
    query = GetAccessReport(
        actor=session.actor,
        customer=given.text("customer") or "",
        ticket=given.text("ticket") or "",
        person=given.text("person") or "",
        kind=given.text("kind") or "",
        since=moment(session, given, "since"),
        until=moment(session, given, "until"),
        after=None if after is None else parsed(after, int, message("the number of a row")),
        limit=limit(given),
    )
    if wanted(given):
        return exported(session, given, _EXPORTED, _exported(session, query))
    page: AccessPage = session.desk.ask(query)
    more = session.texts.say("There are more: --after {key}", key=str(page.after))
    return Answer(
        document={
            "rows": [plain(one, session.texts) for one in page.rows],
            "after": page.after,
        },
        lines=_lines(session, page.rows),
        notes=[more] if page.after else [],
    )


def _lines(session: Session, rows: Sequence[AccessRow]) -> list[str]:
    texts = session.texts
    if not rows:
        return [texts.text("Nobody looked, as far as is asked.")]
    return list(pairs([(texts.moment(one.at), _said(session, one)) for one in rows]))


def _said(session: Session, row: AccessRow) -> str:
    """Return a row in a line: who, what, of whom, what for, and through which door."""
    purpose = f"“{row.purpose}”" if row.purpose else ""
    customers = _customers(session, row)
    door = session.texts.text(DOORS.get(row.door, row.door))
    parts = (row.actor, _what(session, row), row.ticket, customers, purpose, door)
    return "  ".join(filter(None, parts))


def _what(session: Session, row: AccessRow) -> str:
    """Return what was done: looks by what was opened, reveals by their fields, refusals by what was wanted."""
    texts = session.texts
    if row.kind == "reveal":
        return texts.say("revealed {fields}", fields=row.fields or ["-"])
    if row.kind == "denied":
        return texts.say("refused {permission}", permission=row.permission)
    if row.kind in _WITH_HOW:
        return texts.say(_WITH_HOW[row.kind], how=how(row.subject, texts))
    if row.kind == "look" and row.subject in OPENED:
        return texts.text(OPENED[row.subject])
    return texts.text(KINDS.get(row.kind, row.kind))


def _customers(session: Session, row: AccessRow) -> str:
    named, more = row.customers[:MOST_NAMED], len(row.customers) - MOST_NAMED
    if more <= 0:
        return session.texts.listing(named)
    return session.texts.say("{names} and {count} more", names=list(named), count=more)


def _exported(session: Session, query: GetAccessReport) -> Iterator[Sequence[object]]:
    for page in pages(session, query, ExportAccess):
        for one in page.rows:
            yield (
                one.number,
                one.at,
                one.actor,
                one.kind,
                one.subject,
                one.ticket,
                " ".join(one.customers),
                " ".join(one.fields),
                one.purpose,
                one.permission,
                one.door,
            )


_WITH_HOW = {
    "session_began": text("began a session ({how})"),
    "session_ended": text("ended a session ({how})"),
}
_EXPORTED = (
    text("entry"),
    text("at"),
    text("who"),
    text("kind"),
    text("what"),
    text("ticket"),
    text("customer"),
    text("fields"),
    text("purpose"),
    text("permission"),
    text("through"),
)

NOUNS = (
    Noun(
        name="access",
        help=text("who looked at whose data, and who was refused"),
        verbs=(
            Verb(
                name="report",
                run=report,
                help=text(
                    "tell who looked at a customer, at a ticket, or what somebody looked at"
                ),
                more=text("That the report was read is in it from then on."),
                options=(
                    Option(
                        name="--customer",
                        value="ID",
                        help=text("at this customer, under any id the customer has had"),
                    ),
                    Option(name="--ticket", value="KEY", help=text("at this ticket")),
                    Option(name="--person", value="USER", help=text("by this person")),
                    Option(
                        name="--kind",
                        value="KIND",
                        choices=tuple(KINDS),
                        help=text("only rows of this kind, such as reveal"),
                    ),
                    Option(
                        name="--since",
                        value="TIME",
                        help=text("from this time on, such as 2026-02-13T09:30"),
                    ),
                    Option(name="--until", value="TIME", help=text("before this time")),
                    Option(name="--limit", value="COUNT", help=text("at most so many")),
                    Option(
                        name="--after",
                        value="NUMBER",
                        help=text("go on after this row, which ended the page before"),
                    ),
                    *EXPORT,
                ),
            ),
        ),
    ),
)
