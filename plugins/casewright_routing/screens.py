"""What routing brings to the terminal: how its queues stand, why a ticket goes to whom it goes, and the next ticket."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from casewright import Message, text
from casewright_routing.answers import Decision, QueueStanding, RouteStory
from casewright_routing.commands import READ, TAKE, TakeNext
from casewright_routing.giving import sentence
from casewright_routing.queries import ExplainRoute, GetQueues
from casewright_tui.lines import Line, Lines, columns, line, paragraph, piece
from casewright_tui.panels import Asking, Claim, Panel, Showing

NUMBERS = 9
"""Cells of a column of numbers."""


def _queues(found: Sequence[QueueStanding], showing: Showing) -> Lines:
    """Return a line for each queue: what waits, since when, and who is there."""
    texts = showing.texts
    name = max(12, min(30, showing.width - 5 * (NUMBERS + 1) - 18))
    widths = (name, NUMBERS, 16, NUMBERS, NUMBERS, NUMBERS, NUMBERS)
    titles = [piece(texts.text(one), "label") for one in _TITLES]
    rows = [
        (
            piece(texts.value(one.title), "strong"),
            piece(one.waiting, "warn" if one.waiting else "dim"),
            piece(texts.moment(one.longest_since) if one.longest_since else "", "dim"),
            piece(one.overflowed, "warn" if one.overflowed else "dim"),
            piece(one.hopeless, "bad" if one.hopeless else "dim"),
            piece(one.free, "good" if one.free else "bad"),
            piece(one.busy),
        )
        for one in found
    ]
    return [line(piece(" ")), *columns([titles, *rows], widths)]


def _why(story: RouteStory, showing: Showing) -> Lines:
    """Return what was decided about a ticket, and what would be now."""
    lines: list[Line] = []
    for decision in story.decisions:
        lines += _decision(decision, showing)
    lines += _now(story, showing)
    return lines


def _decision(decision: Decision, showing: Showing) -> Iterator[Line]:
    texts = showing.texts
    said = f"{texts.moment(decision.at)}  {texts.render(sentence(decision))}"
    yield from paragraph(said, showing.width, "strong")
    for one in decision.passed_over:
        names = texts.listing(showing.names.get(name, name) for name in one.agents)
        yield from paragraph(
            f"{names}: {texts.render(one.reason)}", showing.width, "dim", indent=2
        )


def _now(story: RouteStory, showing: Showing) -> Iterator[Line]:
    texts, now = showing.texts, story.now
    if now is None:
        resting = story.resting or Message("")
        said = texts.say(
            "{ticket} does not wait: {reason}", ticket=story.ticket, reason=resting
        )
        yield from paragraph(said, showing.width)
        return
    yield from paragraph(texts.render(now.summary), showing.width, "title")
    if now.before:
        said = texts.say("{count} ticket(s) come before it.", count=now.before)
        yield from paragraph(said, showing.width)
    for one in now.candidates:
        name = showing.names.get(one.agent, one.agent)
        reason = texts.text("gets it") if one.reason is None else texts.render(one.reason)
        yield from paragraph(
            f"{name}: {reason}",
            showing.width,
            "good" if one.reason is None else "dim",
            indent=2,
        )


def _ask_queues(asking: Asking) -> GetQueues:
    return GetQueues(actor=asking.actor)


def _ask_why(asking: Asking) -> ExplainRoute:
    return ExplainRoute(actor=asking.actor, ticket=asking.ticket)


def _nowhere(id: str) -> tuple[str, Mapping[str, Any]] | None:
    return None


_TITLES = (
    text("title"),
    text("waiting"),
    text("since"),
    text("overflow"),
    text("hopeless"),
    text("free"),
    text("full"),
)
PANELS = (
    Panel(name="queue_health", title=text("How the queues stand"), at="screen", permission=READ,
          ask=_ask_queues, show=_queues, go=_nowhere),
    Panel(name="why_this_handler", title=text("Why this handler"), at="ticket", permission=READ,
          ask=_ask_why, show=_why, go=_nowhere),
)  # fmt: skip
CLAIM = Claim(permission=TAKE, make=lambda actor: TakeNext(actor=actor))
