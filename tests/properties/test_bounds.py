"""What an expression may give although a workflow was checked: it is refused, and never breaks the desk."""

import gc
import sys

import pytest

from casewright.commands import AddComment, CastVote, FireTransition, OpenTicket
from casewright.errors import CasewrightError, CommandRefused, TransitionRefused, VoteRefused
from casewright.forms.load import form_from_data
from casewright.queries import GetTicket
from casewright.testing.desk import ERRAND, FORM, PARCEL, open_test_desk
from casewright.workflows.guard import Guards
from casewright.workflows.spec import Expression


def _parcel(**transition):
    registered = {
        "transitions": {"go": {"by": "anyone", **transition}, "end": {"to": "closed"}}
    }
    return {
        **PARCEL,
        "states": {
            **PARCEL["states"],
            "registered": {**PARCEL["states"]["registered"], **registered},
        },
    }


def _fired(folder, fields, **transition):
    workflow = _parcel(**transition)
    workflow["states"].pop("searching")
    desk = open_test_desk(folder, workflows=[ERRAND, workflow], forms={"parcel": FORM})
    opened = desk.execute(OpenTicket(actor="ana", workflow="parcel", fields=fields))
    desk.execute(FireTransition(actor="ana", ticket=opened.ticket, transition="go"))
    return desk.ask(GetTicket(actor="ana", ticket=opened.ticket))


@pytest.mark.parametrize(
    "value",
    [
        "=fields.weight / 0.0",
        "=0.0 / 0.0",
        "=fields.subject",
        "=now",
        "=fields.places",
        "=true",
        "='12'",
    ],
)
def test_a_field_is_not_set_to_what_it_cannot_hold(tmp_path, value):
    fields = {"weight": 1.5, "subject": "x", "places": ["north"]}

    with pytest.raises(TransitionRefused):
        _fired(tmp_path, fields, do=[{"set": {"weight": value}}])


@pytest.mark.parametrize(
    "value", ["=fields.weight * 2.0", "=double(fields.pieces)", 3, "=null"]
)
def test_a_field_is_set_to_what_it_can_hold(tmp_path, value):
    ticket = _fired(tmp_path, {"weight": 1.5, "pieces": 3}, do=[{"set": {"weight": value}}])

    assert ticket.fields.get("weight") == (None if value == "=null" else 3)


@pytest.mark.parametrize("each", ["=fields.subject", "=fields.pieces", 3, "north"])
def test_children_are_not_opened_for_each_of_what_is_no_list(tmp_path, each):
    with pytest.raises(TransitionRefused, match="list"):
        _fired(
            tmp_path, {"subject": "no list", "pieces": 2}, do=[{"open": "errand", "each": each}]
        )


@pytest.mark.parametrize(("places", "children"), [(["north", "south"], 2), ([], 0), (None, 0)])
def test_children_are_opened_for_each_of_a_list_that_may_be_empty(tmp_path, places, children):
    fields = {} if places is None else {"places": places}

    ticket = _fired(tmp_path, fields, do=[{"open": "errand", "each": "=fields.places"}])

    assert ticket.children_open == children


def test_a_level_that_no_field_gives_is_that_of_the_round(tmp_path):
    levels = {"levels": {"roles": ["role:agent", "role:agent"], "start": "fields.pieces"}}
    desk = open_test_desk(
        tmp_path, workflows=[ERRAND, {**PARCEL, **levels}], forms={"parcel": FORM}
    )

    opened = [
        desk.execute(OpenTicket(actor="ana", workflow="parcel", fields=one))
        for one in ({}, {"pieces": 2})
    ]

    assert [desk.ask(GetTicket(actor="ana", ticket=one.ticket)).level for one in opened] == [
        1,
        2,
    ]


def test_a_vote_is_refused_where_no_field_says_how_many_are_needed(tmp_path):
    approve = {
        "approve": {
            "voters": "role:agent",
            "votes": "fields.pieces",
            "granted": "closed",
            "denied": "closed",
        }
    }
    states = {
        "registered": {"title": PARCEL["title"], **approve},
        "closed": PARCEL["states"]["closed"],
    }
    desk = open_test_desk(
        tmp_path, workflows=[{**PARCEL, "states": states}], forms={"parcel": FORM}
    )
    key = desk.execute(OpenTicket(actor="ana", workflow="parcel")).ticket

    with pytest.raises(VoteRefused, match="nothing is filled in"):
        desk.execute(CastVote(actor="ben", ticket=key, grant=True))


def test_half_a_character_is_refused_wherever_it_stands(tmp_path):
    desk = open_test_desk(tmp_path)
    key = desk.execute(OpenTicket(actor="ana", workflow="parcel")).ticket

    for command in (
        AddComment(actor="ana", ticket=key, text="half \ud83d"),
        AddComment(actor="ana", ticket=key, text="whole", command_id="half \ud83d"),
        OpenTicket(actor="ana", workflow="parcel", channel="\udc80"),
    ):
        with pytest.raises(CommandRefused, match="half a character"):
            desk.execute(command)
    with pytest.raises(CasewrightError):
        desk.ask(GetTicket(actor="ana", ticket="\ud83d"))


@pytest.mark.parametrize(
    "source",
    ["fields.pieces", "null", "[fields.pieces, fields.weight]", "{'a': fields.pieces}"],
)
def test_asking_for_what_is_not_filled_in_takes_no_reference_from_none(source):
    guards = Guards(fields=form_from_data("parcel", FORM).fields, transitions=(), tables={})
    gc.collect()
    gc.disable()  # what others have left behind would let go of None just now
    try:
        before = sys.getrefcount(None)
        for _ in range(1000):
            guards.value(Expression(source), {"fields": {}})
        after = sys.getrefcount(None)
    finally:
        gc.enable()

    assert after > before - 500
