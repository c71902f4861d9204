"""The orjson door: JSON text as it is stored and hashed, compact and exact."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import orjson

Unencodable = TypeError
"""What `encode` and `canonical` raise for what JSON cannot hold: half characters, numbers beyond 64 bits."""


def encode(value: Any) -> str:
    """Return compact JSON text; mappings of any kind and tuples are as dicts and lists."""
    return orjson.dumps(value, default=_plain).decode()


def canonical(value: Any, default: Callable[[Any], Any] | None = None) -> bytes:
    """Return the bytes that are hashed: compact, keys in order; `default` makes other values plain."""
    return orjson.dumps(value, default=default or _plain, option=orjson.OPT_SORT_KEYS)


decode: Callable[[str | bytes], Any] = orjson.loads
"""Returns the value of JSON text that was stored; ValueError when it is none."""
encoded: Callable[[Any], bytes] = orjson.dumps
"""`encode` for what was read from JSON, as bytes and without a detour: histories are verified with it."""
ordered: Callable[[Any], bytes] = partial(orjson.dumps, option=orjson.OPT_SORT_KEYS)
"""`canonical` for what was read from JSON."""


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)
