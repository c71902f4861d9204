"""What a simulation came to, as people and programs read it."""

from collections.abc import Iterator, Mapping, Sequence
from shlex import quote
from typing import Any

from casewright.answers import PromiseKeeping
from casewright.cli.answer import Heading
from casewright.cli.board import board_lines, joined
from casewright.cli.output import table
from casewright.cli.reading import Reader
from casewright.cli.session import Session
from casewright.simulating.intents import Span
from casewright.simulating.tally import Outcome
from casewright.texts import Texts, text

_PROMISES = (text("workflow"), text("promise"), text("ended"), text("in time"), text("share"))


def outcome_document(session: Session, span: Span, outcome: Outcome) -> Mapping[str, Any]:
    """Return the outcome as one document."""
    tally = outcome.tally
    return {
        "workspace": str(session.config.root),
        "agents": span.agents,
        "days": span.days,
        "seed": span.seed,
        "start": span.start.isoformat(),
        "ends": span.ends.isoformat(),
        "calls": tally.calls,
        "abandoned": tally.abandoned,
        "tickets": dict(outcome.tickets),
        "board": [
            {"workflow": row.workflow, "state": row.state, "tickets": tickets}
            for row, tickets, _ in joined(outcome.board)
        ],
        "overdue": outcome.overdue,
        "promises": [
            {
                "workflow": one.workflow,
                "promise": one.promise,
                "ended": one.ended,
                "met": one.met,
            }
            for one in _promises(outcome)
        ],
        "breached": outcome.ended - outcome.met,
        "on_time": round(outcome.met / outcome.ended, 4) if outcome.ended else None,
        "notices": dict(sorted(tally.notices.items())),
        "commands": outcome.commands,
        "by_kind": dict(sorted(tally.commands.items())),
        "seconds": round(outcome.seconds, 3),
        "overtaken": tally.overtaken,
        "refused": {
            "planned": dict(sorted(tally.planned.items())),
            "unplanned": tally.refused,
            "first": [
                {
                    "life": one.life,
                    "code": one.code,
                    "error": session.texts.render(one.sentence),
                }
                for one in tally.refusals
            ],
        },
        "timers_failed": tally.troubles,
    }


def outcome_lines(session: Session, span: Span, outcome: Outcome) -> Iterator[str]:
    """Yield the outcome for a reader."""
    texts, tally = session.texts, outcome.tally
    yield Heading(
        texts.say(
            "A contact centre of {agents} agents, {days} day(s) from {start} on, seed {seed}",
            agents=span.agents,
            days=span.days,
            start=span.start.isoformat(),
            seed=span.seed,
        )
    )
    yield texts.say(
        "Calls: {calls}, of which abandoned: {abandoned} ({share}).",
        calls=tally.calls,
        abandoned=tally.abandoned,
        share=_share(tally.abandoned, tally.calls),
    )
    yield texts.say(
        "Commands: {commands} in {seconds} s, {rate} a second.",
        commands=outcome.commands,
        seconds=f"{outcome.seconds:.1f}",
        rate=round(outcome.commands / max(outcome.seconds, 0.001)),
    )
    yield ""
    yield from board_lines(session, joined(outcome.board))
    yield ""
    yield from _kept(session, outcome)
    yield from _told_and_refused(texts, outcome)
    yield ""
    yield texts.text("Look around:")
    yield f"  cd {quote(str(session.config.root))}"
    yield "  casewright tui --as han_lei"


def _kept(session: Session, outcome: Outcome) -> Iterator[str]:
    texts, reader = session.texts, Reader(session)
    yield texts.say(
        "Promises that ended: {ended}, in time: {share}; breached: {breached}; open tickets overdue: {overdue}.",
        ended=outcome.ended,
        share=_share(outcome.met, outcome.ended),
        breached=outcome.ended - outcome.met,
        overdue=outcome.overdue,
    )
    rows = [
        [
            reader.words(reader.workflow(one.workflow)[0].title),
            reader.words(one.title),
            one.ended,
            one.met,
            _share(one.met, one.ended),
        ]
        for one in _promises(outcome)
    ]
    if rows:
        yield from table([texts.text(one) for one in _PROMISES], rows)


def _told_and_refused(texts: Texts, outcome: Outcome) -> Iterator[str]:
    tally = outcome.tally
    told = ", ".join(f"{via} {number}" for via, number in sorted(tally.notices.items()))
    yield texts.say(
        "Messages kept from everybody, that a gateway would have sent: {told}.",
        told=told or "0",
    )
    if tally.troubles:
        yield texts.say("Timers that could not be fired: {count}.", count=tally.troubles)
    for name, number in sorted(tally.planned.items()):
        yield texts.say(
            "Refused, as it should be: {what} ({count}).", what=texts.text(name), count=number
        )
    if tally.refused:
        yield texts.say("Refused, and should not have been: {count}", count=tally.refused)
        for one in tally.refusals:
            yield f"  {texts.render(one.sentence)}"


def _promises(outcome: Outcome) -> Sequence[PromiseKeeping]:
    return [one for _, one in sorted(outcome.tally.promises.items())]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"
