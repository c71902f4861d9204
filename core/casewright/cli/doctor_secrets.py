"""What the doctor says of secrets in the files of a workspace: where one seems to stand, never what it is."""

import math
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from casewright import regular_file
from casewright.cli.doctor_check import Check, problem, warning, well
from casewright.config import FILE, Config
from casewright.errors import FileUnreadable, Message, message
from casewright.patterns import pattern
from casewright.redaction import SECRET_SHAPES
from casewright.secrets import is_reference
from casewright.swift_dataclass import dataclass
from casewright.texts import text

SHOWN = 10
LARGEST = 1_000_000
MOST_FILES = 5_000
_READ = frozenset({".toml", ".yaml", ".yml", ".csv", ".json", ".txt", ".env", ".ini", ".j2"})
_LEFT_OUT = frozenset({"node_modules", "notices", "attachments", "tests", "docs"})

_SAID = pattern(
    r"""(?P<name>[\w.-]*(?:password|passwd|secret|token|api_?key|hmac_key|authorization)[\w.-]*)["']?\s*[=:]\s*"""
    r"""(?P<quote>["'])(?P<value>[^"'\s]{4,}(?:\s[^"']*)?)(?P=quote)""",
    re.IGNORECASE,
)
_LONG = pattern(r"(?<![\w/+.-])[\w/+-]{24,200}={0,2}(?![\w/+.-])")
_WORD = pattern(r"[a-z]{6}")
"""So many small letters in a row are a word rather than chance."""
_LEAST_BITS = 4.0
_KINDS = {
    "private key": text("a private key"),
    "password in an address": text("a password in an address"),
    "web token": text("a token"),
    "access token": text("a token"),
    "password hash": text("the hash of a password"),
    "said": text("a secret in the clear"),
    "long": text("a text as random as a key"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """Where something stands that looks like a secret, and what it looks like."""

    file: str
    line: int
    kind: str


def secret_checks(config: Config) -> Iterator[Check]:
    """Yield where secrets seem to stand in the files that people write; the most are shown, the rest are counted."""
    found = list(suspects(config))
    for one in found[:SHOWN]:
        said = message(
            "{file}:{line} holds what looks like {kind}, and whoever reads the file has it: write 'secret://name', and "
            "make a new one",
            file=one.file,
            line=str(one.line),
            kind=Message(_KINDS[one.kind]),
        )
        yield warning("secrets", said) if one.kind == "long" else problem("secrets", said)
    if len(found) > SHOWN:
        more = message("further places with secrets: {count}", count=len(found) - SHOWN)
        yield problem("secrets", more)
    if not found:
        yield well("secrets", message("no secret stands in the files of the workspace"))


def suspects(config: Config) -> Iterator[Suspect]:
    """Yield what looks like a secret in the workspace's files, by file and line."""
    for path in _files(config):
        try:
            source = regular_file.read(path, limit=LARGEST)[:LARGEST]
        except FileUnreadable:
            continue
        name = str(path.relative_to(config.root))
        yield from _suspects(name, source.decode("utf-8", "replace"))


def _suspects(name: str, written: str) -> Iterator[Suspect]:
    found: dict[int, str] = {}
    for kind, shape in SECRET_SHAPES.items():
        for one in shape.finditer(written):
            found.setdefault(written.count("\n", 0, one.start()) + 1, kind)
    for number, line in enumerate(written.splitlines(), 1):
        if number not in found and (kind := _kind(line, settings=name == FILE)):
            found[number] = kind
    for number, kind in sorted(found.items()):
        yield Suspect(file=name, line=number, kind=kind)


def _kind(line: str, *, settings: bool) -> str:
    for said in _SAID.finditer(line):
        value = said["value"]
        if not is_reference(value) and "{" not in value and (settings or _mixed(value)):
            return "said"
    return "long" if any(_random(one[0]) for one in _LONG.finditer(line)) else ""


def _mixed(value: str) -> bool:
    """Return whether a value has letters and digits, as passwords have and words of a form have not."""
    return len(value) >= 8 and bool(re.search(r"\d", value) and re.search(r"[A-Za-z]", value))


def _random(value: str) -> bool:
    """Return whether a text has all kinds of characters, and so evenly that nobody can have thought it up."""
    kinds = (r"[a-z]", r"[A-Z]", r"[0-9]")
    if any(len(re.findall(kind, value)) < 2 for kind in kinds) or _WORD.search(value):
        return False
    counts = Counter(value).values()
    bits = -sum(one / len(value) * math.log2(one / len(value)) for one in counts)
    return bits >= _LEAST_BITS


def _files(config: Config) -> Iterator[Path]:
    """Yield the files that people write: not the database, not what was attached, nothing that begins with a dot."""
    seen = 0
    for folder, folders, names in os.walk(config.root):
        here = Path(folder)
        folders[:] = sorted(
            one
            for one in folders
            if not one.startswith(".")
            and one not in _LEFT_OUT
            and here / one != config.attachments
        )
        for name in sorted(names):
            if Path(name).suffix.lower() in _READ or name == ".env":
                seen += 1
                if seen > MOST_FILES:
                    return
                yield here / name
