"""The desk that a command line is given: in its own process, or through the server that owns the workspace."""

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from casewright.cli.elsewhere import authorities_named, server_named
from casewright.config import Config
from casewright.errors import ServerUnreachable, WorkspaceOwned, message
from casewright.front_door import FrontDoor
from casewright.ownership import Owner, held, next_door, owner_of, refused

if TYPE_CHECKING:
    from casewright.desk import Desk
    from casewright.remote.desk import RemoteDesk

_TRIES = 5


def desk_here(
    config: Config, *, lang: str, last: str = "", door: str = ""
) -> "AbstractContextManager[FrontDoor]":
    """Return the desk of a workspace, through which nobody acts yet; closed at the end of the `with` statement.

    Whoever worked through a server, `last` at that address, goes on with it: it may be away for a moment.
    """
    if held(config.database):
        return desk_beside(config)
    from casewright.desk.door import COMMAND_LINE

    door = door or COMMAND_LINE
    tried = 0
    while True:
        owner = _owner(config)
        if owner is None and last:
            owner = Owner(address=last, process=0)
        if owner is not None:
            return _remote(_finding(config, owner), lang, door)
        _must_be_openable(config)
        try:
            return _own(config, door)
        except WorkspaceOwned:
            # By somebody who has just begun to serve, and may have ended since.
            tried += 1
            if tried == _TRIES:
                raise


def _must_be_openable(config: Config) -> None:
    """Raise ServerUnreachable where only a server could let this account in, and none is there."""
    try:
        config.database.stat()
    except PermissionError:
        pass
    except OSError:
        return
    else:
        if os.access(config.database, os.R_OK):
            return
    from casewright.server.listening import socket_path

    reason = message(
        "no server is there, and this account may not open the workspace without one"
    )
    raise ServerUnreachable(address=f"unix:{socket_path(config)}", reason=reason)


def must_be_ours(config: Config, desk: FrontDoor) -> "Desk":
    """Return a desk that is in this process; WorkspaceOwned for one that is a server's."""
    from casewright.desk import Desk

    if isinstance(desk, Desk):
        return desk
    raise refused(_owner(config))


def desk_beside(config: Config) -> "Desk":
    """Return a desk in this process, whoever owns the workspace: to look at its files only, or for one of the server's own."""
    from casewright.desk import open_desk
    from casewright.desk.door import COMMAND_LINE, Door

    if server_named() and not held(config.database):
        raise refused(_owner(config))
    return open_desk(config, door=Door(name=COMMAND_LINE, actor=""), owned=True)


def _owner(config: Config) -> Owner | None:
    address = server_named()
    if address:
        return Owner(address=address, process=0)
    found = owner_of(config.database)
    if found is None and not os.access(config.database, os.W_OK):
        from casewright.server.listening import socket_path

        return next_door(config.database, socket_path(config))
    return found


def _own(config: Config, door: str) -> "Desk":
    from casewright.desk import open_desk
    from casewright.desk.door import Door

    return open_desk(config, door=Door(name=door, actor=""))


def _finding(config: Config, owner: Owner) -> Callable[[], str]:
    """Return what tells where the server is now: it may have been started again, and is away meanwhile."""

    def find() -> str:
        found = _owner(config)
        return found.address if found else owner.address

    return find


def _remote(find: Callable[[], str], lang: str, door: str) -> "RemoteDesk":
    from casewright.remote.desk import RemoteDesk
    from casewright.remote.transport import Reaching
    from casewright.texts import Texts, text

    def tell() -> None:
        if sys.stderr.isatty():
            waiting = text("The server does not answer; it is asked again for a while.")
            print(Texts(lang).text(waiting), file=sys.stderr)

    reaching = Reaching(find=find, tell=tell, authorities=authorities_named())
    return RemoteDesk(reaching, door=door, language=lang)
