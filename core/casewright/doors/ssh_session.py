"""One session of an SSH connection: what the client asks of its channel, and what it is told; the process is behind it."""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncssh

from casewright.cli.bare import NO_SCREEN, WORDS
from casewright.cli.tui import APPLICATION
from casewright.doors.asking import Known, Server
from casewright.doors.births import Nursery
from casewright.doors.born import Order
from casewright.doors.crowd import Crowd
from casewright.doors.line_mode import words_of
from casewright.doors.session import Entered
from casewright.doors.ssh_process import SshProcess
from casewright.errors import CasewrightError, UsageRefused
from casewright.swift_dataclass import dataclass
from casewright.texts import Texts

if TYPE_CHECKING:
    from casewright.doors.ssh_entry import SshEntry

SIGNALS = {name: getattr(signal, f"SIG{name}") for name in ("INT", "TERM", "HUP", "QUIT")}
"""The signals that a client may have sent to its session."""
_LANGUAGES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""What a client says of its language; that a terminal is UTF-8 is taken for granted."""
_LONGEST_TERM = 64
_REFUSED, _MISUNDERSTOOD = 1, 2
_AS_IT_WAS = b"\x1b[?1000;1002;1003;1004;1006;1015;2004;2048l\x1b[<u\x1b[?1049l\x1b[?25h\x1b[0m"
"""No mouse, no pasting, no reports, the ordinary keyboard and screen, the cursor, no colour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What sessions have in common: where the workspace is, who forks them, and in which language nobody in particular is spoken to."""

    root: Path
    nursery: Nursery
    texts: Texts
    issuer: str
    idle_seconds: float
    note: Callable[[CasewrightError], None]
    later: Callable[[Coroutine[Any, Any, None]], None]


class SshSession(asyncssh.SSHServerSession[bytes]):
    """A channel of a connection, from the request for it until its process has gone."""

    def __init__(
        self, entry: "SshEntry", server: Server, surroundings: Surroundings, crowd: Crowd
    ) -> None:
        self._entry, self._server, self._surroundings = entry, server, surroundings
        self._crowd = crowd
        self._words: tuple[str, ...] | None = None
        self._fault: CasewrightError | OSError | None = None
        self._term = ""
        self._process = SshProcess(self)
        self._session: Known | None = None
        self._counted = ""
        self._lost = False
        self._idle: asyncio.TimerHandle | None = None
        self._how = "disconnected"

    # --- what the client asks for ------------------------------------------------------------

    def connection_made(self, chan: "asyncssh.SSHServerChannel[bytes]") -> None:
        """Keep the channel."""
        self._channel = chan

    def pty_requested(
        self, term_type: str, term_size: tuple[int, int, int, int], term_modes: Any
    ) -> bool:
        """Take a terminal of the size that the client has."""
        plain = term_type.isascii() and term_type.isprintable()
        self._term = term_type if plain and 0 < len(term_type) <= _LONGEST_TERM else NO_SCREEN
        self._process.resize(term_size[0], term_size[1])
        return True

    def shell_requested(self) -> bool:
        """Begin the application, or the line mode where nothing can be drawn: there is no shell."""
        return True

    def exec_requested(self, command: str) -> bool:
        """Take words of ours; they are run by nothing but casewright."""
        try:
            self._words = tuple(words_of(command))
        except UsageRefused as fault:
            self._fault = fault
        return True

    def session_started(self) -> None:
        """Begin the process."""
        try:
            self._process.open(terminal=bool(self._term))
        except OSError as fault:
            self._fault = fault
        self._surroundings.later(self._begin())

    def terminal_size_changed(
        self, width: int, height: int, pixwidth: int, pixheight: int
    ) -> None:
        """Have the terminal as large as the client's."""
        self._process.resize(width, height)

    def signal_received(self, signame: str) -> None:
        """Hand on a signal."""
        if signame in SIGNALS:
            self._process.signal(SIGNALS[signame])

    def break_received(self, msec: int) -> bool:
        """Interrupt."""
        self.signal_received("INT")
        return True

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        """Hand on what was typed or sent."""
        self._stir()
        self._process.feed(data)

    def eof_received(self) -> bool:
        """Close the input; the output goes on."""
        self._process.feed_no_more()
        return True

    def pause_writing(self) -> None:
        """Read nothing from the process while the client takes nothing."""
        self._process.show_nothing()

    def resume_writing(self) -> None:
        """Go on reading."""
        self._process.show_again()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the process: whoever it worked for has gone."""
        self._lost = True
        self._finish(how=self._how)

    # --- what the process does ---------------------------------------------------------------

    def show(self, piece: bytes, *, error: bool) -> None:
        """Hand on what the process writes."""
        if not self._draws:
            self._stir()
        if not self._channel.is_closing():
            self._channel.write(piece, asyncssh.EXTENDED_DATA_STDERR if error else None)

    def hold(self) -> None:
        """Have the client wait: the process does not read what was sent."""
        self._channel.pause_reading()

    def go_on(self) -> None:
        """Take again what the client sends."""
        if not self._lost:
            self._channel.resume_reading()

    def over(self, code: int, number: int) -> None:
        """Tell the client how the process ended."""
        if not self._lost:
            with suppress(OSError):
                if number:
                    self._put_right()
                    name = signal.Signals(number).name.removeprefix("SIG")
                    self._channel.exit_with_signal(name)
                else:
                    self._channel.exit(code)
        self._finish(how=f"signal {number}" if number else f"exit {code}")

    # --- from its beginning to its end -------------------------------------------------------

    async def _begin(self) -> None:
        try:
            if self._fault is not None:
                raise self._fault
            name = self._channel.get_extra_info("username")
            self._crowd.enter(name)
            self._counted = name
            self._session = await self._entry.session_of()
            if self._lost:
                self._finish(how=self._how)
                return
            self._process.begin(self._order(self._session), self._surroundings.nursery)
            self._stir()
        except CasewrightError as error:
            self._surroundings.note(error)
            self._refuse(self._surroundings.texts.error(error), error)
        except OSError as error:
            self._refuse(error.strerror or str(error), error)

    def _order(self, session: Known) -> Order:
        entered = Entered(
            person=session.name,
            door=self._server.door,
            token=session.token,
            address=self._server.address,
            root=self._surroundings.root,
        )
        return Order(
            entered=entered,
            words=self._words,
            environment=self._environment(session),
            terminal=bool(self._term),
            name=session.name,
            application=APPLICATION if self._words is None and self._draws else "",
        )

    @property
    def _draws(self) -> bool:
        """Whether the session is the application: its clock goes on though nobody is there, and it has the whole terminal."""
        bare = self._words is None or self._words[:1] == (WORDS,)
        return bare and self._term not in ("", NO_SCREEN)

    def _put_right(self) -> None:
        """Have the client's terminal as it was: an application that was ended can no longer see to it."""
        if self._draws:
            self._channel.write(_AS_IT_WAS)

    def _refuse(self, sentence: str, why: Exception) -> None:
        if not self._lost:
            self._channel.write_stderr(f"{sentence}\r\n".encode())
            self._channel.exit(_MISUNDERSTOOD if isinstance(why, UsageRefused) else _REFUSED)
        self._finish(how="refused")

    def _finish(self, *, how: str) -> None:
        """Let go of everything, and have it on record that the session has ended; once."""
        self._process.end()
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        if self._counted:
            self._crowd.leave(self._counted)
            self._counted = ""
        if self._session is not None:
            ended, self._session = self._session, None
            self._surroundings.later(self._server.end(ended, how=f"{how}; {self._entry.how}"))

    def _environment(self, session: Known) -> dict[str, str]:
        given: Mapping[Any, Any] = self._channel.get_environment_bytes()
        sent = {_plain(name): _plain(value) for name, value in given.items()}
        found = {"PATH": os.defpath, "LC_CTYPE": "C.UTF-8"}
        found["LANG"] = next(filter(None, map(sent.get, _LANGUAGES)), "")
        if "NO_COLOR" in sent:
            found["NO_COLOR"] = "1"
        found["TERM"] = self._term or NO_SCREEN
        if session.language:
            found["CASEWRIGHT_LANG"] = session.language
        return found

    def _stir(self) -> None:
        """Note that something goes on; a session in which nothing does for long is ended."""
        if self._idle is not None:
            self._idle.cancel()
        loop = asyncio.get_running_loop()
        self._idle = loop.call_later(self._surroundings.idle_seconds, self._too_idle)

    def _too_idle(self) -> None:
        self._how = "idle"
        with suppress(OSError):
            self._put_right()
            said = self._surroundings.texts.text("Nobody typed for long; the session is over.")
            self._channel.write(f"\r\n{said}\r\n".encode())
        self._channel.close()


def _plain(sent: bytes | str) -> str:
    """Return a name or a value as a client sent it, "" for what is none."""
    written = sent.decode("utf-8", "replace") if isinstance(sent, bytes) else sent
    return written if written.isprintable() and len(written) < 100 else ""
