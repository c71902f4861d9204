"""E-mail and chat through Apprise, on a real wire: what is said is no more than what is known."""

import email
import email.policy
import socket
import threading
import time
from contextlib import closing, contextmanager

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from casewright.delivery.channel import Failed, Outgoing, Rejected, Unknown
from casewright.delivery.channels import open_channel
from casewright.errors import ConfigRefused

from ..ports import free_port
from .settings import channel

WARNING = Outgoing(
    key="delivery-1",
    address="chen.jing@example.org",
    subject="WO-2026-000042 03-02 17:00到期",
    text="WO-2026-000042 宽带故障 <b>&amp;\n办结时限：2026-03-02 17:00到期。",
    language="zh",
)


class PostOffice:
    """An SMTP server's behaviour, and the letters it took."""

    def __init__(self) -> None:
        self.letters = []
        self.recipient_answer = "250 OK"
        self.letter_answer = "250 OK"
        self.cut = False

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server, session, envelope):
        if self.cut:
            server.transport.abort()
        if self.letter_answer.startswith("250"):
            self.letters.append(envelope)
        return self.letter_answer


def only(office: PostOffice):
    """The only letter that the server took, as it came and as it reads."""
    (letter,) = office.letters
    return letter, email.message_from_bytes(letter.content, policy=email.policy.default)


class PlainController(Controller):
    def factory(self):
        return SMTP(self.handler, hostname="localhost", enable_SMTPUTF8=False)


@pytest.fixture
def post():
    office = PostOffice()
    controller = PlainController(office, hostname="127.0.0.1", port=free_port())
    controller.start()
    office.url = f"mailto://127.0.0.1:{controller.port}/?from=desk@example.org&name=Desk"
    yield office
    controller.stop()


@contextmanager
def listening(answer):
    """A server of a few lines: `answer` gets each connection in a thread of its own."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield f"mailto://127.0.0.1:{server.getsockname()[1]}/?from=desk@example.org"


def mail(url: str, **options):
    return open_channel(channel("apprise", kind="email", url=url, **options), {})


def test_a_letter_that_was_handed_over_is_unknown_and_never_accepted(post):
    assert isinstance(mail(post.url).send(WARNING), Unknown)

    letter, read = only(post)
    assert letter.rcpt_tos == ["chen.jing@example.org"]
    assert letter.mail_from == "desk@example.org"
    assert read["Subject"] == WARNING.subject
    assert read["X-Casewright-Key"] == "delivery-1"
    assert read.get_content_type() == "text/plain"
    assert read.get_content().split() == WARNING.text.split()


def test_each_letter_goes_to_its_own_recipient_alone(post):
    channel_open = mail(post.url)
    for name in ("ana", "bo"):
        channel_open.send(Outgoing(key=name, address=f"{name}@example.org", text="x"))

    assert [letter.rcpt_tos for letter in post.letters] == [
        ["ana@example.org"],
        ["bo@example.org"],
    ]


@pytest.mark.parametrize(
    ("answer", "permanent"), [("550 no such person", True), ("451 try again later", False)]
)
@pytest.mark.parametrize("at", ["recipient_answer", "letter_answer"])
def test_a_letter_that_the_server_refuses_is_rejected_with_its_words(
    post, answer, permanent, at
):
    setattr(post, at, answer)

    said = mail(post.url).send(WARNING)

    assert isinstance(said, Rejected)
    assert said.permanent is permanent
    assert answer[4:] in said.reason
    assert post.letters == []


def test_a_connection_cut_in_the_middle_of_a_letter_has_failed_and_may_be_tried_again(post):
    post.cut = True
    channel_open = mail(post.url)

    assert isinstance(channel_open.send(WARNING), Failed)

    post.cut = False
    post.letters.clear()
    assert isinstance(channel_open.send(WARNING), Unknown)


def test_nobody_there_is_a_failure():
    url = f"mailto://127.0.0.1:{free_port()}/?from=desk@example.org"

    said = mail(url).send(WARNING)

    assert isinstance(said, Failed)
    assert "Connection" in said.reason


def trickle(connection):
    with connection:
        try:
            while True:
                connection.sendall(b"2")
                time.sleep(0.02)
        except OSError:
            return


def test_a_server_that_says_nothing_has_not_taken_the_letter():
    with listening(lambda connection: connection.recv(1)) as url:
        assert isinstance(mail(url, timeout=0.3).send(WARNING), Failed)


def test_a_server_that_trickles_holds_no_worker_longer_than_the_limit():
    with listening(trickle) as url:
        said = mail(url, timeout=0.3).send(WARNING)

    assert said == Failed(reason="no answer in time")


def test_sends_that_hang_do_not_pile_up():
    with listening(trickle) as url:
        channel_open = mail(url, timeout=0.1)
        said = [channel_open.send(WARNING) for _ in range(6)]

    assert said[-1] == Failed(reason="earlier messages have not come back yet")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "ana@example.org,bo@example.org",
        "ana@example.org bo@example.org",
        "ana@example.org;bo@example.org",
        "Ana <ana@example.org>",
        "ana@example.org\nBcc: bo@example.org",
        "ana@example.org\r\n",
        '"a b"@example.org',
        "mailto:ana@example.org",
        "ana@example.org?cc=bo@example.org",
    ],
)
def test_what_is_not_one_address_never_reaches_the_wire(post, address):
    said = mail(post.url).send(Outgoing(key="k", address=address, text="x"))

    assert said == Rejected(reason="not one e-mail address", permanent=True)
    assert post.letters == []


def test_a_ticket_can_add_no_header_and_no_recipient(post):
    outgoing = Outgoing(
        key="k\r\nBcc: bo@example.org",
        address="ana@example.org",
        subject="Help\r\nBcc: bo@example.org",
        text="x\r\n.\r\nRCPT TO:<bo@example.org>\r\n",
    )

    assert isinstance(mail(post.url).send(outgoing), Unknown)

    letter, read = only(post)
    assert letter.rcpt_tos == ["ana@example.org"]
    assert read["Bcc"] is None
    assert read["Subject"] == "Help Bcc: bo@example.org"


REFUSED = {
    "json://example.org/": "'json' is no service for email",
    "xml://example.org/": "'xml' is no service",
    "form://example.org/": "'form' is no service",
    "file:///etc/passwd": "'file' is no service",
    "dingtalk://secret@token": "'dingtalk' is no service for email",
    "mailtoss://u:p@example.org": "did you mean 'mailtos'",
    "mailtos://u:p@example.org, mailtos://u:p@example.com": "without blanks and commas",
    "mailtos://u:p@example.org mailtos://u:p@example.com": "without blanks and commas",
    "mailtos://u:p@example.org?from=a@example.org,json://x": "without blanks and commas",
    "mailtos://u:p@example.org/?redirect=yes": "'redirect' is not allowed",
    "mailtos://u:p@example.org/?attach=/etc/passwd": "'attach' is not allowed",
    "mailtos://u:p@example.org/?config=http://x": "'config' is not allowed",
    "mailtos://u:p@example.org/?format=html": "'format' is not allowed",
    "mailtos://u:p@example.org/?to=bo@example.org": "'to' is not allowed",
    "mailtos://u:p@example.org/?bcc=bo@example.org": "'bcc' is not allowed",
    "mailtos://u:p@example.org/?verify=no": "'verify' is not allowed",
    "mailtos://u:p@example.org/?+X-A=b": "is not allowed",
    "mailtos://u:p@example.org/?pgp=sign": "'pgp' is not allowed",
    "mailtos://u:p@example.org/bo@example.org": "the URL names no recipient",
    "mailto://u:p@example.org": "'example.org' would be spoken to unencrypted",
    "mailtos://u:p@example.org/?mode=insecure": "would be spoken to unencrypted",
    "mailtos://@": "Apprise does not",
}


@pytest.mark.parametrize("url", REFUSED)
def test_a_url_that_an_administrator_may_not_write_is_refused_and_shows_no_password(url):
    with pytest.raises(ConfigRefused) as refused:
        mail(url)

    assert REFUSED[url] in str(refused.value)
    assert "u:p" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "dingtalk://secret@1234567890abcdef/",
        "feishu://1234567890abcdef1234567890abcdef",
        "wecombot://1234567890abcdef-1234",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general",
        "tgram://123456789:abcdefg_hijklmnop/12315544/",
    ],
)
def test_a_chat_is_opened_and_its_url_carries_nothing_else(url):
    assert open_channel(channel("apprise", kind="chat", url=url), {})

    with pytest.raises(ConfigRefused, match="'redirect' is not allowed"):
        open_channel(channel("apprise", kind="chat", url=f"{url}?redirect=yes"), {})


def test_the_library_is_loaded_only_when_such_a_channel_opens():
    import subprocess
    import sys

    code = (
        "import sys; import casewright.delivery.channels, casewright.delivery.apprise_door; "
        "sys.exit('apprise' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
