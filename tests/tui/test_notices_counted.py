"""What is told over several channels is one thing to be read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from casewright.answers import Notice
from casewright_tui.pure import notices

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SHOWN = Notice(
    number=1, ticket="CMP-2026-000001", recipient="ana", via="notice", reason="assigned", state="delivered",
    created_at=NOON, send_at=NOON,
)  # fmt: skip
MAILED = replace(SHOWN, number=2, via="email", send_at=NOON + timedelta(minutes=5))
LATER = replace(SHOWN, number=3, created_at=NOON + timedelta(hours=1))


def test_one_event_over_two_channels_counts_once_and_the_next_event_again():
    assert notices.things([SHOWN, MAILED]) == 1
    assert notices.things([SHOWN, MAILED, LATER]) == 2
    assert notices.things([SHOWN, replace(MAILED, ticket="CMP-2026-000002")]) == 2


def test_who_has_seen_one_of_them_has_seen_those_over_other_channels():
    assert notices.same_thing(SHOWN, [SHOWN, MAILED, LATER]) == [SHOWN, MAILED]
