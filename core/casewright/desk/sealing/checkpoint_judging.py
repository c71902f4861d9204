"""Which checkpoints can be believed: their signatures, their order, and whether the folders outside the database have the same."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from casewright.answers import Broken
from casewright.desk.sealing.signing_keys import signed
from casewright.errors import Message, message
from casewright.store.checkpoints import NOTHING, Statement, Stored, statement_of
from casewright.store.sealing import CHECKPOINT
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What a folder outside the database has: checkpoints by number, and the keys pinned there."""

    name: str
    statements: Mapping[int, Stored | None]
    trusted: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The statements that hold, oldest first; the first checkpoint that does not; and what cannot be said."""

    statements: tuple[Statement, ...] = ()
    broken: Broken | None = None
    remarks: tuple[Message, ...] = field(default=())


def judge(rows: Sequence[Stored], outside: Sequence[Outside], own: str | None) -> Judgement:
    """Return what the checkpoints of the database come to, next to those outside it; `own` is our public key."""
    pins = [one.trusted for one in outside if one.trusted]
    if not pins and own is not None:
        pins = [frozenset({own})]
    known = {one.number: one for one in rows if _fault(one, pins) is None}
    given_up = frozenset(_given_up(rows))
    for place in outside:
        for number, one in place.statements.items():
            if one is not None and number not in given_up and _fault(one, pins) is None:
                known.setdefault(number, one)
    said = [statement_of(known[number].body) for number in sorted(known)]
    return Judgement(
        statements=tuple(one for one in said if one is not None),
        broken=_own_fault(rows, pins) or _outside_fault(rows, outside, given_up),
        remarks=tuple(_remarks(rows, outside, pins)),
    )


def _fault(one: Stored, pins: Sequence[frozenset[str]]) -> Message | None:
    """Return why a checkpoint cannot be believed by itself."""
    said = statement_of(one.body)
    if said is None or said.number != one.number:
        return message("its statement is not what was written")
    if any(said.key not in keys for keys in pins):
        return message("it is signed with a key that was never used here")
    if not signed(said.key, one.signature, one.body):
        return message("its signature is not one under this statement")
    return None


def _own_fault(rows: Sequence[Stored], pins: Sequence[frozenset[str]]) -> Broken | None:
    """Return the first checkpoint of the database that cannot be believed, or that does not follow the one before."""
    before: Stored | None = None
    last = 0
    for one in rows:
        fault = _fault(one, pins)
        said = statement_of(one.body)
        if fault is None and said is not None:
            fault = _follows(said, before, last)
            last = said.last
        if fault is not None:
            return _broken(one.number, fault)
        before = one
    return None


def _follows(said: Statement, before: Stored | None, last: int) -> Message | None:
    number, previous = (0, NOTHING) if before is None else (before.number, before.digest)
    in_order = said.number == number + 1 or (said.number > number and said.restored)
    if not in_order:
        return message("one before it is missing")
    if said.previous != previous or said.first != last:
        return message("it does not follow the one before it")
    return None


def _given_up(rows: Sequence[Stored]) -> Iterator[int]:
    """Yield the numbers of checkpoints that an older state of the database, put back on purpose, does not have."""
    before = 0
    for one in rows:
        said = statement_of(one.body)
        if said is not None and said.restored:
            yield from range(before + 1, said.number)
        before = one.number


def _outside_fault(
    rows: Sequence[Stored], outside: Sequence[Outside], given_up: frozenset[int]
) -> Broken | None:
    ours = {one.number: one for one in rows}
    for place in outside:
        for number, one in place.statements.items():
            if number in ours and one != ours[number]:
                template = "in {place} it says something else"
                return _broken(number, message(template, place=place.name))
            if number not in ours and number not in given_up:
                reason = message(
                    "it is in {place} and not in the database, which lost it or was put back to an older state",
                    place=place.name,
                )
                return _broken(number, reason)
    return None


def _remarks(
    rows: Sequence[Stored], outside: Sequence[Outside], pins: Sequence[frozenset[str]]
) -> Iterator[Message]:
    for place in outside:
        lacking = len([one for one in rows if one.number not in place.statements])
        if lacking:
            yield message(
                "{place} lacks {many} checkpoint(s); the next one writes them there too",
                place=place.name,
                many=lacking,
            )
    if rows and not pins:
        yield message(
            "no key is known here, so that anybody may have signed these checkpoints: name the key, or the second place"
        )


def _broken(number: int, reason: Message) -> Broken:
    return Broken(ticket="", sequence=number, reason=reason, chain=CHECKPOINT)
