"""The JSON Schema of the workflow language, for editors: made of `words` and what plugins add to them.

Running this module writes the core's own, without any plugin's.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from casewright.contributions import NO_VOCABULARY, Vocabulary
from casewright.forms.plain_schema import thawed
from casewright.workflows import plugin_words
from casewright.workflows.parties import NAME
from casewright.workflows.retention import PATTERN
from casewright.workflows.shape_values import PREFIX, REFERENCE
from casewright.workflows.words import (
    CHOICES,
    CONSTRUCTS,
    MOST_TIMES,
    PRIORITIES,
    RELATIONS,
    SHAPES,
    Word,
)

SCHEMA_FILE = Path(__file__).with_name("workflow.schema.json")

_DURATION = r"^[1-9][0-9]* *((second|minute|hour|(working )?day|week)s?)$"
_THRESHOLD = r"^([0-9]+ ?%|.+ (before|after))$"

Schema = dict[str, Any]


def workflow_schema(vocabulary: Vocabulary = NO_VOCABULARY) -> Schema:
    """Return the schema (JSON Schema 2020-12); words, plugins' too, carry their line of help for hover text."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "casewright workflow",
        "description": "A workflow of casewright, version 1 of the language.",
        "$ref": "#/$defs/Workflow",
        "$defs": {
            **{name: _construct(name, words, vocabulary) for name, words in CONSTRUCTS.items()},
            "bilingual": _bilingual(),
            "party": {
                "type": "string",
                "description": SHAPES["who"],
                "examples": [*RELATIONS, "role:", "user:"],
            },
            "duration": {
                "type": "string",
                "pattern": _DURATION,
                "description": SHAPES["duration"],
            },
            "threshold": {"type": "string", "pattern": _THRESHOLD},
        },
    }


def schema_text(vocabulary: Vocabulary = NO_VOCABULARY) -> str:
    """Return the text of the published file, or of a workspace's with what its plugins add."""
    return json.dumps(workflow_schema(vocabulary), ensure_ascii=False, indent=1) + "\n"


def _construct(name: str, words: Mapping[str, Word], vocabulary: Vocabulary) -> Schema:
    schema: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **{word: _word(word, one) for word, one in words.items()},
            **_lent(name, vocabulary),
        },
    }
    required = [word for word, one in words.items() if one.required]
    if required:
        schema["required"] = required
    if name == "Action":
        schema["oneOf"] = [
            _verb(verb, modifiers) for verb, modifiers in plugin_words.verbs(vocabulary).items()
        ]
    if name == "Transition":
        to = {**_SHAPES["identifier"](""), "description": words["to"].doc}
        return {"anyOf": [to, schema]}
    return schema


def _lent(construct: str, vocabulary: Vocabulary) -> Schema:
    """Return what plugins add to a construct, each with its line of help."""
    docs = plugin_words.docs(vocabulary)
    return {
        word: {**thawed(schema), "description": docs[word]}
        for word, schema in plugin_words.schemas(vocabulary, construct).items()
    }


def _verb(verb: str, modifiers: tuple[str, ...]) -> Schema:
    return {"required": [verb], "propertyNames": {"enum": [verb, *modifiers]}}


def _word(word: str, one: Word) -> Schema:
    shapes = [_shape(word, shape) for shape in one.shapes]
    merged = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
    return {**merged, "description": one.doc}


def _shape(word: str, shape: str) -> Schema:
    kind, _, inner = shape.partition(":")
    if kind in CONSTRUCTS:
        return _reference(kind)
    if word in ("at", "from") and kind == "text":
        return _reference("threshold")
    if word == "times":
        return {"type": "integer", "minimum": 1, "maximum": MOST_TIMES}
    if word == "renew_owner":
        return {"const": True}
    if word == "key":
        return {"type": "string", "minLength": 1, "maxLength": 1}
    return _SHAPES[kind](inner)


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _table(inner: str) -> Schema:
    if inner == "duration":
        return {
            "type": "object",
            "propertyNames": {"enum": list(PRIORITIES)},
            "additionalProperties": _reference("duration"),
        }
    if inner == "After":
        names = {"pattern": _DURATION}
        return {
            "type": "object",
            "propertyNames": names,
            "additionalProperties": _SHAPES["identifier"](""),
        }
    held = (
        {"type": "array", "items": _reference("LadderStep")}
        if inner == "Ladder"
        else _reference(inner)
    )
    names = {"pattern": f"^{NAME.pattern}$"}
    return {"type": "object", "propertyNames": names, "additionalProperties": held}


def _list(inner: str) -> Schema:
    return {"type": "array", "items": _reference(inner)}


def _one_or_more(item: Schema) -> Schema:
    return {"anyOf": [item, {"type": "array", "items": item}]}


def _bilingual() -> Schema:
    text = {"type": "string", "minLength": 1}
    return {
        "type": "object",
        "description": SHAPES["bilingual"],
        "additionalProperties": False,
        "required": ["en", "zh"],
        "properties": {
            "en": {**text, "description": "English"},
            "zh": {**text, "description": "中文"},
        },
    }


def _value(inner: str) -> Schema:
    scalar = ["string", "number", "boolean"]
    return {
        "type": [*scalar, "array"],
        "items": {"type": scalar},
        "description": SHAPES["value"],
    }


_SHAPES: Mapping[str, Callable[[str], Schema]] = {
    "text": lambda inner: {"type": "string", "minLength": 1},
    "identifier": lambda inner: {"type": "string", "pattern": f"^{REFERENCE.pattern}$"},
    "prefix": lambda inner: {"type": "string", "pattern": f"^{PREFIX.pattern}$"},
    "bilingual": lambda inner: _reference("bilingual"),
    "flag": lambda inner: {"type": "boolean"},
    "count": lambda inner: {"type": "integer", "minimum": 1},
    "condition": lambda inner: {
        "type": ["string", "boolean"],
        "description": SHAPES["condition"],
    },
    "number": lambda inner: {"type": ["string", "integer"], "description": SHAPES["number"]},
    "value": _value,
    "values": lambda inner: {
        "type": "object",
        "propertyNames": {"pattern": f"^{NAME.pattern}$"},
        "additionalProperties": _value(""),
    },
    "duration": lambda inner: _reference("duration"),
    "retention": lambda inner: {
        "type": "string",
        "pattern": PATTERN,
        "description": SHAPES["retention"],
    },
    "who": lambda inner: _one_or_more(_reference("party")),
    "names": lambda inner: _one_or_more(_SHAPES["identifier"]("")),
    "table": _table,
    "list": _list,
    "one of": lambda inner: {"enum": list(CHOICES[inner])},
}


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
