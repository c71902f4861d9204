"""`casewright calendar` through the front door: check, show, due, elapsed, import."""

import csv
import json
import re
from datetime import date

import pytest

from casewright.cli.__main__ import main
from casewright.cli.output import width
from casewright.errors import Place
from casewright.sla.calendar_file import load_calendar, unpublished

BANK = """\
calendar: bank
title: {en: A bank, zh: 银行}
zone: Europe/Amsterdam
week:
  mon-fri: 07:30-18:00
years:
  "2013":
    published: true
    holidays:
      2013-12-25 to 2013-12-26: {en: Christmas, zh: 圣诞节}
  # the next one
  "2014":
    published: true
    holidays:
      2014-01-01: {en: "New Year's Day", zh: 元旦}
"""


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    folder = tmp_path_factory.mktemp("calendars") / "centre"
    assert main(["init", str(folder), "--admin", "boss"]) == 0
    (folder / "workflows" / "calendars" / "bank.yaml").write_text(BANK, encoding="utf-8")
    return folder


@pytest.fixture
def cli(centre, capsys, monkeypatch):
    """Return a function that runs `casewright calendar ...` and returns code, output and messages."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name in ("CASEWRIGHT_LANG", "CASEWRIGHT_USER", "CASEWRIGHT_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)

    def run(*words):
        capsys.readouterr()
        code = main(["-C", str(centre), "calendar", *map(str, words)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def answer(cli):
    def run(*words, code=0):
        got, out, err = cli(*words, "--json")
        assert (got, err) == (code, ""), err
        return json.loads(out)

    return run


@pytest.fixture
def bank(tmp_path):
    path = tmp_path / "bank.yaml"
    path.write_text(BANK, encoding="utf-8")
    return path


# --- due and elapsed -----------------------------------------------------------------------------


def test_due_answers_with_the_moment_and_its_offset(answer):
    found = answer("due", "cn_office", "--from", "2026-02-13T17:30+08:00", "--within", "1 hour")

    assert found == {"due": "2026-02-14T09:30:00+08:00", "provisional": False}


def test_due_in_a_year_that_is_not_published_is_provisional(answer, cli):
    words = ("due", "cn_office", "--from", "2026-12-31T17:30", "--within", "1 hour")

    assert answer(*words) == {"due": "2027-01-01T09:30:00+08:00", "provisional": True}
    assert "the holidays of 2027 are not published" in cli(*words)[1]


def test_a_time_without_an_offset_is_one_of_the_calendar(answer):
    words = ("elapsed", "cn_office", "--from", "2026-03-02T09:00", "--to")

    assert answer(*words, "2026-03-02T12:00") == {"seconds": 3 * 3600}
    assert answer(*words, "2026-03-02T04:00Z") == {"seconds": 3 * 3600}


def test_always_is_built_in(answer):
    found = answer("due", "always", "--from", "2026-10-01T00:00Z", "--within", "2 days")

    assert found == {"due": "2026-10-03T00:00:00+00:00", "provisional": False}


def test_a_calendar_can_be_named_by_its_path(answer, bank):
    found = answer("elapsed", bank, "--from", "2013-12-24T17:00", "--to", "2013-12-27T08:00")

    assert found == {"seconds": 90 * 60}


def test_the_explanation_sums_to_the_answer(answer, cli):
    words = (
        "elapsed",
        "cn_office_lunch",
        "--from",
        "2026-02-13T11:00",
        "--to",
        "2026-02-24T10:00",
    )
    words = (*words, "--explain")

    found = answer(*words)

    assert sum(one["seconds"] for one in found["ledger"] if one["counted"]) == found["seconds"]
    assert [one["name"]["zh"] for one in found["ledger"] if one["why"] == "holiday"] == ["春节"]
    _, said, _ = cli(*words, "--lang", "zh")
    assert "午休" in said
    assert "调休上班日" in said
    assert all(width(line) <= 80 for line in said.splitlines())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("due", "cn_offise", "--from", "2026-01-01", "--within", "1 day"),
            "did you mean 'cn_office'",
        ),
        (
            ("due", "cn_office", "--from", "tomorrow", "--within", "1 day"),
            "'tomorrow' is no time",
        ),
        (
            ("due", "cn_office", "--from", "2026-01-01", "--within", "1 dya"),
            "did you mean 'day'",
        ),
        (
            ("due", "cn_office", "--from", "1700-01-01", "--within", "1 day"),
            "between the years",
        ),
        (("elapsed", "cn_office", "--from", "2026-01-01"), "--to is missing"),
        (("elapsed", "cn_office", "--batch", "a.csv", "--explain"), "explains none of them"),
        (("show", "cn_office", "--month", "13"), "--month is a number from 1 to 12"),
        (("show", "missing.yaml"), "there is no such file"),
    ],
)
def test_what_cannot_be_answered_is_said(cli, words, said):
    code, out, err = cli(*words)

    assert code in (1, 2)
    assert out == ""
    assert said in err


# --- a batch -------------------------------------------------------------------------------------


def test_the_handle_times_of_a_bank_are_explained_to_the_second(cli, real_data, tmp_path):
    with (real_data / "bpic14_incidents_half.csv").open(encoding="utf-8", newline="") as file:
        marked = [row for row in csv.DictReader(file) if row["calendar_ok"] == "1"]
    batch = tmp_path / "incidents.csv"
    with batch.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["incident", "from", "to"])
        writer.writerows(
            [row["incident_id"], row["open_time"], row["close_time"]] for row in marked
        )

    code, out, err = cli("elapsed", "bank", "--batch", batch)

    rows = list(csv.DictReader(out.splitlines()))
    recorded = [round(float(row["handle_time_hours"]) * 3600) for row in marked]
    assert (code, err, len(rows)) == (0, "", 1397)
    assert [int(row["seconds"]) for row in rows] == recorded


def test_a_batch_keeps_its_columns_and_is_written_to_a_new_file_only(cli, tmp_path):
    batch, out = tmp_path / "in.csv", tmp_path / "out.csv"
    batch.write_text(
        'to,note,from\n2026-03-02 10:00,"a, ""b""",2026-03-02 09:00\n', encoding="utf-8"
    )

    code, _, note = cli("elapsed", "cn_office", "--batch", batch, "--out", out)
    again, _, refused = cli("elapsed", "cn_office", "--batch", batch, "--out", out)

    assert (code, again) == (0, 1)
    assert (
        out.read_text()
        == 'to,note,from,seconds\n2026-03-02 10:00,"a, ""b""",2026-03-02 09:00,3600\n'
    )
    assert "1 row is written" in note
    assert "it exists already" in refused


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the column 'from' is missing"),
        ("form,to\n", "did you mean 'form'"),
        ("from,to,seconds\n", "a column 'seconds' already"),
        ("from,to,to\n", "'to' appears twice"),
        ("from,to\n2026-01-01\n", ":2:1: the row has 1 cells"),
        (
            "from,to\n2026-01-05 10:00,2026-01-05 11:00\n2026-01-05 10:00,soon\n",
            ":3:1: 'soon' is no time",
        ),
        ('from,to\n"2026-01-01,x\n', "not valid CSV"),
        ("from,to\n1066-01-01,2026-01-01\n", ":2:1: it counts only between"),
        (b"from,to\n\xff,\xfe\n", ":2:1: the file is not UTF-8"),
    ],
)
def test_a_batch_that_cannot_be_counted_is_refused_with_the_line_and_nothing_is_written(
    cli, tmp_path, content, said
):
    batch, out = tmp_path / "in.csv", tmp_path / "out.csv"
    batch.write_bytes(content if isinstance(content, bytes) else content.encode())

    code, printed, err = cli("elapsed", "cn_office", "--batch", batch, "--out", out)

    assert (code, printed) == (1, "")
    assert said in err
    assert not out.exists()


# --- show and check ------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_month_fits_a_terminal_and_shows_holidays_and_make_up_days(cli, lang):
    code, out, _ = cli("show", "cn_office", "--year", "2026", "--month", "2", "--lang", lang)

    assert code == 0
    assert all(width(line) <= 80 for line in out.splitlines())
    assert re.search(r"14 \+ +15 \*$", out, re.MULTILINE)
    assert ("春节" if lang == "zh" else "Spring Festival") in out
    weeks = [line for line in out.splitlines() if re.fullmatch(r"[ 0-9*+-]+", line)]
    assert {width(line) for line in weeks[1:-1]} <= {61, 63}


def test_a_year_lists_its_months_and_special_days(cli, answer):
    _, out, _ = cli("show", "cn_office", "--year", "2026")

    assert re.search(r"2026-02 +16 +144$", out, re.MULTILINE)
    assert "2026-10-01 – 2026-10-07" in out
    days = answer("show", "cn_office", "--year", "2026")["days"]
    assert sum(1 for day in days if day["hours"]) == 248
    assert len(days) == 365


def test_a_year_that_is_not_published_is_shown_as_a_plain_one(cli):
    _, out, _ = cli("show", "cn_office", "--year", "2027")

    assert "The holidays of 2027 are not published yet" in out


def test_check_finds_what_is_wrong_with_a_file_and_ends_with_1(cli, bank):
    bank.write_text(BANK.replace("07:30-18:00", "07:30-25:00"), encoding="utf-8")

    code, out, _ = cli("check", bank)

    assert code == 1
    assert out.startswith(f"{bank}:5:12: '07:30-25:00' are no hours")


def test_what_ships_has_no_problems(answer):
    problems = answer("check")["problems"]

    assert {one["code"] for one in problems} <= {"calendar.next_year"}


@pytest.mark.parametrize(
    ("today", "warned"),
    [(date(2026, 10, 31), False), (date(2026, 11, 1), True), (date(2025, 11, 22), False)],
)
def test_from_november_on_check_asks_for_the_holidays_of_next_year(centre, today, warned):
    calendar, _ = load_calendar(centre / "workflows" / "calendars" / "cn_office.yaml")

    found = unpublished(calendar, today, "cn_office.yaml")

    assert [one.place for one in found] == ([Place("cn_office.yaml")] if warned else [])
    assert not any(one.grave for one in found)
