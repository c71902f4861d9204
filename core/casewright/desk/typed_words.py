"""What staff type holds no NUL, in commands as in forms: it ends texts in some databases, and every text is kept by both."""

from collections.abc import Iterator, Mapping
from typing import Any

from casewright.commands import (
    AddComment,
    AttachFile,
    Command,
    LogContact,
    PublishAnnouncement,
    RecordContact,
    SaveDraft,
)
from casewright.errors import CommandRefused, message

_TYPED: Mapping[type[Command], tuple[str, ...]] = {
    AddComment: ("text",),
    AttachFile: ("filename",),
    LogContact: ("summary",),
    PublishAnnouncement: ("title", "text"),
    RecordContact: ("text",),
    SaveDraft: ("values",),
}
"""The texts of people in commands that nothing else judges; forms, names and reasons have rules of their own."""


def refuse_what_nobody_types(command: Command) -> None:
    """Raise CommandRefused where a text holds the character NUL."""
    for name in _TYPED.get(type(command), ()):
        for one in _texts(getattr(command, name)):
            if "\x00" in one:
                fault = message("a text holds the character NUL")
                raise CommandRefused(
                    reason=message("{field}: {fault}", field=name, fault=fault)
                )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
