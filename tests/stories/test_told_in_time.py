"""A work order told in time: with the shipped workflows, a real worker and a channel that writes a file."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from tests.conftest import ROOT, settings

from casewright.clock import SetClock, from_microseconds
from casewright.commands import SavePerson, TakeNotice
from casewright.delivery.channels import open_channel
from casewright.desk import open_desk
from casewright.model import SYSTEM
from casewright.settings.channels import channel_from
from casewright.settings.toml_places import TomlPlaces
from casewright.store import inbox, notices
from casewright.store.notices import StoredNotice
from casewright.worker.loop import Worker

from .centre import ACCEPTANCE, BROKEN_LINE, COMPLETION, DISPATCH, Centre

HANDLER, OWNER, LEAD, OPENER = "lin_tao", "gao_jian", "fan_rong", "zhao_lei"
PHONES = {
    HANDLER: "+8613800000030",
    OWNER: "+8613800000031",
    LEAD: "+8613800000099",
    OPENER: "+8613800000014",
}


@dataclass(frozen=True)
class Told(Centre):
    """A centre with a worker, and the file that its SMS channel writes."""

    sent: Path

    def until(self, moment: datetime) -> None:
        """Let time pass, with a worker that is called whenever something is due."""
        working = self.desk.working()
        while (due := self._next()) is not None and due <= moment:
            self.clock.set(max(due, self.clock.now()))
            self._work()
        self.clock.set(moment)
        self._work()
        assert working.next_moment() is None or working.next_moment() > moment

    def _next(self) -> datetime | None:
        database = self.desk.working().database
        with database.read():
            found = inbox.next_at(database)
        return None if found is None else from_microseconds(found)

    def _work(self) -> None:
        working = self.desk.working()
        channels = {name: open_channel(one) for name, one in working.config.channels.items()}
        worker = Worker(
            working, channels, holder="the story's", tell=lambda line: None, stop=Event()
        )
        worker.run(once=True)

    def of(self, order: str, reason: str, via: str) -> dict[str, StoredNotice]:
        """Return the notices of an order for one reason over one channel, by recipient."""
        database = self.desk.working().database
        with database.read():
            found = notices.fitting(database, ticket=order, limit=1000)
        return {one.recipient: one for one in found if (one.reason, one.via) == (reason, via)}

    def arrived(self, notice: StoredNotice) -> datetime:
        """Return when a notice was delivered, as its hops tell."""
        database = self.desk.working().database
        with database.read():
            hops = notices.hops(database, notice)
        return next(from_microseconds(hop.at) for hop in hops if hop.state == "delivered")

    def texts_to(self, person: str) -> list[str]:
        """Return the messages that were written to somebody's number."""
        if not self.sent.is_file():
            return []
        lines = [
            json.loads(line) for line in self.sent.read_text(encoding="utf-8").splitlines()
        ]
        return [one["text"] for one in lines if one["address"] == PHONES[person]]


@pytest.fixture
def told(centre_database: Path, tmp_path: Path, clock: SetClock) -> Iterator[Told]:
    places = TomlPlaces(file=str(tmp_path / "casewright.toml"), text="")
    sms = channel_from("sms", {"driver": "file", "path": "sms.jsonl"}, places)
    config = replace(settings(ROOT, tmp_path), channels={"sms": sms})
    shutil.copyfile(centre_database, config.database)
    with open_desk(config, clock=clock) as desk:
        person = SavePerson(
            actor=SYSTEM,
            name=LEAD,
            en="Fan Rong",
            zh="范荣",
            roles=("team_leader",),
            team="network_operations",
            department="network_operations",
            phone=PHONES[LEAD],
        )
        desk.execute_as_system(person)
        yield Told(desk, clock, tmp_path / "sms.jsonl")


def an_order_in_progress(told: Told) -> str:
    """A complaint's handler has dispatched a work order, and the department has signed for it."""
    complaint = told.open(OPENER, "complaint", BROKEN_LINE)
    told.fire(OPENER, complaint, "accept", ACCEPTANCE)
    (order,) = told.fire(OPENER, complaint, "dispatch", DISPATCH).opened
    told.until(told.wait(minutes=30))
    told.fire(HANDLER, order, "sign")
    assert (told.ticket(order).handler, told.ticket(order).owner) == (HANDLER, OWNER)
    return order


def handling(told: Told, order: str):
    return told.ticket(order).clocks["handling"]


def test_at_four_fifths_handler_and_owner_have_a_notice_and_an_sms_before_it_is_due(told):
    order = an_order_in_progress(told)
    clock = handling(told, order)
    assert clock.asked == "2 days"

    told.until(clock.due_at - timedelta(minutes=5))

    for via in ("notice", "sms"):
        warned = told.of(order, "warning", via)
        assert set(warned) == {HANDLER, OWNER}
        for notice in warned.values():
            assert notice.state == "delivered"
            assert told.arrived(notice) < clock.due_at
            assert notice.said["promise"] == "handling"
    assert any(order in text for text in told.texts_to(HANDLER))
    assert any(order in text for text in told.texts_to(OWNER))
    assert told.of(order, "breach", "sms") == {}
    assert told.is_whole()


def test_at_the_due_time_the_team_leader_hears_of_it_too(told):
    order = an_order_in_progress(told)
    due = handling(told, order).due_at

    told.until(due + timedelta(minutes=30))

    everybody = {HANDLER, OWNER, LEAD, OPENER}
    assert everybody <= set(told.of(order, "breach", "notice"))
    by_sms = told.of(order, "breach", "sms")
    assert everybody <= set(by_sms)
    assert {one.state for one in by_sms.values()} == {"delivered"}
    assert all(told.texts_to(person) for person in everybody)
    assert handling(told, order).breached_at == due
    assert told.ticket(order).priority == "high"


def test_taking_the_notice_stops_the_nagging(told):
    order = an_order_in_progress(told)
    due = handling(told, order).due_at
    told.until(due - timedelta(hours=4))
    first = told.of(order, "warning", "notice")[HANDLER]
    sent = len(told.texts_to(HANDLER))

    command = TakeNotice(
        actor=HANDLER, ticket=order, notice=first.id, until=due - timedelta(minutes=30)
    )
    told.desk.execute(command)
    told.until(due - timedelta(minutes=45))

    assert len(told.texts_to(HANDLER)) == sent
    assert told.of(order, "warning", "notice")[HANDLER].id == first.id
    assert told.of(order, "warning", "notice")[OWNER].id > first.id

    told.fire(HANDLER, order, "complete", COMPLETION)
    told.fire("zhu_yan", order, "pass")
    told.until(due + timedelta(days=3))
    assert told.of(order, "breach", "notice") == {}
    assert len(told.texts_to(HANDLER)) == sent


def test_an_order_answered_in_time_is_nobodys_nuisance(told):
    order = an_order_in_progress(told)

    told.fire(HANDLER, order, "complete", COMPLETION)
    told.fire("zhu_yan", order, "pass")
    told.until(told.clock.now() + timedelta(days=10))

    for reason in ("warning", "breach", "after_breach", "next_level"):
        assert told.of(order, reason, "notice") == {}
        assert told.of(order, reason, "sms") == {}
