"""The driver `http`: an SMS gateway told over HTTPS. The only door to requests."""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from casewright.delivery.channel import Answer, Failed, Outgoing, Rejected, Seen
from casewright.delivery.deadline import Deadline
from casewright.delivery.gateway_answer import Reading, Rule, rule_from
from casewright.delivery.gateway_body import PLACEHOLDERS, Body
from casewright.delivery.plaintext import is_this_machine
from casewright.errors import ConfigRefused, message
from casewright.nearest import hint
from casewright.settings.channels import ChannelSettings
from casewright.swift_dataclass import dataclass

_LONGEST_ANSWER = 64_000
_TOO_LATE = "no answer in time"
_UNREACHED = "the gateway could not be reached"
_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """One gateway, at the one address that an administrator gave."""

    settings: ChannelSettings
    body: Body
    reading: Reading

    def send(self, outgoing: Outgoing) -> Answer:
        """Hand `outgoing` to the gateway and return what it answered."""
        if "template_id" in self.body.names() and not outgoing.template_id:
            return Rejected(reason="no template is registered for this text", permanent=True)
        with Deadline(self.settings.number("timeout")) as deadline:
            try:
                return self._asked(outgoing, deadline)
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
                return Failed(reason=_TOO_LATE if deadline.passed else _cause(error))

    def receipts(self) -> Iterable[Seen]:
        """Return nothing: a gateway's receipts come to the listener."""
        return ()

    def close(self) -> None:
        """Do nothing: each request has a connection of its own."""

    def _asked(self, outgoing: Outgoing, deadline: Deadline) -> Answer:
        with requests.Session() as session:
            session.trust_env = False  # neither proxies nor passwords out of the surroundings
            session.mount("http://", _GuardedAdapter(deadline))
            session.mount("https://", _GuardedAdapter(deadline))
            answer = session.send(
                session.prepare_request(self._request(outgoing)),
                timeout=self.settings.number("timeout"),
                verify=self.settings.text("ca_file") or True,
                allow_redirects=False,
                stream=True,
            )
            octets = _octets(answer)
            if deadline.passed:
                return Failed(reason=_TOO_LATE)
            return self.reading.read(answer.status_code, octets)

    def _request(self, outgoing: Outgoing) -> requests.Request:
        settings, octets = self.settings, self.body.octets(outgoing)
        headers = {name: str(value) for name, value in settings.table("headers").items()}
        headers |= {"Accept-Encoding": "identity", "User-Agent": "casewright"}
        if settings.text("key_header"):
            headers[settings.text("key_header")] = outgoing.key
        if key := settings.text("hmac_key"):
            digest = hmac.new(key.encode(), octets, hashlib.sha256).hexdigest()
            headers[settings.text("hmac_header")] = digest
        method, url = settings.text("method"), settings.text("url")
        if method == "GET":
            return requests.Request(method, url, headers=headers, params=octets)
        headers["Content-Type"] = _TYPES[settings.text("format")]
        return requests.Request(method, url, headers=headers, data=octets)


def _cause(error: Exception) -> str:
    unreached = isinstance(error, requests.ConnectionError)
    return _UNREACHED if unreached else type(error).__name__


def open_gateway(settings: ChannelSettings) -> Gateway:
    """Return the gateway that `settings` describe; raise `ConfigRefused` for what cannot be used."""
    body = Body(
        template=settings.table("body"),
        form=settings.text("format") == "form" or settings.text("method") == "GET",
        drop_prefix=settings.text("drop_prefix"),
        signature=settings.text("signature"),
    )
    _check_url(settings)
    _check_names(settings, body)
    reading = Reading(
        accepted_when=_rule(settings, "accepted_when"),
        later_when=_rule(settings, "later_when"),
        provider_id=settings.text("provider_id"),
        reason=settings.text("reason"),
    )
    return Gateway(settings=settings, body=body, reading=reading)


class _GuardedAdapter(HTTPAdapter):
    """Hands every socket that it opens to a deadline."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        super().__init__(max_retries=0)

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        super().init_poolmanager(*given, **named)
        self.poolmanager.pool_classes_by_scheme = _guarded_pools(self._deadline)


def _guarded_pools(deadline: Deadline) -> dict[str, type[urllib3.HTTPConnectionPool]]:
    class Plain(urllib3.connection.HTTPConnection):
        def _new_conn(self) -> Any:
            connection = super()._new_conn()
            deadline.guard(connection)
            return connection

    class Encrypted(urllib3.connection.HTTPSConnection):
        def _new_conn(self) -> Any:
            connection = super()._new_conn()
            deadline.guard(connection)
            return connection

    class PlainPool(urllib3.HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(urllib3.HTTPSConnectionPool):
        ConnectionCls = Encrypted

    return {"http": PlainPool, "https": EncryptedPool}


def _octets(answer: requests.Response) -> bytes:
    """Return the answer's body, and no more of it than any gateway needs."""
    octets: bytes = answer.raw.read(_LONGEST_ANSWER, decode_content=False)
    return octets


def _rule(settings: ChannelSettings, name: str) -> Rule | None:
    written = settings.text(name)
    rule = rule_from(written) if written else None
    if written and rule is None:
        reason = message("write '{name}' as 'code == 0' or 'code == 0, OK'", name=name)
        raise ConfigRefused(place=settings.place, reason=reason)
    return rule


def _check_url(settings: ChannelSettings) -> None:
    try:
        url = urlsplit(settings.text("url"))
        host = url.hostname or ""
    except ValueError:
        url, host = urlsplit(""), ""
    if url.scheme not in ("http", "https") or not host or url.username or url.fragment:
        reason = message(
            "write the 'url' as 'https://gateway.example/send', without a password"
        )
    elif url.scheme == "http" and not (
        settings.yes("allow_plaintext") or is_this_machine(host)
    ):
        reason = message(
            "messages would cross the network unencrypted; use https, or say 'allow_plaintext = true'"
        )
    else:
        return
    raise ConfigRefused(place=settings.place, reason=reason)


def _check_names(settings: ChannelSettings, body: Body) -> None:
    for name in sorted(body.names()):
        if name not in PLACEHOLDERS:
            template = "'body' names the unknown '{name}'{hint}"
            reason = message(template, name=name, hint=hint(name, PLACEHOLDERS))
            raise ConfigRefused(place=settings.place, reason=reason)
