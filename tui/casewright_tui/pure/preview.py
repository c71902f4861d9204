"""What stands beside a queue of the row under the cursor: what the row says, its clocks, and what may be done; no customer's data."""

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime

from casewright.answers import ActionOffer, QueueRow
from casewright.sla.standing import Standing
from casewright.swift_dataclass import dataclass
from casewright.telling.kinds import CHANNELS
from casewright_tui.lines import Line, Lines, Piece, Tone, line, paragraph, piece
from casewright_tui.pure import countdown
from casewright_tui.pure.queue_columns import Showing
from casewright_tui.width import fit


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """What is asked of the desk about a row, some while after the cursor has come to rest on it."""

    clocks: Sequence[Standing] = field(default_factory=tuple)
    offers: Sequence[ActionOffer] = field(default_factory=tuple)


LABEL = 10
BAR = 10


def preview(
    row: QueueRow, more: More | None, showing: Showing, width: int, now: datetime
) -> Lines:
    """Return the pane; without `more` what the row alone says."""
    texts, lang = showing.texts, showing.texts.lang
    lines = [line(piece(row.key, "title"), Piece("  "), piece(row.title.of(lang), "strong"))]
    lines += paragraph(row.subject, width, "strong")
    lines.append(Line())
    for label, value in _facts(row, showing):
        if value:
            lines.append(_fact(texts.text(label), value))
    if more is not None:
        lines += _clocks(more.clocks, showing, width, now)
        lines += _actions(more.offers, showing, width)
    return lines


def _facts(row: QueueRow, showing: Showing) -> Sequence[tuple[str, str]]:
    from casewright.texts import text

    texts, lang = showing.texts, showing.texts.lang
    return (
        (text("Workflow"), showing.workflows.get(row.workflow, row.workflow)),
        (text("Priority"), texts.text(row.priority)),
        (text("Customer"), row.customer),
        (text("Handler"), _name(row.handler, showing)),
        (text("Owner"), _name(row.owner, showing)),
        (text("Opened"), texts.moment(row.opened_at)),
        (text("Due"), texts.moment(row.due_at) if row.due_at else ""),
        (text("Promise"), row.promise.of(lang) if row.promise else ""),
        (text("Channel"), texts.text(CHANNELS.get(row.channel, row.channel))),
        (text("Round"), str(row.round) if row.round > 1 else ""),
        (text("Open children"), str(row.children_open or "")),
        (text("Part of"), row.parent or ""),
    )


def _fact(label: str, value: str) -> Line:
    return line(piece(fit(label, LABEL), "label"), Piece(" "), piece(value))


def _clocks(
    clocks: Sequence[Standing], showing: Showing, width: int, now: datetime
) -> list[Line]:
    still = [one for one in clocks if one.clock.open]
    if not still:
        return []
    return [Line(), *(_clock(one, showing, now) for one in still)]


def _clock(one: Standing, showing: Showing, now: datetime) -> Line:
    lang = showing.texts.lang
    shown: tuple[str, Tone]
    if one.clock.paused:
        shown = (f"{showing.paused} {showing.texts.text('paused')}", "dim")
    elif one.clock.due_at is None:
        shown = ("", "")
    else:
        seconds = int((one.clock.due_at - now).total_seconds() // 1)
        late = seconds < 0
        shown = (
            ("-" if late else "") + countdown.span(abs(seconds), lang),
            "bad" if late else "good",
        )
    percent = "" if one.percent is None else f" {min(one.percent, 999)} %"
    return line(
        piece(fit(one.title.of(lang), LABEL + 6), "label"),
        Piece(" "),
        piece(*shown),
        piece(percent, "dim"),
    )


def _actions(offers: Sequence[ActionOffer], showing: Showing, width: int) -> list[Line]:
    lang = showing.texts.lang
    if not offers:
        return []
    lines = [Line()]
    for one in offers:
        key = piece(f" {one.key or ' '} ", "key" if one.blocked is None else "dim")
        lines.append(line(key, piece(one.title.of(lang), "" if one.blocked is None else "dim")))
        if one.blocked is not None:
            lines += paragraph(showing.texts.render(one.blocked), width, "dim", indent=5)
    return lines


def _name(name: str | None, showing: Showing) -> str:
    return showing.names.get(name, name) if name else showing.texts.text("nobody")
