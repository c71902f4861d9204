"""What a form is once read: its fields, and the JSON Schema of its values."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from casewright.bilingual import Bilingual
from casewright.swift_dataclass import dataclass

Kind = Literal["text", "integer", "decimal", "boolean", "texts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that is asked; conditions may require it even where `required` is False."""

    name: str
    title: Bilingual
    kind: Kind
    required: bool = False
    choices: tuple[str, ...] = ()
    labels: Mapping[str, Bilingual] = field(default_factory=dict)
    lookup: str | None = None
    personal: bool = False
    help: Bilingual | None = None
    widget: str | None = None
    format: str | None = None
    default: Any = None

    def label(self, value: str, lang: str) -> str:
        """Return how a choice is shown in a language; a value without a label shows itself."""
        known = self.labels.get(value)
        return known.of(lang) if known else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form; `schema` is normalised: closed, no references, all conditions in `allOf`."""

    name: str
    title: Bilingual
    schema: Mapping[str, Any]
    fields: Mapping[str, Field]
    help: Bilingual | None = None
