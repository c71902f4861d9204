"""An event posted to another system: signed, to an address that was looked at, over a line that is cut when it takes too long."""

import http.client
import os
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

from casewright import secrets
from casewright.delivery.authorities import authority_fault
from casewright.delivery.channel import Answer, Delivered, Failed, Rejected, Seen
from casewright.delivery.deadline import Deadline
from casewright.delivery.webhook_address import NoWay, Target, addresses, target_of
from casewright.delivery.webhook_signature import (
    AT,
    ID,
    SHORTEST_SECRET,
    SIGNATURE,
    key_of,
    signature,
)
from casewright.errors import ConfigRefused, Message, message
from casewright.settings.webhooks import WebhookSettings
from casewright.swift_dataclass import dataclass

_TOO_LATE = "no answer in time"
_MOST_READ = 4_000
_LONGEST_SAID = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What is handed over: the event's id, the moment of the attempt, and the body."""

    id: str
    at: int
    body: bytes


def open_webhook(
    settings: WebhookSettings, environment: Mapping[str, str] | None = None
) -> "Webhook":
    """Return what tells another system, its secrets looked up; ConfigRefused or SecretMissing. Connects to nothing yet."""
    known = os.environ if environment is None else environment
    url = secrets.resolve(settings.url, settings.place, known)
    secret = secrets.resolve(settings.secret, settings.place, known)
    target = target_of(url, settings.hosts)
    if isinstance(target, Message):
        raise _unusable(settings, target)
    distrusted = authority_fault(settings.ca_file)
    if distrusted is not None:
        raise _unusable(settings, distrusted)
    return Webhook(settings=settings, target=target, key=_key(settings, secret.encode()))


def _unusable(settings: WebhookSettings, why: Message) -> ConfigRefused:
    reason = message("webhook '{name}': {reason}", name=settings.name, reason=why)
    return ConfigRefused(place=settings.place, reason=reason)


def _key(settings: WebhookSettings, secret: bytes) -> bytes:
    try:
        key = key_of(secret)
    except ValueError:
        key = b""
    if len(key) < SHORTEST_SECRET:
        template = "webhook '{name}': 'secret' has at least {count} characters; behind whsec_ it is Base64 of as many octets"
        reason = message(template, name=settings.name, count=SHORTEST_SECRET)
        raise ConfigRefused(place=settings.place, reason=reason)
    return key


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """One other system, at the one host that an administrator named; neither proxies nor redirects are followed."""

    settings: WebhookSettings
    target: Target
    key: bytes = field(repr=False)

    def send(self, post: Post) -> Answer:
        """Post an event; any answer from 200 to 299 is a yes, 410 a no for good, and all else is tried again."""
        with Deadline(self.settings.timeout) as deadline:
            try:
                answered = self._posted(post, deadline)
                # A line that was cut ends like one whose sender had nothing more to say.
                return Failed(reason=_TOO_LATE) if deadline.passed else self._answer(answered)
            except NoWay:
                return Failed(
                    reason="the host's address is not public, and no 'networks' allow it"
                )
            except (OSError, http.client.HTTPException) as error:
                return Failed(reason=_TOO_LATE if deadline.passed else _cause(error))

    def receipts(self) -> Iterable[Seen]:
        """Return nothing: what comes from other systems comes to the intake."""
        return ()

    def close(self) -> None:
        """Do nothing: each event has a connection of its own."""

    def _posted(self, post: Post, deadline: Deadline) -> tuple[int, bytes]:
        connection = self._connection(deadline)
        try:
            connection.request(
                "POST", self.target.path, body=post.body, headers=self._headers(post)
            )
            answer = connection.getresponse()
            return answer.status, answer.read(_MOST_READ)
        finally:
            connection.close()

    def _headers(self, post: Post) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "User-Agent": "casewright",
            "Connection": "close",
            "Accept-Encoding": "identity",
            ID: post.id,
            AT: str(post.at),
            SIGNATURE: signature(self.key, post.id, post.at, post.body),
        }

    def _connection(self, deadline: Deadline) -> http.client.HTTPConnection:
        """Return a connection to the first address that answers, of those that were looked at."""
        error: OSError = OSError("no address")
        for address in addresses(self.target, self.settings.networks):
            if deadline.passed:
                break
            try:
                line = socket.create_connection(
                    (address, self.target.port), self.settings.timeout
                )
            except OSError as failed:
                error = failed
                continue
            # From here on the deadline alone ends it, so that a late answer is always told as one.
            line.settimeout(2 * self.settings.timeout)
            deadline.guard(line)
            return self._over(line)
        raise error

    def _over(self, line: socket.socket) -> http.client.HTTPConnection:
        made = http.client.HTTPConnection(self.target.host, self.target.port)
        if self.target.secure:
            # Else the header Host would name the usual port, which not every server takes.
            made.default_port = http.client.HTTPS_PORT
        try:
            made.sock = self._encrypted(line)
        except BaseException:
            line.close()
            raise
        return made

    def _encrypted(self, line: socket.socket) -> Any:
        if not self.target.secure:
            return line
        context = ssl.create_default_context(cafile=self.settings.ca_file or None)
        return context.wrap_socket(line, server_hostname=self.target.host)

    def _answer(self, answered: tuple[int, bytes]) -> Answer:
        status, said = answered
        if 200 <= status <= 299:
            return Delivered()
        text = " ".join(said.decode("utf-8", "replace").split())[:_LONGEST_SAID]
        reason = f"{status} {text}".strip()
        if status == http.HTTPStatus.GONE:
            return Rejected(reason=reason, permanent=True)
        if 300 <= status <= 399:
            return Failed(reason="it answered with a redirect, which is not followed")
        return Failed(reason=reason)


def _cause(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return f"its encryption was not accepted: {error}"[:200]
    if isinstance(error, TimeoutError):
        return _TOO_LATE
    if isinstance(error, socket.gaierror):
        return "its host is not known"
    if isinstance(error, http.client.HTTPException):
        return "its answer is not HTTP"
    return "it could not be reached"
