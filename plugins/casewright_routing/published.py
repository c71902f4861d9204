"""The rules that are in force: routing.yaml as it was published, or why routing rests."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casewright import CommandRefused, Message, PluginDesk, message
from casewright_routing.routing_file import NAME, rules_from_data
from casewright_routing.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Rules, and a digest that tells them from others."""

    rules: Rules
    digest: str


def published(desk: PluginDesk) -> Published | None:
    """Return the rules in force, or None where routing.yaml was not published."""
    data = desk.files.get(NAME)
    return None if data is None else _READ.of(data)


def must_be_published(desk: PluginDesk) -> Published:
    """Return the rules in force; CommandRefused where routing.yaml was not published."""
    found = published(desk)
    if found is None:
        raise CommandRefused(reason=NOT_PUBLISHED)
    return found


NOT_PUBLISHED: Message = message(
    "routing.yaml is not published; write one, or take the starter with 'casewright plugin adopt routing', "
    "and publish it with 'casewright workflow publish'"
)


class _Read:
    """The rules that were read last: what is published stays the same for long."""

    def __init__(self) -> None:
        self._data: object = None
        self._found: Published | None = None

    def of(self, data: Mapping[str, Any]) -> Published:
        if self._found is None or self._data is not data:
            text = json.dumps(data, sort_keys=True, ensure_ascii=False, default=str)
            digest = hashlib.sha256(text.encode()).hexdigest()[:16]
            self._found = Published(rules=rules_from_data(data), digest=digest)
            self._data = data
        return self._found


_READ = _Read()
