"""The rules of `intake.yaml`: by channel, what becomes of what comes in over it."""

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from typing import Any, Literal

from casewright import durations
from casewright.bilingual import Bilingual, from_data
from casewright.swift_dataclass import dataclass

FILE = "intake.yaml"
"""The workspace's file; it is published with the workflows."""

Closed = Literal["comment", "reopen", "new"]
Unknown = Literal["make", "nobody"]
Bulk = Literal["wait", "drop"]
CLOSED: tuple[Closed, ...] = ("comment", "reopen", "new")
UNKNOWN: tuple[Unknown, ...] = ("make", "nobody")
BULK: tuple[Bulk, ...] = ("wait", "drop")
MOST_PER_HOUR, MOST_PER_DAY = 20, 3
REFERENCE = "{reference}"
"""What a confirmation writes the ticket's key in the place of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Conditions that must all hold; of each the texts of which one must. A condition without any always holds.

    `to` and `sender` are addresses, or a domain as `@example.org`; `subject_has` and `text_has` are words, `customer` is
    `known` or `unknown`, `fields` are values that were mapped, by name.
    """

    to: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()
    subject_has: tuple[str, ...] = ()
    text_has: tuple[str, ...] = ()
    customer: tuple[str, ...] = ()
    tier: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    fields: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What becomes of an arrival where `when` holds: it opens a ticket of `open`, is dropped for a reason, or waits for one.

    `fields` are values for the ticket's form: a text that begins with `=` names a part of the arrival.
    """

    when: When = When()
    open: str = ""
    drop: str = ""
    wait: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """What the sender is told once a ticket was opened, over the channel `via`, at most `per_day` times a day each."""

    via: str
    subject: Bilingual
    text: Bilingual
    per_day: int = MOST_PER_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """The rules of one channel; the first whose conditions hold is taken.

    `own` are the addresses that are our own; `says` is the channel as tickets tell it. `closed` says what becomes of
    an answer to a closed ticket, `joins_within` how old an open ticket of the same customer and workflow may be to be
    added to instead of opening another one, `unknown` whether a sender whom nobody knows becomes a customer.
    """

    name: str
    says: str = "email"
    own: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    unknown: Unknown = "make"
    closed: Closed = "comment"
    joins_within: timedelta | None = None
    bulk: Bulk = "wait"
    most_per_hour: int = MOST_PER_HOUR
    confirm: Confirm | None = None


def channels_from_data(data: Mapping[str, Any]) -> Mapping[str, Channel]:
    """Return the channels of data that was checked before, by name."""
    return {name: _channel(name, one) for name, one in data.get("channels", {}).items()}


def _channel(name: str, data: Mapping[str, Any]) -> Channel:
    joins = data.get("joins_within")
    return Channel(
        name=name,
        says=data.get("says", "email"),
        own=_several(data.get("own")),
        rules=tuple(_rule(one) for one in data.get("rules", ())),
        fields=data.get("fields", {}),
        unknown=data.get("unknown", "make"),
        closed=data.get("closed", "comment"),
        joins_within=None if joins is None else durations.parse(joins).wall,
        bulk=data.get("bulk", "wait"),
        most_per_hour=data.get("most_per_hour", MOST_PER_HOUR),
        confirm=_confirm(data["confirm"]) if "confirm" in data else None,
    )


def _rule(data: Mapping[str, Any]) -> Rule:
    when = data.get("when", {})
    asked = {name: _several(value) for name, value in when.items() if name != "fields"}
    return Rule(
        when=When(
            **asked,
            fields={name: _several(value) for name, value in when.get("fields", {}).items()},
        ),
        open=data.get("open", ""),
        drop=data.get("drop", ""),
        wait=data.get("wait", ""),
        fields=data.get("fields", {}),
    )


def _confirm(data: Mapping[str, Any]) -> Confirm:
    return Confirm(
        via=data["via"],
        subject=from_data(data["subject"]),
        text=from_data(data["text"]),
        per_day=data.get("per_day", MOST_PER_DAY),
    )


def _several(written: Any) -> tuple[Any, ...]:
    if written is None:
        return ()
    return tuple(written) if isinstance(written, list) else (written,)
