"""Undo within ten seconds: what a transition changed is as before, and what it promised is not sent."""

from dataclasses import fields as fields_of
from datetime import timedelta

import pytest

from casewright.clock import to_microseconds
from casewright.commands import (
    AddComment,
    AssignTicket,
    FireTransition,
    UndoTransition,
    WatchTicket,
)
from casewright.errors import NotAllowed, NotFound, TicketRefused
from casewright.model import Ticket
from casewright.queries import GetActions, ListNotices, PreviewTransition, VerifyAudit
from casewright.store import history, notices
from casewright.telling.story import SAID
from casewright.texts import Texts
from casewright.workflows.check import check_paths

from .small_centre import CLOSED, HEAD, OPEN

STATES = """\
promises:
  reply: {title: {en: Reply, zh: 答复}, from: opened, until: [answer], within: 2 hours}
  check: {title: {en: Check, zh: 复核}, from: answer, until: [closed], within: 1 hour}
ladder:
  reply:
    - {at: 50%, tell: [handler], via: [notice, sms]}
states:
  first:
    title: {en: Open, zh: 办理中}
    on_exit:
      - {comment: {en: Left., zh: 离开。}}
    transitions:
      answer:
        undo: true
        form: answer
        to: second
        do:
          - {assign: user:ben}
          - {set: {count: 7}}
          - {raise_priority: urgent}
          - {tell: [user:ben], via: [notice, sms], message: {en: Yours., zh: 归您。}}
      plain: second
      end: {undo: true, to: closed}
      stay: {undo: true, form: answer}
  second:
    title: {en: Second, zh: 复核中}
    on_enter:
      - {comment: {en: Come., zh: 到达。}}
    transitions: {close: {by: anyone, to: closed}, back: {by: anyone, to: first}}
"""
MATTER = f"{HEAD}{STATES}{CLOSED}"
BY_COUNTING = {"version", "sequence", "updated_at"}


@pytest.fixture
def key(centre) -> str:
    centre.publish(MATTER)
    return centre.open(note="as it was", kind="old")


def fire(centre, key: str, transition: str = "answer", by: str = "ana", **form) -> str:
    command = FireTransition(actor=by, ticket=key, transition=transition, form=form)
    centre.desk.execute(command)
    return command.command_id


def undo(centre, key: str, undone: str, by: str = "ana"):
    return centre.desk.execute(UndoTransition(actor=by, ticket=key, undone=undone))


def without_counts(ticket: Ticket) -> dict[str, object]:
    names = {one.name for one in fields_of(Ticket)} - BY_COUNTING
    return {name: getattr(ticket, name) for name in names}


def told(centre, key: str, by: str = "ben"):
    page = centre.desk.ask(ListNotices(actor=by, ticket=key))
    return [(one.recipient, one.via, one.state) for one in page.notices]


def test_a_transition_taken_back_leaves_the_ticket_as_it_was(centre, key):
    before = centre.ticket(key)
    undone = fire(centre, key, answer="yes", note="another")
    assert centre.ticket(key).handler == "ben"

    centre.clock.advance(timedelta(seconds=10))
    receipt = undo(centre, key, undone)

    after = centre.ticket(key)
    assert without_counts(after) == without_counts(before)
    assert after.version == before.version + 2
    assert receipt.state == "first"
    last = centre.history(key)[-1]
    assert last.kind == "TransitionUndone"
    assert last.facts == {"transition": "answer", "undone": before.sequence + 1}
    assert last.changes["clocks"]["check"] is None
    assert centre.desk.ask(VerifyAudit(actor="ana", ticket=key)).ok


def test_what_it_promised_is_held_and_then_not_sent(centre, key):
    undone = fire(centre, key, answer="yes")
    assert ("ben", "notice", "delivered") not in told(centre, key)
    with centre.desk._database.read():
        now = to_microseconds(centre.clock.now())
        assert notices.waiting(centre.desk._database, now, 100) == []

    undo(centre, key, undone)

    centre.clock.advance(timedelta(minutes=1))
    assert told(centre, key) == [("ben", "sms", "cancelled")]


def test_what_it_promised_is_shown_and_sent_once_nobody_can_take_it_back(centre, key):
    fire(centre, key, answer="yes")

    centre.clock.advance(timedelta(seconds=15))

    assert set(told(centre, key)) == {("ben", "sms", "queued"), ("ben", "notice", "delivered")}


def test_after_ten_seconds_or_twice_or_by_somebody_else_it_is_refused(centre, key):
    undone = fire(centre, key, answer="yes")
    with pytest.raises(TicketRefused, match="only ana can"):
        undo(centre, key, undone, by="ben")
    with pytest.raises(TicketRefused, match="nothing of it was done"):
        undo(centre, key, "no-such-command")

    centre.clock.advance(timedelta(seconds=10, microseconds=1))
    with pytest.raises(TicketRefused, match="within 10 seconds"):
        undo(centre, key, undone)

    again = fire(centre, key, "back")
    with pytest.raises(TicketRefused, match="cannot be taken back"):
        undo(centre, key, again)
    last = fire(centre, key, "stay", by="ben", answer="no")
    undo(centre, key, last, by="ben")
    with pytest.raises(TicketRefused, match="already"):
        undo(centre, key, last, by="ben")


def test_the_same_command_said_again_comes_to_the_same(centre, key):
    command = UndoTransition(actor="ana", ticket=key, undone=fire(centre, key, answer="yes"))
    first = centre.desk.execute(command)
    centre.clock.advance(timedelta(minutes=5))

    again = centre.desk.execute(command)

    assert (again.repeated, again.sequence) == (True, first.sequence)


def test_comments_may_lie_between_but_no_change(centre, key):
    undone = fire(centre, key, answer="yes")
    centre.desk.execute(AddComment(actor="ben", ticket=key, text="seen"))
    centre.desk.execute(WatchTicket(actor="dora", ticket=key, watching=True))
    undo(centre, key, undone)
    assert centre.ticket(key).watchers == ("dora",)

    undone = fire(centre, key, answer="yes")
    centre.desk.execute(AssignTicket(actor="ben", ticket=key, handler="cleo"))
    with pytest.raises(TicketRefused, match="something else has been done"):
        undo(centre, key, undone)


def test_a_ticket_that_was_closed_is_open_again_and_its_silenced_notices_speak(centre, key):
    centre.clock.advance(timedelta(hours=1))
    centre.desk.working().sweep()
    centre.desk.working().fire()
    waiting = [one for one in told(centre, key, by="ana") if one[1] == "sms"]
    assert waiting == [("ana", "sms", "queued")]
    before = centre.ticket(key)
    undone = fire(centre, key, "end")
    assert ("ana", "sms", "cancelled") in told(centre, key, by="ana")

    undo(centre, key, undone)

    assert without_counts(centre.ticket(key)) == without_counts(before)
    assert ("ana", "sms", "queued") in told(centre, key, by="ana")


def test_a_timer_that_came_due_meanwhile_fires_at_once(centre, key):
    centre.clock.advance(timedelta(minutes=59, seconds=58))
    undone = fire(centre, key, answer="yes")
    centre.clock.advance(timedelta(seconds=5))
    working = centre.desk.working()
    working.sweep()
    working.fire()
    assert "ana" not in {one[0] for one in told(centre, key, by="ana")}

    undo(centre, key, undone)
    working.sweep()
    working.fire()

    assert ("ana", "notice", "delivered") in told(centre, key, by="ana")


def test_whether_it_can_be_taken_back_is_offered_and_foretold(centre, key):
    offers = {
        one.name: one.undo for one in centre.desk.ask(GetActions(actor="ana", ticket=key))
    }
    assert offers == {"answer": True, "plain": False, "end": True, "stay": True}
    before = (centre.ticket(key), centre.history(key), told(centre, key))

    found = centre.desk.ask(
        PreviewTransition(actor="ana", ticket=key, transition="answer", form={"answer": "ok"})
    )

    assert (found.state, found.handler, found.priority, found.undo) == (
        "second", "ben", "urgent", True,
    )  # fmt: skip
    assert {(one.promise, one.change) for one in found.clocks} == {
        ("reply", "met"), ("check", "started"),
    }  # fmt: skip
    assert {(one.recipient, one.via) for one in found.notices} == {
        ("ben", "notice"), ("ben", "sms"),
    }  # fmt: skip
    assert (centre.ticket(key), centre.history(key), told(centre, key)) == before
    with pytest.raises(NotAllowed):
        centre.desk.ask(PreviewTransition(actor="rita", ticket=key, transition="answer"))


def test_a_child_that_its_parent_hears_of_cannot_be_taken_back(centre):
    parent = "states:\n  first:\n    " + OPEN + "\n    transitions:\n"
    parent += "      send: {to: second, do: [{open: errand}]}\n"
    parent += "  second: {" + OPEN + ", transitions: {close: closed}}\n"
    errand = (centre.root / "workflows/errand.yaml").read_text(encoding="utf-8")
    errand = errand.replace("finish: closed", "finish: {undo: true, to: closed}")
    centre.write("workflows/errand.yaml", errand)
    centre.publish(HEAD + parent + CLOSED)
    key = centre.open()
    preview = centre.desk.ask(PreviewTransition(actor="ana", ticket=key, transition="send"))
    assert preview.opened == ("errand",)
    (child,) = centre.fire(key, "send").opened

    undone = fire(centre, child, "finish", by="ben")
    with pytest.raises(TicketRefused, match="cannot be taken back"):
        undo(centre, child, undone, by="ben")

    alone = centre.open(workflow="errand")
    undo(centre, alone, fire(centre, alone, "finish", by="ben"), by="ben")
    assert alone.endswith("000002")  # the preview took no number


def test_an_event_that_was_taken_back_is_known_as_such(centre, key):
    undone = fire(centre, key, answer="yes")
    database = centre.desk._database
    with database.read():
        done = history.of_command(database, undone)
        sequence = done.event.sequence
        number = database.execute(
            "SELECT id FROM event WHERE command_id = ?", (undone,)
        ).fetchone()[0]
        assert not history.is_taken_back(database, number)
    undo(centre, key, undone)
    with database.read():
        assert history.is_taken_back(database, number)
        assert history.events(database, key)[-1].facts["undone"] == sequence


def test_what_a_stranger_may_not_see_is_not_there_to_be_taken_back(centre, key):
    undone = fire(centre, key, answer="yes")
    with pytest.raises((NotFound, NotAllowed)):
        undo(centre, key, undone, by="rita")


@pytest.mark.parametrize(
    ("way", "says"),
    [
        ("{undo: true, to: closed, do: [{open: errand}]}", "opens tickets on the way"),
        ("{undo: true, to: closed, do: [{link: =fields.other}]}", "the other ticket keeps"),
        ("{undo: true, to: closed, by: timer}", "the clock takes nothing back"),
    ],
)
def test_undo_is_refused_where_it_would_not_be_honest(centre, way, says):
    ways = f"transitions:\n      go: {way}\n      close: closed\n"
    text = f"{HEAD}states:\n  first:\n    {OPEN}\n    {ways}{CLOSED}"
    centre.write("workflows/matter.yaml", text)

    found = check_paths([centre.root])

    assert [one.code for one in found if says in str(one.message)] == [
        "workflow.undo_impossible"
    ]


def test_the_history_names_the_command_by_which_it_is_taken_back(centre, key):
    fire(centre, key, answer="yes")
    events = centre.history(key)
    taken = [one.command_id for one in events if one.kind == "TransitionFired"]

    undo(centre, key, taken[-1])

    said = Texts("en").say(SAID["TransitionUndone"], actor="ana", transition="answer")
    assert said == "ana took 'answer' back"
