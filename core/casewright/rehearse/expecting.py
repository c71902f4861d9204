"""Whether what a scenario expects has come of it; what has not is a finding at its place."""

from collections.abc import Iterator, Sequence
from typing import Any

from casewright.errors import CasewrightError, Message, message
from casewright.rehearse.play import Play
from casewright.rehearse.report import Finding, PromiseRun, Told
from casewright.rehearse.scenario import Expectation, Scenario
from casewright.workflows import thresholds


def unfulfilled(
    play: Play, scenario: Scenario, told: Sequence[Told], runs: Sequence[PromiseRun]
) -> Iterator[Finding]:
    """Yield a finding for each expectation that did not come true; none where there never was a ticket."""
    for one in scenario.expectations if play.first else ():
        fault = _fault(play, one, told, runs)
        if fault is not None:
            yield Finding(
                code="rehearsal.expected",
                what=fault,
                advice=message("mend the workflow, or what the scenario expects of it"),
                place=one.place,
            )


def _fault(
    play: Play, one: Expectation, told: Sequence[Told], runs: Sequence[PromiseRun]
) -> Message | None:
    try:
        key = play.key(one.ticket)
    except CasewrightError as error:
        return message("{error}", error=error)
    if one.kind == "state":
        return _state(play, key, one.words["state"])
    if one.kind == "promise":
        return _promise(key, one.words, runs)
    fitting = [notice for notice in told if _fits(notice, key, one.words, one.words[one.kind])]
    if one.kind == "not_told":
        return _told_all_the_same(play, fitting)
    return _not_told(one.words, fitting)


def _state(play: Play, key: str, wanted: str) -> Message | None:
    state = play.ticket(key).state
    if state == wanted:
        return None
    template = "{ticket} was to be in '{wanted}' and is in '{state}'"
    return message(template, ticket=key, wanted=wanted, state=state)


def _promise(key: str, words: Any, runs: Sequence[PromiseRun]) -> Message | None:
    mine = [one for one in runs if one.ticket == key and one.promise == words["promise"]]
    state = mine[-1].state if mine else "never began"
    if state == words["is"]:
        return None
    template = "'{promise}' was to be '{wanted}' and is '{state}'"
    return message(template, promise=words["promise"], wanted=words["is"], state=state)


def _fits(told: Told, key: str, words: Any, person: str) -> bool:
    notice = told.notice
    threshold = words.get("at")
    return (
        notice.ticket == key
        and notice.recipient == person
        and words.get("via", notice.via) == notice.via
        and words.get("promise", notice.promise) == notice.promise
        and words.get("reason", notice.reason) == notice.reason
        and (threshold is None or _is_at(notice.threshold, threshold))
    )


def _is_at(written: str, threshold: object) -> bool:
    return thresholds.fault(written) is None and thresholds.threshold(written) == threshold


def _told_all_the_same(play: Play, fitting: Sequence[Told]) -> Message | None:
    if not fitting:
        return None
    one = fitting[0].notice
    template = "{person} was told over '{via}' at {moment}, and was not to be"
    return message(
        template, person=one.recipient, via=one.via, moment=play.shown(one.created_at)
    )


def _not_told(words: Any, fitting: Sequence[Told]) -> Message | None:
    arrived = [one for one in fitting if one.arrived_at is not None]
    person = words["told"]
    if not arrived:
        return message("{person} was to be told so, and never was", person=person)
    if words.get("in_time") and not any(map(_in_time, arrived)):
        return message("{person} was told only after it was due", person=person)
    return None


def _in_time(told: Told) -> bool:
    due = told.notice.due
    return due is None or (told.arrived_at is not None and told.arrived_at <= due)
