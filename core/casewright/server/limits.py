"""How much a request may be: its head, its body by its path, and how long each may take to come."""

from casewright.desk.attachments import LARGEST
from casewright.strict_json import MAX_BYTES

LONGEST_ADDRESS = 8_000
"""Bytes of the address that a request asks for."""
LONGEST_HEAD = 32_000
"""Bytes of all header fields together."""
MOST_HEADERS = 100
HEAD_WITHIN = 10.0
"""Seconds from the first byte of a request to the end of its header."""
BODY_WITHIN = 20.0
"""Seconds that a body may take, however small it is, and may pause; a larger one has longer:"""
SLOWEST_BODY = 8_192
"""Bytes of it that must come in a second. What came fast buys no longer pause later."""
IDLE_WITHIN = 30.0
"""Seconds that a connection stays open without a request."""
READ_WITHIN = 60.0
"""Seconds for which somebody may leave an answer waiting without reading on."""
LINGER = 1.0
"""Seconds for which a connection that was refused still takes what comes, so that the refusal can be read."""
MOST_WAITING = 16
"""Requests that may wait on one connection behind the one that is answered."""
MOST_IGNORED = 64 * 1024 * 1024
"""Bytes of a refused body that are let pass before the connection is closed."""
MOST_HELD = 256 * 1024 * 1024
"""Bytes of all bodies that are on their way at once, of the staff's and of all others' each."""
ALWAYS_TAKEN = 64_000
"""A body that is no larger is taken however much others send."""

_MORE_THAN_A_FILE = LARGEST + 1_000_000
_BODIES: tuple[tuple[str, int], ...] = (
    ("/v1/commands/ImportCustomers", LARGEST),
    ("/v1/queries/CheckImport", LARGEST),
    ("/v1/commands/", MAX_BYTES),
    ("/v1/batch", 4 * MAX_BYTES),
    ("/v1/queries/", MAX_BYTES),
    ("/v1/session", 16_000),
    ("/v1/verifier", 16_000),
    ("/v1/files", LARGEST),
    ("/f/", _MORE_THAN_A_FILE),
    ("/s/", _MORE_THAN_A_FILE),
    ("/in/", MAX_BYTES),
)
_ELSEWHERE = 64_000


def largest_body(path: str) -> int:
    """Return the bytes that a body sent to a path may have."""
    return next((most for begin, most in _BODIES if path.startswith(begin)), _ELSEWHERE)


def is_outside(path: str) -> bool:
    """Return whether a path is for whoever is nobody on the staff."""
    return path.startswith(("/f/", "/s/", "/in/"))
