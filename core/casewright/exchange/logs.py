"""The door for event logs: CSV or XES, plain or gzipped, told apart by what the file holds."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from casewright.exchange.csv_log import read_csv, read_csv_header
from casewright.exchange.log_bytes import looks_like_xml, open_log
from casewright.exchange.log_model import LIMITS, Case, Columns, Limits, LogEvent, refusal
from casewright.exchange.xes_log import read_xes, read_xes_keys, refuse_many_events

__all__ = [
    "LIMITS",
    "Case",
    "Columns",
    "Limits",
    "LogEvent",
    "column_names",
    "read_cases",
    "read_log",
]


def read_log(path: Path, columns: Columns, *, limits: Limits = LIMITS) -> Iterator[LogEvent]:
    """Yield the log's events in the file's order, without holding the file in memory.

    Raises `LogRefused` with place and reason, `FileUnreadable` if it cannot be opened.
    """
    with open_log(path, limits) as source:
        read = read_xes if looks_like_xml(source) else read_csv
        yield from read(source, columns, file=str(path), limits=limits)


def read_cases(path: Path, columns: Columns, *, limits: Limits = LIMITS) -> list[Case]:
    """Return the log's cases by the time of their first event; ties keep the file's order."""
    by_case: dict[str, list[LogEvent]] = {}
    for count, event in enumerate(read_log(path, columns, limits=limits), start=1):
        refuse_many_in_all(count, event.line, str(path), limits)
        events = by_case.setdefault(event.case, [])
        events.append(event)
        refuse_many_events(len(events), event.line, str(path), limits)
    if not by_case:
        raise refusal(str(path), 0, "the log holds no events")
    for events in by_case.values():
        events.sort(key=lambda event: event.at)
    cases = [Case(id=case, events=tuple(events)) for case, events in by_case.items()]
    return sorted(cases, key=lambda case: case.events[0].at)


def column_names(path: Path, *, limits: Limits = LIMITS) -> list[str]:
    """Return the columns of a CSV log, or the attribute keys in an XES log's first traces."""
    with open_log(path, limits) as source:
        read = read_xes_keys if looks_like_xml(source) else read_csv_header
        return read(source, file=str(path), limits=limits)


def times_without_zone(cases: Iterable[Case]) -> int:
    """Return how many events came without a time zone and were therefore taken as UTC."""
    return sum(not event.zone_given for case in cases for event in case.events)


def refuse_many_in_all(count: int, line: int, file: str, limits: Limits) -> None:
    """Refuse a log with more events than memory should hold at once."""
    if count > limits.events:
        raise refusal(file, line, "the log has more than {limit} events", limit=limits.events)
