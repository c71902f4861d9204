"""Other systems told of events: signed, in the order of each ticket, tried again, given up in the open, and only where allowed."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

import pytest

from casewright.commands import (
    AddComment,
    EraseTicket,
    FireTransition,
    ReplyToCustomer,
    RetryWebhook,
    UndoTransition,
)
from casewright.delivery.channel import Delivered, Failed
from casewright.delivery.webhook import Post, open_webhook
from casewright.delivery.webhook_address import NoWay, Target, addresses, target_of
from casewright.delivery.webhook_signature import key_of, signature
from casewright.desk import open_desk
from casewright.errors import CommandRefused, ConfigRefused, Message, NotAllowed, NotFound
from casewright.queries import ListDeadLetters, ListWebhooks
from casewright.settings.toml_places import TomlPlaces
from casewright.settings.webhooks import webhooks_from
from casewright.store import webhooks
from casewright.store.resuming import put_to_rest

from ..core.worker_site import WORKFLOW, WorkerSite
from .receiver import SECRET, Receiver

ALL = ("opened", "moved", "closed", "reopened", "assigned", "answered", "commented", "erased")
WITH_FORM = WORKFLOW.replace("start: open", "form: matter\nstart: open")
FORM = """\
x-title: {en: Matter, zh: 事项}
type: object
properties:
  topic: {type: string, x-title: {en: Topic, zh: 主题}}
  caller: {type: string, x-title: {en: Caller, zh: 来电人}, x-personal: true}
"""


def settings(url, **more):
    written = {"url": url, "secret": SECRET, "events": list(ALL), "networks": ["127.0.0.0/8"]}
    data = {"hosts": ["localhost", "127.0.0.1"], "crm": {**written, **more}}
    return webhooks_from(data, TomlPlaces(file="casewright.toml", text=""))["crm"]


class Telling(WorkerSite):
    """A site that tells one other system, or several."""

    def tell(self, **hooks):
        self.desk.close()
        self.config = replace(self.config, webhooks=hooks)
        self.desk = open_desk(self.config, clock=self.clock)
        self.work()
        return self

    def comment(self, key, text="noted"):
        self.desk.execute(AddComment(actor="ana", ticket=key, text=text))

    def standing(self, name="crm"):
        found = self.desk.ask_as_system(ListWebhooks(actor="system"))
        return next(one for one in found if one.name == name)

    def dead(self):
        return self.desk.ask_as_system(ListDeadLetters(actor="system")).letters


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def site(tmp_path, clock):
    made = Telling(tmp_path, clock)
    yield made
    made.desk.close()


def test_an_event_is_told_signed_under_its_own_id_and_says_nothing_that_was_not_asked_for(
    site, receiver
):
    site.tell(crm=settings(receiver.url))

    key = site.open(channel="call")
    site.work()

    (told,) = receiver.told
    assert told.verified
    assert told.said == {
        "id": told.id, "events": ["assigned", "opened"], "at": site.clock.now().isoformat(), "ticket": key,
        "workflow": "matter", "sequence": 1, "version": 1, "state": "open",
    }  # fmt: skip
    assert told.at == int(site.clock.now().timestamp())


def test_what_happened_before_a_system_was_named_is_not_told(site, receiver):
    site.open()

    site.tell(crm=settings(receiver.url))
    site.work()

    assert receiver.told == []


def test_only_the_events_and_workflows_that_are_named_are_told(site, receiver):
    site.tell(crm=settings(receiver.url, events=["closed"], workflows=["matter"]))
    key = site.open()
    site.comment(key)
    site.fire(key, "finish")
    site.work()
    site.tell(crm=settings(receiver.url, events=["closed"], workflows=["another"]))
    site.fire(site.open(), "finish")
    site.work()

    assert [(one.said["ticket"], one.said["events"]) for one in receiver.told] == [
        (key, ["closed"])
    ]


def test_the_events_of_a_ticket_are_told_in_their_order_and_others_do_not_wait_for_them(
    site, receiver
):
    site.tell(crm=settings(receiver.url, events=["opened", "commented"]))
    keys = [site.open(), site.open()]
    receiver.answers = [503, 204]
    site.work()
    failed = receiver.told[0].said["ticket"]
    site.comment(failed)
    site.work()
    assert sorted(one.said["ticket"] for one in receiver.told) == keys, (
        "its comment waits for it"
    )

    site.work(minutes=5)

    said = [(one.said["ticket"], one.said["sequence"]) for one in receiver.told[2:]]
    assert said == [(failed, 1), (failed, 2)]
    assert receiver.ids[0] == receiver.ids[2], "the same event has the same id at every attempt"
    assert site.standing().waiting == 0


def test_what_no_attempt_told_becomes_a_dead_letter_and_may_be_told_again(site, receiver):
    site.tell(crm=settings(receiver.url, events=["opened"], give_up_after="1 hour"))
    key = site.open()
    receiver.answers = [500] * 50
    for _ in range(20):
        site.work(minutes=10)

    (letter,) = site.dead()
    assert (letter.ticket, letter.webhook) == (key, "crm")
    assert 3 <= letter.attempts == len(receiver.told) < 12, "the pauses grow"
    assert (site.standing().dead, site.standing().waiting) == (1, 0)

    receiver.answers = []
    done = site.desk.execute_as_system(RetryWebhook(actor="system", webhook="crm"))
    site.work()

    assert done.answer == {"events": "1"}
    assert receiver.ids[-1] == receiver.ids[0]
    assert site.dead() == ()


def test_pages_of_dead_letters_leave_none_out_where_several_systems_missed_one_event(
    site, receiver
):
    hook = settings(receiver.url, events=["opened"])
    site.tell(**{name: replace(hook, name=name) for name in ("a", "b", "c")})
    receiver.answers = [410] * 6
    site.open()
    site.open()
    site.work()

    seen, after = [], 0
    while after is not None:
        query = ListDeadLetters(actor="system", limit=2, after=after)
        page = site.desk.ask_as_system(query)
        seen += [(one.event, one.webhook) for one in page.letters]
        after = page.after

    assert len(seen) == len(set(seen)) == 6


def test_an_event_that_is_spoilt_is_given_up_in_the_open_and_holds_nothing_up(site, receiver):
    site.tell(crm=settings(receiver.url, events=["opened"]))
    spoilt, whole = site.open(), site.open()
    with site.desk._database.write():
        site.desk._database.execute(
            "UPDATE event SET body = '{}' WHERE id = (SELECT min(id) FROM event)"
        )

    site.work()

    assert [one.said["ticket"] for one in receiver.told] == [whole]
    (letter,) = site.dead()
    assert letter.ticket == spoilt
    assert "not in the database as it was written" in letter.error.text


def test_to_name_an_event_that_is_no_dead_letter_tells_none_again(site, receiver):
    site.tell(crm=settings(receiver.url, events=["opened"]))
    receiver.answers = [410]
    site.open()
    site.work()
    (letter,) = site.dead()

    named = RetryWebhook(actor="system", webhook="crm", events=(letter.event, 999))
    with pytest.raises(CommandRefused, match="not all"):
        site.desk.execute_as_system(named)

    assert site.dead() == (letter,)


def test_a_system_that_says_gone_is_not_asked_again(site, receiver):
    site.tell(crm=settings(receiver.url, events=["opened"]))
    receiver.answers = [410]
    site.open()

    site.work()
    site.work(hours=2)

    assert len(receiver.told) == len(site.dead()) == 1


def test_dead_letters_are_an_administrators_and_of_known_systems(site, receiver):
    with pytest.raises(NotAllowed):
        site.desk.ask(ListWebhooks(actor="ana"))
    with pytest.raises(NotFound, match="webhook"):
        site.desk.execute_as_system(RetryWebhook(actor="system", webhook="nobody"))


def test_a_system_that_fails_holds_up_no_other(site, receiver):
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        hanging = f"http://localhost:{silent.getsockname()[1]}/"
        slow = settings(hanging, timeout=0.5)
        site.tell(slow=replace(slow, name="slow"), crm=settings(receiver.url))
        for _ in range(6):
            site.open()

        site.work()

    assert len(receiver.told) == 6
    assert (site.standing("crm").waiting, site.standing("slow").waiting) == (0, 6)
    assert "no answer in time" in str(site.standing("slow").error)


def test_a_redirect_is_not_followed(receiver):
    receiver.answers = [307]

    answer = open_webhook(settings(receiver.url), {}).send(Post(id="1", at=1, body=b"{}"))

    assert isinstance(answer, Failed)
    assert "redirect" in answer.reason
    assert len(receiver.told) == 1


def test_slow_and_huge_answers_end(receiver):
    def trickle(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not receiver.release.wait(0.05):
            handler.wfile.write(b"X: y\r\n")

    def flood(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(1_000_000):
            handler.wfile.write(b"x" * 65_536)

    hook = open_webhook(settings(receiver.url, timeout=0.5), {})
    receiver.answers = [trickle, flood]

    assert hook.send(Post(id="1", at=1, body=b"{}")) == Failed(reason="no answer in time")
    assert hook.send(Post(id="2", at=1, body=b"{}")) == Delivered()


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
     "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
     "::7f00:1", "fec0::1", "5f00::1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::1"],
)  # fmt: skip
def test_an_address_that_is_not_public_is_never_connected_to(address):
    target = Target(secure=True, host=address, port=443, path="/")

    with pytest.raises(NoWay):
        addresses(target, ())


def test_a_private_network_that_is_named_may_be_connected_to_and_no_other():
    inside = Target(secure=True, host="10.1.2.3", port=443, path="/")

    assert addresses(inside, (ip_network("10.1.0.0/16"),)) == ["10.1.2.3"]
    with pytest.raises(NoWay):
        addresses(inside, (ip_network("10.2.0.0/16"),))


def test_a_host_is_resolved_once_and_connected_to_where_it_was_looked_at(receiver, monkeypatch):
    asked = []
    real = socket.getaddrinfo

    def rebinding(host, *given, **named):
        if host != "rebind.example":
            return real(host, *given, **named)
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "169.254.169.254", *given, **named)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    hook = open_webhook(settings(receiver.url), {})
    hook = replace(hook, target=replace(hook.target, host="rebind.example"))

    assert hook.send(Post(id="1", at=1, body=b"{}")) == Delivered()
    assert asked == ["rebind.example"]


@pytest.mark.parametrize(
    "url",
    ["http://crm.example.org/", "https://other.example.org/", "https://crm.example.org.evil/",
     "https://user:word@crm.example.org/", "ftp://crm.example.org/", "https://crm.example.org/a b", "https://",
     "https://crm.example.org:99999/", "https://crm.example.org/\u202e", "nothing"],
)  # fmt: skip
def test_only_the_listed_hosts_are_told_and_only_encrypted(url):
    assert isinstance(target_of(url, {"crm.example.org"}), Message)


def test_a_host_that_is_listed_is_told_over_tls_whose_certificate_is_checked(certificate):
    shown, context = certificate
    receiver = Receiver(context)
    post = Post(id="1", at=1, body=b"{}")
    try:
        trusted = open_webhook(settings(receiver.url, ca_file=str(shown)), {})
        assert trusted.send(post) == Delivered()
        assert isinstance(open_webhook(settings(receiver.url), {}).send(post), Failed)
        elsewhere = receiver.url.replace("localhost", "127.0.0.1")
        assert isinstance(
            open_webhook(settings(elsewhere, ca_file=str(shown)), {}).send(post), Failed
        )
    finally:
        receiver.close()


def test_the_usual_port_is_not_named_to_the_host(certificate, monkeypatch):
    shown, context = certificate
    receiver = Receiver(context)
    real, asked = socket.create_connection, []

    def connected(address, timeout):
        asked.append(address[1])
        return real(("127.0.0.1", receiver.port), timeout)

    try:
        hook = open_webhook(settings("https://localhost/", ca_file=str(shown)), {})
        monkeypatch.setattr(socket, "create_connection", connected)
        assert hook.send(Post(id="1", at=1, body=b"{}")) == Delivered()
    finally:
        receiver.close()
    assert (asked, receiver.told[0].host) == ([443], "localhost")


@pytest.mark.parametrize("more", [{"ca_file": "/no/such/file.pem"}, {"timeout": 51}])
def test_settings_with_which_nothing_could_be_told_are_refused_at_once(more):
    with pytest.raises(ConfigRefused):
        open_webhook(settings("https://localhost/", **more), {})


def test_proxies_of_the_surroundings_are_not_used(receiver, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

    assert (
        open_webhook(settings(receiver.url), {}).send(Post(id="1", at=1, body=b"{}"))
        == Delivered()
    )


@pytest.mark.parametrize(
    "secret", ["short", "whsec_no Base64 at all!", "whsec_", "whsec_c2hvcnRrZXk="]
)
def test_a_secret_that_is_none_is_refused(secret):
    with pytest.raises(ConfigRefused, match="at least 16"):
        open_webhook(settings("http://localhost/", secret=secret), {})


def test_the_standards_own_example_is_signed_as_the_standard_says():
    key = key_of(b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    signed = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_fields_that_are_named_are_told_but_never_personal_ones_nor_erased(
    tmp_path, clock, receiver
):
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "matter.yaml").write_text(FORM, "utf-8")
    site = Telling(tmp_path, clock, WITH_FORM)
    try:
        site.tell(crm=settings(receiver.url, fields=["topic", "caller"]))
        key = site.open(fields={"topic": "a bill", "caller": "王芳"})
        site.work()
        site.fire(key, "finish")
        site.desk.execute_as_system(EraseTicket(actor="system", ticket=key, reason="asked for"))
        site.work()
    finally:
        site.desk.close()

    opened, closed, erased = receiver.told
    assert opened.said["fields"] == {"topic": "a bill"}
    assert ["fields" in one.said for one in (closed, erased)] == [False, False]
    assert erased.said["events"] == ["erased"]


def test_a_comment_and_an_answer_are_told_without_their_words(site, receiver):
    site.tell(crm=settings(receiver.url))
    key = site.open()
    site.comment(key, "a secret remark")
    with pytest.raises(Exception, match="no phone number"):
        site.desk.execute(ReplyToCustomer(actor="ana", ticket=key, text="a secret answer"))
    site.work()

    assert [one.said["events"] for one in receiver.told][1:] == [["commented"]]
    assert b"secret" not in b"".join(one.body for one in receiver.told)


def test_an_attempt_whose_worker_is_gone_is_made_again_under_the_same_id(site, receiver):
    site.tell(crm=settings(receiver.url))
    site.open()
    telling = site.desk.working().telling
    telling.gather()
    (lost,) = telling.begin({"crm": 4})
    assert telling.begin({"crm": 4}) == []

    site.work()

    assert receiver.ids == [lost.outgoing.id]


def test_a_workspace_that_was_restored_tells_nobody_by_itself_what_may_have_been_told(
    site, receiver
):
    site.tell(crm=settings(receiver.url, events=["opened"]))
    receiver.answers = [500]
    site.open()
    site.work()
    site.open()
    with site.desk._database.write():
        put_to_rest(site.desk._database, site.clock.now())

    site.work(hours=3)

    assert len(receiver.told) == 1
    assert [one.error.text for one in site.dead()] == [
        "the workspace was restored from a backup; it may have been sent before"
    ]


CONFIG = """\
synchronous = "NORMAL"
[webhooks]
hosts = ["localhost"]
[webhooks.crm]
url = "{url}"
secret = "{secret}"
events = ["opened"]
networks = ["127.0.0.0/8"]
"""


@pytest.mark.parametrize("sabotaged", [False, True])
def test_a_worker_that_is_killed_while_it_tells_loses_no_event(
    tmp_path, clock, receiver, monkeypatch, sabotaged
):
    site = Telling(tmp_path, clock)
    (tmp_path / "casewright.toml").write_text(
        CONFIG.format(url=receiver.url, secret=SECRET), "utf-8"
    )
    site.tell(crm=settings(receiver.url, events=["opened"]))
    keys = [site.open() for _ in range(8)]
    receiver.answers = [204, 204, *[lambda handler: receiver.release.wait(30)] * 4]
    command = [sys.executable, "-m", "casewright.cli", "worker", "-C", str(tmp_path)]
    surroundings = {**os.environ, "PYTHONPATH": "core", "CASEWRIGHT_USER": "olga"}

    with subprocess.Popen(command, env=surroundings, stderr=subprocess.DEVNULL) as worker:
        # What was taken is noted before the worker is killed: else it would be told once more, as it should be.
        while (len(receiver.told), site.standing().waiting) != (6, 6) and worker.poll() is None:
            receiver.release.wait(0.02)
        worker.send_signal(signal.SIGKILL)
    assert (worker.returncode, len(receiver.told)) == (-signal.SIGKILL, 6), "4 are on their way"
    site.desk.close()
    receiver.release.set()
    begun, receiver.told = receiver.told[2:], receiver.told[:2]
    if sabotaged:
        monkeypatch.setattr(webhooks, "orphan", lambda database, now: None)
        monkeypatch.setattr(webhooks, "hurry", lambda database, now, longest: None)
    site.desk = open_desk(site.config, clock=site.clock)
    site.work()
    site.desk.close()

    told = [one.said["ticket"] for one in receiver.told]
    assert (sorted(told) == keys) is not sabotaged, "each is told, and by now no more than once"
    assert {one.id for one in begun} <= {one.id for one in receiver.told} or sabotaged


UNDOABLE = WORKFLOW.replace("zh: 办结}, to: closed", "zh: 办结}, undo: true, to: closed")


@pytest.fixture
def undoable(tmp_path, clock):
    made = Telling(tmp_path, clock, UNDOABLE)
    yield made
    made.desk.close()


def test_what_can_be_taken_back_is_told_late_and_taken_back_not_at_all(undoable, receiver):
    site = undoable
    site.tell(crm=settings(receiver.url))
    key, other = site.open(), site.open()
    site.work()
    begun = len(receiver.told)
    for one in (key, other):
        command = FireTransition(actor="ana", ticket=one, transition="finish")
        site.desk.execute(command)
    site.comment(key)
    site.work()
    assert len(receiver.told) == begun

    undo = UndoTransition(actor="ana", ticket=other, undone=command.command_id)
    site.desk.execute(undo)
    site.clock.advance(timedelta(seconds=15))
    site.work()

    told = [(one.said["ticket"], one.said["events"]) for one in receiver.told[begun:]]
    assert told == [(key, ["closed", "moved"]), (key, ["commented"])]
