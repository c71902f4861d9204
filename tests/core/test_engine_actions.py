"""What workflows do on the way: set, open, link, comment, tell, assign, raise."""

import pytest

from casewright.commands import SavePerson
from casewright.errors import NobodyLeft, NotFound, TicketRefused, TransitionRefused

from .small_centre import CLOSED, HEAD, MATTER_FORM, OPEN


def doing(*actions: str, head: str = HEAD) -> str:
    """A workflow whose transition `go` does these."""
    listed = "".join(f"          - {action}\n" for action in actions)
    return (
        f"{head}states:\n  first:\n    {OPEN}\n    transitions:\n      end: closed\n"
        f"      go:\n        by: anyone\n        do:\n{listed}{CLOSED}"
    )


def test_set_fills_computes_and_empties_fields_in_order(centre):
    centre.publish(
        doing(
            "{set: {note: plain, count: '=fields.count + 1', kind: '=null'}}",
            "{set: {other: '=fields.note'}}",
            "{set: {tags: '=[fields.note, ticket.key]'}, when: 'fields.count == 2'}",
            "{set: {amount: 7}, when: 'fields.count == 1'}",
        )
    )
    key = centre.open(count=1, kind="x")

    centre.fire(key, "go")

    assert centre.ticket(key).fields == {
        "note": "plain",
        "count": 2,
        "other": "plain",
        "tags": ["plain", key],
    }


def test_an_action_that_cannot_be_worked_out_refuses_the_whole_transition(centre):
    centre.publish(doing("{comment: begun}", "{set: {count: '=fields.count + 1'}}"))
    key = centre.open()
    before = centre.ticket(key)

    with pytest.raises(TransitionRefused, match="could not be worked out"):
        centre.fire(key, "go")

    assert centre.ticket(key) == before
    assert len(centre.history(key)) == 1


def test_open_makes_a_child_of_the_fields_given_and_leaves_empty_ones_out(centre):
    centre.publish(
        doing(
            "{open: errand, as: search, fields: {note: '=fields.note', kind: '=fields.kind'}}"
        )
    )
    key = centre.open(note="n")

    (child,) = centre.fire(key, "go").opened

    made, parent = centre.ticket(child), centre.ticket(key)
    assert (made.parent, made.role, made.fields) == (key, "search", {"note": "n"})
    assert (made.opener, made.owner, made.handler) == ("ana", "olga", "ben")
    assert (parent.children_open, parent.children_count) == (1, 1)
    assert centre.history(child)[0].kind == "TicketOpened"


def test_open_each_makes_one_child_an_entry_and_none_for_an_empty_list(centre):
    centre.publish(doing("{open: errand, each: '=fields.tags', fields: {note: '=each'}}"))
    three, none, unset = (centre.open(tags=tags) for tags in (["a", "b", "c"], [], []))

    opened = centre.fire(three, "go").opened

    assert [centre.ticket(child).fields["note"] for child in opened] == ["a", "b", "c"]
    assert centre.fire(none, "go").opened == ()
    assert centre.fire(unset, "go").opened == ()
    assert centre.ticket(three).children_since_entry == 3


def test_a_join_waits_for_every_child(centre):
    centre.publish(
        doing("{open: errand, each: '=fields.tags', fields: {note: '=each'}}").replace(
            "end: closed", "end: {to: closed, when: children.open == 0}"
        )
    )
    key = centre.open(tags=["a", "b"])
    first, second = centre.fire(key, "go").opened

    centre.fire(first, "finish", by="ben")
    with pytest.raises(TransitionRefused):
        centre.fire(key, "end")
    centre.fire(second, "finish", by="ben")

    assert centre.last(key).kind == "ChildClosed"
    assert centre.fire(key, "end").state == "closed"


def test_a_command_that_would_open_more_than_two_hundred_tickets_is_refused_whole(centre):
    itself = doing("{open: matter, each: '=fields.tags', fields: {tags: '=fields.tags'}}")
    centre.publish(
        itself.replace(
            f"  first:\n    {OPEN}\n",
            f"  first:\n    {OPEN}\n    on_enter: [{{open: matter, when: 'ticket.number > 1'}}]\n",
        )
    )
    key = centre.open(tags=["a"])

    with pytest.raises(TicketRefused, match="more than 200 tickets"):
        centre.fire(key, "go")

    assert centre.keys("matter") == [key]
    assert centre.ticket(key).children_count == 0


def test_a_child_whose_owner_cannot_be_named_stops_its_parents_command(centre):
    centre.publish(doing("{open: errand, fields: {subject: '=fields.subject'}}"))
    key = centre.open(subject="ben")
    centre.desk.execute_as_system(SavePerson(actor="system", name="olga", active=False))

    with pytest.raises(NobodyLeft) as refusal:
        centre.fire(key, "go")

    assert (refusal.value.code, refusal.value.workflow) == ("nobody_left", "errand")
    assert centre.keys("errand") == []
    assert centre.ticket(key).children_count == 0


def test_link_goes_both_ways_and_once(centre):
    centre.publish(doing("{link: '=fields.other', as: twin}"))
    far = centre.open()
    key = centre.open(other=far)

    centre.fire(key, "go")
    centre.fire(key, "go")

    assert centre.ticket(key).links == (("twin", far),)
    assert centre.ticket(far).links == (("twin", key),)
    assert centre.last(far).kind == "TicketLinked"
    assert len(centre.history(far)) == 2


def test_link_to_nothing_does_nothing_and_to_no_ticket_is_refused(centre):
    centre.publish(doing("{link: '=fields.other'}"))
    empty, wrong = centre.open(), centre.open(other="MAT-1999-000001")

    centre.fire(empty, "go")
    with pytest.raises(NotFound):
        centre.fire(wrong, "go")

    assert centre.ticket(empty).links == ()
    assert centre.ticket(wrong).times == {}


def test_comments_are_texts_in_both_languages_or_worked_out(centre):
    centre.publish(
        doing("{comment: {en: Hello, zh: 您好}}", "{comment: \"='n = ' + fields.note\"}")
    )
    key = centre.open(note="7")

    centre.fire(key, "go")

    assert centre.last(key).private["comments"] == [{"en": "Hello", "zh": "您好"}, "n = 7"]


def test_tell_reaches_everybody_named_once_but_not_whoever_acts(centre):
    centre.publish(
        doing(
            "{tell: [handler, owner, role:leader, user:olga, customer], via: [notice, sms], message: {en: M, zh: 信}}"
        )
    )
    key = centre.open()

    centre.fire(key, "go")

    assert centre.last(key).facts["told"] == ["cleo", "customer", "dora", "olga"]


@pytest.mark.parametrize(
    ("who", "handler"),
    [
        ("actor", "cleo"),
        ("opener", "ana"),
        ("owner", "olga"),
        ("nobody", None),
        ("user:emil", "emil"),
        ("\"=lookup('places', fields.kind).head\"", "ben"),
        ("[\"=lookup('places', fields.note).head\", owner]", "olga"),
    ],
)
def test_assign_names_the_first_who_can_be(centre, who, handler):
    centre.publish(doing(f"{{assign: {who}}}"))
    key = centre.open(kind="north")

    centre.fire(key, "go", by="cleo")

    assert centre.ticket(key).handler == handler


def test_assign_passes_over_the_absent_and_refuses_when_nobody_is_left(centre):
    centre.publish(doing("{assign: [user:ben, user:emil]}"))
    key = centre.open()

    centre.desk.execute_as_system(SavePerson(actor="system", name="ben", active=False))
    centre.fire(key, "go")
    assert centre.ticket(key).handler == "emil"
    centre.desk.execute_as_system(SavePerson(actor="system", name="emil", active=False))

    with pytest.raises(TransitionRefused, match="nobody can be made its handler"):
        centre.fire(key, "go")


def test_a_role_takes_its_people_in_turn(centre):
    centre.publish(doing("{assign: role:leader}"))
    keys = [centre.open() for _ in range(4)]

    for key in keys:
        centre.fire(key, "go")

    assert [centre.ticket(key).handler for key in keys] == ["dora", "cleo", "dora", "cleo"]


def test_a_raised_priority_is_a_floor_and_never_lowers(centre):
    rules = (
        HEAD + "priority: [{set: urgent, when: fields.urgent}, {set: low}]\nlevels: {roles: "
        "[role:agent, role:leader, role:head]}\n"
    )
    centre.publish(
        doing(
            "{raise_priority: normal}", "{raise_priority: high}", "{raise_level: 2}", head=rules
        )
    )
    key, urgent = centre.open(), centre.open(urgent=True)
    assert (centre.ticket(key).priority, centre.ticket(key).level) == ("low", 1)

    centre.fire(key, "go")
    centre.fire(urgent, "go")

    assert (centre.ticket(key).priority, centre.ticket(key).level) == ("high", 3)
    assert centre.ticket(urgent).priority == "urgent"
    # there is no fourth level
    centre.fire(key, "go")
    assert centre.ticket(key).level == 3


def test_a_tickets_owner_is_the_first_who_can_answer_for_it(centre):
    owners = HEAD.replace(
        "owner: user:olga",
        "owner: [\"=lookup('places', fields.kind).head\", user:emil]\nprocess_owner: user:dora",
    )
    centre.publish(doing("{comment: x}", head=owners))

    assert centre.ticket(centre.open(kind="south")).owner == "cleo"
    assert centre.ticket(centre.open()).owner == "emil"
    centre.desk.execute_as_system(SavePerson(actor="system", name="emil", active=False))
    assert centre.ticket(centre.open()).owner == "dora"
    centre.desk.execute_as_system(SavePerson(actor="system", name="dora", active=False))
    with pytest.raises(NobodyLeft, match="Nobody is left to be the owner of a matter"):
        centre.open()


def test_a_field_left_out_takes_its_default_and_keeps_what_it_held(centre):
    form = MATTER_FORM.replace(
        "note: {type: string,", "note: {type: string, default: as usual,"
    )
    centre.write("forms/matter.yaml", form)
    centre.publish(
        f"{HEAD}states:\n  first: {{{OPEN}, transitions: {{again: {{form: matter}}, close: closed}}}}\n{CLOSED}"
    )

    plain, told = centre.open(), centre.open(note="special")

    assert centre.ticket(plain).fields["note"] == "as usual"
    assert centre.ticket(told).fields["note"] == "special"
