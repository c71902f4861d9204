"""What staff answer by SMS: a notice is taken or refused in their name, once, and they are told what came of it."""

from datetime import UTC, datetime

import pytest

from casewright.delivery.channel import ReplySeen
from casewright.queries import GetHistory

from .worker_site import PHONES, WorkerSite, way


@pytest.fixture
def site(workspace, clock):
    """Ana has been told at half time, over SMS as notice 2."""
    made = WorkerSite(workspace, clock)
    made.open()
    made.work(hours=5)
    yield made
    made.desk.close()


def replied(text, sender="ana", provider_id=""):
    return ReplySeen(
        channel="sms", sender=PHONES.get(sender, sender), text=text, provider_id=provider_id
    )


def number(site):
    return next(one.number for one in site.notices() if one.via == "sms")


def kinds(site):
    key = site.notices()[0].ticket
    return [event.kind for event in site.desk.ask(GetHistory(actor="ana", ticket=key))]


def test_a_reply_takes_the_notice_until_the_time_it_names_on_the_site(site):
    there = site.clock.now().astimezone()
    tally = site.work(
        replied(f"1 {number(site)} {there.hour + 1 if there.hour < 23 else 0:02}:30")
    )

    story = site.sms(0)
    assert tally.counts["replies"] == 1
    assert story.notice.state == "taken"
    until = datetime.fromisoformat(str(story.hops[-1].detail))
    assert (until.astimezone().minute, until > site.clock.now()) == (30, True)
    assert "is yours until" in site.provider.to("ana")[-1]


def test_a_reply_refuses_the_notice_with_a_reason_and_the_next_level_is_told(site):
    site.work(replied(f"2 {number(site)} on leave"))

    assert site.sms(0).notice.state == "refused"
    assert "notice_refused" in {
        one.reason for one in site.notices()
    } or "NoticeRefused" in kinds(site)
    assert "is refused" in site.provider.to("ana")[-1]


def test_a_reply_that_comes_twice_happens_once_and_is_answered_once(site):
    reply = replied(f"2 {number(site)} on leave", provider_id="mo-1")
    site.work(reply)
    sent = len(site.provider.to("ana"))

    site.work(reply)

    assert kinds(site).count("NoticeRefused") == 1
    assert len(site.provider.to("ana")) == sent


def test_somebody_elses_notice_cannot_be_taken_and_its_existence_is_not_told(site):
    site.work(replied(f"1 {number(site)} 23:59", sender="olga"))
    site.work(replied("1 4711 23:59", sender="olga"))

    assert way(site.sms(0))[-1] == "accepted"
    theirs, none = site.provider.to("olga")[-2:]
    assert theirs.replace(str(number(site)), "N") == none.replace("4711", "N")


def test_a_reply_that_says_nothing_is_answered_with_what_to_write(site):
    site.work(replied("ok!"))

    assert "1 4827 15:00" in site.provider.to("ana")[-1]


def test_a_time_after_it_is_due_is_refused_with_the_reason(site):
    site.clock.set(datetime(2026, 3, 2, 10, tzinfo=UTC))
    there = site.clock.now().astimezone()
    past = f"{(there.hour + 3) % 24:02}:00"

    site.work(replied(f"1 {number(site)} {past}"))

    assert site.sms(0).notice.state == "accepted"
    assert "due" in site.provider.to("ana")[-1]


def test_a_stranger_gets_no_answer(site):
    sent = len(site.provider.handed)

    tally = site.work(replied(f"1 {number(site)} 23:59", sender="+8613900009999"))

    assert tally.counts["replies"] == 1
    assert len(site.provider.handed) == sent


def test_the_answer_is_in_the_senders_language(site):
    site.person("ana", "agent", language="zh")

    site.work(replied(f"2 {number(site)} 请假"))

    assert any("\u4e00" <= letter <= "\u9fff" for letter in site.provider.to("ana")[-1])
