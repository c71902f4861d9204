"""From `intake.yaml` to its checked data, or to everything that is wrong with it at once.

`pages`, `status` and a channel's `map` are judged by whoever reads them; here they only have their place.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from casewright import bilingual, durations, strict_yaml
from casewright.document import Document
from casewright.document import Path as DocumentPath
from casewright.errors import (
    DurationRefused,
    FileUnreadable,
    Message,
    Place,
    Problem,
    YamlRefused,
    message,
)
from casewright.intake import mapping
from casewright.intake.rules import BULK, CLOSED, FILE, REFERENCE, UNKNOWN
from casewright.nearest import hint
from casewright.patterns import pattern

__all__ = ["FILE", "load", "problems", "problems_in", "unknown", "wrong"]

WORDS = ("channels", "pages", "status")
CHANNEL_WORDS = (
    "title", "says", "own", "rules", "fields", "unknown", "closed", "joins_within", "bulk",
    "most_per_hour", "confirm", "map",
)  # fmt: skip
RULE_WORDS = ("when", "open", "drop", "wait", "fields")
WHEN_WORDS = (
    "to", "sender", "subject_has", "text_has", "customer", "tier", "language", "fields",
)  # fmt: skip
CONFIRM_WORDS = ("via", "subject", "text", "per_day")
ENDS = ("open", "drop", "wait")
"""What may become of an arrival; a rule says one of them."""
KNOWN = ("known", "unknown")
MOST_RULES = 200
MOST = 10_000
NAME = pattern(r"[A-Za-z0-9_-]{1,40}")
_WORD = pattern(r"[a-z][a-z0-9_]{0,31}")


def problems_in(root: Path) -> list[Problem]:
    """Return what is wrong with the file of the workspace at `root`; one that is not there is no problem."""
    path = root / FILE
    return load(path)[1] if path.exists() else []


def load(path: Path, *, file: str | None = None) -> tuple[Document | None, list[Problem]]:
    """Return the file's document, None when it is refused, and all problems of its shape."""
    name = file or str(path)
    try:
        document = strict_yaml.load_file(path, file=name)
    except (FileUnreadable, YamlRefused) as refusal:
        place = Place(name) if isinstance(refusal, FileUnreadable) else refusal.place
        return None, [Problem(code="intake.unreadable", message=refusal.reason, place=place)]
    found = sorted(problems(document), key=lambda one: one.place)
    return (None if found else document), found


def problems(document: Document) -> Iterator[Problem]:
    """Yield everything wrong with the document's shape."""
    data = document.data
    if not isinstance(data, dict):
        yield wrong(document, (), message("write 'channels:'"))
        return
    yield from unknown(document, (), data, WORDS)
    channels = data.get("channels", {})
    if not isinstance(channels, dict):
        yield wrong(document, ("channels",), message("write the channels by name"))
        return
    for name, one in channels.items():
        if not NAME.fullmatch(str(name)):
            reason = message("a channel's name is made of letters, digits, '_' and '-'")
            yield wrong(document, ("channels", name), reason, key=True)
        yield from _channel(document, ("channels", name), one)


def _channel(document: Document, path: DocumentPath, data: Any) -> Iterator[Problem]:
    if not isinstance(data, dict):
        yield wrong(document, path, message("write the channel's 'rules:'"))
        return
    yield from unknown(document, path, data, CHANNEL_WORDS)
    for word, check in _CHANNEL_CHECKS.items():
        if word in data and (fault := check(data[word])):
            yield wrong(document, (*path, word), fault)
    if "title" in data and (fault := bilingual.fault(data["title"])):
        yield wrong(document, (*path, "title"), fault)
    yield from _fields(document, (*path, "fields"), data.get("fields", {}))
    if "confirm" in data:
        yield from _confirm(document, (*path, "confirm"), data["confirm"])
    rules = data.get("rules", [])
    if not isinstance(rules, list) or len(rules) > MOST_RULES:
        reason = message("write the rules as a list, of at most {limit}", limit=MOST_RULES)
        yield wrong(document, (*path, "rules"), reason)
        return
    for index, one in enumerate(rules):
        yield from _rule(document, (*path, "rules", index), one)


def _rule(document: Document, path: DocumentPath, data: Any) -> Iterator[Problem]:
    if not isinstance(data, dict):
        yield wrong(document, path, message("a rule says 'open:', 'wait:' or 'drop:'"))
        return
    yield from unknown(document, path, data, RULE_WORDS)
    ends = [one for one in ENDS if one in data]
    if len(ends) != 1:
        reason = message("a rule says one of: {words}", words=list(ENDS))
        yield wrong(document, path, reason)
    for one in ends:
        if not _is_text(data[one]):
            yield wrong(document, (*path, one), _A_TEXT)
    yield from _fields(document, (*path, "fields"), data.get("fields", {}))
    yield from _when(document, (*path, "when"), data.get("when", {}))


def _when(document: Document, path: DocumentPath, data: Any) -> Iterator[Problem]:
    if not isinstance(data, dict):
        reason = message("write conditions such as {{subject_has: [invoice, 发票]}}")
        yield wrong(document, path, reason)
        return
    yield from unknown(document, path, data, WHEN_WORDS)
    for word in WHEN_WORDS[:-1]:
        if word in data and not _are_texts(data[word]):
            yield wrong(document, (*path, word), message("write a text, or a list of texts"))
    customer = data.get("customer")
    if _is_text(customer) and customer not in KNOWN:
        reason = message("'{name}' is one of: {known}", name="customer", known=list(KNOWN))
        yield wrong(document, (*path, "customer"), reason)
    if not isinstance(data.get("fields", {}), dict):
        yield wrong(document, (*path, "fields"), _BY_NAME)


def _fields(document: Document, path: DocumentPath, data: Any) -> Iterator[Problem]:
    if not isinstance(data, dict):
        yield wrong(document, path, _BY_NAME)
        return
    for name, said in data.items():
        if mapping.names_a_part(said) and not mapping.is_part(said):
            known = [f"={one}" for one in mapping.PARTS]
            template = "there is no part '{name}' of what comes in{hint}; there are: {known}"
            reason = message(template, name=said, hint=hint(said, known), known=known)
            yield wrong(document, (*path, name), reason)


def _confirm(document: Document, path: DocumentPath, data: Any) -> Iterator[Problem]:
    if not isinstance(data, dict):
        yield wrong(document, path, message("a confirmation has 'via', 'subject' and 'text'"))
        return
    yield from unknown(document, path, data, CONFIRM_WORDS)
    if not _is_text(data.get("via")) or not NAME.fullmatch(data["via"]):
        reason = message("name the channel of casewright.toml that it goes over: 'via: mail'")
        yield wrong(document, (*path, "via"), reason)
    for word in ("subject", "text"):
        if fault := bilingual.fault(data.get(word)) or _reference_fault(word, data[word]):
            yield wrong(document, (*path, word), fault)
    if "per_day" in data and (fault := _count_fault(data["per_day"])):
        yield wrong(document, (*path, "per_day"), fault)


def _reference_fault(word: str, said: Mapping[str, str]) -> Message | None:
    if word != "text" or all(REFERENCE in one for one in said.values()):
        return None
    template = "the text tells the reference number where {word} stands"
    return message(template, word=REFERENCE)


def unknown(
    document: Document, path: DocumentPath, data: Mapping[str, Any], known: Collection[str]
) -> Iterator[Problem]:
    """Yield the words of a mapping that nobody knows."""
    for word in data:
        if word not in known:
            reason = message("unknown word '{word}'{hint}", word=word, hint=hint(word, known))
            place = document.key_place((*path, word))
            yield Problem(code="intake.unknown_word", message=reason, place=place)


def wrong(
    document: Document, path: DocumentPath, reason: Message, *, key: bool = False
) -> Problem:
    """Return what is wrong at a place of the document."""
    place = document.key_place(path) if key else document.place(path)
    return Problem(code="intake.wrong", message=reason, place=place)


def _one_of(known: Collection[str]) -> Callable[[Any], Message | None]:
    listed = message("it is one of: {known}", known=list(known))
    return lambda said: None if said in known else listed


def _count_fault(said: Any) -> Message | None:
    whole = isinstance(said, int) and not isinstance(said, bool)
    if whole and 1 <= said <= MOST:
        return None
    return message("write a whole number from 1 to {most}", most=MOST)


def _duration_fault(said: Any) -> Message | None:
    try:
        durations.parse(said)
    except DurationRefused as refused:
        return refused.reason
    return None


def _says_fault(said: Any) -> Message | None:
    if isinstance(said, str) and _WORD.fullmatch(said):
        return None
    return message("write one word, such as email: tickets tell by it how they came")


def _texts_fault(said: Any) -> Message | None:
    return None if _are_texts(said) else message("write a text, or a list of texts")


def _is_text(said: Any) -> bool:
    return isinstance(said, str) and bool(said.strip())


def _are_texts(said: Any) -> bool:
    return _is_text(said) or (isinstance(said, list) and all(map(_is_text, said)))


_A_TEXT = message("write a text")
_BY_NAME = message("write values by the name of their field")
_CHANNEL_CHECKS: Mapping[str, Callable[[Any], Message | None]] = {
    "says": _says_fault,
    "own": _texts_fault,
    "unknown": _one_of(UNKNOWN),
    "closed": _one_of(CLOSED),
    "bulk": _one_of(BULK),
    "joins_within": _duration_fault,
    "most_per_hour": _count_fault,
}
