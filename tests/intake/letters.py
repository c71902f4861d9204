"""Mail as people and machines write it, octet for octet."""

from base64 import b64encode
from itertools import count

NUMBERS = count(1)
SERVICE = "service@centre.example"
LI = "li.wei@example.org"


def letter(
    text: str | bytes = "The line is dead.",
    *,
    sender: str = f"Li Wei <{LI}>",
    to: str = SERVICE,
    subject: str | bytes = "Line dead",
    number: str = "",
    charset: str = "utf-8",
    kind: str = "text/plain",
    **headers: str,
) -> bytes:
    """Return a mail; further headers are named with `_` for `-`, a `number` is its Message-ID."""
    known = number or f"<{next(NUMBERS)}@mail.example.org>"
    raw_subject = subject if isinstance(subject, bytes) else word(subject)
    lines = [
        f"From: {sender}".encode() if sender else b"X-Nobody: yes",
        f"To: {to}".encode(),
        b"Subject: " + raw_subject,
        f"Message-ID: {known}".encode(),
        *(f"{name.replace('_', '-')}: {value}".encode() for name, value in headers.items()),
    ]
    if not any(name.lower() == "content_type" for name in headers):
        lines.append(f"Content-Type: {kind}; charset={charset}".encode())
    body = text if isinstance(text, bytes) else text.encode(charset)
    return b"\r\n".join(lines) + b"\r\n\r\n" + body.replace(b"\n", b"\r\n")


def word(text: str, charset: str = "utf-8") -> bytes:
    """Return a header's value as an encoded word, where it needs to be one."""
    if text.isascii():
        return text.encode()
    return f"=?{charset}?B?{b64encode(text.encode(charset)).decode()}?=".encode()


def parts(*inside: bytes, kind: str = "mixed", **headers: str) -> bytes:
    """Return a mail of several parts."""
    body = b"".join(b"--=b\n" + one + b"\n" for one in inside) + b"--=b--\n"
    return letter(body, Content_Type=f'multipart/{kind}; boundary="=b"', **headers)


def text_part(text: str, kind: str = "text/plain", charset: str = "utf-8") -> bytes:
    """Return a part that is a text."""
    return f"Content-Type: {kind}; charset={charset}\n\n".encode() + text.encode(charset)


def file_part(
    content: bytes, disposition: str, kind: str = "application/octet-stream"
) -> bytes:
    """Return a part that is a file."""
    head = f"Content-Type: {kind}\nContent-Disposition: {disposition}\nContent-Transfer-Encoding: base64\n\n"
    return head.encode() + b64encode(content)


def bounce(of: str, action: str = "failed") -> bytes:
    """Return a report as RFC 3464 has it, about a mail of ours."""
    status = (
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
        f"Final-Recipient: rfc822; {LI}\nAction: {action}\nStatus: 5.1.1\n"
    )
    returned = (
        f"Content-Type: text/rfc822-headers\n\nFrom: {SERVICE}\nMessage-ID: {of}\nSubject: x\n"
    )
    return parts(
        text_part("It could not be delivered."),
        status.encode(),
        returned.encode(),
        kind="report; report-type=delivery-status",
        sender="Mail Delivery System <MAILER-DAEMON@mx.example.org>",
        subject="Undelivered Mail Returned to Sender",
        Return_Path="<>",
        Auto_Submitted="auto-replied",
    )
