"""Whatever order answers, receipts, crashes and hours come in: each is recorded once, and no state is claimed that was not told."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casewright.clock import SetClock
from casewright.commands import SeeNotices
from casewright.delivery.channel import (
    Accepted,
    Delivered,
    Failed,
    ReceiptSeen,
    Rejected,
    Unknown,
)

from .worker_site import WorkerSite

BEGINNING = datetime(2026, 3, 2, 1, tzinfo=UTC)
PARTS = ("one", "two")
ANSWERS = {
    "accepted": Accepted(provider_ids=PARTS),
    "unknown": Unknown(),
    "delivered": Delivered(),
    "throttled": Rejected(reason="throttled", permanent=False),
    "rejected": Rejected(reason="no", permanent=True),
    "failed": Failed(reason="cut"),
}
STEPS = st.one_of(
    st.just(("begin",)),
    st.just(("crash",)),
    st.just(("see",)),
    st.tuples(st.just("answer"), st.integers(0, 3), st.sampled_from(sorted(ANSWERS))),
    st.tuples(
        st.just("receipt"),
        st.sampled_from(PARTS),
        st.sampled_from(["delivered", "undelivered", "expired", "rejected"]),
    ),
    st.tuples(st.just("later"), st.sampled_from([30, 200, 3_600, 90_000])),
)
TOLD_BY_ANSWER = {"accepted", "unknown", "delivered"}


class Story:
    """One notice, driven step by step as a worker would, and what was told about it."""

    def __init__(self, folder):
        self.site = WorkerSite(folder, SetClock(BEGINNING))
        self.site.fire(self.site.open(), "call")
        self.working = self.site.desk.working()
        self.tasks, self.ended, self.good = [], {}, set()

    def begin(self):
        self.working.gather()
        self.tasks += self.working.begin({"sms": 4})

    def crash(self):
        self.working.take_over()

    def see(self):
        number = next(one.number for one in self.site.notices() if one.via == "sms")
        self.site.desk.execute(SeeNotices(actor="olga", notices=(number,)))

    def answer(self, which, said):
        if which < len(self.tasks):
            task, answer = self.tasks[which], ANSWERS[said]
            first = task.attempt not in self.ended
            assert self.working.conclude(task, answer) is first
            self.ended.setdefault(task.attempt, said)
            self.good |= {said} & TOLD_BY_ANSWER if first else set()

    def receipt(self, part, state):
        self.working.receive(ReceiptSeen(channel="sms", provider_id=part, state=state))

    def later(self, seconds):
        self.site.clock.advance(timedelta(seconds=seconds))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A workspace to be copied."""
    folder = tmp_path_factory.mktemp("laws")
    WorkerSite(folder, SetClock(BEGINNING)).desk.close()
    return folder


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEPS, max_size=14))
def test_a_notice_never_claims_more_than_was_told(prepared, steps):
    with TemporaryDirectory() as folder:
        shutil.copytree(prepared, folder, dirs_exist_ok=True)
        story = Story(Path(folder))
        before = ()
        for name, *arguments in steps:
            getattr(story, name)(*arguments)
            found = story.site.sms(0)
            assert found.hops[: len(before)] == before, "a hop was rewritten"
            before = found.hops
        states = [hop.state for hop in before]

        assert len({(one.outgoing.key, one.outgoing.text) for one in story.tasks}) <= 1
        assert [one.number for one in found_attempts(story)] == [t.attempt for t in story.tasks]
        outcomes = {"throttled": "rejected"}
        for one in found_attempts(story):
            said = story.ended.get(one.number)
            assert one.outcome == ("" if said is None else outcomes.get(said, said))
        for state in TOLD_BY_ANSWER & set(states):
            assert state in story.good or (state == "delivered" and "accepted" in story.good)
        for state in ("accepted", "unknown", "delivered", "seen", "dead"):
            assert states.count(state) <= 1
        assert "seen" not in states or states[-1] == "seen"
        story.site.desk.close()


def found_attempts(story):
    return story.site.sms(0).attempts
