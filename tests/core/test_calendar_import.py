"""Holidays that come from an iCalendar file or from the optional library, into a calendar's file."""

import sys

import pytest
import yaml

from casewright.cli.__main__ import main
from casewright.sla.calendar_file import load_calendar

BANK = """\
# our bank
calendar: bank
title: {en: A bank, zh: 银行}
zone: Europe/Amsterdam
week:
  mon-fri: 07:30-18:00  # the desk
years:
  # an old one
  "2013":
    published: true
    holidays:
      2013-12-25 to 2013-12-26: {en: Christmas, zh: 圣诞节}

  # not known yet
  "2027":
    published: false
# the end
"""


def ics(*events):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test"]
    for at, event in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{at}", *event.split("|"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


@pytest.fixture
def bank(tmp_path):
    path = tmp_path / "bank.yaml"
    path.write_text(BANK, encoding="utf-8")
    return path


@pytest.fixture
def run(bank, tmp_path, capsys, monkeypatch):
    """Return a function that imports into the bank's calendar and returns code, output and messages."""
    monkeypatch.setenv("CASEWRIGHT_LANG", "en")

    def run(*words, content=None):
        if content is not None:
            (tmp_path / "days.ics").write_bytes(content.encode())
            words = (tmp_path / "days.ics", *words)
        code = main(["calendar", "import", str(bank), *map(str, words)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def days(bank, year):
    calendar, problems = load_calendar(bank)
    assert problems == []
    found = calendar.rules.years[year]
    assert found.published
    return {day.isoformat(): name.zh for day, name in found.holidays.items()}, {
        day.isoformat() for day in found.make_up
    }


# --- an iCalendar file ---------------------------------------------------------------------------


def test_whole_days_are_holidays_and_all_other_lines_stay(run, bank):
    pytest.importorskip("icalendar")
    content = ics(
        "DTSTART;VALUE=DATE:20270427|SUMMARY:Koningsdag",
        'DTSTART;VALUE=DATE:20271224|DTEND;VALUE=DATE:20271227|SUMMARY:Christmas: "days"',
        "DTSTART:20270101T100000Z|SUMMARY:a meeting",
        "DTSTART;VALUE=DATE:20270505|STATUS:CANCELLED|SUMMARY:no more",
        "DTSTART;VALUE=DATE:20200101|RRULE:FREQ=YEARLY|SUMMARY:元旦",
    )

    code, out, _ = run("--year", "2027", content=content)

    assert code == 0
    assert "2027 has 5 holidays and 0 make-up working days" in out
    assert days(bank, 2027)[0] == {
        "2027-01-01": "元旦",
        "2027-04-27": "Koningsdag",
        "2027-12-24": 'Christmas: "days"',
        "2027-12-25": 'Christmas: "days"',
        "2027-12-26": 'Christmas: "days"',
    }
    begin, end = BANK.split('  "2027":\n    published: false\n')
    assert bank.read_text(encoding="utf-8").startswith(begin)
    assert bank.read_text(encoding="utf-8").endswith(end)


def test_make_up_days_are_known_by_the_marks_that_chinese_calendars_use(run, bank):
    pytest.importorskip("icalendar")
    content = ics(
        "DTSTART;VALUE=DATE:20270206|DTEND;VALUE=DATE:20270213|SUMMARY:春节（休）",
        "DTSTART;VALUE=DATE:20270214|SUMMARY:春节（班）",
        "DTSTART;VALUE=DATE:20270220|SUMMARY:Work|X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY",
    )

    assert run("--year", "2027", content=content)[0] == 0

    holidays, make_up = days(bank, 2027)
    assert make_up == {"2027-02-14", "2027-02-20"}
    assert set(holidays.values()) == {"春节"}
    assert len(holidays) == 7


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("DTSTART;VALUE=DATE:20270101|RRULE:FREQ=SECONDLY", "only what returns yearly"),
        ("DTSTART;VALUE=DATE:20270101|RRULE:FREQ=DAILY", "only what returns yearly"),
        (
            "DTSTART;VALUE=DATE:20270101|RRULE:FREQ=YEARLY;BYSECOND=1,2,3",
            "only what returns yearly",
        ),
        (
            "DTSTART;VALUE=DATE:20270101|RRULE:FREQ=YEARLY\r\n ;BYHOUR=1",
            "only what returns yearly",
        ),
        ("DTSTART;VALUE=DATE:20270101|RRULE:", "only what returns yearly"),
        ("SUMMARY:no day at all", "no whole days"),
        ("DTSTART;VALUE=DATE:00010101|DTEND;VALUE=DATE:99991231|SUMMARY:ever", "no whole days"),
        ("DTSTART;VALUE=DATE:20271399|SUMMARY:bad day", "no iCalendar file that can be read"),
    ],
)
def test_a_hostile_event_is_refused_at_once_and_nothing_is_written(run, bank, event, said):
    pytest.importorskip("icalendar")

    code, out, err = run("--year", "2027", content=ics(event))

    assert (code, out) == (1, "")
    assert said in err
    assert bank.read_text(encoding="utf-8") == BANK


def test_time_zones_that_would_never_end_are_not_even_read(run, bank):
    pytest.importorskip("icalendar")
    zone = "BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n" \
           "RRULE:FREQ=SECONDLY\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"  # fmt: skip
    content = ics("DTSTART;VALUE=DATE:20270427|SUMMARY:Koningsdag")
    content = content.replace("BEGIN:VEVENT", zone + "BEGIN:VEVENT", 1)

    assert run("--year", "2027", content=content)[0] == 0
    assert list(days(bank, 2027)[0]) == ["2027-04-27"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "no whole days"),
        ("not a calendar", "no whole days"),
        ("BEGIN:VCALENDAR\r\n" * 50_000, "no whole days"),
        ("x" * (2 * 1024 * 1024 + 1), "larger than"),
        (ics(*["DTSTART;VALUE=DATE:20270101"] * 5_001), "more than 5000 events"),
        (
            ics(*["DTSTART;VALUE=DATE:20270101|RRULE:FREQ=YEARLY"] * 41),
            "more than 40 of its events",
        ),
    ],
    ids=["empty", "words", "deep", "large", "many", "recurring"],
)
def test_a_file_that_passes_a_limit_is_refused(run, bank, content, said):
    pytest.importorskip("icalendar")

    code, _, err = run("--year", "2027", content=content)

    assert code == 1
    assert said in err
    assert bank.read_text(encoding="utf-8") == BANK


def test_what_the_import_makes_of_the_calendar_is_checked_before_it_is_written(run, bank):
    pytest.importorskip("icalendar")

    code, _, err = run(
        "--year", "2027", content=ics("DTSTART;VALUE=DATE:20270104|SUMMARY:上班（班）")
    )

    assert code == 1
    assert "2027-01-04 is a working day already" in err
    assert bank.read_text(encoding="utf-8") == BANK


# --- the official days of China ------------------------------------------------------------------


def test_a_year_of_china_is_put_in_its_place(run, bank):
    pytest.importorskip("chinese_calendar")

    assert run("--prc", "2026")[0] == 0

    holidays, make_up = days(bank, 2026)
    assert (len(holidays), len(make_up)) == (33, 6)
    assert holidays["2026-02-17"] == "春节"
    written = bank.read_text(encoding="utf-8")
    assert list(yaml.safe_load(written)["years"]) == ["2013", "2026", "2027"]
    assert (
        written.index("  # an old one")
        < written.index('"2026"')
        < written.index("  # not known yet")
    )


def test_a_published_year_is_replaced_only_when_that_is_said(run, bank):
    pytest.importorskip("chinese_calendar")

    code, _, err = run("--prc", "2013")

    assert code == 1
    assert "2013 is published in it already; --replace" in err
    assert bank.read_text(encoding="utf-8") == BANK
    assert run("--prc", "2013", "--replace")[0] == 0
    assert "2013-12-25" not in days(bank, 2013)[0]
    assert "\n  # not known yet\n" in bank.read_text(encoding="utf-8")


def test_a_year_that_the_library_does_not_have_is_refused(run, bank):
    library = pytest.importorskip("chinese_calendar")
    unknown = max(day.year for day in library.holidays) + 1

    code, _, err = run("--prc", unknown)

    assert code == 1
    assert f"does not have {unknown}" in err


@pytest.mark.parametrize(
    ("words", "module"), [(("--prc", "2026"), "chinese_calendar"), (("days.ics",), "icalendar")]
)
def test_a_library_that_is_missing_is_named_with_how_to_get_it(
    run, bank, monkeypatch, tmp_path, words, module
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, module, None)
    (tmp_path / "days.ics").write_text(ics("DTSTART;VALUE=DATE:20270427|SUMMARY:Koningsdag"))

    code, _, err = run(*words)

    assert code == 1
    assert "pip install 'casewright[calendars]'" in err


@pytest.mark.parametrize(
    ("years", "kept"),
    [
        ("", ""),
        ("years:\n", ""),
        ("years:\n      '2025': {published: false}\n", "      '2025': {published: false}\n"),
    ],
)
def test_years_are_added_however_the_file_has_them(run, bank, years, kept):
    pytest.importorskip("chinese_calendar")
    head = BANK[: BANK.index("years:")]
    bank.write_text(head + years.rstrip("\n"), encoding="utf-8")

    assert run("--prc", "2026")[0] == 0

    assert bank.read_text(encoding="utf-8").startswith(head + "years:\n" + kept)
    assert len(days(bank, 2026)[0]) == 33


def test_years_on_one_line_are_refused_and_stay(run, bank):
    pytest.importorskip("chinese_calendar")
    content = BANK[: BANK.index("years:")] + 'years: {"2025": {published: false}}\n'
    bank.write_text(content, encoding="utf-8")

    code, _, err = run("--prc", "2026")

    assert code == 1
    assert "laid out so that nothing can be put into it" in err
    assert bank.read_text(encoding="utf-8") == content


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "name an iCalendar file, or --prc"),
        (("a.ics", "--prc", "2026"), "name an iCalendar file, or --prc"),
        (("--prc", "soon"), "'soon' is no year"),
        (("a.ics",), "there is no such file"),
    ],
)
def test_an_import_that_says_too_little_or_too_much_is_refused(
    run, words, said, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)

    code, _, err = run(*words)

    assert code in (1, 2)
    assert said in err
