"""`casewright board`: how many tickets stand where."""

from collections.abc import Iterator, Mapping, Sequence

from casewright.answers import BoardRow
from casewright.cli.answer import Answer, Heading
from casewright.cli.grammar import Given, Noun, Verb
from casewright.cli.output import table
from casewright.cli.reading import Reader
from casewright.cli.session import Session
from casewright.queries import GetBoard
from casewright.texts import text


def board(session: Session, given: Given) -> Answer:
    """Answer with the number of tickets in each state, versions of a workflow together."""
    rows = joined(session.desk.ask(GetBoard(actor=session.actor)))
    documents = [
        {
            "workflow": row.workflow,
            "state": row.state,
            "title": {"en": row.title.en, "zh": row.title.zh},
            "final": row.final,
            "tickets": tickets,
            "unassigned": unassigned,
        }
        for row, tickets, unassigned in rows
    ]
    return Answer(document={"board": documents}, lines=board_lines(session, rows))


def joined(rows: Sequence[BoardRow]) -> list[tuple[BoardRow, int, int]]:
    """Return one row a state, with the tickets of all versions of its workflow, and those nobody handles."""
    together: dict[tuple[str, str], tuple[BoardRow, int, int]] = {}
    for row in rows:
        known = together.get((row.workflow, row.state), (row, 0, 0))
        together[row.workflow, row.state] = (
            row,
            known[1] + row.tickets,
            known[2] + row.unassigned,
        )
    return sorted(
        together.values(), key=lambda one: (one[0].workflow, one[0].final, one[0].state)
    )


def board_lines(session: Session, rows: Sequence[tuple[BoardRow, int, int]]) -> Iterator[str]:
    """Yield the board as a table a workflow."""
    texts, reader = session.texts, Reader(session)
    if not rows:
        yield texts.text("There are no tickets yet.")
        return
    workflows: Mapping[str, str] = {
        row.workflow: reader.words(reader.workflow(row.workflow)[0].title) for row, _, _ in rows
    }
    titles = [
        texts.text(one)
        for one in (text("workflow"), text("state"), text("tickets"), text("nobody's"))
    ]
    shown = [
        (
            workflows[row.workflow],
            reader.words(row.title),
            tickets,
            unassigned if not row.final else 0,
        )
        for row, tickets, unassigned in rows
    ]
    yield from table(titles, shown)
    still_open = sum(tickets for row, tickets, _ in rows if not row.final)
    closed = sum(tickets for row, tickets, _ in rows if row.final)
    yield Heading(texts.say("{open} open, {closed} closed", open=still_open, closed=closed))


NOUNS = (
    Noun(
        name="board",
        help=text("how many tickets stand where"),
        verbs=(Verb(name="", run=board, help=text("show how many tickets stand where")),),
    ),
)
