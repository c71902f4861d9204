"""From a log to the workflow that accepts it: its activities, and the successions seen."""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from casewright.errors import LogRefused, Place, message
from casewright.exchange.identifiers import (
    START,
    TRANSITION_PREFIX,
    state_names,
    ticket_prefix,
    workflow_name,
)
from casewright.exchange.log_map import LogMap, map_text, quoted
from casewright.exchange.log_model import Case, Columns
from casewright.exchange.log_values import printable
from casewright.swift_dataclass import dataclass
from casewright.workflows.schema import SCHEMA_FILE
from casewright.workflows.surroundings import root_of
from casewright.yaml_defences import MAX_BYTES

MOST_ACTIVITIES = 500
MOST_SUCCESSIONS = 2_000
LONGEST_ACTIVITY = 200
SCHEMA = SCHEMA_FILE.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """The texts of two files: the workflow, and the map that leads the log through it."""

    name: str
    workflow: str
    map: str


def discover(
    cases: Sequence[Case], columns: Columns, *, name: str, log: str, schema: str = SCHEMA
) -> Discovery:
    """Return a workflow called `name` that allows what `cases` show and nothing more.

    `log` names the log in comments and refusals, `schema` is where editors find the language's
    schema, as `schema_beside` says it. A log with more activities or successions than
    one workflow file can hold is refused: a coarser activity column is needed.
    """
    seen = _observe(cases)
    _refuse_too_much(seen, log)
    name, states = workflow_name(name), state_names(seen.activities)
    transitions = {activity: TRANSITION_PREFIX + state for activity, state in states.items()}
    workflow = "\n".join([*_head(seen, name, log, schema), *_states(seen, states)]) + "\n"
    if len(workflow.encode()) > MAX_BYTES:
        raise _too_much(seen, log)
    log_map = LogMap(workflow=name, columns=columns, transitions=transitions)
    return Discovery(name=name, workflow=workflow, map=map_text(log_map))


def schema_beside(out: Path) -> str:
    """Return the way from a workflow file to the language's schema: the workspace's own, or the installed one."""
    folder = out.resolve().parent
    own = root_of(out).resolve() / "schemas" / SCHEMA
    schema = own if own.is_file() else SCHEMA_FILE
    try:
        way = os.path.relpath(schema, folder)
    except ValueError:  # Another drive: there is no relative way.
        return schema.as_uri()
    return quote(Path(way).as_posix())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """How often each activity followed another (or the opening), and ended a case."""

    cases: int
    events: int
    pairs: Counter[tuple[str | None, str]]
    ends: Counter[str]

    @property
    def activities(self) -> list[str]:
        return list(dict.fromkeys(after for _, after in self.pairs))

    def after(self, activity: str | None) -> list[tuple[str, int]]:
        return [(to, count) for (before, to), count in self.pairs.items() if before == activity]


def _observe(cases: Sequence[Case]) -> _Seen:
    pairs: Counter[tuple[str | None, str]] = Counter()
    for case in cases:
        pairs.update(zip((None, *case.path), case.path, strict=False))
    return _Seen(
        cases=len(cases),
        events=sum(len(case.events) for case in cases),
        pairs=pairs,
        ends=Counter(case.path[-1] for case in cases),
    )


def _refuse_too_much(seen: _Seen, log: str) -> None:
    if len(seen.activities) > MOST_ACTIVITIES or len(seen.pairs) > MOST_SUCCESSIONS:
        raise _too_much(seen, log)
    for activity in seen.activities:
        if len(activity) > LONGEST_ACTIVITY:
            reason = message(
                "an activity is {length} characters long; at most {limit} make a title",
                length=len(activity),
                limit=LONGEST_ACTIVITY,
            )
            raise LogRefused(place=Place(log), reason=reason)


def _too_much(seen: _Seen, log: str) -> LogRefused:
    reason = message(
        "{activities} activities and {successions} successions are more than one workflow "
        "can hold; choose a coarser activity column",
        activities=len(seen.activities),
        successions=len(seen.pairs),
    )
    return LogRefused(place=Place(log), reason=reason)


def _head(seen: _Seen, name: str, log: str, schema: str) -> list[str]:
    return [
        f"# yaml-language-server: $schema={schema}",
        f"# Discovered from {quoted(printable(log))}: {seen.cases:,} cases, {seen.events:,} events,",
        f"# {len(seen.activities)} activities, {len(seen.pairs)} successions. A number behind a line says",
        "# how often the log shows it; what it never shows is not allowed. Who may do what is not",
        "# in a log, so any member of staff may: edit this into what should be.",
        f"workflow: {quoted(name)}",
        f"title: {_both(name)}",
        f"prefix: {quoted(ticket_prefix(name))}",
        "owner: opener",
        f"start: {START}",
        "reopen: new ticket",
        "",
        "states:",
    ]


def _states(seen: _Seen, states: dict[str, str]) -> list[str]:
    lines = [
        f"  {START}:",
        "    title: {en: Opened, zh: 已登记}",
        *_ways_out(None, seen, states),
    ]
    for activity in seen.activities:
        lines += [f"  {states[activity]}:", f"    title: {_both(activity)}"]
        ended, ways_out = seen.ends[activity], _ways_out(activity, seen, states)
        if ended:
            # A final state has no way out; where some cases went on, a ticket may only rest.
            lines.append(f"    {'rests' if ways_out else 'final'}: true  # {ended:,}")
        lines += ways_out
    return lines


def _ways_out(activity: str | None, seen: _Seen, states: dict[str, str]) -> list[str]:
    ways = [
        f"      {TRANSITION_PREFIX}{states[to]}: "
        f"{{to: {states[to]}, by: anyone, title: {_both(to)}}}  # {count:,}"
        for to, count in sorted(seen.after(activity), key=lambda pair: -pair[1])
    ]
    return ["    transitions:", *ways] if ways else []


def _both(text: str) -> str:
    return f"{{en: {quoted(text)}, zh: {quoted(text)}}}"
