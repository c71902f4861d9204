"""One case of a log as commands to the desk: which event was taken, which was refused and why."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from casewright.clock import SetClock
from casewright.commands import FireTransition, OpenTicket
from casewright.desk import Desk
from casewright.errors import CasewrightError, CommandReused, Message, message
from casewright.exchange.log_model import Case, LogEvent
from casewright.model import SYSTEM, Receipt
from casewright.queries import GetHistory
from casewright.swift_dataclass import dataclass

CHANNEL = "log"
"""The channel of tickets that a replay opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why an event was refused; `state` is where its ticket stood, "" when it was never opened."""

    state: str
    code: str
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedCase:
    """A case as its ticket's history has it: the events taken, and the refused ones by their index.

    `repeated` tells that an earlier replay of the same log had brought it in.
    """

    case: Case
    taken: Sequence[tuple[str, datetime]]
    refused: Mapping[int, Refusal]
    repeated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """What leads cases through a workflow: `transitions` by activity, `people` by agent.

    All command ids begin with `identity`.
    """

    desk: Desk
    clock: SetClock
    workflow: str
    transitions: Mapping[str, str]
    people: Mapping[str | None, str]
    identity: str

    def command_id(self, number: int, index: int) -> str:
        """Return the id of a case's command; ids in the order of the log keep the store's index compact."""
        return f"{self.identity}{number:08x}{index:06x}"


def identity_of(bundle: str, transitions: Mapping[str, str], cases: Sequence[Case]) -> str:
    """Return 18 hex digits for this workflow version, map and log, however the log is packed."""
    digest = hashlib.sha256(json.dumps([bundle, sorted(transitions.items())]).encode())
    for case in cases:
        told = [[one.activity, one.at.isoformat(), one.agent] for one in case.events]
        digest.update(json.dumps([case.id, told]).encode())
    return digest.hexdigest()[:18]


def replay_case(track: Track, number: int, case: Case) -> ReplayedCase:
    """Replay the case and return what its ticket's history says afterwards.

    A case must be durable as a whole or not at all: call this inside the desk's `batch`. Then a
    ticket that is there already has all its events, and what it lacks was refused before; such
    events must not be tried again now that the ticket stands elsewhere.
    """
    opened = _open(track, number, case)
    if isinstance(opened, Refusal):
        return ReplayedCase(
            case=case,
            taken=(),
            refused=dict.fromkeys(range(len(case.events)), opened),
            repeated=False,
        )
    refusals = {} if opened.repeated else _fire_all(track, number, case, opened)
    taken = _taken(track, number, case, opened.ticket)
    missing = [index for index in range(len(case.events)) if index not in taken]
    if opened.repeated and missing:
        refusals = _rehearsed(track, number, case)
    return ReplayedCase(
        case=case,
        taken=list(taken.values()),
        refused={index: refusals.get(index, _REFUSED_BEFORE) for index in missing},
        repeated=opened.repeated,
    )


def _open(track: Track, number: int, case: Case) -> Receipt | Refusal:
    first = case.events[0]
    track.clock.set(first.at)
    command = OpenTicket(
        actor=track.people[first.agent],
        command_id=track.command_id(number, 0),
        workflow=track.workflow,
        channel=CHANNEL,
        received_at=first.at,
        reason=case.id,
    )
    try:
        return track.desk.execute(command)
    except CasewrightError as error:
        return _refusal(error, "")


def _fire_all(track: Track, number: int, case: Case, opened: Receipt) -> dict[int, Refusal]:
    state, refusals = opened.state, {}
    for index, event in enumerate(case.events):
        came = _fire(track, track.command_id(number, index + 1), event, opened.ticket, state)
        if isinstance(came, Refusal):
            refusals[index] = came
        else:
            state = came.state
    return refusals


def _fire(
    track: Track, command_id: str, event: LogEvent, ticket: str, state: str
) -> Receipt | Refusal:
    transition = track.transitions.get(event.activity)
    if transition is None:
        return Refusal(state=state, code="log_map.unmapped", reason=_UNMAPPED)
    track.clock.set(event.at)
    command = FireTransition(
        actor=track.people[event.agent],
        command_id=command_id,
        ticket=ticket,
        transition=transition,
    )
    try:
        return track.desk.execute(command)
    except CasewrightError as error:
        return _refusal(error, state)


def _taken(
    track: Track, number: int, case: Case, ticket: str
) -> dict[int, tuple[str, datetime]]:
    """Return by index the events that the stored history holds, at the moments it gives them."""
    history = track.desk.ask_as_system(GetHistory(actor=SYSTEM, ticket=ticket))
    moments = {event.command_id: event.at for event in history}
    ids = ((index, track.command_id(number, index + 1)) for index in range(len(case.events)))
    return {
        index: (case.events[index].activity, moments[one])
        for index, one in ids
        if one in moments
    }


def _rehearsed(track: Track, number: int, case: Case) -> dict[int, Refusal]:
    """Replay the case once more under other ids, for the reasons of its refusals, and take all of it back."""
    other = replace(track, identity=hashlib.sha256(track.identity.encode()).hexdigest()[:18])
    refusals: dict[int, Refusal] = {}
    with suppress(_TakenBack):
        with track.desk.batch():
            opened = _open(other, number, case)
            if isinstance(opened, Receipt):
                refusals = _fire_all(other, number, case, opened)
            raise _TakenBack
    return refusals


def _refusal(error: CasewrightError, state: str) -> Refusal:
    if isinstance(error, CommandReused):
        raise error
    details = error.details()
    reason = details.get("reason") or details.get("summary")
    if not isinstance(reason, Message):
        reason = Message(error.sentence, details)
    return Refusal(state=state, code=error.code, reason=reason)


class _TakenBack(Exception):
    """Ends a rehearsal."""


_UNMAPPED = message("the map names no transition for this activity")
_REFUSED_BEFORE = Refusal(
    state="",
    code="refused_before",
    reason=message("it was refused when the log was first replayed"),
)
