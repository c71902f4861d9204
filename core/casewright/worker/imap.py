"""A mailbox read over IMAP. The only door to imapclient."""

import ssl
import time
from collections.abc import Sequence
from threading import Event
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from casewright.delivery.plaintext import is_this_machine
from casewright.errors import ConfigRefused, message
from casewright.intake.mail.parts import LARGEST
from casewright.settings.intake import IntakeSettings
from casewright.worker.mailbox import PEEK, Fetched

TAKEN = b"CasewrightTaken"
"""The keyword of a mail that was taken in and stays where it is."""
MOST_AT_ONCE = 1_000
LONGEST_IDLE = 600.0
"""Seconds after which the server is asked anew; it may hang up on who idles for longer than half an hour."""
_BETWEEN_LOOKS = 0.5


def must_be_safe(settings: IntakeSettings) -> None:
    """Raise ConfigRefused where the password would cross a network unencrypted."""
    if settings.text("security") == "none" and not is_this_machine(settings.text("host")):
        reason = message(
            "the password would cross a network unencrypted: 'security' must be tls or starttls"
        )
        raise ConfigRefused(place=settings.place, reason=reason)


class ImapMailbox:
    """One folder of one account, over one connection."""

    def __init__(self, settings: IntakeSettings) -> None:
        must_be_safe(settings)
        self._settings = settings
        security, timeout = settings.text("security"), settings.number("timeout")
        context = ssl.create_default_context(cafile=settings.text("ca_file") or None)
        tls = security == "tls"
        self._client = IMAPClient(
            settings.text("host"),
            port=int(settings.number("port")),
            ssl=tls,
            ssl_context=context if tls else None,
            timeout=timeout,
        )
        try:
            if security == "starttls":
                self._client.starttls(context)
            self._client.login(settings.text("user"), settings.text("password"))
            self._done = settings.text("done")
            if self._done and not self._client.folder_exists(self._done):
                self._client.create_folder(self._done)
            opened: Any = self._client.select_folder(settings.text("folder"))
        except BaseException:
            self._client.shutdown()
            raise
        flags = opened.get(b"PERMANENTFLAGS", ())
        self._keyword = b"\\*" in flags or TAKEN in flags
        self._idles = settings.yes("idle") and bool(self._client.has_capability("IDLE"))
        self._moves = bool(self._client.has_capability("MOVE"))

    def waiting(self) -> Sequence[str]:
        """Return the UIDs of mails that are not marked as taken in, the oldest first."""
        unmarked = ["UNKEYWORD", TAKEN] if self._keyword else ["UNFLAGGED"]
        found = self._client.search(["UNDELETED", *unmarked])
        return [str(one) for one in sorted(found)[:MOST_AT_ONCE]]

    def read(self, name: str) -> Fetched | None:
        """Return a mail without marking it; None where it is gone."""
        number = int(name)
        size = self._client.fetch([number], ["RFC822.SIZE"]).get(number, {}).get(b"RFC822.SIZE")
        if size is None:
            return None
        whole = int(size) <= LARGEST
        asked = "BODY.PEEK[]" if whole else f"BODY.PEEK[]<0.{PEEK}>"
        found: Any = self._client.fetch([number], [asked]).get(number)
        if found is None:
            return None
        octets = next((value for key, value in found.items() if key.startswith(b"BODY[")), None)
        return None if octets is None else Fetched(octets=bytes(octets), whole=whole)

    def done(self, name: str) -> None:
        """Move a mail to where those go that were taken in, or mark it."""
        number = int(name)
        if not self._done:
            marks = [b"\\Seen", TAKEN if self._keyword else b"\\Flagged"]
            self._client.add_flags([number], marks, silent=True)
        elif self._moves:
            self._client.move([number], self._done)
        else:
            self._client.copy([number], self._done)
            self._client.add_flags([number], [b"\\Deleted"], silent=True)
            if self._client.has_capability("UIDPLUS"):
                self._client.uid_expunge([number])

    def wait(self, seconds: float, stop: Event) -> None:
        """Wait for the server to tell of new mail, where it does; else as long as it is said."""
        if not self._idles:
            stop.wait(seconds)
            return
        until = time.monotonic() + max(seconds, min(LONGEST_IDLE, 10 * seconds))
        self._client.idle()
        told: list[Any] = []
        while not told and not stop.is_set() and time.monotonic() < until:
            told = self._client.idle_check(timeout=_BETWEEN_LOOKS)
        self._client.idle_done()

    def close(self) -> None:
        """Say goodbye, if the server still listens."""
        try:
            self._client.logout()
        except (IMAPClientError, OSError, ValueError):
            self._client.shutdown()
