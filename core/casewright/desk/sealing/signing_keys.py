"""The keys that sign checkpoints, and the only door to the library that signs."""

import os
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from casewright.config import Config
from casewright.errors import CheckpointRefused, FileUnreadable, Place, message
from casewright.private_folder import make_private
from casewright.regular_file import read
from casewright.secrets import REFERENCE, resolve

LONGEST = 16 * 1024
OWN = "signing.pem"


class Signer:
    """A private key: what it signs, only its public key proves."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = key.public_key().public_bytes_raw().hex()

    def sign(self, content: bytes) -> bytes:
        """Return the signature under `content`."""
        return self._key.sign(content)


def signed(public: str, signature: bytes, content: bytes) -> bool:
    """Return whether `signature` under `content` was made with the key whose public part is `public`."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, content)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def signer(config: Config, home: Path) -> Signer | None:
    """Return the workspace's key, or None where it has not made its own yet; CheckpointRefused where it cannot be read."""
    named = config.audit.key
    if named.startswith(REFERENCE):
        place = Place(file=str(config.root / "casewright.toml"))
        return _signer(resolve(named, place).encode(), named)
    path = config.root / named if named else home / OWN
    if not named and not path.exists():
        return None
    return _signer(_content(path), str(path))


def make_key(path: Path) -> None:
    """Make a key in a file that only its owner can read; one that is there is kept beside it under the moment of its end."""
    private = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    try:
        make_private(path.parent)
        new = path.with_suffix(".new")
        with suppress(FileNotFoundError):
            new.unlink()
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(private)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            path.rename(path.with_suffix(f".{_signer(_content(path), str(path)).public[:12]}"))
        new.rename(path)
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from None


def _content(path: Path) -> bytes:
    try:
        found = read(path, limit=LONGEST)
        weak = os.name == "posix" and path.stat().st_mode & 0o077
    except FileUnreadable as error:
        reason = message("the key that signs checkpoints cannot be read: {error}", error=error)
        raise CheckpointRefused(place=str(path), reason=reason) from None
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from None
    if weak:
        reason = message(
            "others can read the key that signs checkpoints; `chmod 600` it, and begin a new one if somebody may have"
        )
        raise CheckpointRefused(place=str(path), reason=reason)
    return found


def _signer(content: bytes, place: str) -> Signer:
    key: object = None
    with suppress(ValueError, TypeError):
        if content.startswith(b"-----"):
            key = serialization.load_pem_private_key(content, password=None)
        else:
            key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(content.decode().strip()))
    if not isinstance(key, Ed25519PrivateKey):
        reason = message("that is no Ed25519 key: neither PEM nor 64 hexadecimal digits")
        raise CheckpointRefused(place=place, reason=reason)
    return Signer(key)


def _refused(path: Path, detail: str) -> CheckpointRefused:
    reason = message("the key that signs checkpoints: {detail}", detail=detail)
    return CheckpointRefused(place=str(path), reason=reason)
