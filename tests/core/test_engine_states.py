"""States and transitions: entering and leaving, nesting, cases, needs, guards, limits, attempts."""

import pytest

from casewright.commands import (
    AttachFile,
    EditFields,
    FireTransition,
    RecordContact,
    WithdrawTicket,
)
from casewright.errors import (
    Conflict,
    FormRefused,
    NotAllowed,
    NotFound,
    TransitionRefused,
)
from casewright.queries import GetActions
from casewright.texts import Texts

from .small_centre import CLOSED, HEAD, OPEN

NESTED = (
    HEAD
    + """\
states:
  first: {title: {en: First, zh: 一}, transitions: {begin: work, jump: work.two}}
  work:
    title: {en: Work, zh: 办理}
    start: one
    on_enter: [{comment: "enter work"}]
    on_exit: [{comment: "exit work"}]
    states:
      one:
        title: {en: One, zh: 一}
        on_enter: [{comment: "enter one"}]
        on_exit: [{comment: "exit one"}]
        transitions:
          next: {to: two, do: [{comment: "do next"}]}
          again: one
          note: {form: answer}
      two:
        title: {en: Two, zh: 二}
        on_enter: [{comment: "enter two"}]
        on_exit: [{comment: "exit two"}]
        transitions: {back: work}
    transitions: {leave: {to: closed, do: [{comment: "do leave"}]}}
"""
    + CLOSED
)


def said(centre, key) -> list[str]:
    return list(centre.last(key).private.get("comments", ()))


def test_actions_run_from_the_way_out_over_the_transition_to_the_way_in(centre):
    centre.publish(NESTED)
    key = centre.open()

    centre.fire(key, "begin")
    assert centre.ticket(key).state == "work.one"
    assert said(centre, key) == ["enter work", "enter one"]
    # inside the outer state only the inner ones are left and entered
    centre.fire(key, "next")
    assert said(centre, key) == ["do next", "exit one", "enter two"]
    centre.fire(key, "back")
    assert said(centre, key) == ["exit two", "enter one"]
    # leaving both, the inner one first
    centre.fire(key, "leave")
    assert said(centre, key) == ["do leave", "exit one", "exit work"]
    assert centre.ticket(key).state == "closed"


def test_an_inner_state_entered_from_outside_enters_the_outer_one_too(centre):
    centre.publish(NESTED)
    key = centre.open()

    centre.fire(key, "jump")

    assert said(centre, key) == ["enter work", "enter two"]


def test_a_transition_to_the_same_state_leaves_and_enters_it(centre):
    centre.publish(NESTED)
    key = centre.open()
    centre.fire(key, "begin")

    centre.clock.set(centre.clock.now().replace(hour=5))
    centre.fire(key, "again")

    assert said(centre, key) == ["exit one", "enter one"]
    assert centre.ticket(key).entered_at == centre.clock.now()


def test_a_transition_without_target_stays_and_is_a_new_version_nevertheless(centre):
    centre.publish(NESTED)
    key = centre.open()
    centre.fire(key, "begin")
    before = centre.ticket(key)

    centre.fire(key, "note", answer="ok")

    after = centre.ticket(key)
    assert said(centre, key) == []
    assert (after.state, after.entered_at) == (before.state, before.entered_at)
    assert after.version == before.version + 1
    assert after.times == {"begin": 1, "note": 1}


CASES = (
    HEAD
    + f"""\
states:
  first:
    {OPEN}
    transitions:
      sort:
        form: answer
        to: [{{to: big, when: "fields.amount > 500"}}, {{to: odd, when: "fields.answer == 'odd'"}}, {{to: rest}}]
  big: {{{OPEN}, transitions: {{end: closed}}}}
  odd: {{{OPEN}, transitions: {{end: closed}}}}
  rest: {{{OPEN}, transitions: {{end: closed}}}}
"""
    + CLOSED
)


@pytest.mark.parametrize(
    ("fields", "answer", "state"),
    [
        ({"amount": 501}, "odd", "big"),
        ({"amount": 500}, "odd", "odd"),
        ({}, "odd", "odd"),
        ({}, "even", "rest"),
    ],
)
def test_the_first_case_that_holds_is_taken_with_the_form_merged_in(
    centre, fields, answer, state
):
    centre.publish(CASES)
    key = centre.open(**fields)

    assert centre.fire(key, "sort", answer=answer).state == state


GUARDED = (
    HEAD
    + f"""\
states:
  first:
    {OPEN}
    transitions:
      reasoned: {{to: first, needs: reason}}
      proved: {{to: first, needs: attachment}}
      filled: {{to: first, needs: [note, kind]}}
      guarded: {{to: first, when: "fields.count > 3"}}
      led: {{to: first, by: "role:leader", except: [handler, opener]}}
      anybody: {{to: first, by: anyone}}
      owned: {{to: first, by: owner}}
      clocked: {{to: first, by: timer}}
      of_team: {{to: first, by: team_lead}}
      named: {{to: first, by: "user:emil"}}
      twice: {{to: first, limit: 2}}
      tried: {{to: first, attempts: {{calls: 2, days: 2, messages: 1}}}}
      close: closed
"""
    + CLOSED.replace("{final: true", '{final: true, needs: [note], when: "fields.count >= 1"')
)


def refusal_of(centre, key, transition, **more):
    with pytest.raises(TransitionRefused) as refusal:
        centre.fire(key, transition, **more)
    return refusal.value


def test_what_a_transition_needs_is_named_when_it_is_missing(centre):
    centre.publish(GUARDED)
    key = centre.open(kind="x")
    content = centre.desk.keep(b"proof")

    assert refusal_of(centre, key, "reasoned").reason.values == {"fields": "reason"}
    assert refusal_of(centre, key, "proved").reason.values == {"fields": "attachment"}
    assert refusal_of(centre, key, "filled").reason.values == {"fields": "note"}
    centre.fire(key, "reasoned", reason="because")
    attach = AttachFile(actor="ana", ticket=key, digest=content, filename="a", size=5)
    centre.desk.execute(attach)
    centre.fire(key, "proved")
    centre.desk.execute(EditFields(actor="ana", ticket=key, fields={"note": "n"}))
    centre.fire(key, "filled")

    assert centre.ticket(key).times == {"reasoned": 1, "proved": 1, "filled": 1}


def test_a_refused_transition_names_ticket_state_and_transition(centre):
    centre.publish(GUARDED)
    key = centre.open(count=3)

    refusal = refusal_of(centre, key, "guarded")

    assert refusal.code == "transition.refused"
    assert (refusal.ticket, refusal.transition, refusal.state) == (key, "guarded", "first")
    assert str(refusal.reason) == "its condition does not hold: fields.count > 3"
    assert str(refusal) == f"{key} cannot 'guarded' while 'first': {refusal.reason}."


def test_a_guard_refuses_in_the_words_that_its_workflow_has_for_it(centre):
    condition = 'when: "fields.count > 3"'
    assert condition in GUARDED
    words = condition + ", refusal: {en: more than three are needed, zh: 至少需要四个}"
    centre.publish(GUARDED.replace(condition, words))
    key = centre.open(count=3)

    refusal = refusal_of(centre, key, "guarded")

    assert Texts("en").error(refusal).endswith("more than three are needed.")
    assert Texts("zh").error(refusal).endswith("至少需要四个。")


def test_a_guard_over_an_empty_number_is_no_and_says_why(centre):
    centre.publish(GUARDED)
    key = centre.open()

    assert "could not be worked out" in str(refusal_of(centre, key, "guarded").reason)
    centre.desk.execute(EditFields(actor="ana", ticket=key, fields={"count": 4}))

    assert centre.fire(key, "guarded").state == "first"


@pytest.mark.parametrize(
    ("transition", "people"),
    [
        ("close", set()),  # the handler is ana; the close-guard stops her
        ("led", {"cleo", "dora"}),
        ("anybody", {"ana", "ben", "cleo", "dora", "emil", "olga"}),
        ("owned", {"olga"}),
        ("clocked", set()),
        ("of_team", {"olga"}),
        ("named", {"emil"}),
    ],
)
def test_only_those_named_may_take_it(centre, transition, people):
    centre.publish(GUARDED)
    may = set()

    for person in ("ana", "ben", "cleo", "dora", "emil", "olga"):
        key = centre.open()
        try:
            centre.fire(key, transition, by=person)
        except TransitionRefused:
            continue
        may.add(person)

    assert may == people


def test_except_holds_whatever_by_says(centre):
    centre.publish(GUARDED)
    key = centre.open("cleo")

    assert str(refusal_of(centre, key, "led", by="cleo").reason) == "cleo may not be the one"
    assert centre.fire(key, "led", by="dora").state == "first"


def test_somebody_without_the_right_is_refused_before_the_workflow_is_asked(centre):
    centre.publish(GUARDED)
    key = centre.open()

    with pytest.raises(NotAllowed) as refusal:
        centre.fire(key, "anybody", by="rita")

    assert (refusal.value.actor, refusal.value.permission) == ("rita", "ticket.fire")


def test_a_limit_counts_over_the_tickets_whole_life(centre):
    centre.publish(GUARDED)
    key = centre.open()
    centre.fire(key, "twice")
    centre.fire(key, "twice")

    assert refusal_of(centre, key, "twice").reason.values == {"count": 2}


def test_attempts_count_from_the_entry_into_the_state(centre):
    centre.publish(GUARDED)
    key = centre.open()
    for day, channel in ((2, "call"), (2, "sms"), (3, "call")):
        centre.clock.set(centre.clock.now().replace(day=day))
        attempt = RecordContact(actor="ana", ticket=key, kind="attempt", channel=channel)
        assert refusal_of(centre, key, "tried")
        centre.desk.execute(attempt)

    centre.fire(key, "tried")

    assert refusal_of(centre, key, "tried").reason.values == {
        "calls": 2,
        "days": 2,
        "messages": 1,
    }


def test_a_state_guards_its_entry_on_every_path(centre):
    centre.publish(GUARDED)
    key = centre.open()

    assert refusal_of(centre, key, "close").reason.values == {"fields": "note"}
    centre.desk.execute(EditFields(actor="ana", ticket=key, fields={"note": "n", "count": 0}))
    assert "may not be entered yet" in str(refusal_of(centre, key, "close").reason)
    by_clock = FireTransition(actor="system", ticket=key, transition="close")
    with pytest.raises(TransitionRefused):
        centre.desk.execute_as_system(by_clock)
    centre.desk.execute(EditFields(actor="ana", ticket=key, fields={"count": 1}))

    assert centre.fire(key, "close").state == "closed"


def test_built_in_final_states_can_be_guarded_as_well(centre):
    centre.publish(
        HEAD
        + f"states:\n  first: {{{OPEN}, transitions: {{close: closed}}}}\n"
        + CLOSED
        + "  withdrawn: {final: true, title: {en: W, zh: 撤}, when: 'children.open == 0', needs: [note]}\n"
    )
    key, noted = centre.open(), centre.open(note="n")

    def withdraw(one):
        command = WithdrawTicket(actor="ana", ticket=one, reason="r", identity_checked=True)
        return centre.desk.execute(command).state

    with pytest.raises(TransitionRefused, match="note"):
        withdraw(key)
    assert withdraw(noted) == "withdrawn"


def test_nothing_can_be_taken_out_of_a_final_state(centre):
    centre.publish(GUARDED)
    key = centre.open(note="n", count=1)
    centre.fire(key, "close")

    assert str(refusal_of(centre, key, "close").reason) == "the ticket is closed"
    with pytest.raises(NotFound, match="did you mean 'close'"):
        centre.fire(key, "closee")


def test_a_stale_version_is_a_conflict_but_a_comment_makes_none_stale(centre):
    centre.publish(GUARDED)
    key = centre.open(note="n", count=1)
    seen = centre.ticket(key).version
    centre.desk.execute(RecordContact(actor="ben", ticket=key, kind="attempt"))
    stale = FireTransition(actor="ana", ticket=key, transition="close", version=seen)

    assert centre.ticket(key).version == seen
    centre.fire(key, "anybody", by="ben")
    with pytest.raises(Conflict) as refusal:
        centre.desk.execute(stale)

    assert refusal.value.details() == {"ticket": key, "expected": seen, "actual": seen + 1}


def test_a_form_is_checked_before_the_guard_and_replaces_what_it_said_before(centre):
    centre.publish(NESTED)
    key = centre.open(note="kept")
    centre.fire(key, "begin")

    with pytest.raises(FormRefused) as refusal:
        centre.fire(key, "note", answer="", extrra="x")
    assert [name for name, _ in refusal.value.faults] == ["extrra", "answer"]
    centre.fire(key, "note", answer="one", extra="more")
    centre.fire(key, "note", answer="two")

    # `extra` is the form's alone and was left out; `note` belongs to the ticket's form too
    assert centre.ticket(key).fields == {"note": "kept", "answer": "two"}


def test_a_form_where_none_is_asked_for_is_refused(centre):
    centre.publish(NESTED)
    key = centre.open()

    with pytest.raises(FormRefused, match="nothing is to be filled in"):
        centre.fire(key, "begin", note="x")


def test_a_transition_may_be_called_state_or_trigger(centre):
    centre.publish(
        f"{HEAD}states:\n  first: {{{OPEN}, transitions: {{state: second, trigger: closed}}}}\n"
        f"  second: {{{OPEN}, transitions: {{trigger: closed}}}}\n{CLOSED}"
    )
    key = centre.open()

    assert centre.fire(key, "state").state == "second"
    assert centre.fire(key, "trigger").state == "closed"


def test_a_guard_that_no_form_can_mend_blocks_the_offer_already(centre):
    guard = "children.open > 0 && (has(fields.extra) || fields.answer == 'no && yes')"
    centre.publish(
        f"{HEAD}states:\n  first: {{{OPEN}, transitions: {{"
        f'reply: {{form: answer, to: closed, when: "{guard}"}}, '
        f"say: {{form: answer, to: closed, when: \"fields.answer == 'yes' && ticket.level == 1\"}}}}}}\n{CLOSED}"
    )
    key = centre.open()

    offers = {
        one.name: one.blocked for one in centre.desk.ask(GetActions(actor="ana", ticket=key))
    }

    assert "children.open" in str(offers["reply"])
    assert offers["say"] is None
