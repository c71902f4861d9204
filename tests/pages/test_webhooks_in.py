"""What other systems post, through the server: taken in once, by their map, and only from who knows the secret."""

import hashlib
import hmac
import json
import time
from base64 import b64encode

import pytest

from casewright.queries import GetArrival, GetTicket

from .site import AGENT, SECRET

SORTER = "zhu_yan"
ORDER = {
    "event": {"id": "order-1"},
    "contact": {"name": "Han Mei", "email": "han@example.org"},
    "title": "No parcel",
    "body": "It never came.",
    "kind": "late",
}


def posted(site, document, channel="shop", **headers):
    octets = document if isinstance(document, bytes) else json.dumps(document).encode()
    said = {"Content_Type": "application/json", "Authorization": f"Bearer {SECRET}", **headers}
    return site.ask(
        f"/in/{channel}", octets, **{name: value for name, value in said.items() if value}
    )


def signed(site, document, *, at=None, named="msg-1", secret=SECRET, signed_document=None):
    octets = json.dumps(document).encode()
    moment = str(int(time.time() if at is None else at))
    content = f"{named}.{moment}.".encode() + json.dumps(signed_document or document).encode()
    seal = b64encode(hmac.new(secret.encode(), content, hashlib.sha256).digest()).decode()
    return posted(
        site,
        octets,
        "bank",
        Authorization="",
        Webhook_Id=named,
        Webhook_Timestamp=moment,
        Webhook_Signature=f"v1,AAAA v1,{seal}",
    )


def test_a_delivery_becomes_a_ticket_by_the_map_and_the_same_one_again_adds_nothing(site):
    first = posted(site, ORDER)
    again = posted(site, {**ORDER, "title": "Changed"})

    told = json.loads(first.text)
    assert (first.status, told["outcome"]) == (202, "opened")
    assert (again.status, json.loads(again.text)["outcome"]) == (200, "repeated")
    assert json.loads(again.text)["ticket"] == told["ticket"]
    with site.desk() as desk:
        found = desk.ask(GetTicket(actor=AGENT, ticket=told["ticket"]))
    assert found.fields["subject"] == ORDER["title"]
    assert found.fields["demand"] == "As the shop says."
    assert found.channel == "web"


@pytest.mark.parametrize(
    "document", [{}, [], "text", 7, None, {"title": {"deep": [1]}}, {"title": "x"}]
)
def test_what_the_map_makes_nothing_of_waits_unsorted_and_is_never_lost(site, document):
    answer = posted(site, document)

    told = json.loads(answer.text)
    assert (answer.status, told["outcome"]) == (202, "unsorted")
    assert told["reference"].startswith("IN-")
    with site.desk(SORTER) as desk:
        story = desk.ask(GetArrival(actor=SORTER, arrival=int(told["arrival"])))
    assert story.row.state == "unsorted"
    assert story.row.reason is not None


@pytest.mark.parametrize(
    ("channel", "headers", "status"),
    [
        ("shop", {"Authorization": ""}, 401),
        ("shop", {"Authorization": "Bearer wrong"}, 401),
        ("shop", {"Authorization": f"Basic {SECRET}"}, 401),
        ("bank", {}, 401),  # takes signed deliveries only
        ("nothing", {}, 404),
        ("mail", {}, 404),
        ("shop", {"Content_Type": "text/plain"}, 415),
    ],
)
def test_who_does_not_know_the_secret_is_refused(site, channel, headers, status):
    assert posted(site, ORDER, channel, **headers).status == status


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"a": NaN}', b'{"a": 1, "a": 2}', b"[" * 5_000, b"\xff"]
)
def test_what_is_no_json_is_refused_with_its_place(site, body):
    answer = posted(site, body)

    assert answer.status == 400
    assert json.loads(answer.text)["code"] == "json.refused"


def test_a_signed_delivery_is_taken_and_an_altered_or_old_one_is_not(site):
    letter = {"title": "A letter", "body": "From the bank.", "wish": "An answer"}

    assert signed(site, letter).status == 202
    assert signed(site, letter).status == 200
    assert signed(site, letter, signed_document={**letter, "wish": "Money"}).status == 401
    assert signed(site, letter, secret="another secret of the shop").status == 401
    assert signed(site, letter, at=time.time() - 3600, named="old").status == 401
    assert signed(site, letter, at=time.time() + 3600, named="early").status == 401
    assert signed(site, letter, at=10**20, named="never").status == 401
