"""`casewright` without words: in a workspace and on a terminal it opens the desk there, elsewhere it tells what there is."""

import os
import sys

from casewright.cli.grammar import Noun
from casewright.cli.nouns import noun
from casewright.cli.parse import Request
from casewright.cli.session import Session
from casewright.errors import CasewrightError

WORDS = "tui"
NO_SCREEN = "dumb"
"""What a terminal says of itself that can do no more than write one line after the other."""


def meant(request: Request, session: Session) -> Request:
    """Return what is meant by a request: one without words, on a terminal in a workspace, means the terminal's desk."""
    if request.noun is not None or request.given.flag("help") or session.as_json:
        return request
    if not on_a_terminal() or not _in_a_workspace(session):
        return request
    found: Noun = noun(WORDS)
    return Request(noun=found, verb=found.verb(""), given=request.given)


def on_a_terminal() -> bool:
    """Return whether somebody sits before this: what they type is read here, and what is written they see."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def draws() -> bool:
    """Return whether something can be drawn on the terminal."""
    return os.environ.get("TERM", "") != NO_SCREEN


def _in_a_workspace(session: Session) -> bool:
    """Return whether there is a workspace here; one that cannot be read is told of by what opens it."""
    from casewright.cli.elsewhere import server_named
    from casewright.config import find_workspace

    try:
        return bool(server_named()) or bool(find_workspace(session.folder))
    except CasewrightError:
        return False
