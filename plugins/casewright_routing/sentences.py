"""The plugin's sentences where they leave its front ends: as plain data to be kept, and in both languages at once."""

from collections.abc import Mapping
from typing import Any

from casewright import Bilingual, Message, Texts
from casewright_routing.chinese import CHINESE


def to_data(said: Message) -> dict[str, Any]:
    """Return a sentence as plain data."""
    return {
        "text": said.text,
        "values": {name: _plain(one) for name, one in said.values.items()},
    }


def from_data(data: Mapping[str, Any]) -> Message:
    """Return the sentence that `to_data` has made plain."""
    return Message(data["text"], {name: _spoken(one) for name, one in data["values"].items()})


def in_both(said: Message) -> dict[str, str]:
    """Return a sentence in English and Chinese, for what everybody reads in their own language."""
    texts = {"en": Texts("en"), "zh": Texts("zh", more=lambda: CHINESE)}
    return {language: one.render(said) for language, one in texts.items()}


def _plain(value: object) -> object:
    if isinstance(value, Message):
        return to_data(value)
    if isinstance(value, Bilingual):
        return {"en": value.en, "zh": value.zh}
    return value


def _spoken(value: Any) -> object:
    if not isinstance(value, dict):
        return value
    if "text" in value:
        return from_data(value)
    return Bilingual(en=value["en"], zh=value["zh"])
