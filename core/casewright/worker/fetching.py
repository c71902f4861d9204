"""Fetches mail, in a thread for each mailbox: a mail is put away only once it is durably kept, and none blocks the next."""

from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as NotYet
from dataclasses import replace
from datetime import datetime
from queue import Queue
from threading import Event, Thread
from typing import Any

from casewright.config import Config
from casewright.errors import CasewrightError, Message, message
from casewright.intake.arrival import Arrival
from casewright.intake.mail.arriving import arrival_of
from casewright.settings.intake import FOLDER, IntakeSettings
from casewright.swift_dataclass import dataclass
from casewright.worker.folder import Folder
from casewright.worker.journal import line
from casewright.worker.mailbox import Fetched, Mailbox
from casewright.worker.maildir import Maildir

SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
"""Seconds between two visits where a mailbox cannot be reached; each pause is twice the one before."""
_BETWEEN_LOOKS = 0.2
_CLOSED_WITHIN = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """Something that came in and is to be taken in; `over` is told when that is durable, or why it is not."""

    arrival: Arrival
    over: "Future[str]"


Open = Callable[[IntakeSettings, Config], Mailbox]


def _imap(settings: IntakeSettings, config: Config) -> Mailbox:
    from casewright.worker.imap import ImapMailbox

    return ImapMailbox(settings.with_secrets())


OPEN: Mapping[str, Open] = {
    "imap": _imap,
    "maildir": lambda settings, config: Maildir(settings, config.root),
}
"""What opens a mailbox, by driver."""


class Fetchers:
    """All mailboxes of a workspace; what comes in, and what is told, is put on `sink`."""

    def __init__(
        self,
        config: Config,
        sink: "Queue[Any]",
        *,
        keep: Callable[[bytes], str],
        now: Callable[[], datetime],
        once: bool = False,
    ) -> None:
        self._stop = Event()
        wanted = [one for one in config.intake.values() if one.fetched]
        self._fetchers = [
            Fetcher(one, config, sink, keep=keep, now=now, stop=self._stop, once=once)
            for one in wanted
        ]
        self._threads = [
            Thread(target=one.run, name=f"mail {one.name}", daemon=True)
            for one in self._fetchers
        ]

    def start(self) -> None:
        """Begin to fetch."""
        for one in self._threads:
            one.start()

    @property
    def busy(self) -> bool:
        """Whether one of them is still at it: those that fetch once come to an end."""
        return any(one.is_alive() for one in self._threads)

    def stop(self) -> None:
        """End; a mail that is not known to be kept stays where it is."""
        self._stop.set()
        for one in self._threads:
            if one.is_alive():
                one.join(_CLOSED_WITHIN)


class Fetcher:
    """Fetches from one mailbox until it is told to stop."""

    def __init__(
        self,
        settings: IntakeSettings,
        config: Config,
        sink: "Queue[Any]",
        *,
        keep: Callable[[bytes], str],
        now: Callable[[], datetime],
        stop: Event,
        once: bool = False,
    ) -> None:
        self.name = settings.name
        self._settings, self._config, self._sink = settings, config, sink
        self._keep, self._now, self._stop, self._once = keep, now, stop, once
        self._pause = SHORTEST_PAUSE

    def run(self) -> None:
        """Visit the mailbox again and again, after growing pauses where it cannot be reached."""
        while not self._stop.is_set():
            try:
                self._visit()
            except Exception as error:  # noqa: BLE001  A border: told, and tried again.
                self._tell_trouble(error)
            if self._once:
                return
            self._stop.wait(self._pause)
            self._pause = min(LONGEST_PAUSE, 2 * self._pause)

    def _visit(self) -> None:
        if self._settings.driver == FOLDER.name:
            self._visit_folder()
            return
        mailbox = OPEN[self._settings.driver](self._settings, self._config)
        try:
            passed: set[str] = set()
            while not self._stop.is_set():
                waiting = [one for one in mailbox.waiting() if one not in passed]
                self._pause = SHORTEST_PAUSE
                for name in waiting:
                    if self._stop.is_set() or not self._take(mailbox, name):
                        passed.add(name)
                if self._once:
                    return
                if not waiting:
                    mailbox.wait(self._settings.number("every"), self._stop)
        finally:
            mailbox.close()

    def _visit_folder(self) -> None:
        folder = Folder(
            self._settings,
            self._config.root,
            keep=self._keep,
            hand_over=self._handed_over,
            now=self._now,
        )
        while not self._stop.is_set():
            folder.take_all(self._stop)
            self._pause = SHORTEST_PAUSE
            if self._once:
                return
            self._stop.wait(self._settings.number("every"))

    def _take(self, mailbox: Mailbox, name: str) -> bool:
        """Take one mail in and put it away; return False where it could not be kept, and stays."""
        try:
            fetched = mailbox.read(name)
        except CasewrightError as error:
            self._tell_trouble(error, mail=name)
            return False
        if fetched is None or not self._is_taken_in(fetched, name):
            return False
        mailbox.done(name)
        return True

    def _is_taken_in(self, fetched: Fetched, name: str) -> bool:
        """Take one mail in; whatever goes wrong with it concerns no other mail of the mailbox."""
        try:
            return bool(self._handed_over(self._arrival(fetched)))
        except Exception as error:  # noqa: BLE001  A border: told, and tried again at the next visit.
            self._tell_trouble(error, mail=name)
            return False

    def _arrival(self, fetched: Fetched) -> Arrival:
        found = arrival_of(fetched.octets, channel=self.name, at=self._now(), keep=self._keep)
        if fetched.whole:
            return found
        return replace(found, remarks=tuple(dict.fromkeys((*found.remarks, "too_large"))))

    def _handed_over(self, arrival: Arrival) -> str:
        """Hand it to whoever owns the desk; return what became of it once that is durable, "" where nobody says so."""
        over: Future[str] = Future()
        self._sink.put(Came(arrival=arrival, over=over))
        while not self._stop.is_set():
            try:
                return over.result(_BETWEEN_LOOKS)
            except NotYet:
                continue
            except CancelledError:
                return ""
        known = over.done() and not over.cancelled() and over.exception() is None
        return over.result() if known else ""

    def _tell_trouble(self, error: Exception, *, mail: str = "") -> None:
        own = isinstance(error, CasewrightError)
        said = (
            Message(error.sentence, error.details())
            if isinstance(error, CasewrightError)
            else message("{detail}", detail=f"{type(error).__name__}: {error}"[:300])
        )
        told = (
            message(
                "mail '{mail}' of '{channel}': {error}",
                channel=self.name,
                mail=mail,
                error=said,
            )
            if mail
            else message("the mailbox '{channel}': {error}", channel=self.name, error=said)
        )
        expected = own or isinstance(error, OSError) or type(error).__module__.startswith("ima")
        self._sink.put(line("mailbox", told, grade="warning", bug=None if expected else error))
