"""The SMS gateway over HTTP, on a real wire: what is said is what happened."""

import hashlib
import hmac
import json
import socket
import threading
from urllib.parse import parse_qs

import pytest

from casewright.delivery.channel import Accepted, Failed, Outgoing, Rejected
from casewright.delivery.channels import open_channel
from casewright.errors import ConfigRefused

from .gateway import answer, answering, gateway
from .settings import channel

WARNING = Outgoing(
    key="delivery-1",
    address="+8613800138000",
    text="工单 WO-2026-000001 将于 15:00 到期",
    language="zh",
    template_id="SMS_4827",
    variables={"key": "WO-2026-000001", "due": "15:00"},
    signature="客服中心",
)


@pytest.fixture
def wire():
    with gateway() as running:
        yield running


def sending(wire, **options):
    return open_channel(channel("http", url=wire.url, **options), {})


def test_an_accepted_message_has_the_gateways_id(wire):
    wire.behave = answering(200, {"code": 0, "data": {"id": 77}})
    sms = sending(wire, accepted_when="code == 0", provider_id="data.id")

    assert sms.send(WARNING) == Accepted(provider_ids=("77",))
    assert wire.heard[0].headers["Idempotency-Key"] == "delivery-1"
    assert wire.heard[0].json == {
        "to": "+8613800138000",
        "text": "【客服中心】工单 WO-2026-000001 将于 15:00 到期",
        "key": "delivery-1",
    }


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (401, True), (302, True), (409, False), (429, False), (503, False)],
)
def test_a_rejected_sms_is_never_sent(wire, status, permanent):
    wire.behave = answering(status, {"message": "no\x1b[31m more"})

    rejected = sending(wire, reason="message").send(WARNING)

    assert rejected == Rejected(reason=f"HTTP {status} no [31m more", permanent=permanent)


def test_a_refusal_inside_of_a_200_is_a_refusal(wire):
    wire.behave = answering(200, {"code": "isv.MOBILE_NUMBER_ILLEGAL", "message": "号码不正确"})
    sms = sending(wire, accepted_when="code == OK", reason="message")

    assert sms.send(WARNING) == Rejected(reason="HTTP 200 号码不正确", permanent=True)


def test_a_gateway_may_ask_for_patience_inside_of_a_200(wire):
    wire.behave = answering(200, {"code": 8})
    sms = sending(wire, accepted_when="code == 0", later_when="code == 8, 9")

    assert sms.send(WARNING) == Rejected(reason="HTTP 200", permanent=False)


def test_an_answer_that_does_not_say_whether_is_no_acceptance(wire):
    wire.behave = answering(200, b"<html>Welcome to the hotel</html>")

    answered = sending(wire, accepted_when="code == 0").send(WARNING)

    assert answered == Failed(reason="HTTP 200, no 'code' in the answer")


def test_no_answer_is_a_failure_within_the_time_limit(wire):
    silent = threading.Event()
    wire.behave = lambda heard, line: silent.wait(30)

    answered = sending(wire, timeout=0.3).send(WARNING)

    silent.set()
    assert answered == Failed(reason="no answer in time")


@pytest.mark.parametrize("opening", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"])
def test_a_trickle_of_single_bytes_does_not_hold_the_thread(opening):
    stopped = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def trickle():
        line, _ = listening.accept()
        line.recv(65536)
        line.sendall(opening)
        while not stopped.wait(0.02):
            try:
                line.sendall(b"H")
            except OSError:
                return

    thread = threading.Thread(target=trickle, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/"

    answered = open_channel(
        channel("http", url=url, timeout=0.5, accepted_when="code == 0"), {}
    ).send(WARNING)

    thread.join(10)
    assert not thread.is_alive(), "the connection was not cut"
    assert answered == Failed(reason="no answer in time")
    stopped.set()
    listening.close()


def test_a_connection_cut_mid_message_is_a_failure_and_the_next_attempt_has_the_same_key(wire):
    def cut(heard, line):
        line.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{")
        line.connection.shutdown(socket.SHUT_RDWR)

    wire.behave = cut
    sms = sending(wire, accepted_when="code == 0")

    first = sms.send(WARNING)
    wire.behave = answering(200, {"code": 0})
    second = sms.send(WARNING)

    assert isinstance(first, Failed)
    assert isinstance(second, Accepted)
    assert [heard.headers["Idempotency-Key"] for heard in wire.heard] == ["delivery-1"] * 2
    assert wire.heard[0].octets == wire.heard[1].octets


def test_over_tls_the_certificate_is_checked_and_the_time_limit_holds(certificate):
    shown, context = certificate
    with gateway(tls=context) as wire:
        trusting = sending(wire, ca_file=str(shown), timeout=2)
        assert isinstance(trusting.send(WARNING), Accepted)
        assert isinstance(sending(wire).send(WARNING), Failed)
        assert len(wire.heard) == 1

        silent = threading.Event()
        wire.behave = lambda heard, line: silent.wait(30)
        late = trusting.send(WARNING)
        silent.set()

    assert late == Failed(reason="no answer in time")


def test_nobody_at_the_address_is_a_failure():
    closed = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    closed.close()

    assert isinstance(open_channel(channel("http", url=url), {}).send(WARNING), Failed)


def test_a_redirect_is_not_followed(wire):
    def elsewhere(heard, line):
        line.send_response(307)
        line.send_header("Location", wire.url + "/elsewhere")
        line.send_header("Content-Length", "0")
        line.end_headers()

    wire.behave = elsewhere

    assert sending(wire).send(WARNING) == Rejected(reason="HTTP 307", permanent=True)
    assert len(wire.heard) == 1


def test_an_endless_answer_is_read_no_further_than_needed(wire):
    wire.behave = lambda heard, line: answer(
        line, 200, b'{"code": 0, "x": "' + b"x" * 5_000_000
    )

    answered = sending(wire, accepted_when="code == 0").send(WARNING)

    assert answered == Failed(reason="HTTP 200, no 'code' in the answer")


def test_the_text_cannot_change_the_request(wire):
    nasty = '"}, {"to": "+100"&to=+100\r\nX-Evil: 1 {key} {to} 【{signature}】\n'
    sms = sending(wire, body={"to": "{to}", "message": {"text": "{text} ({key})"}})

    sms.send(Outgoing(key="k", address="+86138", text=nasty))

    assert wire.heard[0].json == {"to": "+86138", "message": {"text": f"{nasty} (k)"}}
    assert "X-Evil" not in wire.heard[0].headers


def test_a_form_carries_the_same_values(wire):
    nasty = "a&to=+100=%00 +;\n{to}"
    sms = sending(wire, format="form", body={"mobile": "{to}", "content": "{text}"})

    sms.send(Outgoing(key="k", address="+86138", text=nasty))

    form = parse_qs(wire.heard[0].octets.decode(), keep_blank_values=True)
    assert form == {"mobile": ["+86138"], "content": [nasty]}


def test_a_query_is_made_of_the_bodys_fields(wire):
    sms = sending(wire, method="GET", body={"mobile": "{to}", "content": "{text}"})

    sms.send(Outgoing(key="k", address="+86138", text="到期 a&b"))

    query = parse_qs(wire.heard[0].path.partition("?")[2])
    assert query == {"mobile": ["+86138"], "content": ["到期 a&b"]}


def test_a_chinese_gateway_gets_signature_template_and_variables(wire):
    body = {
        "PhoneNumbers": "{to}",
        "SignName": "{signature}",
        "TemplateCode": "{template_id}",
        "TemplateParam": "{variables_json}",
        "TemplateParamSet": "{variables_list}",
        "Vars": "{variables}",
        "Count": 1,
    }
    sms = sending(wire, body=body, drop_prefix="+86")

    sms.send(WARNING)

    sent = wire.heard[0].json
    assert json.loads(sent.pop("TemplateParam")) == WARNING.variables
    assert sent == {
        "PhoneNumbers": "13800138000",
        "SignName": "客服中心",
        "TemplateCode": "SMS_4827",
        "TemplateParamSet": ["WO-2026-000001", "15:00"],
        "Vars": WARNING.variables,
        "Count": 1,
    }


def test_a_text_without_a_registered_template_is_not_sent_where_one_is_needed(wire):
    sms = sending(wire, body={"to": "{to}", "template": "{template_id}"})

    answered = sms.send(Outgoing(key="k", address="+86138", text="free"))

    assert answered == Rejected(
        reason="no template is registered for this text", permanent=True
    )
    assert wire.heard == []


def test_the_body_is_signed_with_the_shared_secret_and_secrets_come_from_the_environment(wire):
    settings = channel(
        "http",
        url=wire.url,
        hmac_key="env:SMS_KEY",
        headers={"Authorization": "env:SMS_TOKEN"},
    )
    sms = open_channel(settings, {"SMS_KEY": "k1", "SMS_TOKEN": "Bearer t"})

    sms.send(WARNING)

    heard = wire.heard[0]
    digest = hmac.new(b"k1", heard.octets, hashlib.sha256).hexdigest()
    assert heard.headers["X-Signature"] == digest
    assert heard.headers["Authorization"] == "Bearer t"


def test_proxies_of_the_surroundings_are_not_used(wire, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    assert isinstance(sending(wire).send(WARNING), Accepted)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"url": "http://sms.example/send"}, "unencrypted"),
        ({"url": "file:///etc/passwd"}, "write the 'url'"),
        ({"url": "https://me:pass@sms.example/"}, "without a password"),
        ({"url": "https://[half"}, "write the 'url'"),
        ({"url": "https://a.example", "accepted_when": "code = 0"}, "code == 0"),
        ({"url": "https://a.example", "body": {"t": "{txt}"}}, "did you mean 'text'"),
        ({"url": "https://a.example", "hmac_key": "env:NOT_THERE"}, "NOT_THERE"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_when_the_channel_is_opened(options, said):
    with pytest.raises(ConfigRefused, match=said):
        open_channel(channel("http", **options), {})
