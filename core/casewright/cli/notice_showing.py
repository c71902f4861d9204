"""How notices read on the command line: in a list, and one with all that became of it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from casewright.answers import Notice, NoticeHop, NoticePage, NoticeStory
from casewright.bilingual import Bilingual
from casewright.cli.answer import Heading
from casewright.cli.output import columns_here, table, wrap
from casewright.cli.reading import Reader
from casewright.cli.session import Session
from casewright.telling.kinds import NOTICE_STATES
from casewright.telling.notices import REASONS
from casewright.telling.time_words import times_in
from casewright.texts import text

OUTCOMES = {**NOTICE_STATES, "failed": text("no answer"), "": text("no answer recorded")}


def export_rows(pages: Iterable[NoticePage]) -> Iterator[Sequence[object]]:
    """Yield notices as a file has them: each by the names that programs know."""
    for page in pages:
        for one in page.notices:
            said = one.message or Bilingual(en="", zh="")
            yield (
                one.number, one.created_at, one.ticket, one.recipient, one.via, one.reason, one.state,
                one.due, one.stands_for, said.en, said.zh,
            )  # fmt: skip


def list_lines(session: Session, notices: Sequence[Notice]) -> Iterator[str]:
    """Yield notices as a table, newest first."""
    texts, reader = session.texts, Reader(session)
    if not notices:
        yield texts.text("No notice fits.")
        return
    titles = [texts.text(one) for one in _COLUMNS]
    rows = [
        (
            one.number,
            texts.moment(one.created_at),
            one.ticket,
            reader.calls(one.recipient)
            if one.recipient != "customer"
            else texts.text("customer"),
            one.via,
            reason(session, reader, one),
            texts.text(NOTICE_STATES.get(one.state, one.state)),
        )
        for one in notices
    ]
    yield from table(titles, rows, whole=_WHOLE)


def story_lines(session: Session, story: NoticeStory) -> Iterator[str]:
    """Yield a notice with its hops, its delivery's attempts and parts, all with their times."""
    texts, reader, notice = session.texts, Reader(session), story.notice
    yield Heading(
        texts.say(
            "Notice {number}: {reason}",
            number=notice.number,
            reason=reason(session, reader, notice),
        )
    )
    yield from _facts(session, reader, story)
    yield ""
    yield Heading(texts.text("Its way"))
    for hop in story.hops:
        state = texts.text(NOTICE_STATES.get(hop.state, hop.state))
        yield f"  {texts.moment(hop.at)}  {state}  {_detail(session, hop)}".rstrip()
    yield from _delivery(session, story)


def reason(session: Session, reader: Reader, notice: Notice) -> str:
    """Return what a notice is about: a known occasion, else the transition that it follows from."""
    known = REASONS.get(notice.reason)
    if known is not None:
        return session.texts.text(known)
    ticket = reader.row(notice.ticket)
    return reader.transition(ticket, notice.reason)


def _detail(session: Session, hop: NoticeHop) -> str:
    """Return what was said of a hop; whoever took it said until when."""
    said = session.texts.render(hop.detail) if hop.detail else ""
    if hop.state != "taken" or not said:
        return said
    return session.texts.say("until {until}", until=datetime.fromisoformat(said))


def _facts(session: Session, reader: Reader, story: NoticeStory) -> Iterator[str]:
    texts, notice = session.texts, story.notice
    yield texts.say("ticket: {ticket}", ticket=notice.ticket)
    yield texts.say("times in: {zone}", zone=times_in(texts))
    yield texts.say(
        "for: {person}, over {channel}",
        person=reader.person(notice.recipient),
        channel=notice.via,
    )
    if notice.stands_for:
        yield texts.say("in place of: {person}", person=reader.person(notice.stands_for))
    if notice.due is not None:
        yield texts.say("due: {moment}", moment=notice.due)
    if notice.message is not None:
        said = texts.say("message: {message}", message=notice.message)
        yield from wrap(said, columns_here() or 80)
    if story.address:
        yield texts.say("sent to: {address}", address=story.address)
    if story.carried > 1:
        yield texts.say("one of {count} notices in this message", count=story.carried)
    if story.withheld:
        yield texts.text("text: not shown, it is about tickets too that you may not see")
    if story.text:
        yield from wrap(texts.say("text: {text}", text=story.text), columns_here() or 80)


def _delivery(session: Session, story: NoticeStory) -> Iterator[str]:
    texts = session.texts
    if story.attempts:
        yield ""
        yield Heading(texts.text("Attempts"))
        for attempt in story.attempts:
            detail = f"  {texts.render(attempt.detail)}" if attempt.detail else ""
            outcome = texts.text(OUTCOMES.get(attempt.outcome, attempt.outcome))
            yield f"  {attempt.number}  {texts.moment(attempt.at)}  {outcome}{detail}"
    if story.parts:
        yield ""
        yield Heading(texts.text("Parts, by the provider's numbers"))
        for part in story.parts:
            state = texts.text(OUTCOMES.get(part.state, part.state))
            yield f"  {part.provider_id}  {texts.moment(part.at)}  {state}"


_COLUMNS = (
    text("notice"),
    text("when"),
    text("ticket"),
    text("for"),
    text("over"),
    text("about"),
    text("state"),
)
_WHOLE = (1, 2)
"""Cut short, a time or a ticket's key says nothing."""
EXPORTED = (
    text("notice"), text("when"), text("ticket"), text("for"), text("over"), text("about"), text("state"),
    text("due"), text("stands in for"), text("words in English"), text("words in Chinese"),
)  # fmt: skip
