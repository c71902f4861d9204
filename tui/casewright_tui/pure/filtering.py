"""The query line of a queue: from `handler:me due:<4h 宽带` to what is asked for, or where it is not understood; and back."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, time, timedelta
from typing import Any

from casewright.bilingual import Bilingual
from casewright.errors import Message, message
from casewright.model import EMPTY
from casewright.nearest import hint
from casewright.patterns import pattern
from casewright.queries import Queue
from casewright.swift_dataclass import dataclass
from casewright_tui.pure.filter_words import TERMS, Term, Vocabulary, choices, term_of

_WORD = pattern(r'\S*?[:：]?"[^"]*"?|\S+')
_LENGTH = pattern(
    r"(?P<sign>[<>]?)=?(?P<amount>\d{1,5})(?P<unit>m|min|h|d|w|分|分钟|时|小时|天|周)"
)
_CLOCK = pattern(r"<?(?P<hour>\d{1,2}):(?P<minute>\d{2})")
_SECONDS = {
    **dict.fromkeys(("m", "min", "分", "分钟"), 60),
    **dict.fromkeys(("h", "时", "小时"), 3600),
    **dict.fromkeys(("d", "天"), 86_400),
    **dict.fromkeys(("w", "周"), 604_800),
}
_THIS_WEEK = -1
_DAYS = {
    "today": 0,
    "今天": 0,
    "tomorrow": 1,
    "明天": 1,
    "week": _THIS_WEEK,
    "本周": _THIS_WEEK,
}
"""Until the end of which day something is due, in days from today; the week ends with its Sunday."""
ASKS_FOR_CUSTOMERS = frozenset({"text", "customer"})
"""What is on record when it is asked for: searched on Enter only, not at every key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a line asks for: `values` of a `Queue`; or why it is not understood, and from which character to which."""

    values: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    problem: Message | None = None
    place: tuple[int, int] = (0, 0)

    @property
    def searches(self) -> bool:
        """Whether it searches by what customers said or are, which goes on record."""
        return bool(ASKS_FOR_CUSTOMERS & set(self.values))


class _Refused(Exception):
    def __init__(self, reason: Message) -> None:
        self.reason = reason


def understood(line: str, vocabulary: Vocabulary, now: datetime) -> Filter:
    """Return what a line asks for; `now` is in the site's zone, for what is due until some o'clock."""
    values: dict[str, Any] = {}
    words: list[str] = []
    for found in _WORD.finditer(line):
        name, value = _parted(found[0])
        term = term_of(name) if name else None
        try:
            if name and term is None:
                raise _Refused(_unknown(name))
            if term is None:
                words.append(found[0].strip('"'))
            else:
                values.update(_meant(term, value, vocabulary, now))
        except _Refused as refused:
            return Filter(problem=refused.reason, place=found.span())
    if words:
        values["text"] = " ".join(words)
    return Filter(values=values)


def written(queue: Queue) -> str:
    """Return the line that asks for a queue."""
    words = [
        f"{term}:{_quoted(value or 'nobody')}"
        for term, value in (
            ("workflow", queue.workflow),
            ("state", queue.state),
            ("handler", queue.handler),
            ("team", queue.team),
            ("owner", queue.owner),
            ("watcher", queue.watcher),
            ("customer", queue.customer),
            ("priority", queue.priority),
        )
        if value is not None
    ]
    if queue.open is not True:
        words.append("is:all" if queue.open is None else "is:closed")
    if queue.due_within is not None:
        words.append(f"due:<{_length(queue.due_within)}" if queue.due_within else "is:overdue")
    if queue.paused:
        words.append("is:paused")
    if queue.older_than is not None:
        words.append(f"age:>{_length(queue.older_than)}")
    if queue.younger_than is not None:
        words.append(f"age:<{_length(queue.younger_than)}")
    if queue.order != "due" or queue.descending:
        words.append(f"order:{'-' if queue.descending else ''}{queue.order}")
    return " ".join([*words, queue.text] if queue.text else words)


def _parted(word: str) -> tuple[str, str]:
    """Return the name before a colon and the value behind it; no name for a word that has no colon, or only digits before."""
    parted = re.fullmatch(r"([^\W\d][^\s:：\"]*)[:：](.*)", word, re.DOTALL)
    return (parted[1], parted[2].strip('"')) if parted else ("", word)


def _narrow(value: str) -> str:
    """Return a value as it would be without an input method's full-width digits and signs."""
    return unicodedata.normalize("NFKC", value)


def _meant(term: Term, value: str, vocabulary: Vocabulary, now: datetime) -> Mapping[str, Any]:
    match term.name:
        case "due":
            return {"due_within": _until(_narrow(value), now)}
        case "age":
            return _age(_narrow(value))
        case "customer":
            return {"customer": _some(value, term)}
        case "order":
            turned = _narrow(value)
            order = turned.lstrip("-")
            return {
                "order": _chosen(order, term, vocabulary),
                "descending": len(order) < len(turned),
            }
        case "is":
            return _standing(_chosen(value, term, vocabulary))
        case _:
            return {term.name: _chosen(value, term, vocabulary)}


def _standing(name: str) -> Mapping[str, Any]:
    if name == "overdue":
        return {"due_within": 0}
    if name == "paused":
        return {"paused": True}
    return {"open": {"open": True, "closed": False, "all": None}[name]}


def _chosen(value: str, term: Term, vocabulary: Vocabulary) -> str:
    """Return what the desk calls a value: named in full, or by a beginning that only one name has."""
    known, folded = choices(term, vocabulary), _some(value, term).casefold()
    exact = [one for one, names in known.items() if folded in map(str.casefold, names)]
    begun = [
        one
        for one, names in known.items()
        if any(name.casefold().startswith(folded) for name in names)
    ]
    for found in (exact, begun):
        if len(found) == 1:
            return found[0]
        if found:
            raise _Refused(
                message(
                    "'{value}' may be {names}; say which", value=value, names=sorted(found)[:4]
                )
            )
    names = [name for names in known.values() for name in names]
    raise _Refused(
        message(
            "there is no {term} '{value}'{hint}",
            term=_called(term),
            value=value,
            hint=hint(value, names),
        )
    )


def _called(term: Term) -> Bilingual:
    return Bilingual(en=term.name, zh=term.zh)


def _some(value: str, term: Term) -> str:
    if not value:
        raise _Refused(message("'{term}:' needs a value behind the colon", term=_called(term)))
    return value


def _until(value: str, now: datetime) -> int:
    """Return the seconds until a moment of today, the end of a day, or those that a length says."""
    days = _DAYS.get(value.removeprefix("<").casefold())
    if days is not None:
        ends = now.date() + timedelta(
            days=1 + (6 - now.weekday() if days == _THIS_WEEK else days)
        )
        return _seconds(datetime.combine(ends, time(), tzinfo=now.tzinfo) - now)
    clock = _CLOCK.fullmatch(value)
    if clock and int(clock["hour"]) < 24 and int(clock["minute"]) < 60:
        moment = datetime.combine(
            now.date(), time(int(clock["hour"]), int(clock["minute"])), tzinfo=now.tzinfo
        )
        return _seconds(moment - now)
    found = _LENGTH.fullmatch(value)
    if found is None or found["sign"] == ">":
        raise _Refused(
            message(
                "write until when it is due as in due:<4h, due:<30m, due:<2d, due:<12:00, due:today, due:tomorrow or due:week"
            )
        )
    return int(found["amount"]) * _SECONDS[found["unit"]]


def _seconds(length: timedelta) -> int:
    return max(0, int(length / timedelta(seconds=1)))


def _age(value: str) -> Mapping[str, Any]:
    found = _LENGTH.fullmatch(value)
    if found is None:
        raise _Refused(message("write an age as in age:>2d or age:<4h"))
    seconds = int(found["amount"]) * _SECONDS[found["unit"]]
    return {"younger_than" if found["sign"] == "<" else "older_than": seconds}


def _unknown(name: str) -> Message:
    names = [name for one in TERMS for name in (one.name, one.zh)]
    return message(
        "nothing is called '{name}:' here{hint}; put a text with a colon in quotes",
        name=name,
        hint=hint(name, names),
    )


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value


def _length(seconds: int) -> str:
    for unit, length in (("d", 86_400), ("h", 3600)):
        if seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{-(-seconds // 60)}m"
