"""Passwords: what may be one, what is stored of it, and whether one is right. Nothing here keeps or shows a password."""

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from casewright.errors import Message, message

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 10, 256
"""Characters of a password, as they are after NFKC."""
LONGEST_TYPED = 4 * LONGEST
"""Characters beyond which what was typed is not even looked at."""
_WIDELY_KNOWN = frozenset(
    {
        "1234567890", "0123456789", "0987654321", "12345678910", "qwertyuiop", "1q2w3e4r5t", "q1w2e3r4t5",
        "1qaz2wsx3edc", "password12", "password123", "password1234", "passw0rd123", "administrator", "casewright",
        "letmeinplease", "iloveyou123", "woaini1314", "5201314520", "abcd123456", "a123456789", "123456789a",
        "qq123456789", "qwerty12345", "asdfghjkl123", "1234512345",
    }
)  # fmt: skip
MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
"""The parameters of argon2id: what OWASP asks for at the least, and what a small server bears."""
NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$Y2FzZXdyaWdodC1ub2JvZA$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)
"""A verifier that no password fits: it is tried for who has none, so that they take as long as anybody."""


def fault(password: str, *, name: str) -> Message | None:
    """Return what keeps `password` from being one for the person called `name`, or None; the password is in no answer."""
    if len(password) > LONGEST_TYPED or not SHORTEST <= len(_plain(password)) <= LONGEST:
        return message(
            "a password has {shortest} to {longest} characters; several words are a good one",
            shortest=SHORTEST,
            longest=LONGEST,
        )
    if not _can_be_typed(password):
        return message("a password holds no control characters and no half characters")
    plain = _plain(password).casefold()
    if name and plain.replace(_plain(name).casefold(), "").strip() == "":
        return message("the login name is no password; choose another")
    if plain in _WIDELY_KNOWN or len(set(plain)) <= 2:
        return message("this password is one of the first that are tried; choose another")
    return None


def hashed(password: str) -> str:
    """Return the verifier to store for a password; it takes 19 MiB and some time, so ask within a `hashing_slots.slot`."""
    return _hasher().hash(_bytes(password))


def fits(verifier: str, password: str) -> bool:
    """Return whether `password` is the one of `verifier`; the same effort whatever the answer."""
    from argon2.exceptions import Argon2Error, InvalidHashError

    too_long = len(password) > LONGEST_TYPED
    try:
        right = _hasher().verify(verifier, b"" if too_long else _bytes(password))
    except (Argon2Error, InvalidHashError):
        return False
    return right and not too_long


def outdated(verifier: str) -> bool:
    """Return whether a verifier was made with other parameters than those of now."""
    return _hasher().check_needs_rehash(verifier)


def is_verifier(text: str) -> bool:
    """Return whether `text` is what `hashed` returns: others could ask for gigabytes at each sign-in."""
    from argon2.exceptions import InvalidHashError

    try:
        return len(text) <= 200 and text.isascii() and not outdated(text)
    except InvalidHashError:
        return False


@cache
def _hasher() -> "PasswordHasher":
    # It takes 40 ms to import, and most runs of the command line need none.
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


def _plain(password: str) -> str:
    """Return the password as every keyboard and system writes it."""
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return _plain(password).encode("utf-8", "surrogatepass")


def _can_be_typed(password: str) -> bool:
    return not any(unicodedata.category(one) in ("Cc", "Cs") for one in password)
