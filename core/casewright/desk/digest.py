"""What a command asks for, as a digest: under one id the same may be asked again, and nothing else."""

import hashlib
from dataclasses import fields
from datetime import datetime, timedelta

from casewright import compact_json
from casewright.commands import Command
from casewright.errors import CommandRefused, message


def content_digest(command: Command) -> str:
    """Return a digest of what a command asks for, whatever its id; CommandRefused when it cannot be stored."""
    kind = type(command)
    names = _CONTENT_NAMES.get(kind)
    if names is None:
        names = [one.name for one in fields(kind) if one.name != "command_id"]
        _CONTENT_NAMES[kind] = names
    said = {name: getattr(command, name) for name in names}
    try:
        command.command_id.encode()
        content = compact_json.canonical([kind.__name__, said], default=_plain)
    except (UnicodeEncodeError, compact_json.Unencodable):
        reason = message(
            "it holds half a character (a lone surrogate) or a number beyond 64 bits"
        )
        raise CommandRefused(reason=reason) from None
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return dict(value)  # type: ignore[call-overload]


_CONTENT_NAMES: dict[type[Command], list[str]] = {}
