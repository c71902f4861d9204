"""Ports of this machine that a test's own server may have."""

import random
import socket
from contextlib import closing

_BELOW_WHAT_CALLERS_GET = range(20_000, 32_000)
"""Whoever calls somebody gets a port above these, so that none of them is taken between being found and being listened on."""


def free_port() -> int:
    """Return a port on which nobody listens, drawn so that tests beside each other hardly ever draw the same."""
    drawn = random.SystemRandom()
    while True:
        port = drawn.choice(_BELOW_WHAT_CALLERS_GET)
        with closing(socket.socket()) as trying:
            try:
                trying.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def answers(port: int) -> bool:
    """Return whether somebody listens on a port."""
    with closing(socket.socket()) as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0
