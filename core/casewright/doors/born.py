"""What a forked session does: its terminal and its surroundings first, then the words or the line mode."""

import ctypes
import fcntl
import os
import signal
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from casewright.cli.grammar import Given
from casewright.cli.incident import incident_of, incident_sentence
from casewright.cli.output import print_line
from casewright.cli.run import BUG as BUG
from casewright.cli.run import REFUSED
from casewright.cli.sitting import sitting
from casewright.doors import session as door_session
from casewright.doors.line_mode import LineMode
from casewright.doors.session import Entered
from casewright.errors import OutputLost
from casewright.front_door import Sitting
from casewright.swift_dataclass import dataclass

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4
Live = Callable[[Sitting], int]
"""An application's front: it is given whoever sits down at it, and returns an exit code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the door asks of the nursery: who came, the words (None for the line mode), the surroundings, a terminal or not.

    `application` is the module that draws on the terminal instead of the line mode, "" for none.
    """

    entered: Entered
    words: tuple[str, ...] | None
    environment: dict[str, str]
    terminal: bool
    name: str
    application: str = ""

    def data(self) -> dict[str, Any]:
        """Return the order as plain data."""
        entered = self.entered
        return {
            "person": entered.person,
            "door": entered.door,
            "token": entered.token,
            "address": entered.address,
            "root": str(entered.root),
            "words": None if self.words is None else list(self.words),
            "environment": self.environment,
            "terminal": self.terminal,
            "name": self.name,
            "application": self.application,
        }


def order_of(data: dict[str, Any]) -> Order:
    """Return the order that plain data says."""
    entered = Entered(
        person=data["person"],
        door=data["door"],
        token=data["token"],
        address=data["address"],
        root=Path(data["root"]),
    )
    words = data["words"]
    return Order(
        entered=entered,
        words=None if words is None else tuple(words),
        environment=data["environment"],
        terminal=data["terminal"],
        name=data["name"],
        application=data["application"],
    )


def live(order: Order, descriptors: list[int], parent: int) -> int:
    """Be the session until it ends; return its exit code. Called in the forked process, on the descriptors of its streams."""
    _die_with(parent)
    os.setsid()
    if order.terminal:
        fcntl.ioctl(descriptors[0], termios.TIOCSCTTY, 0)
    for stream in range(3):
        os.dup2(descriptors[min(stream, len(descriptors) - 1)], stream)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    os.umask(0o077)
    os.chdir("/")
    os.environ.clear()
    os.environ.update(order.environment)
    _reopen_streams()
    try:
        return _said(order)
    except OutputLost:
        return REFUSED  # Whoever it was for has gone.
    except Exception as bug:  # noqa: BLE001 (the border of a session: told calmly, and the log says more)
        return _bug(bug, order)
    finally:
        for written in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                written.flush()


def _said(order: Order) -> int:
    if order.words is not None:
        return door_session.run_words(list(order.words), order.entered)
    if order.application:
        return _application(order)
    with door_session.DoorSession(Given({}), entered=order.entered) as one:
        texts = one.texts
    mode = LineMode(
        lambda words: door_session.run_words(words, order.entered), texts, name=order.name
    )
    return mode.run()


def _bug(bug: Exception, order: Order) -> int:
    with (
        door_session.DoorSession(Given({}), entered=order.entered) as one,
        suppress(OutputLost),
    ):
        print_line(incident_sentence(incident_of(bug, one), one.texts), sys.stderr)
    return BUG


def _application(order: Order) -> int:
    """Run an application that draws on a whole terminal."""
    live_in: Live = import_module(order.application).live
    with door_session.DoorSession(Given({}), entered=order.entered) as one:
        return live_in(sitting(one.again, sign_in=None, door=order.entered.door))


def _reopen_streams() -> None:
    """Open the streams of Python anew on the descriptors: what was open belongs to the nursery."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        how = "w" if number else "r"
        opened = open(
            number, how, encoding="utf-8", errors="replace", closefd=False,
            buffering=1 if how == "w" else -1,
        )  # fmt: skip
        setattr(sys, name, opened)
        setattr(sys, f"__{name}__", opened)


def _die_with(parent: int) -> None:
    """End with the nursery, whatever happens to it; and let nobody of the same account read this process's memory."""
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        library.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(BUG)
