"""Which characters of a text may reach a screen or a file as they are, and what stands for the others."""

import json

from casewright.patterns import pattern

UNSAFE = pattern(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, but for tab and line end
    "\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"  # what turns text round, or is not seen
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"  # halves of characters, annotations, tags
)
"""What could move a cursor, reorder text, or hide in it."""


def visible(text: str) -> str:
    """Return `text` with every unsafe character replaced."""
    return UNSAFE.sub("\ufffd", text)


def visible_json(written: str) -> str:
    """Return JSON that says the same without an unsafe character in it."""
    return UNSAFE.sub(lambda found: json.dumps(found[0])[1:-1], written)


def escape(character: str) -> str:
    """Return one character as `\\u....`, or `\\U........` beyond the first plane."""
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
