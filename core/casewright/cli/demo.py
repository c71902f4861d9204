"""`casewright demo`: a new workspace in which the story happens, then its board and one verified history."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shlex import quote

from casewright.cli.answer import Answer, Heading
from casewright.cli.board import board_lines, joined
from casewright.cli.grammar import Given, Noun, Option, Verb
from casewright.cli.session import Session
from casewright.texts import text

LASTS = timedelta(days=5)
"""How long the story lasts at most; it begins that long ago, so that nothing in it lies ahead."""


def demo(session: Session, given: Given) -> Answer:
    """Make the workspace, let the story happen, and answer with what it came to."""
    from casewright.cli.audit import verification_document
    from casewright.cli.demo_story import tell
    from casewright.cli.demo_teller import Teller
    from casewright.cli.founding import make_workspace
    from casewright.clock import SetClock
    from casewright.desk import open_desk
    from casewright.model import SYSTEM
    from casewright.queries import GetBoard, VerifyAudit

    folder = Path(
        given.text("dir") or Path(tempfile.mkdtemp(prefix="casewright-demo-")) / "workspace"
    )
    config = make_workspace(
        folder, admin=session.actor, language=session.texts.lang, people=True
    )
    clock = SetClock(_beginning())
    with open_desk(config, clock=clock) as desk:
        teller = Teller(desk, clock, session.texts)
        complaint, again = tell(teller)
        board = joined(desk.ask_as_system(GetBoard(actor=SYSTEM)))
        verified = desk.ask_as_system(VerifyAudit(actor=SYSTEM))
    session.use(config)
    document = {
        "workspace": str(folder),
        "complaint": complaint,
        "re_complaint": again,
        "board": [
            {"workflow": row.workflow, "state": row.state, "tickets": tickets}
            for row, tickets, _ in board
        ],
        "verification": verification_document(verified, session.texts),
    }
    whole = folder if given.text("dir") else folder.parent
    lines = _lines(session, folder, whole, teller.lines, complaint)
    return Answer(document=document, lines=lines, done=verified.ok)


def _beginning() -> datetime:
    start = datetime.now(UTC).astimezone() - LASTS
    return start.replace(hour=9, minute=0, second=0, microsecond=0)


def _lines(
    session: Session, folder: Path, whole: Path, told: list[str], complaint: str
) -> Iterator[str]:
    from casewright.cli.audit import verdict
    from casewright.cli.ticket_story import story
    from casewright.model import SYSTEM
    from casewright.queries import GetBoard, GetHistory, GetTicket, VerifyAudit

    texts, desk = session.texts, session.desk
    yield texts.say("A demonstration in a new workspace, {folder}", folder=folder)
    for line in told:
        yield line if line.startswith(" ") else Heading(line)
    yield ""
    yield Heading(texts.text("The board"))
    yield from board_lines(session, joined(desk.ask_as_system(GetBoard(actor=SYSTEM))))
    yield ""
    ticket = desk.ask_as_system(GetTicket(actor=SYSTEM, ticket=complaint))
    yield from story(
        session, ticket, desk.ask_as_system(GetHistory(actor=SYSTEM, ticket=complaint))
    )
    yield ""
    yield verdict(desk.ask_as_system(VerifyAudit(actor=SYSTEM)), texts)
    yield ""
    yield texts.text("Look around:")
    yield f"  cd {folder}"
    yield f"  casewright ticket show {complaint} --as feng_yun"
    yield "  casewright ticket list --open --as feng_yun"
    yield texts.say("It stays until you remove it: rm -r {folder}", folder=quote(str(whole)))


NOUNS = (
    Noun(
        name="demo",
        help=text(
            "work tickets of all four workflows in a new workspace and show what happened"
        ),
        verbs=(
            Verb(
                name="",
                run=demo,
                help=text(
                    "work tickets of all four workflows in a new workspace and show what happened"
                ),
                options=(
                    Option(
                        name="DIR",
                        help=text(
                            "where the workspace is made (default: a temporary folder, which stays)"
                        ),
                    ),
                ),
            ),
        ),
    ),
)
