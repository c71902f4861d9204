"""Attached files, kept under the digest of their content."""

import hashlib
import os
import re
from pathlib import Path
from tempfile import NamedTemporaryFile

from casewright.errors import CommandRefused, NotFound, message

_DIGEST = re.compile("[0-9a-f]{64}")
LARGEST = 50 * 1024 * 1024
"""Bytes; a larger file belongs into a document store, and its address into a comment."""


def keep(folder: Path, content: bytes) -> str:
    """Store `content` unless it is there already, unspoilt; return its SHA-256 in hexadecimal, once it is durable."""
    if len(content) > LARGEST:
        raise CommandRefused(
            reason=message("the file is larger than {limit} MB", limit=LARGEST // 1024 // 1024)
        )
    digest = hashlib.sha256(content).hexdigest()
    path = _place(folder, digest)
    if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == digest:
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as draft:
        draft.write(content)
        draft.flush()
        os.fsync(draft.fileno())
    os.replace(draft.name, path)
    _sync_folder(path.parent)
    return digest


def content(folder: Path, digest: str) -> bytes:
    """Return the content kept under a digest; NotFound."""
    must_be_kept(folder, digest)
    return _place(folder, digest).read_bytes()


def must_be_kept(folder: Path, digest: str) -> None:
    """Raise NotFound unless there is content under `digest`, which comes from outside and may be anything."""
    if not _DIGEST.fullmatch(digest) or not _place(folder, digest).is_file():
        raise NotFound(kind=message("file"), name=digest, hint=message(""))


def _place(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest[2:]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
