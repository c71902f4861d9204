"""`casewright simulate`: a contact centre at work for days, played in seconds in a workspace."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Noun, Option, Verb
from casewright.cli.session import Session
from casewright.cli.typed import parsed
from casewright.config import FILE
from casewright.errors import message
from casewright.texts import Texts, text

if TYPE_CHECKING:
    from casewright.config import Config
    from casewright.simulating.intents import Span

_NEW_ZONE = "Asia/Shanghai"
"""The zone of a workspace that is made for it, as its settings say."""
_A_NUMBER, _A_DAY = message("a whole number"), message("a day such as 2026-03-02")


def simulate(session: Session, given: Given) -> Answer:
    """Play a contact centre, and answer with what it came to."""
    from casewright.cli.replay import progress_bar
    from casewright.cli.simulation_showing import outcome_document, outcome_lines
    from casewright.simulating.running import simulate as play

    with _place(session, given) as there:
        _must_be_ours(there)
        span = _span(given, ZoneInfo(there.config.zone or "UTC"))
        with progress_bar(there.texts.text("simulating")) as progress:
            outcome = play(
                there.config,
                span,
                by=there.actor,
                lang=there.config.language or there.texts.lang,
                also_used=given.text("into") is not None,
                progress=progress,
            )
        document = outcome_document(there, span, outcome)
        lines = list(outcome_lines(there, span, outcome))
    return Answer(document=document, lines=lines, done=not outcome.tally.refused)


def _must_be_ours(session: Session) -> None:
    """Raise WorkspaceOwned where a server owns the workspace, before anybody signs in there."""
    _ = session.own_desk


@contextmanager
def _place(session: Session, given: Given) -> Iterator[Session]:
    """Yield the session of the workspace that is simulated in: the current one, one that is named, or one that is made."""
    named = given.text("into")
    if named is None:
        yield session
        return
    folder = Path(named)
    if not (folder / FILE).is_file():
        config = _found(session, folder, given)
        session.use(config, Texts(session.texts.lang, config.zone))
        yield session
        return
    with session.elsewhere(folder) as there:
        yield there


def _found(session: Session, folder: Path, given: Given) -> "Config":
    """Make a workspace with the staff of the demonstration, once what is asked for can be simulated at all."""
    from casewright.cli.founding import make_workspace
    from casewright.clock import SystemClock
    from casewright.simulating.fitness import must_be_sound

    must_be_sound(_span(given, ZoneInfo(_NEW_ZONE)), SystemClock())
    lang = session.texts.lang
    return make_workspace(folder, admin=session.claimed, language=lang, people=True)


def _span(given: Given, zone: ZoneInfo) -> "Span":
    """Return what is to be simulated; where no beginning is named, it ends as today begins."""
    from casewright.clock import SystemClock
    from casewright.simulating.intents import Span

    number = partial(parsed, kind=int, wanted=_A_NUMBER)
    days = number(given.needed("days"))
    start = given.text("start")
    today = SystemClock().now().astimezone(zone).date()
    begins = parsed(start, date.fromisoformat, _A_DAY) if start else _before(today, days)
    return Span(
        agents=number(given.needed("agents")),
        days=days,
        seed=number(given.needed("seed")),
        start=begins,
        zone=zone,
    )


def _before(today: date, days: int) -> date:
    """Return the day that lies so many days before; what is out of all calendars is refused for the number itself."""
    try:
        return today - timedelta(days=days)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC).date()


NOUNS = (
    Noun(
        name="simulate",
        help=text("play a contact centre in a workspace, to try it out or to measure it"),
        verbs=(
            Verb(
                name="",
                run=simulate,
                help=text(
                    "play a contact centre in a workspace, to try it out or to measure it"
                ),
                options=(
                    Option(
                        name="--agents",
                        value="COUNT",
                        needed=True,
                        help=text(
                            "how many agents take calls; the others are as many as they make work for"
                        ),
                    ),
                    Option(
                        name="--days",
                        value="COUNT",
                        needed=True,
                        help=text("for how many days"),
                    ),
                    Option(
                        name="--seed",
                        value="NUMBER",
                        needed=True,
                        help=text(
                            "where chance begins: the same number makes the same histories"
                        ),
                    ),
                    Option(
                        name="--start",
                        value="DATE",
                        help=text("the first day (default: so that it ends as today begins)"),
                    ),
                    Option(
                        name="--into",
                        value="DIR",
                        help=text(
                            "a workspace that is made for it, or one that may have tickets already (default: the"
                            " current one, as long as it has none)"
                        ),
                    ),
                ),
            ),
        ),
    ),
)
