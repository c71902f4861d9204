"""Event logs come in as they are: in order, with their zones, and the columns that are meant."""

import gzip
from collections import Counter
from datetime import UTC, datetime

import pytest

from casewright.errors import FileUnreadable, LogRefused
from casewright.exchange.log_columns import guess_columns
from casewright.exchange.logs import (
    Columns,
    column_names,
    read_cases,
    read_log,
    times_without_zone,
)

PLAIN = Columns(case="case", activity=("activity",), time="time", agent="agent")
XES = Columns(case="case:concept:name", activity=("concept:name",), time="time:timestamp")
JOINED = Columns(
    case="case:concept:name",
    activity=("concept:name", "lifecycle:transition"),
    time="time:timestamp",
)


def written(folder, name, text, *, encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def xes_event(*, name=None, lifecycle=None, time="2024-05-31T08:00:00Z", more=""):
    parts = [f'<date key="time:timestamp" value="{time}"/>', more]
    if name is not None:
        parts.append(f'<string key="concept:name" value="{name}"/>')
    if lifecycle is not None:
        parts.append(f'<string key="lifecycle:transition" value="{lifecycle}"/>')
    return f"<event>{''.join(parts)}</event>"


def xes_log(*events, case="C1", head='<log xes.version="1849.2016">'):
    name = f'<string key="concept:name" value="{case}"/>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n<trace>{name}{"".join(events)}</trace></log>'


# --- real logs ---------------------------------------------------------------------------------


def test_the_help_desk_log_has_the_published_cases_events_and_activities(helpdesk, facts):
    _, cases = helpdesk
    expected = facts["helpdesk_it.csv"]

    events = [event for case in cases for event in case.events]
    sizes = [len(case.events) for case in cases]

    assert len(cases) == expected["published"]["cases"]
    assert len(events) == expected["published"]["events"]
    assert len({event.agent for event in events}) == expected["published"]["resources"]
    assert (
        Counter(event.activity for event in events) == expected["computed"]["activity_counts"]
    )
    assert (min(sizes), max(sizes)) == (2, 15)
    assert min(event.at for event in events) == datetime(2010, 1, 13, 8, 40, 25, tzinfo=UTC)
    assert max(event.at for event in events) == datetime(2014, 1, 3, 13, 20, 58, tzinfo=UTC)
    assert times_without_zone(cases) == 0


def test_the_incident_log_has_the_published_cases_events_and_lifecycles(incidents, facts):
    _, cases = incidents
    expected = facts["BPIC13_incidents.xes.gz"]

    events = [event for case in cases for event in case.events]
    names = Counter(event.activity.split(" + ")[0] for event in events)
    lifecycles = Counter(event.activity.split(" + ")[1] for event in events)

    assert len(cases) == expected["published"]["traces"]
    assert len(events) == expected["published"]["events"]
    assert max(len(case.events) for case in cases) == expected["published"]["events_max"]
    assert names == expected["computed"]["activity_counts"]
    assert lifecycles == expected["computed"]["lifecycle_counts"]


def test_equal_times_keep_the_order_of_the_file(helpdesk, facts):
    _, cases = helpdesk

    ties = [
        (before, after)
        for case in cases
        for before, after in zip(case.events, case.events[1:], strict=False)
        if before.at == after.at
    ]

    assert len(ties) == facts["helpdesk_it.csv"]["computed"]["same_timestamp_ties"]
    assert all(before.line < after.line for before, after in ties)


def test_cases_come_in_the_order_of_their_first_events(helpdesk):
    _, cases = helpdesk

    begins = [case.events[0].at for case in cases]

    assert begins == sorted(begins)


def test_the_columns_of_the_real_logs_are_guessed(helpdesk, incidents):
    assert helpdesk[0] == Columns(
        case="case:concept:name",
        activity=("concept:name",),
        time="time:timestamp",
        agent="org:resource",
    )
    assert incidents[0].case == "case:concept:name"
    assert incidents[0].agent == "org:resource"


# --- CSV ---------------------------------------------------------------------------------------


def test_a_row_becomes_an_event_in_utc_with_its_line(tmp_path):
    path = written(
        tmp_path, "log.csv", "case,activity,time,agent\nC1,Open,2024-05-31 16:00:00+08:00,\n"
    )

    (event,) = read_log(path, PLAIN)

    assert (event.case, event.activity, event.agent, event.line) == ("C1", "Open", None, 2)
    assert event.at == datetime(2024, 5, 31, 8, tzinfo=UTC)
    assert event.at.utcoffset().total_seconds() == 0


def test_a_quoted_line_break_does_not_shift_the_line_of_later_events(tmp_path):
    rows = 'case,activity,time,agent,note\nC1,A,2024-05-31,x,"one\ntwo"\nC1,B,2024-06-01,x,\n'
    path = written(tmp_path, "log.csv", rows)

    assert [event.line for event in read_log(path, PLAIN)] == [2, 4]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_comma_semicolon_and_tab_are_told_apart_by_the_header(tmp_path, delimiter):
    rows = "case|activity|time|agent\nC1|Open|2024-05-31T08:00Z|ana\n"
    path = written(tmp_path, "log.csv", rows.replace("|", delimiter))

    (event,) = read_log(path, PLAIN)

    assert (event.activity, event.agent) == ("Open", "ana")


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path):
    path = written(tmp_path, "log.csv", "\ufeffcase,time\nC1,2024-05-31\n")

    assert column_names(path) == ["case", "time"]


def test_gzip_is_known_by_its_first_bytes_whatever_the_name(tmp_path):
    path = tmp_path / "log.csv"
    path.write_bytes(gzip.compress(b"case,activity,time,agent\nC1,Open,2024-05-31,ana\n"))

    assert [event.case for event in read_log(path, PLAIN)] == ["C1"]


def test_times_without_a_zone_are_read_as_utc_and_counted(tmp_path):
    rows = (
        "case,activity,time,agent\nC1,A,2024-05-31 08:00,\nC1,B,2024-05-31 09:00+00:00,\n"
        "C1,C,2024/5/31 10:00,\n"
    )
    path = written(tmp_path, "log.csv", rows)

    cases = read_cases(path, PLAIN)

    assert [event.at.hour for event in cases[0].events] == [8, 9, 10]
    assert times_without_zone(cases) == 2


def test_several_activity_columns_are_joined_and_a_missing_part_is_shown(tmp_path):
    columns = Columns(case="case", activity=("name", "phase"), time="time")
    rows = "case,name,phase,time\nC1,Open,start,2024-05-31\nC1,Open,,2024-05-31\n"
    path = written(tmp_path, "log.csv", rows)

    (case,) = read_cases(path, columns)

    assert case.path == ("Open + start", "Open + (none)")


def test_a_missing_column_is_refused_with_the_nearest_one(tmp_path):
    path = written(tmp_path, "log.csv", "case,activity,time,agent\nC1,Open,2024-05-31,\n")
    columns = Columns(case="case", activity=("activty",), time="time")

    with pytest.raises(
        LogRefused, match="no column 'activty'; did you mean 'activity'"
    ) as told:
        list(read_log(path, columns))

    assert told.value.place.line == 1


def test_a_missing_file_is_unreadable(tmp_path):
    with pytest.raises(FileUnreadable, match=r"absent\.csv"):
        list(read_log(tmp_path / "absent.csv", PLAIN))


def test_a_log_is_read_as_a_stream(tmp_path):
    path = written(
        tmp_path, "log.csv", "case,activity,time,agent\nC1,Open,2024-05-31,\nC1,Close,never,\n"
    )
    events = read_log(path, PLAIN)

    first = next(events)

    assert first.activity == "Open"
    with pytest.raises(LogRefused, match="'never' cannot be read as a time"):
        next(events)


# --- XES ---------------------------------------------------------------------------------------


def test_a_trace_gives_its_name_to_its_events_even_where_it_comes_last(tmp_path):
    text = f'<log><trace>{xes_event(name="Open")}<string key="concept:name" value="C9"/></trace></log>'
    path = written(tmp_path, "log.xes", text)

    assert [event.case for event in read_log(path, XES)] == ["C9"]


def test_xes_is_read_with_a_byte_order_mark_and_with_a_namespace(tmp_path):
    head = '<log xmlns="http://www.xes-standard.org/">'
    path = written(tmp_path, "log.xes", "\ufeff" + xes_log(xes_event(name="Open"), head=head))

    assert [event.activity for event in read_log(path, XES)] == ["Open"]


def test_absent_xes_attributes_are_shown_as_missing_parts(tmp_path):
    events = (
        xes_event(name="Open", lifecycle="start"),
        xes_event(name="Open"),
        xes_event(lifecycle="end"),
    )
    path = written(tmp_path, "log.xes", xes_log(*events))

    (case,) = read_cases(path, JOINED)

    assert case.path == ("Open + start", "Open + (none)", "(none) + end")


def test_nested_attributes_do_not_pass_for_those_of_the_event(tmp_path):
    more = '<list key="steps"><string key="concept:name" value="Inner"/></list>'
    path = written(tmp_path, "log.xes", xes_log(xes_event(name="Outer", more=more)))

    assert [event.activity for event in read_log(path, XES)] == ["Outer"]


def test_a_misspelt_attribute_is_refused_although_xes_may_leave_attributes_out(tmp_path):
    path = written(tmp_path, "log.xes", xes_log(xes_event(name="Open", lifecycle="start")))
    columns = Columns(
        case="concept:name",
        activity=("concept:name", "lifecycle:transitoin"),
        time="time:timestamp",
    )

    with pytest.raises(LogRefused, match="did you mean 'lifecycle:transition'"):
        list(read_log(path, columns))


def test_an_event_without_a_time_is_refused_at_its_line(tmp_path):
    event = '\n<event><string key="concept:name" value="Open"/></event>'
    path = written(tmp_path, "log.xes", xes_log(event))

    with pytest.raises(LogRefused, match="the event has no 'time:timestamp'") as told:
        list(read_log(path, XES))

    assert told.value.place.line == 4


# --- guessing the columns ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "Case ID,Activity,Timestamp,Resource",
            ("Case ID", "Activity", "Timestamp", "Resource"),
        ),
        ("CaseID;STATUS;Changed_At;user", ("CaseID", "STATUS", "Changed_At", "user")),
        ("工单号,环节,操作时间,处理人", ("工单号", "环节", "操作时间", "处理人")),
    ],
)
def test_usual_names_are_known_in_english_and_chinese(tmp_path, header, expected):
    path = written(tmp_path, "log.csv", header + "\n")

    columns = guess_columns(path)

    assert (columns.case, columns.activity[0], columns.time, columns.agent) == expected


def test_what_is_named_is_never_guessed_again(tmp_path):
    path = written(tmp_path, "log.csv", "ticket,status,action,time\n")

    columns = guess_columns(path, activity=["status"], agent="action")

    assert columns == Columns(case="ticket", activity=("status",), time="time", agent="action")


def test_two_candidates_are_refused_with_the_option_that_settles_it(tmp_path):
    path = written(tmp_path, "log.csv", "ticket,status,action,time\n")

    with pytest.raises(LogRefused, match="--activity COLUMN: 'status', 'action'"):
        guess_columns(path)


def test_no_candidate_is_refused_with_the_columns_there_are(tmp_path):
    path = written(tmp_path, "log.csv", "ticket,colour,time\n")

    with pytest.raises(LogRefused, match=r"surely the activity.*--activity.*'colour'"):
        guess_columns(path)


def test_a_named_column_that_is_absent_is_refused_with_the_nearest(tmp_path):
    path = written(tmp_path, "log.csv", "ticket,status,time\n")

    with pytest.raises(LogRefused, match="did you mean 'status'"):
        guess_columns(path, activity=["statsu"])
