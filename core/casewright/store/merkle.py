"""The Merkle tree over the heads of all histories, built as RFC 6962 builds it."""

from collections.abc import Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()
"""The root over nothing."""


def leaf(ticket_id: int, key: str, sequence: int, head: bytes) -> bytes:
    """Return the leaf of a ticket: SHA-256 of a zero byte, both numbers as eight bytes each, the head and the key."""
    numbers = ticket_id.to_bytes(8, "big") + sequence.to_bytes(8, "big")
    return sha256(b"\0" + numbers + head + key.encode()).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaves in their order; a node is the SHA-256 of a one byte and both below it."""
    if not leaves:
        return EMPTY
    level = list(leaves)
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        odd = level[-1:] if len(level) % 2 else []
        level = [sha256(b"\1" + left + right).digest() for left, right in pairs] + odd
    return level[0]


class Tree:
    """Leaves of which some change and further ones are added at the end; the root is at hand at the cost of what changed."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = [[]]

    def __len__(self) -> int:
        return len(self._levels[0])

    @property
    def root(self) -> bytes:
        """The root over all leaves, as `root` works it out."""
        return self._levels[-1][0] if self._levels[0] else EMPTY

    def put(self, place: int, new: bytes) -> None:
        """Put a leaf in the place of another one, or after the last."""
        node, height = new, 0
        while True:
            level = self._levels[height]
            if place == len(level):
                level.append(node)
            else:
                level[place] = node
            if len(level) == 1:
                return
            left = place - place % 2
            pair = level[left : left + 2]
            node = sha256(b"\1" + pair[0] + pair[1]).digest() if len(pair) == 2 else pair[0]
            place, height = place // 2, height + 1
            if height == len(self._levels):
                self._levels.append([])
