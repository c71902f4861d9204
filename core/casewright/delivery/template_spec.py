"""What a template is: how a notice of one kind reads on screen, in an e-mail or chat, and by SMS."""

from collections.abc import Mapping
from dataclasses import field

from casewright.bilingual import Bilingual
from casewright.delivery.restricted_templates import RestrictedTemplate
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A template's text in both languages."""

    en: RestrictedTemplate
    zh: RestrictedTemplate

    def of(self, language: str) -> RestrictedTemplate:
        """Return the text for a language tag: Chinese for `zh..`, English for all else."""
        return self.zh if language.lower().startswith("zh") else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Sms:
    """What goes by SMS: a text, or what the gateway has registered as template `id` with its variables."""

    text: Pair
    signature: Bilingual
    id: Bilingual
    variables: Mapping[str, Pair] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """How a notice of one kind reads: on screen, in an e-mail or chat, and by SMS."""

    name: str
    title: Bilingual
    subject: Pair
    text: Pair
    sms: Sms


Templates = Mapping[str, Template]
"""All templates by name."""
