"""What is taken away in a file: every cell is text, no formula begins in one, and all reads back as it was."""

import csv
import stat
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from casewright.errors import FileUnreadable
from casewright.exchange.sheet_cells import cell_text, quoted, unquoted
from casewright.exchange.sheets import LONGEST_CELL, export_rows

FORMULAS = [
    "=1+1",
    '=HYPERLINK("https://example.com?"&A1)',
    "+86 139 1234 5678",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u200b=1+1",
    "\ufeff\u2060=1+1",
    "＝1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(A1)",
    "﹦1+1",
    "\u22121",
    "|cmd",
    "%0a",
    '"=1+1"',
    "'=1+1",
    "''=1+1",
    "\u00ad=1",
    "a;=1+1",
    "a\t=1+1",
    "a\n\u200b=1+1",
]
HARMLESS = [
    "Zhang Wei",
    "张伟",
    "A-1",
    "2026-02-13",
    "a = b",
    "1+1",
    "(=)",
    "_x",
    "C:\\users",
    "",
]
TEXTS = st.text(
    st.one_of(
        st.sampled_from(list("'\"=+-@|%;,\t\r\n\\u_x05cC0fU\u200b\ufeff＝\ud800\x00\x1b ")),
        st.characters(),
    ),
    max_size=40,
)


@given(TEXTS)
@example("\\u005c_x001B_\x1b\\U000e0001\U000e0001")
@example("'t Hooft")
def test_what_was_quoted_reads_back_exactly(text):
    assert unquoted(quoted(text)) == text


@given(TEXTS)
def test_no_cell_begins_like_a_formula_whatever_a_reader_takes_for_the_end_of_a_cell(text):
    for part in quoted(text).replace("\t", ";").replace("\n", ";").split(";"):
        bare = part.strip(' "\u200c\u200d\u00ad')
        assert not bare.startswith(tuple("=+-@|%＝\uff0b\uff0d\uff20﹦\u2212"))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_quoted(text):
    assert quoted(text) != text


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_stays_as_it_is(text):
    assert quoted(text) == text == unquoted(text)


def test_what_we_did_not_quote_is_not_unquoted():
    assert unquoted("'t Hooft") == "'t Hooft"
    assert unquoted("'s-Gravenhage") == "'s-Gravenhage"


def test_values_have_one_form_whatever_the_reader_speaks():
    shanghai = datetime(2026, 2, 13, 9, 30, tzinfo=timezone(timedelta(hours=8)))

    assert [
        cell_text(one)
        for one in (None, True, 3, 2.5, shanghai, timedelta(minutes=2), ("a", "b"))
    ] == ["", "true", "3", "2.5", "2026-02-13T01:30:00Z", "120", "a, b"]
    assert cell_text(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_every_cell_of_a_file_is_text_and_reads_back(tmp_path, name):
    rows = [
        [one, f"{one}!"] for one in (*FORMULAS, *HARMLESS, "_x001B_\x1b[31m\u202e", "a\ud800")
    ]

    count = export_rows(tmp_path / name, ["=title", "plain"], rows)

    assert count == len(rows)
    cells = read(tmp_path / name)
    assert [[unquoted(cell) for cell in row] for row in cells] == [["=title", "plain"], *rows]
    assert not any(set(cell) & set("\x00\x1b\u202e\ud800\r") for row in cells for cell in row)


def test_no_cell_of_a_workbook_is_a_formula_a_link_or_a_number(tmp_path):
    export_rows(
        tmp_path / "list.xlsx", ["a"], [[one] for one in (*FORMULAS, "https://example.com", 7)]
    )

    sheet = load_workbook(tmp_path / "list.xlsx").active
    cells = [cell for row in sheet.iter_rows() for cell in row]

    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell for cell in cells if cell.hyperlink] == []
    assert {cell.number_format for cell in cells} == {"@"}


def test_a_csv_file_tells_excel_that_it_is_utf_8(tmp_path):
    export_rows(tmp_path / "list.csv", ["名称"], [["张伟"]])

    assert (tmp_path / "list.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_a_file_is_its_owners_alone_and_is_not_overwritten_unless_that_is_said(tmp_path, name):
    path = tmp_path / name
    export_rows(path, ["a"], [["first"]])

    with pytest.raises(FileUnreadable, match="--replace"):
        export_rows(path, ["a"], [["second"]])
    kept = read(path)
    export_rows(path, ["a"], [["third"]], replace=True)

    assert kept == [["a"], ["first"]]
    assert read(path) == [["a"], ["third"]]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_an_export_that_fails_on_its_way_leaves_nothing_behind(tmp_path, name):
    def rows():
        yield ["first"]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        export_rows(tmp_path / name, ["a"], rows())

    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_refused_with_its_name_and_what_to_do(tmp_path):
    with pytest.raises(FileUnreadable, match=r"\.csv or \.xlsx"):
        export_rows(tmp_path / "list.txt", ["a"], [])
    with pytest.raises(FileUnreadable, match="cannot be written"):
        export_rows(tmp_path / "nowhere" / "list.csv", ["a"], [])
    with pytest.raises(FileUnreadable, match=r"row 2 .* \.csv"):
        export_rows(tmp_path / "list.xlsx", ["a"], [["x" * (LONGEST_CELL + 1)]])
    assert list(tmp_path.iterdir()) == []


def read(path):
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    sheet = load_workbook(path).active
    return [
        ["" if cell is None else cell for cell in row]
        for row in sheet.iter_rows(values_only=True)
    ]
