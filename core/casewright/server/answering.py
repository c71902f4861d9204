"""An answer as a response: JSON by the type it has, its sentences in the reader's language, and a tag for who has it already."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from casewright.model import Receipt
from casewright.server.languages import texts_of
from casewright.server.posted import JSON
from casewright.wire.codec import written

_PRIVATE = {"Cache-Control": "private, no-cache", "Vary": "Accept-Language"}
"""What was answered to one person may be kept by nobody else, and by them only to ask whether it still holds."""


async def answered(request: Request, value: Any, kind: Any) -> Response:
    """Return the response to somebody who is answered `value`, which is of the type `kind`."""
    # A receipt is written sooner than it is handed to another thread.
    at_once = kind is Receipt
    given = (value, kind, request)
    octets = _octets(*given) if at_once else await run_in_threadpool(_octets, *given)
    return Response(octets, media_type=JSON, headers={"Cache-Control": "no-store"})


async def looked_up(
    request: Request, value: Any, kind: Any, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the response to somebody who looked `value` up; 304 with nothing in it where they have it as it is."""
    octets = await run_in_threadpool(_octets, value, kind, request)
    tag = f'"{hashlib.sha256(octets).hexdigest()[:32]}"'
    sent = {**_PRIVATE, "ETag": tag, **(headers or {})}
    if tag in _tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=sent)
    return Response(octets, media_type=JSON, headers=sent)


def _octets(value: Any, kind: Any, request: Request) -> bytes:
    data = written(value, kind, say=texts_of(request).render)
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _tags(header: str) -> list[str]:
    return [one.strip().removeprefix("W/") for one in header.split(",")]
