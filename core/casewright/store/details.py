"""Sentences that are kept in a column, to be read later in the reader's own language."""

from datetime import datetime
from typing import Any

from casewright import compact_json
from casewright.bilingual import Bilingual
from casewright.clock import from_microseconds, to_microseconds
from casewright.errors import CasewrightError, Message, message

LONGEST = 500
"""Characters that are kept of what somebody else says, such as a provider."""
_BEGINNING = '{"text":'


def said_by_others(text: str) -> Message:
    """Return what a provider or a library says as a sentence of its own."""
    return message("{detail}", detail=text[:LONGEST])


def of_error(error: Exception) -> Message:
    """Return what an error says; of a bug its kind as well."""
    if isinstance(error, CasewrightError):
        return Message(error.sentence, error.details())
    return message(
        "something in casewright itself went wrong ({kind}: {detail})",
        kind=type(error).__name__,
        detail=str(error)[:LONGEST],
    )


def written(detail: Message | None) -> str:
    """Return a sentence as it is kept; none at all is an empty text."""
    return "" if detail is None else compact_json.encode(_plain(detail))


def read(kept: str) -> Message | None:
    """Return the sentence of what was kept; a text that was kept as it is stands for itself."""
    if not kept:
        return None
    if not kept.startswith(_BEGINNING):
        return said_by_others(kept)
    found = _whole(compact_json.decode(kept))
    return found if isinstance(found, Message) else None


def _plain(value: object) -> Any:
    if isinstance(value, Message):
        return {"text": value.text, "values": {k: _plain(v) for k, v in value.values.items()}}
    if isinstance(value, Bilingual):
        return {"en": value.en, "zh": value.zh}
    if isinstance(value, datetime):
        return {"at": to_microseconds(value)}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | None) else str(value)


def _whole(value: Any) -> Any:
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "text" in value:
        return Message(value["text"], {k: _whole(v) for k, v in value["values"].items()})
    if "at" in value:
        return from_microseconds(value["at"])
    return Bilingual(en=value["en"], zh=value["zh"])
