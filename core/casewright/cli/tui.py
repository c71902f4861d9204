"""`casewright tui`: the terminal in which staff work all day; `casewright` alone is the same on a terminal."""

import gc
from importlib import import_module

from casewright.cli.answer import Answer
from casewright.cli.bare import draws, on_a_terminal
from casewright.cli.grammar import Given, Noun, Option, Verb
from casewright.cli.session import Session
from casewright.cli.sitting import sitting
from casewright.errors import UsageRefused, message
from casewright.front_door import TERMINAL
from casewright.texts import text

APPLICATION = "casewright_tui.starting"
"""The terminal is a package above this one; it is imported where it is wanted."""

_NO_TERMINAL = text(
    "this draws on a terminal, and there is none here; `casewright tui --plain` reads and writes lines, `casewright my`"
    " tells what awaits you"
)


def tui(session: Session, given: Given) -> Answer:
    """Run the terminal until whoever sits there leaves."""
    plain = given.flag("plain") or (on_a_terminal() and not draws())
    if not plain and not on_a_terminal():
        raise UsageRefused(reason=message(_NO_TERMINAL))
    code = seated(session, plain=plain)
    return Answer(document={"exit": code}, lines=[], done=code == 0)


def seated(session: Session, *, plain: bool = False) -> int:
    """Have somebody sit down at the terminal; return the exit code once they have left."""
    # What is imported from here on stays: going through it again and again would cost a tenth of the start.
    gc.disable()
    session.comes_by = TERMINAL
    seat = sitting(
        session.again,
        sign_in=session.sign_in if session.can_sign_in else None,
        door=TERMINAL,
        plain=plain,
    )
    code: int = import_module(APPLICATION).live(seat)
    return code


NOUNS = (
    Noun(
        name="tui",
        help=text("the terminal in which tickets are worked all day"),
        verbs=(
            Verb(
                name="",
                run=tui,
                help=text("work at the terminal"),
                options=(
                    Option(
                        name="--plain",
                        help=text(
                            "a line at a time, without drawing: for screen readers and slow lines"
                        ),
                    ),
                ),
            ),
        ),
    ),
)
