"""`casewright ticket reply`: write to whoever a ticket is for, or see first what would go out."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from casewright import commands, regular_file
from casewright.answers import Notice, NoticePage, ReplyPreview
from casewright.cli.answer import Answer
from casewright.cli.grammar import AGAIN, TICKET, Given, Option, Verb
from casewright.cli.output import columns_here, wrap
from casewright.cli.receipts import execute
from casewright.cli.refusal import plain
from casewright.cli.session import Session
from casewright.cli.typed import parsed
from casewright.errors import FileUnreadable, UsageRefused, message
from casewright.queries import LARGEST_PAGE, ListNotices, PreviewReply
from casewright.texts import text

REASON = "customer_answered"
"""The reason of the notice that carries an answer to the customer."""
_LONGEST_FILE = 200_000


def reply(session: Session, given: Given) -> Answer:
    """Write to the customer, or with --preview say what would go out."""
    words: dict[str, Any] = {
        "ticket": given.needed("ticket"),
        "text": _text(given),
        "template": given.text("template") or "",
        "via": given.text("via") or "",
        "subject": given.text("subject") or "",
        "language": given.text("in") or "",
        "attachments": tuple(_number(one) for one in given.all("attach")),
    }
    if given.flag("preview"):
        found = session.desk.ask(PreviewReply(actor=session.actor, **words))
        return Answer(
            document={"preview": plain(found, session.texts)}, lines=_lines(session, found)
        )
    command = commands.ReplyToCustomer(
        actor=session.actor, command_id=given.text("id") or commands.new_id(), **words
    )
    said = text(
        "The answer is on its way; `casewright ticket show {ticket}` says whether it arrived."
    )
    return execute(session, command, said)


def sent_replies(session: Session, ticket: str) -> list[Notice]:
    """Return the answers that a ticket's customer was sent, the oldest first."""
    query = ListNotices(actor=session.actor, ticket=ticket, limit=LARGEST_PAGE)
    found: list[Notice] = []
    while True:
        page: NoticePage = session.desk.ask(query)
        found += (one for one in page.notices if one.reason == REASON)
        if page.after is None:
            return found[::-1]
        query = replace(query, after=page.after)


def _text(given: Given) -> str:
    named, file = given.text("text"), given.text("text_file")
    if named is not None and file is not None:
        raise UsageRefused(reason=message("--text and --text-file exclude each other"))
    if file is None:
        return named or ""
    if file == "-":
        content = sys.stdin.buffer.read(_LONGEST_FILE + 1)
    else:
        content = regular_file.read(Path(file), limit=_LONGEST_FILE, file=file)
    if len(content) > _LONGEST_FILE:
        reason = message("it is larger than {limit} KB", limit=_LONGEST_FILE // 1000)
        raise FileUnreadable(file=file, reason=reason)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileUnreadable(file=file, reason=message("it is not UTF-8")) from None


def _number(written: str) -> int:
    return parsed(written, int, message("a whole number"))


def _lines(session: Session, found: ReplyPreview) -> Iterator[str]:
    texts, wide = session.texts, columns_here() or 80
    yield texts.say("over '{channel}' to {address}", channel=found.via, address=found.address)
    if found.subject:
        yield texts.say("subject: {subject}", subject=found.subject)
    if found.attachments:
        yield texts.say("files: {numbers}", numbers=list(found.attachments))
    if found.parts:
        yield texts.say(
            "by SMS: {units} characters in {parts} part(s)",
            units=found.units,
            parts=found.parts,
        )
    yield ""
    for line in found.text.split("\n"):
        yield from wrap(line, wide) if line else [""]


VERB = Verb(
    name="reply",
    run=reply,
    help=text("write to the customer by e-mail or SMS"),
    more=text(
        "A text, a template of the workspace, or a text in a template; --preview shows what would go out, to the letter."
    ),
    options=(
        TICKET,
        Option(name="--text", value="TEXT", help=text("the words")),
        Option(
            name="--text-file",
            value="FILE",
            help=text("the words from a file, or from - (standard input)"),
        ),
        Option(
            name="--template",
            value="NAME",
            help=text("a template of workflows/templates, which may hold the text"),
        ),
        Option(
            name="--via",
            value="CHANNEL",
            help=text("a channel of casewright.toml (default: the way the customer came by)"),
        ),
        Option(name="--subject", value="TEXT", help=text("the subject of a mail")),
        Option(
            name="--attach",
            value="NUMBER",
            many=True,
            help=text("a file of the ticket, from 1 as `ticket show` lists them; mail only"),
        ),
        Option(
            name="--in",
            value="LANG",
            choices=("en", "zh"),
            help=text("the template's language (default: the customer's)"),
        ),
        Option(name="--preview", help=text("show what would go out, and send nothing")),
        AGAIN,
    ),
)
