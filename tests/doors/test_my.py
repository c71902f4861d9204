"""`casewright my`: the tickets in one's hands, the one that is due first at the top."""

import json
from datetime import UTC, datetime, timedelta

from .door_site import OTHER

INQUIRY = ("--set", "subject=Opening", "--set", "question=When")


def test_my_tickets_stand_in_the_order_in_which_they_are_due(site):
    def opened(hours: int) -> str:
        received = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=hours)
        told = site.said(
            "ticket", "open", "inquiry", *INQUIRY,
            "--received", received.strftime("%Y-%m-%dT%H:%M"), "--json", user=OTHER,
        )  # fmt: skip
        assert told.returncode == 0, told.stdout + told.stderr
        return str(json.loads(told.stdout)["ticket"])

    keys = {hours: opened(hours) for hours in (100, 300, 200)}
    for key in keys.values():
        site.said("ticket", "assign", key, OTHER, user=OTHER)

    found = json.loads(site.said("my", "--json", user=OTHER).stdout)["tickets"]
    shown = site.said("my", user=OTHER).stdout.decode()

    assert [one["key"] for one in found] == [keys[300], keys[200], keys[100]]
    assert [shown.index(keys[hours]) for hours in (300, 200, 100)] == sorted(
        shown.index(key) for key in keys.values()
    )
