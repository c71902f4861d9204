"""The Apprise door: e-mail and chat through one service that an administrator named.

Apprise says yes or no and nothing more, so a yes is `Unknown`: handed over, and nobody can say whether
it arrived. Its records tell an SMTP server's refusal from a broken line. Everything that a ticket
could influence is text: the recipient is one validated argument, never a part of a URL.
"""

import logging
import re
import threading
from collections.abc import Iterable
from functools import cache
from typing import Any

from casewright.addresses import email_fault
from casewright.delivery.apprise_url import CHAT, MAIL, parts_fault, scheme_fault
from casewright.delivery.channel import Answer, Failed, Outgoing, Rejected, Seen, Unknown
from casewright.errors import ConfigRefused, Message, message
from casewright.patterns import pattern
from casewright.settings.channels import ChannelSettings

MOST_HANGING = 4
"""So many sends may be past their time limit and not back yet; then no further one is begun."""


def open_apprise(settings: ChannelSettings) -> "AppriseChannel":
    """Return the channel that `settings` describe; raise `ConfigRefused` for a URL that is not allowed."""
    parts = _allowed(settings)
    if isinstance(parts, Message):
        template = "channel '{name}': {reason}"
        reason = message(template, name=settings.name, reason=parts)
        raise ConfigRefused(place=settings.place, reason=reason)
    timeout = settings.number("timeout")
    # Apprise's own limits are on each read; one that hangs is let go of by these.
    limited = {**parts, "cto": timeout, "rto": timeout}
    return AppriseChannel(limited, mail=settings.kind == "email", timeout=timeout)


class AppriseChannel:
    """One service; a message for each call, in a thread that is left behind when it takes too long."""

    def __init__(self, parts: dict[str, Any], *, mail: bool, timeout: float) -> None:
        self._parts = parts
        self._mail = mail
        self._timeout = timeout
        self._hanging: list[threading.Thread] = []

    def send(self, outgoing: Outgoing) -> Answer:
        """Hand one message over; a yes is `Unknown`."""
        if self._mail and email_fault(outgoing.address) is not None:
            return Rejected(reason="not one e-mail address", permanent=True)
        self._hanging = [thread for thread in self._hanging if thread.is_alive()]
        if len(self._hanging) >= MOST_HANGING:
            return Failed(reason="earlier messages have not come back yet")
        answers: list[Answer] = []
        thread = threading.Thread(
            target=lambda: answers.append(self._handed_over(outgoing)), daemon=True
        )
        thread.start()
        thread.join(self._timeout)
        if answers:
            return answers[0]
        self._hanging.append(thread)
        return Failed(reason="no answer in time")

    def receipts(self) -> Iterable[Seen]:
        """Return nothing: no service behind Apprise tells what became of a message."""
        return ()

    def close(self) -> None:
        """Do nothing: no connection outlives its message."""

    def _handed_over(self, outgoing: Outgoing) -> Answer:
        library = _library()
        text, subject = outgoing.text, " ".join(outgoing.subject.split())
        if not self._mail:
            text, subject = _inert(text), _inert(subject)
        records = library.records.begin()
        try:
            service = library.service(_addressed(self._parts, outgoing))
            taken = service is not None and library.notify(service, text, subject)
        except Exception as error:  # noqa: BLE001 - what a service raises is its answer
            return Failed(reason=f"{type(error).__name__}: {error}"[:200])
        return Unknown(detail="handed over") if taken else _why_not(records)


def _allowed(settings: ChannelSettings) -> dict[str, Any] | Message:
    """Return what the URL of `settings` consists of, or why it is not used."""
    url = settings.text("url")
    if reason := scheme_fault(url, settings.kind):
        return reason
    parts = _library().parts(url)
    if parts is None:
        return message("Apprise does not understand this URL")
    if reason := parts_fault(parts, allow_plaintext=settings.yes("allow_plaintext")):
        return reason
    if _library().service(_addressed(parts, None)) is None:
        return message("Apprise does not accept this URL: something in it is missing or wrong")
    return parts


def _addressed(parts: dict[str, Any], outgoing: Outgoing | None) -> dict[str, Any]:
    """Return the arguments of one message's service: the administrator's, and this recipient."""
    made = {**parts, "redirect": False, "format": "text"}
    if parts["schema"] in MAIL:
        made["targets"] = [outgoing.address] if outgoing else []
        made["headers"] = {"X-Casewright-Key": _header(outgoing.key)} if outgoing else {}
        made["cc"] = made["bcc"] = made["reply_to"] = None
    return made


def _header(text: str) -> str:
    return re.sub(r"[^!-~]", "_", text)[:200]


_BRACKETS = str.maketrans("<>", "\u2039\u203a")


def _inert(text: str) -> str:
    """Return text in which no service sees a mention: `<!channel>`, `<at user_id="all">`, `<@U1>`."""
    return text.translate(_BRACKETS)


_CODE = pattern(r"\(([245][0-9]{2}), ")
_STATUS = pattern(r"error=([0-9]{3})\b")
_LINE_LOST = "Connection error while submitting"


def _why_not(records: list[str]) -> Answer:
    """Return what a service's records say about a no.

    An SMTP server's 5xx about this message is for good, its 4xx and every no of a web service for now.
    A server that could not be reached, or would not let us in, has not answered about the message.
    """
    said = "; ".join(records)[:200] or "not handed over"
    if any(line.startswith(_LINE_LOST) for line in records):
        return Failed(reason=said)
    if code := _CODE.search(said):
        return Rejected(reason=said, permanent=code[1].startswith("5"))
    if _STATUS.search(said):
        return Rejected(reason=said, permanent=False)
    return Failed(reason=said)


# --- the library, loaded when the first channel opens ---------------------------------------------


class _Records(logging.Handler):
    """Keeps, for the thread that sends, the lines that say why a service did not take a message."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._own = threading.local()

    def begin(self) -> list[str]:
        """Return a fresh list into which this thread's lines will go."""
        lines: list[str] = []
        self._own.lines = lines
        return lines

    def emit(self, record: logging.LogRecord) -> None:
        line = record.getMessage()
        wanted = record.levelno >= logging.WARNING or line.startswith("Socket Exception")
        lines = getattr(self._own, "lines", None)
        if wanted and lines is not None:
            lines.append(" ".join(line.split()))


class _Library:
    """Apprise with all services but ours disabled, no attachments, no redirects, nothing on disk."""

    def __init__(self) -> None:
        import apprise
        from apprise import manager_plugins, plugins

        self.records = _Records()
        log = logging.getLogger("apprise")
        log.setLevel(logging.DEBUG)
        log.propagate = False
        log.addHandler(self.records)
        # These have no annotations.
        services: Any = manager_plugins.NotificationManager
        services().enable_only(*MAIL, *CHAT)
        self._read: Any = plugins.url_to_dict
        self._make: Any = apprise.Apprise.instantiate
        self._text = apprise.NotifyFormat.TEXT
        self._info = apprise.NotifyType.INFO
        self._asset = apprise.AppriseAsset(
            app_id="casewright",
            storage_mode="memory",
            http_redirects=False,
            allow_templates=False,
            async_mode=False,
            secure_logging=True,
        )

    def parts(self, url: str) -> dict[str, Any] | None:
        read = self._read(url, secure_logging=True)
        return read if isinstance(read, dict) else None

    def service(self, parts: dict[str, Any]) -> Any:
        """Return exactly one service, or None where Apprise refuses its arguments."""
        return self._make(dict(parts), asset=self._asset)

    def notify(self, service: Any, text: str, subject: str) -> bool:
        return bool(
            service.notify(
                body=text, title=subject, notify_type=self._info, body_format=self._text
            )
        )


@cache
def _library() -> _Library:
    return _Library()
