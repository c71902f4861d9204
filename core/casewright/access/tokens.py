"""What programs and sessions show instead of a password: 256 random bits of which only the SHA-256 is stored."""

import hashlib
import secrets

PREFIX = "cw_"
"""By this scanners of repositories and logs know a token of casewright; `cws_` begins a session's."""
SESSION_PREFIX = "cws_"
LONGEST = 128


def new_token(prefix: str = PREFIX) -> str:
    """Return a new token; it is shown once and stored nowhere here."""
    return prefix + secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """Return what is stored of a token and looked up by; as it is a digest, how long the search takes tells nothing of it."""
    return hashlib.sha256(token[:LONGEST].encode("utf-8", "surrogatepass")).hexdigest()


def is_digest(digest: str) -> bool:
    """Return whether `digest` is the hexadecimal SHA-256 of something."""
    return len(digest) == 64 and set(digest) <= set("0123456789abcdef")
