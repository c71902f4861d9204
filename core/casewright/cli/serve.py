"""`casewright serve`: own the workspace and answer everybody who asks, until it is told to stop."""

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Noun, Option, Verb
from casewright.cli.session import Session
from casewright.texts import text

if TYPE_CHECKING:
    from socket import socket

    from casewright.errors import Message
    from casewright.server.child import Part


def serve(session: Session, given: Given) -> Answer:
    """Serve until SIGTERM or SIGINT; the work is done by processes of their own, which this one keeps alive."""
    from casewright.cli.incident import log_of
    from casewright.logs import Log
    from casewright.ownership import owned
    from casewright.server.listening import (
        address_of,
        socket_path,
        sockets_of,
        writer_socket,
    )
    from casewright.server.notifying import Notifier
    from casewright.server.supervising import Supervisor

    config = session.config
    with (
        owned(config.database, f"unix:{socket_path(config)}") as lock,
        sockets_of(config) as sockets,
        writer_socket(config) as inner,
    ):
        secure = bool(config.server.certificate)
        addresses = [address_of(one, secure=secure) for one in sockets]
        Supervisor(
            list(_parts(session, given, sockets, inner)),
            lock,
            log=log_of(session) or Log(config.log_file),
            tell=_tell(session, addresses),
            notifier=Notifier(),
        ).run()
    return Answer(document={"addresses": addresses}, lines=[session.texts.text("Served.")])


def _parts(
    session: Session, given: Given, sockets: "tuple[socket, ...]", inner: "socket"
) -> "Iterator[Part]":
    """Yield the parts of the server, each a process of its own."""
    from casewright.cli.part import HTTP, WORKER, WRITER
    from casewright.server.child import Part

    def command(name: str) -> tuple[str, ...]:
        return (sys.executable, "-m", "casewright.cli.part", name, str(session.config.root))

    yield Part(name=WRITER, command=command(WRITER), sockets=(inner,), owns=True)
    trusted = _trusted(one for one in DOORS if given.flag(one))
    yield Part(
        name=HTTP, command=command(HTTP), sockets=sockets, owns=True, surroundings=trusted
    )
    if not given.flag("no_worker"):
        yield Part(name=WORKER, command=command(WORKER), owns=True)
    for door in DOORS:
        if given.flag(door):
            module = f"casewright.doors.{door}"
            yield Part(
                name=door,
                command=(sys.executable, "-m", module, str(session.config.root)),
                surroundings=trusted,
            )


def _trusted(doors: Iterable[str]) -> dict[str, str]:
    """Return the secret by which the part that answers knows the doors that are opened, as both are given it."""
    import secrets

    from casewright.server.door_secret import NAME

    return {NAME: secrets.token_urlsafe(32)} if any(doors) else {}


DOORS = ("ssh", "web")
"""The doors for people with a terminal or a browser; the module of each in `casewright.doors` is a process of its own."""


def _tell(session: Session, addresses: list[str]) -> "Callable[[Message], None]":
    """Return what tells people at the terminal, beginning with where they find the server."""
    from casewright.cli.output import print_line
    from casewright.clock import SystemClock
    from casewright.errors import message

    texts, clock = session.texts, SystemClock()

    def tell(said: "Message") -> None:
        print_line(f"{texts.moment(clock.now())}  {texts.render(said)}", sys.stderr)

    for address in addresses:
        tell(message("listening at {address}", address=address))
    return tell


NOUNS = (
    Noun(
        name="serve",
        help=text("own the workspace: everybody who works in it goes through this process"),
        verbs=(
            Verb(
                name="",
                run=serve,
                help=text(
                    "answer the command line, terminals and programs, until SIGTERM or Ctrl-C"
                ),
                more=text(
                    "It owns the workspace: other processes go through it, or say where it is. "
                    "It listens on a Unix socket, and on the network where [server] says so. "
                    "The worker works beside it. SIGHUP replaces its processes without refusing anybody."
                ),
                options=(
                    Option(
                        name="--no-worker",
                        help=text("leave timers and notices to nobody: for tests and repairs"),
                    ),
                    Option(
                        name="--ssh",
                        help=text("open the SSH door too, where [ssh] says"),
                    ),
                    Option(
                        name="--web",
                        help=text(
                            "open the web door too, for a terminal in a browser, where [web] says"
                        ),
                    ),
                ),
            ),
        ),
    ),
)
