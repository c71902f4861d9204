"""Showing what was proposed to be published: in a list, one with what it changes, and as documents."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from casewright.answers import ProposedPublication
from casewright.cli.answer import Answer
from casewright.cli.grammar import Given
from casewright.cli.output import table
from casewright.cli.refusal import plain
from casewright.cli.session import Session
from casewright.cli.typed import parsed
from casewright.errors import message
from casewright.queries import PAGE, GetPublication, ListPublications
from casewright.texts import Texts, text

Details = Mapping[str, Mapping[str, Sequence[str]]]
NONE: Details = {}
MOST_LINES = 40


def list_publications(session: Session, given: Given) -> Answer:
    """Answer with what was proposed, newest first."""
    texts = session.texts
    state = "waiting" if given.flag("waiting") else ""
    found: tuple[ProposedPublication, ...] = session.desk.ask(
        ListPublications(
            actor=session.actor,
            state=state,
            before=parsed(before, int, _A_NUMBER) if (before := given.text("before")) else None,
        )
    )
    titles = [texts.text(one) for one in (_NUMBER, _STATE, _PROPOSED, _BY, _DECIDED_BY, _NOTE)]
    rows = [
        (
            one.number,
            texts.text(_STATES[_outcome(one)]),
            texts.moment(one.proposed_at),
            one.proposed_by,
            one.decided_by,
            one.note,
        )
        for one in found
    ]
    empty = [texts.text("Nothing is proposed.")]
    return Answer(
        document={"publications": [document_of(one, texts) for one in found]},
        lines=table(titles, rows) if rows else empty,
        notes=[texts.say(_OLDER, number=found[-1].number)] if len(found) == PAGE else [],
    )


def show(session: Session, given: Given) -> Answer:
    """Answer with what was proposed and what it changes."""
    texts, found = session.texts, found_publication(session, number_of(given))
    return Answer(
        document={"publication": document_of(found, texts)},
        lines=_shown(found, texts, whole=given.flag("all")),
    )


def number_of(given: Given) -> int:
    """Return the number of the publication that is meant."""
    written = given.needed("number")
    return parsed(written, int, _A_NUMBER)


def found_publication(session: Session, number: int) -> ProposedPublication:
    """Return a publication; NotFound."""
    query = GetPublication(actor=session.actor, publication=number)
    found: ProposedPublication = session.desk.ask(query)
    return found


def _shown(found: ProposedPublication, texts: Texts, *, whole: bool) -> Iterator[str]:
    state = texts.text(_STATES[_outcome(found)])
    yield texts.say("Publication {number}: {state}", number=found.number, state=state)
    yield texts.say(
        "proposed by {person}, {moment}", person=found.proposed_by, moment=found.proposed_at
    )
    if found.note:
        yield texts.say("note: {note}", note=found.note)
    if found.decided_at is not None:
        template = _DECIDED["alone" if found.alone else _outcome(found)]
        yield texts.say(template, person=found.decided_by, moment=found.decided_at)
    if found.reason:
        yield texts.say("because: {reason}", reason=found.reason)
    yield texts.say("digest: {digest}", digest=found.digest)
    yield from changes(found.changes, texts, found.details, whole=whole)


def changes(
    changed: Mapping[str, Mapping[str, str]],
    texts: Texts,
    details: Details = NONE,
    *,
    whole: bool = False,
) -> Iterator[str]:
    """Yield a line for everything that is new, changed or goes, each followed by what comes and goes in it."""
    for kind, names in changed.items():
        for name, change in names.items():
            said = texts.text(_CHANGES[change])
            yield texts.say(
                "  {kind} {name}: {change}",
                kind=texts.text(_KINDS[kind]),
                name=name,
                change=said,
            )
            if kind in details:
                yield from _within(details[kind].get(name, ()), texts, whole or kind == "role")


def _within(lines: Sequence[str], texts: Texts, whole: bool) -> Iterator[str]:
    """Yield the lines, of a role each, of the others so many; the rest is counted."""
    shown = lines if whole else lines[:MOST_LINES]
    yield from (f"      {line}" for line in shown)
    if len(lines) > len(shown):
        count = len(lines) - len(shown)
        yield texts.say("      and {count} more lines: --all shows them", count=count)
    if not lines:
        yield texts.say("      only how it is written, not what it says")


def changes_document(changed: Mapping[str, Mapping[str, str]]) -> list[dict[str, str]]:
    """Return the same for programs."""
    return [
        {"kind": kind, "name": name, "change": change}
        for kind, names in changed.items()
        for name, change in names.items()
    ]


def document_of(found: ProposedPublication, texts: Texts) -> dict[str, Any]:
    """Return a publication for programs."""
    names = (
        "number", "state", "proposed_at", "proposed_by", "note", "workflows", "decided_at", "decided_by", "reason",
        "alone", "digest",
    )  # fmt: skip
    said = {name: plain(getattr(found, name), texts) for name in names}
    details = [
        {"kind": kind, "name": name, "lines": list(lines)}
        for kind, names in found.details.items()
        for name, lines in names.items()
    ]
    return {**said, "changes": changes_document(found.changes), "details": details}


def _outcome(found: ProposedPublication) -> str:
    """Return what became of it; nobody refuses their own, they take it back."""
    own = found.state == "refused" and found.decided_by == found.proposed_by
    return "withdrawn" if own else found.state


_STATES = {
    "waiting": text("waits for approval"),
    "published": text("in force since it was approved"),
    "refused": text("refused"),
    "withdrawn": text("taken back"),
}
_DECIDED = {
    "published": text("approved by {person}, {moment}"),
    "refused": text("refused by {person}, {moment}"),
    "withdrawn": text("taken back by {person}, {moment}"),
    "alone": text("approved by {person}, who proposed it, {moment}: nobody else could"),
}
_CHANGES = {"new": text("new"), "changed": text("changed"), "gone": text("goes")}
_KINDS = {
    "workflow": text("workflow"),
    "calendar": text("calendar"),
    "table": text("table"),
    "role": text("role"),
    "template": text("template"),
    "file": text("file"),
}
_OLDER = text("older ones: --before {number}")
_A_NUMBER = message("the number of a publication")
_NUMBER, _STATE, _PROPOSED = text("number"), text("state"), text("proposed")
_BY, _DECIDED_BY, _NOTE = text("by"), text("decided by"), text("note")
