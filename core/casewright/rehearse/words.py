"""Every word of a scenario file, as data: what a step may do and must say, and what may be expected."""

from collections.abc import Mapping

from casewright.commands import CONTACT_KINDS
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word: the kind of value behind it (see `scenario_values.READERS`), and whether it must be there."""

    kind: str
    required: bool = False
    choices: tuple[str, ...] = ()


def _needed(kind: str, *choices: str) -> Word:
    return Word(kind=kind, required=True, choices=choices)


_TEXT, _FLAG, _WHEN, _FIELDS = (Word(kind=one) for one in ("text", "flag", "when", "fields"))

SCENARIO: Mapping[str, Word] = {
    "scenario": _needed("text"),
    "title": _needed("bilingual"),
    "start": Word(kind="moment"),
    "lasts": Word(kind="duration"),
    "customer": Word(kind="mapping"),
    "steps": _needed("list"),
    "expect": Word(kind="list"),
}
CUSTOMER: Mapping[str, Word] = {
    "id": _needed("text"),
    **dict.fromkeys(("name", "tier", "brand", "language", "phone", "email"), _TEXT),
}
STEP: Mapping[str, Word] = {
    "do": _needed("text"),
    "as": _needed("text"),
    "at": _WHEN,
    "after": Word(kind="duration"),
    "ticket": _TEXT,
    "refused": _FLAG,
}
"""What every step says: what is done, by whom, when, to which ticket, and whether it is to be refused."""

DOINGS: Mapping[str, Mapping[str, Word]] = {
    "open": {
        "workflow": _TEXT,
        "fields": _FIELDS,
        "customer": _TEXT,
        "channel": _TEXT,
        "name": _TEXT,
        "reason": _TEXT,
    },
    "fire": {"transition": _needed("text"), "fields": _FIELDS, "reason": _TEXT},
    "vote": {"grant": _needed("flag"), "reason": _TEXT},
    "assign": {"to": _TEXT, "reason": _TEXT},
    "edit": {"fields": _needed("fields")},
    "comment": {"text": _needed("text")},
    "contact": {
        "kind": _needed("text", *CONTACT_KINDS),
        "text": _TEXT,
        "channel": _TEXT,
        "reached": _FLAG,
    },
    "escalate": {"reason": _needed("text")},
    "supervise": {"reason": _needed("text"), "due": _WHEN},
    "answer": {"text": _needed("text")},
    "remind": {"on": _needed("when"), "text": _TEXT},
    "extend": {
        "promise": _needed("text"),
        "by": Word(kind="duration"),
        "until": _WHEN,
        "reason": _TEXT,
    },
    "decide": {"promise": _needed("text"), "grant": _needed("flag"), "reason": _TEXT},
    "take": {"until": _WHEN, "via": _TEXT},
    "refuse": {"reason": _needed("text"), "via": _TEXT},
    "reply": {"text": _needed("text"), "via": _TEXT},
    "absent": {"until": _WHEN, "deputy": _TEXT},
    "back": {},
    "withdraw": {"reason": _needed("text"), "identity_checked": _FLAG},
    "reopen": {"reason": _TEXT, "fields": _FIELDS},
}
"""What a step may do, and the words that each doing takes beside those of every step."""

ENDINGS = ("running", "paused", "met", "breached", "cancelled", "never began")
_TOLD: Mapping[str, Word] = {
    "via": _TEXT,
    "promise": _TEXT,
    "at": Word(kind="threshold"),
    "reason": _TEXT,
    "in_time": _FLAG,
    "ticket": _TEXT,
}
EXPECTATIONS: Mapping[str, Mapping[str, Word]] = {
    "told": {"told": _needed("text"), **_TOLD},
    "not_told": {"not_told": _needed("text"), **_TOLD},
    "promise": {
        "promise": _needed("text"),
        "is": _needed("text", *ENDINGS),
        "ticket": _TEXT,
    },
    "state": {"state": _needed("text"), "ticket": _TEXT},
}
"""What may be expected, each known by its first word."""
