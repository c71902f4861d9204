"""Which words are language tags, as customers and callers have them."""

from casewright.errors import Message, message
from casewright.patterns import pattern

_TAG = pattern(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_SHOWN = 64


def language_fault(language: str) -> Message | None:
    """Return what keeps `language` from being a language tag, or None when nothing does."""
    if _TAG.fullmatch(language):
        return None
    template = "'{language}' is no language tag such as zh, en or zh-Hant"
    return message(template, language=language[:_SHOWN])
