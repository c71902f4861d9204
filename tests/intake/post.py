"""A mail server that puts what it is handed into the mailbox it is addressed to."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from ..ports import free_port

MARKS = (b"auto-submitted", b"x-auto-response-suppress", b"x-casewright-loop", b"precedence")


class Post:
    """Takes mail and delivers it; with `strip` it takes off the marks of machines, the threads and the subjects, worse than any relay."""

    def __init__(self, strip: bool) -> None:
        self.mailboxes: Mapping[str, Any] = {}
        self.taken = 0
        self.port = 0
        self._strip = strip

    async def handle_DATA(self, server, session, envelope):  # type: ignore[no-untyped-def]
        self.taken += 1
        content = envelope.content
        for address in envelope.rcpt_tos:
            if address in self.mailboxes:
                self.mailboxes[address].drop(_stripped(content) if self._strip else content)
        return "250 OK"


class _Controller(Controller):
    def factory(self):  # type: ignore[no-untyped-def]
        return SMTP(self.handler, hostname="localhost")


@contextmanager
def delivering_to(*, strip: bool = False) -> Iterator[Post]:
    """Run the server meanwhile."""
    post = Post(strip)
    post.port = free_port()
    controller = _Controller(post, hostname="127.0.0.1", port=post.port)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


def _stripped(content: bytes) -> bytes:
    head, _, body = content.partition(b"\r\n\r\n")
    gone = (*MARKS, b"in-reply-to", b"references", b"subject")
    lines = [one for one in head.split(b"\r\n") if not one.lower().startswith(gone)]
    return b"\r\n".join([b"Subject: Hello", *lines]) + b"\r\n\r\n" + body
