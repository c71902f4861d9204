"""What a browser posts with a form: its texts, and its files, which wait on disk. The one door to python-multipart."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import field
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING
from urllib.parse import parse_qsl

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.requests import Request

from casewright.errors import ServerRefused, message
from casewright.swift_dataclass import dataclass

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MOST_PARTS = 600
LONGEST_TEXT = 200_000
LONGEST_PAIRS = 2_000_000
"""Bytes of a form without files, which is read at once: so long that nobody notices."""
_IN_MEMORY = 256 * 1024


@dataclass(slots=True)
class SentFile:
    """A file as it was sent: what it was called, how long it is, and its content; `size` goes on counting past the limit."""

    filename: str
    content: IO[bytes]
    size: int = 0


@dataclass(slots=True)
class Sent:
    """Texts and files by the names of their controls, in the order in which they came."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    files: list[SentFile] = field(default_factory=list)

    def first(self, name: str) -> str:
        """Return the first text of a name, "" where there is none."""
        return next(iter(self.texts.get(name, ())), "")


@asynccontextmanager
async def sent_with(
    request: Request, *, largest_file: int, most_files: int
) -> AsyncIterator[Sent]:
    """Yield what was posted; files beyond the limits are passed over but counted. ServerRefused for what is no form."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind == b"application/x-www-form-urlencoded":
        yield _of_pairs(await _whole(request))
        return
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise ServerRefused(status=415, reason=message("a form is sent here"))
    reading = _Parts(largest_file, most_files)
    try:
        try:
            parser = MultipartParser(options[b"boundary"], reading.callbacks)
            async for chunk in request.stream():
                parser.write(chunk)
            parser.finalize()
        except FormParserError:
            raise _no_form() from None
        yield reading.sent
    finally:
        for one in reading.sent.files:
            one.content.close()


async def _whole(request: Request) -> bytes:
    octets = bytearray()
    async for chunk in request.stream():
        octets += chunk
        if len(octets) > LONGEST_PAIRS:
            reason = message("what is sent here is {bytes} bytes at most", bytes=LONGEST_PAIRS)
            raise ServerRefused(status=413, reason=reason)
    return bytes(octets)


def _of_pairs(body: bytes) -> Sent:
    sent = Sent()
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            max_num_fields=MOST_PARTS,
            errors="replace",
        )
    except ValueError:
        raise _no_form() from None
    for name, value in pairs:
        sent.texts.setdefault(name, []).append(value)
    return sent


def _no_form() -> ServerRefused:
    return ServerRefused(status=400, reason=message("what was sent is no whole form"))


class _Parts:
    """Takes the parts of a form as they come."""

    def __init__(self, largest_file: int, most_files: int) -> None:
        self.sent = Sent()
        self._largest, self._most = largest_file, most_files
        self._parts = 0
        self._headers: dict[str, str] = {}
        self._name, self._header, self._value = "", b"", b""
        self._text = bytearray()
        self._file: SentFile | None = None
        self.callbacks: MultipartCallbacks = {
            "on_part_begin": self._begin,
            "on_header_field": self._on_header,
            "on_header_value": self._on_value,
            "on_header_end": self._on_header_end,
            "on_headers_finished": self._on_headers,
            "on_part_data": self._on_data,
            "on_part_end": self._end,
        }

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise _no_form()
        self._headers, self._text, self._file = {}, bytearray(), None

    def _on_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        self._headers[self._header.decode("latin-1").lower()] = self._value.decode(
            "utf-8", "replace"
        )
        self._header = self._value = b""

    def _on_headers(self) -> None:
        said = self._headers.get("content-disposition", "").encode()
        _, options = parse_options_header(said)
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        filename = options.get(b"filename")
        if filename is not None:
            content = SpooledTemporaryFile(max_size=_IN_MEMORY)
            self._file = SentFile(filename.decode("utf-8", "replace"), content)

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._file is None:
            self._text += data[start:end]
            if len(self._text) > LONGEST_TEXT:
                raise _no_form()
            return
        self._file.size += end - start
        if self._file.size <= self._largest and len(self.sent.files) < self._most:
            self._file.content.write(data[start:end])

    def _end(self) -> None:
        if self._file is None:
            text = self._text.decode("utf-8", "replace")
            self.sent.texts.setdefault(self._name, []).append(text)
        elif self._file.filename or self._file.size:
            self.sent.files.append(self._file)
        else:
            self._file.content.close()
