"""A supervision order: a promise that every workflow can be held to, with a ladder of its own."""

from datetime import datetime

from casewright.bilingual import Bilingual
from casewright.durations import Duration
from casewright.engine.draft import Draft
from casewright.workflows.spec import LadderStep, Party, Promise, Target, Threshold

NAME = "supervision"
ORDERED = ("event", "supervised")
ANSWERED = ("event", "answered")

_HANDLER, _OWNER = Party("relation", "handler"), Party("relation", "owner")
_MONITOR = Party("role", "monitor")
_BOTH = ("notice", "sms")


def answer_due(draft: Draft) -> datetime | None:
    """Return by when the order that is being issued wants its answer, if it says so."""
    written = draft.facts.get("answer_due")
    return None if written is None else datetime.fromisoformat(written)


def promise(calendar: str) -> Promise:
    """Return the promise on the workflow's own calendar: one day unless the order says by when."""
    return Promise(
        name=NAME,
        title=Bilingual(en="Supervision order", zh="督办"),
        begins=ORDERED[1],
        until=(ANSWERED[1],),
        targets=(Target(within=Duration(amount=1, unit="days")),),
        again="restart",
        calendar=calendar,
    )


LADDER = (
    LadderStep(at=Threshold(percent=80), tell=(_HANDLER, _OWNER), via=_BOTH),
    LadderStep(at=Threshold(percent=100), tell=(_HANDLER, _OWNER, _MONITOR), via=_BOTH),
    LadderStep(
        at=Threshold(percent=100),
        every=Duration(amount=1, unit="days"),
        times=5,
        tell=(_HANDLER, _OWNER, _MONITOR),
        via=_BOTH,
    ),
)
"""Two warnings before the monitor hears of it, and a daily one after."""
