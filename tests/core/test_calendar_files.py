"""Calendar files: what is wrong with one, where, and what to write instead."""

from pathlib import Path

import pytest

from casewright.sla.calendar_file import load_calendar
from casewright.sla.codes import REFUSALS, WARNINGS

PAGE = Path(__file__).resolve().parents[2] / "workflows" / "calendars" / "README.md"

OFFICE = """\
calendar: office
title: {en: Office, zh: 办公}
zone: Asia/Shanghai
week:
  mon-fri: 09:00-12:00, 13:30-18:00
  sat: ["09:00-12:00"]
years:
  "2026":
    published: true
    holidays:
      2026-10-01 to 2026-10-07: {en: National Day, zh: 国庆节}
      2026-01-01: {en: New Year, zh: 元旦}
    make_up: [2026-01-04, 2026-02-15]
"""

CASES = [
    # code, what stands there, what is written instead (¦ = where the problem is), what is said
    ("unreadable", "zone:", "\tzone:", "tab"),
    ("unreadable", '"2026"', "2026", "must be text: quote it"),
    ("unknown_word", "zone:", "¦zoen: x\nzone:", "did you mean 'zone'"),
    ("missing_word", "calendar: office\n", "¦", "'calendar' is missing"),
    ("wrong_shape", "week:\n", "week: ¦[]\nweeks:\n", "by days"),
    ("name_differs", "calendar: office", "calendar: ¦offise", "file's name: office"),
    ("bad_text", "{en: Office, zh: 办公}", "¦{en: Office}", "'zh' is missing"),
    ("unknown_zone", "Asia/Shanghai", "¦Asia/Shanghia", "did you mean 'Asia/Shanghai'"),
    ("unknown_zone", "Asia/Shanghai", "¦../../etc/passwd", "no time zone"),
    ("unknown_zone", "Asia/Shanghai", "¦Asia", "no time zone"),
    ("unknown_zone", "Asia/Shanghai", "¦8", "no time zone"),
    ("unknown_day", "mon-fri", "¦mon-fry", "write mon, tue"),
    ("unknown_day", "sat:", "¦sta:", "did you mean 'sat'"),
    ("bad_hours", "09:00-12:00, 13:30-18:00", "¦9-18", "write the hours as 09:00-18:00"),
    ("bad_hours", "13:30-18:00", "24:00-18:00", "'24:00-18:00' are no hours"),
    ("bad_hours", "13:30-18:00", "13:60-18:00", "are no hours"),
    ("bad_hours", "13:30-18:00", "13:30-24:01", "are no hours"),
    ("bad_hours", "13:30-18:00", "13:30-13:30", "are no hours"),
    ("bad_hours", "13:30-18:00", "", "'' are no hours"),
    ("bad_hours", '["09:00-12:00"]', "¦[[1, 2]]", "are no hours"),
    ("bad_hours", '["09:00-12:00"]', "¦true", "are no hours"),
    ("hours_overlap", "13:30-18:00", "11:59-18:00", "the hours of 'mon' overlap"),
    ("hours_overlap", "13:30-18:00", "13:30-09:01", "run into those of 'tue'"),
    ("day_twice", "sat:", "¦fri:", "the hours of 'fri' stand here twice"),
    ("bad_year", '"2026":', '¦"26":', "is no year"),
    ("bad_year", '"2026":', '¦"二〇二六":', "is no year"),
    ("bad_year", '"2026":', '¦"9999":', "is no year between"),
    ("wrong_shape", "published: true", "published: ¦maybe", "published: true, or false"),
    ("unknown_word", "make_up", "¦makeup", "did you mean 'make_up'"),
    ("bad_date", "2026-01-01:", "¦2026-02-30:", "is no day"),
    ("bad_date", "2026-01-01:", "¦2025-12-31:", "is not in the year 2026"),
    ("bad_date", "2026-10-01 to 2026-10-07", "¦2026-10-01 to 9999-12-31", "not in the year"),
    ("bad_date", "2026-10-01 to 2026-10-07", "¦2026-10-07 to 2026-10-01", "is no day"),
    ("bad_date", "2026-02-15]", "¦2026-2-15]", "is no day"),
    ("bad_date", "2026-02-15]", "¦2026-02-15 to 2026-02-22]", "each make-up day by itself"),
    ("bad_date", "2026-02-15]", "¦{a: 1}]", "is no day"),
    ("bad_text", "{en: New Year, zh: 元旦}", "¦New Year", "both languages"),
    ("day_twice", "2026-01-01:", "¦2026-10-03:", "2026-10-03 stands here twice"),
    ("needless_make_up", "2026-02-15]", "¦2026-02-16]", "is a working day already"),
    ("needless_make_up", "2026-02-15]", "¦2026-10-04]", "is a holiday as well"),
    ("needless_make_up", "2026-02-15]", "¦2026-01-04]", "stands here twice"),
    ("wrong_shape", "[2026-01-04, 2026-02-15]", "¦2026-01-04", "as a list"),
    ("not_published", "published: true", "published: ¦false", "do not count yet"),
]  # fmt: skip


def checked(tmp_path, content, name="office.yaml"):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return load_calendar(path)


def test_a_calendar_is_read_with_its_hours_and_days(tmp_path):
    calendar, problems = checked(tmp_path, OFFICE)

    assert problems == []
    assert (calendar.name, calendar.zone, str(calendar.title)) == (
        "office",
        "Asia/Shanghai",
        "Office",
    )
    assert [len(hours) for hours in calendar.rules.week] == [2, 2, 2, 2, 2, 1, 0]
    assert len(calendar.rules.years[2026].holidays) == 8


@pytest.mark.parametrize(("code", "old", "new", "said"), CASES)
def test_a_calendar_that_is_not_right_is_refused_with_the_place_and_what_to_write(
    tmp_path, code, old, new, said
):
    assert OFFICE.count(old) >= 1
    marked = OFFICE.replace(old, new, 1)

    calendar, problems = checked(tmp_path, marked.replace("¦", ""))

    assert f"calendar.{code}" in [one.code for one in problems]
    found = next(one for one in problems if one.code == f"calendar.{code}")
    assert said in str(found.message)
    assert (calendar is None) == found.grave
    if "¦" in marked:
        before = marked[: marked.index("¦")]
        place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
        assert (found.place.line, found.place.column) == place


def test_a_calendar_without_any_working_time_is_refused_and_does_not_loop(tmp_path):
    calendar, problems = checked(tmp_path, OFFICE[: OFFICE.index("week:")] + "week: {}\n")

    assert calendar is None
    assert [one.code for one in problems] == ["calendar.no_working_time"]


def test_more_than_400_days_of_holidays_are_refused_at_the_year(tmp_path):
    years = "".join(
        f'  "{year}":\n    published: true\n    holidays:\n'
        f"      {year}-01-01 to {year}-12-31: {{en: Away, zh: 休}}\n"
        for year in (2026, 2027)
    )

    calendar, problems = checked(tmp_path, OFFICE[: OFFICE.index('  "2026"')] + years)

    assert calendar is None
    assert [(one.code, one.place.line) for one in problems] == [
        ("calendar.no_working_time", 12)
    ]
    assert "within 400 days before 2027-0" in str(problems[0].message)


@pytest.mark.parametrize("name", ["always.yaml", "Büro.yaml", "a-b.yaml"])
def test_a_calendar_has_a_plain_name_that_is_free(tmp_path, name):
    calendar, problems = checked(tmp_path, OFFICE, name)

    assert calendar is None
    assert "calendar.bad_name" in [one.code for one in problems]


@pytest.mark.parametrize("content", ["", "[]", "just words", "calendar: office\n---\na: b\n"])
def test_what_is_no_calendar_at_all_is_said(tmp_path, content):
    calendar, problems = checked(tmp_path, content)

    assert calendar is None
    assert len(problems) == 1


def test_every_code_of_a_calendar_is_given_by_some_file():
    shown = {case[0] for case in CASES} | {"no_working_time", "bad_name"}

    assert shown | {"next_year"} == {*REFUSALS, *WARNINGS}


# --- the page --------------------------------------------------------------------------------------


def test_the_example_of_the_page_is_a_calendar(tmp_path):
    example = PAGE.read_text("utf-8").split("```yaml\n")[1].split("```")[0]

    calendar, problems = checked(tmp_path, example, "cn_shop.yaml")

    assert problems == []
    assert calendar is not None


def test_the_page_explains_every_code():
    page = PAGE.read_text("utf-8")

    for code, meaning in {**REFUSALS, **WARNINGS}.items():
        assert f"| `calendar.{code}` | {meaning}" in page
