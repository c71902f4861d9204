"""Announcements: who is shown them, in which order, and who has read them."""

import json
from datetime import timedelta

import pytest

from casewright.cli.__main__ import main
from casewright.commands import (
    PublishAnnouncement,
    ReadAnnouncement,
    SavePerson,
    WithdrawAnnouncement,
)
from casewright.errors import CommandRefused, CommandReused, NotAllowed, NotFound
from casewright.model import SYSTEM
from casewright.queries import (
    GetAnnouncement,
    GetAnnouncementReaders,
    ListAnnouncements,
    ListPeople,
)

from ..founding import demonstration

HEAD = "wu_min"
DAY = timedelta(days=1)


def both(text):
    return {"en": text, "zh": f"{text}（中文）"}


def publish(desk, title="New tariff", *, to=("everybody",), actor=HEAD, **more):
    """Publish an announcement and return its number."""
    command = PublishAnnouncement(
        actor=actor, title=both(title), text=both("Read it."), to=to, **more
    )
    desk.execute(command)
    every = desk.ask(ListAnnouncements(actor=actor, every=True))
    return next(one.number for one in every if one.command_id == command.command_id)


def read(desk, number, actor):
    desk.execute(ReadAnnouncement(actor=actor, number=number))


def shown(desk, actor):
    return [one.number for one in desk.ask(ListAnnouncements(actor=actor))]


def readers(desk, number):
    return desk.ask(GetAnnouncementReaders(actor=HEAD, number=number))


# --- whom it is for --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "reached", "left_out"),
    [
        ("everybody", "gu_min", None),
        ("role:agent", "chen_jing", "huang_ying"),
        ("team:front_1", "chen_jing", "he_ping"),
        ("department:billing", "jiang_li", "chen_jing"),
        ("user:li_na", "li_na", "chen_jing"),
    ],
)
def test_a_group_is_shown_what_is_announced_to_it_and_nobody_else(
    desk, group, reached, left_out
):
    number = publish(desk, to=(group,))

    assert shown(desk, reached) == [number]
    assert desk.ask(GetAnnouncement(actor=reached, number=number)).title.zh.startswith("New")
    if left_out:
        assert shown(desk, left_out) == []
        with pytest.raises(NotFound):
            desk.ask(GetAnnouncement(actor=left_out, number=number))
        with pytest.raises(NotFound):
            read(desk, number, left_out)


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ("role:agnet", "did you mean 'role:agent'"),
        ("team:front1", "did you mean 'team:front_1'"),
        ("user:lina", "did you mean 'user:li_na'"),
        ("everyone", "did you mean 'everybody'"),
        ("agent", "no group that anybody active is in"),
        ("", "no group that anybody active is in"),
    ],
)
def test_an_unknown_group_is_refused_with_the_nearest_one(desk, group, said):
    with pytest.raises(CommandRefused, match=said):
        publish(desk, to=("everybody", group))

    assert desk.ask(ListAnnouncements(actor=HEAD, every=True)) == ()


def test_the_readers_are_whoever_is_in_the_groups_now(desk):
    number = publish(desk, to=("team:front_2",))
    assert readers(desk, number).unread == ("he_ping", "sun_wei", "zheng_kai")

    desk.execute_as_system(SavePerson(actor=SYSTEM, name="li_na", team="front_2"))
    desk.execute_as_system(SavePerson(actor=SYSTEM, name="zheng_kai", active=False))

    assert readers(desk, number).unread == ("he_ping", "li_na", "sun_wei")
    assert shown(desk, "li_na") == [number]


# --- when it holds ---------------------------------------------------------------------------------


def test_an_announcement_is_shown_from_its_beginning_until_before_its_end(desk, clock):
    now = clock.now()
    number = publish(desk, start=now + DAY, end=now + 2 * DAY)
    seen = []
    for shift in (timedelta(), DAY, 2 * DAY - timedelta(microseconds=1), 2 * DAY):
        clock.set(now + shift)
        seen.append(shown(desk, "li_na"))

    assert seen == [[], [number], [number], []]
    assert [one.number for one in desk.ask(ListAnnouncements(actor=HEAD, every=True))] == [
        number
    ]


def test_nobody_is_shown_what_has_not_begun_except_those_who_publish(desk, clock):
    number = publish(desk, start=clock.now() + DAY)

    with pytest.raises(NotFound):
        desk.ask(GetAnnouncement(actor="li_na", number=number))
    assert desk.ask(GetAnnouncement(actor=HEAD, number=number)).number == number


def test_a_withdrawn_announcement_is_shown_to_nobody_and_is_kept(desk, clock):
    number = publish(desk)
    read(desk, number, "li_na")

    desk.execute(WithdrawAnnouncement(actor="han_lei", number=number))

    assert shown(desk, "li_na") == []
    with pytest.raises(NotFound):
        read(desk, number, "chen_jing")
    (kept,) = desk.ask(ListAnnouncements(actor=HEAD, every=True))
    assert (kept.withdrawn_by, kept.withdrawn_at) == ("han_lei", clock.now())
    assert readers(desk, number).read == (("li_na", clock.now()),)
    with pytest.raises(CommandRefused, match="withdrawn already"):
        desk.execute(WithdrawAnnouncement(actor=HEAD, number=number))


def test_the_unread_come_first_then_the_pinned_then_the_newest(desk):
    first = publish(desk, "first")
    pinned = publish(desk, "pinned", pinned=True)
    read_and_pinned = publish(desk, "read and pinned", pinned=True)
    last = publish(desk, "last")
    read(desk, read_and_pinned, "li_na")
    read(desk, first, "li_na")

    assert shown(desk, "li_na") == [pinned, last, read_and_pinned, first]
    assert shown(desk, "chen_jing") == [read_and_pinned, pinned, last, first]


# --- who has read it -------------------------------------------------------------------------------


def test_reading_twice_keeps_the_first_moment(desk, clock):
    number = publish(desk, to=("team:front_2",))
    read(desk, number, "he_ping")
    first = clock.now()
    clock.advance(DAY)

    read(desk, number, "he_ping")
    read(desk, number, "sun_wei")

    found = readers(desk, number)
    assert found.read == (("he_ping", first), ("sun_wei", first + DAY))
    assert found.unread == ("zheng_kai",)
    assert desk.ask(GetAnnouncement(actor="he_ping", number=number)).read_at == first


def test_whoever_left_counts_as_having_read_and_never_as_missing(desk):
    number = publish(desk, to=("team:front_2",))
    read(desk, number, "he_ping")
    for name in ("he_ping", "zheng_kai"):
        desk.execute_as_system(SavePerson(actor=SYSTEM, name=name, active=False))

    found = readers(desk, number)
    assert ([name for name, _ in found.read], found.unread) == (["he_ping"], ("sun_wei",))


# --- what is refused -------------------------------------------------------------------------------


def test_only_those_who_may_publish_do_and_see_who_has_read(desk):
    number = publish(desk)

    for command in (
        PublishAnnouncement(actor="li_na", title=both("x"), text=both("y"), to=("everybody",)),
        WithdrawAnnouncement(actor="li_na", number=number),
    ):
        with pytest.raises(NotAllowed, match=r"announcement\.publish"):
            desk.execute(command)
    for query in (
        GetAnnouncementReaders(actor="li_na", number=number),
        ListAnnouncements(actor="li_na", every=True),
    ):
        with pytest.raises(NotAllowed, match=r"announcement\.publish"):
            desk.ask(query)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": {"en": "Only English"}}, "the text for 'zh' is missing"),
        ({"title": both("x" * 200)}, "100 characters at most"),
        ({"text": {"en": "x", "zh": " "}}, "'zh' is not a text"),
        ({"text": both("x" * 3000)}, "longer than"),
        ({"to": ()}, "say whom it is for"),
    ],
)
def test_an_announcement_that_cannot_be_is_refused(desk, change, said):
    given = {"title": both("x"), "text": both("y"), "to": ("everybody",), **change}

    with pytest.raises(CommandRefused, match=said):
        desk.execute(PublishAnnouncement(actor=HEAD, **given))

    assert desk.ask(ListAnnouncements(actor=HEAD, every=True)) == ()


def test_an_announcement_that_never_holds_is_refused(desk, clock):
    now = clock.now()

    for times in (
        {"end": now},
        {"start": now - 2 * DAY, "end": now - DAY},
        {"start": now + DAY, "end": now},
    ):
        with pytest.raises(CommandRefused, match="ends after it begins"):
            publish(desk, **times)
    with pytest.raises(CommandRefused, match="time zone"):
        publish(desk, start=now.replace(tzinfo=None))


@pytest.mark.parametrize("number", [0, -1, 7, 2**63, 2**200])
def test_a_number_that_is_no_announcement_is_not_found(desk, number):
    with pytest.raises(NotFound):
        desk.ask(GetAnnouncement(actor=HEAD, number=number))
    with pytest.raises((NotFound, CommandRefused)):
        read(desk, number, HEAD)


def test_the_same_command_is_published_once(desk):
    command = PublishAnnouncement(
        actor=HEAD, title=both("x"), text=both("y"), to=("everybody",), command_id="a1"
    )

    receipts = [desk.execute(command) for _ in range(2)]

    assert [one.repeated for one in receipts] == [False, True]
    assert len(desk.ask(ListAnnouncements(actor=HEAD, every=True))) == 1
    with pytest.raises(CommandReused):
        desk.execute(
            PublishAnnouncement(
                actor=HEAD, title=both("z"), text=both("y"), to=("everybody",), command_id="a1"
            )
        )


def test_an_announcement_leaves_the_staff_as_it_is(desk):
    before = desk.ask(ListPeople(actor=HEAD))

    publish(desk)

    assert desk.ask(ListPeople(actor=HEAD)) == before


# --- at the command line ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    folder = tmp_path_factory.mktemp("announcements") / "centre"
    return demonstration(folder)


@pytest.fixture
def cli(centre, capsys, monkeypatch):
    """Return a function that runs a command line and returns its code and what it printed."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("CASEWRIGHT_USER", raising=False)

    def run(*words, actor):
        capsys.readouterr()
        code = main(["-C", str(centre), "--as", actor, "announcement", *map(str, words)])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return run


TEXTS = ["--title-en", "New tariff", "--title-zh", "新资费", "--text-en", "From Monday on.", "--text-zh", "周一起执行。"]  # fmt: skip


def test_an_announcement_goes_from_the_team_leader_to_the_team_and_back_as_a_list_of_readers(
    cli,
):
    code, out = cli("publish", "--to", "team:front_1", "--pin", *TEXTS, "--json", actor=HEAD)
    number = json.loads(out)["announcement"]["number"]

    assert code == 0
    assert "新资费" in cli("list", "--lang", "zh", actor="li_na")[1]
    assert "casewright announcement read" in cli("show", number, actor="li_na")[1]
    assert cli("read", number, actor="li_na")[0] == 0
    assert "You confirmed it" in cli("show", number, actor="li_na")[1]
    told = cli("readers", number, actor=HEAD)[1]
    assert "1 of 4 have read it" in told
    assert "Chen Jing (chen_jing)" in told
    found = json.loads(cli("readers", number, "--json", actor=HEAD)[1])
    assert [one["name"] for one in found["read"]] == ["li_na"]
    assert found["unread"] == ["chen_jing", "wu_min", "zhou_qiang"]
    assert cli("withdraw", number, actor=HEAD)[0] == 0
    assert "Nothing is announced" in cli("list", actor="li_na")[1]
    assert "已撤回" in cli("list", "--all", "--lang", "zh", actor=HEAD)[1]


def test_the_command_line_says_what_is_wrong(cli):
    assert (
        "did you mean 'team:front_1'"
        in cli("publish", "--to", "team:fornt_1", *TEXTS, actor=HEAD)[1]
    )
    assert cli("publish", "--to", "everybody", actor=HEAD)[0] == 2
    assert cli("show", "x", actor=HEAD)[0] == 2
    assert "没有公告“99”" in cli("show", "99", "--lang", "zh", actor=HEAD)[1]
