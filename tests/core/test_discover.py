"""A discovered workflow allows what its log shows, and nothing more."""

import itertools
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from casewright.errors import LogMapRefused, LogRefused
from casewright.exchange.discover import MOST_ACTIVITIES, discover, schema_beside
from casewright.exchange.identifiers import state_names
from casewright.exchange.log_map import read_map
from casewright.exchange.log_model import Case, Columns, LogEvent
from casewright.strict_yaml import load
from casewright.workflows.check import check_paths
from casewright.workflows.schema import SCHEMA_FILE

COLUMNS = Columns(case="case", activity=("activity",), time="time", agent="agent")
BEGIN = datetime(2024, 5, 31, 8, tzinfo=UTC)


def case_of(*activities, id="C1"):
    events = tuple(
        LogEvent(
            case=id, activity=name, at=BEGIN + timedelta(hours=hour), agent=None, line=hour + 2
        )
        for hour, name in enumerate(activities)
    )
    return Case(id=id, events=events)


def cases_of(*paths):
    return [case_of(*path, id=f"C{number}") for number, path in enumerate(paths, start=1)]


def discovered(cases, columns=COLUMNS, name="imported"):
    return discover(cases, columns, name=name, log="log.csv")


def states_in(discovery):
    return load(discovery.workflow, file="imported.yaml").data["states"]


def transitions_in(discovery):
    return load(discovery.map, file="imported.map.yaml").data["transitions"]


def refused_successions(discovery, cases):
    """Walk the cases through the workflow as written; a refused event leaves the case where it is."""
    states, names = states_in(discovery), transitions_in(discovery)
    refused = []
    for case in cases:
        state = "opened"
        for activity in case.path:
            transition = states[state].get("transitions", {}).get(names.get(activity))
            if transition is None:
                refused.append((case.id, state, activity))
            else:
                state = transition["to"]
    return refused


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "workflows").mkdir()
    (tmp_path / "roles.yaml").write_text(
        "roles:\n  agent: {title: {en: Agent, zh: 坐席}, permissions: [ticket.*]}\n",
        encoding="utf-8",
    )
    return tmp_path


def checked(workspace, discovery):
    path = workspace / "workflows" / f"{discovery.name}.yaml"
    path.write_text(discovery.workflow, encoding="utf-8")
    return [str(problem) for problem in check_paths([path])]


def succession_pairs(cases):
    return {pair for case in cases for pair in zip((None, *case.path), case.path, strict=False)}


# --- real logs ---------------------------------------------------------------------------------


@pytest.mark.parametrize("log", ["helpdesk", "incidents"])
def test_a_real_log_passes_through_its_own_workflow_without_a_refusal(log, request):
    columns, cases = request.getfixturevalue(log)

    discovery = discovered(cases, columns)

    assert refused_successions(discovery, cases) == []


@pytest.mark.parametrize("log", ["helpdesk", "incidents"])
def test_a_real_logs_workflow_has_a_transition_for_each_succession_and_no_other(log, request):
    columns, cases = request.getfixturevalue(log)

    discovery = discovered(cases, columns)

    states, names = states_in(discovery), transitions_in(discovery)
    title = {state: body["title"]["en"] for state, body in states.items()}
    written = {
        (None if state == "opened" else title[state], title[way["to"]])
        for state, body in states.items()
        for way in body.get("transitions", {}).values()
    }
    assert written == succession_pairs(cases)
    assert set(names) == {activity for case in cases for activity in case.path}


@pytest.mark.parametrize("log", ["helpdesk", "incidents"])
def test_a_real_logs_workflow_passes_check(log, request, workspace):
    columns, cases = request.getfixturevalue(log)

    problems = checked(workspace, discovered(cases, columns))

    assert problems == []


def test_swapped_events_are_refused_exactly_where_the_succession_was_never_seen(helpdesk):
    columns, cases = helpdesk
    discovery, seen = discovered(cases, columns), succession_pairs(cases)
    swapped = [with_swapped_events(case) for case in cases[:100]]

    refused = refused_successions(discovery, swapped)

    assert refused == [found for case in swapped for found in never_seen(case, seen)]
    assert len({case for case, _, _ in refused}) > 50


def with_swapped_events(case):
    path = list(case.path)
    middle = len(path) // 2
    path[middle - 1], path[middle] = path[middle], path[middle - 1]
    return case_of(*path, id=case.id)


def never_seen(case, seen):
    """The refusals that a reader with only the list of successions expects."""
    names = state_names_of(seen)
    at = None
    for activity in case.path:
        if (at, activity) in seen:
            at = activity
        else:
            yield case.id, names[at] if at else "opened", activity


def state_names_of(seen):
    return {activity: activity.lower().replace(" ", "_") for _, activity in seen}


# --- what the files say ------------------------------------------------------------------------


def test_a_state_is_final_where_cases_only_end_and_rests_where_some_end():
    cases = cases_of(
        ("Open", "Work", "Close"), ("Open", "Work"), ("Open", "Work", "Open", "Close")
    )

    states = states_in(discovered(cases))

    assert states["close"].get("final") is True
    assert "transitions" not in states["close"]
    assert states["work"].get("rests") is True
    assert "rests" not in states["open"]
    assert "final" not in states["open"]


def test_the_same_activity_has_the_same_transition_in_every_state():
    cases = cases_of(("Open", "Close"), ("Close",))

    discovery = discovered(cases)

    assert transitions_in(discovery) == {"Open": "to_open", "Close": "to_close"}
    assert list(states_in(discovery)["opened"]["transitions"]) == ["to_open", "to_close"]
    assert states_in(discovery)["open"]["transitions"]["to_close"]["to"] == "close"


def test_titles_keep_the_words_of_the_log_whatever_their_script():
    discovery = discovered(cases_of(("受理工单", 'Say "yes": #1', "Résolu")))

    states = states_in(discovery)

    assert states["activity_01"]["title"] == {"en": "受理工单", "zh": "受理工单"}
    assert states["say_yes_1"]["title"]["en"] == 'Say "yes": #1'
    assert states["activity_03"]["title"]["en"] == "Résolu"


def test_the_same_log_gives_the_same_files():
    cases = cases_of(("b", "a", "c"), ("a", "c"), ("c", "b"))

    assert discovered(cases) == discovered(list(cases))


def test_the_workflow_is_named_after_its_file_in_a_form_the_language_allows():
    assert discovered(cases_of(("a",)), name="W").name == "w"
    assert discovered(cases_of(("a",)), name="Help Desk (IT)").name == "help_desk_it"
    assert discovered(cases_of(("a",)), name="投诉").name == "discovered"


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)
@given(st.from_regex(r"[A-Za-z0-9 _投诉ß()-]{1,12}", fullmatch=True))
@example("W")
@example("2024")
@example("on")
@example("Office")
@example("help-desk " * 8)
def test_a_discovered_workflow_passes_check_whatever_its_file_is_called(workspace, stem):
    path = workspace / "workflows" / f"{stem}.yaml"
    for earlier in path.parent.glob("*.yaml"):
        earlier.unlink()
    path.write_text(discovered(cases_of(("Open",)), name=path.stem).workflow, encoding="utf-8")

    assert [str(one) for one in check_paths([path])] == []


def test_the_map_beside_a_workflow_is_no_workflow_to_check_in_its_folder(workspace):
    found, folder = discovered(cases_of(("Open",))), workspace / "workflows"
    (folder / "imported.yaml").write_text(found.workflow, encoding="utf-8")
    (folder / "imported.yaml.map.yaml").write_text(found.map, encoding="utf-8")

    assert [str(one) for one in check_paths([folder])] == []


def test_the_first_line_leads_editors_to_the_schema_that_is_nearest(
    workspace, tmp_path_factory
):
    own = workspace / "schemas" / "workflow.schema.json"
    own.parent.mkdir(exist_ok=True)
    own.write_text("{}")
    elsewhere = tmp_path_factory.mktemp("with a blank") / "W.yaml"

    beside, installed = (
        schema_beside(out) for out in (workspace / "workflows" / "W.yaml", elsewhere)
    )
    text = discover(
        cases_of(("Open",)), COLUMNS, name="W", log="log.csv", schema=beside
    ).workflow

    assert (
        text.splitlines()[0]
        == "# yaml-language-server: $schema=../schemas/workflow.schema.json"
    )
    assert (elsewhere.parent / unquote(installed)).resolve() == SCHEMA_FILE.resolve()
    assert " " not in installed


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from("ABCD受"), min_size=1, max_size=6), min_size=1, max_size=6
    )
)
def test_any_log_passes_check_and_its_own_workflow(workspace, paths):
    cases = cases_of(*paths)

    discovery = discovered(cases)

    assert checked(workspace, discovery) == []
    assert refused_successions(discovery, cases) == []


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=30, unique=True))
def test_names_are_identifiers_and_never_alike(activities):
    names = state_names(activities)

    states = list(names.values())
    both = [*states, *(f"to_{state}" for state in states)]
    assert len(set(both)) == len(both)
    assert all(
        name.isascii() and name.isidentifier() and name == name.lower() for name in states
    )
    assert not {"opened", "withdrawn", "merged", "yes", "on", "null"} & set(both)


def test_names_that_differ_in_sign_only_stay_apart():
    names = state_names(["Close!", "close?", "To close", "Opened", "Yes", "2nd level"])

    assert names == {
        "Close!": "close",
        "close?": "close_2",
        "To close": "to_close_3",
        "Opened": "activity_opened",
        "Yes": "activity_yes",
        "2nd level": "activity_2nd_level",
    }


# --- the map -----------------------------------------------------------------------------------


def test_the_map_reads_back_what_discovery_wrote(tmp_path):
    columns = Columns(case="工单号", activity=("a", 'b "c"'), time="at", agent=None)
    path = tmp_path / "imported.map.yaml"
    path.write_text(discovered(cases_of(("on", "受理")), columns).map, encoding="utf-8")

    log_map = read_map(path)

    assert (log_map.workflow, log_map.columns) == ("imported", columns)
    assert log_map.transitions == {"on": "to_activity_on", "受理": "to_activity_02"}


@pytest.mark.parametrize(
    ("before", "after", "reason", "line"),
    [
        (
            "columns:",
            "colums:",
            "unknown word 'colums'; did you mean 'columns'",
            3,
        ),
        ('  time: "time"\n', "", "the word 'time' is missing", 4),
        ("to_open", "7", "a text is expected", 9),
        ('["activity"]', "[]", "a list of texts is expected", 5),
    ],
)
def test_a_map_with_a_mistake_is_refused_at_its_place(tmp_path, before, after, reason, line):
    path = tmp_path / "imported.map.yaml"
    text = discovered(cases_of(("Open",))).map
    assert before in text
    path.write_text(text.replace(before, after))

    with pytest.raises(LogMapRefused, match=reason) as told:
        read_map(path)

    assert told.value.place.line == line


# --- too much ----------------------------------------------------------------------------------


def test_more_activities_than_a_workflow_holds_are_refused_not_cut():
    cases = cases_of([f"Step {number}" for number in range(MOST_ACTIVITIES + 1)])

    with pytest.raises(LogRefused, match=r"501 activities .* choose a coarser activity column"):
        discovered(cases)


def test_more_successions_than_a_workflow_holds_are_refused_not_cut():
    cases = cases_of(*itertools.permutations([f"Step {number}" for number in range(50)], 2))

    with pytest.raises(LogRefused, match="2500 successions"):
        discovered(cases)


def test_free_text_is_refused_as_an_activity():
    with pytest.raises(LogRefused, match="an activity is 201 characters long"):
        discovered(cases_of(("x" * 201,)))


def test_the_largest_workflow_that_is_allowed_passes_the_yaml_door():
    steps = [f"A{number}" for number in range(45)]
    cases = cases_of(*itertools.islice(itertools.permutations(steps, 2), 1_950))

    discovery = discovered(cases)

    assert len(states_in(discovery)) == 46
