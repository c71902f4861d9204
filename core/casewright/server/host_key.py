"""The key by which SSH clients know this server: made once, readable to its owner alone, told by its fingerprint."""

import base64
import os
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casewright.access.ssh_keys import fingerprint_of
from casewright.config import Config
from casewright.errors import ConfigRefused, Place, message
from casewright.regular_file import read

OWN = "casewright-ssh-host-key"
LONGEST = 16 * 1024


def host_key_file(config: Config) -> Path:
    """Return the file of the key."""
    named = config.ssh.host_key
    return config.root / named if named else config.database.with_name(OWN)


def host_key(config: Config) -> bytes:
    """Return the private key, made where there is none yet; ConfigRefused where it cannot be read, or others can read it."""
    path = host_key_file(config)
    try:
        if not path.exists():
            _make(path)
        if os.name == "posix" and path.stat().st_mode & 0o077:
            reason = message(
                "others can read the host key {file}; `chmod 600` it, and make a new one if somebody may have",
                file=str(path),
            )
            raise ConfigRefused(place=_place(config), reason=reason)
        return read(path, limit=LONGEST)
    except OSError as error:
        template = "the host key {file} cannot be used ({problem})"
        reason = message(template, file=str(path), problem=error.strerror or str(error))
        raise ConfigRefused(place=_place(config), reason=reason) from None


def host_fingerprint(config: Config) -> str:
    """Return the fingerprint of the key, as clients show it; "" where there is none yet, or none that can be read."""
    with suppress(OSError, ValueError, TypeError):
        private = serialization.load_ssh_private_key(
            host_key_file(config).read_bytes(), password=None
        )
        public = private.public_key().public_bytes(
            serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
        )
        return fingerprint_of(base64.b64decode(public.split()[1]))
    return ""


def _make(path: Path) -> None:
    """Make a key: written aside and put in place by its name, so that nobody ever reads half of one."""
    private = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.NoEncryption(),
    )
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(private)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        aside.unlink()


def _place(config: Config) -> Place:
    return config.ssh.place
