"""Which files of a workspace people have written: its settings, workflows, forms, tables. They go with every copy of it."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from casewright.config import FILE
from casewright.patterns import pattern

FOLDERS = ("forms", "schemas", "tables", "workflows")
SUFFIXES = (".csv", ".json", ".md", ".yaml", ".yml")
AT_THE_TOP = (FILE, ".gitignore")
LARGEST = 10_000_000
"""Bytes; what people write is smaller."""
_PART = pattern(r"[^\x00-\x1f\x7f/\\:*?\"<>|]{1,200}")
_DEEPEST = 8


def workspace_files(root: Path) -> Iterator[str]:
    """Yield the files of a workspace by their path in it, in order; links are not followed."""
    found = [one for one in root.iterdir() if one.is_file()]
    for folder in FOLDERS:
        for place, folders, names in os.walk(root / folder):
            folders[:] = [one for one in folders if not one.startswith((".", "__"))]
            found += [Path(place) / name for name in names]
    named = (one.relative_to(root).as_posix() for one in found if not one.is_symlink())
    yield from sorted(filter(is_workspace_file, named))


def is_workspace_file(name: str) -> bool:
    """Return whether a name, which may come from anywhere, is one that a workspace file has."""
    if name in AT_THE_TOP:
        return True
    parts = name.split("/")
    if len(parts) > _DEEPEST or not all(map(_is_sound, parts)):
        return False
    suffix = PurePosixPath(name).suffix
    if len(parts) == 1:
        return suffix in (".yaml", ".yml")
    return parts[0] in FOLDERS and suffix in SUFFIXES


def _is_sound(part: str) -> bool:
    return bool(_PART.fullmatch(part)) and not part.startswith(".") and part == part.strip()
