"""The words a form file may use: our subset of JSON Schema 2020-12 and our own `x-` words."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"

TYPES = ("string", "integer", "number", "boolean", "array")
FORMATS = ("date", "date-time", "email", "uri")
WIDGETS = {
    "line": ("string",),
    "long": ("string",),
    "phone": ("string",),
    "date": ("string",),
    "date-time": ("string",),
    "choice": ("string", "array"),
    "radio": ("string",),
    "money": ("number", "integer"),
    "number": ("number", "integer"),
    "switch": ("boolean",),
    "tags": ("array",),
}
"""How a field may be shown, and for which types."""

NOTES = ("title", "description", "$comment")
"""Words of JSON Schema that say something to the author only."""

OUR_WORDS = ("x-title", "x-help", "x-labels", "x-lookup", "x-personal", "x-widget")

CONSTRAINTS: dict[str, tuple[str, ...]] = {
    "const": ("string", "integer", "boolean"),
    "enum": ("string",),
    "format": ("string",),
    "pattern": ("string",),
    "minLength": ("string",),
    "maxLength": ("string",),
    "minimum": ("integer", "number"),
    "maximum": ("integer", "number"),
    "exclusiveMinimum": ("integer", "number"),
    "exclusiveMaximum": ("integer", "number"),
    "multipleOf": ("integer", "number"),
    "minItems": ("array",),
    "maxItems": ("array",),
    "uniqueItems": ("array",),
}
"""Each constraint, and the types it says something about."""

KEYWORDS: dict[str, frozenset[str]] = {
    "form": frozenset(
        (
            "$schema",
            "$defs",
            "type",
            "properties",
            "required",
            "additionalProperties",
            "allOf",
            "if",
            "then",
            "else",
            "x-title",
            "x-help",
            *NOTES,
        )
    ),
    "field": frozenset(("$ref", "type", "items", "default", *CONSTRAINTS, *OUR_WORDS, *NOTES)),
    "items": frozenset(
        (
            "$ref",
            "type",
            "enum",
            "format",
            "pattern",
            "minLength",
            "maxLength",
            "x-labels",
            "x-lookup",
            *NOTES,
        )
    ),
    "choice": frozenset(("if", "then", "else", "$comment")),
    "branch": frozenset(("properties", "required", "$comment")),
    "constraint": frozenset((*CONSTRAINTS, "$comment")),
}
"""What may stand in each kind of part; a definition is written like a field."""

RESERVED_NAMES = frozenset(
    (
        "as",
        "break",
        "const",
        "continue",
        "else",
        "false",
        "for",
        "function",
        "if",
        "import",
        "in",
        "let",
        "loop",
        "namespace",
        "null",
        "package",
        "return",
        "true",
        "var",
        "void",
        "while",
    )
)
"""Words that a condition of a workflow could not write after `fields.`."""

MAX_FIELDS = 200
MAX_DEFINITIONS = 100
MAX_CONDITIONS = 50
MAX_CHOICES = 500
MAX_CHOICE_LENGTH = 200
MAX_PATTERN = 500
MAX_LENGTH = 100_000
MAX_ITEMS = 200
MAX_NUMBER = 2**53
"""Whole numbers up to here are the same in a JSON text, in a float and in both engines."""
