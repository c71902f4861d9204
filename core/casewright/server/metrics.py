"""What the server counts and measures of itself."""

from collections.abc import Sequence
from typing import Any

from casewright.desk.vitals import Vitals
from casewright.desk.vitals import figures as vital_figures
from casewright.errors import CasewrightError
from casewright.figures import Figures
from casewright.model import Receipt

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)
_GROUPS = (1, 2, 4, 8, 16, 32, 64, 128)
DONE, REPEATED, REFUSED, FAILED = "done", "repeated", "refused", "failed"
NONE = Vitals(
    worker="",
    lag=0.0,
    overdue={},
    late_timers=0,
    late_notices=0,
    outbox=0,
    calls=0,
    sessions=0,
    given_up=0,
)
"""Where the database does not tell."""


class Metrics:
    """The figures of one server; one label a figure at most, and never anything that somebody typed."""

    def __init__(self) -> None:
        self._vitals = NONE
        self._figures = figures = Figures()
        figures.read_from(lambda: vital_figures(self._vitals))
        self.commands = figures.counter("commands", "Commands by outcome.", "outcome")
        self.command_seconds = figures.histogram(
            "command_seconds", "From when a command came until it was durable.", _SECONDS
        )
        self.groups = figures.histogram(
            "commit_commands", "Commands that were made durable by one commit.", _GROUPS
        )
        self.query_seconds = figures.histogram(
            "query_seconds",
            "From when a query came until it was answered, by lane.",
            _SECONDS,
            "lane",
        )
        self.waiting = figures.gauge("commands_waiting", "Commands that wait for their turn.")
        self.asking = figures.gauge("queries_waiting", "Queries that wait for a reader.")
        self.followers = figures.gauge("followers", "Those who follow what changes.")
        self.sequence = figures.gauge("sequence", "The newest event.")
        for outcome in (DONE, REPEATED, REFUSED, FAILED):
            self.commands.labels(outcome)

    def committed(self, outcomes: Sequence[tuple[float, Any]]) -> None:
        """Count a group of commands: how many seconds each took, and what came of it."""
        self.groups.observe(len(outcomes))
        for seconds, outcome in outcomes:
            for one in outcome if isinstance(outcome, tuple) else [outcome]:
                self.commands.labels(_said(one)).inc()
            self.command_seconds.observe(seconds)

    def text(self, seen: Vitals) -> bytes:
        """Return all figures as Prometheus reads them, with how the workspace does."""
        self._vitals = seen
        return self._figures.text()


def _said(outcome: object) -> str:
    if isinstance(outcome, CasewrightError):
        return REFUSED
    if isinstance(outcome, BaseException):
        return FAILED
    return REPEATED if isinstance(outcome, Receipt) and outcome.repeated else DONE
