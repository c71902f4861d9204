"""The drivers that a channel may name, and the options of each; what opens them is in `delivery/`."""

from collections.abc import Mapping

from casewright.settings.options import LONGEST_ATTEMPT, Option
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """One kind of channel."""

    name: str
    help: str
    options: tuple[Option, ...] = ()
    short: bool = False
    """Its messages are SMS: counted in parts, and limited per recipient unless told otherwise."""
    mail: bool = False
    """Its messages are e-mail; of a driver that is neither, an option `kind` says what they are."""
    carries_files: bool = False
    """Whether files go with its messages."""


_TIME_LIMIT = Option(
    name="timeout",
    kind="number",
    default=20,
    most=LONGEST_ATTEMPT,
    help="Seconds that one attempt may take in all, from connecting to the end of the answer; 50 at most.",
)
_PLAINTEXT = Option(
    name="allow_plaintext",
    kind="yes_no",
    default=False,
    help="Whether passwords and messages may cross a network unencrypted, as inside a tunnel.",
)
_AUTHORITY = Option(
    name="ca_file",
    help="Certificates that are trusted in place of the public ones; an absolute path.",
)
_SIGNATURE = Option(
    name="signature",
    help="Who signs, put as 【...】 before the text; a template's own signature goes before this.",
)

_GATEWAY_BODY = {"to": "{to}", "text": "{text}", "key": "{key}"}

HTTP = Driver(
    name="http",
    short=True,
    help="An SMS gateway that is told over HTTPS; receipts and replies come to the worker's listener.",
    options=(
        Option(
            name="url", required=True, help="Where to; it never holds anything of a ticket."
        ),
        Option(
            name="method",
            default="POST",
            choices=("POST", "PUT", "GET"),
            help="The verb; with GET the body's fields are the query.",
        ),
        Option(
            name="format",
            default="json",
            choices=("json", "form"),
            help="How the body is written.",
        ),
        Option(
            name="headers",
            kind="table",
            default={},
            help='Header lines, such as `Authorization = "secret://sms_token"`.',
        ),
        Option(
            name="body",
            kind="table",
            default=_GATEWAY_BODY,
            help="The body's fields. Texts in it may hold `{to}`, `{text}`, `{key}`, `{signature}`, `{template_id}`, "
            "`{language}`, `{variables}` (an object), `{variables_json}` (the object as a text), `{variables_list}` "
            "(their values in order). A body that names `{signature}` gets the text without it.",
        ),
        Option(
            name="drop_prefix",
            help="What is taken off the front of numbers, such as `+86`, or `+`.",
        ),
        Option(
            name="key_header",
            default="Idempotency-Key",
            help="The header that carries the idempotency key; empty for none.",
        ),
        Option(
            name="accepted_when",
            help="What the answer says when it accepts, as `code == 0` or `data.state == OK, QUEUED`; "
            "without it any status from 200 to 299 accepts.",
        ),
        Option(
            name="later_when",
            help="What the answer says when the message is to be tried again later, as `code == THROTTLED`.",
        ),
        Option(name="provider_id", help="Where the answer has its message id, as `data.id`."),
        Option(name="reason", help="Where the answer says why it refuses, as `message`."),
        Option(
            name="hmac_key",
            help="A shared secret; then `hmac_header` carries the HMAC-SHA256 of the body in hex.",
        ),
        Option(name="hmac_header", default="X-Signature", help="The header of the HMAC."),
        Option(name="receipt_id", default="id", help="A receipt's field: the message id."),
        Option(name="receipt_state", default="state", help="A receipt's field: the state."),
        Option(
            name="receipt_delivered",
            default="DELIVRD,delivered",
            help="The states that mean delivered, with commas between.",
        ),
        Option(
            name="receipt_pending",
            default="ACCEPTD,ENROUTE,BUFFERED",
            help="The states that decide nothing; every other state means undelivered.",
        ),
        Option(
            name="receipt_time", default="at", help="A receipt's field: when, with an offset."
        ),
        Option(
            name="receipt_list",
            help="Where the receipts or replies of one request lie, if it brings several and is not itself a list.",
        ),
        Option(name="reply_from", default="from", help="A reply's field: the sender's number."),
        Option(name="reply_text", default="text", help="A reply's field: what was written."),
        Option(name="reply_id", default="id", help="A reply's field: its message id."),
        Option(
            name="reply_prefix",
            help="What is put before a sender's number that has no `+`, such as `+86`.",
        ),
        _SIGNATURE,
        _TIME_LIMIT,
        _PLAINTEXT,
        _AUTHORITY,
    ),
)

SMPP = Driver(
    name="smpp",
    short=True,
    help="A message centre spoken to in SMPP 3.4, with delivery receipts and replies; needs the extra `smpp`.",
    options=(
        Option(name="host", required=True, help="The message centre."),
        Option(name="port", kind="number", default=2775, help="Its port."),
        Option(name="system_id", required=True, help="The account."),
        Option(
            name="password", default="", help='Its password, as `"secret://smpp_password"`.'
        ),
        Option(name="system_type", help="The system type, if the message centre asks for one."),
        Option(
            name="sender",
            help="The number or name that messages come from; empty leaves it to the centre.",
        ),
        Option(
            name="alphabet",
            default="shortest",
            choices=("shortest", "ucs2"),
            help="`shortest` writes GSM 7-bit where the text allows it.",
        ),
        Option(
            name="message_ids",
            default="same",
            choices=("same", "hex_then_decimal", "decimal_then_hex"),
            help="How a message id is written in the answer and then in the receipt.",
        ),
        Option(
            name="reply_prefix",
            default="+",
            help="What is put before a sender's number that has no `+`.",
        ),
        Option(
            name="tls",
            kind="yes_no",
            default=False,
            help="Whether the connection is encrypted and the centre's certificate checked.",
        ),
        Option(
            name="idle",
            kind="number",
            default=30,
            help="Seconds of silence after which the line is tested.",
        ),
        _SIGNATURE,
        _TIME_LIMIT,
        _PLAINTEXT,
        _AUTHORITY,
    ),
)

APPRISE = Driver(
    name="apprise",
    help="E-mail and chat through Apprise: what is handed over counts as `unknown`, since nobody tells more.",
    options=(
        Option(
            name="kind",
            required=True,
            choices=("email", "chat"),
            help="`email` writes to each person's own address, `chat` to the group that the URL names.",
        ),
        Option(
            name="url",
            required=True,
            help='One Apprise URL, as `"secret://mail_url"`: mailtos, mailto; dingtalk, feishu, lark, slack, tgram '
            "(Telegram), wecombot, workflows (Teams).",
        ),
        _TIME_LIMIT,
        _PLAINTEXT,
    ),
)

SMTP = Driver(
    name="smtp",
    mail=True,
    carries_files=True,
    help="E-mail through a mail server of yours: threaded by Message-ID, with attachments. What the server took counts as "
    "`accepted`; a bounce that comes in later makes it dead.",
    options=(
        Option(name="host", required=True, help="The mail server."),
        Option(
            name="port",
            kind="number",
            default=587,
            help="Its port: 587 with `starttls`, 465 with `tls`.",
        ),
        Option(
            name="security",
            default="starttls",
            choices=("starttls", "tls", "none"),
            help="How the connection is encrypted; the certificate is checked. `none` is for a server on this machine only.",
        ),
        Option(name="user", help="The account, if the server asks for one."),
        Option(name="password", help='Its password, as `"secret://mail_password"`.'),
        Option(name="from", required=True, help="The address that mails come from."),
        Option(name="name", help="What stands before that address, such as `Customer care`."),
        Option(
            name="reply_to",
            help="Where answers go, if not to `from`: the address that `[intake]` reads.",
        ),
        Option(
            name="envelope",
            help="Where a mail server sends what it cannot deliver, if not to `from`.",
        ),
        _TIME_LIMIT,
        _AUTHORITY,
    ),
)

_DEMONSTRATED = Option(
    name="kind",
    default="sms",
    choices=("sms", "email", "chat"),
    help="What its messages are like: which text is taken, and which of a person's addresses.",
)

CONSOLE = Driver(
    name="console",
    help="Prints each message where the worker runs: for demonstrations.",
    options=(_DEMONSTRATED,),
)

FILE = Driver(
    name="file",
    carries_files=True,
    help="Appends each message to a file as a line of JSON: for demonstrations and tests.",
    options=(
        Option(
            name="path",
            required=True,
            help="The file; a relative path is one in the workspace.",
        ),
        _DEMONSTRATED,
    ),
)

DRIVERS: Mapping[str, Driver] = {
    driver.name: driver for driver in (HTTP, SMPP, SMTP, APPRISE, CONSOLE, FILE)
}
"""Every driver by its name. `notice`, the staff member's inbox, needs none."""
