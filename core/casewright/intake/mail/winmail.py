"""`winmail.dat`: the files that Outlook packs into one of its own, as far as they can be unpacked."""

import struct
from collections.abc import Iterator

from casewright.intake.mail.charsets import decoded

_SIGNATURE = 0x223E9F78
_RENDERING, _TITLE, _DATA = 0x9002, 0x8010, 0x800F
_HEAD = struct.Struct("<BII")
MOST = 100


def files_in(octets: bytes) -> tuple[tuple[str, bytes], ...]:
    """Return name and content of each file in it; none where it is no such thing, or broken before the first."""
    found: list[tuple[str, bytes]] = []
    name, content = "", b""
    for attribute, data in _attributes(octets):
        if attribute == _RENDERING:
            found += [(name, content)] if content else []
            name, content = "", b""
        elif attribute == _TITLE:
            name = decoded(data.rstrip(b"\0"))[0]
        elif attribute == _DATA:
            content = data
    found += [(name, content)] if content else []
    return tuple(found[:MOST])


def _attributes(octets: bytes) -> Iterator[tuple[int, bytes]]:
    if len(octets) < 6 or struct.unpack_from("<I", octets)[0] != _SIGNATURE:
        return
    place = 6
    while place + _HEAD.size + 2 <= len(octets):
        _, attribute, length = _HEAD.unpack_from(octets, place)
        start = place + _HEAD.size
        if start + length + 2 > len(octets):
            return
        yield attribute & 0xFFFF, octets[start : start + length]
        place = start + length + 2
