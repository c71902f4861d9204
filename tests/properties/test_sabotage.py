"""Each thing that must hold can be seen to fail: with one part of the product spoilt, the rehearsal says which."""

import ast
import inspect
import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest

from casewright.desk import carrying, embedded
from casewright.desk.carrying import Carrying
from casewright.desk.embedded import Desk
from casewright.engine import entering, offers, parties, relating, taking_back, telling
from casewright.engine.draft import Draft
from casewright.errors import Message, message
from casewright.model import Receipt
from casewright.sla import fold
from casewright.store import codec, deadlines, history, listing, outbox, timers
from casewright.store.database import Database
from casewright.store.tickets import Tickets

from . import rehearsal, witness
from .test_machine import rehearse_seed
from .witness import InvariantBroken

Patch = pytest.MonkeyPatch


def a_notice_crashes(patch: Patch) -> None:
    def tell(*_: Any, **__: Any) -> None:
        raise KeyError("spoilt")

    patch.setattr(telling, "tell", tell)


def a_roll_back_commits(patch: Patch) -> None:
    roll_back = Database._roll_back

    def commit(self: Database) -> None:
        if isinstance(sys.exc_info()[1], rehearsal._BreakOff):
            roll_back(self)
        else:
            self.execute("COMMIT")

    patch.setattr(Database, "_roll_back", commit)


def a_message_is_not_filled_in(patch: Patch) -> None:
    patch.setattr(Message, "__str__", lambda self: self.text + " {value}")


def nothing_is_done(patch: Patch) -> None:
    patch.setattr(Carrying, "_decide", lambda *_: Receipt(ticket="MAT-2026-000001"))


def nothing_is_recorded(patch: Patch) -> None:
    patch.setattr(carrying, "record", lambda *_: None)


def a_repeat_counts_on(patch: Patch) -> None:
    def forgetful(receipt: Receipt) -> Receipt:
        return Receipt(ticket=receipt.ticket, repeated=True) if receipt.repeated else receipt

    spoil(patch, carrying, "receipt_of", forgetful)


def a_repeat_writes(patch: Patch) -> None:
    known = history.of_command

    def of_command(database: Database, command_id: str) -> Any:
        done = known(database, command_id)
        if done is not None:
            database.execute("UPDATE counter SET last = last + 1")
        return done

    patch.setattr(history, "of_command", of_command)


def all_contents_look_alike(patch: Patch) -> None:
    patch.setattr(embedded, "content_digest", lambda _: "alike")


def a_batch_is_none(patch: Patch) -> None:
    patch.setattr(Desk, "batch", lambda self: nullcontext())


def every_offer_looks_blocked(patch: Patch) -> None:
    patch.setattr(offers, "_guard_bar", lambda *_: message("spoilt"))


def the_second_event_is_lost(patch: Patch) -> None:
    append = history.append

    def lose(database: Database, number: int, event: Any, *rest: Any) -> None:
        if event.sequence != 2:
            append(database, number, event, *rest)

    patch.setattr(history, "append", lose)


def every_event_is_a_version(patch: Patch) -> None:
    patch.setattr(Draft, "new_version", property(lambda self: True))


def the_contacts_are_not_stored(patch: Patch) -> None:
    def without_contacts(text: str) -> str:
        return json.dumps(
            {name: one for name, one in json.loads(text).items() if name != "contacts"}
        )

    spoil(patch, codec, "record_of", without_contacts)


def closing_leaves_open(patch: Patch) -> None:
    arrive = entering._arrive

    def half_way(work: Any, draft: Draft, *rest: Any) -> None:
        arrive(work, draft, *rest)
        draft.change(closed_at=None)

    patch.setattr(entering, "_arrive", half_way)


def parents_are_not_told(patch: Patch) -> None:
    patch.setattr(relating, "child_closed", lambda *_: None)


def avoidance_is_forgotten(patch: Patch) -> None:
    patch.setattr(parties, "excluded", lambda *_: False)


def a_hash_is_wrong(patch: Patch) -> None:
    append = history.append
    patch.setattr(history, "append", lambda *parts: append(*parts[:-1], bytes(32)))


def effects_hang_in_the_air(patch: Patch) -> None:
    promise = outbox.promise
    patch.setattr(
        outbox, "promise",
        lambda database, effects, at, held: promise(database, ((number, 99, one) for number, _, one in effects), at, held),
    )  # fmt: skip


def a_timer_is_left_behind(patch: Patch) -> None:
    arm = timers.arm
    patch.setattr(
        timers, "arm", lambda database, number, _, after: arm(database, number, None, after)
    )


def a_breach_is_forgiven(patch: Patch) -> None:
    spoil(patch, fold, "settled", lambda clock: replace(clock, breached_at=None))


def a_queue_goes_by_what_was(patch: Patch) -> None:
    patch.setattr(deadlines, "moved", lambda *_: False)


def taking_back_forgets_what_was_counted(patch: Patch) -> None:
    spoil(patch, taking_back, "_as_of", lambda before: replace(before, times={}))


def a_total_is_wrong(patch: Patch) -> None:
    insert = Tickets.insert

    def miscounted(self: Tickets, *parts: Any) -> int:
        number = insert(self, *parts)
        self._execute("UPDATE tally SET unassigned = unassigned + 1")
        return number

    patch.setattr(Tickets, "insert", miscounted)


def lists_lack_the_newest(patch: Patch) -> None:
    spoil(patch, listing, "page", lambda page: (page[0][1:], page[1]))


def spoil(patch: Patch, where: Any, name: str, after: Callable[[Any], Any]) -> None:
    """Let what a function returns go through `after`."""
    sound = getattr(where, name)
    patch.setattr(where, name, lambda *parts, **named: after(sound(*parts, **named)))


SABOTAGES = [
    (a_notice_crashes, "every exception is a refusal"),
    (a_roll_back_commits, "a refused command changes nothing"),
    (a_message_is_not_filled_in, "a refusal says why"),
    (nothing_is_done, "an accepted command changes something"),
    (nothing_is_recorded, "an event for every ticket touched"),
    (a_repeat_counts_on, "a repeat returns the first receipt"),
    (a_repeat_writes, "a repeat adds nothing"),
    (all_contents_look_alike, "an id is used once"),
    (a_batch_is_none, "a batch that breaks off changes nothing"),
    (every_offer_looks_blocked, "what is blocked is refused"),
    (the_second_event_is_lost, "the sequence counts the events"),
    (every_event_is_a_version, "the version counts the changes"),
    (the_contacts_are_not_stored, "history replays to the ticket"),
    (closing_leaves_open, "final states are closed"),
    (parents_are_not_told, "children_open counts the open children"),
    (avoidance_is_forgotten, "nobody excluded has the ticket"),
    (a_hash_is_wrong, "the audit holds"),
    (effects_hang_in_the_air, "every effect follows from an event"),
    (a_timer_is_left_behind, "the timers are those that the tickets wait for"),
    (a_breach_is_forgiven, "a breach is for good"),
    (a_queue_goes_by_what_was, "beside a ticket stands what a queue goes by"),
    (taking_back_forgets_what_was_counted, "what is taken back is as it was before"),
    (a_total_is_wrong, "the totals kept are what counting comes to"),
    (lists_lack_the_newest, "another desk sees the same"),
]


ALSO_BY = {the_contacts_are_not_stored: "the audit holds"}
"""What may notice it first as well, as chance has it."""
RARE = {taking_back_forgets_what_was_counted: 76, parents_are_not_told: 20}
"""What few rehearsals meet, with the first that did; where rehearsals are drawn otherwise, a later one will."""


@pytest.mark.parametrize(
    ("sabotage", "invariant"), SABOTAGES, ids=[one.__name__ for one, _ in SABOTAGES]
)
def test_what_is_spoilt_is_noticed(monkeypatch, sabotage, invariant):
    sabotage(monkeypatch)

    with pytest.raises(InvariantBroken) as broken:
        _rehearse_from(RARE.get(sabotage, 0))

    assert broken.value.invariant in (invariant, ALSO_BY.get(sabotage, invariant))


def _rehearse_from(first: int) -> None:
    for seed in range(first, first + 200):
        rehearse_seed(seed)


def test_every_invariant_has_a_sabotage():
    checked = set(_invariants())

    assert checked == {invariant for _, invariant in SABOTAGES}


def _invariants() -> list[str]:
    trees = (ast.parse(inspect.getsource(module)) for module in (rehearsal, witness))
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = [
        one for one in calls if getattr(one.func, "id", "") in ("must_hold", "InvariantBroken")
    ]
    return [one.args[0].value for one in named if isinstance(one.args[0], ast.Constant)]
