"""The YAML door: plain data with places, out of a YAML that cannot surprise, grow or hide.

Scalars follow YAML 1.2 as JSON writes them: true, false, null, ~, whole and decimal numbers;
all else, `12:30:00`, `0o17`, `1_000`, `007` and dates included, stays text. What is refused
stands in `yaml_defences`. The parser's events are taken one by one, so that nesting is refused
long before it could exhaust a stack.
"""

import pickle
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from casewright import regular_file
from casewright.document import Document
from casewright.errors import Place, YamlRefused, message
from casewright.yaml_defences import (
    EVENT_DEFENCES,
    KEY_DEFENCES,
    MAX_BYTES,
    SCALAR_DEFENCES,
    SOURCE_DEFENCES,
    TEXT_DEFENCES,
    slip_in,
)
from casewright.yaml_reading import Reading


def load_file(path: Path, *, file: str | None = None) -> Document:
    """Return what the file holds; raise `FileUnreadable` or `YamlRefused`."""
    name = file or str(path)
    return load(regular_file.read(path, limit=MAX_BYTES, file=name), file=name)


def load(source: str | bytes, *, file: str) -> Document:
    """Return what `source` holds; `file` is the name that places and refusals show.

    Checking and publishing read the same files several times: what was read lately is kept, and handed out as a copy.
    """
    octets = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    key = (sha256(octets).digest(), _defences())
    kept = _KEPT.get(key)
    if kept is None:
        reading = _read(source, file)
        kept = _KEPT[key] = pickle.dumps((reading.data, reading.marks), pickle.HIGHEST_PROTOCOL)
        for stale in [*_KEPT][:-MOST_KEPT]:
            _KEPT.pop(stale, None)
    data, marks = pickle.loads(kept)
    return Document(data=data, file=file, marks=marks)


def _defences() -> tuple[object, ...]:
    tables = (SOURCE_DEFENCES, TEXT_DEFENCES, EVENT_DEFENCES, SCALAR_DEFENCES, KEY_DEFENCES)
    return tuple(check for table in tables for check in table.values())


def _read(source: str | bytes, file: str) -> Reading:
    text = _text(source, file)
    reading = Reading(
        file=file,
        on_event=tuple(EVENT_DEFENCES.values()),
        on_scalar=tuple(SCALAR_DEFENCES.values()),
        on_key=tuple(KEY_DEFENCES.values()),
    )
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            reading.take(event)
    except yaml.YAMLError as error:
        raise _refusal_of(error, text, file) from None
    return reading


MOST_KEPT = 128
"""So many files are kept as they were read, a few kilobytes each: more than a workspace has."""
_KEPT: dict[tuple[object, ...], bytes] = {}
"""By the digest of a source, and what it was held against, what it holds; pickled: whoever is handed it may change it."""
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _text(source: str | bytes, file: str) -> str:
    for check in SOURCE_DEFENCES.values():
        check(source, file)
    text = source if isinstance(source, str) else source.decode("utf-8", "replace")
    text = text.removeprefix("\ufeff")
    for check_text in TEXT_DEFENCES.values():
        check_text(text, file)
    return text


def _refusal_of(error: yaml.YAMLError, text: str, file: str) -> YamlRefused:
    begun = getattr(error, "context_mark", None)
    mark = getattr(error, "problem_mark", None) or begun
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    opened = Place(file, begun.line + 1, begun.column + 1) if begun else None
    if slip := slip_in(text, getattr(error, "context", None), place, opened):
        return YamlRefused(place=slip[0], reason=slip[1])
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return YamlRefused(
        place=place, reason=message("not valid YAML ({problem})", problem=problem)
    )
