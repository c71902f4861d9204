"""A load on a simulated clock: what arrives is served, overflows and waits as it would, and as queueing theory says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from casewright.strict_yaml import load as yaml_of
from casewright_routing import load, load_rows, load_streams
from casewright_routing.load import Arrival, load_of
from casewright_routing.load_file import read_load
from casewright_routing.routing_file import rules_of
from casewright_routing.rules import Ask, Member, Overflow
from casewright_routing.simulating import simulate

from .centre import MINUTE, both, queue, rules
from .example import EXAMPLE

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
ZERO = timedelta()


def arrivals(*minutes, handling=10, facts=None):
    return [
        Arrival(at=START + one * MINUTE, facts=facts or {}, handling=handling * MINUTE)
        for one in minutes
    ]


def staffed(centre, *members):
    return replace(centre, members={one.name: one for one in members})


def test_tickets_wait_for_a_hand_and_the_agent_is_as_busy_as_that_takes():
    report = simulate(
        staffed(rules(queue("q")), Member(name="ana")), load_of(arrivals(0, 5, 30))
    )

    (told,) = report.queues
    assert (told.offered, told.served, told.unserved) == (3, 3, 0)
    assert (told.wait_p50, told.wait_p90, told.wait_max) == (ZERO, 5 * MINUTE, 5 * MINUTE)
    assert report.agents[0].handled == 3
    assert report.agents[0].occupancy == pytest.approx(30 / 40)


def test_a_ticket_overflows_after_its_minutes_although_nothing_else_happens():
    late = Overflow(to="many", after=7 * MINUTE)
    centre = rules(queue("q", skills={"english": 1}, overflow=(late,)))

    report = simulate(
        staffed(centre, Member(name="poly", skills={"many": 1})), load_of(arrivals(0))
    )

    assert report.queues[0].overflowed == 1
    assert report.queues[0].wait_max == 7 * MINUTE


def test_a_ticket_waits_for_the_next_shift_and_what_nobody_could_take_is_told():
    centre, _ = rules_of(yaml_of(EXAMPLE, file="routing.yaml"))
    evening = START + timedelta(hours=8)
    centre = replace(centre, members={"chen_jing": centre.members["chen_jing"]})
    inquiry, japanese = {"workflow": "inquiry"}, {"workflow": "inquiry", "fields.x": 1}
    asks = (Ask(when=(("fields.x", (1,)),), skills={"languages": 1}),)

    report = simulate(
        replace(centre, asks=asks),
        load_of(
            [Arrival(at=evening, facts=one, handling=MINUTE) for one in (inquiry, japanese)]
        ),
    )

    inquiries = report.queues[1]
    assert (inquiries.served, inquiries.wait_max) == (1, timedelta(hours=14))
    assert (inquiries.unserved, inquiries.hopeless) == (1, 1)


def test_equal_loads_make_equal_reports_and_another_seed_another(tmp_path):
    path = tmp_path / "load.yaml"
    path.write_text(LOAD, encoding="utf-8")
    centre, _ = rules_of(yaml_of(EXAMPLE, file="routing.yaml"))

    one, again, other = (
        simulate(centre, read_load(path, centre, seed=seed)[0]) for seed in (7, 7, 8)
    )

    assert one == again
    assert one != other
    assert one.queues[1].offered > 50


def test_random_arrivals_wait_as_long_as_erlang_says():
    """A load of 10 erlang on 14 agents: Erlang C gives a mean wait of 7.84 s at 180 s of handling."""
    draw, at, found = Random(11), START, []
    for _ in range(40_000):
        at += timedelta(seconds=18) * draw.expovariate(1)
        found.append(
            Arrival(at=at, facts={}, handling=timedelta(minutes=3) * draw.expovariate(1))
        )
    members = [Member(name=f"agent_{number:02}") for number in range(14)]

    report = simulate(staffed(rules(queue("q")), *members), load_of(found))

    assert report.queues[0].wait_mean.total_seconds() == pytest.approx(7.84, rel=0.15)
    occupied = [one.occupancy for one in report.agents]
    assert sum(occupied) / 14 == pytest.approx(10 / 14, rel=0.02)


# --- files ---------------------------------------------------------------------------------------

LOAD = """\
arrivals:
  - {at: 2026-03-02T09:00, handling: 10 minutes, facts: {workflow: complaint, state: registered}}
streams:
  - {from: 2026-03-02T09:00, for: 4 hours, every: 3 minutes, handling: 9 minutes, facts: {workflow: inquiry}, random: true}
agents:
  temp: {count: 2, skills: {refunds: 3, english: 1}, teams: [front_1], shift: early}
"""
ROWS = """\
at,handling,workflow,customer.tier,fields.injury,fields.amount
2026-03-02T09:05,2.5,complaint,gold,true,7
2026-03-02T09:00+08:00,1,inquiry,,,
"""


@pytest.fixture
def read(tmp_path):
    centre, _ = rules_of(yaml_of(EXAMPLE, file="routing.yaml"))

    def reading(text, ending=".yaml"):
        path = tmp_path / f"load{ending}"
        path.write_text(text, encoding="utf-8")
        return read_load(path, centre, file="load")

    return reading


def test_a_load_of_rows_is_read_with_facts_as_columns(read):
    found, problems = read("\ufeff" + ROWS, ".csv")

    assert problems == []
    assert [one.at for one in found.arrivals] == [START, START + 5 * MINUTE]
    assert found.arrivals[1].handling == timedelta(seconds=150)
    assert found.arrivals[1].facts == {
        "workflow": "complaint",
        "customer.tier": "gold",
        "fields.injury": True,
        "fields.amount": 7,
    }


def test_streams_repeat_and_agents_can_be_counted(read):
    found, problems = read(LOAD.replace("random: true", "random: false"))

    assert problems == []
    assert len(found.arrivals) == 81
    assert sorted(found.members) == ["temp_1", "temp_2"]
    assert found.members["temp_2"].shifts == ("early",)


@pytest.mark.parametrize(
    ("right", "wrong", "line", "sentence"),
    [
        ("handling,workflow", "handling,workfow", 1, "did you mean 'workflow'"),
        ("customer.tier", "workflow", 1, "stands here twice"),
        ("at,handling", "at,channel", 1, "'handling' is missing"),
        (",2.5,", ",-1,", 2, "write minutes"),
        (",2.5,", ",nan,", 2, "write minutes"),
        ("2026-03-02T09:05", "yesterday", 2, "write the time"),
        ("inquiry,,,", "inquiry,", 3, "4 cells"),
        ("inquiry", '"inquiry', 3, "not a valid CSV"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_with_its_line(read, right, wrong, line, sentence):
    found, problems = read(ROWS.replace(right, wrong, 1), ".csv")

    assert found is None
    assert sentence in str(problems[0].message)
    assert problems[0].place.line == line


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("every: 3 minutes", "evry: 3 minutes", "did you mean 'every'"),
        ("handling: 10 minutes", "handling: 10", "not a duration"),
        ("random: true", "random: sometimes", "true or false"),
        ("workflow: inquiry", "workflw: inquiry", "did you mean 'workflow'"),
        ("shift: early", "shift: late", "no shift 'late'"),
        ("at: 2026-03-02T09:00", "at: soon", "write the time"),
        ("count: 2", "count: 0", "no whole number"),
    ],
)
def test_what_is_wrong_with_a_load_is_told(read, right, wrong, sentence):
    found, problems = read(LOAD.replace(right, wrong, 1))

    assert found is None
    assert [one for one in problems if sentence in str(one.message)]


def test_a_load_of_too_many_arrivals_is_refused_before_it_fills_the_memory(monkeypatch, read):
    for module in (load, load_rows, load_streams):
        monkeypatch.setattr(module, "MOST_ARRIVALS", 70)
    rows = ROWS.splitlines()[0] + 90 * "\n2026-03-02T09:05,1,inquiry,,,"

    for found, problems in (read(LOAD), read(rows, ".csv")):
        assert found is None
        assert "at most 70 arrivals" in str(problems[-1].message)


def test_an_empty_load_makes_an_empty_report():
    report = simulate(staffed(rules(queue("q")), Member(name="ana")), load_of([]))

    assert report.queues[0].offered == 0
    assert report.agents[0].occupancy == 0.0
    assert report.queues[0].title == both("q")
