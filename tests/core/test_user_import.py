"""`casewright user import`: a whole staff from a CSV file, all of it or nobody; and `user disable`."""

import json
import shutil

import pytest

from casewright.cli.__main__ import main

from ..founding import demonstration

STAFF = """name,en,zh,roles,team,department,phone,language,deputy,queues,calendar,active
ana,Ana,安娜,agent;senior_agent,front_9,contact_centre,+8613900000001,zh,bo,complaint;inquiry,always,yes
bo,Bo,小波,agent,front_9,contact_centre,+8613900000002,en,ana,,,
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("staff") / "centre"
    return demonstration(folder)


@pytest.fixture
def centre(made, tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("CASEWRIGHT_USER", raising=False)
    return shutil.copytree(made, tmp_path / "centre")


@pytest.fixture
def cli(centre, capsys):
    """Return a function that runs a command line with --json and returns its code and document."""

    def run(*words, actor="boss"):
        capsys.readouterr()
        code = main(["-C", str(centre), "--as", actor, *map(str, words), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def imported(cli, tmp_path):
    """Return a function that imports a text as a file."""

    def run(text, *words, actor="boss"):
        path = tmp_path / "staff.csv"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return cli("user", "import", path, *words, actor=actor)

    return run


def staff(cli):
    return {one["name"]: one for one in cli("user", "list")[1]["users"]}


def problems(said):
    return [(one["line"], one["message"]) for one in said["problems"]]


def test_everybody_of_the_file_is_on_the_staff_as_it_says(cli, imported):
    code, said = imported(STAFF)

    ana = staff(cli)["ana"]
    assert (code, said["people"]) == (0, 2)
    assert (ana["zh"], ana["roles"], ana["team"]) == (
        "安娜",
        ["agent", "senior_agent"],
        "front_9",
    )
    assert (ana["queues"], ana["calendar"]) == (["complaint", "inquiry"], "always")
    assert (ana["deputy"], ana["phone"]) == ("bo", "+8613900000001")


def test_who_is_there_is_changed_and_what_is_empty_stays(cli, imported):
    before = staff(cli)["li_na"]

    imported("name,zh,team\nli_na,,front_9\n")

    assert staff(cli)["li_na"] == {**before, "team": "front_9"}


def test_a_second_run_changes_nothing(cli, imported):
    imported(STAFF)
    before = staff(cli)

    assert imported(STAFF)[0] == 0
    assert staff(cli) == before


def test_somebody_leaves_by_the_file(cli, imported):
    imported("name,active\nli_na,no\n")

    assert staff(cli)["li_na"]["active"] is False


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("eve,Eve,,nobody,,,,,,,,", "unknown role 'nobody'"),
        ("eve,Eve,,agent,,,13900000009,,,,,", "international number"),
        ("eve,Eve,,agent,,,+8613900000001,,,,,", "the number of ana"),
        ("eve,Eve,,agent,,,,fr,,,,", "no language"),
        ("eve,Eve,,agent,,,,,nobody,,,", "not on the staff"),
        ("eve,Eve,,agent,,,,,,,nine_to_five,", "no published calendar"),
        ("eve,Eve,,agent,,,,,,,,perhaps", "yes or no"),
        ("ana,Ana,,agent,,,,,,,,", "stands there twice"),
        (",Nobody,,agent,,,,,,,,", "1 to 64 printable characters"),
        ("system,Nobody,,agent,,,,,,,,", "nobody can be called"),
        ("e\u202eve,Eve,,agent,,,,,,,,", "printable characters"),
        ("eve,Eve", "2 cells, and 12 columns"),
        (f"eve,{'x' * 2000},,agent,,,,,,,,", "more than 1000 characters"),
        ('eve,"Eve"x,,agent,,,,,,,,', "no CSV"),
    ],
)
def test_one_wrong_line_imports_nobody_and_says_where(cli, imported, line, said):
    before = staff(cli)

    code, answer = imported(f"{STAFF}{line}\n")

    ((at, message),) = problems(answer)
    assert (code, at, said in message) == (1, 4, True), message
    assert staff(cli) == before


def test_all_that_is_wrong_is_said_at_once(imported):
    _, said = imported(f"{STAFF}eve,Eve,,nobody,,,,,,,,\nfay,Fay,,agent,,,,fr,,,,\n")

    assert [line for line, _ in problems(said)] == [4, 5]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("en,zh\nAna,安娜\n", "'name' is missing"),
        ("name,rolls\nana,agent\n", "did you mean 'roles'"),
        ("name,name\nana,ana\n", "twice"),
        ("", "'name' is missing"),
    ],
)
def test_titles_that_are_none_are_refused(imported, text, said):
    code, answer = imported(text)

    assert code == 1
    assert said in problems(answer)[0][1]


@pytest.mark.parametrize(
    "text", [b"name\n\xff\xfe\n", b"name\n" + b"x" * (8 * 1024 * 1024 + 1)]
)
def test_a_file_that_is_no_text_or_too_large_is_refused(imported, text):
    code, said = imported(text)

    assert (code, said["error"]["code"]) == (1, "file.unreadable")


def test_a_dry_run_says_what_it_would_come_to_and_writes_nothing(cli, imported):
    before = staff(cli)

    assert imported(STAFF, "--dry-run")[1] == {"people": 2, "written": False, "problems": []}
    assert imported(f"{STAFF}eve,,,nobody,,,,,,,,\n", "--dry-run")[0] == 1
    assert staff(cli) == before


def test_only_who_may_change_the_staff_imports_it(cli, imported):
    code, said = imported(STAFF, actor="li_na")

    assert (code, said["error"]["code"]) == (1, "not_allowed")
    assert "ana" not in staff(cli)


# --- disabling -------------------------------------------------------------------------------------


def test_disabling_somebody_says_what_is_left_in_their_hands(cli):
    asked = ["--set", "subject=Price", "--set", "question=What does it cost?"]
    key = cli("ticket", "open", "inquiry", *asked, actor="chen_jing")[1]["ticket"]
    cli("ticket", "assign", key, "chen_jing", actor="wu_min")

    code, said = cli("user", "disable", "chen_jing")

    assert (code, said["open_tickets"]) == (0, 1)
    assert staff(cli)["chen_jing"]["active"] is False
    assert cli("board", actor="chen_jing")[1]["error"]["code"] == "not_allowed"
    assert cli("user", "disable", "nobody")[1]["error"]["code"] == "not_found"


def test_the_only_administrator_is_not_disabled(tmp_path, capsys):
    folder = tmp_path / "small"
    assert main(["init", str(folder), "--admin", "boss", "--sign-in", "trusted"]) == 0

    assert main(["-C", str(folder), "--as", "boss", "user", "disable", "boss"]) == 1


def test_queues_and_a_calendar_are_said_of_a_person_and_taken_back(cli):
    words = ("--queue", "complaint", "--queue", "inquiry", "--calendar", "always")
    assert cli("user", "edit", "li_na", *words)[0] == 0
    assert staff(cli)["li_na"]["queues"] == ["complaint", "inquiry"]

    assert cli("user", "edit", "li_na", "--queue", "", "--calendar", "")[0] == 0

    assert (staff(cli)["li_na"]["queues"], staff(cli)["li_na"]["calendar"]) == ([], "")


@pytest.mark.parametrize(
    "wrong", [["--queue", "a\nb"], ["--queue", "x", "--queue", "x"], ["--calendar", "x"]]
)
def test_queues_and_calendars_that_are_none_are_refused(cli, wrong):
    assert cli("user", "edit", "li_na", *wrong)[1]["error"]["code"] == "command.refused"


def test_a_narrow_terminal_shows_who_and_what_in_80_columns(cli, centre, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    capsys.readouterr()

    assert main(["-C", str(centre), "--as", "boss", "user", "list", "--lang", "en"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    (line,) = [one for one in lines if one.startswith("kong_yi")]
    assert "Client representative" in line
