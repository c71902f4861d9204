"""What `intake.yaml` says of pages for customers: `pages` and `status`, read and checked."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from typing import Any

from casewright import bilingual, durations
from casewright.bilingual import Bilingual, from_data
from casewright.document import Document
from casewright.document import Path as DocumentPath
from casewright.errors import DurationRefused, Message, Problem, message
from casewright.nearest import hint
from casewright.pages.form_page import RESERVED
from casewright.pages.spec import ACTIONS, FILE_TYPES, Files, Page, StatusSettings
from casewright.patterns import pattern
from casewright.swift_dataclass import dataclass

PAGE_WORDS = (
    "channel", "workflow", "title", "intro", "confirmation", "fields", "sender", "always", "promise", "files",
)  # fmt: skip
FIELD_WORDS = ("field", "title", "help")
FILE_WORDS = ("most", "largest", "types")
STATUS_WORDS = ("valid", "may", "per_day", "asks")
SENDER = ("name", "phone", "email")
MOST_FILES, MOST_MEGABYTES, MOST_PER_DAY = 10, 50, 100
_MEGABYTE = 1024 * 1024
_NAME = pattern(r"[a-z][a-z0-9_-]{0,39}")
_ENDING = pattern(r"[a-z0-9]{1,8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The pages of a workspace by name, and what its status pages offer."""

    forms: Mapping[str, Page] = field(default_factory=dict)
    status: StatusSettings = field(default_factory=StatusSettings)


def pages_from_data(data: Mapping[str, Any]) -> Pages:
    """Return the pages of data in which `problems` finds nothing wrong."""
    forms = {name: _page(name, one) for name, one in data.get("pages", {}).items()}
    said = data.get("status", {})
    usual = StatusSettings()
    valid = durations.parse(said["valid"]).wall if "valid" in said else usual.valid
    return Pages(
        forms=forms,
        status=StatusSettings(
            valid=valid,
            may=tuple(said.get("may", usual.may)),
            per_day=said.get("per_day", usual.per_day),
            asks=tuple(said.get("asks", ())),
        ),
    )


def problems(document: Document) -> Iterator[Problem]:
    """Yield everything wrong with the shape of what a document says of pages."""
    data = document.data if isinstance(document.data, dict) else {}
    pages = data.get("pages", {})
    if not isinstance(pages, dict):
        yield _wrong(document, ("pages",), message("write the pages by name"))
        pages = {}
    for name, one in pages.items():
        if not _NAME.fullmatch(str(name)):
            template = "a page's name is of a-z, 0-9, '_' and '-' and begins with a letter: it stands in its address"
            yield _wrong(document, ("pages", name), message(template), key=True)
        yield from _page_problems(document, ("pages", name), one, data.get("channels", {}))
    yield from _status_problems(document, data.get("status", {}))


def _page(name: str, data: Mapping[str, Any]) -> Page:
    files = data.get("files")
    return Page(
        name=name,
        channel=data.get("channel", name),
        workflow=data["workflow"],
        title=from_data(data["title"]),
        intro=from_data(data["intro"]) if "intro" in data else None,
        confirmation=from_data(data["confirmation"]) if "confirmation" in data else None,
        fields=tuple(_name_of(one) for one in data["fields"]),
        titles=_own_words(data["fields"], "title"),
        helps=_own_words(data["fields"], "help"),
        sender=data.get("sender", {}),
        always=data.get("always", {}),
        promise=data.get("promise", ""),
        files=_files(files) if files is not None else Files(),
    )


def _name_of(asked: Any) -> str:
    return str(asked["field"]) if isinstance(asked, dict) else str(asked)


def _own_words(asked: Any, word: str) -> Mapping[str, Bilingual]:
    own = (one for one in asked if isinstance(one, dict) and word in one)
    return {one["field"]: from_data(one[word]) for one in own}


def _files(data: Mapping[str, Any]) -> Files:
    largest = int(data.get("largest", 5) * _MEGABYTE)
    return Files(
        most=data.get("most", 3), largest=largest, types=tuple(data.get("types", FILE_TYPES))
    )


def _page_problems(
    document: Document, path: DocumentPath, data: Any, channels: Any
) -> Iterator[Problem]:
    if not isinstance(data, dict):
        yield _wrong(document, path, message("a page has 'workflow', 'title' and 'fields'"))
        return
    yield from _unknown(document, path, data, PAGE_WORDS)
    for word in ("title", "intro", "confirmation"):
        if word in data or word == "title":
            fault = bilingual.fault(data.get(word))
            if fault is not None:
                yield _wrong(document, (*path, word), fault)
    if not _is_text(data.get("workflow")):
        yield _wrong(
            document, (*path, "workflow"), message("name the workflow whose form it shows")
        )
    for word in ("channel", "promise"):
        if word in data and not _is_text(data[word]):
            yield _wrong(document, (*path, word), message("write a text"))
    channel = data.get("channel", path[-1])
    if isinstance(channels, dict) and channel not in channels:
        template = "there is no channel '{name}' in this file, whose rules say what becomes of what is sent{hint}"
        near = hint(str(channel), channels)
        yield _wrong(
            document, (*path, "channel"), message(template, name=str(channel), hint=near)
        )
    yield from _field_problems(document, path, data)
    if "files" in data:
        yield from _file_problems(document, (*path, "files"), data["files"])


def _field_problems(
    document: Document, path: DocumentPath, data: Mapping[str, Any]
) -> Iterator[Problem]:
    listed: Any = data.get("fields")
    if not isinstance(listed, list) or not listed or not all(map(_is_asked, listed)):
        template = "list the fields that customers are asked, each by its name or as {{field: .., title: .., help: ..}}"
        yield _wrong(document, (*path, "fields"), message(template))
        listed = []
    for index, one in enumerate(listed):
        if isinstance(one, dict):
            yield from _own_word_problems(document, (*path, "fields", index), one)
    asked = [_name_of(one) for one in listed]
    for name in sorted({one for one in asked if asked.count(one) > 1}):
        reason = message("'{name}' is asked twice", name=name)
        yield _wrong(document, (*path, "fields"), reason)
    for name in RESERVED.intersection(asked):
        reason = message("a page has something of its own called '{name}'", name=name)
        yield _wrong(document, (*path, "fields"), reason)
    sender = data.get("sender", {})
    if not isinstance(sender, dict) or not all(map(_is_text, sender.values())):
        reason = message("say which fields tell who it is: {{name: .., phone: .., email: ..}}")
        yield _wrong(document, (*path, "sender"), reason)
        sender = {}
    yield from _unknown(document, (*path, "sender"), sender, SENDER)
    for kind, name in sender.items():
        if name not in asked:
            template = "the page does not ask '{name}'{hint}"
            reason = message(template, name=name, hint=hint(name, asked))
            yield _wrong(document, (*path, "sender", kind), reason)
    if not isinstance(data.get("always", {}), dict):
        reason = message("write values by the name of their field")
        yield _wrong(document, (*path, "always"), reason)


def _own_word_problems(
    document: Document, path: DocumentPath, data: Mapping[str, Any]
) -> Iterator[Problem]:
    yield from _unknown(document, path, data, FIELD_WORDS)
    for word in ("title", "help"):
        if word in data and (fault := bilingual.fault(data[word])):
            yield _wrong(document, (*path, word), fault)


def _is_asked(one: Any) -> bool:
    return _is_text(one) or (isinstance(one, dict) and _is_text(one.get("field")))


def _file_problems(document: Document, path: DocumentPath, data: Any) -> Iterator[Problem]:
    if not isinstance(data, dict):
        reason = message(
            "say which files are taken: {{most: 3, largest: 5, types: [pdf, jpg]}}"
        )
        yield _wrong(document, path, reason)
        return
    yield from _unknown(document, path, data, FILE_WORDS)
    faults = {
        word: _number_fault(data.get(word, 1), limit)
        for word, limit in (("most", MOST_FILES), ("largest", MOST_MEGABYTES))
    }
    for word, fault in faults.items():
        if fault is not None:
            yield _wrong(document, (*path, word), fault)
    counted = not any(faults.values())
    if counted and data.get("most", 3) * data.get("largest", 5) > MOST_MEGABYTES:
        reason = message("all files together have at most {most} MB", most=MOST_MEGABYTES)
        yield _wrong(document, path, reason)
    types = data.get("types", list(FILE_TYPES))
    if not _are_texts(types) or not all(_ENDING.fullmatch(one) for one in types):
        reason = message(
            "list the endings of files, in small letters and without the dot: [pdf, jpg]"
        )
        yield _wrong(document, (*path, "types"), reason)


def _status_problems(document: Document, data: Any) -> Iterator[Problem]:
    path: DocumentPath = ("status",)
    if not isinstance(data, dict):
        reason = message("say what status pages offer: {{valid: 180 days, may: [supplement]}}")
        yield _wrong(document, path, reason)
        return
    yield from _unknown(document, path, data, STATUS_WORDS)
    if "valid" in data and (fault := _duration_fault(data["valid"])):
        yield _wrong(document, (*path, "valid"), fault)
    may = data.get("may", list(ACTIONS))
    if not isinstance(may, list) or any(one not in ACTIONS for one in may):
        reason = message("a list of: {known}", known=list(ACTIONS))
        yield _wrong(document, (*path, "may"), reason)
    if fault := _number_fault(data.get("per_day", 1), MOST_PER_DAY):
        yield _wrong(document, (*path, "per_day"), fault)
    if "asks" in data and not _are_texts(data["asks"]):
        reason = message("list the fields that say what the customer is asked for")
        yield _wrong(document, (*path, "asks"), reason)


def _number_fault(said: Any, limit: int) -> Message | None:
    if isinstance(said, int) and not isinstance(said, bool) and 1 <= said <= limit:
        return None
    return message("write a whole number from 1 to {most}", most=limit)


def _duration_fault(said: Any) -> Message | None:
    try:
        durations.parse(said)
    except DurationRefused as refused:
        return refused.reason
    return None


def _unknown(
    document: Document, path: DocumentPath, data: Mapping[str, Any], known: Collection[str]
) -> Iterator[Problem]:
    for word in data:
        if word not in known:
            reason = message("unknown word '{word}'{hint}", word=word, hint=hint(word, known))
            yield _wrong(document, (*path, word), reason, key=True)


def _wrong(
    document: Document, path: DocumentPath, reason: Message, *, key: bool = False
) -> Problem:
    place = document.key_place(path) if key else document.place(path)
    return Problem(code="pages.wrong", message=reason, place=place)


def _is_text(said: Any) -> bool:
    return isinstance(said, str) and bool(said.strip())


def _are_texts(said: Any) -> bool:
    return isinstance(said, list) and bool(said) and all(map(_is_text, said))
