"""The driver `smtp`: mails through an administrator's own mail server. The only door to smtplib.

A mail whose end the server has, and whose taking it did not confirm, may have been taken: it is `Unknown`, and never
sent twice.
"""

import smtplib
import socket
import ssl
from collections.abc import Iterable, Iterator
from email.headerregistry import Address
from typing import Any

from casewright.addresses import email_fault
from casewright.delivery.authorities import authority_fault
from casewright.delivery.channel import (
    Accepted,
    Answer,
    Failed,
    Outgoing,
    Rejected,
    Seen,
    Unknown,
)
from casewright.delivery.deadline import Deadline
from casewright.delivery.mail_message import headers, octets, one_line
from casewright.delivery.plaintext import is_this_machine
from casewright.errors import ConfigRefused, Message, message
from casewright.patterns import pattern
from casewright.settings.channels import ChannelSettings

_LONGEST_REASON = 200
_PERIODS = pattern(rb"(?m)^\.")


def open_mail_server(settings: ChannelSettings) -> "MailServer":
    """Return the server that `settings` describe; raise `ConfigRefused` for what cannot be used. Connects to nothing yet."""
    for fault in _faults(settings):
        raise ConfigRefused(place=settings.place, reason=fault)
    return MailServer(settings)


class MailServer:
    """One account at one mail server; each mail has a connection of its own."""

    def __init__(self, settings: ChannelSettings) -> None:
        self._settings = settings
        name = one_line(settings.text("name"))
        self._sender = Address(display_name=name, addr_spec=settings.text("from"))
        self._envelope = settings.text("envelope") or settings.text("from")

    def send(self, outgoing: Outgoing) -> Answer:
        """Hand one mail over and return what the server answered."""
        if email_fault(outgoing.address) is not None:
            return Rejected(reason="not one e-mail address", permanent=True)
        with Deadline(self._settings.number("timeout")) as deadline:
            try:
                return self._sent(outgoing, deadline)
            except _Said as said:
                return said.answer
            except smtplib.SMTPResponseException as refused:
                return _refused(refused.smtp_code, refused.smtp_error, login=True)
            except (smtplib.SMTPException, OSError) as error:
                return Failed(reason="no answer in time" if deadline.passed else _cause(error))

    def receipts(self) -> Iterable[Seen]:
        """Return nothing: what cannot be delivered comes back as a mail, to the intake."""
        return ()

    def close(self) -> None:
        """Do nothing: no connection outlives its mail."""

    def _sent(self, outgoing: Outgoing, deadline: Deadline) -> Answer:
        head = headers(outgoing, sender=self._sender, reply_to=self._settings.text("reply_to"))
        named = str(head["Message-ID"])
        with self._connected(deadline) as server:
            self._addressed(server, outgoing)
            _text(server, octets(outgoing, head))
            answer = _confirmed(server)
        return Accepted(provider_ids=(named,), awaited=False) if answer is None else answer

    def _connected(self, deadline: Deadline) -> "_Connection":
        settings = self._settings
        security, timeout = settings.text("security"), settings.number("timeout")
        context = ssl.create_default_context(cafile=settings.text("ca_file") or None)
        wrapped = context if security == "tls" else None
        server = _Connection(
            settings.text("host"), int(settings.number("port")), timeout, deadline, wrapped
        )
        try:
            server.ehlo_or_helo_if_needed()
            if security == "starttls":
                server.starttls(context=context)
                server.ehlo_or_helo_if_needed()
            if settings.text("user"):
                server.login(settings.text("user"), settings.text("password"))
        except BaseException:
            server.close()
            raise
        return server

    def _addressed(self, server: "_Connection", outgoing: Outgoing) -> None:
        """Say from whom the mail is and to whom; nothing is to come back for an answer that nobody wrote (RFC 3834)."""
        envelope = "" if outgoing.nature == "confirmation" else self._envelope
        _must_be(250, server.mail(envelope))
        _must_be(250, server.rcpt(outgoing.address))
        _must_be(354, server.docmd("DATA"))


class _Said(Exception):
    """What the server's answer amounts to, before a mail was sent."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


class _Connection(smtplib.SMTP):
    """A connection whose socket a deadline guards from its making on; leaving it says goodbye, and never fails."""

    def __init__(
        self,
        host: str,
        port: int,
        timeout: float,
        deadline: Deadline,
        context: ssl.SSLContext | None,
    ) -> None:
        self._deadline, self._context = deadline, context
        super().__init__(timeout=timeout, local_hostname=socket.gethostname() or "localhost")
        self._host = host
        code, said = self.connect(host, port)
        if code != 220:
            self.close()
            raise smtplib.SMTPConnectError(code, said)

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        made = socket.create_connection((host, port), timeout)
        # From here on the deadline alone ends it, so that a late answer is always told as one.
        made.settimeout(2 * timeout)
        self._deadline.guard(made)
        if self._context is None:
            return made
        return self._context.wrap_socket(made, server_hostname=host)

    def __exit__(self, *raised: object) -> None:
        try:
            if raised[0] is None:
                self.docmd("QUIT")
        except (smtplib.SMTPException, OSError):
            return
        finally:
            self.close()


def _must_be(wanted: int, answer: tuple[int, bytes]) -> None:
    code, said = answer
    if code not in (wanted, wanted + 1):  # 251: it will be forwarded
        raise _Said(_refused(code, said))


def _text(server: _Connection, pieces: Iterator[bytes]) -> None:
    """Send the mail and its end; while the end is not sent the server has taken nothing. OSError."""
    for piece in pieces:  # each ends with its line
        # A line that begins with a period would be the mail's end.
        server.send(_PERIODS.sub(b"..", piece))
    server.send(b".\r\n")


def _confirmed(server: _Connection) -> Answer | None:
    """Return what keeps the mail from being taken, None where it was; the server has all of it by now."""
    try:
        code, said = server.getreply()
    except (smtplib.SMTPException, OSError):
        return Unknown(detail=_CUT)
    if 200 <= code <= 299:
        return None
    # What is neither yes nor no may have been a yes.
    return _refused(code, said) if 400 <= code <= 599 else Unknown(detail=_words(code, said))


_CUT = "the line broke after the mail was sent, before the server said that it has it"


def _refused(code: int, said: bytes | str, *, login: bool = False) -> Answer:
    """Return a refusal: for good with 5xx, unless it is the account that is wrong, which an administrator mends."""
    return Rejected(reason=_words(code, said), permanent=code >= 500 and not login)


def _words(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {one_line(text)}"[:_LONGEST_REASON]


def _cause(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLError):
        return f"the mail server's encryption was not accepted: {error}"[:_LONGEST_REASON]
    if isinstance(error, smtplib.SMTPException):
        return f"the mail server: {one_line(str(error))}"[:_LONGEST_REASON]
    return "the mail server could not be reached"


def _faults(settings: ChannelSettings) -> Iterator[Message]:
    for name in ("from", "reply_to", "envelope"):
        written = settings.text(name)
        if (written or name == "from") and email_fault(written) is not None:
            yield message(
                "'{name}': '{email}' is not one email address", name=name, email=written
            )
    private = settings.text("security") != "none" or is_this_machine(settings.text("host"))
    if not private:
        yield message(
            'mails would cross the network unencrypted; use security = "starttls" or "tls"'
        )
    if settings.text("password") and not settings.text("user"):
        yield message("a 'password' goes with a 'user'")
    if not (settings.text("user") + settings.text("password")).isascii():
        yield message("'user' and 'password' can hold ASCII characters only")
    distrusted = authority_fault(settings.text("ca_file"))
    if distrusted is not None:
        yield distrusted
    if (
        settings.number("port") != int(settings.number("port"))
        or settings.number("port") > 65535
    ):
        yield message("'port' is a whole number from 1 to 65535")
