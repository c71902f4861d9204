"""A rehearsal as JSON has it: everything that happened, how each promise went, and the findings."""

from collections.abc import Iterable, Mapping
from typing import Any

from casewright.cli.refusal import plain
from casewright.model import Event
from casewright.rehearse.report import Finding, PromiseRun, Refusal, Rehearsal, Row, Told
from casewright.telling.time_words import iso
from casewright.texts import Texts


def rehearsal_document(rehearsal: Rehearsal, texts: Texts) -> dict[str, Any]:
    """Return the whole rehearsal; moments have the offset of the calendar's zone."""
    zone = rehearsal.zone.key
    return {
        "workflow": rehearsal.workflow,
        "scenario": rehearsal.scenario,
        "zone": zone,
        "start": iso(rehearsal.start, zone),
        "end": iso(rehearsal.end, zone),
        "still": rehearsal.still,
        "passed": rehearsal.passed,
        "tickets": [
            {"key": one.key, "workflow": one.workflow, "state": one.state, "open": one.open}
            for one in rehearsal.tickets
        ],
        "rows": [_row(one, texts, zone) for one in rehearsal.rows],
        "promises": [_run(one, zone) for one in rehearsal.promises],
        "findings": [finding_document(one, texts) for one in rehearsal.findings],
    }


def finding_document(finding: Finding, texts: Texts) -> dict[str, Any]:
    """Return a finding with its place, as problems of files have theirs."""
    return {
        "code": finding.code,
        "file": finding.place.file,
        "line": finding.place.line,
        "column": finding.place.column,
        "message": texts.render(finding.what),
        "advice": texts.render(finding.advice),
        "grave": finding.grave,
    }


def _row(row: Row, texts: Texts, zone: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "at": iso(row.at, zone),
        "kind": row.kind,
        "ticket": row.ticket or None,
    }
    happened = row.happened
    if isinstance(happened, Told):
        return {**said, **_notice(happened, zone)}
    if isinstance(happened, Refusal):
        return {**said, **_refusal(happened, texts)}
    return {**said, **_event(happened, texts)}


def _event(event: Event, texts: Texts) -> dict[str, Any]:
    facts: Mapping[str, Any] = event.facts
    return {
        "event": event.kind,
        "actor": event.actor,
        "transition": facts.get("transition"),
        "state": event.changes.get("state"),
        "timer": facts.get("timer"),
        "promise": facts.get("promise"),
        "thresholds": list(facts.get("thresholds", ())),
        "breached": facts.get("breached"),
        "facts": plain(facts, texts),
    }


def _notice(told: Told, zone: str) -> dict[str, Any]:
    notice = told.notice
    return {
        "notice": notice.number,
        "recipient": notice.recipient,
        "via": notice.via,
        "reason": notice.reason,
        "promise": notice.promise or None,
        "run": notice.run or None,
        "threshold": notice.threshold or None,
        "occurrence": notice.occurrence or None,
        "stands_for": notice.stands_for or None,
        "state": notice.state,
        "promised_at": iso(notice.created_at, zone),
        "arrived_at": iso(told.arrived_at, zone),
        "text": told.story.text or None,
    }


def _refusal(refusal: Refusal, texts: Texts) -> dict[str, Any]:
    return {
        "actor": refusal.actor,
        "do": refusal.do,
        "code": refusal.error.code,
        "message": texts.error(refusal.error),
        "expected": refusal.expected,
    }


def _run(run: PromiseRun, zone: str) -> dict[str, Any]:
    return {
        "ticket": run.ticket,
        "promise": run.promise,
        "run": run.run,
        "state": run.state,
        "started_at": iso(run.started_at, zone),
        "due_at": iso(run.due_at, zone),
        "breached_at": iso(run.breached_at, zone),
        "ended_at": iso(run.ended_at, zone),
        "warned": _people(run.warned, zone),
        "told": _people(run.told, zone),
    }


def _people(told: Iterable[Told], zone: str) -> list[dict[str, Any]]:
    return [
        {
            "recipient": one.notice.recipient,
            "via": one.notice.via,
            "threshold": one.notice.threshold,
            "arrived_at": iso(one.arrived_at, zone),
        }
        for one in told
    ]
