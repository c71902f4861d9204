"""Asking for a password or a code: without echo on a terminal, from a file for scripts, never from the command line's words."""

import sys
from getpass import getpass
from pathlib import Path

from casewright.cli.grammar import Given, Option
from casewright.cli.output import print_line
from casewright.cli.session import Session
from casewright.errors import FileUnreadable, Message, UsageRefused, message
from casewright.texts import text

_LARGEST = 4096
PASSWORD_FILE = Option(
    name="--password-file",
    value="FILE",
    help=text("a file whose first line is the password, or - for standard input"),
)


def on_a_terminal() -> bool:
    """Return whether somebody can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def password(session: Session, given: Given, question: str) -> str:
    """Return a password: from the file that was named, or typed at the terminal; UsageRefused where there is neither."""
    named = given.text("password_file")
    return _first_line(named) if named is not None else _typed(session, question)


def new_password(session: Session, given: Given, *, name: str) -> str:
    """Return a new password; typed twice at a terminal, so that a slip is noticed. UsageRefused."""
    if given.text("password_file") is not None:
        return password(session, given, "")
    question = session.texts.say("New password for {name}: ", name=name)
    first = _typed(session, question)
    again = _typed(session, session.texts.text("The same once more: "))
    if first != again:
        raise UsageRefused(
            reason=message("the two passwords are not the same; nothing is changed")
        )
    return first


def line(session: Session, question: str) -> str:
    """Return a line that somebody types or a script writes; "" at the end of the input."""
    print_line(session.texts.text(question), sys.stderr)
    sys.stderr.flush()
    return sys.stdin.readline(_LARGEST).strip() if sys.stdin is not None else ""


def _typed(session: Session, question: str) -> str:
    if not on_a_terminal():
        reason = message(
            "there is no terminal to ask for the password; name --password-file FILE, or - for standard input"
        )
        raise UsageRefused(reason=reason)
    try:
        return getpass(question)
    except EOFError:
        raise UsageRefused(reason=message("no password was given")) from None


def _first_line(named: str) -> str:
    """Return the first line of a file or of standard input, without its end."""
    from casewright import regular_file

    if named == "-":
        found = sys.stdin.buffer.readline(_LARGEST + 1) if sys.stdin is not None else b""
    else:
        found = regular_file.read(Path(named), limit=_LARGEST).split(b"\n", 1)[0]
    if len(found) > _LARGEST:
        raise _unreadable(named, message("its first line is longer than a password can be"))
    try:
        return found.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise _unreadable(named, message("it is not UTF-8")) from None


def _unreadable(named: str, reason: Message) -> FileUnreadable:
    return FileUnreadable(file=named, reason=reason)
