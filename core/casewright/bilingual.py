"""Text shown to people in both languages of the product, English and Chinese."""

from collections.abc import Mapping

from casewright.errors import Message, message
from casewright.nearest import hint
from casewright.swift_dataclass import dataclass

LANGUAGES = ("en", "zh")
_LONGEST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bilingual:
    """One text in English and in Chinese."""

    en: str
    zh: str

    def __str__(self) -> str:
        return self.en

    def of(self, lang: str) -> str:
        """Return the text for a tag: `zh`, `zh_CN`, `zh-Hans` are Chinese, all else English."""
        return self.zh if lang.lower().startswith("zh") else self.en


def from_data(data: Mapping[str, str]) -> Bilingual:
    """Return the text of `{en: .., zh: ..}` in which `fault` finds nothing wrong."""
    return Bilingual(en=data["en"], zh=data["zh"])


def fault(data: object) -> Message | None:
    """Return what keeps `data` from being `{en: text, zh: text}`, or None when nothing does."""
    if not isinstance(data, dict):
        return message("write the text in both languages: {{en: .., zh: ..}}")
    for key in data:
        if key not in LANGUAGES:
            return message("unknown language '{key}'{hint}", key=key, hint=hint(key, LANGUAGES))
    for language in LANGUAGES:
        if language not in data:
            return message("the text for '{language}' is missing", language=language)
        text = data[language]
        if not isinstance(text, str) or not text.strip():
            return message("the text for '{language}' is not a text", language=language)
        if len(text) > _LONGEST:
            template = "the text for '{language}' is longer than {limit} characters"
            return message(template, language=language, limit=_LONGEST)
    return None
