"""`casewright route simulate`: a load runs through the workspace's rules, and nothing is stored."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from casewright import (
    Answer,
    CommandRefused,
    Given,
    ProblemsFound,
    Session,
    WorkspaceNames,
    message,
    names_in,
    table,
    text,
)
from casewright_routing import documents
from casewright_routing.load_file import read_load
from casewright_routing.routing_file import NAME, read_rules
from casewright_routing.rules import Rules
from casewright_routing.simulating import simulate as simulated
from casewright_routing.simulation_report import SimulationReport


def simulate(session: Session, given: Given) -> Answer:
    """Answer with what comes of a load."""
    root = session.config.root
    names = names_in(root)
    rules = _rules(root / NAME, names)
    path = Path(given.needed("load"))
    load, problems = read_load(path, rules, seed=_seed(given), names=names)
    if load is None:
        raise ProblemsFound.of(tuple(problems))
    report = simulated(rules, load)
    return Answer(
        document=documents.simulation(session.texts, report), lines=[*_lines(session, report)]
    )


def _rules(path: Path, names: WorkspaceNames) -> Rules:
    rules, problems = read_rules(path, file=path.name, names=names)
    if rules is None:
        raise ProblemsFound.of(tuple(one for one in problems if one.grave))
    return rules


def _seed(given: Given) -> int:
    written = given.text("seed") or "0"
    if not written.isdecimal() or len(written) > 18:
        raise CommandRefused(reason=message("a seed is a whole number"))
    return int(written)


def _lines(session: Session, report: SimulationReport) -> Iterator[str]:
    texts = session.texts
    yield texts.text(
        "Waits are in minutes: their mean, what half and 90 % waited at most, the longest."
    )
    waits = ("wait_mean", "wait_p50", "wait_p90", "wait_max")
    rows = [
        (
            one.queue,
            one.offered,
            one.served,
            one.unserved,
            one.overflowed,
            *(_minutes(getattr(one, name)) for name in waits),
        )
        for one in report.queues
    ]
    yield from table([texts.text(one) for one in _QUEUES], rows)
    yield ""
    handled = [(one.agent, one.handled, f"{one.occupancy:.0%}") for one in report.agents]
    yield from table([texts.text(one) for one in _AGENTS], handled)


def _minutes(length: timedelta) -> float:
    return round(length.total_seconds() / 60, 1)


_QUEUES = (
    text("queue"),
    text("arrived"),
    text("served"),
    text("unserved"),
    text("overflow"),
    text("mean"),
    text("half"),
    text("90 %"),
    text("longest"),
)
_AGENTS = (text("agent"), text("tickets"), text("occupancy"))
