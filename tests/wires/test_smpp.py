"""The driver for message centres, on a real wire: submissions, receipts, replies, and lines that break."""

import pytest

from casewright.delivery.channel import (
    Accepted,
    Failed,
    Outgoing,
    ReceiptSeen,
    Rejected,
    ReplySeen,
)
from casewright.delivery.channels import open_channel
from casewright.errors import ConfigRefused

from .message_centre import BAD_ADDRESS, ENQUIRE, THROTTLED, UNBIND, CutHere, message_centre
from .settings import channel

SHORT = Outgoing(key="delivery-1", address="+8613800138000", text="Due 15:00")
LONG = Outgoing(key="delivery-2", address="+8613800138000", text="工单将于今日到期，" * 10)


@pytest.fixture
def centre():
    with message_centre() as running:
        yield running


@pytest.fixture
def sms(centre):
    opened = opening(centre)
    yield opened
    opened.close()


def opening(centre, **options):
    account = {"system_id": "desk", "password": "secret", "sender": "10690000123456789012"}
    given = {"host": "127.0.0.1", "port": centre.port, "timeout": 5, **account, **options}
    return open_channel(channel("smpp", **given), {})


def told(sms, many=1):
    """Ask until `many` things were told; the test's own time limit ends it when they never come."""
    seen = []
    while len(seen) < many:
        seen += sms.receipts()
    return seen


def test_an_accepted_message_has_the_centres_id(centre, sms):
    answered = sms.send(SHORT)

    assert answered == Accepted(provider_ids=("m0001",))
    [sent] = centre.submitted
    assert (sent.address, sent.sender) == ("8613800138000", "10690000123456789012")
    assert (sent.coding, sent.registered, sent.octets) == (0, 1, b"Due 15:00")


def test_a_long_chinese_text_goes_out_in_parts_that_belong_together(centre, sms):
    answered = sms.send(LONG)

    assert answered == Accepted(provider_ids=("m0001", "m0002"))
    first, second = centre.submitted
    assert first.text + second.text == LONG.text
    assert len(first.text) == 67
    assert (first.coding, first.esm_class) == (8, 0x40)
    assert first.octets[:3] == second.octets[:3] == b"\x05\x00\x03"
    assert first.octets[3] == second.octets[3]
    assert (first.octets[4:6], second.octets[4:6]) == (b"\x02\x01", b"\x02\x02")


def test_a_second_attempt_is_the_same_to_the_octet(centre, sms):
    sms.send(LONG)
    sms.send(LONG)

    octets = [sent.octets for sent in centre.submitted]
    assert octets[:2] == octets[2:]


@pytest.mark.parametrize(("status", "permanent"), [(THROTTLED, False), (BAD_ADDRESS, True)])
def test_a_rejected_sms_is_never_sent(centre, sms, status, permanent):
    centre.status = lambda submitted: status

    answered = sms.send(SHORT)

    assert isinstance(answered, Rejected)
    assert answered.permanent is permanent
    assert answered.reason.startswith("part 1: ")


def test_a_message_whose_second_part_is_rejected_is_rejected(centre, sms):
    centre.status = lambda submitted: 0 if len(centre.submitted) == 1 else BAD_ADDRESS

    answered = sms.send(LONG)

    assert answered == Rejected(reason="part 2: Invalid Destination Address", permanent=True)


def test_no_answer_to_a_submission_is_a_failure_and_the_next_one_has_a_line_of_its_own(centre):
    sms = opening(centre, timeout=0.3)
    centre.status = lambda submitted: None

    first = sms.send(SHORT)
    centre.status = lambda submitted: 0
    second = sms.send(SHORT)

    assert first == Failed(reason="no answer in time")
    assert second == Accepted(provider_ids=("m0002",))
    assert centre.binds == 2
    sms.close()


def test_a_line_cut_mid_message_is_a_failure_and_is_made_anew(centre, sms):
    def cut(submitted):
        raise CutHere

    centre.status = cut
    first = sms.send(LONG)
    centre.status = lambda submitted: 0
    second = sms.send(LONG)

    assert isinstance(first, Failed)
    assert isinstance(second, Accepted)
    assert centre.binds == 2


def test_a_line_lost_while_idle_costs_no_message(centre, sms, caplog):
    sms.send(SHORT)
    centre.hang_up()
    while "lost its line" not in caplog.text:
        sms.receipts()

    assert isinstance(sms.send(SHORT), Accepted)
    assert centre.binds == 2


def test_nobody_at_the_address_is_a_failure(centre):
    with message_centre() as gone:
        pass

    assert isinstance(opening(gone).send(SHORT), Failed)


def test_a_wrong_password_rejects_for_now_and_says_so(centre):
    answered = opening(centre, password="guess").send(SHORT)

    assert answered == Rejected(reason="bind: Invalid Password", permanent=False)


def test_a_receipt_that_comes_late_is_told_with_the_id_of_its_message(centre, sms):
    sms.send(SHORT)
    assert list(sms.receipts()) == []

    centre.receipt("m0001")

    expected = ReceiptSeen(
        channel="sms", provider_id="m0001", state="delivered", detail="DELIVRD 000"
    )
    assert told(sms) == [expected]


@pytest.mark.parametrize(
    ("word", "state"),
    [("UNDELIV", "undelivered"), ("EXPIRED", "expired"), ("REJECTD", "rejected")],
)
def test_a_receipt_can_say_that_it_did_not_arrive(centre, sms, word, state):
    sms.send(SHORT)
    centre.receipt("m0001", word, "012")

    [seen] = told(sms)

    assert (seen.state, seen.detail) == (state, f"{word} 012")


def test_a_receipt_that_decides_nothing_is_acknowledged_and_not_told(centre, sms):
    sms.send(SHORT)
    undecided = centre.receipt("m0001", "ENROUTE")
    centre.receipt("m0001", "DELIVRD")

    assert [seen.state for seen in told(sms)] == ["delivered"]
    sms.receipts()
    assert centre.acknowledged.get(timeout=10) == undecided


def test_a_receipt_is_acknowledged_only_when_it_was_recorded(centre, sms):
    sms.send(SHORT)
    sequence = centre.receipt("m0001")
    told(sms)
    assert centre.acknowledged.empty()

    sms.receipts()

    assert centre.acknowledged.get(timeout=10) == sequence


def test_receipts_that_come_while_a_message_is_sent_are_not_lost(centre, sms):
    def receipt_first(submitted):
        centre.receipt("m0001")
        return 0

    centre.status = receipt_first

    assert sms.send(SHORT) == Accepted(provider_ids=("m0001",))
    assert [seen.provider_id for seen in told(sms)] == ["m0001"]


def test_a_receipt_lost_with_its_line_is_told_once_it_is_delivered_again(centre, sms):
    sms.send(SHORT)
    centre.receipt("m0001")
    told(sms)
    centre.hang_up()
    sms.send(SHORT)

    centre.receipt("m0001")

    assert [seen.provider_id for seen in told(sms)] == ["m0001"]


def test_ids_in_hex_are_found_in_receipts_in_decimal(centre):
    sms = opening(centre, message_ids="hex_then_decimal")
    centre.name = lambda number: "0001A2B"

    answered = sms.send(SHORT)
    centre.receipt("6699")

    assert answered == Accepted(provider_ids=("6699",))
    assert [seen.provider_id for seen in told(sms)] == ["6699"]
    sms.close()


def test_the_id_in_its_own_field_goes_before_the_one_in_the_text(centre, sms):
    sms.send(SHORT)
    name = b"m0001\0"
    extra = b"\x00\x1e" + len(name).to_bytes(2) + name + b"\x14\x99\x00\x01\x07"

    centre.deliver(b"id:other stat:DELIVRD", extra=extra)

    assert [seen.provider_id for seen in told(sms)] == ["m0001"]


def test_a_reply_is_told_with_its_sender(centre, sms):
    sms.send(SHORT)
    centre.deliver(
        "1 4827 \uff11\uff15\uff1a\uff10\uff10".encode("utf-16-be"), esm_class=0, coding=8
    )

    expected = ReplySeen(
        channel="sms", sender="+8613800138000", text="1 4827 \uff11\uff15\uff1a\uff10\uff10"
    )
    assert told(sms) == [expected]


def test_a_reply_in_two_parts_is_told_as_one(centre, sms):
    sms.send(SHORT)
    for number, part in ((2, "今天休假"), (1, "2 4827 ")):
        header = bytes((5, 0, 3, 9, 2, number))
        centre.deliver(header + part.encode("utf-16-be"), esm_class=0x40, coding=8)

    assert [seen.text for seen in told(sms)] == ["2 4827 今天休假"]


def test_a_delivery_that_cannot_be_read_breaks_nothing(centre, sms):
    sms.send(SHORT)
    centre.deliver(b"", esm_class=0, extra=b"\x00\x1e\x00")
    centre.receipt("m0001")

    assert [seen.provider_id for seen in told(sms)] == ["m0001"]


def test_an_idle_line_is_tested(centre):
    sms = opening(centre, idle=0.01)
    sms.send(SHORT)

    while ENQUIRE not in centre.heard.queue:
        sms.receipts()

    assert isinstance(sms.send(SHORT), Accepted)
    sms.close()


def test_receipts_are_fetched_without_anything_to_send(centre, sms):
    while not centre.binds:
        sms.receipts()
    while not centre.wires:
        pass
    centre.receipt("m0007")

    assert [seen.provider_id for seen in told(sms)] == ["m0007"]


def test_closing_says_goodbye(centre):
    sms = opening(centre)
    sms.send(SHORT)

    sms.close()

    assert UNBIND in centre.heard.queue


def test_what_is_not_smpp_ends_the_line_and_no_more():
    with message_centre() as centre:
        sms = opening(centre)
        sms.send(SHORT)
        centre.wires[-1].sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        answers = [sms.send(SHORT), sms.send(SHORT)]

    assert isinstance(answers[-1], Accepted)
    assert centre.binds == 2


def test_with_tls_the_line_is_encrypted_and_the_certificate_checked(certificate):
    shown, context = certificate

    with message_centre(tls=context) as centre:
        trusting = opening(centre, tls=True, host="localhost", ca_file=str(shown))
        assert isinstance(trusting.send(SHORT), Accepted)
        trusting.close()
        stranger = opening(centre, tls=True, host="localhost").send(SHORT)

    assert isinstance(stranger, Failed)
    assert len(centre.submitted) == 1


def test_with_tls_a_plaintext_centre_is_told_nothing(centre):
    answered = opening(centre, tls=True, timeout=1).send(SHORT)

    assert isinstance(answered, Failed)
    assert centre.binds == 0
    assert centre.submitted == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"host": "smsc.example"}, "unencrypted"),
        ({"password": "longer than eight"}, "'password' is at most 8 characters"),
        ({"password": "env:NOT_THERE"}, "NOT_THERE"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_when_the_channel_is_opened(
    centre, options, said
):
    with pytest.raises(ConfigRefused, match=said):
        opening(centre, **options)
