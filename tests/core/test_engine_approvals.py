"""Approvals: steps, votes, who may not vote, granted, denied, recalled."""

import pytest

from casewright.commands import EditFields
from casewright.errors import TicketRefused, TransitionRefused, VoteRefused

from .small_centre import CLOSED, HEAD, OPEN


def approving(approve: str, *, before: str = "", more: str = "") -> str:
    return (
        f"{HEAD}{before}states:\n  first: {{{OPEN}, transitions: {{ask: {{to: asking, by: anyone}}}}}}\n"
        f"  asking:\n    {OPEN}\n    approve: {approve}\n{more}"
        f"  told: {{{OPEN}, transitions: {{close: closed}}}}\n{CLOSED}"
    )


def asked(centre, by: str = "ana", **fields) -> str:
    key = centre.open("ana", **fields)
    centre.fire(key, "ask", by=by)
    return key


SIMPLE = "{voters: role:leader, granted: told, denied: first}"
BY_VOTES = (
    '{voters: [role:leader, role:head], votes: "fields.amount > 500 ? 2 : 1", '
    "granted: told, denied: first}"
)
STEPS = (
    '{steps: [{voters: role:leader, when: "fields.amount > 10"}, '
    '{voters: role:agent, when: "fields.amount > 20"}, {voters: role:head, when: "fields.amount > 30"}], '
    "granted: [{to: closed, when: 'fields.amount > 1000'}, {to: told}], denied: first}"
)


def test_the_number_of_votes_is_worked_out_from_the_ticket(centre):
    centre.publish(approving(BY_VOTES))
    small, big = asked(centre, amount=500), asked(centre, amount=501)

    assert centre.vote(small, "dora").state == "told"
    assert centre.vote(big, "dora").state == "asking"
    with pytest.raises(VoteRefused, match="dora has voted already"):
        centre.vote(big, "dora")

    assert centre.vote(big, "emil").state == "told"
    assert centre.ticket(big).approvers == ("dora", "emil")


def test_votes_that_cannot_be_worked_out_refuse_the_vote(centre):
    centre.publish(approving(BY_VOTES))
    key = asked(centre)

    with pytest.raises(VoteRefused, match="number of votes cannot be worked out"):
        centre.vote(key, "dora")


@pytest.mark.parametrize(
    ("amount", "voters", "state"),
    [
        (5, [], "told"),
        (15, ["dora"], "told"),
        (25, ["dora", "ben"], "told"),
        (35, ["dora", "ben", "emil"], "told"),
        (1001, ["dora", "ben", "emil"], "closed"),
    ],
)
def test_steps_apply_in_order_where_their_condition_holds(centre, amount, voters, state):
    centre.publish(approving(STEPS))
    key = asked(centre, amount=amount)

    for voter in voters:
        assert centre.ticket(key).state == "asking"
        centre.vote(key, voter)

    assert centre.ticket(key).state == state
    assert centre.ticket(key).ballot.step == 0


def test_a_step_in_between_is_skipped(centre):
    centre.publish(approving(STEPS.replace("fields.amount > 20", "fields.urgent")))
    key = asked(centre, amount=35)

    centre.vote(key, "dora")

    assert centre.ticket(key).ballot.step == 3
    assert centre.vote(key, "emil").state == "told"


def test_one_refusal_with_a_reason_denies(centre):
    centre.publish(approving(BY_VOTES))
    key = asked(centre, amount=900)
    centre.vote(key, "dora")

    with pytest.raises(VoteRefused, match="a refusal needs a reason"):
        centre.vote(key, "emil", grant=False, reason=" ")
    denied = centre.vote(key, "emil", grant=False, reason="too much")

    assert denied.state == "first"
    assert centre.last(key).facts["decision"] == "denied"
    assert centre.last(key).private["reason"] == "too much"
    # the next approval begins without the earlier vote
    centre.fire(key, "ask")
    assert centre.ticket(key).ballot.granted == ()
    assert centre.vote(key, "dora").state == "asking"


def test_only_voters_vote_and_none_who_are_excepted(centre):
    voters = SIMPLE.replace("granted", "except: [handler, submitter, user:dora], granted")
    centre.publish(approving(voters.replace("role:leader", "[role:leader, role:agent]")))
    key = asked(centre, by="ben")

    for person, why in (
        ("ana", "may not be the one"),  # handler
        ("ben", "may not be the one"),  # submitter
        ("dora", "may not be the one"),
        ("emil", "only Leader, Agent"),
    ):
        with pytest.raises(VoteRefused, match=why):
            centre.vote(key, person)

    assert centre.vote(key, "cleo").state == "told"


def test_a_vote_where_nothing_waits_is_refused(centre):
    centre.publish(approving(SIMPLE))
    key = centre.open()

    with pytest.raises(VoteRefused) as refusal:
        centre.vote(key, "dora")

    assert refusal.value.code == "vote.refused"
    assert str(refusal.value) == f"{key}: the vote was not taken: nothing waits for approval."


TWO = (
    "  second:\n    " + OPEN + "\n    approve: {voters: [role:leader, role:agent], "
    "except: submitter, granted: told, denied: first}\n"
    "    transitions: {recall: {to: first, by: submitter}}\n"
)


def test_who_submitted_stays_the_submitter_through_successive_approvals(centre):
    centre.publish(approving(SIMPLE.replace("granted: told", "granted: second"), more=TWO))
    key = asked(centre, by="ben")
    assert centre.vote(key, "cleo").state == "second"

    with pytest.raises(VoteRefused, match="ben may not be the one"):
        centre.vote(key, "ben")
    with pytest.raises(TransitionRefused, match="only the submitter"):
        centre.fire(key, "recall", by="cleo")

    assert centre.fire(key, "recall", by="ben").state == "first"
    assert centre.ticket(key).ballot.step == 0


def test_an_approval_nobody_needs_to_vote_on_is_granted_at_once_with_all_its_actions(centre):
    more = TWO.replace("approve: {", "on_enter: [{comment: second}]\n    approve: {")
    steps = STEPS.replace("{to: told}", "{to: second}")
    centre.publish(approving(steps, more=more))
    key = asked(centre, amount=1)

    assert centre.ticket(key).state == "second"
    assert centre.last(key).facts["granted"] == ["asking"]
    assert centre.last(key).private["comments"] == ["second"]
    assert len(centre.history(key)) == 2


def test_a_granted_approval_does_not_pass_a_guarded_state(centre):
    guarded = approving(SIMPLE).replace(f"told: {{{OPEN}", f"told: {{{OPEN}, needs: [note]")
    centre.publish(guarded)
    key = asked(centre)

    with pytest.raises(TransitionRefused, match="filled in first: note"):
        centre.vote(key, "dora")
    assert centre.ticket(key).ballot.granted == ()
    centre.desk.execute(EditFields(actor="ana", ticket=key, fields={"note": "n"}))

    assert centre.vote(key, "dora").state == "told"


def test_who_is_excluded_after_voting_has_not_voted(centre):
    before = 'exclude: "=fields.subject"\n'
    centre.publish(approving(BY_VOTES, before=before))
    key = asked(centre, amount=900)
    centre.vote(key, "dora")

    centre.desk.execute(EditFields(actor="ana", ticket=key, fields={"subject": "dora"}))

    assert centre.ticket(key).ballot.granted == ()
    assert centre.vote(key, "cleo").state == "asking"
    assert centre.vote(key, "emil").state == "told"


def test_a_closed_ticket_takes_no_vote(centre):
    centre.publish(
        approving(SIMPLE.replace("told", "[{to: told, when: fields.urgent}, {to: closed}]"))
    )
    key = asked(centre)
    centre.vote(key, "dora")

    with pytest.raises(VoteRefused):
        centre.vote(key, "cleo")
    with pytest.raises(TicketRefused):
        centre.desk.execute(EditFields(actor="ana", ticket=key, fields={"note": "n"}))


def test_an_edit_during_an_approval_makes_it_begin_anew(centre):
    centre.publish(approving(STEPS))
    key = asked(centre, amount=25)
    centre.vote(key, "dora")
    assert centre.ticket(key).ballot.step == 2

    centre.desk.execute(EditFields(actor="ana", ticket=key, fields={"amount": 26}))

    assert centre.ticket(key).ballot.step == 1
    assert centre.vote(key, "dora").state == "asking"


def test_who_refused_has_judged_the_matter_as_well(centre):
    centre.publish(approving(SIMPLE))
    key = asked(centre)

    centre.vote(key, "dora", grant=False, reason="too vague")

    assert centre.ticket(key).approvers == ("dora",)
