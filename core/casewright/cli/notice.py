"""`casewright notice`: what people were told, whether it arrived, and what they make of it."""

from datetime import UTC, datetime, time, timedelta

from casewright.answers import NoticePage, NoticeStory
from casewright.cli.answer import Answer
from casewright.cli.exporting import EXPORT, exported, pages, wanted
from casewright.cli.grammar import AGAIN, Given, Noun, Option, Verb
from casewright.cli.notice_showing import EXPORTED, export_rows, list_lines, story_lines
from casewright.cli.receipts import receipt_document
from casewright.cli.refusal import plain
from casewright.cli.session import Session
from casewright.cli.timer import limit
from casewright.cli.typed import moment, parsed
from casewright.clock import SystemClock
from casewright.commands import (
    RefuseNotice,
    ReleaseNotices,
    RetryNotice,
    SeeNotices,
    TakeNotice,
    new_id,
)
from casewright.errors import message
from casewright.patterns import pattern
from casewright.queries import ExportNotices, GetClocks, GetNotice, ListNotices
from casewright.telling.kinds import NOTICE_STATES
from casewright.telling.time_words import shown
from casewright.texts import text

_TIME_OF_DAY = pattern(r"([01]?\d|2[0-3]):([0-5]\d)")
_WHEN = message("a time such as 17:00 (the next one), or 2026-02-13T17:00")
_UNSEEN = ("accepted", "unknown", "delivered", "expired")


def list_notices(session: Session, given: Given) -> Answer:
    """Answer with a page of notices, newest first."""
    after = given.text("after")
    query = ListNotices(
        actor=session.actor,
        state=given.text("state"),
        mine=given.flag("mine"),
        ticket=given.text("ticket"),
        after=None if after is None else _number(after),
        limit=limit(given),
    )
    if wanted(given):
        rows = export_rows(pages(session, query, ExportNotices))
        return exported(session, given, EXPORTED, rows)
    page: NoticePage = session.desk.ask(query)
    more = (
        [session.texts.say("There are more: --after {key}", key=str(page.after))]
        if page.after
        else []
    )
    return Answer(
        document={
            "notices": [plain(one, session.texts) for one in page.notices],
            "after": page.after,
        },
        lines=list_lines(session, page.notices),
        notes=more,
    )


def show(session: Session, given: Given) -> Answer:
    """Answer with a notice and all that became of it; one's own is seen by that."""
    number = _number(given.needed("notice"))
    story = _story(session, number)
    if story.notice.recipient == session.actor and story.notice.state in _UNSEEN:
        session.desk.execute(SeeNotices(actor=session.actor, notices=(number,)))
        story = _story(session, number)
    session.tell_times_in(_zone(session, story))
    return Answer(
        document={"notice": plain(story, session.texts)}, lines=story_lines(session, story)
    )


def take(session: Session, given: Given) -> Answer:
    """Take a notice: it is mine, done by then."""
    story = _story(session, _number(given.needed("notice")))
    session.tell_times_in(_zone(session, story))
    until = _until(session, given)
    command = TakeNotice(
        actor=session.actor,
        command_id=given.text("id") or new_id(),
        ticket=story.notice.ticket,
        notice=story.notice.number,
        until=until,
    )
    receipt = session.desk.execute(command)
    said = session.texts.say("Notice {number} is yours.", number=story.notice.number)
    if until is not None:
        said = session.texts.say(
            "Notice {number} is yours until {until}.",
            number=story.notice.number,
            until=shown(until, session.texts.zone),
        )
    return Answer(document=receipt_document(receipt), lines=[said])


def refuse(session: Session, given: Given) -> Answer:
    """Refuse a notice with a reason."""
    story = _story(session, _number(given.needed("notice")))
    command = RefuseNotice(
        actor=session.actor,
        command_id=given.text("id") or new_id(),
        ticket=story.notice.ticket,
        notice=story.notice.number,
        reason=given.needed("reason"),
    )
    receipt = session.desk.execute(command)
    said = session.texts.say(
        "Notice {number} is refused; the next level is told.", number=story.notice.number
    )
    return Answer(document=receipt_document(receipt), lines=[said])


def retry(session: Session, given: Given) -> Answer:
    """Send a notice again that was given up."""
    number = _number(given.needed("notice"))
    command = RetryNotice(
        actor=session.actor, command_id=given.text("id") or new_id(), notice=number
    )
    repeated = session.desk.execute(command).repeated
    said = session.texts.say("Notice {number} is queued again.", number=number)
    return Answer(document={"notice": {"number": number}, "repeated": repeated}, lines=[said])


def release(session: Session, given: Given) -> Answer:
    """Send what is held since a restore, or drop it."""
    numbers = tuple(map(_number, given.all("notice")))
    send = not given.flag("drop")
    command = ReleaseNotices(
        actor=session.actor,
        command_id=given.text("id") or new_id(),
        notices=numbers,
        send=send,
    )
    receipt = session.desk.execute(command)
    count = int((receipt.answer or {}).get("notices", 0))
    if send:
        said = session.texts.say(
            "Released: {count} notice(s); the worker sends them.", count=count
        )
    else:
        said = session.texts.say(
            "Dropped: {count} notice(s); they are never sent.", count=count
        )
    document = {"notices": count, "sent": send, "repeated": receipt.repeated}
    return Answer(document=document, lines=[said])


def _story(session: Session, number: int) -> NoticeStory:
    found: NoticeStory = session.desk.ask(GetNotice(actor=session.actor, notice=number))
    return found


def _zone(session: Session, story: NoticeStory) -> str:
    """Return the zone in which the ticket's times are told."""
    clocks = session.desk.ask(GetClocks(actor=session.actor, ticket=story.notice.ticket))
    return str(clocks.zone)


def _until(session: Session, given: Given) -> datetime | None:
    """Return the moment of --until; a time of day is the next one."""
    found = _TIME_OF_DAY.fullmatch((given.text("until") or "").strip())
    if found is None:
        return moment(session, given, "until", _WHEN)
    now = SystemClock().now()
    there = now.astimezone(session.texts.timezone)
    at = time(int(found[1]), int(found[2]))
    today = datetime.combine(there.date(), at, tzinfo=there.tzinfo)
    if today.astimezone(UTC) <= now:
        today = datetime.combine(there.date() + timedelta(days=1), at, tzinfo=there.tzinfo)
    return today.astimezone(UTC)


def _number(written: str) -> int:
    return parsed(written, int, message("a notice's number"))


_NOTICE = Option(name="NOTICE", needed=True, help=text("the notice's number"))

NOUNS = (
    Noun(
        name="notice",
        help=text("what people were told, and whether it arrived"),
        verbs=(
            Verb(
                name="list",
                run=list_notices,
                help=text("list notices, newest first"),
                options=(
                    Option(
                        name="--state",
                        value="STATE",
                        choices=tuple(NOTICE_STATES),
                        help=text("only those in this state, such as dead"),
                    ),
                    Option(name="--mine", help=text("only those for whoever asks")),
                    Option(name="--ticket", value="KEY", help=text("only this ticket's")),
                    Option(name="--limit", value="COUNT", help=text("at most so many")),
                    Option(
                        name="--after",
                        value="NOTICE",
                        help=text("go on after this one, which ended the page before"),
                    ),
                    *EXPORT,
                ),
            ),
            Verb(
                name="show",
                run=show,
                help=text("show a notice, every hop and every attempt with its time"),
                more=text(
                    "Whoever looks at a notice of their own has seen it, and that is noted."
                ),
                options=(_NOTICE,),
            ),
            Verb(
                name="take",
                run=take,
                help=text("take a notice: it is mine, done by then"),
                options=(
                    _NOTICE,
                    Option(
                        name="--until",
                        value="TIME",
                        help=text(
                            "such as 15:00 or 2026-02-13T15:00 (default: when it is due)"
                        ),
                    ),
                    AGAIN,
                ),
            ),
            Verb(
                name="refuse",
                run=refuse,
                help=text("refuse a notice; the next level is told"),
                options=(
                    _NOTICE,
                    Option(name="--reason", value="TEXT", needed=True, help=text("why")),
                    AGAIN,
                ),
            ),
            Verb(
                name="retry",
                run=retry,
                help=text("send a notice again that is dead, rejected or expired"),
                options=(_NOTICE, AGAIN),
            ),
            Verb(
                name="release",
                run=release,
                help=text(
                    "send notices that are held for review since a restore, or drop them"
                ),
                more=text(
                    "They may have been sent before the restore; `notice list --state held` shows them."
                ),
                options=(
                    Option(
                        name="NOTICE",
                        many=True,
                        help=text("the notices' numbers (default: all that are held)"),
                    ),
                    Option(name="--drop", help=text("never send them")),
                    AGAIN,
                ),
            ),
        ),
    ),
)
