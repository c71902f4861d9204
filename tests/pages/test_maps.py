"""Maps and tables: where in a document or a row something stands, and what is wrong with the file that says so."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from threading import Event

import pytest

from casewright import strict_yaml
from casewright.desk.intake.naming import intake_problems
from casewright.errors import NotFound, TableRefused, message
from casewright.intake.csv_rows import read_rows
from casewright.intake.maps import arrival_of, found, map_from_data, problems
from casewright.pages import said
from casewright.settings.intake import IntakeSettings
from casewright.worker.folder import Folder

from ..conftest import ROOT

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ORDER = {
    "id": "o-1", "total": "12.50", "a.b": "dotted",
    "items": [{"sku": "x", "count": 2}, {"sku": "y"}], "paid": "yes", "kind": "late",
}  # fmt: skip
SHEET = "编号,姓名,电话,主题,内容,诉求\nR1,王芳,13900003333,没送到,包裹没有送到,退款\nR2,李雷,,太慢,等了整整一周,道歉\n"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("id", "o-1"),
        ("a.b", "dotted"),
        ("items[0].sku", "x"),
        ("items[].sku", ["x", "y"]),
        ("items[].count", [2]),
        ("items[7].sku", None),
        ("items.sku", None),
        ("nothing.there", None),
        ({"value": "fixed"}, "fixed"),
        ({"from": "total", "as": "number"}, 12.5),
        ({"from": "id", "as": "number"}, None),
        ({"from": "paid", "as": "boolean"}, True),
        ({"from": "kind", "values": {"late": "L"}, "otherwise": "O"}, "L"),
        ({"from": "id", "values": {"late": "L"}, "otherwise": "O"}, "O"),
        ({"from": "none", "otherwise": "O"}, "O"),
        ({"from": "items[0].count", "as": "text"}, "2"),
    ],
)
def test_a_place_of_a_map_is_found(written, value):
    source = map_from_data({"fields": {"it": written}}).fields["it"]

    assert found(source, ORDER) == value


def test_a_document_in_which_nothing_is_found_is_kept_as_a_text_with_a_remark():
    arrival = arrival_of(
        map_from_data({"fields": {"subject": "title"}}), [1, "二"], channel="x", kind="webhook", id="i", now=NOW
    )  # fmt: skip

    assert arrival.remarks == ("unmapped",)
    assert json.loads(arrival.text) == [1, "二"]


WRONG = """
channels:
  shop:
    map:
      title: x
      sender: {Phone: a}
      subject: 7
      fields: {a: {from: x, value: 1}, b: {from: x, as: date}, c: {from: x, values: []}, d: []}
  list: {map: []}
pages:
  Bad: {workflow: complaint}
  good:
    channel: shopp
    title: {en: A}
    colour: red
    fields: [subject, form_key, {field: x, titel: {en: A, zh: B}}]
    sender: {phone: tel, fax: x}
    files: {most: 0, largest: 99, types: [PDF]}
  large:
    channel: shop
    title: {en: A, zh: B}
    workflow: complaint
    fields: [subject, subject]
    files: {most: 10, largest: 50}
status: {valid: soon, may: [dance], per_day: 1000, asks: []}
"""


def test_everything_wrong_with_pages_and_maps_is_said_at_once_with_its_place():
    document = strict_yaml.load(WRONG.encode(), file="intake.yaml")

    wrong = [*problems(document), *said.problems(document)]

    assert all(one.place.file == "intake.yaml" and one.place.line for one in wrong)
    assert len({one.place for one in wrong}) >= 21
    for told in ("'subject' is asked twice", "unknown word 'fax'", "files together"):
        assert any(told in str(one) for one in wrong), told
    assert any("did you mean" in str(one) for one in wrong)


NAMES = """
channels:
  web: {rules: [{open: complaint}], map: {fields: {subjekt: a}}}
pages:
  one: {channel: web, workflow: complant, title: {en: A, zh: B}, fields: [subject]}
  three: {channel: web, workflow: complaint, title: {en: A, zh: B}, fields: [subject], promise: first_contakt}
  two: {channel: web, workflow: complaint, title: {en: A, zh: B}, fields: [subject, demandd], always: {colour: red}}
"""


def test_what_pages_and_maps_name_is_held_to_the_workspace(tmp_path):
    file = tmp_path / "intake.yaml"
    file.write_text(NAMES, encoding="utf-8")

    found = [str(one) for one in intake_problems(ROOT, file)]

    for said_of in (
        "'complant'",
        "'demandd'",
        "'colour'",
        "'subjekt'",
        "'first_contact'",
        "would wait unsorted",
    ):
        assert [one for one in found if said_of in one], said_of
    assert intake_problems(ROOT) == []


@pytest.mark.parametrize("name", ["pages", "status"])
@pytest.mark.parametrize(
    "data", ["[]", "7", "text", "{a: 7}", "{a: {fields: 7}}", "{a: {fields: [{}]}}"]
)
def test_no_shape_of_a_page_is_a_bug(name, data):
    document = strict_yaml.load(f"{name}: {data}\n".encode(), file="intake.yaml")

    assert list(said.problems(document))


def test_rows_have_the_same_ids_again_and_bad_ones_are_named():
    octets = (SHEET + "R3,too few\n").encode()

    rows, wrong = read_rows(octets, file="x.csv", named={"编号"})

    assert [(one.line, one.cells["编号"]) for one in rows] == [(2, "R1"), (3, "R2")]
    assert [one.place.line for one in wrong] == [4]
    assert [one.id for one in read_rows(octets, file="y.csv")[0]] == [one.id for one in rows]
    assert (
        read_rows(SHEET.encode("gb18030"), file="x.csv", encoding="gb18030")[0][0].cells["姓名"]
        == "王芳"
    )


@pytest.mark.parametrize(
    "octets", [b"", b"\xff\xfe", b"a,a\n1,2\n", b"b\n1\n", b'"a\n', b"a\0b\n"]
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(octets):
    with pytest.raises(TableRefused):
        read_rows(octets, file="x.csv", named={"a"})


def test_the_command_takes_in_what_can_be_read_and_adds_nothing_twice(site, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text(SHEET + "R3,too few\n", encoding="utf-8")

    def run():
        command = [
            "intake",
            "csv",
            str(file),
            "--channel",
            "sheet",
            "--as",
            SORTER,
            "--json",
            "-C",
            str(site.root),
        ]
        return subprocess.run(
            [sys.executable, "-m", "casewright.cli", *command],
            capture_output=True,
            text=True,
            check=False,
        )

    first, second = run(), run()

    told = json.loads(first.stdout)
    assert (first.returncode, told["opened"], len(told["problems"])) == (1, 2, 1)
    assert json.loads(second.stdout)["repeated"] == 2


SORTER = "zhu_yan"


@pytest.fixture
def folder(tmp_path):
    """A watched folder, and what was handed over from it."""
    handed = []
    settings = IntakeSettings(
        name="sheet", driver="folder", options={"path": "in", "encoding": "utf-8"}
    )

    def hand_over(arrival):
        handed.append(arrival)
        return "opened"

    made = Folder(
        settings, tmp_path, keep=lambda octets: "digest", hand_over=hand_over, now=lambda: NOW
    )
    return made, tmp_path / "in", handed


def test_a_file_in_a_folder_is_taken_in_and_put_away_with_a_report(folder):
    made, place, handed = folder
    (place / "a.csv").write_text(SHEET + "R3,too few\n", encoding="utf-8")
    (place / "b.csv").write_bytes(b"\xff")
    (place / "notes.txt").write_text("not a table")

    made.take_all(Event())

    assert [one.fields["编号"] for one in handed] == ["R1", "R2"]
    assert sorted(one.name for one in place.iterdir()) == ["done", "notes.txt", "refused"]
    report = json.loads((place / "done" / "a.csv.report.json").read_text(encoding="utf-8"))
    assert (report["rows"], report["opened"], report["wrong"][0]["line"]) == (3, 2, 4)
    assert "not UTF-8" in (place / "refused" / "b.csv.report.json").read_text(encoding="utf-8")


def test_a_file_whose_rows_are_not_known_to_be_kept_stays(tmp_path):
    settings = IntakeSettings(
        name="sheet", driver="folder", options={"path": "in", "encoding": "utf-8"}
    )
    made = Folder(
        settings,
        tmp_path,
        keep=lambda octets: "digest",
        hand_over=lambda arrival: "",
        now=lambda: NOW,
    )
    (tmp_path / "in" / "a.csv").write_text(SHEET, encoding="utf-8")

    made.take_all(Event())

    assert (tmp_path / "in" / "a.csv").exists()


def test_a_file_whose_channel_is_not_there_stays_and_holds_up_no_other(tmp_path):
    settings = IntakeSettings(
        name="sheet", driver="folder", options={"path": "in", "encoding": "utf-8"}
    )
    refusal = NotFound(kind=message("channel"), name="sheet", hint=message(""))
    answers = iter([refusal, "opened", "opened"])

    def hand_over(arrival):
        answer = next(answers)
        if isinstance(answer, NotFound):
            raise answer
        return answer

    made = Folder(
        settings, tmp_path, keep=lambda octets: "digest", hand_over=hand_over, now=lambda: NOW
    )
    for number, name in enumerate(("first.csv", "second.csv")):
        (tmp_path / "in" / name).write_text(SHEET, encoding="utf-8")
        os.utime(tmp_path / "in" / name, (number, number))

    with pytest.raises(NotFound):
        made.take_all(Event())

    assert (tmp_path / "in" / "first.csv").exists()
    assert (tmp_path / "in" / "done" / "second.csv").exists()
