"""`casewright demo`: a new workspace in which the story happens; then, on a terminal, its centre to be worked in."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from casewright.cli.answer import Answer, Heading
from casewright.cli.bare import draws, on_a_terminal
from casewright.cli.board import board_lines, joined
from casewright.cli.grammar import Given, Noun, Option, Verb
from casewright.cli.session import Session
from casewright.texts import Texts, text

if TYPE_CHECKING:
    from casewright.sla.calendar import Calendar

CALENDAR = "cn_office"
DAYS_WORK = timedelta(hours=9)
LASTS = timedelta(days=5)
"""How long the story lasts: a week from Monday to Friday, all working days, that has passed."""


def demo(session: Session, given: Given) -> Answer:
    """Make the workspace, let the story happen, and answer with what it came to."""
    from casewright.cli.audit import verification_document
    from casewright.cli.demo_passing import Passing
    from casewright.cli.demo_story import tell
    from casewright.cli.demo_teller import Teller
    from casewright.cli.founding import make_workspace
    from casewright.clock import SetClock, SystemClock
    from casewright.desk import open_desk
    from casewright.model import SYSTEM
    from casewright.queries import GetBoard, VerifyAudit
    from casewright.settings.access import AuditSettings

    folder = Path(
        given.text("dir") or Path(tempfile.mkdtemp(prefix="casewright-demo-")) / "workspace"
    )
    config = make_workspace(
        folder, admin=session.claimed, language=session.texts.lang, people=True
    )
    office = _office(folder)
    clock = SetClock(beginning(office, SystemClock().now()))
    simulated = replace(
        config,
        plugins=replace(config.plugins, recurring=False),
        audit=AuditSettings(every_minutes=0),
    )
    with open_desk(simulated, clock=clock) as desk:
        passing = Passing(desk, clock, config)
        teller = Teller(desk, clock, session.texts, passing=passing, zone=office.zone)
        complaint, again, late = tell(teller)
        board = joined(desk.ask_as_system(GetBoard(actor=SYSTEM)))
        verified = desk.ask_as_system(VerifyAudit(actor=SYSTEM))
    session.use(config, Texts(session.texts.lang, office.zone))
    document = {
        "workspace": str(folder),
        "complaint": complaint,
        "re_complaint": again,
        "late_order": late,
        "board": [
            {"workflow": row.workflow, "state": row.state, "tickets": tickets}
            for row, tickets, _ in board
        ],
        "verification": verification_document(verified, session.texts),
    }
    whole = folder if given.text("dir") else folder.parent
    if _is_shown(session, given) and verified.ok:
        from casewright.cli.demo_visit import visit

        code = visit(session, folder, keeps=_keeps(session.texts, whole))
        return Answer(document=document, lines=[], done=code == 0)
    lines = _lines(session, folder, whole, teller.lines, (complaint, late))
    return Answer(document=document, lines=lines, done=verified.ok)


def _is_shown(session: Session, given: Given) -> bool:
    """Return whether the centre is shown as it lives: to somebody before a terminal who did not ask for print."""
    return not given.flag("print") and not session.as_json and on_a_terminal() and draws()


def _keeps(texts: Texts, whole: Path) -> str:
    return texts.say("It stays until you remove it: rm -r {folder}", folder=quote(str(whole)))


def _office(folder: Path) -> "Calendar":
    from casewright.sla.calendar_file import load_calendar

    calendar, problems = load_calendar(folder / "workflows" / "calendars" / f"{CALENDAR}.yaml")
    assert calendar is not None, f"the shipped calendar is not fit for use: {problems}"
    return calendar


def beginning(office: "Calendar", now: datetime) -> datetime:
    """Return when work began in the last week that is over by `now` and had five working days."""
    today = now.astimezone(ZoneInfo(office.zone))
    day = today.replace(hour=9, minute=0, second=0, microsecond=0)
    monday = day - timedelta(days=today.weekday(), weeks=1)
    while office.elapsed(monday, monday + LASTS) < DAYS_WORK * LASTS.days:
        monday -= timedelta(weeks=1)
    return monday


def _lines(
    session: Session, folder: Path, whole: Path, told: list[str], keys: tuple[str, str]
) -> Iterator[str]:
    from casewright.cli.audit import verdict
    from casewright.cli.ticket_story import story
    from casewright.model import SYSTEM
    from casewright.queries import GetBoard, GetClocks, GetHistory, GetTicket, VerifyAudit

    texts, desk, (complaint, late) = session.texts, session.own_desk, keys
    yield texts.say("A demonstration in a new workspace, {folder}", folder=folder)
    for line in told:
        yield line if line.startswith(" ") else Heading(line)
    yield ""
    yield from _explained(session, late)
    yield ""
    yield Heading(texts.text("The board"))
    yield from board_lines(session, joined(desk.ask_as_system(GetBoard(actor=SYSTEM))))
    yield ""
    ticket = desk.ask_as_system(GetTicket(actor=SYSTEM, ticket=complaint))
    events = desk.ask_as_system(GetHistory(actor=SYSTEM, ticket=complaint))
    time = desk.ask_as_system(GetClocks(actor=SYSTEM, ticket=complaint))
    yield from story(session, ticket, events, time.clocks)
    yield ""
    yield verdict(desk.ask_as_system(VerifyAudit(actor=SYSTEM)), texts)
    yield ""
    yield texts.text("Look around:")
    yield f"  cd {folder}"
    yield f"  casewright ticket show {complaint} --as feng_yun"
    yield f"  casewright ticket explain {late} --as han_lei"
    yield "  casewright notice list --mine --as li_na"
    yield _keeps(texts, whole)


def _explained(session: Session, order: str) -> Iterator[str]:
    """Yield the account of the late order's promise, as `ticket explain` prints it."""
    from casewright.cli.reading import Reader
    from casewright.cli.ticket_ledger import account_lines
    from casewright.model import SYSTEM
    from casewright.queries import GetLedger, GetTicket

    desk = session.own_desk
    ticket = desk.ask_as_system(GetTicket(actor=SYSTEM, ticket=order))
    query = GetLedger(actor=SYSTEM, ticket=order, promise="handling")
    for account in desk.ask_as_system(query):
        yield from account_lines(Reader(session), session.texts, ticket, account, every=False)


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
                    Option(
                        name="--print",
                        help=text(
                            "print what happened, as where there is no terminal, instead of opening one"
                        ),
                    ),
                ),
            ),
        ),
    ),
)
