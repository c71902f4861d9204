"""What comes in by mail becomes tickets, or part of one, or waits; nothing of it is lost, and nobody gets in by a number."""

from datetime import timedelta

import pytest

from casewright.answers import ArrivalStory
from casewright.commands import EraseCustomer, SaveCustomer, SortArrival, TakeIn
from casewright.desk import attachments, publish
from casewright.desk.intake.naming import intake_problems
from casewright.errors import CommandRefused, NotAllowed, NotFound, ProblemsFound
from casewright.intake.arrival import Arrival
from casewright.queries import GetArrival, ListArrivals, ListNotices
from casewright.store import threads

from .letters import LI, SERVICE, bounce, file_part, letter, parts, text_part


def became(story: ArrivalStory) -> tuple[str, str]:
    """Its state, and the beginning of the reason."""
    return story.row.state, "" if story.row.reason is None else str(story.row.reason)


def opened(centre, **given) -> str:
    """Let a mail open a ticket; return its key."""
    story = centre.receives(letter(**given))
    assert story.row.state == "sorted", became(story)
    return story.row.ticket


def sent(centre, key: str) -> str:
    """Return the Message-ID of the mail that was sent about a ticket."""
    with centre.desk._database.read():
        return threads.of_ticket(centre.desk._database, key, direction="out")[-1]


def test_a_mail_opens_a_ticket_with_its_customer_words_and_files(centre):
    story = centre.receives(
        parts(
            text_part("您好，宽带断了三天。\n\n发自我的iPhone"),
            file_part(b"%PDF-1.4", 'attachment; filename="bill.pdf"', "application/pdf"),
            subject="宽带断了",
            sender=f"=?utf-8?B?5p2O5Lyf?= <{LI}>",
        )
    )

    (ticket,) = centre.tickets()
    assert story.row.ticket == ticket.key
    assert (ticket.channel, ticket.fields["subject"], ticket.fields["what"]) == (
        "email",
        "宽带断了",
        "您好，宽带断了三天。",
    )
    assert ticket.attachments == 1
    assert ticket.customer == "C0000001"


def test_the_same_mail_opens_one_ticket_however_often_it_is_delivered(centre):
    mail = letter(number="<once@example.org>")

    for _ in range(3):
        centre.drop(mail)
        assert centre.fetch() == []

    assert len(centre.tickets()) == 1


def test_two_mails_that_call_themselves_the_same_are_both_kept(centre):
    opened(centre, number="<same@example.org>", text="one")

    story = centre.receives(letter("two", number="<same@example.org>"))

    assert story.said.text == "two"


def test_a_confirmation_answers_the_mail_with_the_number_and_a_reply_to_it_finds_the_ticket(
    centre,
):
    key = opened(centre, number="<first@example.org>", text="宽带断了", subject="宽带")
    (confirmation,) = centre.outgoing()

    reply = centre.receives(
        letter(
            "补充一下",
            subject="回复",
            sender="x@stranger.example",
            In_Reply_To=sent(centre, key),
        )
    )

    assert confirmation["address"] == LI
    assert confirmation["answers"] == "<first@example.org>"
    assert confirmation["nature"] == "confirmation"
    assert key in confirmation["text"]
    assert "您的单号" in confirmation["text"]
    assert reply.row.ticket == key
    assert centre.kinds(key) == ["TicketOpened", "ContactRecorded"]


def test_whoever_handles_the_ticket_is_told_of_what_was_added(centre):
    key = opened(centre)

    centre.receives(letter("more", subject=f"Re: [{key}]"))

    told = centre.desk.ask(ListNotices(actor="ana", ticket=key)).notices
    assert ("ana", "supplement") in {(one.recipient, one.reason) for one in told}


@pytest.mark.parametrize("there", [True, False])
def test_a_strangers_mail_with_a_tickets_number_waits_and_is_told_nothing(centre, there):
    key = opened(centre)
    named = key if there else "MAT-2026-999999"
    before = len(centre.outgoing())

    story = centre.receives(letter(sender="eve@evil.example", subject=f"Re: {named}"))

    assert became(story)[0] == "unsorted"
    assert centre.kinds(key) == ["TicketOpened"]
    assert len(centre.outgoing()) == before


def test_an_answer_to_a_strangers_mail_by_another_stranger_waits(centre):
    opened(centre, number="<secret@example.org>")

    story = centre.receives(
        letter(sender="eve@evil.example", subject="x", References="<secret@example.org>")
    )

    assert became(story) == ("unsorted", "it names a ticket of somebody else")


def test_an_answer_to_a_closed_ticket_is_written_down_and_its_owner_told(centre):
    key = opened(centre)
    centre.close_ticket(key)

    centre.receives(letter("thank you", subject=f"Re: {key}"))

    assert centre.kinds(key)[-1] == "ArrivalNoted"
    assert not centre.ticket(key).open
    told = centre.desk.ask(ListNotices(actor="ana", ticket=key)).notices
    assert "supplement" in {one.reason for one in told}


def test_what_a_form_would_refuse_waits_with_its_reason_and_nothing_of_it_is_done(centre):
    story = centre.receives(letter("x", subject="y"))

    assert became(story)[0] == "unsorted"
    assert "subject" in became(story)[1].lower()
    assert centre.tickets() == ()
    assert centre.outgoing() == []


def test_what_waits_becomes_what_somebody_says(centre):
    for subject in ("x", "y", "z"):
        centre.receives(letter("w", subject=subject))
    key = opened(centre)

    made = centre.desk.execute(
        SortArrival(actor="ana", arrival=1, workflow="matter", fields={"subject": "About x"})
    )
    added = centre.desk.execute(SortArrival(actor="ana", arrival=2, ticket=key))
    gone = centre.desk.execute(SortArrival(actor="ana", arrival=3, drop="nothing"))

    assert centre.ticket(made.answer["ticket"]).fields["subject"] == "About x"
    assert added.answer == {
        "outcome": "attached",
        "arrival": "2",
        "ticket": key,
        "reference": key,
    }
    assert (gone.answer["outcome"], centre.story(3).row.state) == ("dropped", "dropped")
    with pytest.raises(CommandRefused, match="part of"):
        centre.desk.execute(SortArrival(actor="ana", arrival=2, drop="again"))


def test_nobody_sorts_or_reads_without_leave_and_nobody_says_that_something_came_in(centre):
    centre.receives(letter("w", subject="x"))

    with pytest.raises(NotAllowed):
        centre.desk.execute(SortArrival(actor="rita", arrival=1, drop="x"))
    with pytest.raises(NotAllowed):
        centre.desk.ask(GetArrival(actor="rita", arrival=1))
    made = Arrival(channel="mail", kind="mail", id="1", at=centre.clock.now())
    with pytest.raises(NotAllowed):
        centre.desk.execute(TakeIn(actor="ana", arrival=made))
    with pytest.raises(NotFound):
        centre.desk.ask(GetArrival(actor="ana", arrival=99))


def test_senders_are_masked_in_lists(centre):
    centre.receives(letter("w", subject="x"))

    (row,) = centre.desk.ask(ListArrivals(actor="ana")).arrivals

    assert LI not in row.sender


def test_a_bounce_of_a_mail_of_ours_is_part_of_its_ticket_and_opens_nothing(centre):
    key = opened(centre)

    story = centre.receives(bounce(sent(centre, key)))

    assert (story.row.verdict, story.row.ticket) == ("bounce", key)
    assert len(centre.tickets()) == 1


def test_more_than_so_many_an_hour_from_one_sender_wait_unconfirmed(centre):
    for number in range(8):
        centre.receives(letter(f"Mail number {number}", subject=f"Matter {number}"))

    waiting = centre.desk.ask(ListArrivals(actor="ana", state="unsorted")).arrivals
    assert (len(centre.tickets()), len(waiting)) == (5, 3)
    assert len(centre.outgoing()) == 2, "a sender is confirmed to so many times a day"


def test_several_customers_of_one_address_open_a_ticket_of_nobodys(centre):
    for name in ("A1", "A2"):
        centre.desk.execute_as_system(
            SaveCustomer(actor="system", id=name, name=name, email=LI)
        )

    key = opened(centre)

    assert centre.ticket(key).customer is None


def test_a_text_longer_than_its_field_is_whole_in_a_comment(centre):
    key = opened(centre, text="word " * 100)

    events = centre.history(key)
    assert len(centre.ticket(key).fields["what"]) == 200
    assert events[-1].private["comment"].count("word") == 100


def test_a_mail_that_cannot_be_read_waits_and_is_kept_as_it_came(centre):
    octets = b"\x00\xff\xfe no mail at all \x80" * 5

    story = centre.receives(octets)

    assert story.row.state == "unsorted"
    assert attachments.content(centre.config.attachments, story.said.raw) == octets


def test_erasing_a_customer_erases_their_mail_and_its_files(centre):
    story = centre.receives(
        parts(
            text_part("My number is 12345"),
            file_part(b"passport", 'attachment; filename="p.txt"'),
        )
    )
    waiting = centre.receives(letter("w", subject="x"))
    customer = centre.ticket(story.row.ticket).customer
    key, files = (
        story.row.ticket,
        [story.said.raw, story.said.attachments[0].digest, waiting.said.raw],
    )

    centre.desk.execute(
        EraseCustomer(actor="ana", customer=customer, reason="asked", also_open=True)
    )

    assert centre.story(story.row.number).said is None
    assert centre.story(waiting.row.number).said is None
    with centre.desk._database.read():
        assert threads.of_ticket(centre.desk._database, key) == ()
    for digest in files:
        with pytest.raises(NotFound):
            attachments.must_be_kept(centre.config.attachments, digest)
    stored = centre.config.database.read_bytes()
    assert LI.encode() not in stored
    assert b"12345" not in stored


def test_a_mail_of_our_own_is_dropped(centre):
    story = centre.receives(letter(sender=f"Desk <{SERVICE}>", subject="Hello there"))

    assert became(story) == ("dropped", "it came from an address of our own")


def test_what_was_dropped_is_forgotten_when_nobody_will_ask_after_it(centre):
    story = centre.receives(letter(subject="You won the lottery"))
    centre.clock.set(centre.clock.now() + timedelta(days=91))

    centre.desk.working().retaining.round()

    assert centre.story(story.row.number).said is None
    with pytest.raises(NotFound):
        attachments.must_be_kept(centre.config.attachments, story.said.raw)
    assert LI.encode() not in centre.config.database.read_bytes()


def test_rules_say_what_is_wrong_with_them_and_where(centre):
    path = centre.root / "intake.yaml"
    path.write_text(
        "channels:\n  mail:\n    closed: sometimes\n    rules:\n      - {open: mattr, fields: {subject: =subjct}}\n"
        "      - {open: matter, fields: {nothing: =text, subject: =subject}}\n      - {when: {subjet_has: word}, drop: why, wait: later}\n",
        "utf-8",
    )
    shape = [str(one) for one in intake_problems(centre.root)]
    path.write_text(
        "channels:\n  mail:\n    rules:\n      - {open: mattr}\n      - {open: matter, fields: {nothing: =text, subject: =subject}}\n",
        "utf-8",
    )
    names = [str(one) for one in intake_problems(centre.root)]

    assert [one.partition("intake.yaml:")[2].partition(" ")[0] for one in shape] == [
        "3:13:",
        "5:41:",
        "7:9:",
        "7:17:",
    ]
    assert "did you mean 'matter'" in names[0]
    assert "has no field 'nothing'" in names[2]
    assert "needs what" in names[1]
    with pytest.raises(ProblemsFound):
        publish(centre.desk, centre.root, [centre.root / "workflows"], actor="system")
