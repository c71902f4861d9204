"""Public keys as SSH writes them: which are good enough to let somebody in, and by what they are known."""

import base64
import binascii
import hashlib

from casewright.errors import CommandRefused, Message, message
from casewright.swift_dataclass import dataclass

LONGEST = 8 * 1024
LONGEST_LABEL = 100
_SHORTEST_RSA, _LONGEST_RSA = 2048, 16384
_ED25519_OCTETS = 32
_POINTS = {"nistp256": 65, "nistp384": 97, "nistp521": 133}
_ED25519 = ("ssh-ed25519", "sk-ssh-ed25519@openssh.com")
_ECDSA = (
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ecdsa-sha2-nistp256@openssh.com",
)
_RSA = "ssh-rsa"
KNOWN = (*_ED25519, *_ECDSA, _RSA)
"""The kinds of key that are taken; DSA is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SshKey:
    """A public key: its kind, its octets in Base64, the words behind it, and the fingerprint that `ssh-keygen -l` shows."""

    algorithm: str
    encoded: str
    comment: str
    fingerprint: str

    @property
    def line(self) -> str:
        """The key as one line, without its comment."""
        return f"{self.algorithm} {self.encoded}"


def key_of(written: str) -> SshKey:
    """Return the key that is written as in a `.pub` file; CommandRefused for none, for several, for options, for a weak one."""
    lines = [one for one in written.splitlines() if one.strip()]
    if len(lines) != 1 or len(written) > LONGEST:
        raise _refused(message("write one public key, as in the file that ends with .pub"))
    words = lines[0].split(None, 2)
    if words[0] not in KNOWN:
        raise _refused(_why_not(words[0]))
    octets = _octets(words[1] if len(words) > 1 else "")
    if (fault := _fault(words[0], octets)) is not None:
        raise _refused(fault)
    comment = "".join(one for one in (words[2:] or [""])[0] if one.isprintable())
    return SshKey(
        algorithm=words[0],
        encoded=base64.b64encode(octets).decode("ascii"),
        comment=comment[:LONGEST_LABEL],
        fingerprint=fingerprint_of(octets),
    )


def fingerprint_of(octets: bytes) -> str:
    """Return the fingerprint of a key, such as `SHA256:...`."""
    digest = hashlib.sha256(octets).digest()
    return f"SHA256:{base64.b64encode(digest).decode('ascii').rstrip('=')}"


def is_fingerprint(written: str) -> bool:
    """Return whether a text can be the fingerprint of a key."""
    return written.startswith("SHA256:") and len(written) == len("SHA256:") + 43


def _why_not(word: str) -> Message:
    if word.startswith("-----"):
        return message("that is a private key, which nobody else may have; give the public one")
    if word == "ssh-dss":
        return message("DSA keys are too weak; `ssh-keygen -t ed25519` makes a good one")
    template = "a key begins with its kind, one of: {known}; options before it are not taken"
    return message(template, known=KNOWN)


def _octets(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise _refused(message("the key is not Base64")) from None


def _fault(algorithm: str, octets: bytes) -> Message | None:
    """Return what is wrong with the octets of a key of a kind, or None."""
    parts = _parts(octets)
    damaged = message("the key is damaged, or not of the kind that it says")
    if parts is None or parts[:1] != [algorithm.encode("ascii")]:
        return damaged
    if algorithm in _ED25519:
        wanted = 2 if algorithm.startswith("ssh-") else 3
        sound = len(parts) == wanted and len(parts[1]) == _ED25519_OCTETS
        return None if sound else damaged
    if algorithm in _ECDSA:
        wanted = 3 if algorithm.startswith("ecdsa-") else 4
        curve = algorithm.partition("-sha2-")[2].partition("@")[0]
        sound = len(parts) == wanted and parts[1] == curve.encode("ascii")
        return None if sound and len(parts[2]) == _POINTS[curve] else damaged
    return _rsa_fault(parts) if len(parts) == 3 else damaged


def _rsa_fault(parts: list[bytes]) -> Message | None:
    bits = int.from_bytes(parts[2], "big").bit_length()
    if not _SHORTEST_RSA <= bits <= _LONGEST_RSA:
        template = "an RSA key has {least} to {most} bits, this one has {bits}"
        return message(template, least=_SHORTEST_RSA, most=_LONGEST_RSA, bits=bits)
    return None


def _parts(octets: bytes) -> list[bytes] | None:
    """Return the texts that a key is made of, each with its length before it; None where they do not end with it."""
    parts, at = [], 0
    while at < len(octets):
        size = int.from_bytes(octets[at : at + 4], "big")
        part = octets[at + 4 : at + 4 + size]
        if len(octets) < at + 4 + size:
            return None
        parts.append(part)
        at += 4 + size
    return parts


def _refused(reason: Message) -> CommandRefused:
    return CommandRefused(reason=reason)
