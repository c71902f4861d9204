"""Notices on their way: bundled, paced, tried again, given up, proved; recorded once whatever happens."""

import itertools
from dataclasses import replace
from datetime import time, timedelta
from threading import Event

import pytest

from casewright.commands import ReceiptArrived, RetryNotice, SaveCustomer, SeeNotices
from casewright.delivery.channel import (
    Accepted,
    Delivered,
    Failed,
    ReceiptSeen,
    Rejected,
    Unknown,
)
from casewright.delivery.retry import MOST_ATTEMPTS
from casewright.desk import open_desk
from casewright.desk.setting_up.publishing import publish
from casewright.errors import CommandRefused, NotAllowed, NotFound, NoticeRefused
from casewright.queries import GetNotice, ListNotices
from casewright.settings.delivering import Limit, QuietHours

from .worker_site import PHONES, WorkerSite, way


@pytest.fixture
def site(workspace, clock):
    made = WorkerSite(workspace, clock)
    yield made
    made.desk.close()


def called(site, count=1):
    """Let ana call olga by SMS, in so many tickets."""
    keys = [site.open() for _ in range(count)]
    for key in keys:
        site.fire(key, "call")
    return keys


def receipt(story_or_id, state="delivered"):
    found = story_or_id if isinstance(story_or_id, str) else story_or_id.parts[0].provider_id
    return ReceiptSeen(channel="sms", provider_id=found, state=state)


def test_a_notice_goes_out_and_every_hop_has_its_time(site):
    called(site)
    site.clock.advance(timedelta(minutes=1))

    site.work()
    site.work(receipt(site.sms()), minutes=2)

    story = site.sms()
    assert way(story) == ["queued", "submitted", "accepted", "delivered"]
    assert [hop.at for hop in story.hops] == sorted(hop.at for hop in story.hops)
    assert story.hops[-1].at - story.hops[0].at == timedelta(minutes=3)
    assert [one.outcome for one in story.attempts] == ["accepted"]
    assert [one.state for one in story.parts] == ["delivered"]
    assert PHONES["olga"] not in story.address
    assert story.address.endswith("0002")


def test_what_waits_for_one_person_goes_out_as_one_message(site):
    keys = called(site, 7)

    tally = site.work()

    assert (tally.counts["deliveries"], tally.counts["notices"]) == (1, 7)
    assert len(site.provider.handed) == 1
    assert "7" in site.provider.handed[0].text
    assert {one.state for one in site.notices() if one.via == "sms"} == {"accepted"}
    assert {one.ticket for one in site.notices()} == set(keys)
    assert site.sms().carried == 7


def test_nobody_gets_more_than_the_limit_and_nothing_is_lost(site):
    site.configure(
        limits=(
            Limit(count=1, within=timedelta(minutes=1)),
            Limit(count=2, within=timedelta(minutes=15)),
        )
    )
    sent = []
    for _ in range(40):
        called(site)
        before = len(site.provider.handed)
        site.work(seconds=30)
        sent += [site.clock.now()] * (len(site.provider.handed) - before)
    site.work(minutes=20)

    assert all(
        later - first >= timedelta(minutes=15)
        for first, later in zip(sent, sent[2:], strict=False)
    )
    assert all(
        later - first >= timedelta(minutes=1) for first, later in itertools.pairwise(sent)
    )
    told = [one for one in site.notices() if one.via == "sms"]
    assert len(told) == 40
    assert {one.state for one in told} == {"accepted"}


def test_retries_count_as_well(site):
    site.configure(limits=(Limit(count=1, within=timedelta(minutes=10)),))
    site.provider.answers = [Failed(reason="cut off")] * 3
    called(site)

    for _ in range(60):
        site.work(minutes=1)

    at = [attempt.at for attempt in site.sms().attempts]
    assert len(at) == 4
    assert all(
        later - first >= timedelta(minutes=10) for first, later in itertools.pairwise(at)
    )


def test_a_quiet_night_holds_what_has_time_and_nothing_that_has_not(site):
    site.configure(quiet=QuietHours(start=time(22), until=time(8)))
    site.clock.set(site.clock.now().astimezone().replace(hour=23))
    called(site)
    site.work()

    assert site.provider.handed == []
    assert site.sms().notice.state == "queued"
    morning = site.sms().notice.send_at.astimezone()
    assert (morning.hour, morning.minute) == (8, 0)
    site.clock.set(morning)
    site.work()
    assert len(site.provider.handed) >= 1


def test_the_deadline_of_the_night_is_told_in_the_night(site):
    site.configure(quiet=QuietHours(start=time(22), until=time(8)))
    evening = site.clock.now().astimezone().replace(hour=18, minute=0)
    site.clock.set(evening)
    site.open()

    site.work(hours=5)

    assert len(site.provider.to("ana")) == 1


def test_a_message_that_failed_is_tried_again_with_the_same_key_and_words(site):
    site.provider.answers = [
        Failed(reason="connection cut"),
        Rejected(reason="throttled", permanent=False),
    ]
    called(site)

    site.work()
    assert site.sms().notice.state == "queued"
    for _ in range(6):
        site.work(minutes=1)

    assert len(site.provider.handed) == 3
    assert len({(one.key, one.text) for one in site.provider.handed}) == 1
    story = site.sms()
    assert [one.outcome for one in story.attempts] == ["failed", "rejected", "accepted"]
    assert [str(one.detail or "") for one in story.attempts] == [
        "connection cut",
        "throttled",
        "",
    ]
    assert way(story)[-1] == "accepted"
    assert "accepted" not in way(story)[:-1]


def test_after_the_last_attempt_a_notice_is_dead_and_whoever_answers_for_it_is_told(site):
    site.provider.answer = lambda outgoing: Failed(reason="no answer")
    called(site)

    for _ in range(MOST_ATTEMPTS + 2):
        site.work(hours=1.5)

    story = site.sms(0)
    assert story.notice.state == "dead"
    assert len(story.attempts) == MOST_ATTEMPTS
    assert [one.number for one in site.notices(state="dead")][:1] == [story.notice.number]


def test_a_rejected_message_never_counts_as_sent(site):
    site.provider.answer = lambda outgoing: Rejected(reason="unknown number", permanent=True)
    called(site)

    site.work()
    site.work()

    story = site.sms()
    assert way(story) == ["queued", "submitted", "rejected"]
    assert str(story.hops[-1].detail) == "unknown number"
    assert len(story.attempts) == 1


def test_the_owner_hears_of_a_notice_that_reached_nobody_and_of_that_only_once(site):
    site.provider.answer = lambda outgoing: Rejected(reason="unknown number", permanent=True)
    site.open()

    site.work(hours=5)
    site.work()

    undeliverable = [one for one in site.notices() if one.reason == "undeliverable"]
    assert [(one.recipient, one.via) for one in undeliverable] == [("olga", "notice")]


def test_a_channel_that_cannot_say_more_leaves_the_notice_unknown(site):
    site.provider.answer = lambda outgoing: Unknown(detail="handed over")
    called(site)

    site.work(days=0)
    site.work(days=2)

    assert way(site.sms())[-1] == "unknown"


def test_a_channel_where_the_message_simply_is_delivers_it(site):
    site.provider.answer = lambda outgoing: Delivered()
    called(site)

    site.work()

    assert way(site.sms()) == ["queued", "submitted", "delivered"]


def test_a_message_in_parts_is_delivered_when_all_its_parts_are(site):
    site.provider.answer = lambda outgoing: Accepted(provider_ids=("1", "2"))
    called(site)
    site.work()

    site.work(receipt("1"))
    assert site.sms().notice.state == "accepted"
    site.work(receipt("2"))

    assert site.sms().notice.state == "delivered"


@pytest.mark.parametrize(
    ("said", "state"),
    [("undelivered", "dead"), ("expired", "expired"), ("rejected", "rejected")],
)
def test_a_receipt_may_say_that_it_did_not_arrive(site, said, state):
    called(site)
    site.work()

    site.work(receipt(site.sms(), said))

    assert site.sms(0).notice.state == state


def test_a_receipt_that_comes_twice_changes_nothing(site):
    called(site)
    site.work()
    site.work(receipt(site.sms()))
    before = site.sms()

    site.work(receipt(before), minutes=1)
    site.work(receipt(before, "undelivered"), minutes=1)

    assert site.sms() == before


def test_a_receipt_before_the_answer_is_not_lost(site):
    called(site)
    site.provider.answer = lambda outgoing: Accepted(provider_ids=("early",))
    task = begun(site)
    site.work(receipt("early"))

    site.desk.working().conclude(task, Accepted(provider_ids=("early",)))

    assert way(site.sms()) == ["queued", "submitted", "accepted", "delivered"]


def test_a_receipt_about_nothing_we_know_is_counted_and_told(site):
    tally = site.work(receipt("stranger"))

    assert tally.counts["unknown_receipts"] == 1
    told = [line.event for line in site.lines if line.event != "checkpoint"]
    assert told == ["unknown_receipt"]


def test_an_old_receipt_says_nothing_about_a_new_message_that_has_its_number(site):
    site.work(receipt("7"))
    site.clock.advance(timedelta(days=1))
    site.provider.answer = lambda outgoing: Accepted(provider_ids=("7",))
    called(site)

    site.work()

    assert site.sms().notice.state == "accepted"


def test_without_a_receipt_an_accepted_message_expires(site):
    called(site)
    site.work()

    site.work(hours=25)

    story = site.sms(0)
    assert story.notice.state == "expired"
    assert "no receipt" in str(story.hops[-1].detail)


def test_a_receipt_that_comes_too_late_still_counts(site):
    called(site)
    site.work()
    first = site.sms()
    site.work(hours=25)

    site.work(receipt(first))

    assert site.sms(0).notice.state == "delivered"


def test_what_waited_for_days_is_of_no_use_any_more(site):
    called(site)

    site.work(days=4)

    assert site.sms(0).notice.state == "expired"


def test_somebody_without_a_phone_is_not_waited_for(site):
    site.person("olga", "head", phone="")
    called(site)

    site.work()

    assert site.sms().notice.state == "dead"
    assert "no phone number" in str(site.sms().hops[-1].detail)


def test_somebody_who_has_left_gets_nothing_any_more(site):
    site.person("otto", "head")
    called(site)
    site.person("olga", "head", active=False)

    site.work()

    found = site.desk.ask(ListNotices(actor="otto", state="dead")).notices
    assert [one.recipient for one in found] == ["olga"]
    assert site.provider.to("olga") == []


def test_a_channel_nobody_made_kills_the_notice_with_a_reason(site):
    site.desk.close()
    site.config = replace(site.config, channels={})
    site.desk = open_desk(site.config, clock=site.clock)
    called(site)

    site.work()

    assert "casewright.toml" in str(site.sms().hops[-1].detail)


def test_a_customer_is_told_in_their_own_language_each_matter_by_itself(site):
    site.desk.execute_as_system(
        SaveCustomer(actor="system", id="C1", name="王", language="zh", phone="+8613900000001")
    )
    for _ in range(2):
        site.fire(site.open(customer="C1"), "thank")

    site.work()

    assert [one.address for one in site.provider.handed] == ["+8613900000001"] * 2
    assert all("谢谢" in one.text for one in site.provider.handed)


def test_a_notice_that_was_given_up_can_be_sent_again_by_whoever_may(site):
    site.provider.answers = [Rejected(reason="blocked", permanent=True)]
    called(site)
    site.work()
    number = site.sms().notice.number

    with pytest.raises(NotAllowed):
        site.desk.execute(RetryNotice(actor="ana", notice=number))
    site.desk.execute(RetryNotice(actor="olga", notice=number))
    site.work(minutes=5)

    assert way(site.sms())[-3:] == ["queued", "submitted", "accepted"]
    assert len({one.key for one in site.provider.handed}) == 2


def test_only_what_was_given_up_is_sent_again(site):
    called(site)
    site.work()

    with pytest.raises(NoticeRefused):
        site.desk.execute(RetryNotice(actor="olga", notice=site.sms().notice.number))


def test_seen_is_said_by_its_recipient_alone_and_once(site):
    called(site)
    site.work()
    number = site.sms().notice.number

    with pytest.raises(NoticeRefused):
        site.desk.execute(SeeNotices(actor="ana", notices=(number,)))
    for _ in range(2):
        site.desk.execute(SeeNotices(actor="olga", notices=(number,)))

    assert way(site.sms()) == ["queued", "submitted", "accepted", "seen"]


def test_a_receipt_after_it_was_seen_leaves_it_seen(site):
    called(site)
    site.work()
    site.desk.execute(SeeNotices(actor="olga", notices=(site.sms().notice.number,)))

    site.work(receipt(site.sms()))

    assert site.sms().notice.state == "seen"


def test_a_worker_that_died_before_the_answer_sends_again_under_the_same_key(site):
    called(site)
    task = begun(site)
    site.provider.send(task.outgoing)

    site.worker(holder="second").run(once=True)

    assert set(site.provider.messages.values()) == {2}
    story = site.sms()
    assert [one.outcome for one in story.attempts] == ["", "accepted"]
    assert way(story).count("accepted") == 1


def test_a_late_answer_that_is_good_counts_and_a_late_failure_does_not(site):
    called(site)
    first = begun(site)
    site.clock.advance(timedelta(minutes=5))
    second = begun(site)
    working = site.desk.working()

    assert (first.delivery, first.attempt, second.attempt) == (second.delivery, 1, 2)
    working.conclude(first, Failed(reason="late"))
    assert site.sms().notice.state == "submitted"
    working.conclude(second, Accepted(provider_ids=("x",)))
    assert working.conclude(first, Accepted(provider_ids=("y",))) is False

    assert site.sms().notice.state == "accepted"
    assert [one.outcome for one in site.sms().attempts] == ["failed", "accepted"]


def test_a_slow_gateway_delays_no_timer(site):
    second_was_sent, first_waited = Event(), []

    def answer(outgoing):
        if len(site.provider.handed) > 1:
            second_was_sent.set()
        else:
            site.clock.advance(timedelta(hours=6))
            first_waited.append(second_was_sent.wait(30))
        return Accepted(provider_ids=(outgoing.key,))

    site.provider.answer = answer
    called(site)

    tally = site.work()

    assert first_waited == [True]
    assert tally.counts["fired"] == 1
    assert len(site.provider.to("ana")) == 1


def test_a_notice_that_cannot_be_worded_spoils_no_other(site):
    bad, good = called(site, 2)
    database = site.desk._database
    with database.write():
        database.execute("UPDATE ticket SET record = '{' WHERE key = ?", (bad,))

    site.work()

    states = dict(database.execute("SELECT ticket_id, state FROM notice").fetchall())
    assert states == {1: "dead", 2: "accepted"}
    assert good


def test_the_clock_going_back_holds_no_notice_for_a_day(site):
    site.provider.answers = [Failed(reason="cut")]
    called(site)
    site.work()

    site.clock.advance(-timedelta(days=1))
    site.work()
    site.work(hours=2.5)

    assert site.sms().notice.state == "accepted"


def test_a_receipt_must_say_something_that_is_known(site):
    with pytest.raises(CommandRefused):
        site.desk.execute_as_system(
            ReceiptArrived(actor="system", channel="sms", provider_id="1", state="perhaps")
        )


def test_a_notice_of_a_ticket_one_may_not_see_is_not_there(site):
    with pytest.raises(NotFound):
        site.desk.ask(GetNotice(actor="ana", notice=4711))


NARROW = "  clerk: {title: {en: Clerk, zh: 文员}, permissions: {own: [ticket.*], all: [ticket.open]}}\n"


def test_a_message_about_hidden_tickets_too_is_read_by_who_got_it_alone(site, workspace):
    roles = workspace / "roles.yaml"
    roles.write_text(roles.read_text("utf-8") + NARROW, "utf-8")
    publish(site.desk, workspace, [workspace / "workflows"], actor="system")
    site.person("bea", "clerk")
    own, hidden = site.open(by="bea"), site.open()
    site.fire(own, "call", by="bea")
    site.fire(hidden, "call")
    site.work()
    number = next(one.number for one in site.notices() if one.ticket == own)

    story = site.desk.ask(GetNotice(actor="bea", notice=number))

    assert (story.carried, story.text, story.withheld) == (2, "", True)
    for reader in ("olga", "ana"):
        read = site.desk.ask(GetNotice(actor=reader, notice=number))
        assert hidden in read.text
        assert not read.withheld


def test_an_address_shows_neither_how_long_it_is_nor_how_it_ends(site):
    site.person("olga", "head", phone="+861390002")
    called(site)
    site.work()

    assert site.sms().address == "****0002"


def begun(site):
    """Begin an attempt as a worker does, and tell nobody what came of it."""
    working = site.desk.working()
    working.gather()
    return working.begin({"sms": 4})[0]
