"""The ladder: every level fires, each once, in order; what was missed is told as one; nothing repeats for ever."""

import pytest

from casewright.commands import AssignTicket, EditFields, TimerFired
from casewright.errors import NotAllowed
from casewright.queries import VerifyAudit

from .time_desk import OFFICE, STATES, at

EIGHT = "handling: {from: opened, until: closed, within: 8 hours, pauses: asking}"
LEVELS = """\
handling:
  - {at: 50%, tell: handler}
  - {at: 1 hour before, tell: owner}
  - {at: 100%, tell: [handler, owner], via: [notice, sms]}
  - {at: 2 hours after, tell: team_lead}
  - {every: 4 hours, from: 100%, times: 3, tell: role:monitor}
"""


def test_every_level_fires_at_its_moment_and_none_twice(timed):
    timed.promise(EIGHT, LEVELS)
    key = timed.open()

    timed.run_until("2026-04-30 18:00")

    assert [(one.at, one.to, one.reason, one.threshold) for one in timed.told(key)] == [
        ("2026-03-02 13:00", "ana", "warning", "50%"),
        ("2026-03-02 16:00", "olga", "warning", "1 hour before"),
        ("2026-03-02 17:00", "ana", "breach", "100%"),
        ("2026-03-02 17:00", "olga", "breach", "100%"),
        ("2026-03-02 17:00", "tess", "next_level", "untaken"),
        ("2026-03-03 10:00", "tess", "after_breach", "2 hours after"),
        ("2026-03-03 12:00", "mona", "after_breach", "every 4 hours #1"),
        ("2026-03-03 16:00", "mona", "after_breach", "every 4 hours #2"),
        ("2026-03-04 11:00", "mona", "after_breach", "every 4 hours #3"),
    ]
    assert [one.to for one in timed.told(key, via="sms") if one.reason == "breach"] == [
        "ana",
        "olga",
    ]
    assert timed.clock_of(key).next_at is None


def test_a_level_before_due_that_is_longer_than_the_target_is_skipped(timed):
    timed.promise(
        "handling: {from: opened, until: closed, within: 30 minutes}",
        "handling: [{at: 4 hours before, tell: handler}, {at: 100%, tell: owner}]",
    )
    key = timed.open()
    timed.drain()
    assert timed.told(key) == []

    timed.run_until("2026-03-02 09:30")

    assert timed.told(key)[0][:2] == ("2026-03-02 09:30", "olga")
    assert "4 hours before" not in {one.threshold for one in timed.told(key)}


def test_levels_missed_together_tell_each_person_once_of_the_last_of_them(timed):
    timed.promise(EIGHT, LEVELS)
    key = timed.open()

    timed.jump_to("2026-03-03 13:00")

    assert [
        (one.to, one.threshold) for one in timed.told(key) if one.reason != "next_level"
    ] == [
        ("mona", "every 4 hours #1"),
        ("tess", "2 hours after"),
        ("ana", "100%"),
        ("olga", "100%"),
    ]
    timed.run_until("2026-03-03 16:00")
    assert timed.told(key)[-1].threshold == "every 4 hours #2"


def test_what_each_missed_level_wants_done_is_done(timed):
    timed.promise(
        EIGHT,
        "handling:\n"
        "  - {at: 50%, tell: handler, do: [{set: {kind: warned}}]}\n"
        "  - {at: 100%, tell: owner, do: [{raise_priority: urgent}, {set: {note: late}}]}\n"
        "  - {at: 1 hour after, tell: owner, do: [{assign: user:ben}]}",
    )
    key = timed.open()

    timed.jump_to("2026-03-04 09:00")

    ticket = timed.ticket(key)
    assert (ticket.priority, ticket.handler) == ("urgent", "ben")
    assert dict(ticket.fields) == {"kind": "warned", "note": "late"}


def test_a_breach_is_stamped_with_its_due_time_and_with_when_it_was_noticed(timed):
    timed.promise(EIGHT, LEVELS)
    key = timed.open()

    timed.jump_to("2026-03-05 11:11")

    clock = timed.clock_of(key)
    assert (clock.breached_at, clock.noticed_at) == (
        at("2026-03-02 17:00"),
        at("2026-03-05 11:11"),
    )
    timed.fire(key, "finish")
    assert (timed.clock_of(key).state, timed.clock_of(key).end) == ("breached", "met")


def test_a_breach_says_whose_minutes_caused_it(timed):
    timed.promise(EIGHT, LEVELS)
    key = timed.open()
    timed.run_until("2026-03-02 11:00")
    timed.fire(key, "ask")
    timed.run_until("2026-03-02 13:00")
    timed.fire(key, "answered")
    timed.run_until("2026-03-02 15:00")
    timed.desk.execute(AssignTicket(actor="ana", ticket=key, handler="ben"))

    timed.run_until("2026-03-03 10:00")

    (event,) = [one for one in timed.history(key) if "breached" in one.facts]
    # The two hours that it stood still came to nothing.
    assert event.facts["booked"] == {"handler:ana": 4 * 3600, "handler:ben": 4 * 3600}


def test_midnight_repeats_nothing(timed):
    """Whoever was told on one day is not told again because it is another day."""
    timed.calendar({**OFFICE, "calendar": "day_and_night", "week": {"mon-sun": "00:00-24:00"}})
    timed.promise(
        "handling: {from: opened, until: closed, within: 20 hours, calendar: day_and_night}",
        "handling: [{at: 70%, tell: handler}, {at: 100%, tell: owner}]",
    )
    key = timed.open()
    timed.run_until("2026-03-02 23:59")
    assert [one.threshold for one in timed.told(key)] == ["70%"]

    timed.run_until("2026-03-03 00:30")
    timed.jump_to("2026-03-03 04:59")

    assert [one.threshold for one in timed.told(key)] == ["70%"]


def test_a_clock_set_back_repeats_nothing_and_one_set_forward_skips_nothing(timed):
    timed.promise(EIGHT, LEVELS)
    key = timed.open()
    timed.run_until("2026-03-02 13:30")

    timed.clock.set(at("2026-03-02 12:30"))
    timed.drain()
    timed.run_until("2026-03-02 13:30")
    assert [one.threshold for one in timed.told(key)] == ["50%"]

    timed.jump_to("2026-03-03 13:30")
    assert {"100%", "2 hours after"} <= {one.threshold for one in timed.told(key)}


def test_a_due_time_moved_later_arms_only_what_lies_ahead(timed):
    timed.promise(
        "handling:\n"
        "  from: opened\n"
        "  until: closed\n"
        "  within: [{within: 4 hours, when: 'fields.urgent'}, {within: 16 hours}]",
        LEVELS,
    )
    key = timed.open(urgent=True)
    timed.run_until("2026-03-02 12:30")  # 50% and 1 hour before have fired
    assert [one.threshold for one in timed.told(key)] == ["50%", "1 hour before"]

    timed.desk.execute(EditFields(actor="ana", ticket=key, fields={"urgent": False}))
    assert timed.due(key) == "2026-03-03 16:00"
    timed.run_until("2026-03-03 15:59")

    assert [(one.at, one.threshold) for one in timed.told(key)][2:] == [
        ("2026-03-02 17:00", "50%"),
        ("2026-03-03 15:00", "1 hour before"),
    ]
    keys = [one.id for one in timed.notices(key)]
    assert len(keys) == len(set(keys)) == 4


def test_a_run_that_was_breached_keeps_its_due_time_whatever_changes(timed):
    timed.promise(
        "handling: {from: opened, until: closed, within: {urgent: 4 hours, high: 6 hours, normal: 8 hours}}",
        LEVELS,
    )
    key = timed.open()
    timed.run_until("2026-03-03 09:30")
    before = timed.clock_of(key)

    timed.desk.execute(EditFields(actor="ana", ticket=key, fields={"urgent": True}))
    timed.calendar({**OFFICE, "week": {"mon-fri": "09:00-12:00"}})
    timed.drain()

    after = timed.clock_of(key)
    assert (after.due_at, after.breached_at, after.target) == (
        before.due_at,
        before.breached_at,
        before.target,
    )


def test_a_ladder_that_has_begun_is_the_one_the_ticket_was_opened_with(timed):
    timed.promise(EIGHT, LEVELS)
    key = timed.open()
    timed.run_until("2026-03-02 10:00")

    timed.promise(EIGHT, "handling: [{at: 20%, tell: team_lead}]")
    timed.run_until("2026-03-02 16:30")

    assert [one.threshold for one in timed.told(key)] == ["50%", "1 hour before"]


def test_many_tickets_fall_due_in_order_and_each_once(timed):
    timed.promise(EIGHT, LEVELS)
    keys = []
    for _ in range(30):
        keys.append(timed.open())
        timed.clock.set(timed.clock.now().replace(second=len(keys)))

    timed.run_until("2026-03-02 18:00")

    told = [timed.told(key) for key in keys]
    assert all(
        [one.threshold for one in each] == ["50%", "1 hour before", "100%", "100%", "untaken"]
        for each in told
    )
    assert timed.desk.ask(VerifyAudit(actor="ana")).ok


# --- what must not be got round ----------------------------------------------------------------

GUARDED = STATES.replace("closed: {final: true,", "closed: {final: true, needs: note,").replace(
    "finish: {to: closed, by: anyone}", "finish: {to: closed, by: [anyone, timer]}"
)


def test_the_clock_cannot_close_what_may_not_be_closed(timed):
    states = GUARDED.replace(
        "title: {en: Working, zh: 办理中}",
        "title: {en: Working, zh: 办理中}\n    after: {4 hours: finish}",
    )
    timed.promise(EIGHT, LEVELS, states=states)
    key = timed.open()

    timed.run_until("2026-03-04 13:00")

    assert timed.ticket(key).state == "working"
    refused = [event.facts for event in timed.history(key) if "refused" in event.facts]
    assert [fact["refused"] for fact in refused] == ["transition.refused"] * 3
    assert timed.whom(key, "timed_transition_refused") == ["ana", "olga"]

    timed.desk.execute(EditFields(actor="ana", ticket=key, fields={"note": "done"}))
    timed.run_until("2026-03-05 18:00")
    assert timed.ticket(key).state == "closed"


def test_a_ladder_cannot_close_what_may_not_be_closed_and_still_tells(timed):
    timed.promise(
        EIGHT,
        "handling: [{at: 100%, tell: [handler, owner], do: [{fire: finish}]}]",
        states=GUARDED,
    )
    key = timed.open()

    timed.run_until("2026-03-02 18:00")

    assert timed.ticket(key).state == "working"
    assert timed.whom(key, "breach") == ["ana", "olga"]
    assert timed.whom(key, "ladder_refused") == ["ana", "olga"]
    assert timed.clock_of(key).state == "breached"
    (event,) = [one for one in timed.history(key) if "not_done" in one.facts]
    assert event.facts["not_done"] == "transition.refused"


def test_a_ladder_may_take_a_transition(timed):
    timed.promise(
        EIGHT, "handling: [{at: 100%, tell: owner, do: [{fire: finish}]}]", states=GUARDED
    )
    key = timed.open(note="all there")

    timed.run_until("2026-03-02 18:00")

    assert timed.ticket(key).state == "closed"
    assert timed.whom(key, "breach") == ["olga"]
    assert (timed.clock_of(key).state, timed.clock_of(key).end) == ("breached", "met")


def test_a_timed_transition_is_taken_once_and_only_from_its_state(timed):
    states = STATES.replace(
        "    waiting: customer\n", "    waiting: customer\n    after: {1 day: answered}\n"
    ).replace(
        "answered: {to: working, by: anyone}", "answered: {to: working, by: [anyone, timer]}"
    )
    timed.promise(EIGHT, LEVELS, states=states)
    timed.run_until("2026-03-02 10:00")
    left, stays = timed.open(), timed.open()
    for key in (left, stays):
        timed.fire(key, "ask")
    timed.run_until("2026-03-02 11:00")
    timed.fire(left, "answered")

    timed.run_until("2026-03-03 12:00")

    assert [event.at for event in timed.events(left, "TransitionFired")] == [
        at("2026-03-02 10:00"),
        at("2026-03-02 11:00"),
    ]
    assert [(event.at, event.actor) for event in timed.events(stays, "TransitionFired")] == [
        (at("2026-03-02 10:00"), "ana"),
        (at("2026-03-03 10:00"), "system:timer"),
    ]


@pytest.mark.parametrize("person", ["ana", "rita"])
def test_nobody_but_the_clock_says_that_a_timer_has_come(timed, person):

    timed.promise(EIGHT, LEVELS)
    key = timed.open()
    due = timed.clock_of(key).next_at
    timed.clock.set(due)

    with pytest.raises(NotAllowed):
        timed.desk.execute(
            TimerFired(actor=person, ticket=key, name="promise:handling", due_at=due)
        )

    assert timed.told(key) == []
