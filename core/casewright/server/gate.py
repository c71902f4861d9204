"""Before the application: what every request must satisfy, and what every answer says to browsers."""

import math
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casewright.errors import CasewrightError, ServerRefused, message
from casewright.server.body_sizes import BodySizes
from casewright.server.callers import (
    CALLER,
    NOBODY_KNOWN,
    Caller,
    behind_the_proxy,
    group_of,
    is_the_proxy,
    state_of,
)
from casewright.server.origins import must_be_ours
from casewright.server.problems import problem, texts_of
from casewright.server.rates import Rates
from casewright.settings.server import ServerSettings

_LONGEST_PATH = 2_000
_SECONDS_AT_ONCE = 4
"""For so long somebody may ask without a pause before their rate counts."""
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (
        b"content-security-policy",
        b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (b"cache-control", b"no-store"),
)
"""What an answer says to browsers unless it says something else itself: nothing of it is run, framed, guessed or kept."""


_STAY_ENCRYPTED = (b"strict-transport-security", b"max-age=31536000")


class Gate:
    """Lets a request in to the application, or refuses it."""

    def __init__(self, application: ASGIApp, settings: ServerSettings) -> None:
        self._application, self._settings = application, settings
        self._bodies = BodySizes()
        rate = settings.requests_a_second
        # An address is that of a whole office as often as that of one person.
        self._rates = Rates(a_second=4 * rate, at_once=4 * rate * _SECONDS_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        found = scope.setdefault("state", {}).get(CALLER, NOBODY_KNOWN)
        caller = behind_the_proxy(found, headers, self._settings)
        scope["state"].update(state_of(caller))
        send = _with_headers(send, encrypted=caller.encrypted)
        try:
            self._must_be_let_in(scope, headers, found, caller)
            bodies, sender = self._bodies, group_of(caller)
            with bodies.of(scope["path"], headers, receive, sender=sender) as bounded:
                await self._application(scope, bounded, send)
        except ClientDisconnect:
            return  # Whoever asked is gone, or was told by the connection itself.
        except CasewrightError as refused:
            await problem(refused, texts_of(Request(scope)))(scope, receive, send)

    def _must_be_let_in(
        self, scope: Scope, headers: Headers, connected: Caller, caller: Caller
    ) -> None:
        if not connected.is_local:
            self._must_be_the_proxy(connected)
        must_be_ours(headers, caller, self._settings)
        self._must_be_sound(scope, headers)
        if not caller.is_ours:
            wait = self._rates.take(group_of(caller))
            if wait:
                raise too_many(wait)

    def _must_be_the_proxy(self, connected: Caller) -> None:
        if self._settings.behind_proxy and not is_the_proxy(connected, self._settings):
            reason = message("this server is asked through the proxy before it")
            raise ServerRefused(status=403, reason=reason)

    def _must_be_sound(self, scope: Scope, headers: Headers) -> None:
        path: str = scope["path"]
        if len(path) > _LONGEST_PATH or not path.isprintable():
            raise ServerRefused(
                status=400, reason=message("the path is no path of this server")
            )
        coding = headers.get("content-encoding", "identity").lower()
        if coding not in ("identity", ""):
            reason = message("bodies are taken as they are, not compressed")
            raise ServerRefused(status=415, reason=reason)


def too_many(wait: float) -> ServerRefused:
    """Return the refusal of somebody who asks too often."""
    seconds = max(1, math.ceil(wait))
    reason = message("too many requests; come again in {seconds} s", seconds=seconds)
    return ServerRefused(status=429, reason=reason, wait_seconds=seconds)


def _with_headers(send: Send, *, encrypted: bool) -> Send:
    async def sending(said: Message) -> None:
        if said["type"] == "http.response.start":
            _add(said, encrypted=encrypted)
        await send(said)

    return sending


def _add(said: MutableMapping[str, Any], *, encrypted: bool) -> None:
    sent = list(said.get("headers", ()))
    named = {name.lower() for name, _ in sent}
    wanted = (*_ALWAYS, _STAY_ENCRYPTED) if encrypted else _ALWAYS
    said["headers"] = [*sent, *(one for one in wanted if one[0] not in named)]
