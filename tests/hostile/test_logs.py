"""Hostile event logs: each is refused with its place and reason, and each refusal hangs on one defence.

The small files lie in `logs/`; what would be large is built here. `REFUSALS` is what a reader must say.
"""

import gzip
import os
import socket
import subprocess
import sys
import textwrap
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from casewright.errors import CasewrightError, FileUnreadable
from casewright.exchange import csv_log, log_bytes, log_values, logs, xes_log
from casewright.exchange.logs import LIMITS, Columns, read_cases

pytestmark = pytest.mark.timeout(120)

CORPUS = Path(__file__).parent / "logs"
MODULES = (csv_log, log_bytes, log_values, logs, xes_log)
CSV = Columns(case="case", activity=("activity",), time="time", agent="agent")
XES = Columns(case="case:concept:name", activity=("concept:name",), time="time:timestamp")

ENTITIES = "document types and entities are not allowed"
UNREADABLE_TIME = "cannot be read as a time"
CHARACTER = "a value holds the character U+"
NOT_UTF8 = "the row is not UTF-8"
RATIO = "the log expands more than 200 times"
DAMAGED = "the gzip file is damaged or cut short"

REFUSALS = {
    "column_absent.csv": (1, "no column 'activity'; did you mean 'activty'?"),
    "column_twice.csv": (1, "the column 'activity' is named twice"),
    "date_absent.xes": (4, "the event has no 'time:timestamp'"),
    "date_day_first.csv": (3, UNREADABLE_TIME),
    "date_empty.csv": (3, "the event has no 'time'"),
    "date_hour_25.csv": (3, UNREADABLE_TIME),
    "date_month_13.csv": (3, UNREADABLE_TIME),
    "date_number.csv": (3, UNREADABLE_TIME),
    "date_wide_digits.csv": (3, UNREADABLE_TIME),
    "date_word.csv": (3, UNREADABLE_TIME),
    "date_wrong.xes": (4, UNREADABLE_TIME),
    "date_year_1.csv": (3, UNREADABLE_TIME),
    "date_year_1600.csv": (3, "is outside 1900-2199"),
    "date_year_9999.csv": (3, UNREADABLE_TIME),
    "date_zone_wild.csv": (3, UNREADABLE_TIME),
    "doctype_only.xes": (2, ENTITIES),
    "doctype_remote.xes": (2, ENTITIES),
    "empty.csv": (0, "the log is empty"),
    "encoding_false.xes": (4, "the XML is not well formed"),
    "encoding_gb18030.csv": (3, NOT_UTF8),
    "encoding_latin1.csv": (3, NOT_UTF8),
    "encoding_overlong.csv": (3, NOT_UTF8),
    "encoding_surrogate.csv": (3, NOT_UTF8),
    "encoding_unknown.xes": (1, "the encoding named in the first line cannot be read"),
    "encoding_utf16.csv": (1, NOT_UTF8),
    "ends_early.xes": (4, "the XML is not well formed"),
    "entity_billion_laughs.xes": (2, ENTITIES),
    "entity_external_file.xes": (2, ENTITIES),
    "entity_external_http.xes": (2, ENTITIES),
    "entity_in_attribute.xes": (2, ENTITIES),
    "entity_parameter.xes": (2, ENTITIES),
    "entity_quadratic.xes": (2, ENTITIES),
    "entity_undefined.xes": (4, "the XML is not well formed: undefined entity"),
    "entity_unparsed.xes": (2, ENTITIES),
    "event_outside_trace.xes": (3, "<event> does not stand in <trace>"),
    "header_only.csv": (0, "the log holds no events"),
    "key_twice.xes": (5, "the attribute 'concept:name' is given twice"),
    "nested_deep.xes": (5, "elements are nested deeper than 32 levels"),
    "no_quote.xes": (4, "the XML is not well formed"),
    "not_a_log.xes": (1, "<html> is not an element of XES"),
    "quote_in_value.csv": (3, "the row is not CSV"),
    "quote_left_open.csv": (3, "the row is not CSV"),
    "row_narrower.csv": (3, "the row has 2 columns, the header names 4"),
    "row_wider.csv": (3, "the row has 5 columns, the header names 4"),
    "trace_in_trace.xes": (4, "<trace> does not stand in <log>"),
    "trace_without_name.xes": (4, "the event has no 'case:concept:name'"),
    "value_bidi.csv": (3, CHARACTER + "202E"),
    "value_bidi.xes": (4, CHARACTER + "202E"),
    "value_control_agent.csv": (3, CHARACTER + "009B"),
    "value_escape.csv": (3, CHARACTER + "001B"),
    "value_invisible_tag.csv": (3, CHARACTER + "E0041"),
    "value_line_break.csv": (3, CHARACTER + "000A"),
    "value_line_break.xes": (4, CHARACTER + "000A"),
    "value_no_activity.csv": (3, "the event has no 'activity'"),
    "value_no_case.csv": (3, "the event has no 'case'"),
    "value_nul.csv": (3, "the row holds a NUL character"),
    "xinclude.xes": (3, "<include> is not an element of XES"),
    # Built by BOMBS below.
    "bomb_rows.csv.gz": (0, RATIO),
    "bomb_events.xes.gz": (0, RATIO),
    "bomb_blanks.xes.gz": (0, RATIO),
    "bomb_members.csv.gz": (0, RATIO),
    "bomb_blank_lines.csv.gz": (1_048_578, "the row is longer than 1048576 bytes"),
    "bomb_zeros.csv.gz": (1, "the row is longer than 1048576 bytes"),
    "bomb_in_gzip.csv.gz": (0, "the log is packed with gzip"),
    "packed_zip.csv.gz": (0, "the log is packed with zip"),
    "gzip_cut_short.csv.gz": (0, DAMAGED),
    "gzip_header_only.csv.gz": (0, DAMAGED),
    "gzip_wrong_sum.csv.gz": (0, DAMAGED),
    "gzip_wrong_bytes.csv.gz": (0, DAMAGED),
    "gzip_trailing_bytes.csv.gz": (0, DAMAGED),
    "gzip_unknown_method.csv.gz": (0, DAMAGED),
    "million_columns_header.csv": (1, "the row has 1000001 columns; at most 1000 are allowed"),
    "million_columns_row.csv": (3, "the row has 1000001 columns; at most 1000 are allowed"),
    "million_columns_named.csv": (1, "the row is longer than 1048576 bytes"),
    "million_columns_quoted.csv": (1, "the row is longer than 1048576 bytes"),
    "million_columns_tabs.csv": (1, "the row has 1000001 columns; at most 1000 are allowed"),
    "columns_1001.csv": (1, "the row has 1001 columns; at most 1000 are allowed"),
    "row_endless.csv": (3, "the row is longer than 1048576 bytes"),
    "row_endless_quote.csv": (3, "field larger than field limit"),
    "value_long.csv": (3, "a value is 100000 characters long; at most 65536"),
    "value_long.xes": (4, "a value is 100000 characters long; at most 65536"),
    "attributes_1001.xes": (4, "an event has more than 1000 attributes"),
    "comment_endless.xes": (5, "a tag or comment is longer than 1048576 bytes"),
    "tag_endless.xes": (4, "a tag or comment is longer than 1048576 bytes"),
    "nested_million.xes": (5, "elements are nested deeper than 32 levels"),
    "case_endless.csv": (100_002, "a case has more than 100000 events"),
    "pipe.csv": (0, "this is not a regular file"),
    "folder.csv": (0, "this is not a regular file"),
}  # fmt: skip

HEADER = b"case,activity,time,agent,note\n"
ROW = b"C%d,Open,2024-05-31T08:00:00Z,ana,%s\n"
EVENT = (
    b'<event><string key="concept:name" value="Open"/>'
    b'<date key="time:timestamp" value="2024-05-31T08:00:00Z"/>%s</event>\n'
)


def rows(count, note=b"", *, one_case=False):
    return HEADER + b"".join(ROW % (0 if one_case else at, note) for at in range(count))


def traces(*bodies):
    inside = b"".join(
        b'<trace><string key="concept:name" value="C1"/>\n' + body + b"</trace>"
        for body in bodies
    )
    return b'<?xml version="1.0" encoding="UTF-8"?>\n<log>\n' + inside + b"</log>"


def with_wrong_sum(data):
    packed = gzip.compress(data)
    return packed[:-8] + bytes(4) + packed[-4:]


def with_wrong_bytes(data):
    packed = bytearray(gzip.compress(data))
    packed[40:60] = b"\xff" * 20
    return bytes(packed)


REAL = rows(2_000)
BOMBS = {
    "bomb_rows.csv.gz": lambda: gzip.compress(rows(4_000, b"x" * 3_000)),
    "bomb_events.xes.gz": lambda: gzip.compress(
        traces(*[EVENT % (b"<!-- " + b"x" * 9_000 + b" -->")] * 1_300)
    ),
    "bomb_blanks.xes.gz": lambda: gzip.compress(traces(b" " * 12_000_000)),
    "bomb_members.csv.gz": lambda: gzip.compress(REAL)
    + gzip.compress(rows(4_000, b"x" * 3_000).removeprefix(HEADER)),
    "bomb_blank_lines.csv.gz": lambda: gzip.compress(HEADER + b"\n" * 12_000_000),
    "bomb_zeros.csv.gz": lambda: gzip.compress(bytes(50_000_000), 1),
    "bomb_in_gzip.csv.gz": lambda: gzip.compress(gzip.compress(bytes(50_000_000), 1)),
    "gzip_cut_short.csv.gz": lambda: gzip.compress(REAL)[:-200],
    "gzip_header_only.csv.gz": lambda: gzip.compress(REAL)[:10],
    "gzip_wrong_sum.csv.gz": lambda: with_wrong_sum(REAL),
    "gzip_wrong_bytes.csv.gz": lambda: with_wrong_bytes(REAL),
    "gzip_trailing_bytes.csv.gz": lambda: gzip.compress(REAL) + b"trailing",
    "gzip_unknown_method.csv.gz": lambda: b"\x1f\x8b\x07" + gzip.compress(REAL)[3:],
    "million_columns_header.csv": lambda: b"," * 1_000_000 + b"\n",
    "million_columns_row.csv": lambda: rows(1) + b"," * 1_000_000 + b"\n",
    "million_columns_named.csv": lambda: b"case,activity,time," + b"a," * 1_000_000 + b"\n",
    "million_columns_quoted.csv": lambda: b'"",' * 1_000_000 + b"\n",
    "million_columns_tabs.csv": lambda: b"\t" * 1_000_000 + b"\n",
    "columns_1001.csv": lambda: HEADER.strip() + b"," * 996 + b"\n" + ROW.strip() % (1, b"") + b"," * 996,
    "row_endless.csv": lambda: rows(1) + b"x" * 5_000_000,
    "row_endless_quote.csv": lambda: rows(1) + b'C1,"' + b"x\n" * 3_000_000,
    "value_long.csv": lambda: rows(1, b"x") + ROW % (1, b"x" * 100_000),
    "value_long.xes": lambda: traces(EVENT % (b'<string key="a" value="' + b"x" * 100_000 + b'"/>')),
    "attributes_1001.xes": lambda: traces(
        EVENT % b"".join(b'<int key="k%d" value="1"/>' % at for at in range(1_001))
    ),
    "comment_endless.xes": lambda: traces(EVENT % b"" + b"<!--" + b"x" * 5_000_000 + b"-->"),
    "tag_endless.xes": lambda: traces(b"<event " + b'a="b" ' * 1_000_000 + b"/>"),
    "nested_million.xes": lambda: traces(EVENT % b"" + b"<string>" * 1_000_000),
    "case_endless.csv": lambda: rows(100_001, one_case=True),
}  # fmt: skip


def columns_for(path):
    return XES if ".xes" in path.name else CSV


def outcome(path, limits=LIMITS):
    """Return the line and the reason of the refusal, or None if the log got through."""
    try:
        read_cases(path, columns_for(path), limits=limits)
    except CasewrightError as refused:
        reason = str(refused.reason)
        return (0 if isinstance(refused, FileUnreadable) else refused.place.line), reason
    return None


def as_expected(name, found):
    line, fragment = REFUSALS[name]
    return found is not None and found[0] == line and fragment in found[1]


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    """Return the path of a hostile file, building it if it is not kept in the corpus."""
    folder = tmp_path_factory.mktemp("hostile_logs")

    def path_of(name):
        kept, built = CORPUS / name, folder / name
        if kept.exists():
            return kept
        if not built.exists():
            build(name, built)
        return built

    return path_of


def build(name, path):
    if name == "pipe.csv":
        os.mkfifo(path)
    elif name == "folder.csv":
        path.mkdir()
    elif name == "packed_zip.csv.gz":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("log.csv", REAL)
    else:
        path.write_bytes(BOMBS[name]())


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*_arguments, **_options):
        raise AssertionError("a log must never open a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_a_hostile_log_is_refused_with_its_place_and_reason(hostile, name):
    found = outcome(hostile(name))

    assert as_expected(name, found), found


def test_every_file_of_the_corpus_is_expected_to_be_refused():
    assert {path.name for path in CORPUS.iterdir()} <= set(REFUSALS)


def test_the_ordinary_log_from_which_the_hostile_ones_were_made_is_read(tmp_path):
    plain, packed, tree = tmp_path / "a.csv", tmp_path / "b.csv.gz", tmp_path / "c.xes"
    plain.write_bytes(REAL)
    packed.write_bytes(gzip.compress(REAL))
    tree.write_bytes(traces(EVENT % b""))

    assert [outcome(path) for path in (plain, packed, tree)] == [None, None, None]


def test_a_file_that_cannot_be_opened_says_so(tmp_path):
    for path in (tmp_path / "absent.csv", tmp_path / "nul\0.csv"):
        with pytest.raises(FileUnreadable):
            read_cases(path, CSV)


def test_a_log_that_names_a_local_file_never_shows_what_is_in_it(hostile):
    found = outcome(hostile("entity_external_file.xes"))

    assert "root:" not in found[1]


def test_bombs_are_refused_in_little_memory(hostile):
    """The bombs hold up to 50 MB each; a reader that keeps them passes what it is allowed."""
    resource = pytest.importorskip("resource")
    assert resource
    script = textwrap.dedent(
        """
        import resource, sys
        from pathlib import Path
        from casewright.errors import LogRefused
        from casewright.exchange.logs import Columns, read_log
        csv = Columns(case="case", activity=("activity",), time="time", agent="agent")
        xes = Columns(case="concept:name", activity=("concept:name",), time="time:timestamp")
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        allowed = pages * resource.getpagesize() + 40_000_000
        resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
        refused = 0
        for name in sys.argv[1:]:
            try:
                for event in read_log(Path(name), xes if ".xes" in name else csv):
                    pass
            except LogRefused:
                refused += 1
        print(refused)
        """
    )
    if not Path("/proc/self/statm").exists():
        pytest.skip("needs /proc to know how much memory the interpreter itself takes")
    names = [name for name in BOMBS if name != "case_endless.csv"]

    done = subprocess.run(
        [sys.executable, "-c", script, *(str(hostile(name)) for name in names)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert (done.stdout.strip(), done.stderr) == (str(len(names)), "")


# --- each defence is needed --------------------------------------------------------------------

SWITCHES = {
    "refuse_irregular": "pipe.csv",
    "refuse_other_packing": "bomb_in_gzip.csv.gz",
    "refuse_ratio": "bomb_rows.csv.gz",
    "refuse_nul": "value_nul.csv",
    "refuse_long_row": "row_endless.csv",
    "refuse_many_columns": "columns_1001.csv",
    "refuse_other_width": "row_wider.csv",
    "refuse_control_characters": "value_escape.csv",
    "refuse_long_text": "value_long.csv",
    "refuse_implausible_time": "date_year_1600.csv",
    "refuse_deep_nesting": "nested_deep.xes",
    "refuse_unknown_element": "xinclude.xes",
    "refuse_long_tag": "comment_endless.xes",
    "refuse_many_attributes": "attributes_1001.xes",
    "refuse_misplaced": "event_outside_trace.xes",
    "refuse_doubled_key": "key_twice.xes",
    "refuse_many_events": "case_endless.csv",
}
LIMIT_SWITCHES = {
    "refuse_size": {"expanded": 10_000},
    "refuse_many_in_all": {"events": 1_000},
}


def without(monkeypatch, defence):
    for module in MODULES:
        if hasattr(module, defence):
            monkeypatch.setattr(module, defence, lambda *_arguments: None)


@pytest.mark.parametrize("defence", sorted(SWITCHES))
def test_taking_a_defence_away_turns_its_test_red(hostile, monkeypatch, defence):
    path = hostile(SWITCHES[defence])
    assert as_expected(path.name, outcome(path))

    without(monkeypatch, defence)

    assert not as_expected(path.name, outcome(path))


@pytest.mark.parametrize("defence", sorted(LIMIT_SWITCHES))
def test_taking_a_limit_away_lets_through_what_it_held(tmp_path, monkeypatch, defence):
    path, limits = tmp_path / "log.csv", replace(LIMITS, **LIMIT_SWITCHES[defence])
    path.write_bytes(REAL)
    assert "more than" in outcome(path, limits)[1] or "larger than" in outcome(path, limits)[1]

    without(monkeypatch, defence)

    assert outcome(path, limits) is None


@pytest.mark.parametrize(
    ("away", "name"),
    [
        ({"forbid_dtd": False}, "doctype_only.xes"),
        ({"forbid_dtd": False, "forbid_entities": False}, "entity_in_attribute.xes"),
    ],
)
def test_without_the_xml_defences_document_types_and_entities_get_through(
    hostile, monkeypatch, away, name
):
    monkeypatch.setattr(xes_log, "XML_DEFENCES", {**xes_log.XML_DEFENCES, **away})

    assert outcome(hostile(name)) is None


def test_no_defence_is_without_its_switch():
    defences = {
        name for module in MODULES for name in vars(module) if name.startswith("refuse_")
    }

    assert defences == {*SWITCHES, *LIMIT_SWITCHES}
