"""What could not be done and was given up: events other systems were not told of, notices that reached nobody, failed timers."""

from collections.abc import Sequence

from casewright.answers import DeadLetter, Health, Notice, Timer
from casewright.telling.kinds import NOTICE_STATES
from casewright.telling.notices import REASONS
from casewright.texts import Texts, text
from casewright_tui.lines import Line, Lines, line, paragraph, piece
from casewright_tui.width import fit

LETTER, NOTICE, TIMER = "letter:", "notice:", "timer:"
"""How ids of lines begin."""


def health(found: Health, texts: Texts) -> Line:
    """Return in one line whether what is due is done."""
    late = found.late_timers + found.late_notices
    given_up = sum(found.given_up.values()) + found.failed_timers
    worker = (
        texts.text(text("a worker is at work"))
        if found.worker
        else texts.text(text("no worker is at work"))
    )
    return line(
        piece(f" {worker}  ", "good" if found.worker else "bad"),
        piece(texts.say("late: {count}  ", count=late), "bad" if late else "dim"),
        piece(texts.say("given up: {count}", count=given_up), "warn" if given_up else "dim"),
    )


def letters(found: Sequence[DeadLetter], texts: Texts, width: int) -> Lines:
    """Return a line for each event that another system was not told of."""
    return [
        line(
            piece(texts.moment(one.at) + " ", "dim"), piece(fit(one.webhook, 14) + " ", "strong"), piece(one.ticket),
            piece("  " + texts.say("{count} attempts", count=one.attempts), "dim"),
            id=f"{LETTER}{one.webhook}:{one.event}",
        ).filled(width)
        for one in found
    ]  # fmt: skip


def notices(found: Sequence[Notice], texts: Texts, width: int) -> Lines:
    """Return a line for each notice that was given up."""
    return [
        line(
            piece(texts.moment(one.send_at) + " ", "dim"),
            piece(fit(texts.text(NOTICE_STATES.get(one.state, one.state)), 10) + " ", "bad"),
            piece(one.ticket + " ", "strong"), piece(f"{one.recipient} · {one.via} · "),
            piece(one.message.of(texts.lang) if one.message else texts.text(REASONS.get(one.reason, one.reason)), "dim"),
            id=f"{NOTICE}{one.number}",
        ).filled(width)
        for one in found
    ]  # fmt: skip


def timers(found: Sequence[Timer], texts: Texts, width: int) -> Lines:
    """Return a line for each timer that was given up."""
    return [
        line(
            piece(texts.moment(one.due_at) + " ", "dim"), piece(one.ticket + " ", "strong"), piece(one.name),
            id=f"{TIMER}{one.ticket}:{one.name}",
        ).filled(width)
        for one in found
    ]  # fmt: skip


def reason(one: DeadLetter | Notice | Timer, texts: Texts, width: int) -> Lines:
    """Return why something was given up, as far as that is known."""
    if isinstance(one, Notice):
        return paragraph(
            texts.text("The notice's own story says why: `casewright notice show`."),
            width,
            "dim",
        )
    if one.error is None:
        return paragraph(texts.text("No reason was recorded."), width, "dim")
    return paragraph(texts.render(one.error), width, "bad")
