"""What one connection may send: a head and a body of some size, within some time.

uvicorn has no limit of its own for any of it. What is refused here has not become a request yet, or never will.
"""

import asyncio
from http import HTTPStatus
from typing import Any

import httptools
from starlette.requests import Request
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from casewright.errors import Message, ServerRefused, message
from casewright.server import limits
from casewright.server.callers import caller_at, state_of
from casewright.server.crowd import Crowd
from casewright.server.problems import problem, texts_of

_LOOKS = 4
"""How often a body is looked at in the time that it may pause."""


class _Refused(Exception):
    """Leaves the parser when what it was about to take is refused."""


class Connection(HttpToolsProtocol):
    """One connection: HTTP as uvicorn speaks it, within limits."""

    crowd: Crowd

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, unless there are too many."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._caller = caller_at(transport)
        self._in_head, self._begun, self._refused = True, False, False
        self._fault: ServerRefused | None = None
        self._head = self._unread = self._body = self._ended = 0
        self._timers: dict[str, asyncio.TimerHandle] = {}
        if not self.crowd.begin(self._caller):
            self._refuse(503, message("too many connections at once"), linger=0, wait_seconds=5)
            return
        self._within("head", limits.HEAD_WITHIN, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """End it, and all that waits for it."""
        for name in [*self._timers]:
            self._stop(name)
        self.crowd.end(self._caller)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        if self._refused or self.transport.is_closing():
            return
        self._unset_keepalive_if_required()
        self._unread += len(data) if self._in_head else 0
        ended = self._ended
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._refuse(501, message("this server speaks nothing but HTTP/1.1"))
        except httptools.HttpParserError:
            self._refuse_with(self._fault or _no_http())
        else:
            self._go_on(something_ended=self._ended > ended)

    def _go_on(self, *, something_ended: bool) -> None:
        """Set a time for what has begun and not ended; most requests come at once and need none."""
        if self._in_head and self._unread > 2 * limits.LONGEST_HEAD:
            self._refuse_with(_head_too_long())
        elif self._in_head and (self._begun or not something_ended):
            if "head" not in self._timers:
                self._within("head", limits.HEAD_WITHIN, self._head_is_late)
        elif not self._in_head and "body" not in self._timers:
            self._within("body", limits.BODY_WITHIN / _LOOKS, self._look_at_the_body)

    # What the parser tells.

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._head, self._in_head, self._begun = 0, True, True

    def on_url(self, url: bytes) -> None:
        """Take a part of the address."""
        if len(self.url) + len(url) > limits.LONGEST_ADDRESS:
            self._leave(414, message("the address is too long"))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field of the header; what comes behind the body is none."""
        if not self._in_head:
            return
        self._head += len(name) + len(value)
        if self._head > limits.LONGEST_HEAD or len(self.headers) >= limits.MOST_HEADERS:
            self._fault = _head_too_long()
            raise _Refused
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to answer."""
        self._stop("head")
        self._must_be_plain()
        self.scope["state"].update(state_of(self._caller))
        super().on_headers_complete()
        self._in_head, self._unread, self._body, self._seen = False, 0, 0, 0
        self._left, self._since = limits.BODY_WITHIN, self.loop.time()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body; of a request that was answered already it is let pass."""
        self._body += len(body)
        if self.cycle.response_complete and self._body > limits.MOST_IGNORED:
            self._close()
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        self._stop("body")
        super().on_message_complete()
        self._in_head, self._begun, self._unread = True, False, 0
        self._ended += 1

    # What the transport and the answer tell.

    def on_response_complete(self) -> None:
        """Go on, or see to it that a connection which is over closes, whether or not anybody reads."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._within("close", limits.READ_WITHIN, self.transport.abort)

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that is idle."""
        self._close()

    def pause_writing(self) -> None:
        """Wait for somebody who does not read, but not for ever."""
        super().pause_writing()
        self._within("read", limits.READ_WITHIN, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on writing."""
        self._stop("read")
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        self._refuse_with(_no_http())

    def _must_be_plain(self) -> None:
        """Leave the parser where proxies and servers are known to read a request differently."""
        version = self.parser.get_http_version()
        if version not in ("1.0", "1.1"):
            self._leave(505, message("this server speaks nothing but HTTP/1.1"))
        coded = [value.lower() for name, value in self.headers if name == b"transfer-encoding"]
        if coded and (coded != [b"chunked"] or version == "1.0"):
            self._leave(501, message("a body comes with its length, or in chunks"))
        if len(self.pipeline) >= limits.MOST_WAITING:
            self._leave(429, message("too many requests wait on this connection"))

    def _leave(self, status: int, reason: Message) -> None:
        self._fault = ServerRefused(status=status, reason=reason)
        raise _Refused

    def _head_is_late(self) -> None:
        self._refuse(408, message("the header of the request came too slowly"))

    def _look_at_the_body(self) -> None:
        """Refuse a body that comes too slowly, unless it is we who keep it waiting."""
        now = self.loop.time()
        if not self.flow.read_paused:
            self._left -= now - self._since
        self._left += (self._body - self._seen) / limits.SLOWEST_BODY
        self._left = min(self._left, limits.BODY_WITHIN)
        self._since, self._seen = now, self._body
        if self._left > 0:
            self._within("body", limits.BODY_WITHIN / _LOOKS, self._look_at_the_body)
        else:
            self._refuse(408, message("the body of the request came too slowly"))

    def _refuse(
        self,
        status: int,
        reason: Message,
        *,
        linger: float = limits.LINGER,
        wait_seconds: int = 0,
    ) -> None:
        error = ServerRefused(status=status, reason=reason, wait_seconds=wait_seconds)
        self._refuse_with(error, linger=linger)

    def _refuse_with(self, error: ServerRefused, *, linger: float = limits.LINGER) -> None:
        """Say why, where nothing else is being said, and close."""
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        under_way = None if self.cycle is None or self.cycle.response_complete else self.cycle
        if under_way is not None and not under_way.more_body:
            # A request before this one has come whole: it gets its answer, and nothing after it.
            self.pipeline.clear()
            under_way.keep_alive = False
            return
        if under_way is None or not under_way.response_started:
            self.transport.write(self._said(error))
        if under_way is not None:
            under_way.disconnected = True
            under_way.message_event.set()
        if linger and self.transport.can_write_eof():
            self.transport.write_eof()
        self._within("linger", linger, self._close)

    def _said(self, error: ServerRefused) -> bytes:
        scope = self.scope or {"headers": []}
        request = Request({"type": "http", "headers": scope["headers"]})
        response = problem(error, texts_of(request))
        phrase = HTTPStatus(error.status).phrase
        head = [f"HTTP/1.1 {error.status} {phrase}".encode()]
        head += [name + b": " + value for name, value in response.raw_headers]
        head += [b"connection: close", b"", b""]
        return b"\r\n".join(head) + bytes(response.body)

    def _close(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
        self._within("close", limits.READ_WITHIN, self.transport.abort)

    def _within(self, name: str, seconds: float, then: Any) -> None:
        self._stop(name)
        self._timers[name] = self.loop.call_later(seconds, then)

    def _stop(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()


def connection_in(crowd: Crowd) -> type[Connection]:
    """Return the protocol that uvicorn makes one of for each connection."""
    return type("Connection", (Connection,), {"crowd": crowd})


def _no_http() -> ServerRefused:
    return ServerRefused(status=400, reason=message("this is no request of HTTP/1.1"))


def _head_too_long() -> ServerRefused:
    template = "the header is larger than {bytes} bytes, or has more than {fields} fields"
    reason = message(template, bytes=limits.LONGEST_HEAD, fields=limits.MOST_HEADERS)
    return ServerRefused(status=431, reason=reason)
