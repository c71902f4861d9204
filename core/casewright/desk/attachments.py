"""Attached files, kept under the digest of their content."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from casewright.errors import CommandRefused, FileUnreadable, NotFound, message
from casewright.patterns import pattern

_DIGEST = pattern("[0-9a-f]{64}")
LARGEST = 50 * 1024 * 1024
"""Bytes; a larger file belongs into a document store, and its address into a comment."""


def keep(folder: Path, content: bytes) -> str:
    """Store `content` unless it is there already, unspoilt; return its SHA-256 in hexadecimal, once it is durable.

    CommandRefused for one that is too large, FileUnreadable where it cannot be written.
    """
    if len(content) > LARGEST:
        raise CommandRefused(
            reason=message("the file is larger than {limit} MB", limit=LARGEST // 1024 // 1024)
        )
    digest = hashlib.sha256(content).hexdigest()
    path = place(folder, digest)
    try:
        if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == digest:
            os.utime(path)  # it waits anew to be attached
            return digest
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, content)
    except OSError as error:
        reason = message("it cannot be written ({problem})", problem=error.strerror or "")
        raise FileUnreadable(file=str(path), reason=reason) from None
    return digest


def content(folder: Path, digest: str) -> bytes:
    """Return the content kept under a digest; NotFound."""
    must_be_kept(folder, digest)
    return place(folder, digest).read_bytes()


def delete(folder: Path, digest: str) -> None:
    """Delete the content kept under a digest, durably; nothing where there is none."""
    if not _DIGEST.fullmatch(digest):
        return
    remove(place(folder, digest))


def remove(path: Path) -> None:
    """Delete a kept file, durably; nothing where there is none. FileUnreadable where it cannot be."""
    try:
        path.unlink(missing_ok=True)
        if path.parent.exists():
            _sync_folder(path.parent)
    except OSError as error:
        reason = message("it cannot be deleted ({problem})", problem=error.strerror or "")
        raise FileUnreadable(file=str(path), reason=reason) from None


def kept_until(folder: Path, moment: datetime) -> Iterator[Path]:
    """Yield the files that were last kept before a moment, and what a crash left of others."""
    for path in folder.glob("[0-9a-f][0-9a-f]/*"):
        with suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_mtime < moment.timestamp():
                yield path


def digest_of(path: Path) -> str:
    """Return the digest under which a file is kept."""
    return path.parent.name + path.name


def must_be_kept(folder: Path, digest: str) -> None:
    """Raise NotFound unless there is content under `digest`, which comes from outside and may be anything."""
    if not _DIGEST.fullmatch(digest) or not place(folder, digest).is_file():
        raise NotFound(kind=message("file"), name=digest, hint=message(""))


def _write(path: Path, content: bytes) -> None:
    """Write a file as a whole or not at all, and durably."""
    path.parent.mkdir(parents=True, exist_ok=True)
    from tempfile import NamedTemporaryFile  # whoever keeps no file needs none of it

    with NamedTemporaryFile(dir=path.parent, delete=False) as draft:
        try:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
        except OSError:
            os.unlink(draft.name)
            raise
    os.replace(draft.name, path)
    _sync_folder(path.parent)


def place(folder: Path, digest: str) -> Path:
    """Return where the content with a digest is kept, whether or not it is there."""
    return folder / digest[:2] / digest[2:]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
