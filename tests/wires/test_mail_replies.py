"""Mails of our own over SMTP, on a real wire: threaded, with files; refused, tried again or in doubt as the server says."""

import email
import email.policy
import socket
import ssl
from dataclasses import replace
from hashlib import sha256
from threading import Event

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from casewright.commands import AttachFile, ReplyToCustomer, SaveCustomer
from casewright.delivery.channel import (
    Accepted,
    Enclosed,
    Failed,
    Outgoing,
    ReceiptSeen,
    Rejected,
    Unknown,
)
from casewright.delivery.channels import open_channel
from casewright.delivery.mail_message import LOOP_HEADER
from casewright.desk import open_desk
from casewright.errors import ConfigRefused
from casewright.settings.channels import channel_from
from casewright.settings.toml_places import TomlPlaces
from casewright.store import threads
from casewright.worker.loop import Worker

from ..core.worker_site import WorkerSite
from ..ports import free_port
from .settings import channel
from .test_mail import PlainController, PostOffice, only

KEY = "CMP-2026-000042"
ANSWER = Outgoing(
    key="delivery-1",
    address="wang.fang@example.org",
    subject=f"关于您的投诉 [{KEY}]",
    text="王芳，您好：\n\n退款已办理。\n.\n.一行以句点开头",
    language="zh",
    nature="reply",
    topic=KEY,
    answers="<second@there.example>",
    references=("<first@there.example>",),
    written_at=1_772_442_000_000_000,
)


class Account(PlainController):
    """A server that lets in one account, and speaks TLS when it is given a certificate."""

    def __init__(self, office, context=None, starttls=None, password=""):
        self._starttls, self._password = starttls, password
        super().__init__(office, hostname="127.0.0.1", port=free_port(), ssl_context=context)

    def factory(self):
        def known(server, session, envelope, mechanism, data):
            good = data.login == b"desk" and data.password == self._password.encode()
            return AuthResult(success=good, handled=False)

        asked = {"authenticator": known, "auth_required": True} if self._password else {}
        return SMTP(
            self.handler,
            hostname="localhost",
            enable_SMTPUTF8=False,
            tls_context=self._starttls,
            require_starttls=self._starttls is not None,
            auth_require_tls=self._starttls is not None,
            **asked,
        )


@pytest.fixture
def office():
    return PostOffice()


@pytest.fixture
def serve(office):
    begun = []

    def begin(**given):
        server = Account(office, **given)
        server.start()
        begun.append(server)
        return server.port

    yield begin
    for one in begun:
        one.stop()


def mail(port, **more):
    given = {
        "host": "127.0.0.1",
        "security": "none",
        "from": "desk@example.org",
        "name": "客服中心",
    }
    return open_channel(channel("smtp", port=port, **{**given, **more}), {})


def text_of(read):
    """The words of a mail, whose lines end on the wire as they always do there."""
    return read.get_body().get_content().replace("\r\n", "\n").rstrip("\n")


def test_a_reply_stands_in_the_customers_thread_and_is_called_by_the_ticket(office, serve):
    answer = mail(serve()).send(ANSWER)

    _, read = only(office)
    assert answer == Accepted(provider_ids=(read["Message-ID"],), awaited=False)
    assert read["Message-ID"].startswith(f"<{KEY}.")
    assert read["Message-ID"].endswith("@example.org>")
    assert read["In-Reply-To"] == "<second@there.example>"
    assert read["References"].split() == ["<first@there.example>", "<second@there.example>"]
    assert (read["Subject"], read["To"]) == (ANSWER.subject, ANSWER.address)
    assert read["From"] == "客服中心 <desk@example.org>"
    assert (read["Auto-Submitted"], read[LOOP_HEADER]) == (None, "desk@example.org")
    assert read["Date"].datetime.timestamp() == ANSWER.written_at / 1_000_000
    assert text_of(read) == ANSWER.text


def test_every_attempt_is_the_same_mail(office, serve):
    server = mail(serve())

    server.send(ANSWER)
    server.send(ANSWER)

    first, second = office.letters
    assert first.content == second.content


def test_what_nobody_wrote_says_so_and_what_answers_a_machine_wants_nothing_back(office, serve):
    server = mail(serve(), envelope="bounces@example.org")

    server.send(replace(ANSWER, nature="notice"))
    server.send(replace(ANSWER, nature="confirmation"))

    told = [email.message_from_bytes(one.content) for one in office.letters]
    assert [one["Auto-Submitted"] for one in told] == ["auto-generated", "auto-replied"]
    assert [one.mail_from for one in office.letters] == ["bounces@example.org", "<>"]


def test_files_of_any_size_and_name_arrive_as_they_are(office, serve, tmp_path):
    contents = {
        "账单 2026.pdf": b"%PDF" + bytes(range(256)) * 2000,
        "a\r\nBcc: x.html": b"",
        ".": b"x",
    }
    files = []
    for number, (name, content) in enumerate(contents.items()):
        path = tmp_path / str(number)
        path.write_bytes(content)
        files.append(
            Enclosed(filename=name, digest=sha256(content).hexdigest(), path=str(path))
        )

    mail(serve()).send(replace(ANSWER, enclosed=tuple(files)))

    _, read = only(office)
    assert text_of(read) == ANSWER.text
    found = list(read.iter_attachments())
    assert [one.get_content() for one in found] == list(contents.values())
    assert [one.get_filename() for one in found] == ["账单 2026.pdf", "a Bcc: x.html", "."]
    assert [one.get_content_type() for one in found][:2] == [
        "application/pdf",
        "application/octet-stream",
    ]
    assert read["Bcc"] is None
    assert read["Message-ID"].startswith(f"<{KEY}.")


def test_a_file_that_is_gone_fails_before_the_server_has_taken_anything(
    office, serve, tmp_path
):
    gone = Enclosed(filename="x", digest="", path=str(tmp_path / "gone"))

    answer = mail(serve()).send(replace(ANSWER, enclosed=(gone,)))

    assert isinstance(answer, Failed)
    assert office.letters == []


@pytest.mark.parametrize("where", ["subject", "answers"])
def test_no_value_makes_a_header(office, serve, where):
    evil = "x\r\nBcc: evil@example.org\r\n\r\nanother body"

    mail(serve()).send(replace(ANSWER, **{where: evil}))

    letter, read = only(office)
    assert read["Bcc"] is None
    assert letter.rcpt_tos == [ANSWER.address]
    assert text_of(read) == ANSWER.text


def test_message_ids_of_strangers_go_back_as_they_came_however_long(office, serve):
    long = f"<{'a' * 200}@outlook.example>"
    server = mail(serve())

    server.send(replace(ANSWER, answers=long, references=("not one", "<böse@x>", long)))

    letter, _ = only(office)
    head = letter.content.partition(b"\r\n\r\n")[0]
    assert head.count(long.encode()) == 3
    assert b"not one" not in head
    assert head.isascii()


@pytest.mark.parametrize(
    ("said", "permanent"), [("550 no such user", True), ("451 later", False)]
)
def test_a_refusal_is_for_good_with_5xx_and_tried_again_with_4xx(
    office, serve, said, permanent
):
    server = mail(serve())

    office.recipient_answer = said
    assert server.send(ANSWER) == Rejected(reason=said, permanent=permanent)
    office.recipient_answer, office.letter_answer = "250 OK", said
    assert server.send(ANSWER) == Rejected(reason=said, permanent=permanent)


def test_a_line_that_breaks_after_the_mail_was_sent_leaves_it_in_doubt_and_unrepeated(
    office, serve
):
    office.cut = True

    answer = mail(serve()).send(ANSWER)

    assert isinstance(answer, Unknown)
    assert len(office.letters) == 1, "as it happens, it had arrived"


@pytest.mark.parametrize(
    ("said", "kind"),
    [("251 forwarded", Accepted), ("199 what?", Unknown), ("354 more?", Unknown)],
)
def test_what_is_neither_yes_nor_no_after_the_mail_is_in_doubt_and_not_sent_again(
    office, serve, said, kind
):
    office.letter_answer = said

    assert isinstance(mail(serve()).send(ANSWER), kind)


def test_a_line_that_breaks_before_the_mail_ends_is_tried_again(serve):
    with socket.create_server(("127.0.0.1", 0)) as server:
        channel_ = mail(server.getsockname()[1], timeout=0.5)
        assert channel_.send(ANSWER) == Failed(reason="no answer in time")
    assert channel_.send(ANSWER) == Failed(reason="the mail server could not be reached")


def test_what_is_no_address_goes_nowhere(office, serve):
    server = mail(serve())

    for address in ("", "a@b, c@d", "a@b\r\nRCPT TO:<c@d>", "<a@b>"):
        assert isinstance(server.send(replace(ANSWER, address=address)), Rejected)
    assert office.letters == []


def test_an_account_is_used_and_a_wrong_password_can_be_mended(office, serve, certificate):
    shown, context = certificate
    port = serve(starttls=context, password="right")
    given = {"host": "localhost", "security": "starttls", "ca_file": str(shown), "user": "desk"}

    assert isinstance(mail(port, password="right", **given).send(ANSWER), Accepted)
    wrong = mail(port, password="wrong", **given).send(ANSWER)

    assert isinstance(wrong, Rejected)
    assert not wrong.permanent


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_is_checked_against_the_name_of_the_server(
    office, serve, certificate, security
):
    shown, context = certificate
    port = serve(context=context) if security == "tls" else serve(starttls=context)
    trusted = {"security": security, "ca_file": str(shown)}

    assert isinstance(mail(port, host="localhost", **trusted).send(ANSWER), Accepted)
    assert isinstance(mail(port, host="localhost", security=security).send(ANSWER), Failed)
    assert isinstance(mail(port, host="127.0.0.1", **trusted).send(ANSWER), Failed)
    assert len(office.letters) == 1


def test_a_server_without_encryption_is_given_nothing_that_should_be_encrypted(office, serve):
    answer = mail(serve(), security="starttls").send(ANSWER)

    assert isinstance(answer, Failed)
    assert office.letters == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"from": "nobody"},
        {"reply_to": "a@b, c@d"},
        {"envelope": "x"},
        {"host": "mail.example.org", "security": "none"},
        {"password": "secret-word"},
        {"user": "desk", "password": "密码"},
        {"ca_file": "/no/such/file.pem"},
        {"timeout": 51},
        {"port": 70_000},
        {"port": 25.5},
    ],
)
def test_settings_that_cannot_be_meant_are_refused_at_once(wrong):
    with pytest.raises(ConfigRefused):
        mail(wrong.pop("port", 25), **wrong)


def test_mail_is_email_and_its_certificate_store_is_the_public_one():
    made = channel("smtp", host="mail.example.org", **{"from": "desk@example.org"})

    assert (made.kind, made.carries_files) == ("email", True)
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED


class Mailing(WorkerSite):
    """A site that writes to its customers over a real mail server."""

    def begin(self, port):
        written = {"driver": "smtp", "host": "127.0.0.1", "port": port, "security": "none"}
        places = TomlPlaces(file="casewright.toml", text="")
        made = channel_from("mail", {**written, "from": "desk@example.org"}, places)
        self.desk.close()
        self.config = replace(self.config, channels={"mail": made})
        self.desk = open_desk(self.config, clock=self.clock)
        saved = SaveCustomer(actor="system", id="C1", email="wang@example.org", language="zh")
        self.desk.execute_as_system(saved)
        return self.open(customer="C1")

    def mail_out(self):
        working = self.desk.working()
        Worker(
            working, working.open_channels(), holder="one", tell=self.lines.append, stop=Event()
        ).run(once=True)


def test_an_answer_leaves_the_ticket_with_its_file_and_comes_back_as_a_bounce(
    office, serve, workspace, clock
):
    site = Mailing(workspace, clock)
    key = site.begin(serve())
    digest = site.desk.keep(b"a bill")
    attached = AttachFile(actor="ana", ticket=key, digest=digest, filename="账单.pdf", size=6)
    site.desk.execute(attached)
    site.desk.execute(
        ReplyToCustomer(actor="ana", ticket=key, text="请查收。", attachments=(1,))
    )

    site.mail_out()

    letter, read = only(office)
    (file,) = read.iter_attachments()
    assert letter.rcpt_tos == ["wang@example.org"]
    assert read["Subject"].endswith(f"[{key}]")
    assert (text_of(read), file.get_content()) == ("请查收。", b"a bill")
    (notice,) = site.notices()
    assert notice.state == "accepted"
    with site.desk._database.read():
        assert threads.of_ticket(site.desk._database, key) == (read["Message-ID"],)

    name = read["Message-ID"]
    site.work(ReceiptSeen(channel="mail", provider_id=name, state="undelivered"))

    assert [one.state for one in site.notices() if one.via == "mail"] == ["dead"]
    site.desk.close()
