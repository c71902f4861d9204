"""`GET /v1/changes`: what has changed since a number, as a page that waits for something, or as a stream of events."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from casewright.answers import Change, ChangePage
from casewright.desk.door import Door
from casewright.errors import CasewrightError, WireRefused, message
from casewright.queries import LARGEST_PAGE
from casewright.server.answering import answered
from casewright.server.credentials import Credentials
from casewright.server.feed import Feed
from casewright.server.languages import texts_of
from casewright.server.problems import problem
from casewright.wire.codec import written

LONGEST_WAIT = 60.0
HEARTBEAT = 15.0
"""Seconds of silence after which a stream says that it is still there; then who asks is looked at again, too."""
_STREAM = "text/event-stream"
_RECONNECT_AFTER = 1000


class ChangesApi:
    """Lets people follow what changes; each time they are told something, what they may see is asked anew."""

    def __init__(self, feed: Feed, credentials: Credentials) -> None:
        self._feed, self._credentials = feed, credentials

    def routes(self) -> Sequence[BaseRoute]:
        """Return the one path."""
        return (Route("/v1/changes", self._changes, methods=["GET"]),)

    async def _changes(self, request: Request) -> Response:
        door = await self._credentials.door_of(request)
        since = _whole(
            request.headers.get("last-event-id") or _asked(request, "since"), "since"
        )
        if _STREAM in request.headers.get("accept", ""):
            with self._feed.following(door):
                await self._feed.next_page(door, since, wait=0, limit=1)
            return StreamingResponse(
                self._stream(request, door, since),
                media_type=_STREAM,
                headers={"Cache-Control": "no-store"},
            )
        wait, limit = _seconds(request), _whole(_asked(request, "limit"), "limit")
        with self._feed.following(door):
            page = await _unless_gone(
                request,
                self._feed.next_page(
                    door,
                    since,
                    wait=wait,
                    limit=limit or LARGEST_PAGE,
                    still_in=partial(self._credentials.still_in, request),
                ),
            )
        if page is None:
            return Response(status_code=499)
        return await answered(request, page, ChangePage)

    async def _stream(
        self, request: Request, door: Door, since: int | None
    ) -> AsyncIterator[bytes]:
        """Yield events for as long as the client listens and may know of them."""
        yield f"retry: {_RECONNECT_AFTER}\n\n".encode()
        try:
            with self._feed.following(door):
                async for event in self._events(request, since):
                    yield event
        except CasewrightError as refusal:
            told = bytes(problem(refusal, texts_of(request)).body).decode()
            yield f"event: refused\ndata: {told}\n\n".encode()

    async def _events(self, request: Request, since: int | None) -> AsyncIterator[bytes]:
        while not self._feed.stopping:
            door = await self._credentials.door_of(request)
            page = await self._feed.next_page(
                door,
                since,
                wait=HEARTBEAT,
                limit=LARGEST_PAGE,
                still_in=partial(self._credentials.still_in, request),
            )
            if since is None or page.until < since:
                yield _event("begin", page.until, written(page, ChangePage))
            for one in page.changes:
                yield _event("change", one.number, written(one, Change))
            since = page.until
            if not page.changes:
                yield f"id: {since}\n: alive\n\n".encode()


def _event(name: str, number: int, data: Any) -> bytes:
    said = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"id: {number}\nevent: {name}\ndata: {said}\n\n".encode()


async def _unless_gone(request: Request, asking: Any) -> Any:
    """Return what is asked, or None once nobody waits for it any more."""
    task, gone = asyncio.ensure_future(asking), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait((task, gone), return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        task.cancel()
        gone.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _asked(request: Request, name: str) -> str:
    return request.query_params.get(name, "")


def _whole(said: str, name: str) -> int | None:
    if not said:
        return None
    if said.isascii() and said.isdecimal() and len(said) <= 18:
        return int(said)
    raise WireRefused(at=name, reason=message("this is no whole number from 0 on"))


def _seconds(request: Request) -> float:
    said = _asked(request, "wait") or "0"
    try:
        seconds = float(said)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= LONGEST_WAIT:
        reason = message("wait from 0 to {most} seconds", most=int(LONGEST_WAIT))
        raise WireRefused(at="wait", reason=reason)
    return seconds
