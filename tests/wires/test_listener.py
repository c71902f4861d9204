"""The worker's listener, over a real wire: what gateways post is let in, passed on, or refused with a reason."""

import hashlib
import hmac
import json
import queue
import socket
from datetime import UTC, datetime

import pytest
import requests

from casewright.delivery.channel import ReceiptSeen, ReplySeen
from casewright.errors import ConfigRefused
from casewright.settings.delivering import WorkerSettings
from casewright.worker.listener import Listener

from .settings import channel

SECRET = "a secret of thirty-two letters.."
KNOWS = {"Authorization": f"Bearer {SECRET}"}
HERE = WorkerSettings(host="127.0.0.1", port=0, secret="env:LISTENER_SECRET")
ALIYUN = {
    "receipt_id": "biz_id",
    "receipt_state": "success",
    "receipt_delivered": "true",
    "receipt_time": "report_time",
    "reply_from": "phone_number",
    "reply_text": "content",
    "reply_id": "sequence_id",
    "reply_prefix": "+86",
}


def listening(sink, **options):
    channels = {
        "sms": channel("http", url="https://gateway.example", **options),
        "centre": channel("smpp", host="localhost", system_id="desk"),
    }
    return Listener(HERE, channels, sink, {"LISTENER_SECRET": SECRET})


@pytest.fixture
def sink():
    return queue.Queue(maxsize=3)


@pytest.fixture
def post(sink):
    listener = listening(sink)
    port = listener.start()

    def posted(path, **given):
        headers = given.pop("headers", KNOWS)
        url = f"http://127.0.0.1:{port}{path}"
        return requests.post(url, headers=headers, timeout=10, **given)

    yield posted
    listener.stop()


def test_a_receipt_is_taken_and_passed_on(post, sink):
    body = {"id": "77", "state": "DELIVRD", "at": "2026-03-02T17:00:00+08:00"}

    assert post("/receipts/sms", json=body).status_code == 202

    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert sink.get_nowait() == ReceiptSeen(
        channel="sms", provider_id="77", state="delivered", at=at, detail="DELIVRD"
    )


@pytest.mark.parametrize(
    ("word", "state"),
    [("EXPIRED", "expired"), ("REJECTD", "rejected"), ("MK:0012", "undelivered")],
)
def test_whatever_is_not_delivered_is_told_as_such(post, sink, word, state):
    post("/receipts/sms", data={"id": "77", "state": word, "at": "2026-03-02 17:00:00"})

    seen = sink.get_nowait()
    assert (seen.state, seen.detail, seen.at) == (state, word, None)


def test_a_receipt_that_decides_nothing_is_taken_and_not_passed_on(post, sink):
    assert post("/receipts/sms", json={"id": "77", "state": "ENROUTE"}).status_code == 202
    assert sink.empty()


def test_a_gateways_own_words_and_lists_are_read_as_the_settings_say(sink):
    listener = listening(sink, **ALIYUN)
    port = listener.start()
    receipts = [
        {"biz_id": "a", "success": True, "report_time": "1772442000"},
        {"biz_id": "b", "success": False, "report_time": "2026-03-02 17:00:00"},
    ]
    reply = [{"phone_number": "13800138000", "content": "1 4827 15:00", "sequence_id": 9}]

    requests.post(
        f"http://127.0.0.1:{port}/receipts/sms", json=receipts, headers=KNOWS, timeout=9
    )
    requests.post(f"http://127.0.0.1:{port}/replies/sms", json=reply, headers=KNOWS, timeout=9)
    listener.stop()

    first, second, third = (sink.get_nowait() for _ in range(3))
    assert (first.provider_id, first.state) == ("a", "delivered")
    assert first.at == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert (second.provider_id, second.state, second.at) == ("b", "undelivered", None)
    expected = ReplySeen(
        channel="sms", sender="+8613800138000", text="1 4827 15:00", provider_id="9"
    )
    assert third == expected


def test_a_signature_over_the_body_is_as_good_as_the_secret_itself(post, sink):
    body = json.dumps({"from": "+86138", "text": "2 4827 请假", "id": "r1"}).encode()
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()

    signed = post("/replies/sms", data=body, headers={"X-Signature": digest})
    changed = post("/replies/sms", data=body + b" ", headers={"X-Signature": digest})

    assert (signed.status_code, changed.status_code) == (202, 401)
    assert sink.get_nowait().text == "2 4827 请假"
    assert sink.empty()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer a secret"},
        {"Authorization": f"Basic {SECRET}"},
        {"X-Signature": ""},
        {"X-Signature": "0" * 64},
        {"Authorization": "Bearer \xe9\xff"},
    ],
)
def test_whoever_does_not_know_the_secret_is_told_nothing(post, sink, headers):
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}

    for path in ("/receipts/sms", "/receipts/nowhere"):
        assert (
            post(path, json={"id": "1", "state": "DELIVRD"}, headers=encoded).status_code == 401
        )
    assert sink.empty()


@pytest.mark.parametrize("path", ["/receipts/smss", "/receipts/centre", "/replies/", "/other"])
def test_only_channels_that_are_told_over_http_are_there(post, path):
    assert post(path, json={}).status_code == 404


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b'{"state": "DELIVRD"}', "id: it is missing"),
        (b'{"id": {"a": 1}, "state": "DELIVRD"}', "id: it is missing"),
        (b'["x"]', "id: it is missing"),
        (b'{"id": "\\u0000", "state": "DELIVRD"}', ""),
        (b"[" * 60_000, ""),
        (b'{"id": 1, "id": 2, "state": "DELIVRD"}', ""),
    ],
)
def test_a_body_that_is_no_receipt_is_refused_with_a_reason(post, sink, body, said):
    answered = post("/receipts/sms", data=body)

    assert answered.status_code == 400
    assert said in answered.json()["message"]
    assert sink.empty()


def test_a_body_longer_than_any_receipt_is_refused(post, sink):
    assert post("/receipts/sms", data=b"x" * 64_001).status_code == 413
    assert sink.empty()


def test_when_nobody_takes_what_comes_the_gateway_is_asked_to_come_again(post, sink):
    answers = [post("/receipts/sms", json={"id": "1", "state": "DELIVRD"}) for _ in range(4)]

    assert [one.status_code for one in answers] == [202, 202, 202, 503]


@pytest.mark.parametrize(
    ("secret", "environment"),
    [("", {}), ("short", {}), ("env:X", {}), ("env:X", {"X": "tiny"})],
)
def test_nothing_listens_without_a_secret(sink, secret, environment):
    with pytest.raises(ConfigRefused):
        Listener(WorkerSettings(host="127.0.0.1", secret=secret), {}, sink, environment)


def test_a_port_that_is_taken_is_refused_at_the_start(sink):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = WorkerSettings(host="127.0.0.1", port=taken.getsockname()[1], secret=SECRET)
        with pytest.raises(ConfigRefused, match="nothing can listen"):
            Listener(settings, {}, sink, {}).start()


def test_once_stopped_nobody_is_there(sink):
    listener = listening(sink)
    port = listener.start()
    listener.stop()

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)
