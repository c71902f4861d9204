"""What messages look like in SMPP: the fields of those that go out, the meaning of those that come in."""

from collections.abc import Iterator
from dataclasses import field
from typing import Any
from zlib import crc32

from casewright.delivery.channel import ReceiptSeen, ReplySeen, Seen
from casewright.delivery.receipts import SMPP_STATES, SMPP_WORDS, receipt_text
from casewright.delivery.sms_text import (
    MOST_PARTS,
    Alphabet,
    alphabet_of,
    decoded_gsm7,
    encoded,
    split,
)
from casewright.swift_dataclass import dataclass

_CODINGS: dict[Alphabet, int] = {"gsm7": 0, "ucs2": 8}
_HEADER_FLAG = 0x40
_KIND = 0x3C
_RECEIPT = 0x04
_MOST_UNFINISHED = 100


def submissions(
    text: str, *, address: str, sender: str, ucs2: bool, key: str
) -> Iterator[dict[str, object]]:
    """Yield the fields of one `submit_sm` for each part of `text`.

    The parts are joined by a reference made from `key`, so that a second attempt is the same message.
    """
    alphabet: Alphabet = "ucs2" if ucs2 else alphabet_of(text)
    parts = split(text, alphabet)[:MOST_PARTS]
    for number, part in enumerate(parts, 1):
        header = bytes((5, 0, 3, crc32(key.encode()) & 0xFF, len(parts), number))
        joined = len(parts) > 1
        yield {
            **_source(sender),
            "dest_addr_ton": 1,
            "dest_addr_npi": 1,
            "destination_addr": address.removeprefix("+"),
            "esm_class": _HEADER_FLAG if joined else 0,
            "registered_delivery": 1,
            "data_coding": _CODINGS[alphabet],
            "short_message": (header if joined else b"") + encoded(part, alphabet),
        }


def canonical_id(written: str, form: str) -> str:
    """Return a message id as it is kept: `form` is same, hex or decimal; a number becomes decimal."""
    if form == "same":
        return written
    try:
        return str(int(written, 16 if form == "hex" else 10))
    except ValueError:
        return written


@dataclass(slots=True, kw_only=True)
class Incoming:
    """Reads what one message centre delivers, and puts the parts of long messages together."""

    channel: str
    receipt_ids: str
    reply_prefix: str
    _unfinished: dict[tuple[str, int, int], dict[int, str]] = field(default_factory=dict)

    def read(self, pdu: Any) -> Seen | None:
        """Return what `pdu` tells; None when it tells nothing yet."""
        named = _text(getattr(pdu, "receipted_message_id", None))
        kind = (pdu.esm_class or 0) & _KIND
        if kind == _RECEIPT or (named and kind == 0):
            return self._receipt(pdu, named)
        return self._reply(pdu) if kind == 0 else None

    def _receipt(self, pdu: Any, named: str) -> ReceiptSeen | None:
        told = receipt_text(_octets(pdu).decode("latin-1"))
        word = told.state or SMPP_STATES.get(pdu.message_state or 0, "")
        if not (named or told.id) or word not in SMPP_WORDS:
            return None
        return ReceiptSeen(
            channel=self.channel,
            provider_id=canonical_id(named or told.id, self.receipt_ids),
            state=SMPP_WORDS[word],
            detail=f"{word} {told.error}".strip(),
        )

    def _reply(self, pdu: Any) -> ReplySeen | None:
        sender = _text(pdu.source_addr)
        octets, part = _without_header(_octets(pdu), bool((pdu.esm_class or 0) & _HEADER_FLAG))
        text = _decoded(octets, pdu.data_coding or 0)
        whole = text if part is None else self._joined(sender, part, text)
        if whole is None:
            return None
        prefixed = sender if sender.startswith("+") else f"{self.reply_prefix}{sender}"
        return ReplySeen(channel=self.channel, sender=prefixed, text=whole)

    def _joined(self, sender: str, part: tuple[int, int, int], text: str) -> str | None:
        reference, total, number = part
        key = (sender, reference, total)
        parts = self._unfinished.setdefault(key, {})
        parts[number] = text
        if len(self._unfinished) > _MOST_UNFINISHED:
            del self._unfinished[next(iter(self._unfinished))]
        if len(parts) < total:
            return None
        del self._unfinished[key]
        return "".join(parts[number] for number in sorted(parts))


def _source(sender: str) -> dict[str, object]:
    """Return the source address: international with `+`, a name with letters, else as it is."""
    if sender.startswith("+"):
        return {"source_addr_ton": 1, "source_addr_npi": 1, "source_addr": sender[1:]}
    ton = 0 if sender.isdecimal() or not sender else 5
    return {"source_addr_ton": ton, "source_addr_npi": 0, "source_addr": sender}


def _without_header(octets: bytes, headed: bool) -> tuple[bytes, tuple[int, int, int] | None]:
    """Return the text's octets, and (reference, total, number) if it is one part of several."""
    if not headed or not octets:
        return octets, None
    header, rest = octets[1 : 1 + octets[0]], octets[1 + octets[0] :]
    if header[:2] == b"\x00\x03" and len(header) >= 5:
        return rest, (header[2], header[3], header[4])
    if header[:2] == b"\x08\x04" and len(header) >= 6:
        return rest, (int.from_bytes(header[2:4]), header[4], header[5])
    return rest, None


def _decoded(octets: bytes, coding: int) -> str:
    if coding == _CODINGS["ucs2"]:
        return octets.decode("utf-16-be", errors="replace")
    return decoded_gsm7(octets) if coding == 0 else octets.decode("latin-1")


def _octets(pdu: Any) -> bytes:
    return pdu.short_message or getattr(pdu, "message_payload", None) or b""


def _text(octets: bytes | None) -> str:
    return (octets or b"").decode("latin-1").strip("\0 ")
