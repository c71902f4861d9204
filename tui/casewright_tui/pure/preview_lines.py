"""What a form would come to, in lines: state, handler, clocks, who is told, what is opened; a reply as it goes out; or sentences."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from casewright.answers import ClockChange, ReplyPreview, TransitionPreview
from casewright.errors import CasewrightError, FormRefused, Message
from casewright.telling.kinds import CHANNELS
from casewright.texts import Texts, text
from casewright_tui.lines import Line, Lines, Tone, line, paragraph, piece
from casewright_tui.width import fit

Answer = TransitionPreview | ReplyPreview | CasewrightError | Sequence[Message]
_CHANGES: Mapping[str, str] = {
    "started": text("begins"),
    "met": text("is met"),
    "paused": text("pauses"),
    "resumed": text("runs again"),
    "moved": text("moves"),
    "cancelled": text("is cancelled"),
    "breached": text("is overdue"),
}
_TONES: Mapping[str, Tone] = {"met": "good", "breached": "bad", "paused": "warn"}


def preview_lines(
    answer: Answer,
    texts: Texts,
    width: int,
    *,
    names: Mapping[str, str],
    workflows: Mapping[str, str],
) -> Lines:
    """Return an answer as lines; `names` are those of people, `workflows` the titles of workflows."""
    heading = line(piece(texts.text(text("What will happen")), "title"))
    if isinstance(answer, FormRefused):
        return [heading, *_not_yet(answer, texts, width)]
    if isinstance(answer, CasewrightError):
        return [heading, *paragraph(texts.error(answer), width, "warn")]
    if isinstance(answer, ReplyPreview):
        return [heading, *_reply(answer, texts, width)]
    if not isinstance(answer, TransitionPreview):
        told = (paragraph(texts.render(one), width) for one in answer)
        return [heading, *(one for lines in told for one in lines)]
    return [heading, *_transition(answer, texts, width, names, workflows)]


def _transition(
    ahead: TransitionPreview,
    texts: Texts,
    width: int,
    names: Mapping[str, str],
    workflows: Mapping[str, str],
) -> Iterator[Line]:
    def told(label: str, value: str, tone: Tone = "") -> Iterator[Line]:
        first, *rest = paragraph(value, max(8, width - 10), tone)
        yield line(piece(_filled(label), "label"), *first.pieces)
        for one in rest:
            yield line(" " * 10, *one.pieces)

    final = texts.text(text(" (closed)")) if ahead.final else ""
    yield from told(texts.text(text("State")), ahead.title.of(texts.lang) + final, "strong")
    handler = names.get(ahead.handler or "", ahead.handler or texts.text(text("nobody")))
    yield from told(texts.text(text("Handler")), handler)
    yield from told(texts.text(text("Owner")), names.get(ahead.owner, ahead.owner))
    for index, clock in enumerate(ahead.clocks):
        label = texts.text(text("Clocks")) if index == 0 else ""
        yield from told(label, _clock(clock, texts), _TONES.get(clock.change, ""))
    tellings = [_notice(one.recipient, one.via, texts, names) for one in ahead.notices]
    if tellings:
        shown = texts.listing(dict.fromkeys(tellings))
        yield from told(texts.text(text("Told")), shown)
    if ahead.opened:
        opened = texts.listing(workflows.get(one, one) for one in ahead.opened)
        yield from told(texts.text(text("Opens")), opened, "info")
    if ahead.undo:
        yield from told("", texts.text(text("It can be undone for ten seconds.")), "dim")


def _not_yet(refused: FormRefused, texts: Texts, width: int) -> Iterator[Line]:
    """Yield what has to be filled in or mended first, each field by its title."""
    for name, reason in refused.faults:
        title = texts.value(refused.titles.get(name) or name)
        yield from paragraph(
            texts.say("{field}: {reason}", field=title, reason=reason), width, "warn"
        )


def _filled(label: str) -> str:
    return fit(label, 9) + " "


def _clock(clock: ClockChange, texts: Texts) -> str:
    title, change = (
        clock.title.of(texts.lang),
        texts.text(_CHANGES.get(clock.change, clock.change)),
    )
    if clock.due_at is None:
        return texts.say("{promise} {change}", promise=title, change=change)
    return texts.say(
        "{promise} {change}, due {due}",
        promise=title,
        change=change,
        due=_short(clock.due_at, texts),
    )


def _short(moment: datetime, texts: Texts) -> str:
    return moment.astimezone(texts.timezone).strftime("%m-%d %H:%M")


def _notice(recipient: str, via: str, texts: Texts, names: Mapping[str, str]) -> str:
    who = (
        texts.text(text("the customer"))
        if recipient == "customer"
        else names.get(recipient, recipient)
    )
    return f"{who} ({texts.text(CHANNELS.get(via, via))})" if via != "notice" else who


def _reply(reply: ReplyPreview, texts: Texts, width: int) -> Iterator[Line]:
    yield line(
        texts.say(
            "{via} to {address}",
            via=texts.text(CHANNELS.get(reply.via, reply.via)),
            address=reply.address,
        )
    )
    if reply.parts:
        yield line(
            piece(
                texts.say("{parts} SMS, {units} units", parts=reply.parts, units=reply.units),
                "dim",
            )
        )
    if reply.subject:
        yield from paragraph(reply.subject, width, "strong")
    for one in reply.text.split("\n"):
        yield from paragraph(one, width)
