"""Shared transitions, starts by cases, notices by expression, an owner found again: as the desk does them."""

import pytest

from casewright.commands import OpenTicket, ReopenTicket
from casewright.errors import TransitionRefused
from casewright.queries import GetActions

from .small_centre import CLOSED, HEAD, OPEN

BY_KIND = HEAD.replace(
    "start: first", "start: [{to: second, when: \"fields.kind == 'known'\"}, {to: first}]"
)
TWO_STATES = f"""\
states:
  first:
    {OPEN}
    transitions: {{move: second, end: closed}}
  second:
    {OPEN}
    needs: kind
    on_enter:
      - {{set: {{note: entered}}}}
    transitions: {{end: closed}}
{CLOSED}"""


def test_a_ticket_begins_where_the_first_case_that_holds_says(centre):
    centre.publish(BY_KIND + TWO_STATES)

    known, other, unset = centre.open(kind="known"), centre.open(kind="x"), centre.open()

    begun = centre.ticket(known)
    assert (begun.state, begun.fields["note"]) == ("second", "entered")
    assert centre.last(known).changes["state"] == "second"
    assert (centre.ticket(other).state, centre.ticket(unset).state) == ("first", "first")
    assert centre.is_whole()


def test_where_no_case_holds_a_ticket_begins_in_the_last(centre):
    only = HEAD.replace(
        "start: first",
        "start: [{to: second, when: \"fields.kind == 'known'\"}, {to: first, when: fields.urgent}]",
    )
    centre.publish(only + TWO_STATES)

    assert centre.ticket(centre.open(kind="x")).state == "first"


def test_a_child_ticket_begins_by_its_own_cases(centre):
    opening = "{open: matter, each: '=fields.tags', fields: {kind: '=each'}}"
    centre.publish(
        BY_KIND
        + f"""\
states:
  first: {{{OPEN}, transitions: {{go: {{do: [{opening}]}}, move: second, end: closed}}}}
  second: {{{OPEN}, transitions: {{end: closed}}}}
{CLOSED}"""
    )
    key = centre.open(tags=["known", "x"])

    opened = centre.fire(key, "go").opened

    assert [centre.ticket(child).state for child in opened] == ["second", "first"]


def test_a_ticket_that_restarts_begins_where_it_would_begin_now(centre):
    centre.publish(BY_KIND + "reopen: restart\n" + TWO_STATES)
    key = centre.open()
    centre.fire(key, "end")

    again = ReopenTicket(actor="ana", ticket=key, fields={"kind": "known"})

    assert centre.desk.execute(again).state == "second"


SHARED = f"""\
{HEAD}states:
  first: {{{OPEN}, shared: [mark, end], transitions: {{move: outer}}}}
  outer:
    {OPEN}
    start: second
    shared: mark
    states:
      second: {{{OPEN}, shared: end, transitions: {{move: third}}}}
      third: {{{OPEN}, transitions: {{mark: {{to: first, by: role:leader}}, end: closed}}}}
{CLOSED}shared:
  mark: {{by: role:agent, limit: 2, do: [{{set: {{note: '=ticket.state'}}}}]}}
  end: {{to: closed, needs: reason}}
"""


def test_each_state_that_names_a_shared_transition_offers_it(centre):
    centre.publish(SHARED)
    key = centre.open()

    def offered() -> set[str]:
        return {one.name for one in centre.desk.ask(GetActions(actor="ana", ticket=key))}

    assert offered() == {"mark", "end", "move"}
    centre.fire(key, "mark", by="ben")
    assert centre.ticket(key).fields["note"] == "first"
    centre.fire(key, "move")
    assert offered() == {"mark", "end", "move"}
    centre.fire(key, "mark", by="ben")

    ticket = centre.ticket(key)
    assert (ticket.state, ticket.fields["note"]) == ("outer.second", "outer.second")
    with pytest.raises(TransitionRefused, match="needs reason"):
        centre.fire(key, "end")
    assert centre.fire(key, "end", reason="done").state == "closed"


def test_a_shared_transition_is_counted_over_all_its_states(centre):
    centre.publish(SHARED)
    key = centre.open()
    centre.fire(key, "mark")
    centre.fire(key, "move")
    centre.fire(key, "mark")

    with pytest.raises(TransitionRefused, match="limit"):
        centre.fire(key, "mark")


def test_a_states_own_transition_comes_before_the_one_that_its_outer_state_names(centre):
    centre.publish(SHARED)
    key = centre.open()
    centre.fire(key, "move")
    centre.fire(key, "move")

    with pytest.raises(TransitionRefused, match="only Leader"):
        centre.fire(key, "mark", by="ben")
    assert centre.fire(key, "mark", by="dora").state == "first"


def doing(*actions: str, owner: str = "user:olga") -> str:
    listed = "".join(f"          - {action}\n" for action in actions)
    return (
        HEAD.replace("user:olga", owner)
        + f"states:\n  first:\n    {OPEN}\n    transitions:\n      end: closed\n"
        + f"      go:\n        by: anyone\n        do:\n{listed}{CLOSED}"
    )


def test_somebody_is_told_whom_an_expression_names(centre):
    head = "lookup('places', fields.kind).head"
    centre.publish(doing(f'{{tell: [owner, "={head}"]}}'))
    north, nowhere = centre.open(kind="north"), centre.open(kind="nowhere")

    centre.fire(north, "go")
    centre.fire(nowhere, "go")

    assert centre.last(north).facts["told"] == ["ben", "olga"]
    assert centre.last(nowhere).facts["told"] == ["olga"]


def test_nobody_is_told_where_the_expression_gives_nobody(centre):
    centre.publish(doing("{tell: '=fields.note'}"))
    key = centre.open()

    centre.fire(key, "go")

    assert "told" not in centre.last(key).facts


BY_PLACE = "[\"=lookup('places', fields.kind).head\", user:olga]"


def test_the_owner_is_found_again_by_the_workflows_rules(centre):
    move = "{set: {kind: south}, when: \"fields.kind == 'north'\"}"
    centre.publish(doing(move, "{renew_owner: true, when: '!fields.urgent'}", owner=BY_PLACE))
    moved, kept = centre.open(kind="north"), centre.open(kind="north", urgent=True)
    assert centre.ticket(moved).owner == "ben"

    centre.fire(moved, "go")
    centre.fire(kept, "go")

    assert centre.ticket(moved).owner == "cleo"
    assert centre.last(moved).changes["owner"] == "cleo"
    assert centre.ticket(kept).owner == "ben"


def test_an_owner_named_by_hand_stays_until_a_renewal(centre):
    centre.publish(doing("{renew_owner: true}", owner=BY_PLACE))
    command = OpenTicket(
        actor="ana", workflow="matter", fields={"kind": "north"}, owner="dora", reason="asked"
    )
    key = centre.desk.execute(command).ticket
    assert centre.ticket(key).owner == "dora"

    centre.fire(key, "go")

    assert centre.ticket(key).owner == "ben"


def test_null_empties_a_field_and_leaves_a_childs_field_out(centre):
    centre.publish(
        doing(
            "{open: errand, fields: {note: '=fields.urgent ? null : fields.note', kind: k}}",
            "{set: {note: '=null'}}",
        )
    )
    key, urgent = centre.open(note="n"), centre.open(note="n", urgent=True)

    children = [centre.fire(one, "go").opened[0] for one in (key, urgent)]

    assert [centre.ticket(one).fields for one in children] == [
        {"note": "n", "kind": "k"},
        {"kind": "k"},
    ]
    assert "note" not in centre.ticket(key).fields
