"""Event logs in XES (IEEE 1849): streamed trace by trace, no DTD, no entities, no tree."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from casewright.exchange.log_model import Columns, Limits, LogEvent, refusal
from casewright.exchange.log_values import (
    RawEvent,
    no_such_column,
    printable,
    refuse_long_text,
    to_event,
)
from casewright.swift_dataclass import dataclass

CASE_PREFIX = "case:"
"""Tells an attribute of the trace from one of its events, as in CSV files made from XES."""

XML_DEFENCES = {"forbid_dtd": True, "forbid_entities": True, "forbid_external": True}

_ATTRIBUTES = frozenset(
    ["string", "date", "int", "float", "boolean", "id", "list", "container"]
)
_ELEMENTS = _ATTRIBUTES | {
    "log",
    "extension",
    "global",
    "classifier",
    "trace",
    "event",
    "values",
}
_CHUNK = 64 * 1024
_SAMPLED_TRACES = 100


def read_xes_keys(source: io.BufferedReader, *, file: str, limits: Limits) -> list[str]:
    """Return the attribute keys of the first traces, `case:...`, then those of their events."""
    of_traces: dict[str, None] = {}
    of_events: dict[str, None] = {}
    for trace in islice(_traces(source, file, limits), _SAMPLED_TRACES):
        of_traces.update(dict.fromkeys(CASE_PREFIX + key for key in trace.values))
        for event in trace.events:
            of_events.update(dict.fromkeys(event.values))
    return [*of_traces, *of_events]


def read_xes(
    source: io.BufferedReader, columns: Columns, *, file: str, limits: Limits
) -> Iterator[LogEvent]:
    """Yield the events, trace by trace, in the file's order."""
    unseen = {*columns.activity, *([columns.agent] if columns.agent else [])}
    known: dict[str, None] = {}
    case_key = columns.case.removeprefix(CASE_PREFIX)
    for trace in _traces(source, file, limits):
        for event in trace.events:
            if unseen:
                unseen.difference_update(event.values)
                known.update(dict.fromkeys(event.values))
            raw = RawEvent(
                case=trace.values.get(case_key),
                activity=tuple(event.values.get(key) for key in columns.activity),
                time=event.values.get(columns.time),
                agent=event.values.get(columns.agent) if columns.agent else None,
                line=event.line,
            )
            yield to_event(raw, columns, file=file, limits=limits)
    _refuse_unseen(unseen, list(known), file)


def refuse_deep_nesting(depth: int, line: int, file: str, limits: Limits) -> None:
    """Refuse attributes within attributes beyond the limit."""
    if depth > limits.depth:
        raise refusal(
            file, line, "elements are nested deeper than {limit} levels", limit=limits.depth
        )


def refuse_unknown_element(name: str, line: int, file: str) -> None:
    """Refuse elements that XES does not have."""
    if name not in _ELEMENTS:
        raise refusal(file, line, "<{name}> is not an element of XES", name=name[:60])


def refuse_long_tag(pending: int, line: int, file: str, limits: Limits) -> None:
    """Refuse a tag or comment without an end, before the parser has stored it all."""
    if pending > limits.row:
        raise refusal(
            file, line, "a tag or comment is longer than {limit} bytes", limit=limits.row
        )


def refuse_many_attributes(count: int, line: int, file: str, limits: Limits) -> None:
    """Refuse an event (or trace) with more attributes than the limit."""
    if count > limits.columns:
        raise refusal(
            file, line, "an event has more than {limit} attributes", limit=limits.columns
        )


def refuse_misplaced(name: str, parent: str, expected: str, line: int, file: str) -> None:
    """Refuse a trace outside the log or an event outside a trace."""
    if parent != expected:
        raise refusal(
            file, line, "<{name}> does not stand in <{expected}>", name=name, expected=expected
        )


def refuse_doubled_key(key: str, values: Mapping[str, str], line: int, file: str) -> None:
    """Refuse a second value for one attribute: nobody can tell which is meant."""
    if key in values:
        raise refusal(file, line, "the attribute '{key}' is given twice", key=printable(key))


def refuse_many_events(count: int, line: int, file: str, limits: Limits) -> None:
    """Refuse a case with more events than the limit."""
    if count > limits.events_per_case:
        raise refusal(
            file, line, "a case has more than {limit} events", limit=limits.events_per_case
        )


@dataclass(slots=True)
class _Element:
    """The direct attributes of one trace or event."""

    line: int
    values: dict[str, str] = field(default_factory=dict)
    count: int = 0


@dataclass(slots=True)
class _Trace(_Element):
    events: list[_Element] = field(default_factory=list)


class _Collector:
    """Receives the parser's callbacks and holds the traces not yet taken, nothing else."""

    def __init__(self, file: str, limits: Limits) -> None:
        self._file, self._limits = file, limits
        self._open: list[str] = []
        self._trace: _Trace | None = None
        self._event: _Element | None = None
        self.finished: list[_Trace] = []
        self.parser: Any = None

    @property
    def line(self) -> int:
        """The line the parser is at."""
        return int(self.parser.parser.CurrentLineNumber)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name, line = tag.rpartition("}")[2], self.line
        parent = self._open[-1] if self._open else ""
        self._open.append(name)
        refuse_deep_nesting(len(self._open), line, self._file, self._limits)
        refuse_unknown_element(name, line, self._file)
        if name in _ATTRIBUTES:
            self._keep(parent, attributes, line)
        elif name == "trace":
            refuse_misplaced(name, parent, "log", line, self._file)
            self._trace = _Trace(line)
        elif name == "event":
            refuse_misplaced(name, parent, "trace", line, self._file)
            self._event = _Element(line)
        elif not parent and name != "log":
            raise refusal(
                self._file, line, "the first element is <{name}>, not <log>", name=name
            )

    def end(self, tag: str) -> None:
        name = self._open.pop()
        if name == "event" and self._trace and self._event:
            self._trace.events.append(self._event)
            refuse_many_events(len(self._trace.events), self.line, self._file, self._limits)
            self._event = None
        elif name == "trace" and self._trace:
            self.finished.append(self._trace)
            self._trace = None

    def _keep(self, parent: str, attributes: Mapping[str, str], line: int) -> None:
        holder = {"event": self._event, "trace": self._trace}.get(parent)
        if holder is None:
            return
        key, value = attributes.get("key", ""), attributes.get("value", "")
        holder.count += 1
        refuse_many_attributes(holder.count, line, self._file, self._limits)
        refuse_long_text(key, line, self._file, self._limits)
        refuse_long_text(value, line, self._file, self._limits)
        refuse_doubled_key(key, holder.values, line, self._file)
        holder.values[key] = value


def _traces(source: io.BufferedReader, file: str, limits: Limits) -> Iterator[_Trace]:
    collector = _Collector(file, limits)
    parser = XMLParser(target=collector, **XML_DEFENCES)
    collector.parser = parser
    fed = 0
    while chunk := source.read(_CHUNK):
        fed += len(chunk)
        _feed(parser, chunk, file)
        refuse_long_tag(fed - parser.parser.CurrentByteIndex, collector.line, file, limits)
        yield from collector.finished
        collector.finished.clear()
    _feed(parser, None, file)
    yield from collector.finished


def _feed(parser: Any, chunk: bytes | None, file: str) -> None:
    """Hand the chunk (None: the end) to the parser; its complaints become refusals."""
    try:
        parser.close() if chunk is None else parser.feed(chunk)
    except ParseError as error:
        line, column = error.position
        raise refusal(
            file,
            line,
            "the XML is not well formed: {detail}",
            at_column=column + 1,
            detail=str(error).partition(":")[0],
        ) from error
    except DefusedXmlException as error:
        raise refusal(
            file,
            parser.parser.CurrentLineNumber,
            "document types and entities are not allowed in a log",
        ) from error
    except (LookupError, ValueError) as error:
        raise refusal(
            file,
            1,
            "the encoding named in the first line cannot be read: {detail}",
            detail=str(error),
        ) from error


def _refuse_unseen(unseen: set[str], known: Sequence[str], file: str) -> None:
    """Refuse a named attribute that no event has: most likely it is misspelt."""
    for name in sorted(unseen):
        raise no_such_column(name, known, file)
