"""What was posted, as JSON: taken only where it says so, and read with the limits of every JSON that comes in."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request

from casewright import strict_json
from casewright.server.limits import largest_body

JSON = "application/json"
_KEY = "idempotency-key"
_SHORT, _LONG = 32_000, 4_000_000
"""Bytes that are read in the loop, and bytes that are read beside it without waiting for those that are longer."""
_READING = ThreadPoolExecutor(2, thread_name_prefix="reading")
_READING_MUCH = ThreadPoolExecutor(1, thread_name_prefix="reading much")
_Made = TypeVar("_Made")


async def json_of(request: Request) -> object:
    """Return the value that was posted; JsonRefused, and 415 where it is said to be anything else but JSON."""
    return await made_of(request, lambda data: data)


async def made_of(request: Request, make: Callable[[object], _Made]) -> _Made:
    """Return what `make` makes of the value that was posted, as `json_of` reads it; what is long holds nobody up."""
    kind = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if kind != JSON:
        raise HTTPException(415)
    most, octets = largest_body(request.url.path), await request.body()

    def made() -> _Made:
        return make(strict_json.loads(octets, file="body", limit=most))

    if len(octets) <= _SHORT:
        return made()
    threads = _READING if len(octets) <= _LONG else _READING_MUCH
    return await asyncio.get_running_loop().run_in_executor(threads, made)


def idempotency_key(request: Request) -> str:
    """Return the id that the caller gave the command in `Idempotency-Key`, in quotation marks or without; "" for none."""
    written = request.headers.get(_KEY, "").strip()
    quoted = len(written) > 1 and written[0] == written[-1] == '"'
    return written[1:-1] if quoted else written
