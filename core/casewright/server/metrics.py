"""What the server counts and measures of itself, as Prometheus reads it. The only door to prometheus_client."""

from collections.abc import Sequence
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from casewright.errors import CasewrightError
from casewright.model import Receipt

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)
_GROUPS = (1, 2, 4, 8, 16, 32, 64, 128)
DONE, REPEATED, REFUSED, FAILED = "done", "repeated", "refused", "failed"


class Metrics:
    """The figures of one server; one label a figure at most, and never anything that somebody typed."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.commands = Counter(
            "casewright_commands", "Commands by outcome.", ["outcome"], registry=self._registry
        )
        self.command_seconds = Histogram(
            "casewright_command_seconds",
            "From when a command came until it was durable.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.groups = Histogram(
            "casewright_commit_commands",
            "Commands that were made durable by one commit.",
            buckets=_GROUPS,
            registry=self._registry,
        )
        self.query_seconds = Histogram(
            "casewright_query_seconds",
            "From when a query came until it was answered, by lane.",
            ["lane"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.waiting = self.gauge("commands_waiting", "Commands that wait for their turn.")
        self.asking = self.gauge("queries_waiting", "Queries that wait for a reader.")
        self.followers = self.gauge("followers", "Those who follow what changes.")
        self.sequence = self.gauge("sequence", "The newest event.")
        self.worker = self.gauge("worker", "Whether a worker is at work.")
        self.worker_lag = self.gauge("worker_lag_seconds", "How late the most overdue is.")
        self.late_timers = self.gauge("late_timers", "Timers that should have been fired.")
        self.outbox = self.gauge("outbox", "Notices and messages that wait to be sent.")
        self.sessions = self.gauge("sessions", "Sessions that are not over.")
        for outcome in (DONE, REPEATED, REFUSED, FAILED):
            self.commands.labels(outcome)

    def gauge(self, name: str, said: str) -> Gauge:
        """Return a new figure that goes up and down."""
        return Gauge(f"casewright_{name}", said, registry=self._registry)

    def committed(self, outcomes: Sequence[tuple[float, Any]]) -> None:
        """Count a group of commands: how many seconds each took, and what came of it."""
        self.groups.observe(len(outcomes))
        for seconds, outcome in outcomes:
            for one in outcome if isinstance(outcome, tuple) else [outcome]:
                self.commands.labels(_said(one)).inc()
            self.command_seconds.observe(seconds)

    def text(self) -> bytes:
        """Return all figures as Prometheus reads them."""
        return generate_latest(self._registry)


def _said(outcome: object) -> str:
    if isinstance(outcome, CasewrightError):
        return REFUSED
    if isinstance(outcome, BaseException):
        return FAILED
    return REPEATED if isinstance(outcome, Receipt) and outcome.repeated else DONE
