"""Figures as Prometheus reads them: counters, gauges and histograms of one process. The only door to prometheus_client."""

from collections.abc import Callable, Iterable, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric as Metric
from prometheus_client.registry import Collector

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_PREFIX = "casewright_"


class Figures:
    """The figures of one process; a label or none each, and never anything that somebody typed."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()

    def counter(self, name: str, said: str, label: str) -> Counter:
        """Return a new figure that only goes up, told apart by a label."""
        return Counter(f"{_PREFIX}{name}", said, [label], registry=self._registry)

    def gauge(self, name: str, said: str) -> Gauge:
        """Return a new figure that goes up and down."""
        return Gauge(f"{_PREFIX}{name}", said, registry=self._registry)

    def histogram(
        self, name: str, said: str, buckets: Sequence[float], *labels: str
    ) -> Histogram:
        """Return a new figure that is told by how often it was how large."""
        full = f"{_PREFIX}{name}"
        return Histogram(full, said, list(labels), buckets=buckets, registry=self._registry)

    def read_from(self, read: Callable[[], Iterable[Metric]]) -> None:
        """Have further figures read anew each time they are asked for."""
        self._registry.register(_Reading(read))

    def text(self) -> bytes:
        """Return all figures as Prometheus reads them."""
        return generate_latest(self._registry)


class _Reading(Collector):
    def __init__(self, read: Callable[[], Iterable[Metric]]) -> None:
        self._read = read

    def collect(self) -> Iterable[Metric]:
        return self._read()


def counted(name: str, said: str, count: float) -> Metric:
    """Return how often something has happened, as it is counted elsewhere."""
    return CounterMetricFamily(f"{_PREFIX}{name}", said, value=count)


def stands(name: str, said: str, value: float) -> Metric:
    """Return how much there is of something, as it is known elsewhere."""
    return GaugeMetricFamily(f"{_PREFIX}{name}", said, value=value)


def stands_by(name: str, said: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    """Return how much there is of something for each value of a label."""
    family = GaugeMetricFamily(f"{_PREFIX}{name}", said, labels=[label])
    for kind, value in values:
        family.add_metric([kind], value)
    return family


def spread(
    name: str, said: str, columns: Iterable[tuple[float | None, int]], total: float
) -> Metric:
    """Return a histogram that is kept elsewhere: the upper end of each column (None: without end), and how many are in it."""
    below, buckets = 0, []
    for end, count in columns:
        below += count
        buckets.append(("+Inf" if end is None else str(end), float(below)))
    return HistogramMetricFamily(f"{_PREFIX}{name}", said, buckets=buckets, sum_value=total)
