"""The table of keys, and what somebody makes of it: everything without letters, nothing that terminals take, no key twice."""

import pytest

from casewright_tui import controls, keymap
from casewright_tui.controls import BANNED, CONTROLS, EVERYWHERE, with_full_width
from casewright_tui.frame import key_name

PLACES = sorted({one.place for one in CONTROLS})


def needs_no_letter(key: str) -> bool:
    return not (len(key) == 1 and key.isalnum() and not key.isdigit())


@pytest.mark.parametrize("control", CONTROLS, ids=lambda one: one.id)
def test_every_control_has_a_key_that_is_no_letter_and_none_that_is_banned(control):
    assert control.keys
    assert all(map(needs_no_letter, control.keys))
    assert not BANNED & {*control.keys, *control.letters}
    assert key_name(control.keys[0])


@pytest.mark.parametrize("place", PLACES)
def test_no_two_controls_that_can_be_had_at_a_place_share_a_key(place):
    letters = place not in ("ticket", "form")
    taken: dict[str, str] = {}
    for one in controls.at(place):
        for key in with_full_width((*one.keys, *(one.letters if letters else ()))):
            assert taken.setdefault(key, one.id) in (one.id, f"{place}.{one.action}"), key
            taken[key] = one.id


def test_what_an_input_method_sends_for_a_key_is_that_key():
    assert "fullwidth_question_mark" in with_full_width(("question_mark",))
    assert {"fullwidth_solidus", "ideographic_comma"} <= set(with_full_width(("slash",)))
    assert "fullwidth_colon" in with_full_width(("colon",))
    assert "fullwidth_digit_one" in with_full_width(("1",))


def test_other_keys_are_taken_over_where_they_can_be():
    found = keymap.understood({"queue.open": ["ctrl+o", "enter"]})

    assert not found.problems
    assert found.textual() == {"queue.open": "ctrl+o,enter"}


@pytest.mark.parametrize(
    ("kept", "why"),
    [
        ({"queue.fly": ["ctrl+o"]}, "does nothing"),
        ({"queue.open": ["ctrl+b"]}, "terminals take it"),
        ({"queue.open": ["ctrl+b", "ctrl+o"]}, "terminals take it"),
        ({"queue.open": ["o"]}, "no letter"),
        ({"queue.open": []}, "no letter"),
        ({"queue.open": "enter"}, "no letter"),
        ({"ticket.note": ["f7", "n"]}, "tickets and forms take those"),
        ({"queue.open": ["f2"]}, "queue.actions"),
        ({"queue.open": ["ctrl+q"]}, "everywhere.quit"),
        ({"everywhere.lock": ["f8"]}, "form.submit"),
        ({"queue.open": ["fullwidth_solidus"]}, "queue.filter"),
        ({"queue.open": ["up"]}, "everywhere"),
    ],
)
def test_keys_that_cannot_be_are_reported_and_the_usual_ones_stay(kept, why):
    found = keymap.understood(kept)

    assert not found.keys
    problem = found.problems[0]
    assert why in problem.text + str(problem.values), problem


def test_two_controls_may_change_their_keys_with_each_other_in_turn():
    found = keymap.understood({"queue.actions": ["ctrl+o"], "queue.open": ["f2"]})

    assert not found.problems
    assert found.keys["queue.open"] == ("f2",)


def test_what_is_no_keymap_changes_nothing():
    for kept in (None, 3, "f1", ["f1"]):
        assert keymap.understood(kept).keys == {}


def test_everywhere_is_not_offered_twice():
    assert len({one.id for one in controls.at(EVERYWHERE)}) == len(
        list(controls.at(EVERYWHERE))
    )
