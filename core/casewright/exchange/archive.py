"""The archive of a backup: plain files in one uncompressed tar file that ends with a seal over all of it.

The seal is the SHA-256 of every byte before it, so that whatever was changed or cut off is found before anything is read.
"""

import hashlib
import io
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NoReturn

from casewright.errors import BackupRefused, Message, message
from casewright.swift_dataclass import dataclass

SEAL = "seal"
_AT_ONCE = 1024 * 1024
_END = 20 * 512 * 2
"""Bytes that may follow the seal: the zeros that every tar file ends with."""
_PLAIN_WORDS = {"path", "size"}
"""What a file too long in name or size may say of itself beside its header."""
_NOT_WHOLE = message("it is damaged or cut short; take another backup")

Told = Callable[[int], None]
"""Is told how many bytes more are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A file as it was put into an archive."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file in an archive: where its content begins, and how long it is."""

    offset: int
    bytes: int


class ArchiveWriter:
    """Writes an archive; nothing of it holds before it is sealed."""

    def __init__(self, target: BinaryIO, *, at: float, told: Told) -> None:
        self._hashing = _Hashing(target)
        self._tar = tarfile.open(fileobj=self._hashing, mode="w", format=tarfile.PAX_FORMAT)
        self._at, self._told = at, told

    def add(self, name: str, source: BinaryIO, size: int) -> Packed:
        """Put `size` bytes of a file in; return what was put in. OSError where the file has less."""
        reading = _Reading(source, self._told)
        header = tarfile.TarInfo(name)
        header.size, header.mtime, header.mode = size, int(self._at), 0o600
        self._tar.addfile(header, reading)
        return Packed(bytes=size, sha256=reading.sha256)

    def add_bytes(self, name: str, content: bytes) -> Packed:
        """Put a short file in."""
        return self.add(name, io.BytesIO(content), len(content))

    def seal(self) -> None:
        """End the archive."""
        self.add_bytes(SEAL, self._hashing.sha256.encode())
        self._tar.close()


class Archive:
    """An archive that was found whole; its files can be read."""

    def __init__(self, source: BinaryIO, files: Mapping[str, Found]) -> None:
        self._source, self.files = source, files

    def read(self, name: str, *, limit: int) -> bytes:
        """Return the content of a file; ValueError where it is longer than `limit`."""
        found = self.files[name]
        if found.bytes > limit:
            raise ValueError(name)
        self._source.seek(found.offset)
        return self._source.read(found.bytes)

    def extract(self, name: str, target: Path, *, told: Told = lambda count: None) -> str:
        """Write a file to a place that is free; return its SHA-256."""
        found = self.files[name]
        self._source.seek(found.offset)
        digest = hashlib.sha256()
        with target.open("xb") as written:
            target.chmod(0o600)
            for piece in _pieces(self._source, found.bytes):
                digest.update(piece)
                written.write(piece)
                told(len(piece))
        return digest.hexdigest()


@contextmanager
def open_archive(
    path: Path, *, allowed: Callable[[str], bool], told: Told = lambda count: None
) -> Iterator[Archive]:
    """Yield the archive of a file; BackupRefused where it is no archive, is not whole, or has what none of ours has."""
    try:
        source = path.open("rb")
    except OSError as error:
        reason = message("it cannot be read ({problem})", problem=error.strerror or "")
        raise BackupRefused(file=str(path), reason=reason) from None
    with source:
        try:
            files = _files(path, source, allowed)
            _must_be_sealed(path, source, files.pop(SEAL), told)
        except (tarfile.TarError, OSError, ValueError, EOFError, OverflowError):
            _refuse(path, _NOT_WHOLE)
        yield Archive(source, files)


def _files(path: Path, source: BinaryIO, allowed: Callable[[str], bool]) -> dict[str, Found]:
    """Return the files by name, the seal last."""
    found: dict[str, Found] = {}
    size = source.seek(0, io.SEEK_END)
    source.seek(0)
    with tarfile.open(fileobj=source, mode="r:") as tar:
        for one in tar:
            if SEAL in found:
                _refuse(path, message("something follows its seal"))
            if one.name in found:
                _refuse(path, message("'{name}' is in it twice", name=one.name))
            plain = one.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not one.sparse
            if not plain or not set(one.pax_headers) <= _PLAIN_WORDS:
                _refuse(path, message("'{name}' is no plain file", name=one.name))
            if one.name != SEAL and not allowed(one.name):
                _refuse(path, message("'{name}' does not belong into a backup", name=one.name))
            if not 0 <= one.offset_data + one.size <= size:
                _refuse(path, _NOT_WHOLE)
            found[one.name] = Found(offset=one.offset_data, bytes=one.size)
    if SEAL not in found:
        _refuse(path, _NOT_WHOLE)
    return found


def _must_be_sealed(path: Path, source: BinaryIO, seal: Found, told: Told) -> None:
    source.seek(0)
    digest = hashlib.sha256()
    for piece in _pieces(source, seal.offset - tarfile.BLOCKSIZE):
        digest.update(piece)
        told(len(piece))
    source.seek(seal.offset)
    rest = source.read(_END + tarfile.BLOCKSIZE + 1)
    written, end = rest[: seal.bytes], rest[seal.bytes :]
    if written != digest.hexdigest().encode() or len(end) > _END or any(end):
        _refuse(path, _NOT_WHOLE)


def _pieces(source: BinaryIO, size: int) -> Iterator[bytes]:
    while size:
        piece = source.read(min(size, _AT_ONCE))
        if not piece:
            raise EOFError
        size -= len(piece)
        yield piece


def _refuse(path: Path, reason: Message) -> NoReturn:
    raise BackupRefused(file=str(path), reason=reason)


class _Hashing(io.RawIOBase):
    """A file that is written from front to back, and hashed meanwhile."""

    def __init__(self, target: BinaryIO) -> None:
        self._target, self._digest = target, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]
        self._digest.update(content)
        return self._target.write(content)

    def tell(self) -> int:
        return self._target.tell()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class _Reading(io.RawIOBase):
    """A file that is read from front to back, and hashed meanwhile."""

    def __init__(self, source: BinaryIO, told: Told) -> None:
        self._source, self._told, self._digest = source, told, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(size)
        self._digest.update(piece)
        self._told(len(piece))
        return piece

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()
