"""The bytes of a log, expanded if gzipped: regular files only, never beyond the limits."""

import gzip
import io
import os
import stat
import zlib
from pathlib import Path

from casewright.errors import FileUnreadable, message
from casewright.exchange.log_model import Limits, refusal

_GZIP = b"\x1f\x8b"
_OTHER_PACKINGS = {
    b"PK\x03\x04": "zip",
    b"BZh91AY": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    _GZIP: "gzip",
}
_BUFFER = 64 * 1024


def open_log(path: Path, limits: Limits) -> io.BufferedReader:
    """Return the log's expanded bytes as a buffered stream; reading on raises `LogRefused`."""
    file = str(path)
    packed = _open_regular(path)
    try:
        gzipped = packed.peek(2).startswith(_GZIP)
        source: io.BufferedReader = io.BufferedReader(
            _Expanded(packed, file, limits, gzipped=gzipped), _BUFFER
        )
        refuse_other_packing(source.peek(8), file)
    except BaseException:
        packed.close()
        raise
    return source


def looks_like_xml(source: io.BufferedReader) -> bool:
    """Return whether the first visible character is `<`; nothing is consumed."""
    start = source.peek(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith((b"<", b"\xff\xfe<", b"\xfe\xff\x00<"))


def refuse_other_packing(start: bytes, file: str) -> None:
    """Refuse archives and doubly packed files by their first bytes."""
    for magic, packing in _OTHER_PACKINGS.items():
        if start.startswith(magic):
            raise refusal(
                file,
                0,
                "the log is packed with {packing}; unpack it or use gzip once",
                packing=packing,
            )


def refuse_irregular(mode: int, file: str) -> None:
    """Refuse what is no plain file: pipes, devices and folders could block or never end."""
    if not stat.S_ISREG(mode):
        raise refusal(file, 0, "this is not a regular file")


def refuse_size(expanded: int, file: str, limits: Limits) -> None:
    """Refuse a log that is larger than the limit once expanded."""
    if expanded > limits.expanded:
        raise refusal(
            file, 0, "the log is larger than {limit} bytes once expanded", limit=limits.expanded
        )


def refuse_ratio(expanded: int, packed: int, file: str, limits: Limits) -> None:
    """Refuse a gzip bomb: a log that expands far beyond what real logs do."""
    if expanded > limits.ratio_from and expanded > limits.ratio * packed:
        raise refusal(
            file,
            0,
            "the log expands more than {ratio} times; real logs do not",
            ratio=limits.ratio,
        )


class _Expanded(io.RawIOBase):
    """Expands while counting, so that no limit is passed by more than one buffer."""

    def __init__(
        self, packed: io.BufferedReader, file: str, limits: Limits, *, gzipped: bool
    ) -> None:
        self._packed, self._file, self._limits, self._gzipped = packed, file, limits, gzipped
        self._source: io.BufferedReader | gzip.GzipFile
        self._source = gzip.GzipFile(fileobj=packed, mode="rb") if gzipped else packed
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        try:
            data = self._source.read(len(buffer))
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise refusal(
                self._file,
                0,
                "the gzip file is damaged or cut short: {detail}",
                detail=str(error),
            ) from error
        except OSError as error:
            raise _unreadable(self._file, error) from error
        self._count += len(data)
        refuse_size(self._count, self._file, self._limits)
        if self._gzipped:
            refuse_ratio(self._count, self._packed.tell(), self._file, self._limits)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._source.close()
            self._packed.close()
        super().close()


def _open_regular(path: Path) -> io.BufferedReader:
    # Without O_NONBLOCK, opening a named pipe waits for a writer that may never come.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)
    except (OSError, ValueError) as error:
        raise _unreadable(str(path), error) from error
    try:
        refuse_irregular(os.fstat(handle).st_mode, str(path))
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def _unreadable(file: str, error: OSError | ValueError) -> FileUnreadable:
    detail = error.strerror if isinstance(error, OSError) else None
    reason = message("it cannot be read ({detail})", detail=detail or str(error))
    return FileUnreadable(file=file, reason=reason)
