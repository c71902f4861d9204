"""Hostile texts that are too large to be kept as files, made when they are asked for."""

from collections.abc import Callable

TITLE = "x-title: {en: Form, zh: 表}\n"


def field(name: str, more: str = "") -> str:
    return f"  {name}: {{type: string, x-title: {{en: A, zh: 甲}}{more}}}\n"


def choices(count: int) -> str:
    names = [f"c{number}" for number in range(count)]
    labels = ", ".join(f"{name}: {{en: C, zh: C}}" for name in names)
    return f", enum: [{', '.join(names)}], x-labels: {{{labels}}}"


def definitions(count: int) -> str:
    """A chain of definitions that doubles nothing, but is longer than any form needs."""
    chain = ", ".join(f"d{n}: {{$ref: '#/$defs/d{n + 1}'}}" for n in range(count))
    return f"$defs: {{{chain}, d{count}: {{type: string}}}}\n"


CONDITION = "  - {if: {required: [a]}, then: {required: [a]}}\n"

YAML: dict[str, dict[str, Callable[[], str]]] = {
    "size": {
        "a quarter of a megabyte and one byte": lambda: "a: 1\n#" + "x" * (256 * 1024 - 5),
        "many lines": lambda: "# a comment\n" * 25_000,
        "chinese": lambda: "a: |\n" + "  投诉投诉投诉\n" * 15_000,
        "ten megabytes": lambda: "#" * 10_000_000,
        "spaces": lambda: "a: 1" + " " * 300_000,
    },
    "event count": {
        "list": lambda: "[" + "1," * 45_000 + "1]",
        "mapping": lambda: "{" + ",".join(f"a{n}: 1" for n in range(22_000)) + "}",
        "block list": lambda: "- 1\n" * 45_000,
        "empty lists": lambda: "[" + "[]," * 25_000 + "1]",
        "one more than allowed": lambda: "[" + "1," * 39_995 + "]",
    },
    "scalar size": {
        "plain": lambda: "a: " + "x" * 70_000,
        "quoted": lambda: "a: '" + "x" * 70_000 + "'",
        "block": lambda: "a: |\n  " + "x" * 70_000,
        "double quoted": lambda: 'a: "' + "x" * 70_000 + '"',
        "in a list": lambda: "- " + "x" * 65_537,
    },
    "nesting": {
        "thirty thousand lists": lambda: "[" * 30_000 + "]" * 30_000,
        "thirty thousand mappings": lambda: "{a: " * 30_000,
        "block lists": lambda: "- " * 30_000 + "x",
        "five hundred block mappings": lambda: "".join(" " * n + "a:\n" for n in range(500)),
        "a thousand of both": lambda: "[{a: " * 1_000 + "1" + "}]" * 1_000,
    },
}

FORMS: dict[str, dict[str, Callable[[], str]]] = {
    "counts": {
        "201 fields": lambda: (
            TITLE + "properties:\n" + "".join(field(f"a{n}") for n in range(201))
        ),
        "101 definitions": lambda: TITLE + definitions(100) + "properties:\n" + field("a"),
        "51 conditions": lambda: (
            TITLE + "allOf:\n" + CONDITION * 51 + "properties:\n" + field("a")
        ),
        "2000 conditions": lambda: (
            TITLE + "allOf:\n" + CONDITION * 2_000 + "properties:\n" + field("a")
        ),
        "900 fields": lambda: (
            TITLE + "properties:\n" + "".join(field(f"a{n}") for n in range(900))
        ),
    },
    "choices": {
        "501 choices": lambda: TITLE + "properties:\n" + field("a", choices(501)),
        "4000 choices": lambda: TITLE + "properties:\n" + field("a", choices(4_000)),
    },
}

JSON: dict[str, dict[str, Callable[[], str]]] = {
    "size": {
        "one byte over a megabyte": lambda: '"' + "x" * 999_999 + '"',
        "spaces": lambda: " " * 1_000_001,
        "list": lambda: "[" + "1," * 600_000 + "1]",
        "escapes": lambda: '"' + "\\u0041" * 200_000 + '"',
        "chinese": lambda: '"' + "投" * 400_000 + '"',
    },
    "nesting": {
        "a hundred thousand lists": lambda: "[" * 100_000 + "]" * 100_000,
        "a hundred thousand objects": lambda: '{"a":' * 100_000,
        "half a megabyte of brackets": lambda: "[" * 500_000,
        "behind quotes": lambda: '["' + '\\"' * 200_000 + '",' + "[" * 40,
        "brackets and quotes": lambda: '[{"":' * 100_000,
    },
}
