"""Who is at the door of the command line: by a token, by a session, by the machine's login, or at their word."""

import os
from collections.abc import Callable
from pathlib import Path

from casewright.cli import signed_in
from casewright.config import Config
from casewright.desk.door import COMMAND_LINE, Door
from casewright.errors import Message, NotSignedIn, message
from casewright.front_door import FrontDoor

TOKEN = "CASEWRIGHT_TOKEN"
UNKNOWN = "unknown"
"""Whom the machine has no name for, on record."""


def door_of(
    config: Config,
    desk: FrontDoor,
    *,
    named: str | None,
    claimed: Callable[[], str],
    by: str = "",
) -> Door:
    """Return the door of whoever came; NotSignedIn.

    `named` is who they say they are, if they say so; `claimed` says it for somebody who is taken at their word;
    `by` is the door that they come through.
    """
    token = os.environ.get(TOKEN, "")
    if token:
        return _as_named(desk.entrance.token(token), named)
    if config.access.sign_in == "trusted":
        return Door(name=by or COMMAND_LINE, actor=claimed())
    if config.access.sign_in == "os_user":
        login = os_login()
        found = desk.entrance.machine_user(login) if login and named in (None, login) else None
        if found is not None:
            return found
    return _by_session(config.database, desk, named)


def os_login() -> str:
    """Return the name under which the machine knows who runs this, whatever the environment says; "" for none."""
    try:
        import pwd
    except ImportError:  # Windows
        try:
            return os.getlogin()
        except OSError:
            return ""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return ""


def _by_session(database: Path, desk: FrontDoor, named: str | None) -> Door:
    kept = signed_in.tokens(database)
    name = named or next(reversed([*kept]), None)
    if name is None or name not in kept:
        raise NotSignedIn(reason=_to_sign_in(name))
    try:
        return _as_named(desk.entrance.session(kept[name]), named)
    except NotSignedIn:
        signed_in.drop(database, name)
        raise


def _as_named(found: Door, named: str | None) -> Door:
    """Return somebody who was let in, unless they say that they are somebody else."""
    actor = found.actor or ""
    if named in (None, actor):
        return found
    template = "you came in as {actor}, not as {named}; leave out --as and CASEWRIGHT_USER"
    raise NotSignedIn(reason=message(template, actor=actor, named=named))


def _to_sign_in(name: str | None) -> Message:
    if name is None:
        return message("sign in with `casewright login NAME`, or set CASEWRIGHT_TOKEN")
    template = "{name} is not signed in here; `casewright login {name}` does it"
    return message(template, name=name)
