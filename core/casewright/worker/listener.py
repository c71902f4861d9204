"""Where gateways post receipts and replies: authenticated, bounded, and passed on without being acted upon."""

import asyncio
import contextlib
import hashlib
import hmac
import os
import queue
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from casewright.delivery.channel import Seen
from casewright.delivery.gateway_reports import DRIVER, receipts_from, replies_from
from casewright.errors import CasewrightError, ConfigRefused, message
from casewright.secrets import resolve
from casewright.settings.channels import ChannelSettings
from casewright.settings.delivering import WorkerSettings
from casewright.worker.http_thread import HttpThread

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

LONGEST_BODY = 64_000
_SHORTEST_SECRET = 16
_BODY_WITHIN = 10.0
_SIGNATURE = "x-signature"
_Reader = Callable[[bytes, str, ChannelSettings], Sequence[Seen]]
_READERS: Mapping[str, _Reader] = {"receipts": receipts_from, "replies": replies_from}


class Listener:
    """`POST /receipts/{channel}` and `POST /replies/{channel}`, put on `sink` as they come.

    Whoever posts must know the worker's secret: as `Authorization: Bearer SECRET`, or as
    `X-Signature`, the HMAC-SHA256 of the body in hex.
    """

    def __init__(
        self,
        settings: WorkerSettings,
        channels: Mapping[str, ChannelSettings],
        sink: "queue.Queue[Seen]",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._settings, self._sink = settings, sink
        self._channels = {name: one for name, one in channels.items() if one.driver == DRIVER}
        known = os.environ if environment is None else environment
        self._secret = resolve(settings.secret, settings.place, known).encode()
        if len(self._secret) < _SHORTEST_SECRET:
            reason = message("'listen' needs a 'secret' of at least 16 characters")
            raise ConfigRefused(place=settings.place, reason=reason)
        self._thread = HttpThread(
            self._application(),
            host=settings.host,
            port=settings.port,
            place=settings.place,
            name="listener",
        )

    def start(self) -> int:
        """Listen from now on, in a thread of its own; return the port."""
        return self._thread.start()

    def stop(self) -> None:
        """Answer what is under way and listen no more."""
        self._thread.stop()

    def _application(self) -> "Starlette":
        from starlette.applications import Starlette
        from starlette.routing import Route

        paths = (f"/{kind}/{{channel}}" for kind in _READERS)
        return Starlette(routes=[Route(path, self._posted, methods=["POST"]) for path in paths])

    async def _posted(self, request: "Request") -> "Response":
        octets = await _body(request)
        if octets is None:
            return _answer(413, "the body is too long or came too slowly")
        if not self._knows_the_secret(request.headers, octets):
            return _answer(401, "the secret is missing or wrong")
        channel = self._channels.get(request.path_params["channel"])
        if channel is None:
            return _answer(404, "there is no such channel with receipts over HTTP")
        read = _READERS[request.url.path.split("/")[1]]
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            return self._passed_on(read(octets, kind, channel))
        except CasewrightError as refused:
            return _answer(400, str(refused))

    def _passed_on(self, seen: Sequence[Seen]) -> "Response":
        try:
            for one in seen:
                self._sink.put_nowait(one)
        except queue.Full:
            return _answer(503, "too much at once; post it again later")
        return _answer(202, f"taken: {len(seen)}")

    def _knows_the_secret(self, headers: Mapping[str, str], octets: bytes) -> bool:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return hmac.compare_digest(token.strip().encode(), self._secret)
        digest = hmac.new(self._secret, octets, hashlib.sha256).hexdigest()
        signature = headers.get(_SIGNATURE, "").strip().lower().removeprefix("sha256=")
        return hmac.compare_digest(signature.encode(), digest.encode())


async def _body(request: "Request") -> bytes | None:
    """Return the body; None for one that is longer, or takes longer, than any receipt."""
    octets = bytearray()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_BODY_WITHIN):
            async for chunk in request.stream():
                octets += chunk
                if len(octets) > LONGEST_BODY:
                    return None
            return bytes(octets)
    return None


def _answer(status: int, said: str) -> "Response":
    from starlette.responses import JSONResponse

    return JSONResponse({"message": said}, status_code=status)
