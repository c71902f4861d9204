"""What a plugin is handed cannot be changed: not by ordinary means, and nothing of the core's by extraordinary ones."""

import pytest

from casewright.queries import ListPeople

from .beasts import ACTS, ZOO, beast

CHANGES = {
    "a field": "ticket.fields['note'] = 'changed'",
    "all fields": "ticket.fields.clear()",
    "inside a field": "ticket.fields['tags'].append('changed')",
    "an attribute": "ticket.state = 'closed'",
    "an attribute, by force": "object.__setattr__(ticket, 'priority', 'urgent')",
    "the fields, by force": "object.__setattr__(ticket, 'fields', {})",
    "the counts": "ticket.times['finish'] = 99",
    "the clocks": "ticket.clocks.clear()",
    "the actor, by force": "object.__setattr__(actor, 'roles', frozenset({'administrator'}))",
    "the workflow's words": "words.workflow['zone']['deep'].append(3)",
    "the transition's words": "words.transition['zone'] = 'changed'",
    "the words, by force": "object.__setattr__(words, 'workflow', {})",
    "what an action is told": "words['list'].append(2)",
    "a fact": "event.facts['transition'] = 'changed'",
    "a fact, by force": "object.__setattr__(event, 'kind', 'Changed')",
    "a change": "event.changes['state'] = 'first'",
    "what is private": "event.private.clear()",
}
QUIETLY = """
try:
    {change}
except (AttributeError, KeyError, TypeError):
    pass
"""


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("place", ["may_fire", "after_event", "act"])
def test_a_plugin_that_changes_what_it_is_handed_changes_nothing(plug, place, change):
    centre = plug(beast=beast(place, QUIETLY.format(change=CHANGES[change])), workflow=ZOO)
    key = centre.open(note="as it was", tags=["a", "b"])

    ACTS[place](centre, key)

    ticket, event = centre.ticket(key), centre.last(key)
    assert (ticket.state, ticket.priority) == ("closed", "normal")
    assert dict(ticket.fields) == {"note": "as it was", "tags": ["a", "b"]}
    assert sum(ticket.times.values()) == 1
    assert (event.kind, event.changes["state"]) == ("TransitionFired", "closed")
    assert event.facts["transition"] in ("finish", "act")
    people = {one.name: one for one in centre.desk.ask(ListPeople(actor="ana"))}
    assert people["ana"].roles == {"agent"}
    assert centre.is_whole()


def test_one_ticket_after_the_other_sees_the_same_words(plug):
    remembering = """
        CALLS.append((str(words.workflow), str(words.transition)))
        try:
            words.workflow['zone']['deep'] += (3,)
        except TypeError:
            pass
    """
    centre = plug(beast=beast("may_fire", remembering), workflow=ZOO)

    for _ in range(2):
        centre.fire(centre.open(), "finish")

    calls = centre.member("beast", "CALLS")
    assert len(calls) == 2
    assert calls[0] == calls[1]


def test_a_ticket_that_a_plugin_keeps_stays_as_it_was_when_it_was_handed_over(plug):
    keeping = "CALLS.append(ticket)"
    centre = plug(beast=beast("may_fire", keeping), workflow=ZOO)
    key = centre.open(note="as it was")
    before = centre.ticket(key)

    centre.fire(key, "finish")

    (kept,) = centre.member("beast", "CALLS")
    assert (kept.state, dict(kept.fields)) == (before.state, dict(before.fields))
    assert kept == before


def test_the_person_that_a_commands_desk_names_cannot_be_given_other_roles(plug):
    promoting = "object.__setattr__(desk.actor, 'roles', frozenset({'leader'}))"
    centre = plug(beast=beast("Poke", promoting), workflow=ZOO)

    ACTS["Poke"](centre, "")

    people = {one.name: one for one in centre.desk.ask(ListPeople(actor="ana"))}
    assert people["adam"].roles == {"administrator"}
