"""What `check` finds in a workflow: each kind of problem at its line and column, with the word that was meant."""

import copy
import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casewright import strict_yaml
from casewright.contributions import WorkspaceFile, WorkspaceNames
from casewright.desk.setting_up.file_problems import file_problems
from casewright.errors import PluginFailed, message
from casewright.texts import Texts
from casewright.workflows import codes
from casewright.workflows.check import check_paths
from casewright.workflows.plugin_files import problems_of

from .workflow_workspace import FORMS, PARCEL, ROLES, broken, workspace

SHAPE = [
    ("unknown_word", "reopen: {policy", "¦reopne: {policy", "did you mean 'reopen'?"),
    ("unknown_word", "ask: asking", 'ask: {to: asking, ¦whne: "true"}', "did you mean 'when'?"),
    ("unknown_word", "set: urgent", "set: ¦urgnet", "did you mean 'urgent'?"),
    ("unknown_word", "{urgent: 4 hours", "{¦urgnet: 4 hours", "did you mean 'urgent'?"),
    ("unknown_word", "policy: continue", "policy: ¦continu", "did you mean 'continue'?"),
    ("wrong_shape", "via: [notice, sms]", "via: ¦[]", "the list is empty"),
    ("bad_name", "via: [notice, sms]", "via: [notice, ¦SMS]", "lower case"),
    ("unknown_word", "    from: opened", "    recalculate: ¦now\n    from: opened", "from_now"),
    ("wrong_shape", "times: 5", "times: ¦101", "at most 100 times"),
    (
        "misplaced_word",
        "tell: role:leader, do",
        "¦taken_within: 1 hour, do",
        "with 'tell' only",
    ),
    ("misplaced_word", "tell: role:leader, do", "¦via: sms, do", "with 'tell' only"),
    ("misplaced_word", "tell: role:leader, do", "¦template: warning, do", "with 'tell' only"),
    ("bad_duration", "via: [notice, sms]", "taken_within: ¦1 huor", "did you mean 'hour'?"),
    ("bad_threshold", "80%", "¦1001%", "between 1% and 1000%"),
    ("bad_threshold", "80%", "¦0%", "between 1% and 1000%"),
    ("missing_word", "    from: opened\n", "", "'from' is missing"),
    ("missing_word", "times: 5, ", "", "'times' is missing"),
    ("missing_word", "at: 80%, ", "", "'at' a threshold"),
    ("missing_word", "    start: searching\n", "", "'start' is missing"),
    ("misplaced_word", "as: search", "¦via: [sms]", "'via' does not go with 'open'"),
    ("misplaced_word", "{set: {note: searched}}", "{¦fire: ask}", "stands in a ladder only"),
    (
        "misplaced_word",
        "    start: searching",
        "    start: searching\n    ¦rests: true",
        "inner state",
    ),
    ("wrong_shape", "prefix: PCL", "prefix: ¦parcel", "capital letters"),
    ("wrong_shape", "final: true", "final: ¦1", "true or false"),
    ("wrong_shape", "key: a", "key: ¦ab", "one character"),
    ("wrong_shape", "priority:\n", "calendar: ¦[a]\npriority:\n", "a name in lower case"),
    ("wrong_shape", 'when: "fields.again"', 'when: ¦"=fields.again"', "leave the '=' out"),
    (
        "one_verb",
        "{set: {note: searched}}",
        "{set: {note: searched}, ¦comment: hello}",
        "one thing",
    ),
    ("bad_name", "      ask: asking", "      ¦Ask: asking", "lower case"),
    ("bad_text", "{en: Registered, zh: 已登记}", "¦{en: Registered}", "'zh' is missing"),
    ("bad_duration", "5 days", "¦5 dais", "did you mean 'days'?"),
    ("bad_duration", "1 day,", "¦1 dya,", "did you mean 'day'?"),
    ("bad_threshold", "80%", "¦80 percent", "a threshold is written"),
    ("bad_threshold", "100%", "¦4 hours befor", "a threshold is written"),
    ("bad_threshold", "80%", "¦80", "write '80%'"),
    ("bad_threshold", "100%", "¦100", "write '100%'"),
    ("unreadable", "prefix: PCL", "prefix¦：PCL", "wide colon"),
    ("name_differs", "workflow: parcel", "workflow: ¦package", "parcel.yaml"),
    ("unknown_language", "language: 1", "language: ¦2", "version 1"),
    (
        "unknown_party",
        "except: [submitter]",
        "except: [¦submiter]",
        "did you mean 'submitter'?",
    ),
    ("unknown_party", "by: role:agent", "by: ¦supervisor", "role:supervisor"),
    ("unknown_party", "by: role:agent", "by: ¦lineage.handlers", "excepted or excluded"),
    ("tells_nobody", "80%, tell: [handler, owner]", "80%, tell: ¦[]", "nobody is named"),
    ("tells_nobody", ", tell: [handler, owner], via: [notice, sms]", "", "tells nobody"),
    ("tells_nobody", ", tell: role:leader, do: [{raise_level: 1}]", "", "tells nobody"),
    ("tells_nobody", "tell: role:leader, do: [{raise_level: 1}]", "do: []", "tells nobody"),
    (
        "missing_word",
        "{urgent: 4 hours, high: 1 day, normal: 2 days}",
        "¦[]",
        "at least one target",
    ),
    (
        "wrong_shape",
        "role:leader]\nstart",
        "role:leader]\nhandler: ¦1.5\nstart",
        "handler, owner",
    ),
    ("unreadable", "language: 1", "¦<<: 1", "merge keys"),
    ("wrong_shape", "start: registered", "start: ¦[]", "the list of cases is empty"),
    ("missing_word", "start: registered", 'start: [¦{when: "true"}]', "'to' is missing"),
    ("wrong_shape", "{set: {note: searched}}", "{renew_owner: ¦false}", "leave the action out"),
    (
        "misplaced_word",
        "{set: {note: searched}}",
        "{renew_owner: true, ¦as: x}",
        "'as' does not go with 'renew_owner'",
    ),
    ("unknown_word", "owner], key: c", "owner], ¦kye: c", "did you mean 'key'?"),
    ("bad_name", "  chase: {by", "  ¦Chase: {by", "lower case"),
]

NAMES = [
    ("unknown_state", "ask: asking", "ask: ¦askin", "did you mean 'asking'?"),
    ("unknown_state", "start: registered", "start: ¦registerd", "did you mean 'registered'?"),
    (
        "unknown_state",
        "start: registered",
        'start: [{to: ¦foudn, when: "fields.again"}, {to: registered}]',
        "did you mean 'found'?",
    ),
    ("unknown_state", "owner], key: c", "owner], to: ¦searching", "no state 'searching'"),
    ("unknown_form", "owner], key: c", "owner], form: ¦closng", "did you mean 'closing'?"),
    ("unknown_state", "granted: closed", "granted: ¦close", "did you mean 'closed'?"),
    ("unknown_state", "{to: closed}]", "{to: ¦closde}]", "did you mean 'closed'?"),
    ("unknown_state", "[in_work.asking]", "[¦in_work.askin]", "did you mean 'in_work.asking'?"),
    (
        "unknown_state",
        "    start: searching",
        "    start: ¦serching",
        "did you mean 'searching'?",
    ),
    ("unknown_transition", "{5 days: silent}", "{5 days: ¦silnet}", "did you mean 'silent'?"),
    ("unknown_transition", "shared: chase", "shared: ¦chsae", "did you mean 'chase'?"),
    ("unknown_transition", "shared: chase", "shared: [chase, ¦chsae]", "shared transition"),
    ("unknown_transition", "{raise_level: 1}", "{fire: ¦silnet}", "did you mean 'silent'?"),
    ("unknown_form", "form: closing", "form: ¦clossing", "did you mean 'closing'?"),
    (
        "unknown_department",
        "start: registered",
        "start: registered\ndepartment: ¦fornt",
        "did you mean 'front'?",
    ),
    (
        "guard_unknown_field",
        "start: registered",
        "start: registered\ndepartment: '=fields.¦departmnt'",
        "did you mean 'fields.department'?",
    ),
    (
        "guard_wrong_type",
        "start: registered",
        "start: registered\nqueue: '=¦fields.again'",
        "text",
    ),
    ("wrong_shape", "start: registered", "start: registered\nqueue: ¦''", "the text is empty"),
    ("wrong_shape", "start: registered", "start: registered\nqueue: ¦5", "write text"),
    ("unknown_field", "needs: [result]", "needs: [¦resullt]", "did you mean 'result'?"),
    ("unknown_field", "{note: searched}", "{nota: ¦searched}", "did you mean 'note'?"),
    ("unknown_field", "kind: search}", "kind: search, knd: ¦x}", "did you mean 'kind'?"),
    ("unknown_choice", "kind == 'lost'", "kind == '¦lots'", "did you mean 'lost'?"),
    ("unknown_choice", "['late', 'lost']", "['late', '¦lots']", "did you mean 'lost'?"),
    ("unknown_choice", "kind: search}", "kind: ¦serch}", "did you mean 'search'?"),
    (
        "unknown_choice",
        '"fields.again"',
        "\"ticket.state == '¦registred'\"",
        "did you mean 'registered'?",
    ),
    ("unknown_role", "by: role:agent", "by: ¦role:agnet", "did you mean 'agent'?"),
    ("unknown_workflow", "open: errand", "open: ¦erand", "did you mean 'errand'?"),
    ("unknown_channel", "via: [notice, sms]", "via: [notice, ¦smss]", "did you mean 'sms'?"),
    ("unknown_channel", "tell: opener", "tell: opener, via: ¦emial", "did you mean 'email'?"),
    ("unknown_template", "via: [notice, sms]", "template: ¦waring", "did you mean 'warning'?"),
    ("unknown_template", "tell: opener", "tell: opener, template: ¦genric", "'generic'?"),
    ("unknown_table", "('departments'", "('¦department'", "did you mean 'departments'?"),
    ("unknown_column", ").head", ").¦haed", "did you mean 'head'?"),
    (
        "unknown_promise",
        "ladder:\n  handling:",
        "ladder:\n  ¦handlin:",
        "did you mean 'handling'?",
    ),
    (
        "unknown_event",
        "until: [found, closed]",
        "until: [¦fuond, closed]",
        "did you mean 'found'?",
    ),
    (
        "missing_field",
        ", kind: search}",
        "}",
        "'errand' cannot be opened without the field 'kind'",
    ),
    ("wrong_value", "{note: searched}", "{amount: ¦much}", "holds a number"),
    ("duplicate_key", "key: d", "key: ¦a", "taken by 'accept'"),
    (
        "duplicate_key",
        "    title: {en: Registered, zh: 已登记}\n    transitions:\n      accept: {to: in_work, by: role:agent, key: a}",
        "    title: {en: Registered, zh: 已登记}\n    shared: chase\n    transitions:\n      accept: {to: in_work, by: role:agent, key: c}",
        "taken by 'accept' in 'registered'",
    ),
    (
        "shared_twice",
        "shared: chase\n    transitions:\n",
        "shared: ¦chase\n    transitions:\n      chase: closed\n",
        "a transition 'chase' of its own",
    ),
    ("shared_twice", "shared: chase", "shared: [chase, ¦chase]", "more than once"),
    ("field_kinds_differ", "form: closing", "form: ¦odd", "'note' holds a whole number"),
]

EXPRESSIONS = [
    ("guard_syntax", '"fields.again"', '"fields.again &&"', "not an expression"),
    (
        "guard_unknown_field",
        '"fields.again"',
        '"fields.¦agian"',
        "did you mean 'fields.again'?",
    ),
    ("guard_unknown_name", '"fields.again"', '"¦feilds.again"', "did you mean 'fields'?"),
    (
        "guard_unknown_name",
        '"fields.again"',
        '"children.¦opne == 0"',
        "did you mean 'children.open'?",
    ),
    ("guard_wrong_type", '"fields.again"', '"¦fields.amount"', "must be true or false"),
    (
        "guard_wrong_type",
        '"fields.amount > 5000 ? 2 : 1"',
        "\"¦'two'\"",
        "must be a whole number",
    ),
    ("guard_too_complex", '"fields.again"', '"¦' + "true && " * 200 + 'true"', "longer than"),
    (
        "guard_wrong_type",
        "start: registered",
        'start: [{to: found, when: "¦fields.note"}, {to: registered}]',
        "must be true or false",
    ),
    (
        "guard_unknown_field",
        "owner], key: c",
        'owner], when: "fields.¦agian"',
        "did you mean 'fields.again'?",
    ),
    ("guard_wrong_type", "tell: opener", 'tell: "=¦fields.amount"', "must be a text"),
    ("guard_wrong_type", "tell: role:leader", 'tell: [owner, "=¦fields.amount"]', "a text"),
    ("guard_syntax", '"fields.again"', '"fields.again ¦or true"', "write || instead of or"),
    ("guard_syntax", '"fields.again"', '"true ¦and fields.again"', "write && instead of and"),
    ("guard_syntax", '"fields.again"', '"¦not fields.again"', "write ! instead of not"),
    ("guard_syntax", '"fields.again"', '"fields.amount ¦= 5"', "write == instead of ="),
    ("guard_syntax", '"fields.again"', '"fields.note == ¦“or”"', "write ' instead of “"),
    (
        "guard_wrong_type",
        '"fields.again"',
        "\"fields.amount ¦> 'x'\"",
        "a decimal does not go with a text",
    ),
    ("guard_wrong_type", '"fields.again"', '"¦!fields.note"', "not a text"),
    ("guard_wrong_type", "{note: searched}", '{note: "=¦fields.amount"}', "must be a text"),
    ("guard_wrong_type", "{note: searched}", '{amount: "=¦fields.note"}', "be a number"),
    ("guard_wrong_type", "kind: search}", 'kind: "=¦fields.again"}', "must be a text"),
    ("guard_wrong_type", "as: search", 'as: search, each: "=¦fields.note"', "be a list"),
    ("guard_wrong_type", "from: opened", 'from: opened\n    due: "=¦fields.amount"', "a date"),
    ("guard_wrong_type", "from: opened", 'from: opened\n    due: "=¦fields.again"', "a date"),
    ("misplaced_each", '"fields.again"', "¦\"each == 'x'\"", "only in an action"),
]

MEANING = [
    ("unreachable_state", "ask: asking", "stay: {}", "no way leads to 'in_work.asking'"),
    (
        "unreachable_state",
        "start: registered",
        'start: [{to: found, when: "fields.again"}, {to: in_work}]',
        "no way leads to 'registered' from 'found', 'in_work.searching'",
    ),
    ("final_has_ways", "{final: true,", "{final: true, ¦shared: chase,", "is final"),
    (
        "final_has_ways",
        "{final: true,",
        "{final: true, ¦transitions: {back: registered},",
        "is final",
    ),
    (
        "not_final",
        "  closed: {final",
        "  merged: {final: ¦false, title: {en: M, zh: 并}}\n  closed: {final",
        "final state in every",
    ),
    ("approval_impossible", "except: [submitter]", "except: [role:head, owner]", "is excepted"),
    ("approval_impossible", '"fields.amount > 5000 ? 2 : 1"', "¦0", "at least one vote"),
    ("approval_impossible", "voters: role:leader", "voters: ¦role:reader", "ticket.vote"),
    (
        "approval_impossible",
        '[role:head, owner], votes: "fields.amount > 5000 ? 2 : 1"',
        "owner, votes: ¦2",
        "2 votes are asked of 1",
    ),
    (
        "refusal_without_when",
        "by: timer",
        "by: timer, refusal: ¦{en: not yet, zh: 还不行}",
        "has no 'when'",
    ),
    ("undo_impossible", "by: timer", "by: timer, undo: ¦true", "the clock takes nothing back"),
    ("transition_impossible", "by: role:agent", "by: ¦role:reader", "ticket.fire"),
    (
        "transition_impossible",
        "by: role:agent",
        "by: role:agent, except: ¦role:agent",
        "is excepted",
    ),
    ("tells_nobody", "80%, tell: [handler, owner]", "80%, tell: ¦timer", "clock is nobody"),
    (
        "promise_never_met",
        "from: opened\n    until: [found, closed]",
        "from: found\n    until: ¦accept",
        "accept",
    ),
    (
        "tells_nobody",
        "times: 5, tell: role:leader",
        "times: 5, tell: ¦[timer]",
        "clock is nobody",
    ),
    ("wrong_value", "from: opened", "from: opened\n    due: ¦next friday", "write a date"),
    ("transition_impossible", "by: timer", "by: ¦role:agent", "add 'timer' to its 'by'"),
    (
        "transition_impossible",
        "by: timer",
        "by: [handler, timer], except: ¦timer",
        "which the clock may not take",
    ),
    (
        "told_twice",
        "    - {every: 4 hours, from: 100%, times: 5, tell: role:leader",
        "    - {at: 80%, tell: opener}\n    - {at: 80%, ¦tell: [owner], via: sms",
        "'owner' is told over 'sms'",
    ),
    ("promise_circle", "from: opened", "from: ¦handling", "waits for itself"),
]


@pytest.fixture
def checked(tmp_path):
    return lambda old, new: broken(tmp_path, old, new)


def _expect(found, code, place, fragment):
    hits = [
        one for one in found if one.code == f"workflow.{code}" and fragment in str(one.message)
    ]
    assert hits, [f"{one.code} {one}" for one in found]
    if ":" in place.rpartition("parcel.yaml")[2]:
        assert place in [str(one.place) for one in hits]


def test_a_workspace_without_a_fault_has_no_problem(tmp_path):
    path = workspace(tmp_path)

    found = check_paths([path])

    assert [str(one) for one in found] == []


@pytest.mark.parametrize(("code", "old", "new", "fragment"), SHAPE)
def test_a_wrong_shape_is_found_at_its_place(checked, code, old, new, fragment):
    found, place = checked(old, new)

    _expect(found, code, place, fragment)


@pytest.mark.parametrize(("code", "old", "new", "fragment"), NAMES)
def test_a_name_that_names_nothing_is_found_at_its_place(checked, code, old, new, fragment):
    found, place = checked(old, new)

    _expect(found, code, place, fragment)


@pytest.mark.parametrize(("code", "old", "new", "fragment"), EXPRESSIONS)
def test_a_wrong_expression_is_found_at_its_character(checked, code, old, new, fragment):
    found, place = checked(old, new)

    _expect(found, code, place, fragment)


@pytest.mark.parametrize(("code", "old", "new", "fragment"), MEANING)
def test_a_workflow_that_cannot_work_is_found_out(checked, code, old, new, fragment):
    found, place = checked(old, new)

    _expect(found, code, place, fragment)


CLOSED = "  closed: {final: true, title: {en: Closed, zh: 已结案}}"


def test_the_shortest_way_into_a_trap_is_printed(checked):
    found, _ = checked(
        "denied: registered", "denied: lost\n  lost: {title: {en: Lost, zh: 丢失}}"
    )

    assert [one.code for one in found] == ["workflow.no_way_out"]
    assert str(found[0].message).endswith(
        "the way there: registered -decline-> declining -denied-> lost"
    )


def test_the_way_into_a_trap_is_the_shortest_from_any_start(tmp_path):
    text = PARCEL.replace(
        "start: registered", 'start: [{to: found, when: "fields.again"}, {to: registered}]'
    )
    text = text.replace("{to: closed}]", "{to: lost}]").replace(
        "  closed: {final", "  lost: {title: {en: Lost, zh: 丢失}}\n  closed: {final"
    )

    found = check_paths([workspace(tmp_path, text)])

    assert [one.code for one in found] == ["workflow.no_way_out"]
    assert str(found[0].message).endswith("the way there: found -close-> lost")


def test_every_start_counts_when_it_is_asked_what_can_be_reached(checked):
    """`registered` leads nowhere but to `closed` here: the rest is reached from the other start."""
    found, _ = checked(
        "start: registered",
        'start: [{to: declining, when: "has(fields.kind)"}, {to: registered}]',
    )

    assert found == []


def test_a_promise_from_the_opening_is_met_if_it_can_be_from_one_of_the_starts(tmp_path):
    text = PARCEL.replace("until: [found, closed]", "until: declining")
    one_start = text.replace("start: registered", "start: in_work")
    two_starts = text.replace(
        "start: registered",
        'start: [{to: registered, when: "has(fields.kind)"}, {to: in_work}]',
    )

    without, met = (
        {one.code for one in check_paths([workspace(tmp_path, one)])}
        for one in (one_start, two_starts)
    )

    assert "workflow.promise_never_met" in without
    assert met == set()


def test_states_that_only_lead_to_each_other_are_one_trap(checked):
    new = """\
  ¦waiting: {title: {en: Waiting, zh: 等待}, transitions: {turn: turning}}
  turning: {title: {en: Turning, zh: 轮转}, transitions: {turn: waiting}}
  closed: {final: true, title: {en: Closed, zh: 已结案}}"""

    found, place = checked(CLOSED, new)
    trap = next(one for one in found if one.code == "workflow.no_way_out")

    assert str(trap.place) == place
    assert "'waiting', 'turning'" in str(trap.message)


def test_a_state_that_rests_is_no_trap(checked):
    found, _ = checked(
        "denied: registered",
        "denied: parked\n  parked: {rests: true, title: {en: Parked, zh: 搁置}}",
    )

    assert found == []


CIRCLE = """\
          silent: {to: again, by: timer}
        after: {5 days: silent}
      again:
        title: {en: Again, zh: 再次}
        transitions: {retry: asking}
        after: {1 day: retry}
"""
ASKED = """\
          silent: {to: found, by: timer}
        after: {5 days: silent}
"""


def test_a_circle_that_the_clock_turns_is_found_and_printed(checked):
    found, place = checked("      asking:\n", "      ¦asking:\n")
    assert found == []

    circle, _ = checked(ASKED, CIRCLE)

    assert [one.code for one in circle] == ["workflow.automatic_loop"]
    assert str(circle[0].place) == place
    path = "in_work.asking -silent-> in_work.again -retry-> in_work.asking"
    assert path in str(circle[0].message)


def test_a_circle_with_a_limit_ends(checked):
    found, _ = checked(ASKED, CIRCLE.replace("retry: asking", "retry: {to: asking, limit: 3}"))

    assert found == []


def test_an_approval_that_may_need_no_vote_can_close_an_automatic_circle(checked):
    old = """\
        - {voters: [role:head, owner], votes: "fields.amount > 5000 ? 2 : 1"}
      except: [submitter]
      granted: closed
      denied: registered
"""
    new = """\
      granted: resting
      denied: closed
  resting:
    title: {en: Resting, zh: 搁置}
    transitions: {back: declining, drop: closed}
    after: {1 day: back}
"""

    found, _ = checked(old, new)

    assert [one.code for one in found] == ["workflow.automatic_loop"]
    assert "declining -granted-> resting -back-> declining" in str(found[0].message)


def test_a_calendar_that_the_workspace_does_not_have_is_refused_with_the_nearest(tmp_path):
    path = workspace(tmp_path, PARCEL.replace("owner:", "calendar: alwayz\nowner:"))

    found = check_paths([path])

    assert [one.code for one in found] == ["workflow.unknown_calendar"]
    assert "did you mean 'always'?" in str(found[0].message)


def test_what_is_wrong_with_a_calendar_is_said_with_the_workflow_that_could_count_on_it(
    tmp_path,
):
    path = workspace(tmp_path, PARCEL.replace("owner:", "calendar: office\nowner:"))
    (tmp_path / "workflows" / "calendars").mkdir()
    (tmp_path / "workflows" / "calendars" / "office.yaml").write_text(
        "calendar: office\ntitle: {en: Office, zh: 办公}\nzone: Asia/Shanghia\n"
        "week: {mon-fri: 09:00-18:00}\n",
        encoding="utf-8",
    )

    found = check_paths([path])

    assert [one.code for one in found] == ["calendar.unknown_zone"]
    assert "did you mean 'Asia/Shanghai'?" in str(found[0].message)


def test_a_name_that_is_a_state_and_a_transition_is_refused_in_a_promise(checked):
    found, _ = checked("close: {to:", "found: {to:")

    assert [one.code for one in found] == ["workflow.ambiguous_name"]
    assert "a transition and a state" in str(found[0].message)


def test_the_event_closed_and_a_final_state_of_that_name_are_the_same_thing(checked):
    found, _ = checked("until: [found, closed]", "until: closed")

    assert found == []


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("no_last_case", "{to: closed}]", "{to: closed, when: \"fields.result == ''\"}]"),
        ("dead_case", '{to: in_work, when: "fields.again"}', "{to: in_work}"),
        (
            "no_ladder",
            "ladder:\n",
            "  other: {from: opened, until: found, within: 1 day}\nladder:\n",
        ),
        (
            "no_last_case",
            "start: registered",
            'start: [{to: found, when: "fields.again"}, {to: registered, when: "1 < 2"}]',
        ),
        ("dead_case", "start: registered", "start: [{to: registered}, {to: found}]"),
        ("unused_shared", "    shared: chase\n", ""),
        ("no_title", "title: {en: Found, zh: 已找到}", "rests: false"),
        (
            "step_skipped",
            "{at: 80%, tell: [handler, owner]",
            "{at: 4 hours before, tell: [handler, owner]",
        ),
        (
            "no_customer_title",
            "title: {en: Found,",
            "customer_title: {en: Found, zh: 办理中}\n    title: {en: Found,",
        ),
    ],
)
def test_a_weakness_is_a_warning_that_lets_the_workflow_run(checked, code, old, new):
    found, _ = checked(old, new)

    assert {one.code for one in found} == {f"workflow.{code}"}
    assert not any(one.grave for one in found)


@pytest.mark.parametrize("name", ["supervision", "after", "follow_up"])
def test_a_promise_cannot_have_the_name_of_the_products_own_clocks(tmp_path, name):
    text = PARCEL.replace("  handling:\n", f"  {name}:\n")

    found = check_paths([workspace(tmp_path, text)])

    assert [one.code for one in found] == ["workflow.reserved_name"]
    assert found[0].place.line == text[: text.index(f"\n  {name}:\n") + 1].count("\n") + 1
    assert name in str(found[0].message)


@pytest.mark.parametrize(
    ("target", "offset", "named"),
    [
        (
            "{urgent: 30 minutes, high: 5 hours, normal: 1 day}",
            "4 hours",
            ["urgent: 30 minutes"],
        ),
        (
            "{urgent: 1 hour, high: 90 minutes, normal: 3 hours}",
            "2 hours",
            ["urgent: 1 hour", "high: 90 minutes"],
        ),
        ("4 hours", "4 hours", ["4 hours"]),
        ("1 day", "2 days", ["1 day"]),
        ("2 hours", "1 day", ["2 hours"]),
        ("1 week", "8 days", ["1 week"]),
        ('[{within: 1 hour, when: "fields.again"}, {within: 9 hours}]', "4 hours", ["1 hour"]),
    ],
)
def test_a_step_before_the_due_time_that_a_target_leaves_no_room_for_names_the_target(
    tmp_path, target, offset, named
):
    text = PARCEL.replace("{urgent: 4 hours, high: 1 day, normal: 2 days}", target)
    text = text.replace("at: 80%", f"at: {offset} before")

    found = check_paths([workspace(tmp_path, text)])

    assert [(one.code, one.grave) for one in found] == [("workflow.step_skipped", False)]
    assert str(found[0].message).endswith(": " + ", ".join(named))


@pytest.mark.parametrize(
    ("rules", "targets", "missing"),
    [
        ("{set: urgent, when: fields.again}", "{urgent: 4 hours, high: 1 day}", "normal"),
        ("{set: low}", "{urgent: 4 hours, high: 1 day, normal: 2 days}", "low"),
        ("{set: high}", "{high: 1 day}", "urgent"),
        ("{set: high}", "{urgent: 4 hours, high: 1 day}", ""),
        ("{set: urgent}", "{urgent: 4 hours}", ""),
    ],
)
def test_every_priority_that_a_ticket_can_come_to_wants_a_target(
    tmp_path, rules, targets, missing
):
    """A ticket raised to a priority without one would have no due time any more."""
    text = PARCEL.replace("{set: urgent, when: \"fields.kind == 'lost'\"}", rules)
    text = text.replace("  - {set: normal}\n", "")
    text = text.replace("{urgent: 4 hours, high: 1 day, normal: 2 days}", targets)

    found = check_paths([workspace(tmp_path, text)])

    assert [(one.code, one.grave) for one in found] == (
        [("workflow.no_target", False)] if missing else []
    )
    assert missing in " ".join(str(one.message) for one in found)


@pytest.mark.parametrize(
    ("target", "offset"),
    [("1 day", "4 hours"), ("5 hours", "4 hours"), ("6 hours", "1 day"), ("1 week", "2 days")],
)
def test_a_step_before_the_due_time_that_may_have_room_is_no_problem(tmp_path, target, offset):
    text = PARCEL.replace("{urgent: 4 hours, high: 1 day, normal: 2 days}", target)
    text = text.replace("at: 80%", f"at: {offset} before")

    assert check_paths([workspace(tmp_path, text)]) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("at: 1 hour before", "at: 60 minutes before"),
        ("at: 7 days after", "at: 1 week after"),
        ("at: 100%", "at: 100 %"),
        ("every: 1 hour, times: 2", "every: 60 minutes, from: 100%, times: 3"),
    ],
)
def test_one_threshold_written_in_two_ways_is_still_one(tmp_path, first, second):
    assert _codes_of_ladder(tmp_path, first, second) == ["workflow.told_twice"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("at: 2 hours before", "at: 2 hours after"),
        ("at: 1 day after", "at: 24 hours after"),
        ("at: 100%", "every: 1 hour, from: 100%, times: 2"),
        ("every: 1 hour, times: 2", "every: 2 hours, times: 2"),
        ("every: 1 hour, from: 80%, times: 2", "every: 1 hour, times: 2"),
    ],
)
def test_two_thresholds_may_tell_the_same_person(tmp_path, first, second):
    assert _codes_of_ladder(tmp_path, first, second) == []


def _codes_of_ladder(root, first, second):
    steps = f"  handling:\n    - {{{first}, tell: owner}}\n    - {{{second}, tell: [owner]}}\n"
    path = workspace(root, PARCEL[: PARCEL.index("ladder:")] + "ladder:\n" + steps)
    return [one.code for one in check_paths([path])]


def test_a_fault_stands_on_its_own_line_although_the_step_before_it_is_badly_shaped(tmp_path):
    steps = (
        "  handling:\n"
        "    - {at: 50%, tel: owner}\n"
        "    - {at: 80%, tell: owner, via: [smss]}\n"
        "    - {at: 100%, tell: role:nobody_has_it}\n"
    )
    text = PARCEL[: PARCEL.index("ladder:")] + "ladder:\n" + steps
    lines = text.splitlines()

    found = check_paths([workspace(tmp_path, text)])

    where = {one.code: lines[one.place.line - 1].strip() for one in found}
    assert where["workflow.unknown_channel"] == "- {at: 80%, tell: owner, via: [smss]}"
    assert where["workflow.unknown_role"] == "- {at: 100%, tell: role:nobody_has_it}"


def test_a_template_of_the_workspace_may_be_named(tmp_path):
    path = workspace(tmp_path, PARCEL.replace("at: 80%,", "at: 80%, template: parcel_late,"))
    without = check_paths([path])

    (tmp_path / "workflows" / "templates").mkdir()
    (tmp_path / "workflows" / "templates" / "parcel_late.yaml").write_text("template: x\n")
    found = check_paths([path])

    assert [one.code for one in without] == ["workflow.unknown_template"]
    assert [one for one in found if one.code == "workflow.unknown_template"] == []


def test_a_channel_that_casewright_toml_makes_may_be_named(tmp_path):
    path = workspace(tmp_path, PARCEL.replace("via: [notice, sms]", "via: [notice, wall]"))
    without = check_paths([path])
    settings = '[channels.wall]\ndriver = "console"\n'

    (tmp_path / "casewright.toml").write_text(settings, encoding="utf-8")

    assert [one.code for one in without] == ["workflow.unknown_channel"]
    assert check_paths([path]) == []


def test_all_problems_come_at_once_the_grave_ones_first(tmp_path):
    text = PARCEL
    changes = [
        ("  found:\n    title: {en: Found, zh: 已找到}\n", "  found:\n"),
        ("prefix: PCL", "prefix: pcl"),
        ("by: role:agent,", "by: role:agnet,"),
        ("fields.again", "fields.agian"),
        ("5 days", "5 dais"),
        ("form: closing", "form: clossing"),
    ]
    for old, new in changes:
        text = text.replace(old, new)

    found = check_paths([workspace(tmp_path, text)])

    assert [one.code.removeprefix("workflow.") for one in found] == [
        "wrong_shape",
        "unknown_role",
        "bad_duration",
        "unknown_form",
        "guard_unknown_field",
        "no_title",
    ]
    assert [one.grave for one in found] == [True] * 5 + [False]


def test_what_only_follows_from_a_wrong_word_is_not_reported_again(checked):
    found, _ = checked("      ask: asking", "      ask: {too: asking}")

    assert [one.code for one in found] == ["workflow.unknown_word"]


@pytest.mark.parametrize("way", ["to: closed", "do: []"])
def test_a_misspelt_shared_transition_is_the_only_problem_it_makes(tmp_path, way):
    """Neither is it unused then, nor do its ways, its count or its event seem to be missing."""
    text = PARCEL.replace("owner], key: c, do: [{tell: opener}]", f"owner], {way}")
    text = text.replace("until: [found, closed]", "until: [chase, closed]")
    text = text.replace("fields.kind == 'lost'", "times.chase > 0")
    only_way = text[text.index("    shared: chase") : text.index("  closed: {final")]
    text = text.replace(only_way, "    shared: chsae\n")

    found = check_paths([workspace(tmp_path, text)])

    assert [one.code for one in found] == ["workflow.unknown_transition"]


def test_a_fault_in_a_shared_transition_is_reported_once_and_where_it_is_written(tmp_path):
    text = PARCEL.replace("owner], key: c", "owner], key: c, form: clossing, to: nowhere")
    text = text.replace(
        "    title: {en: Registered, zh: 已登记}",
        "    title: {en: Registered, zh: 已登记}\n    shared: [chase]",
    )
    line = 1 + text[: text.index("  chase: {by")].count("\n")

    found = check_paths([workspace(tmp_path, text)])

    assert [one.code for one in found] == ["workflow.unknown_form", "workflow.unknown_state"]
    assert {one.place.line for one in found} == {line}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{set: {note: searched}}", '{set: {note: "=null", amount: "=null", kind: "=null"}}'),
        ("kind: search}", 'kind: "=fields.again ? null : fields.kind"}'),
        ("tell: opener", "tell: \"=lookup('departments', fields.department)['head']\""),
        ("tell: role:leader", 'tell: [owner, "=fields.note"]'),
        ("{set: {note: searched}}", "{renew_owner: true, when: fields.again}"),
        ("tell: role:leader, do", "do"),
        ("80%, tell: [handler, owner]", "80%, taken_within: 2 hours, tell: [handler, owner]"),
        (
            "80%, tell: [handler, owner], via: [notice, sms]",
            "80%, template: warning, tell: owner",
        ),
        ("80%, tell: [handler, owner], via", "80%, tell: owner, taken_within: 1 day, via"),
        ("tell: opener", "tell: opener, via: chat, template: generic"),
        ("    from: opened", "    recalculate: from_start\n    from: opened"),
        ("    from: opened", "    due: '2026-02-13'\n    from: opened"),
        ("    from: opened", '    due: "=fields.note"\n    from: opened'),
        ("    from: opened", "    extend: {granted_by: [owner]}\n    from: opened"),
        ("times: 5", "times: 100"),
        ("{5 days: silent}", "{5 days: answered}"),
        ("by: timer", "by: [role:agent, timer]"),
        ("    start: searching\n", "    start: searching\n    shared: chase\n"),
        ("        waiting: customer\n", "        shared: [chase]\n"),
    ],
)
def test_what_the_language_allows_is_no_problem(checked, old, new):
    found, _ = checked(old, new)

    assert [str(one) for one in found] == []


def test_a_broken_form_is_reported_once_and_where_it_is_broken(tmp_path):
    path = workspace(tmp_path)
    form = tmp_path / "forms" / "closing.yaml"
    form.write_text(FORMS["closing"].replace("type: boolean", "type: bool"))

    found = check_paths([path])

    assert [one.place.file for one in found] == [str(form)]


def test_what_only_follows_from_a_broken_role_is_not_reported_again(tmp_path):
    path = workspace(tmp_path)
    roles = tmp_path / "roles.yaml"
    roles.write_text(ROLES.replace("ticket.open, ", "ticket.opne, "))

    found = check_paths([path])

    assert [(one.code, one.place.file) for one in found] == [
        ("roles.unknown_permission", str(roles))
    ]


def test_a_broken_form_is_not_taken_for_another_of_nearly_its_name(tmp_path):
    path = workspace(tmp_path)
    form = tmp_path / "forms" / "closing.yaml"
    form.write_text("type: object\n")
    (tmp_path / "forms" / "closings.yaml").write_text(FORMS["odd"])

    found = check_paths([path])

    assert {one.place.file for one in found} == {str(form)}


def test_two_workflows_with_one_prefix_are_refused_each_naming_the_other(tmp_path):
    path = workspace(tmp_path, PARCEL.replace("prefix: PCL", "prefix: ERR"))

    alone, both = check_paths([path]), check_paths([path.parent])

    assert [(one.code, one.grave) for one in alone] == [("workflow.prefix_taken", True)]
    assert str(alone[0].place) == f"{path}:4:9"
    assert "errand.yaml" in str(alone[0].message)
    assert [one.place.file for one in both] == [str(path.with_name("errand.yaml")), str(path)]


def test_the_kinds_in_a_wrong_expression_are_translated(checked):
    found, _ = checked('"fields.again"', "\"fields.amount > 'x'\"")

    said = Texts("zh").render(found[0].message)

    assert "小数" in said
    assert "decimal" not in said


def test_a_broken_form_of_other_workflows_is_not_this_ones_problem(tmp_path):
    path = workspace(tmp_path)
    (tmp_path / "forms" / "odd.yaml").write_text("type: object\n")

    assert check_paths([path]) == []


def test_a_folder_stands_for_the_workflows_in_it(tmp_path):
    workspace(tmp_path, PARCEL.replace("prefix: PCL", "prefix: pcl"))

    of_root, of_folder = check_paths([tmp_path]), check_paths([tmp_path / "workflows"])

    assert [one.code for one in of_root] == ["workflow.wrong_shape"]
    assert of_folder == of_root


def test_a_folder_without_a_workflow_and_a_missing_file_are_problems(tmp_path):
    found = check_paths([tmp_path, tmp_path / "none.yaml"])

    assert [one.code for one in found] == ["workflow.unreadable"] * 2


@pytest.mark.parametrize(
    "text", ["", "[]", "just text", "states: []", "states: {}", "workflow: x\nstates: {a: {}}"]
)
def test_a_file_that_is_hardly_a_workflow_is_refused_and_never_breaks_the_check(tmp_path, text):
    path = tmp_path / "odd.yaml"
    path.write_text(text)

    found = check_paths([path])

    assert any(one.grave for one in found)


def test_a_file_of_the_workspace_that_is_no_workflow_is_not_read_as_one(tmp_path):
    path = tmp_path / "customers.yaml"
    path.write_text('country_code: "86"\n')

    (found,) = check_paths([path])

    assert (found.code, found.grave) == ("workflow.no_workflow", True)
    assert "no workflow" in str(found)


def test_a_plugin_that_fails_to_check_its_own_file_is_named_and_the_file_with_it(tmp_path):
    (tmp_path / "seals.yaml").write_text("seals: [red]\n")
    file = WorkspaceFile(name="seals.yaml", check=_fails)

    (found,) = problems_of(tmp_path, [file], WorkspaceNames())

    assert (found.code, found.grave) == ("workflow.plugin_failed", True)
    assert "'seals' failed in 'seals.yaml': it tripped" in str(found)


def _fails(document, names):
    raise PluginFailed(plugin="seals", hook="seals.yaml", reason=message("it tripped"))


def test_a_bracket_that_is_left_open_is_told_alone_and_not_what_follows_from_it(tmp_path):
    path = workspace(tmp_path)
    other = tmp_path / "workflows" / "errand.yaml"
    other.write_text(other.read_text().replace("title: {", "title: ", 1))

    found = file_problems([tmp_path])

    assert [(one.code, one.place.file) for one in found] == [
        ("workflow.unreadable", str(other)),
        ("workflow.not_judged", str(other)),
    ]
    assert len(check_paths([path, other])) > 1, "nothing would have followed from it"


def test_every_code_that_check_can_give_is_given_by_a_test_here():
    here = Path(__file__).read_text()
    known = {*codes.REFUSALS, *codes.WARNINGS}

    tried = {code for code in known if re.search(rf'"(workflow\.)?{code}"', here)}

    assert known - tried == set()


ODD = (
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "x",
    "=",
    "=fields.x",
    "role:",
    "closed",
    [],
    {},
    [[]],
    [{}],
    {"x": {}},
    {"a": None},
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    changes=st.lists(
        st.tuples(st.integers(0, 10_000), st.sampled_from(range(len(ODD)))),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_is_put_anywhere_check_answers_with_problems(tmp_path, changes):
    path = workspace(tmp_path)
    data = strict_yaml.load_file(path).data
    for where, what in changes:
        values = list(_values(data))
        holder, key = values[where % len(values)]
        holder[key] = copy.deepcopy(ODD[what])
    path.write_text(json.dumps(data, indent=1), encoding="utf-8")

    found = check_paths([path])

    assert all(str(one.message) and one.place.line for one in found)
    assert {one.code.partition(".")[0] for one in found} <= {"workflow"}


def _values(data):
    keys = (
        data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    )
    for key in keys:
        yield data, key
        yield from _values(data[key])


MANY = 2_500


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("transitions: {{go: s{next}}}, after: {{1 day: go}}", "automatic_loop"),
        ("transitions: {{go: s{next}}}", "no_way_out"),
        ("transitions: {{go: x{next}}}", "unknown_state"),
        ("transitions: {{go: {{to: s{next}, when: times.x{next} > 0}}}}", "guard_unknown_name"),
        ("shared: [go, x{next}]", "unknown_transition"),
        ("shared: go", "guard_unknown_name"),
    ],
)
def test_a_file_as_large_as_one_may_be_is_answered_soon(tmp_path, state, code):
    head = PARCEL[: PARCEL.index("form: parcel")] + "owner: role:leader\nstart: s0\nstates:\n"
    states = [f"  s{one}: {{{state.format(next=(one + 1) % MANY)}}}\n" for one in range(MANY)]
    shared = 'shared: {go: {to: s0, when: "times.x > 0"}}\n'
    path = workspace(tmp_path, head + "".join(states) + shared)

    found = check_paths([path])

    assert f"workflow.{code}" in {one.code for one in found}
    assert max(len(str(one.message)) for one in found) < 1_000
