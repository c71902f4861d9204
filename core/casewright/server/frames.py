"""What the processes of one server say to each other: values behind their length, over a socket that only its own user can open.

Values are pickled, which whoever can write to the socket could use to run anything: each end takes only its own user's, by the
kernel's word, who could do so anyway.
"""

import pickle
from collections.abc import Iterator
from struct import Struct
from typing import Any

_LENGTH = Struct(">I")


def framed(value: object) -> bytes:
    """Return the octets of a value."""
    octets = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(octets)) + octets


class Frames:
    """Octets as they come, taken apart into values."""

    def __init__(self) -> None:
        self._octets = bytearray()

    def take(self, octets: bytes) -> Iterator[Any]:
        """Yield the values that are whole now."""
        self._octets += octets
        while len(self._octets) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._octets)
            end = _LENGTH.size + length
            if len(self._octets) < end:
                return
            value = pickle.loads(bytes(self._octets[_LENGTH.size : end]))
            del self._octets[:end]
            yield value
