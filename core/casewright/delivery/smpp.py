"""The driver `smpp`: a message centre that answers each submission and delivers receipts and replies."""

import contextlib
import logging
from collections import deque
from collections.abc import Iterable, Iterator
from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from casewright.delivery.channel import Accepted, Answer, Failed, Outgoing, Rejected, Seen
from casewright.delivery.signing import signature_of, signed
from casewright.delivery.smpp_binding import BindRefused, bound_line, check
from casewright.delivery.smpp_messages import Incoming, canonical_id, submissions
from casewright.settings.channels import ChannelSettings

if TYPE_CHECKING:
    from casewright.delivery.smpp_line import Line

_LOG = logging.getLogger(__name__)
_FOR_NOW = frozenset({0x08, 0x14, 0x58, 0x64})
"""System error, queue full, throttled, temporary application error: all to be tried again."""
_BETWEEN_CONNECTIONS = 5.0
_GOODBYE = 2.0
_FORMS = {
    "same": ("same", "same"),
    "hex_then_decimal": ("hex", "decimal"),
    "decimal_then_hex": ("decimal", "hex"),
}


class MessageCentre:
    """One account at one message centre, bound when first needed and again when the line was lost."""

    def __init__(self, settings: ChannelSettings) -> None:
        self._settings = settings
        self._answer_ids, receipt_ids = _FORMS[settings.text("message_ids")]
        self._incoming = Incoming(
            channel=settings.name,
            receipt_ids=receipt_ids,
            reply_prefix=settings.text("reply_prefix"),
        )
        self._lock = Lock()
        self._line: Line | None = None
        self._arrived: deque[tuple[Line, Any]] = deque()
        self._handed_out: list[tuple[Line, Any]] = []
        self._connect_after = 0.0

    def send(self, outgoing: Outgoing) -> Answer:
        """Submit every part of `outgoing`, wait for each answer and return what they say together."""
        limit = self._settings.number("timeout")
        if not self._lock.acquire(timeout=limit):
            return Failed(reason="the line was busy")
        try:
            until = monotonic() + limit
            return self._submitted(self._bound(until), outgoing, until)
        except BindRefused as refused:
            return Rejected(reason=str(refused), permanent=False)
        except OSError as error:
            self._lose(error)
            return Failed(reason=_why(error))
        finally:
            self._lock.release()

    def receipts(self) -> Iterable[Seen]:
        """Return what was delivered; what the last call returned is acknowledged only now."""
        if not self._lock.acquire(blocking=False):
            return ()
        try:
            self._attend()
            return tuple(self._told())
        finally:
            self._lock.release()

    def close(self) -> None:
        """Unbind; what was not acknowledged will be delivered again."""
        with self._lock:
            if self._line is not None:
                self._line.close(monotonic() + _GOODBYE)
            self._line = None
            self._connect_after = float("inf")

    def _submitted(self, line: "Line", outgoing: Outgoing, until: float) -> Answer:
        signature = signature_of(outgoing, self._settings.text("signature"))
        parts = submissions(
            signed(outgoing.text, signature),
            address=outgoing.address,
            sender=self._settings.text("sender"),
            ucs2=self._settings.text("alphabet") == "ucs2",
            key=outgoing.key,
        )
        ids = []
        for number, fields in enumerate(parts, 1):
            answer = line.ask("submit_sm", until, **fields)
            if answer.is_error():
                reason = f"part {number}: {answer.get_status_desc()}"
                return Rejected(reason=reason, permanent=answer.status not in _FOR_NOW)
            if named := getattr(answer, "message_id", None):
                ids.append(canonical_id(named.decode("latin-1"), self._answer_ids))
        return Accepted(provider_ids=tuple(ids))

    def _attend(self) -> None:
        """Acknowledge what was recorded, take in what came, and see that the line stands."""
        line, recorded = self._line, self._handed_out
        self._handed_out = []
        if line is None:
            self._connect_aside()
            return
        try:
            for over, pdu in recorded:
                if over is line:
                    line.acknowledge(pdu)
            line.listen()
            self._test(line)
        except OSError as error:
            self._lose(error)

    def _told(self) -> Iterator[Seen]:
        while self._arrived:
            line, pdu = self._arrived.popleft()
            self._handed_out.append((line, pdu))
            if (seen := self._incoming.read(pdu)) is not None:
                yield seen

    def _test(self, line: "Line") -> None:
        now = monotonic()
        if line.tested_at is not None and now - line.tested_at > self._settings.number(
            "timeout"
        ):
            raise TimeoutError("the message centre is silent")
        if line.tested_at is None and now - line.heard_at > self._settings.number("idle"):
            line.test()

    def _bound(self, until: float) -> "Line":
        """Return the line, made anew when the last one was lost in the meantime."""
        if self._line is not None:
            try:
                self._line.listen()
            except OSError as error:
                self._lose(error)
        if self._line is None:
            self._line = self._connected(until)
        return self._line

    def _connected(self, until: float) -> "Line":
        self._connect_after = monotonic() + _BETWEEN_CONNECTIONS
        return bound_line(self._settings, self._arrived, until)

    def _connect_aside(self) -> None:
        """Bind in a thread of its own: who asks for receipts does not wait for a distant centre."""
        if monotonic() < self._connect_after:
            return
        self._connect_after = monotonic() + _BETWEEN_CONNECTIONS
        Thread(
            target=self._try_to_connect, name=f"bind {self._settings.name}", daemon=True
        ).start()

    def _try_to_connect(self) -> None:
        with self._lock:
            if self._line is None and self._connect_after != float("inf"):
                try:
                    self._line = self._connected(monotonic() + self._settings.number("timeout"))
                except (OSError, BindRefused) as error:
                    _LOG.warning("channel %s cannot bind: %s", self._settings.name, error)

    def _lose(self, error: OSError) -> None:
        if self._line is not None:
            _LOG.warning("channel %s lost its line: %s", self._settings.name, _why(error))
            with contextlib.suppress(OSError):
                self._line.cut()
        self._line = None


def open_message_centre(settings: ChannelSettings) -> MessageCentre:
    """Return the message centre that `settings` describe; raise `ConfigRefused` for what cannot be used."""
    check(settings)
    return MessageCentre(settings)


def _why(error: OSError) -> str:
    return "no answer in time" if isinstance(error, TimeoutError) else str(error) or "no answer"
