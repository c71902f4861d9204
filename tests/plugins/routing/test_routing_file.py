"""routing.yaml: what it says, and everything that is wrong with it at once, each with its place."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casewright.contributions import WorkflowNames, WorkspaceNames
from casewright.document import Document, Mark
from casewright.errors import FileUnreadable, YamlRefused
from casewright.strict_yaml import load
from casewright.texts import Texts
from casewright_routing.routing_file import check, read_rules, rules_from_data, rules_of
from casewright_routing.rules import Overflow

from .example import EXAMPLE

CENTRE = WorkspaceNames(
    workflows={
        "complaint": WorkflowNames(
            states=frozenset({"registered", "proposing"}), fields=frozenset({"amount"})
        ),
        "inquiry": WorkflowNames(),
    }
)


def problems(text):
    """Return the problems of a file in which ¦ marks the place of the one that is looked for."""
    return check(load(text.replace("¦", ""), file="routing.yaml"), CENTRE)


def place_of(text):
    before = text.partition("¦")[0]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def test_the_example_is_read_as_it_is_written():
    rules, found = rules_of(load(EXAMPLE, file="routing.yaml"))

    assert found == []
    complaints, inquiries = rules.queues["complaints"], rules.queues["inquiries"]
    assert complaints.accepts == (
        (("workflow", ("complaint",)), ("state", ("registered", "proposing"))),
    )
    assert complaints.overflow == (Overflow(to="languages", after=timedelta(minutes=10)),)
    assert complaints.avoids_earlier_handlers
    assert [one.to for one in complaints.vip.overflow] == ["senior", "inquiries"]
    assert inquiries.sticky
    assert inquiries.vip is None
    assert rules.members["chen_jing"].capacity == 4
    assert rules.members["zhou_qiang"].shifts == ("early", "night")
    assert rules.order[2] == "complaints"
    assert rules.vip_tiers == {"vip", "gold"}


def test_what_was_published_reads_the_same_as_the_file():
    document = load(EXAMPLE, file="routing.yaml")

    assert rules_from_data(document.data) == rules_of(document)[0]


CHANGES = [
    ("unknown_word", "capacity: 4", "¦capacty: 4", "did you mean 'capacity'"),
    ("unknown_word", "strategy:", "¦stratgy:", "did you mean 'strategy'"),
    ("unknown_choice", "least_loaded", "¦least_load", "did you mean 'least_loaded'"),
    ("unknown_choice", "previous_handler", "¦maybe", "none of previous_handler"),
    ("unknown_choice", "earlier_handlers_of_lineage", "¦[me]", "earlier_handlers_of_lineage"),
    ("unknown_name", "skills: {refunds: 2}", "skills: {¦refund: 2}", "did you mean 'refunds'"),
    ("unknown_name", "to: languages", "to: ¦langauges", "no group or queue 'langauges'"),
    ("unknown_name", "overflow: [senior,", "overflow: [¦seniors,", "did you mean 'senior'"),
    ("unknown_name", "teams: [front_1]", "teams: [¦front_2]", "there is no team 'front_2'"),
    ("unknown_name", "shift: early}", "shift: ¦erly}", "did you mean 'early'"),
    ("unknown_name", "order: [urgent,", "order: [¦urgnt,", "did you mean 'urgent'"),
    (
        "unknown_name",
        "stands_for: [english]",
        "stands_for: [¦englsh]",
        "did you mean 'english'",
    ),
    ("unknown_name", "teams: [front_1]", "teams: [¦front_2]", "named under 'teams:' first"),
    ("unknown_choice", "vip: like_others", "vip: ¦like_other", "did you mean 'like_others'"),
    ("not_there", "workflow: complaint", "workflow: ¦complant", "did you mean 'complaint'"),
    ("not_there", "[registered,", "[¦registred,", "did you mean 'registered'"),
    (
        "not_there",
        "{workflow: complaint,",
        "{workflow: complaint, ¦fields.amont: 1,",
        "did you mean 'amount'",
    ),
    ("not_there", "{workflow: complaint,", "{channel: ¦phon,", "did you mean 'phone'"),
    ("not_there", "{workflow: complaint,", "{priority: ¦urgnt,", "did you mean 'urgent'"),
    ("name_twice", "high, normal, low]", "high, ¦high, low]", "stands here twice"),
    ("unknown_fact", "customer.language: en", "¦customer.langage: en", "customer.language"),
    ("unknown_fact", "state: [reg", "¦status: [reg", "did you mean 'state'"),
    ("bad_value", "[registered, proposing]", "¦{a: b}", "write a value"),
    ("bad_value", "[registered, proposing]", "¦[]", "write a value"),
    ("bad_number", "capacity: 2", "capacity: ¦0", "from 1 to 1000"),
    ("bad_number", "refunds: 3", "refunds: ¦10", "from 1 to 9"),
    ("bad_number", "rise_after: 5", "rise_after: ¦true", "'True' is no whole number"),
    ("bad_duration", "10 minutes", "¦10 minits", "did you mean 'minutes'"),
    ("bad_text", "{en: Complaints, zh: 投诉}", "¦Complaints", "both languages"),
    ("bad_name", "  front_1: {", "  ¦Front-1: {", "is no name"),
    ("bad_hours", "22:00-06:00", "¦22-6", "are no hours"),
    ("bad_hours", "22:00-06:00", "¦24:00-06:00", "are no hours"),
    ("bad_hours", "22:00-06:00", "¦22:00-22:00", "are no hours"),
    ("hours_overlap", "12:00-15:00", "11:00-15:00", "overlap"),
    ("unknown_day", "fri-sun", "¦fry-sun", "is no day of the week"),
    ("unknown_zone", "Asia/Shanghai", "¦Asia/Shanghia", "did you mean 'Asia/Shanghai'"),
    ("missing_word", "zone: Asia/Shanghai\n", "", "'zone' is missing"),
    ("missing_word", "    accepts: everything\n", "", "'accepts' is missing"),
    ("missing_word", "skills: {vip: 1}, ", "", "'skills' is missing"),
    ("wrong_shape", "accepts: everything", "accepts: ¦all", "one of which must fit"),
    ("wrong_shape", "teams: [front_1]\n", "teams: ¦front_1\n", "write a list"),
    ("no_facts", "- {workflow: complaint, state: [registered, proposing]}", "- ¦{}", "without"),
    ("reserved_name", "  inquiries:\n", "  ¦vip:\n", "has a meaning"),
    ("two_meanings", "  inquiries:\n", "  ¦languages:\n", "the name of a group already"),
    ("own_queue", "to: languages", "to: ¦complaints", "overflow to itself"),
    (
        "wrong_order",
        "    overflow:\n      - {after: 10 minutes, to: languages}",
        "    ¦overflow:\n      - {after: 10 minutes, to: languages}\n      - senior",
        "sooner first",
    ),
    (
        "unreachable",
        "  inquiries:\n    title: {en: Inquiries, zh: 咨询}\n    accepts: everything",
        "  all: {title: {en: All, zh: 全部}, accepts: everything}\n"
        "  ¦inquiries:\n    title: {en: Inquiries, zh: 咨询}\n    accepts: everything",
        "no ticket comes to 'inquiries'",
    ),
]


@pytest.mark.parametrize(("code", "right", "wrong", "sentence"), CHANGES)
def test_each_mistake_is_told_with_its_place_and_what_to_write(code, right, wrong, sentence):
    assert EXAMPLE.count(right) >= 1
    text = EXAMPLE.replace(right, wrong, 1)

    found = [one for one in problems(text) if one.code == f"routing.{code}"]

    assert sentence in str(found[0].message)
    if "¦" in wrong:
        assert (found[0].place.line, found[0].place.column) == place_of(text)


def test_all_mistakes_are_told_at_once_in_the_order_of_their_places():
    text = EXAMPLE.replace("least_loaded", "x").replace("zone: Asia", "zone: Asai")
    text = text.replace("10 minutes", "soon")

    found = problems(text)

    codes = [one.code for one in found]
    assert codes == ["routing.unknown_zone", "routing.unknown_choice", "routing.bad_duration"]


def test_a_queue_that_none_of_the_agents_could_serve_is_warned_of():
    rules, found = rules_of(
        load(EXAMPLE.replace("skills: {refunds: 2}", "skills: {refunds: 9}"), file="r")
    )

    assert rules is not None
    assert [(one.code, one.grave) for one in found] == [("routing.unstaffed", False)] * 1


@pytest.mark.parametrize(
    "text", ["", "[]", "queues", "queues: {}\nskills: []", "queues: {1: 2}", "? [a]\n: b"]
)
def test_a_file_of_another_shape_is_refused_and_never_a_crash(text):
    try:
        found = problems(text)
    except YamlRefused:
        return

    assert [one for one in found if one.grave] or text.startswith("queues: {}")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileUnreadable, match="there is no such file"):
        read_rules(tmp_path / "routing.yaml")


JUNK = (
    None,
    True,
    0,
    -1,
    2.5,
    "",
    "x",
    "10 minutes",
    [],
    {},
    ["x"],
    {"x": 1},
    [[]],
    [{}],
    {"to": 3},
)


def spoilt(data, draw):
    """Return the data with some of its parts replaced by what does not belong there."""
    if draw.random() < 0.04:
        return draw.choice(JUNK)
    if isinstance(data, dict):
        return {name: spoilt(one, draw) for name, one in data.items()}
    return [spoilt(one, draw) for one in data] if isinstance(data, list) else data


@given(draw=st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_stands_where_it_does_not_belong_is_told_and_never_a_crash(draw):
    data = load(EXAMPLE, file="routing.yaml").data
    document = Document(data=spoilt(data, draw), file="routing.yaml", marks=Mark(1, 1))

    rules, found = rules_of(document)

    assert (rules is None) is any(one.grave for one in found)
    assert all(Texts("zh").render(one.message) for one in found)


def test_what_cannot_be_read_of_a_workflow_may_be_anything():
    text = EXAMPLE.replace("workflow: complaint, state", "workflow: inquiry, state")

    assert [one for one in problems(text) if one.code == "routing.not_there"] == []


def test_a_name_that_is_none_is_not_offered_for_another():
    found = problems(EXAMPLE.replace("  refunds: {en", "  re-funds: {en"))

    assert {"routing.bad_name", "routing.unknown_name"} <= {one.code for one in found}
    assert not [one for one in found if "did you mean 're-funds'" in str(one.message)]
