"""Answering customers: the words are worked out, kept in the history and sent, and whoever wrote hears when they do not arrive."""

from dataclasses import replace
from hashlib import sha256

import pytest

from casewright.commands import (
    AttachFile,
    EraseTicket,
    ReplyToCustomer,
    SaveCustomer,
)
from casewright.delivery.channel import Accepted, ReceiptSeen, Rejected
from casewright.desk import open_desk, publish
from casewright.errors import CommandRefused, NotFound
from casewright.queries import GetHistory, GetTicket, ListNotices, PreviewReply
from casewright.settings.channels import channel_from
from casewright.settings.toml_places import TomlPlaces
from casewright.store import threads

from .worker_site import WORKFLOW, WorkerSite

ANSWERING = WORKFLOW.replace("until: finish", "until: answered")
TEMPLATE = """\
template: answer
title: {en: Answer, zh: 答复}
subject: {en: "About {{ ticket.key }}", zh: "关于 {{ ticket.key }}"}
text:
  en: "Dear {{ person.name }},\\n\\n{{ notice.message }}\\n\\nYour desk"
  zh: "{{ person.name }}，您好：\\n\\n{{ notice.message }}\\n\\n客服中心"
sms:
  text: {en: "{{ notice.message }} ({{ ticket.key }})", zh: "{{ notice.message }}（{{ ticket.key }}）"}
  id: SMS_1001
  variables: {words: "{{ notice.message }}"}
"""
MAIL = {"driver": "smtp", "host": "127.0.0.1", "security": "none", "from": "desk@example.org"}
ANA = "ana"


class Answered(WorkerSite):
    """A site whose customer has a phone and a mailbox, and whose two channels are providers that keep what they are handed."""

    def begin(self):
        places = TomlPlaces(file="casewright.toml", text="")
        channels = {**self.config.channels, "mail": channel_from("mail", MAIL, places)}
        self.desk.close()
        self.config = replace(self.config, channels=channels)
        self.desk = open_desk(self.config, clock=self.clock)
        self.customer(
            phone="+8613900000001", email="wang@example.org", language="zh", name="王芳"
        )
        return self

    def customer(self, **more):
        saved = SaveCustomer(actor="system", id="C1", **more)
        self.desk.execute_as_system(saved)

    def template(self, written=TEMPLATE):
        folder = self.config.root / "workflows" / "templates"
        folder.mkdir(exist_ok=True)
        (folder / "answer.yaml").write_text(written, "utf-8")
        publish(self.desk, self.config.root, [self.config.root / "workflows"], actor="system")

    def worker(self, **given):
        made = super().worker(**given)
        made._channels = {"sms": self.provider, "mail": self.provider}
        return made

    def reply(self, key, **words):
        return self.desk.execute(ReplyToCustomer(actor=ANA, ticket=key, **words))

    def preview(self, key, **words):
        return self.desk.ask(PreviewReply(actor=ANA, ticket=key, **words))

    def event(self, key):
        return self.desk.ask(GetHistory(actor=ANA, ticket=key))[-1]

    def attach(self, key, content=b"a bill", filename="账单.pdf"):
        digest = self.desk.keep(content)
        command = AttachFile(
            actor=ANA, ticket=key, digest=digest, filename=filename, size=len(content)
        )
        self.desk.execute(command)
        return digest


@pytest.fixture
def site(tmp_path, clock):
    made = Answered(tmp_path, clock, ANSWERING).begin()
    yield made
    made.desk.close()


def test_a_reply_goes_to_the_customers_own_mailbox_with_the_key_by_which_an_answer_finds_it(
    site,
):
    key = site.open(customer="C1")

    site.reply(key, text="您的退款已办理。\n请查收。", subject="退款")
    site.work()

    (sent,) = site.provider.handed
    assert (sent.address, sent.subject, sent.text) == (
        "wang@example.org", f"退款 [{key}]", "您的退款已办理。\n请查收。",
    )  # fmt: skip
    assert (sent.nature, sent.topic) == ("reply", key)


def test_who_came_by_sms_is_answered_by_sms_unless_somebody_says_otherwise(site):
    key = site.open(customer="C1", channel="sms")

    assert site.preview(key, text="Hello").via == "sms"
    assert site.preview(key, text="Hello", via="mail").via == "mail"
    assert site.preview(site.open(customer="C1", channel="call"), text="Hello").via == "mail"


def test_the_preview_is_what_goes_out_and_tells_no_address(site):
    site.template()
    key = site.open(customer="C1")
    words = {"text": "一\n二", "template": "answer"}

    shown = site.preview(key, **words)
    site.reply(key, **words)
    site.work()

    (sent,) = site.provider.handed
    assert (shown.subject, shown.text) == (sent.subject, sent.text)
    assert shown.text == "王芳，您好：\n\n一\n二\n\n客服中心"
    assert shown.subject == f"关于 {key} [{key}]"
    assert "wang" not in shown.address
    assert site.desk.ask(GetTicket(actor=ANA, ticket=key)).sequence == 2


@pytest.mark.parametrize("text", ["word " * 2_000, "word\n" * 2_000])
def test_a_long_text_in_a_template_goes_out_whole(site, text):
    site.template()

    shown = site.preview(site.open(customer="C1"), text=text, template="answer", via="mail")

    assert shown.text.count("word") == 2_000


def test_a_registered_template_goes_to_the_gateway_by_its_number_with_what_was_typed_in_it(
    site,
):
    site.template()
    key = site.open(customer="C1")

    shown = site.preview(key, text="已办理", template="answer", via="sms")
    site.reply(key, text="已办理", template="answer", via="sms")
    site.work()

    (sent,) = site.provider.handed
    assert (sent.template_id, sent.variables) == ("SMS_1001", {"words": "已办理"})
    assert sent.text == f"已办理（{key}）"
    assert (shown.parts, shown.units) == (1, len(sent.text))


def test_a_reply_is_one_event_whose_words_are_private_and_erased_with_the_ticket(site):
    key = site.open(customer="C1")
    site.reply(key, text="a secret answer", subject="about it")
    site.work()
    assert site.event(key).private["text"] == "a secret answer"

    site.fire(key, "finish")
    site.desk.execute_as_system(EraseTicket(actor="system", ticket=key, reason="asked for"))

    answered = next(
        one
        for one in site.desk.ask(GetHistory(actor=ANA, ticket=key))
        if one.kind == "CustomerAnswered"
    )
    assert answered.facts["via"] == "mail"
    assert "secret" not in str(answered)
    site.desk.remove_traces()
    site.desk.close()
    assert b"secret answer" not in site.config.database.read_bytes()
    site.desk = open_desk(site.config, clock=site.clock)


def test_a_reply_that_waits_is_not_sent_once_the_ticket_is_erased(site):
    key = site.open(customer="C1")
    site.reply(key, text="too late")
    site.fire(key, "finish")

    site.desk.execute_as_system(EraseTicket(actor="system", ticket=key, reason="asked for"))
    site.work()

    assert site.provider.handed == []


def test_a_promise_may_end_with_the_customer_being_answered(site):
    key = site.open(customer="C1")
    assert site.desk.ask(GetTicket(actor=ANA, ticket=key)).clocks["answer"].open

    site.reply(key, text="Here you are.")

    clock = site.desk.ask(GetTicket(actor=ANA, ticket=key)).clocks["answer"]
    assert (clock.open, clock.end) == (False, "met")


def test_files_of_the_ticket_go_with_a_mail_and_with_no_sms(site):
    key = site.open(customer="C1")
    digest = site.attach(key)

    site.reply(key, text="See the bill.", attachments=(1,))
    site.work()

    (sent,) = site.provider.handed
    (file,) = sent.enclosed
    assert (file.filename, file.digest) == ("账单.pdf", digest)
    with open(file.path, "rb") as kept:
        assert sha256(kept.read()).hexdigest() == digest
    with pytest.raises(CommandRefused, match="carries no files"):
        site.reply(key, text="See the bill.", attachments=(1,), via="sms")
    with pytest.raises(NotFound, match="file"):
        site.reply(key, text="See the bill.", attachments=(2,))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({}, "needs a text, or a template"),
        ({"text": "  \n "}, "needs a text, or a template"),
        ({"text": "x", "via": "nowhere"}, "no channel 'nowhere'"),
        ({"text": "字" * 700, "via": "sms"}, "takes 11 parts by SMS; 10 are the most"),
        ({"text": "x" * 50_001}, "longer than 50000"),
        ({"text": "x", "subject": "x" * 201}, "subject is longer than 200"),
        ({"text": "x", "subject": "About it", "via": "sms"}, "an SMS has no subject"),
        ({"text": "x", "language": "fr"}, "'fr' is no language"),
    ],
)
def test_what_cannot_go_out_is_refused_before_anything_is_written(site, words, why):
    key = site.open(customer="C1")

    with pytest.raises(CommandRefused, match=why):
        site.reply(key, **words)

    assert site.desk.ask(GetTicket(actor=ANA, ticket=key)).sequence == 1


def test_an_unknown_template_is_told_with_the_one_that_was_meant(site):
    site.template()

    with pytest.raises(NotFound, match="answer"):
        site.reply(site.open(customer="C1"), template="anser", text="x")


def test_a_template_without_a_place_for_a_text_is_sent_as_it_is_and_takes_none(site):
    site.template(TEMPLATE.replace("{{ notice.message }}", "Thank you."))
    key = site.open(customer="C1")

    assert "Thank you." in site.preview(key, template="answer").text
    with pytest.raises(CommandRefused, match="no place for a text"):
        site.preview(key, template="answer", text="x")


def test_whoever_has_no_address_is_not_answered(site):
    with pytest.raises(CommandRefused, match="no email address is known"):
        site.reply(site.open(), text="Hello")


def test_control_characters_and_headers_in_a_subject_stay_words(site):
    key = site.open(customer="C1")

    shown = site.preview(key, text="a\x00b\r\nc", subject="x\r\nBcc: evil@example.org")

    assert (shown.text, shown.subject) == ("ab\nc", f"x Bcc: evil@example.org [{key}]")


def test_the_same_command_twice_writes_to_the_customer_once(site):
    key = site.open(customer="C1")
    first = ReplyToCustomer(actor=ANA, ticket=key, text="once")

    site.desk.execute(first)
    assert site.desk.execute(first).repeated
    site.work()

    assert len(site.provider.handed) == 1


def test_a_mail_that_no_server_takes_is_told_to_the_handler(site):
    key = site.open(customer="C1")
    site.provider.answer = lambda one: Rejected(reason="550 no such user", permanent=True)

    site.reply(key, text="Hello")
    site.work()
    site.work()

    told = [one for one in site.notices() if one.reason == "undeliverable"]
    assert {one.recipient for one in told} >= {"ana"}
    assert (
        next(one.state for one in site.notices() if one.reason == "customer_answered")
        == "rejected"
    )


def test_what_a_mail_server_took_stays_accepted_until_a_bounce_says_otherwise(site):
    site.provider.answer = lambda one: Accepted(provider_ids=(f"<{one.key}@x>",), awaited=False)
    key = site.open(customer="C1")
    site.reply(key, text="Hello")
    site.work()
    site.work(hours=30)
    states = [one.state for one in site.notices() if one.reason == "customer_answered"]
    assert states == ["accepted"], "no receipt is waited for"

    name = f"<{site.provider.handed[0].key}@x>"
    site.work(ReceiptSeen(channel="mail", provider_id=name, state="undelivered"))
    site.work()

    states = [one.state for one in site.notices() if one.reason == "customer_answered"]
    assert states == ["dead"]


def test_a_reply_answers_the_customers_last_mail_and_is_known_by_its_own_name(site):
    key = site.open(customer="C1")
    with site.desk._database.write():
        for at, name in enumerate(("<first@there>", "<second@there>")):
            threads.note(site.desk._database, name, key, direction="in", at=at)

    site.reply(key, text="Hello")
    site.work()

    (sent,) = site.provider.handed
    assert (sent.answers, sent.references) == ("<second@there>", ("<first@there>",))
    with site.desk._database.read():
        (ours,) = threads.of_ticket(site.desk._database, key, direction="out")
    assert ours.startswith(f"<{key}.")
    assert ours.endswith("@example.org>")


def test_the_list_of_notices_says_whether_an_answer_arrived(site):
    key = site.open(customer="C1")
    site.reply(key, text="Hello", via="sms")

    (notice,) = site.desk.ask(ListNotices(actor=ANA, ticket=key)).notices

    assert (notice.reason, notice.via, notice.state) == ("customer_answered", "sms", "queued")
