"""The staff and the customers: how they are reached, who is away, who stands in."""

import json
import sqlite3
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright.addresses import email_fault, phone_fault
from casewright.cli.__main__ import main
from casewright.cli.founding import add_people
from casewright.clock import SystemClock
from casewright.commands import EndAbsence, SaveCustomer, SavePerson, SetAbsence
from casewright.errors import CommandRefused, NotAllowed, NotFound
from casewright.model import Absence
from casewright.queries import FindCustomers, ListPeople
from casewright.testing.desk import MOMENT, open_test_desk

from ..founding import demonstration

BOSS = "gu_min"
DAY = timedelta(days=1)


def person(desk, name):
    (found,) = [one for one in desk.ask(ListPeople(actor=BOSS)) if one.name == name]
    return found


def away(desk, name, *, actor=None, **more):
    desk.execute(SetAbsence(actor=actor or name, name=name, **more))
    return person(desk, name)


# --- how people are reached ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "phone", ["+8613800000000", "+14155550123", "+4930901820", "+123456789012345"]
)
def test_an_international_number_is_taken(phone):
    assert phone_fault(phone) is None


@pytest.mark.parametrize(
    "phone",
    ["13800000000", "+86 138 0000 0000", "+0138000000", "+12345", "+1234567890123456", "+86\uff11\uff13\uff1800000000",
     "+8613800000000\n", "+8613800000000,+8613800000001", "tel:+8613800000000"],
)  # fmt: skip
def test_what_is_no_international_number_is_refused_as_a_phone(desk, phone):
    with pytest.raises(CommandRefused, match="international number"):
        desk.execute(SavePerson(actor=BOSS, name="li_na", phone=phone))

    assert person(desk, "li_na").phone.startswith("+86138")


@pytest.mark.parametrize(
    "email",
    ["ana@example.org,ben@example.org", "ana@example.org\nBcc: ben@example.org", "Ana <ana@example.org>",
     "ana", "@example.org", "ana@", "a na@example.org", "ana@-example.org", "a..b@example.org", "x" * 65 + "@example.org"],
)  # fmt: skip
def test_what_is_not_one_address_is_refused_as_an_email(desk, email):
    with pytest.raises(CommandRefused, match="not one email address"):
        desk.execute(SavePerson(actor=BOSS, name="li_na", email=email))


@given(st.text())
def test_an_email_address_that_is_taken_holds_nothing_that_could_name_another(text):
    if email_fault(text) is None:
        assert text.count("@") == 1
        assert not set(text) & set(' ,;:<>()[]"\\\r\n\t')
        assert text.isascii()


def test_changing_one_attribute_leaves_the_others(desk):
    before = person(desk, "wu_min")

    desk.execute(SavePerson(actor=BOSS, name="wu_min", phone="+8613900000000"))

    after = person(desk, "wu_min")
    assert after.phone == "+8613900000000"
    assert (after.zh, after.roles, after.team) == (before.zh, before.roles, before.team)
    assert (after.email, after.deputy, after.active) == (before.email, before.deputy, True)


def test_an_attribute_can_be_emptied(desk):
    desk.execute(SavePerson(actor=BOSS, name="wu_min", phone="", email="", deputy="", roles=()))

    after = person(desk, "wu_min")
    assert (after.phone, after.email, after.deputy, after.roles) == ("", "", "", frozenset())


def test_changing_somebody_who_left_does_not_bring_them_back(desk):
    desk.execute(SavePerson(actor=BOSS, name="li_na", active=False))
    desk.execute(SavePerson(actor=BOSS, name="li_na", team="front_2"))

    assert not person(desk, "li_na").active


def test_two_active_people_never_have_the_same_number(desk):
    number = person(desk, "chen_jing").phone

    with pytest.raises(CommandRefused, match="number of chen_jing"):
        desk.execute(SavePerson(actor=BOSS, name="li_na", phone=number))
    desk.execute(SavePerson(actor=BOSS, name="chen_jing", active=False))
    desk.execute(SavePerson(actor=BOSS, name="li_na", phone=number))
    with pytest.raises(CommandRefused, match="number of li_na"):
        desk.execute(SavePerson(actor=BOSS, name="chen_jing", active=True))

    assert person(desk, "li_na").phone == number


@pytest.mark.parametrize(
    ("attribute", "value", "said"),
    [
        ("language", "fr", "en or zh"),
        ("chat", "two words", "no address in a chat"),
        ("deputy", "li_na", "nobody stands in for themselves"),
        ("deputy", "chen_jin", "did you mean 'chen_jing'"),
        ("roles", ("agnet",), "did you mean 'agent'"),
    ],
)
def test_what_cannot_be_is_refused(desk, attribute, value, said):
    with pytest.raises(CommandRefused, match=said):
        desk.execute(SavePerson(actor=BOSS, name="li_na", **{attribute: value}))


def test_a_customer_is_reached_by_phone_and_email_and_keeps_what_is_not_given(desk):
    desk.execute(SaveCustomer(actor=BOSS, id="c1", name="王女士", phone="+8613900000001"))
    desk.execute(SaveCustomer(actor=BOSS, id="c1", email="wang@example.org"))
    desk.execute(SaveCustomer(actor=BOSS, id="c2", phone="+8613900000001"))

    (first,) = desk.ask(FindCustomers(actor=BOSS, sought="c1")).customers
    (second,) = desk.ask(FindCustomers(actor=BOSS, sought="c2")).customers
    assert (first.name, first.phone, first.email) == (
        "王女士",
        "+8613900000001",
        "wang@example.org",
    )
    assert second.phone == first.phone
    with pytest.raises(CommandRefused, match="no phone number"):
        desk.execute(SaveCustomer(actor=BOSS, id="c1", phone="139"))


def test_people_of_an_older_database_are_read_as_they_were(desk):
    older = {"en": "Li Na", "zh": "李娜", "roles": ["agent"], "team": "t", "department": "d"}
    path = desk._database.execute("PRAGMA database_list").fetchone()[2]

    with sqlite3.connect(path) as database:
        database.execute(
            "UPDATE person SET record = ? WHERE name = 'li_na'", (json.dumps(older),)
        )
        database.execute("UPDATE meta SET value = value + 1 WHERE name = 'configuration'")

    found = person(desk, "li_na")
    assert (found.zh, found.phone, found.deputy, found.absences) == ("李娜", "", "", ())


def test_a_deputy_may_stand_further_down_in_people_yaml(desk, tmp_path):
    file = tmp_path / "people.yaml"
    file.write_text(
        "people:\n"
        "  ana: {title: {en: Ana, zh: 安娜}, roles: [agent], deputy: ben}\n"
        "  ben: {title: {en: Ben, zh: 本}, roles: [agent], phone: '+8613900000009', language: zh}\n",
        encoding="utf-8",
    )

    add_people(desk, file)

    assert person(desk, "ana").deputy == "ben"
    assert (person(desk, "ben").phone, person(desk, "ben").language) == ("+8613900000009", "zh")


# --- who is away -----------------------------------------------------------------------------------


def test_somebody_is_away_from_the_first_moment_until_before_the_last(desk, clock):
    now = clock.now()

    found = away(desk, "wu_min", start=now + DAY, end=now + 3 * DAY)

    instant = timedelta(microseconds=1)
    assert [found.absent(now + shift) for shift in (DAY - instant, DAY, 3 * DAY - instant)] == [
        False,
        True,
        True,
    ]
    assert not found.absent(now + 3 * DAY)
    assert found.deputy_at(now + DAY) == "sun_wei"
    assert found.deputy_at(now) == ""


def test_an_absence_without_an_end_lasts_until_the_person_is_back(desk, clock):
    away(desk, "wu_min", deputy="luo_xin")
    clock.advance(100 * DAY)
    assert person(desk, "wu_min").deputy_at(clock.now()) == "luo_xin"

    desk.execute(EndAbsence(actor="wu_min", name="wu_min"))

    found = person(desk, "wu_min")
    assert not found.absent(clock.now())
    assert found.absences == (
        Absence(start=clock.now() - 100 * DAY, end=clock.now(), deputy="luo_xin"),
    )


def test_an_absence_may_leave_nobody_who_stands_in(desk, clock):
    assert away(desk, "wu_min", deputy="").deputy_at(clock.now()) == ""
    assert person(desk, "wu_min").absent(clock.now())


def test_what_was_noted_for_the_same_time_is_replaced_and_the_rest_stays(desk, clock):
    now = clock.now()
    away(desk, "wu_min", start=now, end=now + 10 * DAY, deputy="sun_wei")

    found = away(desk, "wu_min", start=now + 2 * DAY, end=now + 4 * DAY, deputy="luo_xin")

    assert [(one.start, one.end, one.deputy) for one in found.absences] == [
        (now, now + 2 * DAY, "sun_wei"),
        (now + 2 * DAY, now + 4 * DAY, "luo_xin"),
        (now + 4 * DAY, now + 10 * DAY, "sun_wei"),
    ]


@given(
    days=st.lists(
        st.tuples(st.integers(0, 30), st.none() | st.integers(1, 20)), min_size=1, max_size=6
    )
)
def test_absences_never_overlap_and_the_last_one_noted_holds(shared_desk, days):
    desk, now = shared_desk
    for number, (start, length) in enumerate(days):
        begin = now + start * DAY
        end = None if length is None else begin + length * DAY
        deputy = ("dora", "emil")[number % 2]
        desk.execute(SetAbsence(actor="cleo", name="cleo", start=begin, end=end, deputy=deputy))

        staff = {one.name: one for one in desk.ask(ListPeople(actor="cleo"))}
        found = staff["cleo"]
        assert found.absence_at(begin) == Absence(start=begin, end=end, deputy=deputy)
        pairs = zip(found.absences, found.absences[1:], strict=False)
        assert all(one.end is not None and one.end <= other.start for one, other in pairs)


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory):
    """One desk for all examples of a law, and the moment of its clock."""
    with open_test_desk(tmp_path_factory.mktemp("shared")) as desk:
        for name in ("cleo", "dora", "emil"):
            desk.execute_as_system(SavePerson(actor="system", name=name, roles=("agent",)))
        yield desk, MOMENT


def test_back_ends_the_whole_stretch_and_leaves_what_is_planned_later(desk, clock):
    now = clock.now()
    away(desk, "wu_min", start=now - DAY, end=now + DAY)
    away(desk, "wu_min", start=now + DAY, end=now + 2 * DAY, deputy="luo_xin")
    away(desk, "wu_min", start=now + 30 * DAY, end=now + 40 * DAY)

    desk.execute(EndAbsence(actor="wu_min", name="wu_min"))

    assert [(one.start, one.end) for one in person(desk, "wu_min").absences] == [
        (now - DAY, now),
        (now + 30 * DAY, now + 40 * DAY),
    ]


def test_somebody_at_work_gives_up_the_next_planned_absence_and_then_there_is_none(desk, clock):
    away(desk, "wu_min", start=clock.now() + DAY, end=clock.now() + 2 * DAY)

    desk.execute(EndAbsence(actor="wu_min", name="wu_min"))

    assert person(desk, "wu_min").absences == ()
    with pytest.raises(CommandRefused, match="is not away"):
        desk.execute(EndAbsence(actor="wu_min", name="wu_min"))


def test_deputies_of_each_other_cannot_be_away_at_the_same_time(desk, clock):
    now = clock.now()
    away(desk, "wu_min", start=now, end=now + 5 * DAY, deputy="sun_wei")

    with pytest.raises(CommandRefused, match="nobody is left who stands in: sun_wei, wu_min"):
        away(desk, "sun_wei", start=now + 4 * DAY, end=now + 6 * DAY)

    away(desk, "sun_wei", start=now + 5 * DAY, end=now + 6 * DAY)
    away(desk, "sun_wei", start=now + 4 * DAY, end=now + 5 * DAY, deputy="luo_xin")
    assert person(desk, "sun_wei").deputy_at(now + 4 * DAY) == "luo_xin"


def test_a_longer_circle_of_deputies_is_found(desk, clock):
    now = clock.now()
    away(desk, "zhao_lei", start=now, end=now + 5 * DAY, deputy="qian_mei")
    away(desk, "qian_mei", start=now + DAY, end=now + 3 * DAY, deputy="song_jia")

    with pytest.raises(CommandRefused, match="song_jia, zhao_lei, qian_mei"):
        away(desk, "song_jia", start=now + 2 * DAY, deputy="zhao_lei")

    away(desk, "song_jia", start=now + 3 * DAY, deputy="zhao_lei", end=now + 9 * DAY)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"end": -DAY}, "not in the past"),
        ({"start": 2 * DAY, "end": DAY}, "ends after it begins"),
        ({"deputy": "wu_min"}, "for themselves"),
        ({"deputy": "sun_we"}, "did you mean 'sun_wei'"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(desk, clock, more, said):
    times = {
        name: clock.now() + value if isinstance(value, timedelta) else value
        for name, value in more.items()
    }

    with pytest.raises(CommandRefused, match=said):
        away(desk, "wu_min", **times)

    assert person(desk, "wu_min").absences == ()


def test_a_deputy_who_left_cannot_stand_in(desk):
    desk.execute(SavePerson(actor=BOSS, name="sun_wei", active=False))

    with pytest.raises(CommandRefused, match="no longer active"):
        away(desk, "wu_min")


def test_everybody_speaks_for_themselves_and_only_some_for_others(desk, clock):
    away(desk, "chen_jing")
    away(desk, "li_na", actor="wu_min")

    with pytest.raises(NotAllowed, match=r"people\.absence"):
        away(desk, "wu_min", actor="chen_jing")
    with pytest.raises(NotAllowed, match=r"people\.absence"):
        desk.execute(EndAbsence(actor="zhou_qiang", name="li_na"))
    with pytest.raises(NotFound, match="did you mean 'li_na'"):
        away(desk, "li_ma", actor="wu_min")
    assert not person(desk, "wu_min").absent(clock.now())


# --- at the command line ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    folder = tmp_path_factory.mktemp("people") / "centre"
    return demonstration(folder)


@pytest.fixture
def cli(centre, capsys, monkeypatch):
    """Return a function that runs a command line with --json and returns code and document."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("CASEWRIGHT_USER", raising=False)

    def run(*words, actor="boss", as_json=True):
        capsys.readouterr()
        more = ["--json"] if as_json else []
        code = main(["-C", str(centre), "--as", actor, *map(str, words), *more])
        printed = capsys.readouterr().out
        return code, json.loads(printed) if as_json else printed

    return run


def test_an_ill_colleague_is_one_command_and_all_open_work_is_with_the_deputy(cli):
    asked = ["--set", "subject=Price", "--set", "question=What does it cost?"]
    key = cli("ticket", "open", "inquiry", *asked, actor="chen_jing")[1]["ticket"]
    cli("ticket", "assign", key, "chen_jing", actor="wu_min")

    words = ("user", "absent", "chen_jing", "--deputy", "li_na", "--hand-over")
    code, said = cli(*words, actor="wu_min")

    assert (code, said["handed_over"], said["absence"]["deputy"]) == (0, True, "li_na")
    assert cli("ticket", "show", key, actor="wu_min")[1]["handler"] == "li_na"
    (listed,) = cli("user", "list", "--away")[1]["users"]
    assert (listed["name"], listed["absent"], listed["stands_in"]) == (
        "chen_jing",
        True,
        "li_na",
    )
    assert (
        "until further notice; Li Na (li_na) stands in"
        in cli("user", "show", "chen_jing", as_json=False)[1]
    )
    assert "由李娜" in cli("user", "show", "chen_jing", "--lang", "zh", as_json=False)[1]
    assert "李娜" in cli("user", "list", "--away", "--lang", "zh", as_json=False)[1]
    assert cli("user", "back", "chen_jing", actor="wu_min")[0] == 0
    assert cli("user", "list", "--away")[1]["users"] == []


def test_without_a_deputy_nothing_is_handed_over_and_nobody_is_noted_as_away(cli):
    code, said = cli("user", "absent", "zhou_qiang", "--hand-over", actor="wu_min")

    assert (code, said["error"]["code"]) == (1, "command.refused")
    assert cli("user", "show", "zhou_qiang")[1]["user"]["absent"] is False


@pytest.mark.parametrize("moment", ["soon", "0001-01-01", "9999-12-31T23:59-10:00"])
def test_a_time_that_is_none_is_refused_as_such(cli, moment):
    code, said = cli("user", "absent", "he_ping", "--from", moment, actor="sun_wei")

    assert (code in (1, 2), said["error"]["code"] in ("usage", "command.refused")) == (
        True,
        True,
    )
    assert cli("user", "show", "he_ping")[1]["user"]["absences"] == []


def test_the_same_id_notes_an_absence_once(cli):
    later = (SystemClock().now() + 5 * DAY).isoformat()
    words = ("user", "absent", "he_ping", "--until", later, "--deputy", "sun_wei", "--id", "a1")

    first, second = (cli(*words, "--hand-over", actor="sun_wei")[1] for _ in range(2))

    assert (first["repeated"], second["repeated"]) == (False, True)
    assert first["absence"] == second["absence"]
    assert len(cli("user", "show", "he_ping")[1]["user"]["absences"]) == 1


def test_a_person_is_changed_one_attribute_at_a_time(cli):
    cli("user", "edit", "zheng_kai", "--phone", "+8613700000000")
    cli("user", "edit", "zheng_kai", "--language", "en", "--deputy", "he_ping")
    cli("user", "edit", "zheng_kai", "--inactive")

    found = cli("user", "show", "zheng_kai")[1]["user"]
    assert (found["phone"], found["language"], found["deputy"]) == (
        "+8613700000000",
        "en",
        "he_ping",
    )
    assert (found["zh"], found["roles"], found["active"]) == ("郑凯", ["agent"], False)
    assert cli("user", "edit", "zheng_kay", "--team", "x")[0] == 1
    assert cli("user", "edit", "zheng_kai", "--active", "--inactive")[0] == 2
